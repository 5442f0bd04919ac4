"""Indicators of small rasters by hand, and of awkward areas, grids and bands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from ecoredline.layers.errors import SitesError, SourceError
from ecoredline.layers.images import Band, Clouds, Image
from ecoredline.processing.engine.restoration import Rusle, indicators, tables
from ecoredline.processing.engine.restoration.rusle import cover_factor, length_and_steepness
from small_rasters import UTM, Maker, areas, covered, slow_cover, value, write

WEST, NORTH = 500_000.0, 3_260_000.0
DAY = "2024-07-01"


def image(raster: Maker, ndvi: np.ndarray, name: str = "i", **tags: object) -> tuple[tuple[str, int], tuple[str, int]]:
    path = raster(name, np.stack((1 - ndvi, 1 + ndvi)).astype(np.float32), **tags)
    return (path, 1), (path, 2)


def test_by_hand(raster: Maker) -> None:
    """Two cells and a half: 0.2 whole, 0.4 whole, 0.8 half."""
    red, nir = image(raster, np.array([[0.2, 0.4, 0.8, 0.1]]))
    table = indicators(areas((WEST, NORTH - 10, WEST + 25, NORTH)), images=[(DAY, red, nir)], ends=(0.0, 1.0))
    assert table.columns.tolist() == tables.INDICATORS.names
    assert value(table, "ndvi_mean") == pytest.approx((0.2 + 0.4 + 0.4) / 2.5, rel=1e-6)
    assert value(table, "fvc_mean") == pytest.approx(0.4, rel=1e-6)
    assert covered(table, "ndvi_mean") == pytest.approx(1.0)
    shares = {name: value(table, f"fvc_class_share:{name}") for name in ("<30", "30-45", "45-60", "60-75", ">=75")}
    assert shares == pytest.approx({"<30": 0.4, "30-45": 0.4, "45-60": 0.0, "60-75": 0.0, ">=75": 0.2})
    assert set(table["date"]) == {DAY}


@pytest.mark.parametrize(("cover", "name"), [
    (0.2999, "<30"), (0.3001, "30-45"), (0.4499, "30-45"), (0.4501, "45-60"), (0.7499, "60-75"), (0.7501, ">=75"),
    (1.5, ">=75"), (-0.9, "<30"),
])  # fmt: skip
def test_both_sides_of_the_classes_of_cover(raster: Maker, cover: float, name: str) -> None:
    ndvi = np.full((3, 3), np.clip(0.1 + 0.5 * cover, -0.99, 0.99))
    red, nir = image(raster, ndvi)
    table = indicators(areas((WEST + 1, NORTH - 9, WEST + 9, NORTH - 1)), images=[(DAY, red, nir)], ends=(0.1, 0.6))
    assert value(table, f"fvc_class_share:{name}") == 1.0


@pytest.mark.parametrize(("rise", "land", "sl190", "steep"), [
    (24.99, "15-25", "15-25", 0.0), (25.01, ">25", "25-35", 1.0), (1.99, "<=2", "<5", 0.0), (2.01, "2-6", "<5", 0.0),
    (5.01, "2-6", "5-8", 0.0), (8.01, "6-15", "8-15", 0.0), (35.01, ">25", ">=35", 1.0),
])  # fmt: skip
def test_both_sides_of_the_classes_of_slope(raster: Maker, rise: float, land: str, sl190: str, steep: float) -> None:
    z = np.repeat(np.tan(np.radians(rise)) * 10.0 * np.arange(8.0)[None], 8, axis=0)
    table = indicators(areas((WEST + 20, NORTH - 60, WEST + 60, NORTH - 20)), raster("dem", z))
    assert value(table, f"slope_class_share:land:{land}") == pytest.approx(1.0)
    assert value(table, f"slope_class_share:sl190:{sl190}") == pytest.approx(1.0)
    assert value(table, "slope_over25_share") == steep


def test_random_areas_against_shapely_cell_by_cell(raster: Maker) -> None:
    rng = np.random.default_rng(5)
    z = rng.uniform(100, 900, (30, 40))
    z[rng.random(z.shape) < 0.05] = -32768.0
    path = raster("dem", z, nodata=-32768.0)
    shapes = [shapely.Point(*rng.uniform((0, 0), (40, 30))).buffer(rng.uniform(0.3, 9), quad_segs=5) for _ in range(25)]
    shapes[3] = shapes[3].difference(shapely.Point(shapes[3].centroid).buffer(1.0))
    placed = [shapely.transform(s, lambda xy: np.column_stack((WEST + 10 * xy[:, 0], NORTH - 10 * xy[:, 1])))
              for s in shapes]  # fmt: skip
    frame = gpd.GeoDataFrame({"site_id": [str(i) for i in range(25)]}, geometry=placed, crs=UTM)
    table = indicators(frame, path)
    good = z > 0
    for i, shape in enumerate(shapes):
        weight = slow_cover(shape, z.shape) * good
        if weight.sum() < 1e-9:
            assert np.isnan(value(table, "height_mean", str(i)))
            continue
        assert value(table, "height_mean", str(i)) == pytest.approx(np.average(z, weights=weight), rel=1e-9)
        met = z[weight > 1e-9]
        assert value(table, "relief", str(i)) == pytest.approx(met.max() - met.min())
        assert covered(table, "height_mean", str(i)) == pytest.approx(weight.sum() / shape.area, abs=1e-9)


def test_areas_in_other_systems_give_the_same(raster: Maker) -> None:
    z = np.random.default_rng(1).uniform(100, 200, (60, 60))
    path = raster("dem", z)
    frame = areas((WEST + 100, NORTH - 500, WEST + 500, NORTH - 100))
    plain = indicators(frame, path)
    for crs in ("EPSG:4490", "EPSG:4524", "EPSG:3857"):
        moved = frame.copy()
        moved.geometry = shapely.segmentize(frame.geometry.to_numpy(), 5.0)
        assert value(indicators(moved.to_crs(crs), path), "height_mean") == pytest.approx(
            value(plain, "height_mean"), abs=0.01
        )


def test_awkward_areas_are_told_as_they_are(raster: Maker) -> None:
    z = np.arange(100.0).reshape(10, 10)
    frame = areas(
        (WEST + 51, NORTH - 59, WEST + 52, NORTH - 58),  # within one cell
        (WEST - 50, NORTH - 50, WEST + 50, NORTH),  # half outside
        (WEST + 500, NORTH, WEST + 600, NORTH + 50),  # outside
        (WEST - 1, NORTH - 50.001, WEST + 101, NORTH - 50.0),  # a sliver of a millimetre
    )
    none = gpd.GeoDataFrame({"site_id": ["p", "n"]}, geometry=[shapely.Point(WEST + 5, NORTH - 5), None], crs=UTM)
    frame = pd.concat([frame, none], ignore_index=True)
    table = indicators(frame, raster("dem", z))
    assert value(table, "height_mean", "a") == 55.0 and covered(table, "height_mean", "a") == pytest.approx(1.0)
    assert covered(table, "height_mean", "b") == pytest.approx(0.5)
    assert covered(table, "slope_mean", "b") == pytest.approx(0.5 * 16 / 25), "the rim of a raster has no slope"
    assert covered(table, "height_mean", "d") == pytest.approx(100 / 102)
    assert value(table, "height_mean", "d") == pytest.approx(54.5)
    for site in ("c", "p", "n"):
        assert np.isnan(value(table, "height_mean", site)) and covered(table, "height_mean", site) == 0.0
    assert any("p、n" in note.zh for note in table.attrs["notes"])


def test_a_self_crossing_area_is_repaired_and_named(raster: Maker) -> None:
    bow = shapely.Polygon([(WEST, NORTH), (WEST + 40, NORTH - 40), (WEST + 40, NORTH), (WEST, NORTH - 40)])
    frame = gpd.GeoDataFrame({"site_id": ["bow"]}, geometry=[bow], crs=UTM)
    table = indicators(frame, raster("dem", np.ones((10, 10))))
    assert covered(table, "height_mean", "bow") == pytest.approx(1.0)
    assert any("bow" in note.zh and "修复" in note.zh for note in table.attrs["notes"])


def test_repeated_ids_and_missing_crs_are_refused(raster: Maker) -> None:
    frame = areas((WEST, NORTH - 50, WEST + 50, NORTH), (WEST, NORTH - 50, WEST + 50, NORTH))
    dem = raster("dem", np.ones((10, 10)))
    frame["site_id"] = "x"
    with pytest.raises(SitesError) as refused:
        indicators(frame, dem)
    assert "x" in str(refused.value) and "1, 2" in str(refused.value)
    with pytest.raises(SitesError):
        indicators(areas((WEST, NORTH - 50, WEST + 50, NORTH)).set_crs(None, allow_override=True), dem)


def test_bands_without_a_number_are_refused_and_found_by_name(raster: Maker) -> None:
    ndvi = np.full((5, 5), 0.5)
    path = raster("two", np.stack((1 - ndvi, 1 + ndvi)), names=("red", "NIR"))
    where = areas((WEST, NORTH - 50, WEST + 50, NORTH))
    with pytest.raises(SourceError) as refused:
        indicators(where, images=[(DAY, path, path)])
    assert "2 NIR" in str(refused.value)
    for nir in (3, "green"):
        with pytest.raises(SourceError):
            indicators(where, images=[(DAY, (path, 1), (path, nir))])
    assert value(indicators(where, images=[(DAY, (path, "Red"), (path, "nir"))]), "ndvi_mean") == pytest.approx(0.5)


def test_scale_and_offset_of_the_image_set_and_of_the_file(raster: Maker) -> None:
    """An offset changes NDVI: 0.1 and 0.3 stored as (reflectance + 0.1) · 10000."""
    stored = np.stack((np.full((4, 4), 2000), np.full((4, 4), 4000))).astype(np.uint16)
    where = areas((WEST, NORTH - 40, WEST + 40, NORTH))
    bare = raster("bare", stored)
    tagged = raster("tagged", stored, scales=(1e-4, 1e-4), offsets=(-0.1, -0.1))
    without = indicators(where, images=[(DAY, (bare, 1), (bare, 2))])
    assert value(without, "ndvi_mean") == pytest.approx(1 / 3)
    assert any("偏移" in note.zh for note in without.attrs["notes"])
    assert value(indicators(where, images=[(DAY, (tagged, 1), (tagged, 2))]), "ndvi_mean") == pytest.approx(0.5)
    given = Image(date(2024, 7, 1), Band(bare, 1, 1e-4, -0.1), Band(bare, 2, 1e-4, -0.1))
    assert value(indicators(where, images=[given]), "ndvi_mean") == pytest.approx(0.5)


def test_nothing_where_both_bands_are_0_and_clouds_do_not_count(raster: Maker) -> None:
    ndvi = np.full((4, 4), 0.6)
    bands = np.stack((1 - ndvi, 1 + ndvi)) * 1000
    bands[:, 0] = 0
    bands[0, 1], bands[1, 1] = 9000, 9100
    path = raster("i", bands.astype(np.uint16))
    mask = np.zeros((4, 4), np.uint16)
    mask[1] = 0b1010
    where = areas((WEST, NORTH - 40, WEST + 40, NORTH))
    for clouds in (Clouds(Band(raster("m", mask)), values=(10,)), Clouds(Band(raster("m", mask)), bits=(1,))):
        table = indicators(where, images=[Image(date(2024, 7, 1), Band(path, 1), Band(path, 2), clouds)])
        assert value(table, "ndvi_mean") == pytest.approx(0.6, abs=1e-3)
        assert covered(table, "ndvi_mean") == pytest.approx(0.5)
        assert value(table, "cloud_share") == pytest.approx(0.25)
    open_sky = indicators(where, images=[(DAY, (path, 1), (path, 2))])
    assert covered(open_sky, "ndvi_mean") == pytest.approx(0.75)
    assert any("云掩膜" in note.zh for note in open_sky.attrs["notes"])


@pytest.mark.parametrize("nodata", [None, 0])
def test_beyond_the_mask_of_clouds_the_sky_is_not_taken_for_clear(raster: Maker, nodata: int | None) -> None:
    ndvi = np.full((4, 4), 0.6)
    path = raster("i", (np.stack((1 - ndvi, 1 + ndvi)) * 1000).astype(np.uint16))
    half = np.zeros((4, 2), np.uint8)
    half[0] = 1
    mask = raster("m", half, **({} if nodata is None else {"nodata": nodata}))
    image = Image(date(2024, 7, 1), Band(path, 1), Band(path, 2), Clouds(Band(mask), values=(1,)))
    table = indicators(areas((WEST, NORTH - 40, WEST + 40, NORTH)), images=[image])
    assert covered(table, "ndvi_mean") == pytest.approx(6 / 16)
    assert value(table, "cloud_share") == pytest.approx(0.25) and covered(table, "cloud_share") == pytest.approx(0.5)


def test_dates_on_different_grids_are_compared_on_the_earlier(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    field = 0.4 + 0.01 * rng.standard_normal((40, 40))
    first = write(tmp_path / "a.tif", np.stack((1 - field, 1 + field)))
    coarse = np.full((16, 16), 0.7) + 0.01 * rng.standard_normal((16, 16))
    second = write(tmp_path / "b.tif", np.stack((1 - coarse, 1 + coarse)), WEST - 60, NORTH + 60, 30.0)
    where = areas((WEST + 55, NORTH - 305, WEST + 305, NORTH - 55))
    images = [("2026-07-01", (second, 1), (second, 2)), ("2023-07-01", (first, 1), (first, 2))]
    table = indicators(where, images=images, ends=(0.0, 1.0))
    assert value(table, "ndvi_change", day="2023-07-01/2026-07-01") == pytest.approx(0.3, abs=0.005)
    assert value(table, "ndvi_mean", day="2026-07-01") == pytest.approx(0.7, abs=0.005)
    assert any("内插" in note.zh for note in table.attrs["notes"])


def test_land_cover_shares(raster: Maker) -> None:
    classes = np.array([[1, 1, 3, 3], [1, 1, 3, 0], [7, 7, 3, 0]], dtype=np.uint8)
    path = raster("lc", classes, nodata=0)
    table = indicators(areas((WEST, NORTH - 30, WEST + 40, NORTH), (WEST, NORTH - 20, WEST + 20, NORTH)),
                       land_cover=path)  # fmt: skip
    assert value(table, "land_cover_share:1") == pytest.approx(0.4)
    assert value(table, "land_cover_share:7") == pytest.approx(0.2)
    assert covered(table, "land_cover_share:1") == pytest.approx(10 / 12)
    own = table[table["site_id"] == "b"]["indicator"].tolist()
    assert own == ["land_cover_share:1", "land_cover_known_share"]


def test_shade_on_steep_slopes_is_measured_with_the_sun(raster: Maker) -> None:
    """A slope of 60° that falls to the north-west, the sun 30° high in the south-east: it gets no light."""
    x, y = np.meshgrid(np.arange(20.0), np.arange(20.0))
    fall = np.tan(np.radians(60.0)) * 10 / np.sqrt(2)
    dem = raster("dem", 500 + fall * (x - (19 - y)) * (x < 10) + fall * (10 - (19 - y)) * (x >= 10))
    red, nir = image(raster, np.full((20, 20), 0.5))
    lit = Image(date(2024, 1, 1), Band(red[0], 1), Band(red[0], 2), None, 135.0, 30.0)
    west, all_ = (WEST + 20, NORTH - 180, WEST + 80, NORTH - 20), (WEST + 120, NORTH - 180, WEST + 180, NORTH - 20)
    table = indicators(areas(west, all_), dem, [lit])
    assert value(table, "shade_share", "a") == pytest.approx(1.0)
    unlit = indicators(areas(west), dem, [(DAY, red, nir)])
    assert "shade_share" not in set(unlit["indicator"])
    assert any("阴影" in note.zh for note in unlit.attrs["notes"])


def test_the_model_of_soil_loss_by_hand_and_marked_as_such(raster: Maker) -> None:
    z = np.repeat(np.tan(np.radians(12.0)) * 10.0 * np.arange(8.0)[None], 8, axis=0)
    red, nir = image(raster, np.full((8, 8), 0.35))
    where = areas((WEST + 20, NORTH - 60, WEST + 60, NORTH - 20))
    table = indicators(where, raster("dem", z), [(DAY, red, nir)], ends=(0.1, 0.6), rusle=Rusle(5000.0, 0.03, 0.5))
    ls, c = 21.91 * np.sin(np.radians(12.0)) - 0.96, 0.6508 - 0.3436 * np.log10(50.0)
    assert value(table, "rusle_model") == pytest.approx(100 * 5000 * 0.03 * 0.5 * ls * c, rel=1e-3)
    assert any("模型" in note.zh for note in table.attrs["notes"])
    assert length_and_steepness(np.array([np.nan]), 50.0)[0] != 0 and np.isnan(cover_factor(np.array([np.nan])))[0]
    assert cover_factor(np.array([0.0, 1.0])).tolist() == [1.0, 0.0]


def test_memory_and_values_do_not_depend_on_the_tiles(raster: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    from ecoredline.processing.engine.restoration import cells

    z = np.random.default_rng(3).uniform(0, 500, (90, 110))
    path = raster("dem", z)
    where = areas((WEST + 33, NORTH - 877, WEST + 1011, NORTH - 21), (WEST + 5, NORTH - 8, WEST + 8, NORTH - 5))
    whole = indicators(where, path)
    monkeypatch.setattr(cells.Areas.walk, "__defaults__", (16,))
    monkeypatch.setattr(cells.Areas.walk_with_share, "__defaults__", (16,))
    tiled = indicators(where, path)
    assert np.allclose(whole["value"], tiled["value"], rtol=1e-12, equal_nan=True)


def test_nothing_to_read_gives_an_empty_table() -> None:
    table = indicators(areas((WEST, NORTH - 50, WEST + 50, NORTH)))
    assert table.empty and table.columns.tolist() == tables.INDICATORS.names


def test_a_file_that_is_no_raster_is_named(tmp_path: Path) -> None:
    (tmp_path / "dem.tif").write_text("no")
    for path in (tmp_path / "dem.tif", tmp_path / "gone.tif"):
        with pytest.raises(SourceError) as refused:
            indicators(areas((WEST, NORTH - 50, WEST + 50, NORTH)), path)
        assert path.name in str(refused.value)


def test_a_file_that_is_cut_off_is_named_and_not_read_as_nothing(raster: Maker) -> None:
    z = np.random.default_rng(1).uniform(100, 900, (400, 400))
    path = Path(raster("dem", z, compress="deflate", tiled=True, blockxsize=128, blockysize=128))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(SourceError) as refused:
        indicators(areas((WEST + 10, NORTH - 3990, WEST + 3990, NORTH - 10)), path)
    assert "dem.tif" in str(refused.value)


def test_it_stops_when_the_user_wants(raster: Maker) -> None:
    from ecoredline.layers.errors import Cancelled
    from ecoredline.layers.progress import Progress

    asked = iter([False, True, True, True])
    with pytest.raises(Cancelled):
        indicators(
            areas((WEST, NORTH - 50, WEST + 50, NORTH)),
            raster("dem", np.ones((10, 10))),
            land_cover=raster("lc", np.ones((10, 10), np.uint8)),
            progress=Progress(cancelled=lambda: next(asked)),
        )


def test_ends_the_wrong_way_round_tell_no_cover_and_it_is_said(raster: Maker) -> None:
    ndvi = np.full((4, 4), 0.6)
    path = raster("i", np.stack((1 - ndvi, 1 + ndvi)))
    table = indicators(
        areas((WEST, NORTH - 40, WEST + 40, NORTH)), images=[(DAY, (path, 1), (path, 2))], ends=(0.8, 0.1)
    )
    assert np.isnan(value(table, "fvc_mean"))
    assert any("次序相反" in note.zh for note in table.attrs["notes"])

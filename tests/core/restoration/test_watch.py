"""Patches of loss inside the red line, on images made by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from ecoredline.layers.errors import LayerSetError, SourceError
from ecoredline.layers.geodesy.area import polygon_areas
from ecoredline.layers.images import Band, Clouds, Image
from ecoredline.layers.layerset import LayerSet, LayerSource
from ecoredline.processing.engine.restoration import tables, watch
from small_rasters import UTM, Maker

WEST, NORTH, N, CELL = 500_000.0, 3_260_000.0, 200, 10.0


def bands(ndvi: np.ndarray) -> np.ndarray:
    """Return red and near infrared, scaled to whole numbers."""
    return np.round(np.stack(((1 - ndvi) * 2000, (1 + ndvi) * 2000))).astype(np.uint16)


def noisy(seed: int, base: float = 0.7, sigma: float = 0.02) -> np.ndarray:
    return base + np.random.default_rng(seed).normal(0, sigma, (N, N))


def box(left: int, top: int, right: int, bottom: int) -> shapely.Polygon:
    return shapely.box(WEST + left * CELL, NORTH - bottom * CELL, WEST + right * CELL, NORTH - top * CELL)


def source(role: str, *shapes: shapely.Geometry, **columns: list[Any]) -> LayerSource:
    frame = gpd.GeoDataFrame(columns, geometry=list(shapes), crs=UTM).to_crs("EPSG:4490")
    return LayerSource(role, role, frame=frame, vintage=date(2024, 1, 1), accuracy_m=1.0, authority="statutory")


@pytest.fixture
def layer_set() -> LayerSet:
    red = source("red_line", box(20, 20, 100, 180), 编码=["R1"], 名称=["甲红线"])
    unit = source("control_unit", box(0, 0, 60, 200), box(60, 0, 200, 200),
                  环境管控单元编码=["ZH50019910001", "ZH50019920002"],
                  环境管控单元名称=["优先一", "重点二"], 环境管控单元类型=["1", "2"])  # fmt: skip
    reserve = source("protected_area", box(20, 150, 60, 180), 编码=["B1"], 名称=["乙保护区"], 功能分区=["核心保护区"])
    return LayerSet("t", (red, unit, reserve))


def images(raster: Maker, before: np.ndarray, after: np.ndarray, clouds: np.ndarray | None = None) -> list[Image]:
    out = []
    for day, ndvi in ((date(2023, 7, 1), before), (date(2026, 7, 5), after)):
        path = raster(f"i{day.year}", bands(ndvi), WEST, NORTH, CELL, nodata=0)
        out.append(Image(day, Band(path, 1), Band(path, 2)))
    if clouds is not None:
        mask = raster("clouds", clouds.astype(np.uint8), WEST, NORTH, CELL)
        out[1] = Image(out[1].day, out[1].red, out[1].nir, Clouds(Band(mask), values=(1,)))
    return out


def test_patches_with_unit_zone_and_distance(raster: Maker, layer_set: LayerSet) -> None:
    before, after = noisy(1), noisy(2) + 0.03
    after[40:50, 30:42] = 0.1  # inside, 120 cells
    after[100:104, 95:110] = 0.1  # half inside the red line: 20 cells
    after[120:140, 150:170] = 0.1  # outside
    after[155:160, 30:40] = 0.1  # in the reserve
    found = watch(layer_set, images(raster, before, after), min_area_m2=1000.0)
    assert list(found.columns[:-1]) == tables.PATCHES.names
    assert len(found) == 3 and found.crs == "EPSG:4490"
    want = [box(30, 40, 42, 50), box(30, 155, 40, 160), box(95, 100, 100, 104)]
    place = gpd.GeoSeries(want, crs=UTM).to_crs("EPSG:4490").to_numpy()
    for geometry, shape, area in zip(found.geometry, place, found["area_m2"], strict=True):
        assert shapely.symmetric_difference(geometry, shape).area < 0.05 * shape.area
        assert area == pytest.approx(float(polygon_areas(np.array([shape]))[0]), rel=0.05)
    assert found["ndvi_from"].tolist() == pytest.approx([0.7] * 3, abs=0.02)
    assert found["ndvi_to"].tolist() == pytest.approx([0.1] * 3, abs=0.06)
    assert found["feature_id"].tolist() == ["R1"] * 3 and found["role"].tolist() == ["red_line"] * 3
    assert found["unit_code"].tolist() == ["ZH50019910001", "ZH50019910001", "ZH50019920002"]
    assert found["kind"].tolist() == ["new_bare"] * 3 and found["status"].tolist() == ["待核查"] * 3
    assert found["reserve_name"].tolist() == ["乙保护区"] * 3 and found["reserve_zone"][0] == "核心保护区"
    assert found.loc[1, "distance_m"] == 0.0
    assert found.loc[0, "distance_m"] == pytest.approx(1000.0, abs=11)
    assert found.loc[0, "bearing_deg"] == pytest.approx(180.0, abs=15)


@pytest.mark.parametrize(("limit", "count"), [(999.0, 1), (1003.0, 0)])
def test_both_sides_of_the_least_area(raster: Maker, layer_set: LayerSet, limit: float, count: int) -> None:
    """Ten cells of the plane are 1000.8 m² on the ellipsoid at the central meridian of UTM."""
    before, after = noisy(1, sigma=0.001), noisy(2, sigma=0.001)
    after[40:42, 30:35] = 0.1
    assert len(watch(layer_set, images(raster, before, after), limit)) == count


def test_the_same_loss_everywhere_is_no_loss(raster: Maker, layer_set: LayerSet) -> None:
    """A dry year moves the whole image; only what falls more than the rest is told."""
    before, after = noisy(1), noisy(2) - 0.2
    after[40:50, 30:42] -= 0.3
    found = watch(layer_set, images(raster, before, after), 1000.0)
    assert len(found) == 1 and found.loc[0, "kind"] in ("loss", "new_bare")


def test_noise_alone_gives_no_patch(raster: Maker, layer_set: LayerSet) -> None:
    assert watch(layer_set, images(raster, noisy(1, sigma=0.05), noisy(2, sigma=0.05)), 500.0).empty


def test_a_patch_across_tiles_is_one(raster: Maker, layer_set: LayerSet, monkeypatch: pytest.MonkeyPatch) -> None:
    from ecoredline.processing.engine.restoration import cells

    monkeypatch.setattr(cells.Areas.walk, "__defaults__", (32,))
    monkeypatch.setattr(cells.Areas.walk_with_share, "__defaults__", (32,))
    after = noisy(2, sigma=0.001)
    after[60:70, 60:70] = 0.1  # rows and columns 64 lie within
    found = watch(layer_set, images(raster, noisy(1, sigma=0.001), after), 1000.0)
    assert len(found) == 1 and found.loc[0, "area_m2"] == pytest.approx(10_000, rel=2e-3)


def test_what_clouds_hide_is_said_and_not_told_as_loss(raster: Maker, layer_set: LayerSet) -> None:
    after, clouds = noisy(2), np.zeros((N, N))
    after[40:60, 20:60] = -0.05
    clouds[40:60, 20:60] = 1
    found = watch(layer_set, images(raster, noisy(1), after, clouds), 1000.0)
    assert found.empty
    said = [note.zh for note in found.attrs["notes"] if "未作比较" in note.zh]
    assert said and "6.2%" in said[0]  # 800 of 12,800 cells


def test_without_red_line_or_second_date_it_refuses(raster: Maker, layer_set: LayerSet) -> None:
    both = images(raster, noisy(1), noisy(2))
    with pytest.raises(SourceError):
        watch(layer_set, both[:1])
    with pytest.raises(LayerSetError):
        watch(LayerSet("t", layer_set.of("control_unit")), both)


def test_without_units_and_reserves_the_columns_are_empty_and_it_says_so(raster: Maker, layer_set: LayerSet) -> None:
    after = noisy(2)
    after[40:50, 30:42] = 0.1
    found = watch(LayerSet("t", layer_set.of("red_line")), images(raster, noisy(1), after))
    assert found.loc[0, "unit_code"] == "" and np.isnan(found.loc[0, "distance_m"])
    assert sum("未加载" in note.zh for note in found.attrs["notes"]) == 2


def test_writes_as_a_geopackage(raster: Maker, layer_set: LayerSet, tmp_path: Path) -> None:
    after = noisy(2)
    after[40:50, 30:42] = 0.1
    watch(layer_set, images(raster, noisy(1), after)).to_file(tmp_path / "p.gpkg", driver="GPKG")
    assert len(gpd.read_file(tmp_path / "p.gpkg")) == 1

"""Slopes of planes and of a hemisphere, in metres, degrees, feet and stretched projections."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from ecoredline.layers.errors import SourceError
from ecoredline.processing.engine.restoration import indicators
from small_rasters import UTM, Maker, areas, value

GEOD = pyproj.Geod(ellps="GRS80")


def centres(n: int, west: float, north: float, cell: float) -> tuple[np.ndarray, np.ndarray]:
    x, y = west + (np.arange(n) + 0.5) * cell, north - (np.arange(n) + 0.5) * cell
    return np.meshgrid(x, y)


@pytest.mark.parametrize(("degrees", "towards"), [(1.0, 0.0), (24.9, 90.0), (25.1, 200.0), (60.0, 315.0)])
def test_a_tilted_plane_in_metres(raster: Maker, degrees: float, towards: float) -> None:
    x, y = centres(20, 500_000, 3_260_000, 10.0)
    fall = np.tan(np.radians(degrees))
    z = 3000 - fall * ((x - 500_100) * np.sin(np.radians(towards)) + (y - 3_259_900) * np.cos(np.radians(towards)))
    table = indicators(areas((500_033, 3_259_855, 500_147, 3_259_961)), raster("dem", z))
    assert value(table, "slope_mean") == pytest.approx(degrees, rel=1e-3)
    assert value(table, "slope_max") == pytest.approx(degrees, rel=1e-3)
    assert value(table, "slope_over25_share") == float(degrees >= 25)
    facing = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")[int((towards + 22.5) // 45) % 8]
    assert value(table, f"aspect_share:{facing}") == pytest.approx(1.0)
    shares = table.loc[table["indicator"].str.startswith("slope_class_share:land"), "value"]
    assert shares.sum() == pytest.approx(1.0) and sorted(shares)[-1] == pytest.approx(1.0)


def _ground_plane(lon: np.ndarray, lat: np.ndarray, fall: float) -> np.ndarray:
    """Heights that fall by `fall` per geodesic metre towards the east, along each parallel."""
    along = np.empty_like(lon)
    for i in range(len(lon)):
        radius = GEOD.inv(106.5, lat[i, 0], 106.5 + 1e-4, lat[i, 0])[2] / 1e-4
        along[i] = (lon[i] - 106.5) * radius
    return 2000.0 - fall * along


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490"])
@pytest.mark.parametrize("towards", ["east", "north"])
def test_a_tilted_plane_in_degrees(raster: Maker, crs: str, towards: str) -> None:
    cell = 1 / 3600
    lon, lat = centres(40, 106.495, 29.405, cell)
    if towards == "east":
        z = _ground_plane(lon, lat, 0.3)
    else:
        north = np.array([GEOD.inv(106.5, 29.4, 106.5, b)[2] * np.sign(b - 29.4) for b in lat[:, 0]])
        z = np.repeat(1000 + 0.3 * north[:, None], lon.shape[1], axis=1)
    dem = raster("dem", z, 106.495, 29.405, cell, crs)
    table = indicators(areas((106.497, 29.397, 106.503, 29.403), crs="EPSG:4490"), dem)
    want = np.degrees(np.arctan(0.3))
    assert value(table, "slope_mean") == pytest.approx(want, rel=1e-3)
    # Both traps: degrees read as metres, and one factor for both directions (wrong by 15 % at 29.4°).
    wrong = np.degrees(np.arctan(0.3 * (111_120 * cell) / (cell * GEOD.inv(106.5, 29.4, 107.5, 29.4)[2])))
    assert abs(value(table, "slope_mean") - 90.0) > 50
    if towards == "east":
        assert abs(value(table, "slope_mean") - wrong) > 1.0
        assert value(table, "aspect_share:E") == pytest.approx(1.0)
    else:
        assert value(table, "aspect_share:S") == pytest.approx(1.0)


@pytest.mark.parametrize("kind", ["metres", "degrees"])
def test_a_hemisphere(raster: Maker, kind: str) -> None:
    """Mean slope of the part of a hemisphere within 0.6 radii of its top, by the integral over the disc."""
    radius = 1000.0
    if kind == "metres":
        n, cell = 400, 5.0
        x, y = centres(n, 500_000, 3_260_000, cell)
        away, north = x - 501_000, y - 3_259_000
        middle, crs, corner = (501_000.0, 3_259_000.0), UTM, (500_000.0, 3_260_000.0)
        disc = shapely.Point(*middle).buffer(0.6 * radius, quad_segs=256)
    else:
        n, cell = 420, 5e-5
        lon, lat = centres(n, 106.5 - n / 2 * cell, 29.4 + n / 2 * cell, cell)
        local = pyproj.Transformer.from_crs("EPSG:4490", "+proj=aeqd +lat_0=29.4 +lon_0=106.5 +ellps=GRS80",
                                            always_xy=True)  # fmt: skip
        away, north = local.transform(lon, lat)
        crs, corner = "EPSG:4490", (106.5 - n / 2 * cell, 29.4 + n / 2 * cell)
        flat = shapely.Point(0, 0).buffer(0.6 * radius, quad_segs=256)
        back = np.column_stack(local.transform(*shapely.get_coordinates(flat).T, direction="INVERSE"))
        disc = shapely.Polygon(back)
    z = np.sqrt(np.maximum(radius**2 - away**2 - north**2, 0.0))
    dem = raster("dem", z, *corner, cell, crs)
    table = indicators(gpd.GeoDataFrame({"site_id": ["a"]}, geometry=[disc], crs=crs), dem)
    r = (np.arange(100_000) + 0.5) / 100_000 * 0.6
    want = np.average(np.degrees(np.arcsin(r)), weights=r)
    assert value(table, "slope_mean") == pytest.approx(want, rel=1e-3)


def test_feet_of_the_plane_and_feet_of_height(raster: Maker) -> None:
    """A state plane system in US survey feet, heights in feet: a ratio of one is still one."""
    crs = "+proj=tmerc +lat_0=29 +lon_0=106.5 +x_0=300000 +datum=WGS84 +units=us-ft +no_defs"
    x, _ = centres(20, 985_000, 200_000, 30.0)
    dem = raster("dem", 100 + 0.5 * (x - 985_000), 985_000, 200_000, 30.0, crs, units=("ft",))
    where = areas((985_100, 199_600, 985_400, 199_900), crs=crs)
    assert value(indicators(where, dem), "slope_mean") == pytest.approx(np.degrees(np.arctan(0.5)), rel=1e-3)
    metres = raster("metres", 100 + 0.5 * (x - 985_000), 985_000, 200_000, 30.0, crs)
    steeper = np.degrees(np.arctan(0.5 * 3937 / 1200))
    assert value(indicators(where, metres), "slope_mean") == pytest.approx(steeper, rel=1e-3)


def test_web_mercator_is_stretched_and_corrected(raster: Maker) -> None:
    lat = 29.4
    x0, y0 = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:3857", always_xy=True).transform(106.5, lat)
    x, _ = centres(30, x0, y0, 10.0)
    # One unit of Web Mercator is cos(lat) metres on a sphere; on the ellipsoid E-W a little more.
    east = GEOD.inv(106.5, lat, 106.5 + 1e-4, lat)[2] / (np.radians(1e-4) * 6378137.0)
    dem = raster("dem", 100 + 0.3 * east * (x - x0), x0, y0, 10.0, "EPSG:3857")
    where = areas((x0 + 50, y0 - 250, x0 + 250, y0 - 50), crs="EPSG:3857")
    assert value(indicators(where, dem), "slope_mean") == pytest.approx(np.degrees(np.arctan(0.3)), rel=1e-3)


def test_degrees_that_call_themselves_metres_are_refused(raster: Maker) -> None:
    dem = raster("dem", np.zeros((10, 10)), 106.5, 29.4, 1 / 3600, UTM)
    with pytest.raises(SourceError) as refused:
        indicators(areas((500_000, 3_259_000, 500_100, 3_259_100)), dem)
    assert "度" in refused.value.message.zh and "dem.tif" in str(refused.value)


def test_metres_that_call_themselves_degrees_are_refused(raster: Maker) -> None:
    dem = raster("dem", np.zeros((10, 10)), crs="EPSG:4490")
    with pytest.raises(SourceError):
        indicators(areas((500_000, 3_259_000, 500_100, 3_259_100)), dem)


def test_a_raster_without_crs_is_refused(raster: Maker) -> None:
    with pytest.raises(SourceError) as refused:
        indicators(areas((500_000, 3_259_000, 500_100, 3_259_100)), raster("dem", np.zeros((10, 10)), crs=None))
    assert "坐标系" in refused.value.message.zh


@pytest.mark.parametrize("fill", [-9999.0, -32768.0, 65535.0, np.nan, 3.4e38])
def test_fill_values_without_a_tag_are_no_heights(raster: Maker, fill: float) -> None:
    z = np.full((20, 20), 300.0)
    z[:, 10:] = fill
    table = indicators(areas((500_020, 3_259_820, 500_180, 3_259_980)), raster("dem", z))
    assert value(table, "relief") == 0.0 and value(table, "slope_max") == 0.0
    by = table.set_index("indicator")["covered_share"]
    assert by["relief"] == pytest.approx(0.5) and by["slope_mean"] == pytest.approx(7 / 16)
    assert any("无效值" in note.zh for note in table.attrs["notes"])


def test_scaled_whole_numbers_with_a_tag(raster: Maker) -> None:
    x, _ = centres(20, 500_000, 3_260_000, 10.0)
    z = np.round((200 + 0.4 * (x - 500_000)) * 10).astype(np.int16)
    z[0, 0] = -32768
    dem = raster("dem", z, nodata=-32768, scales=(0.1,))
    table = indicators(areas((500_050, 3_259_850, 500_150, 3_259_950)), dem)
    assert value(table, "slope_mean") == pytest.approx(np.degrees(np.arctan(0.4)), rel=1e-3)
    assert value(table, "height_mean") == pytest.approx(240.0)


@pytest.mark.parametrize("turn", ["south up", "turned by 30°"])
def test_the_way_the_rows_run_makes_no_difference(tmp_path: Path, turn: str) -> None:
    import rasterio

    affine = rasterio.Affine
    if turn == "south up":
        transform = affine(10, 0, 500_000, 0, 10, 3_259_600)
    else:
        transform = affine.translation(500_000, 3_260_000) * affine.rotation(30) * affine.scale(10, -10)
    col, row = np.meshgrid(np.arange(60) + 0.5, np.arange(40) + 0.5)
    x, y = transform * (col, row)
    z = 1000 + 0.3 * (x - 500_000) - 0.2 * (y - 3_260_000)
    path = tmp_path / "dem.tif"
    profile = {"driver": "GTiff", "width": 60, "height": 40, "count": 1, "dtype": "float64", "crs": UTM}
    with rasterio.open(path, "w", transform=transform, **profile) as out:
        out.write(z, 1)
    mx, my = transform * (30, 20)
    table = indicators(areas((mx - 40, my - 40, mx + 40, my + 40)), str(path))
    assert value(table, "slope_mean") == pytest.approx(np.degrees(np.arctan(np.hypot(0.3, 0.2))), rel=1e-9)
    assert value(table, "aspect_share:NW") == pytest.approx(1.0)
    assert value(table, "height_mean") == pytest.approx(1000 + 0.3 * (mx - 500_000) - 0.2 * (my - 3_260_000), rel=1e-9)

"""Landsat at two dates with sixteen zones, and a mountain island in degrees: real files as they come."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from ecoredline.processing.engine.restoration import indicators
from small_rasters import DATA, covered, slow_cover, value

LANDSAT, ISLAND = DATA / "landsat_two_dates", DATA / "sao_miguel"
pytestmark = pytest.mark.skipif(not LANDSAT.is_dir(), reason="real data not at hand: shared/data/rasters")
rasterio = pytest.importorskip("rasterio")
JULY, NOVEMBER = "2001-07-01", "2001-11-01"


def zones() -> gpd.GeoDataFrame:
    return gpd.read_file(LANDSAT / "zones_utm18n.gpkg").rename(columns={"zid": "site_id"})


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    images = [(day, LANDSAT / f"{name}3.tif", LANDSAT / f"{name}4.tif")
              for day, name in ((JULY, "july"), (NOVEMBER, "nov"))]  # fmt: skip
    return indicators(zones(), LANDSAT / "dem.tif", images)


def _array(path: Path) -> tuple[np.ndarray, object]:
    with rasterio.open(path) as raster:
        return raster.read(1).astype(float), ~raster.transform


@pytest.mark.parametrize("site", zones()["site_id"] if LANDSAT.is_dir() else [])
def test_ndvi_and_height_against_shapely_cell_by_cell(table: pd.DataFrame, site: str) -> None:
    shape = zones().set_index("site_id").geometry[site]
    (red, to_cells), (nir, _) = _array(LANDSAT / "july3.tif"), _array(LANDSAT / "july4.tif")
    placed = shapely.transform(shape, lambda xy: np.column_stack(to_cells * (xy[:, 0], xy[:, 1])))
    weight = slow_cover(placed, red.shape)
    if weight.sum() == 0.0:
        assert site == "fully_outside"
        assert np.isnan(value(table, "ndvi_mean", site, JULY)) and covered(table, "ndvi_mean", site, JULY) == 0.0
        return
    want = np.average((nir - red) / (nir + red), weights=weight)
    assert value(table, "ndvi_mean", site, JULY) == pytest.approx(want, rel=1e-7)
    assert covered(table, "ndvi_mean", site, JULY) == pytest.approx(weight.sum() / placed.area, rel=1e-7)
    height, _ = _array(LANDSAT / "dem.tif")
    assert value(table, "height_mean", site) == pytest.approx(np.average(height, weights=weight), rel=1e-5)


def test_the_awkward_zones_are_told_as_they_are(table: pd.DataFrame) -> None:
    assert len(set(table["site_id"])) == 16
    assert covered(table, "ndvi_mean", "half_outside_raster", JULY) == pytest.approx(0.5, abs=0.01)
    assert covered(table, "slope_mean", "half_outside_raster") < covered(table, "height_mean", "half_outside_raster")
    assert covered(table, "ndvi_mean", "sub_pixel_5m", JULY) == pytest.approx(1.0)
    assert value(table, "relief", "sub_pixel_5m") == 0.0
    assert covered(table, "ndvi_mean", "sliver_2m_x_1km", JULY) == pytest.approx(1.0, abs=1e-6)
    assert np.isnan(table.loc[(table["site_id"] == "fully_outside") & ~table["date"].str.contains("/"), "value"]).all()
    assert any("季节" in note.zh for note in table.attrs["notes"])


def test_an_island_in_degrees_has_the_slopes_of_the_same_island_in_metres(tmp_path: Path) -> None:
    from rasterio.warp import Resampling, calculate_default_transform, reproject

    towns = gpd.read_file(ISLAND / "concelhos.gpkg").rename(columns={"name": "site_id"})
    plain = indicators(towns, ISLAND / "eu_dem_v11.tif", land_cover=ISLAND / "clc2018_v2020_20u1.tif")
    assert len(towns) == 6
    for town in towns["site_id"]:
        # The sea has no height, so cells at the coast have one but no slope.
        assert 0.85 < covered(plain, "slope_mean", town) < covered(plain, "height_mean", town)
        assert covered(plain, "height_mean", town) > 0.95 and covered(plain, "land_cover_known_share", town) > 0.999
    with rasterio.open(ISLAND / "eu_dem_v11.tif") as dem:
        crs = "EPSG:32626"
        transform, width, height = calculate_default_transform(dem.crs, crs, dem.width, dem.height, *dem.bounds)
        profile = dem.profile | {"crs": crs, "transform": transform, "width": width, "height": height}
        with rasterio.open(tmp_path / "utm.tif", "w", **profile) as out:
            reproject(rasterio.band(dem, 1), rasterio.band(out, 1), resampling=Resampling.bilinear)
    moved = indicators(towns, tmp_path / "utm.tif")
    for town in towns["site_id"]:
        # Bilinear resampling flattens a little; degrees read as metres would be off by 86° or 15 %.
        assert value(plain, "slope_mean", town) == pytest.approx(value(moved, "slope_mean", town), rel=0.06)
        shares = plain.loc[(plain["site_id"] == town) & plain["indicator"].str.match("land_cover_share"), "value"]
        assert shares.sum() == pytest.approx(1.0)
    assert 3.0 < value(plain, "slope_mean", "Nordeste") < 20.0

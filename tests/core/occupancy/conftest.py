"""Banks drawn in metres about 106.5°E 29.4°N, and the ruler by which they are measured: pyproj, not the product."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely

GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)
BOARD = pyproj.Transformer.from_crs(
    "+proj=tmerc +lat_0=29.4 +lon_0=106.5 +k=1 +x_0=0 +y_0=0 +ellps=GRS80 +units=m +no_defs",
    "EPSG:4490",
    always_xy=True,
)


def degrees(geometry):
    """Return a geometry of the board (m) in degrees."""
    return shapely.transform(geometry, lambda xy: np.column_stack(BOARD.transform(xy[:, 0], xy[:, 1])))


def ruler(line) -> float:
    """Length by geodesics between vertices no more than 5 m apart."""
    return float(GEOD.geometry_length(shapely.segmentize(line, 5e-5)))


@pytest.fixture
def frame():
    def make(rows, geometries, crs="EPSG:4490"):
        return gpd.GeoDataFrame(rows, geometry=[degrees(g) for g in geometries], crs=crs)

    return make

"""The sites of one chunk as arrays: the only form in which the hot path sees them."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ...layers.geodesy.area import polygon_areas
from ...layers.geodesy.buffers import buffer
from ...layers.geodesy.length import line_lengths

POINT, LINE, POLYGON = 0, 1, 2
Objects = NDArray[np.object_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SiteArrays:
    """Geometries and measures of n sites.

    Attributes
    ----------
    geometry : ndarray of object, shape (n,)
        What is judged, EPSG:4490 degrees: a point with a footprint is its disc.
    dimension : ndarray of uint8, shape (n,)
        0 bare point, 1 line, 2 polygon.
    size : ndarray, shape (n,)
        m² of polygons, m of lines, 1 for points; what a share is a share of.
    accuracy_m : ndarray, shape (n,)
        Declared accuracy of the coordinates, 0 where none was given.
    """

    geometry: Objects
    dimension: NDArray[np.uint8]
    size: Floats
    accuracy_m: Floats

    def __len__(self) -> int:
        return len(self.geometry)

    def take(self, rows: NDArray[np.int64]) -> SiteArrays:
        """Return the sites at those positions."""
        return SiteArrays(self.geometry[rows], self.dimension[rows], self.size[rows], self.accuracy_m[rows])


def site_arrays(sites: gpd.GeoDataFrame) -> SiteArrays:
    """Return the arrays of sites as `layers.sites.normalise` gives them."""
    geometry = np.asarray(sites.geometry.array, dtype=object)
    dimension = shapely.get_dimensions(geometry).astype(np.uint8)
    radius = _numbers(sites, "footprint_m", 0.0)
    discs = np.flatnonzero((dimension == POINT) & (radius > 0))
    if len(discs):
        geometry = geometry.copy()
        geometry[discs] = buffer(geometry[discs], radius[discs])
        dimension[discs] = POLYGON
    size = np.ones(len(geometry))
    polygons, lines = dimension == POLYGON, dimension == LINE
    size[polygons] = polygon_areas(geometry[polygons])
    size[lines] = line_lengths(geometry[lines])
    return SiteArrays(geometry, dimension, size, _numbers(sites, "accuracy_m", 0.0))


def _numbers(sites: gpd.GeoDataFrame, column: str, default: float) -> Floats:
    if column not in sites:
        return np.full(len(sites), default)
    return np.asarray(pd.to_numeric(sites[column]).fillna(default), dtype=np.float64)

"""Nearest points of pairs of geometries, by geodesic distance.

The search is that of `pursuit`; the pair found is measured by Karney's algorithm.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from .distance import inverse
from .outlines import MAX_EDGE_DEG, outlines
from .parts import batches
from .pursuit import Tree, nearest_points

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_BATCH = 150_000
_PAIR_WEIGHT = 5.0
_LARGE = 200
_APART = 1e-9
"""m, told for geometries that do not meet but whose nearest points are one to the last digit."""
_RIM = 1e-6


class NearestPairs(NamedTuple):
    """Nearest points, element by element."""

    lon_a: Floats
    lat_a: Floats
    lon_b: Floats
    lat_b: Floats
    distance_m: Floats
    """0 where and only where the geometries intersect; NaN where one is missing or empty."""
    bearing_deg: Floats
    """At the point of a, clockwise from north, 0 up to 360; NaN where the distance is 0."""


def nearest_pairs(a: NDArray[np.object_], b: NDArray[np.object_]) -> NearestPairs:
    """Find the nearest points of a[i] and b[i] on the CGCS2000 ellipsoid.

    Geometries that occur more than once (the same object) are taken apart only once.
    Safe to call from several threads: no geometry of the caller is prepared.

    Parameters
    ----------
    a, b : ndarray of geometry
        Equal length, any types, EPSG:4490 degrees, edges straight in lon/lat.

    Returns
    -------
    NearestPairs
        The distance is that of the two points given and exceeds the true minimum by under
        0.3 mm up to 10 km. Where they intersect, both points are one common point.

    Raises
    ------
    ValueError
        If the arrays differ in length.
    """
    a, b = np.asarray(a, dtype=object).ravel(), np.asarray(b, dtype=object).ravel()
    if len(a) != len(b):
        raise ValueError(f"{len(a)} geometries against {len(b)}")
    points = np.full((len(a), 4), np.nan)
    unique_a, index_a = _unique(a)
    unique_b, index_b = _unique(b)
    present = ~(shapely.is_missing(unique_a) | shapely.is_empty(unique_a))[index_a]
    present &= ~(shapely.is_missing(unique_b) | shapely.is_empty(unique_b))[index_b]
    meet = present & _intersect(a, unique_b, index_b)
    if meet.any():
        common = _common_points(a[meet], b[meet])
        points[meet] = np.hstack([common, common])
    apart = np.flatnonzero(present & ~meet)
    if len(apart):
        apart = apart[np.argsort(index_b[apart], kind="stable")]
        weight = _weights(unique_a, index_a) + _weights(unique_b, index_b) + _PAIR_WEIGHT
        for batch in batches(weight[apart], _BATCH):
            pairs = apart[batch]
            points[pairs] = _nearest_points(a[pairs], b[pairs])
    distance, bearing = inverse(*points.T)
    distance[meet] = 0.0
    distance[apart] = np.maximum(distance[apart], _APART)
    lon_a, lat_a, lon_b, lat_b = points.T
    return NearestPairs(lon_a, lat_a, lon_b, lat_b, distance, bearing)


def _unique(geoms: NDArray[np.object_]) -> tuple[NDArray[np.object_], Ints]:
    """Return the distinct objects and, per element, the place of its own."""
    ids = np.fromiter(map(id, geoms), np.int64, len(geoms))
    _, first, index = np.unique(ids, return_index=True, return_inverse=True)
    return geoms[first], index.astype(np.intp)


def _weights(unique: NDArray[np.object_], index: Ints) -> Floats:
    """Return the edges to be held per pair, shared among the pairs that use the same geometry."""
    edges = shapely.get_num_coordinates(unique) + np.nan_to_num(shapely.length(unique)) / MAX_EDGE_DEG
    weight: Floats = (edges / np.maximum(1, np.bincount(index, minlength=len(unique))))[index]
    return weight


def _nearest_points(a: NDArray[np.object_], b: NDArray[np.object_]) -> Floats:
    unique_a, index_a = _unique(a)
    unique_b, index_b = _unique(b)
    return nearest_points(Tree(outlines(unique_a)), Tree(outlines(unique_b)), index_a, index_b)


def _intersect(a: NDArray[np.object_], unique_b: NDArray[np.object_], index_b: Ints) -> NDArray[np.bool_]:
    """Return where the geometries intersect, with copies of large ones prepared."""
    often = np.bincount(index_b, minlength=len(unique_b)) > 2
    large = np.flatnonzero(often & (shapely.get_num_coordinates(unique_b) > _LARGE))
    if len(large):
        unique_b = unique_b.copy()
        unique_b[large] = shapely.force_2d(unique_b[large])
        shapely.prepare(unique_b[large])
    meet: NDArray[np.bool_] = shapely.intersects(unique_b[index_b], a)
    return meet


def _common_points(a: NDArray[np.object_], b: NDArray[np.object_]) -> Floats:
    """Return one point (n, 2) of each pair of intersecting geometries."""
    b = b.copy()
    for large in np.flatnonzero(shapely.get_num_coordinates(b) > _LARGE):
        west, south, east, north = shapely.bounds(a[large])
        near = shapely.clip_by_rect(b[large], west - _RIM, south - _RIM, east + _RIM, north + _RIM)
        b[large] = b[large] if near.is_empty else near
    common: Floats = shapely.get_coordinates(shapely.get_point(shapely.shortest_line(a, b), 0))
    return common

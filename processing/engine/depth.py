"""How deep points and lines lie in a feature."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from .nearest import PlaneSites, to_own_rim
from .prepared import PreparedLayer, Rims

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]


def point_depths(overlap: Objects, feature: Indices, layer: PreparedLayer) -> Floats:
    """Return the greatest distance from the vertices of points or lines to the border of the feature they lie in, m.

    Parameters
    ----------
    overlap : ndarray of points or lines, EPSG:4490
    feature : ndarray of int64
        Row of the feature in `layer`, per overlap.
    """
    if not len(overlap):
        return np.empty(0)
    coords, index = shapely.get_coordinates(shapely.segmentize(overlap, 0.001), return_index=True)
    points = shapely.points(coords)
    keep = _deepest(points, index, feature[index], layer.rims)
    points, index = points[keep], index[keep]
    distance = to_own_rim(points, PlaneSites.of(points), layer.rims, feature[index])
    deepest = np.zeros(len(overlap))
    np.fmax.at(deepest, index, distance)
    return deepest


def _deepest(points: Objects, index: Indices, feature: Indices, rims: Rims) -> Indices:
    """Leave out the vertices of a line that cannot be its deepest, as far as degrees tell."""
    (place, run), least = rims.tree.query_nearest(points, return_distance=True)
    degrees = np.full(len(points), np.inf)  # infinite where another feature's border is nearer than the own one
    own = rims.feature[run] == feature[place]
    degrees[place[own]] = least[own]
    deepest = np.zeros(int(index.max(initial=0)) + 1)
    np.maximum.at(deepest, index, np.where(np.isinf(degrees), 0.0, degrees))
    lat = np.abs(shapely.get_y(points))
    return np.flatnonzero(degrees * 1.02 >= deepest[index] * np.cos(np.radians(lat)))

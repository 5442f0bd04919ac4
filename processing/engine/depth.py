"""How deep points and lines lie in a feature."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from .nearest import PlaneSites, join, nearest_of
from .prepared import PreparedLayer

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
    points = PlaneSites.of(shapely.points(coords))
    near = join([nearest_of(points, group) for group in layer.groups])
    own = near.take(near.feature == feature[index[near.site]])
    distance = np.full(len(coords), np.nan)
    distance[own.site] = own.distance_m
    # Where another feature's border is nearer, that of the own feature is asked for by itself.
    rest = np.flatnonzero(np.isnan(distance))
    for row in np.unique(feature[index[rest]]):
        of = rest[feature[index[rest]] == row]
        alone = nearest_of(points.take(of), layer.boundary_of(int(row)))
        distance[of[alone.site]] = alone.distance_m
    deepest = np.zeros(len(overlap))
    np.fmax.at(deepest, index, distance)
    return deepest

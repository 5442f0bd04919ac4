"""How deep an overlap is: how far a line would have to be wrong for the overlap to vanish."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ...layers.geodesy.planar import to_local_planes
from .nearest import PlaneSites, nearest_in_groups
from .prepared import PreparedLayer

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

TOLERANCE_M = 0.05
_FAR_M = 200_000.0


def polygon_depths(overlap: Objects) -> Floats:
    """Return twice the radius of the largest disc inside each overlap, to 0.1 m.

    Measured in a transverse Mercator plane at the middle of the overlap (design, section 4).

    Parameters
    ----------
    overlap : ndarray of polygons, EPSG:4490
    """
    if not len(overlap):
        return np.empty(0)
    parts, index = shapely.get_parts(overlap, return_index=True)
    keep = shapely.get_dimensions(parts) == 2
    parts, index = parts[keep], index[keep]
    radius = shapely.length(shapely.maximum_inscribed_circle(to_local_planes(parts), tolerance=TOLERANCE_M))
    deepest = np.zeros(len(overlap))
    np.maximum.at(deepest, index, radius)
    return 2 * deepest


def point_depths(overlap: Objects, feature: Indices, layer: PreparedLayer) -> Floats:
    """Return the greatest distance from the vertices of points or lines to the border of the feature they lie in, m.

    Parameters
    ----------
    overlap : ndarray of points or lines, EPSG:4490
    feature : ndarray of int64
        Row of the feature in `layer`, per overlap.
    """
    deepest = np.zeros(len(overlap))
    for row in np.unique(feature):
        of = np.flatnonzero(feature == row)
        coords, index = shapely.get_coordinates(shapely.segmentize(overlap[of], 0.001), return_index=True)
        near = nearest_in_groups(PlaneSites.of(shapely.points(coords)), (layer.boundary_of(int(row)),), _FAR_M)
        np.maximum.at(deepest, of[index[near.site]], near.distance_m)
    return deepest

"""The largest disc inside a polygon: how deep an overlap of areas is."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy.planar import to_local_planes

Objects = NDArray[np.object_]
Floats = NDArray[np.float64]

TOLERANCE_M = 0.05


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

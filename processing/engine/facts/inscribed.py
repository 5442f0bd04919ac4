"""The largest disc inside a polygon: how deep an overlap of areas is.

Found by a compiled loop, to 2 mm; where there is none, or it gives up, by GEOS, to 1 cm.
"""

from __future__ import annotations

from ctypes import CDLL

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy.planar import to_local_planes
from ....layers.geodesy.plane import LocalPlane
from ..kernel import library
from ..kernel.inscribed import largest_discs
from ..kernel.outlines import Outlines

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

TOLERANCE_M = 0.005  # of a radius


def polygon_depths(overlap: Objects) -> Floats:
    """Return twice the radius of the largest disc inside each overlap, to 0.1 m.

    Measured in a transverse Mercator plane at the middle of each part of the overlap (design, section 4).

    Parameters
    ----------
    overlap : ndarray of polygons, EPSG:4490
    """
    parts, index = shapely.get_parts(overlap, return_index=True)
    keep = (shapely.get_dimensions(parts) == 2) & ~shapely.is_empty(parts)
    parts, index = parts[keep], index[keep]
    radius, loops = np.zeros(len(overlap)), library.kernel()
    if loops is None:
        np.maximum.at(radius, index, _by_geos(parts))
        return 2 * radius
    radius = _compiled(parts, np.searchsorted(index, np.arange(len(overlap) + 1)), loops)
    left = np.isnan(radius)
    if left.any():
        radius[left] = 0.0
        rest = left[index]
        np.maximum.at(radius, index[rest], _by_geos(parts[rest]))
    return 2 * radius


def _by_geos(parts: Objects) -> Floats:
    return np.asarray(shapely.length(shapely.maximum_inscribed_circle(to_local_planes(parts), tolerance=TOLERANCE_M)))


def _compiled(parts: Objects, first: Indices, loops: CDLL) -> Floats:
    """Return the radius of the largest disc inside the polygons of each overlap, NaN where the loop gives up."""
    outlines = Outlines.of(parts, loops)
    west, south, east, north = outlines.box.T
    size = np.diff(outlines.ring_start[outlines.shape_ring])
    plane = LocalPlane(np.repeat((west + east) / 2, size), np.repeat((south + north) / 2, size))
    xy = np.column_stack(plane.project(outlines.xy[:, 0], outlines.xy[:, 1]))
    return largest_discs(loops, first.astype(np.int64), outlines.shape_ring, outlines.ring_start, xy)

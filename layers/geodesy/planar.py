"""Geometry arrays in local planes of their own."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from .plane import LocalPlane

Objects = NDArray[np.object_]


def to_local_planes(geometry: Objects) -> Objects:
    """Project each geometry to the transverse Mercator plane at the middle of its box.

    Parameters
    ----------
    geometry : ndarray of object, shape (n,)
        EPSG:4490 degrees.

    Returns
    -------
    ndarray of object
        The same in metres about their own middles.
    """
    west, south, east, north = shapely.bounds(geometry).reshape(-1, 4).T
    coords, index = shapely.get_coordinates(geometry, return_index=True)
    plane = LocalPlane(((west + east) / 2)[index], ((south + north) / 2)[index])
    x, y = plane.project(coords[:, 0], coords[:, 1])
    return np.asarray(shapely.set_coordinates(geometry.copy(), np.column_stack((x, y))))

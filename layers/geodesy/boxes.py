"""Boxes in degrees about geometries, and about all that lies within some metres of them."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from .ellipsoid import SHORTEST_DEGREE_M

Floats = NDArray[np.float64]
NEAREST_POLE_DEG = 89.0  # beyond it a box would go round the pole


def boxes(geometry: NDArray[np.object_]) -> Floats:
    """Return west, south, east, north of each geometry, NaN where there is none, shape (n, 4)."""
    return np.asarray(shapely.bounds(geometry).reshape(-1, 4))


def reached(box: Floats, reach_m: ArrayLike) -> Floats:
    """Return boxes that hold all places within reach of boxes.

    Parameters
    ----------
    box : ndarray, shape (n, 4)
        West, south, east, north, EPSG:4490 degrees.
    reach_m : float or ndarray, shape (n,)
    """
    west, south, east, north = box.T
    up = np.asarray(reach_m, dtype=np.float64) / SHORTEST_DEGREE_M
    furthest = np.minimum(np.maximum(np.abs(south), np.abs(north)) + up, NEAREST_POLE_DEG)
    aside = up / np.cos(np.radians(furthest))
    return np.column_stack((west - aside, south - up, east + aside, north + up))

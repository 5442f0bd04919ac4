"""The largest discs inside polygons, by `inscribed.c`."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .outlines import address

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

TOLERANCE_M = 0.001
MOST_BOXES = 200_000  # of one polygon: a search that needs more takes ten times the tolerance, or gives up
LISTS = 24  # room for so many lists of all sides; they soon are shorter


def largest_discs(
    library: ctypes.CDLL, shape_polygon: Indices, polygon_ring: Indices, ring_start: Indices, xy: Floats
) -> Floats:
    """Return the radius of the largest disc inside each shape, at most `TOLERANCE_M` too little.

    Narrow bands whose bends need too many boxes are told to ten times that.

    Parameters
    ----------
    library : ctypes.CDLL
        The compiled loops.
    shape_polygon, polygon_ring, ring_start : ndarray of int64
        First polygon of each shape, first ring of each polygon, first vertex of each ring, and the end of each.
    xy : ndarray, shape (n_vertices, 2)
        m, each polygon in a plane of its own; rings are closed.

    Returns
    -------
    ndarray
        NaN where the search gives up, or a coordinate is no number.
    """
    n = len(shape_polygon) - 1
    for start, end in (
        (shape_polygon, len(polygon_ring) - 1),
        (polygon_ring, len(ring_start) - 1),
        (ring_start, len(xy)),
    ):
        if start[0] != 0 or start[-1] != end or (np.diff(start) < 0).any():
            raise ValueError("starts that do not ascend to the end")
    most = int(np.diff(ring_start[polygon_ring]).max(initial=1))
    if most > np.iinfo(np.int32).max // LISTS:
        raise OverflowError(f"{most} vertices")
    room, lists = np.empty(10 * most), np.empty(LISTS * most, dtype=np.int32)
    radius = np.empty(n)
    _loop(library)(
        n, address(shape_polygon, np.int64), address(polygon_ring, np.int64), address(ring_start, np.int64),
        address(xy, np.float64), TOLERANCE_M, MOST_BOXES, address(room, np.float64), most,
        address(lists, np.int32), len(lists), address(radius, np.float64),
    )  # fmt: skip
    return radius


@cache
def _loop(library: ctypes.CDLL) -> Callable[..., None]:
    loop = library.inscribed_radii
    pointer, long, real = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double
    loop.argtypes = [long, *[pointer] * 4, real, long, pointer, long, pointer, long, pointer]
    loop.restype = None
    return loop

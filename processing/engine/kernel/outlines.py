"""Outlines of many shapes as flat arrays: the form in which the compiled loops read them."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

FIRST_MULTI = 4


class Pointers(ctypes.Structure):
    """``outlines`` of overlap.c."""

    _fields_ = [(name, ctypes.c_void_p) for name in ("xy", "ring_start", "shape_ring", "turn", "box", "dimension")]


@dataclass(frozen=True)
class Outlines:
    """Rings of polygons, lines and points, EPSG:4490 degrees.

    Attributes
    ----------
    xy : ndarray, shape (n_vertices, 2)
    ring_start : ndarray of int64
        First vertex of each ring, line or point, and the end.
    shape_ring : ndarray of int64
        First ring of each shape, and the end.
    turn : ndarray of int8
        Per ring 1 with the inside on its left, -1 on its right, 0 where that is not sure, and of lines.
    box : ndarray, shape (n, 4)
        West, south, east, north.
    dimension : ndarray of uint8
    most : int
        The greatest number of vertices of a shape.
    """

    xy: Floats
    ring_start: Indices
    shape_ring: Indices
    turn: NDArray[np.int8]
    box: Floats
    dimension: NDArray[np.uint8]
    most: int

    @cached_property
    def pointers(self) -> Pointers:
        """Where the arrays are; they live as long as this object."""
        return Pointers(
            *(
                address(values)
                for values in (self.xy, self.ring_start, self.shape_ring, self.turn, self.box, self.dimension)
            )
        )

    @classmethod
    def of(cls, shapes: Objects, library: ctypes.CDLL) -> Outlines:
        """Return the outlines of single points, lines and polygons, of which none is empty; also multiparts of one."""
        single = shapes
        if (shapely.get_type_id(shapes) >= FIRST_MULTI).any():
            single = shapely.get_parts(shapes)
        n = len(single)
        if n != len(shapes):
            raise ValueError("a shape of several parts, or of none")
        xy = np.ascontiguousarray(shapely.get_coordinates(single))
        size, rings = shapely.get_num_coordinates(single).astype(np.int64), np.ones(n, dtype=np.int64)
        dimension = shapely.get_dimensions(single).astype(np.uint8)
        holes = shapely.get_num_interior_rings(single)
        shape_ring = _starts(rings + holes)
        ring_size = np.zeros(shape_ring[-1], dtype=np.int64)
        ring_size[shape_ring[:-1]] = size
        if holes.any():
            holed = holes > 0
            own = np.repeat(holed, np.diff(shape_ring))
            ring_size[own] = shapely.get_num_coordinates(shapely.get_rings(single[holed]))
        ring_start = _starts(ring_size)
        turn, box = np.empty(len(ring_size), dtype=np.int8), np.empty((n, 4))
        arrays = (xy, ring_start, shape_ring, dimension, turn, box)
        most = _turns(library)(n, *map(address, arrays))
        return cls(xy, ring_start, shape_ring, turn, box, dimension, most)


def _starts(size: NDArray[np.integer[Any]]) -> Indices:
    start = np.zeros(len(size) + 1, dtype=np.int64)
    np.cumsum(size, out=start[1:])
    return start


def address(values: NDArray[Any]) -> int:
    """Return where the values of a C-contiguous array are."""
    return int(values.ctypes.data)


@cache
def _turns(library: ctypes.CDLL) -> Callable[..., int]:
    function = library.outline_turns
    function.restype = ctypes.c_int64
    function.argtypes = [ctypes.c_int64, *[ctypes.c_void_p] * 6]
    return function

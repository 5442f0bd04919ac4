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
DIMENSION = np.array([0, 1, 1, 2], dtype=np.uint8)  # by type


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
                address(values, kind)
                for values, kind in (
                    (self.xy, np.float64),
                    (self.ring_start, np.int64),
                    (self.shape_ring, np.int64),
                    (self.turn, np.int8),
                    (self.box, np.float64),
                    (self.dimension, np.uint8),
                )
            )
        )

    @classmethod
    def of(cls, shapes: Objects, library: ctypes.CDLL) -> Outlines:
        """Return the outlines of single points, lines and polygons, of which none is empty; also multiparts of one."""
        single, kind = shapes, shapely.get_type_id(shapes)
        if (kind >= FIRST_MULTI).any():
            single = shapely.get_parts(shapes)
            kind = shapely.get_type_id(single)
        n = len(single)
        if n != len(shapes):
            raise ValueError("a shape of several parts, or of none")
        xy = shapely.get_coordinates(single)
        ring_size = shapely.get_num_coordinates(single)
        shape_ring = np.arange(n + 1, dtype=np.int64)
        holes = shapely.get_num_interior_rings(single)
        if holes.any():
            shape_ring = _starts(1 + holes)
            sizes = np.zeros(shape_ring[-1], dtype=np.int64)
            sizes[shape_ring[:-1]] = ring_size
            holed = holes > 0
            sizes[np.repeat(holed, 1 + holes)] = shapely.get_num_coordinates(shapely.get_rings(single[holed]))
            ring_size = sizes
        ring_start = _starts(ring_size)
        dimension = DIMENSION[kind]
        turn, box = np.empty(len(ring_size), dtype=np.int8), np.empty((n, 4))
        most = int(np.diff(ring_start[shape_ring]).max(initial=0))
        out = cls(xy, ring_start, shape_ring, turn, box, dimension, most)
        _turns(library)(n, ctypes.byref(out.pointers))
        return out


def _starts(size: NDArray[np.integer[Any]]) -> Indices:
    start = np.zeros(len(size) + 1, dtype=np.int64)
    np.cumsum(size, out=start[1:])
    return start


def address(values: NDArray[Any], kind: type[np.generic]) -> int:
    """Return where the values of an array are; refuse one that the loops would misread."""
    if values.dtype != kind or not values.flags.c_contiguous:
        raise TypeError(f"{values.dtype} instead of {kind.__name__}, or not contiguous")
    place: int = values.__array_interface__["data"][0]
    return place


@cache
def _turns(library: ctypes.CDLL) -> Callable[..., None]:
    function = library.outline_turns
    function.restype, function.argtypes = None, [ctypes.c_int64, ctypes.c_void_p]
    return function

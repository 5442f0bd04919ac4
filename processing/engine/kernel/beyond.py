"""How much of shapes lies further than a limit from edges, by the compiled loop."""

from __future__ import annotations

import ctypes
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray

from .edges import Edges
from .outlines import address

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]

TOLERANCE_M = 0.01  # by how much chords may cut the arcs short
ALMOST_BACK = 3.14  # a bend as sharp as this is the end of a line
STRAIGHT_M = 1e-9  # a bend that opens a narrower slit needs no sector


def rest_measures(
    library: ctypes.CDLL, flat: Objects, latitude: Floats, radius2: Floats, edges: Edges, ends: Edges
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return m² or m of what of shapes lies beyond edges, and which shapes must be told otherwise.

    Parameters
    ----------
    library : ctypes.CDLL
        The compiled loops.
    flat : ndarray of polygons or lines, shape (n,)
        In planes of their own, m.
    latitude, radius2 : ndarray, shape (n,)
        Of the middle of each plane, radians and m².
    edges, ends : Edges
        Sorted by shape; about all of them lie rectangles, about the far ends of the latter sectors: on both sides,
        as what is behind a border and within its limit is none of a shape's but for hairs that an overlay left.
    """
    n = len(flat)
    areal = shapely.get_dimensions(flat) == 2
    sides, side_start = _sides(flat, areal)
    boxes, box_start = _boxes(edges), np.searchsorted(edges.of, np.arange(n + 1))
    sectors, of = _sectors(ends)
    sector_start = np.searchsorted(of, np.arange(n + 1))
    each = np.diff(side_start) + np.diff(box_start) + np.diff(sector_start)
    most = int(each.max(initial=1))
    scratch, near = np.empty(8 * most), np.empty(most, dtype=np.int64)
    measure, open_ = np.empty(n), np.empty(n, dtype=np.uint8)
    tau, kind = np.tan(latitude) / np.sqrt(radius2), areal.astype(np.uint8)
    _loop(library)(
        n, address(kind, np.uint8), address(tau, np.float64), address(radius2, np.float64),
        address(side_start, np.int64), address(sides, np.float64), address(box_start, np.int64),
        address(boxes, np.float64), address(sector_start, np.int64), address(sectors, np.float64),
        address(scratch, np.float64), address(near, np.int64), address(measure, np.float64), address(open_, np.uint8),
    )  # fmt: skip
    mixed = shapely.get_type_id(flat) == shapely.GeometryType.GEOMETRYCOLLECTION
    return measure, open_.astype(bool) | mixed


def arc_chords(turn: Floats, radius: Floats) -> Indices:
    """Return into how many chords arcs are cut."""
    widest = 2 * np.arccos(1 - np.minimum(TOLERANCE_M / radius, 1.0))
    chords: Indices = np.maximum(1, np.ceil(np.abs(turn) / widest)).astype(np.int64)
    return chords


def _sides(flat: Objects, areal: NDArray[np.bool_]) -> tuple[Floats, Indices]:
    """Return the sides of shapes, rings turned so that shapes lie to their left, and where those of each begin."""
    parts, owner = shapely.get_parts(flat, return_index=True)
    surface = shapely.get_dimensions(parts) == 2
    rings, part = shapely.get_rings(parts[surface], return_index=True)
    outer = np.concatenate([[True], part[1:] != part[:-1]])[: len(part)]
    turn = np.where(shapely.is_ccw(rings) == outer, 1.0, -1.0)
    line = ~surface & ~areal[owner]
    runs = np.concatenate([rings, parts[line]])
    of = np.concatenate([owner[surface][part], owner[line]])
    order = np.argsort(of, kind="stable")
    sign = np.concatenate([turn, np.ones(line.sum())])[order]
    xy, run = shapely.get_coordinates(runs[order], return_index=True)
    at = np.flatnonzero(run[1:] == run[:-1])
    sides = np.ascontiguousarray(np.column_stack([xy[at], xy[at + 1], sign[run[at]]]))
    return sides, np.searchsorted(of[order][run[at]], np.arange(len(flat) + 1))


def _boxes(edges: Edges) -> Floats:
    return np.column_stack(
        [edges.a.real, edges.a.imag, edges.way.real, edges.way.imag, np.abs(edges.b - edges.a), edges.radius]
    )


def _sectors(edges: Edges) -> tuple[Floats, Indices]:
    """Return the sectors about the far ends of edges, counterclockwise, and the shape of each."""
    bend = np.angle(np.where(edges.after == 0, 1.0, edges.after / edges.way))
    ends = (edges.after == 0) | (np.abs(bend) > ALMOST_BACK)
    bend = np.where(ends, np.pi, bend)
    final = np.where(ends, -edges.way, edges.after)
    rows = np.flatnonzero(np.abs(bend) * edges.radius > STRAIGHT_M)
    right, way, final, radius, turn = (
        bend[rows] > 0.0,
        edges.way[rows],
        final[rows],
        edges.radius[rows],
        np.abs(bend[rows]),
    )
    first = np.where(right, -1j * way, 1j * final)
    last = np.where(right, -1j * final, 1j * way)
    chords = arc_chords(turn, radius)
    step = turn / chords
    far = edges.b[rows]
    return np.column_stack(
        [
            far.real, far.imag, radius, first.real, first.imag, last.real, last.imag,
            np.cos(step), np.sin(step), chords,
        ]
    ), edges.of[rows]  # fmt: skip


@cache
def _loop(library: ctypes.CDLL) -> ctypes._NamedFuncPointer:
    loop = library.beyond_measures
    loop.restype, loop.argtypes = None, [ctypes.c_int64, *[ctypes.c_void_p] * 13]
    return loop

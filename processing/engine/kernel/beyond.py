"""How much of shapes lies further than a limit from edges, by the compiled loop."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ....layers.geodesy.plane import LocalPlane
from .edges import Edges
from .outlines import address
from .sides import Sides

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]

TOLERANCE_M = 0.01  # by how much chords may cut the arcs short,
TOLERANCE = 0.005  # and by which share of their radius
ALMOST_BACK = 3.14  # a bend as sharp as this is the end of a line
STRAIGHT_M = 1e-9  # a bend that opens a narrower slit needs no sector


@dataclass(frozen=True)
class Rest:
    """How much of n shapes lies beyond edges.

    Attributes
    ----------
    measure : ndarray, shape (n, 2)
        m² or m; of a shape that is told apart, on the side of the surface's border on which ``place`` is, and on the
        other; of any other the first is all.
    place : ndarray, shape (n, 2)
        In the plane of the shape.
    open : ndarray of bool, shape (n,)
        Which shapes must be told otherwise.
    """

    measure: Floats
    place: Floats
    open: NDArray[np.bool_]


def rest_measures(
    library: ctypes.CDLL,
    sides: Sides,
    plane: LocalPlane,
    edges: Edges,
    apart: NDArray[np.bool_],
) -> Rest:
    """Return how much of shapes lies beyond edges.

    Parameters
    ----------
    library : ctypes.CDLL
        The compiled loops.
    sides : Sides
    plane : LocalPlane
        In which each shape is laid.
    edges : Edges
        Sorted by shape; about all of them lie rectangles, about their ends sectors: on both sides, as what is behind
        a border and within its limit is none of a shape's.
    apart : ndarray of bool, shape (n,)
        Whether the rest of a shape inside a surface is to be told from the rest outside: all edges are of borders of
        surfaces, of which the shape overlaps one, and the limit is 1 m or more.
    """
    n = len(sides.areal)
    boxes, box_start = _boxes(edges), np.searchsorted(edges.of, np.arange(n + 1))
    sectors, of = _sectors(edges.with_ends())
    sector_start = np.searchsorted(of, np.arange(n + 1))
    each = np.diff(sides.start) + np.diff(box_start) + np.diff(sector_start)
    most = int(each.max(initial=1))
    scratch, near = np.empty(8 * most), np.empty(2 * most, dtype=np.int64)
    measure, place, open_ = np.empty((n, 2)), np.empty((n, 2)), np.empty(n, dtype=np.uint8)
    tau = np.tan(np.radians(plane.lat0)) / np.sqrt(plane.radius2)
    kind, told_apart = sides.areal.astype(np.uint8), apart.astype(np.uint8)
    _loop(library)(
        n, address(kind, np.uint8), address(told_apart, np.uint8), address(tau, np.float64),
        address(plane.radius2, np.float64), address(sides.start, np.int64), address(sides.side, np.float64),
        address(box_start, np.int64), address(boxes, np.float64), address(sector_start, np.int64),
        address(sectors, np.float64), address(scratch, np.float64), address(near, np.int64),
        address(measure, np.float64), address(place, np.float64), address(open_, np.uint8),
    )  # fmt: skip
    return Rest(measure, place, open_.astype(bool) | sides.mixed)


def arc_chords(turn: Floats, radius: Floats) -> Indices:
    """Return into how many chords arcs are cut."""
    widest = 2 * np.arccos(1 - np.minimum(TOLERANCE_M / radius, TOLERANCE))
    chords: Indices = np.maximum(1, np.ceil(np.abs(turn) / widest)).astype(np.int64)
    return chords


def _boxes(edges: Edges) -> Floats:
    return np.column_stack(
        [
            edges.a.real, edges.a.imag, edges.b.real, edges.b.imag, edges.way.real, edges.way.imag,
            np.abs(edges.b - edges.a), edges.radius,
        ]
    )  # fmt: skip


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
    loop.restype, loop.argtypes = None, [ctypes.c_int64, *[ctypes.c_void_p] * 15]
    return loop

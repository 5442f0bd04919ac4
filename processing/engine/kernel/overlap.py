"""Lays parts of sites over pieces of features in a compiled loop, which hands back what rounding leaves in doubt."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ....layers.geodesy.area import area_of_moments, moments_needed
from ....layers.geodesy.length import edge_lengths
from .edge_trees import EdgeTree
from .outlines import Outlines, address

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

APART, INSIDE, HOLDS, PARTIAL, ASK = range(5)
LINE, POLYGON = 1, 2
MOST_HALF_DEG = 10.0  # half the height of what two boxes have in common; for more the series would grow long
MOST_COMPARED = 2_000_000  # pairs of runs of a large line that lie about one place
CROSSINGS, MOST_CROSSINGS = 1024, 65_536  # of one pair; what crosses more often is in doubt
BLOCK = 1_000_000  # stretches of lines for which there is room at once


@dataclass(frozen=True)
class Laid:
    """How n pairs of a part and a piece lie.

    Attributes
    ----------
    outcome : ndarray of uint8
        APART, INSIDE (the part in the interior of the piece), HOLDS (the piece in the interior of the part),
        PARTIAL (they overlap and neither holds the other), ASK (in doubt).
    own : ndarray of bool
        Whether the part surely crosses an edge of the feature itself, not of a line along which it was cut.
    area, length : ndarray
        m² and m of the overlap; of partial pairs only.
    """

    outcome: NDArray[np.uint8]
    own: NDArray[np.bool_]
    area: Floats
    length: Floats


def lay(
    library: ctypes.CDLL, parts: Outlines, part: Indices, pieces: Outlines, piece: Indices, tree: EdgeTree | None = None
) -> Laid:
    """Lay parts of sites over pieces of features.

    Parameters
    ----------
    library : ctypes.CDLL
        The compiled loops.
    parts, pieces : Outlines
        Points, lines that do not meet themselves, or polygons; and polygons.
    part, piece : ndarray of int64, shape (n,)
        Which of them are laid over each other.
    tree : EdgeTree, optional
        Of the large parts.
    """
    n = len(part)
    a, b = parts.box[part], pieces.box[piece]
    south, north = np.maximum(a[:, 1], b[:, 1]), np.minimum(a[:, 3], b[:, 3])
    half = 0.5 * (north - south)
    tall = half > MOST_HALF_DEG
    middle = south + half
    order = moments_needed(float(np.radians(half[~tall].max(initial=0.0))))
    lines = parts.dimension[part] == LINE
    room = int(_sizes(parts, part[lines]).sum()) + 16 * int(lines.sum())
    if room > BLOCK:  # a line takes a stretch per edge and crossing at most, most of them much less
        room = max(BLOCK, parts.most + 16)
    outcome, own = np.empty(n, dtype=np.uint8), np.empty(n, dtype=np.uint8)
    moments, segments, count = np.empty((n, order)), np.empty((room, 4)), np.empty(n, dtype=np.int64)
    scratch, pairs, _ = _loops(library)
    most_crossings = min(max(CROSSINGS, parts.most), MOST_CROSSINGS)
    buffer = np.empty(scratch(pieces.most, most_crossings), dtype=np.uint8)
    part, piece = np.ascontiguousarray(part, dtype=np.int64), np.ascontiguousarray(piece, dtype=np.int64)
    trees = EdgeTree.pointers(tree)
    length, done = np.zeros(n), 0
    while True:
        laid = done + pairs(
            n - done, ctypes.byref(parts.pointers), *trees, address(part[done:], np.int64),
            ctypes.byref(pieces.pointers), address(piece[done:], np.int64), address(middle[done:], np.float64), order,
            address(outcome[done:], np.uint8), address(own[done:], np.uint8), address(moments[done:], np.float64),
            address(segments, np.float64), room, address(count[done:], np.int64), address(buffer, np.uint8),
            pieces.most, most_crossings,
        )  # fmt: skip
        total = int(count[done:laid].sum())
        if total:
            along = edge_lengths(segments[:total, :2], segments[:total, 2:])
            length[done:laid] = np.bincount(np.repeat(np.arange(laid - done), count[done:laid]), along, laid - done)
        if laid == n:
            break
        done = laid
    outcome[tall] = ASK
    area = np.zeros(n)
    areas = np.flatnonzero((outcome == PARTIAL) & ~lines)
    if len(areas):
        area[areas] = area_of_moments(middle[areas], moments[areas])
        outcome[areas[area[areas] < 0.0]] = ASK  # a hair, lost in rounding
    return Laid(outcome, own.astype(bool), area, length)


def run_twice(
    library: ctypes.CDLL, lines: Outlines, among: NDArray[np.bool_], tree: EdgeTree | None = None
) -> NDArray[np.bool_]:
    """Tell, among some shapes, which are lines that may run over one stretch twice, not only cross themselves."""
    marked = among.astype(np.uint8)
    pointers = ctypes.byref(lines.pointers), *EdgeTree.pointers(tree)
    _loops(library)[2](len(marked), *pointers, address(marked, np.uint8), MOST_COMPARED)
    return marked.astype(bool)


def _sizes(of: Outlines, shape: Indices) -> Indices:
    """Return the number of vertices of shapes."""
    size: Indices = of.ring_start[of.shape_ring[shape + 1]] - of.ring_start[of.shape_ring[shape]]
    return size


@cache
def _loops(library: ctypes.CDLL) -> tuple[Callable[[int, int], int], Callable[..., int], Callable[..., None]]:
    scratch, pairs, once = library.overlap_scratch, library.overlap_pairs, library.lines_once
    number, pointer = ctypes.c_int64, ctypes.c_void_p
    scratch.restype, scratch.argtypes = number, [number, number]
    pairs.restype = number
    pairs.argtypes = [
        number, *[pointer] * 7, ctypes.c_int32, *[pointer] * 4, number, *[pointer] * 2, number, number,
    ]  # fmt: skip
    once.restype, once.argtypes = None, [number, *[pointer] * 4, number]
    return scratch, pairs, once

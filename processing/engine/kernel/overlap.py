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
from .outlines import Outlines, address

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

APART, INSIDE, HOLDS, PARTIAL, ASK = range(5)
LINE, POLYGON = 1, 2
MOST_HALF_DEG = 10.0  # half the height of what two boxes have in common; for more the series would grow long
MOST_COMPARED = 1000  # vertices of a line whose edges are compared one by one
CROSSINGS = 1024  # of one pair; what crosses more often is in doubt
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


def lay(library: ctypes.CDLL, parts: Outlines, part: Indices, pieces: Outlines, piece: Indices) -> Laid:
    """Lay parts of sites over pieces of features.

    Parameters
    ----------
    library : ctypes.CDLL
        The compiled loops.
    parts, pieces : Outlines
        Points, lines that do not meet themselves, or polygons; and polygons.
    part, piece : ndarray of int64, shape (n,)
        Which of them are laid over each other.
    """
    lines = parts.dimension[part] == LINE
    block = np.cumsum((_sizes(parts, part) + 16) * lines) // BLOCK
    begin = np.flatnonzero(np.diff(block)) + 1
    if not len(begin):
        return _lay(library, parts, part, pieces, piece)
    blocks = zip(np.split(part, begin), np.split(piece, begin), strict=True)
    several = [_lay(library, parts, a, pieces, b) for a, b in blocks]
    return Laid(*(np.concatenate([vars(some)[name] for some in several]) for name in Laid.__dataclass_fields__))


def _lay(library: ctypes.CDLL, parts: Outlines, part: Indices, pieces: Outlines, piece: Indices) -> Laid:
    n = len(part)
    a, b = parts.box[part], pieces.box[piece]
    south, north = np.maximum(a[:, 1], b[:, 1]), np.minimum(a[:, 3], b[:, 3])
    half = 0.5 * (north - south)
    tall = half > MOST_HALF_DEG
    middle = south + half
    order = moments_needed(float(np.radians(half[~tall].max(initial=0.0))))
    lines = parts.dimension[part] == LINE
    room = int(_sizes(parts, part[lines]).sum()) + 16 * int(lines.sum())
    outcome, own = np.empty(n, dtype=np.uint8), np.empty(n, dtype=np.uint8)
    moments, segments, count = np.empty((n, order)), np.empty((room, 4)), np.empty(n, dtype=np.int64)
    scratch, pairs, _ = _loops(library)
    buffer = np.empty(scratch(pieces.most, CROSSINGS), dtype=np.uint8)
    part, piece = np.ascontiguousarray(part, dtype=np.int64), np.ascontiguousarray(piece, dtype=np.int64)
    pairs(
        n, ctypes.byref(parts.pointers), address(part, np.int64), ctypes.byref(pieces.pointers),
        address(piece, np.int64), address(middle, np.float64), order, address(outcome, np.uint8),
        address(own, np.uint8), address(moments, np.float64), address(segments, np.float64), room,
        address(count, np.int64), address(buffer, np.uint8), pieces.most, CROSSINGS,
    )  # fmt: skip
    outcome[tall] = ASK
    area, length = np.zeros(n), np.zeros(n)
    areas = np.flatnonzero((outcome == PARTIAL) & ~lines)
    if len(areas):
        area[areas] = area_of_moments(middle[areas], moments[areas])
        outcome[areas[area[areas] < 0.0]] = ASK  # a hair, lost in rounding
    total = int(count.sum())
    if total:
        along = edge_lengths(segments[:total, :2], segments[:total, 2:])
        length[:] = np.bincount(np.repeat(np.arange(n), count), along, n)
    return Laid(outcome, own.astype(bool), area, length)


def run_twice(library: ctypes.CDLL, lines: Outlines, among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell, among some shapes, which are lines that may run over one stretch twice, not only cross themselves."""
    marked = among.astype(np.uint8)
    _loops(library)[2](len(marked), ctypes.byref(lines.pointers), address(marked, np.uint8), MOST_COMPARED)
    return marked.astype(bool)


def _sizes(of: Outlines, shape: Indices) -> Indices:
    """Return the number of vertices of shapes."""
    size: Indices = of.ring_start[of.shape_ring[shape + 1]] - of.ring_start[of.shape_ring[shape]]
    return size


@cache
def _loops(library: ctypes.CDLL) -> tuple[Callable[[int, int], int], Callable[..., None], Callable[..., None]]:
    scratch, pairs, once = library.overlap_scratch, library.overlap_pairs, library.lines_once
    number, pointer = ctypes.c_int64, ctypes.c_void_p
    scratch.restype, scratch.argtypes = number, [number, number]
    pairs.restype = None
    pairs.argtypes = [
        number, *[pointer] * 5, ctypes.c_int32, *[pointer] * 4, number, *[pointer] * 2, number, number,
    ]  # fmt: skip
    once.restype, once.argtypes = None, [number, pointer, pointer, number]
    return scratch, pairs, once

"""Exact share of each raster cell that an area covers, for thousands of areas in one call.

Every edge is split where it crosses a grid line. A piece that rises by dy within one cell adds dy·(1 - x) to that
cell, x being its mean distance from the cell's left side, and dy to every cell on its right; the running sum along
a row is the covered share (the signed-area method of scan converters for outlines of letters, in exact arithmetic
but for rounding). Between two boundary cells the sum is constant, so that the inside of an area costs one run a row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy.parts import POLYGON, single_parts
from ....layers.ranges import repeats

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LEAST = 1e-10
"""A cell with less than this share is met only by rounding."""


@dataclass(frozen=True)
class Edges:
    """Edges of areas in cell coordinates (x = column, y = row, downwards).

    Attributes
    ----------
    owner : ndarray of int64, shape (n,)
        The area of each edge.
    start, end : ndarray of float64, shape (n, 2)
    sign : ndarray of float64, shape (n,)
        What makes an outer ring add and a hole take away.
    """

    owner: Ints
    start: Floats
    end: Floats
    sign: Floats


@dataclass(frozen=True)
class Runs:
    """Cells in a row with the same covered share: columns ``col`` to ``col + length - 1``."""

    owner: Ints
    row: Ints
    col: Ints
    length: Ints
    share: Floats


def edges_of(areas: NDArray[np.object_]) -> Edges:
    """Return the edges of polygons in cell coordinates; other kinds of geometry have none.

    Parameters
    ----------
    areas : ndarray of geometry, shape (n,)
        Valid polygons, multipolygons or collections of them.
    """
    single = single_parts(np.asarray(areas, dtype=object))
    polygon = single.kind == POLYGON
    parts, owner = single.geoms[polygon], single.owner[polygon]
    rings, part_of = shapely.get_rings(parts, return_index=True)
    if not len(rings):
        return Edges(np.empty(0, np.int64), np.empty((0, 2)), np.empty((0, 2)), np.empty(0))
    xy, ring_of = shapely.get_coordinates(rings, return_index=True)
    same = ring_of[1:] == ring_of[:-1]
    start, end, ring = xy[:-1][same], xy[1:][same], ring_of[:-1][same]
    # Relative to a point of the ring, so that far from the origin nothing cancels.
    base = xy[np.searchsorted(ring_of, np.arange(len(rings)))][ring]
    (ax, ay), (bx, by) = (start - base).T, (end - base).T
    twice = np.bincount(ring, ax * by - ay * bx, minlength=len(rings))
    outer = np.concatenate(([True], part_of[1:] != part_of[:-1]))
    # A ring with positive shoelace area in (column, row) rises on its left side by -dy.
    sign = -np.sign(twice) * np.where(outer, 1.0, -1.0)
    return Edges(owner[part_of[ring]].astype(np.int64), start, end, sign[ring])


def sizes(edges: Edges, n: int) -> Floats:
    """Return the size of each of `n` areas in cells."""
    middle = (edges.start[:, 0] + edges.end[:, 0]) / 2.0
    base = np.zeros(n)
    base[edges.owner] = edges.start[:, 0]
    rise = (edges.end[:, 1] - edges.start[:, 1]) * edges.sign
    out: Floats = np.abs(np.bincount(edges.owner, -(middle - base[edges.owner]) * rise, minlength=n))
    return out


def runs(edges: Edges, width: int, height: int) -> Runs:
    """Return the covered share of every cell that is met of a window of `width` × `height` cells at the origin."""
    at, x, y, rise = _pieces(edges, width, height)
    col = np.floor(x).astype(np.int64)
    before = col < 0
    col[before] = 0
    left = np.where(before, rise, rise * (1.0 - (x - col)))
    row = np.floor(y).astype(np.int64)
    owner = edges.owner[at]
    # One column more than the window: what a piece adds beyond it falls there.
    line = (owner * height + row) * (width + 1)
    key = np.concatenate((line + col, (line + col + 1)[~before]))
    add = np.concatenate((left, (rise - left)[~before]))
    return _summed(key, add, width, height)


def _pieces(edges: Edges, width: int, height: int) -> tuple[Ints, Floats, Floats, Floats]:
    """Return edge, mean column, mean row and signed rise of the pieces of edges within single cells."""
    (x0, y0), (x1, y1) = edges.start.T, edges.end.T
    near = (np.minimum(y0, y1) < height) & (np.maximum(y0, y1) > 0.0) & (y0 != y1) & (np.minimum(x0, x1) < width)
    index = np.flatnonzero(near)
    x0, y0, x1, y1 = x0[index], y0[index], x1[index], y1[index]
    by_x, at_x = _crossings(x0, x1, width)
    by_y, at_y = _crossings(y0, y1, height)
    n = np.arange(len(index))
    edge = np.concatenate((n, by_x, by_y, n))
    t = np.concatenate((np.zeros(len(n)), at_x, at_y, np.ones(len(n))))
    order = np.lexsort((t, edge))
    edge, t = edge[order], t[order]
    keep = edge[1:] == edge[:-1]
    first, last, edge = t[:-1][keep], t[1:][keep], edge[:-1][keep]
    middle = (first + last) / 2.0
    x = x0[edge] + middle * (x1 - x0)[edge]
    y = y0[edge] + middle * (y1 - y0)[edge]
    rise = (last - first) * (y1 - y0)[edge] * edges.sign[index][edge]
    inside = (y > 0.0) & (y < height) & (x < width) & (rise != 0.0)
    return index[edge[inside]], x[inside], y[inside], rise[inside]


def _crossings(a: Floats, b: Floats, limit: int) -> tuple[Ints, Floats]:
    """Return, for the lines 0…`limit` between a[i] and b[i], i and the share of the way."""
    low = np.maximum(np.ceil(np.minimum(a, b)), 0.0).astype(np.int64)
    high = np.minimum(np.floor(np.maximum(a, b)), float(limit)).astype(np.int64)
    count = np.where(a == b, 0, np.maximum(high - low + 1, 0))
    which, line = repeats(count)
    line += low[which]
    return which, np.clip((line - a[which]) / (b - a)[which], 0.0, 1.0)


def _summed(key: Ints, add: Floats, width: int, height: int) -> Runs:
    order = np.argsort(key, kind="stable")
    key, add = key[order], add[order]
    if not len(key):
        none = np.empty(0, np.int64)
        return Runs(none, none, none, none, np.empty(0))
    first = np.concatenate(([True], key[1:] != key[:-1]))
    key, add = key[first], np.add.reduceat(add, np.flatnonzero(first))
    line, col = key // (width + 1), key % (width + 1)
    fresh = np.concatenate(([True], line[1:] != line[:-1]))
    total = np.cumsum(add)
    # The sum before a row starts is taken off, so that rounding does not travel from row to row.
    begins = np.flatnonzero(fresh)
    offset = (total - add)[begins]
    share = total - np.repeat(offset, np.diff(np.append(begins, len(key))))
    following = np.where(np.append(fresh[1:], True), width, np.append(col[1:], width))
    length = np.minimum(following, width) - col
    keep = (share > _LEAST) & (length > 0)
    owner, row = line // height, line % height
    return Runs(owner[keep], row[keep], col[keep], length[keep], np.minimum(share[keep], 1.0))

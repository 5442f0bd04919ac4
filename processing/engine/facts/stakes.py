"""Metres along lines from the start of each: where parts of them lie, and which place a distance is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy.length import edge_lengths
from ....layers.ranges import repeats

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Objects = NDArray[np.object_]
ON_LINE_DEG = 1e-9  # 0.1 mm; an overlay leaves its parts by far less beside the line

MOST_PAIRS = 2_000_000  # of a place and an edge of its line, looked at each by each


@dataclass(frozen=True)
class Stakes:
    """The edges of n lines, all in one; the parts of a multiline follow each other.

    Attributes
    ----------
    first, second : ndarray, shape (m, 2)
        Ends of the edges, EPSG:4490 degrees, line after line.
    line : ndarray of int64, shape (m,)
        The line that each edge is of, ascending.
    begin : ndarray, shape (m,)
        Metres from the start of its line to that of each edge.
    total : ndarray, shape (n,)
        Length of each line, m.
    """

    first: Floats
    second: Floats
    line: Indices
    begin: Floats
    total: Floats

    @classmethod
    def of(cls, lines: Objects) -> Stakes:
        """Return the stakes of lines and multilines in EPSG:4490."""
        parts, source = shapely.get_parts(lines, return_index=True)
        xy, part = shapely.get_coordinates(parts, return_index=True)
        edge = np.flatnonzero(part[1:] == part[:-1])
        line = source[part[edge]].astype(np.int64)
        length = edge_lengths(xy[edge], xy[edge + 1])
        # Each line by itself: the last digits of one must not depend on the lines about it.
        until = [np.cumsum(of_line) for of_line in np.split(length, np.flatnonzero(np.diff(line)) + 1)]
        begin = np.concatenate([np.concatenate([[0.0], after[:-1]]) for after in until])
        total = np.asarray(np.bincount(line, length, len(lines)), dtype=np.float64)
        return cls(xy[edge], xy[edge + 1], line, begin, total)

    @cached_property
    def _edges(self) -> Objects:
        return np.asarray(shapely.linestrings(np.stack([self.first, self.second], axis=1)))

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._edges)

    @cached_property
    def _sides(self) -> tuple[Floats, Floats]:
        """How far west and east of each edge a place on it may lie, degrees."""
        a, b = self.first[:, 0], self.second[:, 0]
        return np.minimum(a, b) - ON_LINE_DEG, np.maximum(a, b) + ON_LINE_DEG

    def stretches(self, parts: Objects, line: Indices) -> tuple[Floats, Floats]:
        """Return where parts of the lines begin and end, m: counted from the middle of the longest edge of each.

        The ends of a part may be points that a line passes twice; the middle of an edge is none.

        Parameters
        ----------
        parts : ndarray of LineString, shape (k,)
            None without length.
        line : ndarray of int64, shape (k,)
            The line that each is a part of.
        """
        n = len(parts)
        xy, index = shapely.get_coordinates(parts, return_index=True)
        edge = np.flatnonzero(index[1:] == index[:-1])
        part, length = index[edge], edge_lengths(xy[edge], xy[edge + 1])
        order = np.lexsort((-length, part))
        longest = order[np.searchsorted(part[order], np.arange(n))]
        a, b = xy[edge[longest]], xy[edge[longest] + 1]
        spots = np.concatenate([a + (b - a) * share for share in (0.5, 0.75)])
        on = self.edge_at(spots, np.concatenate([line, line]))
        measured = edge_lengths(np.concatenate([self.first[on], a]), np.concatenate([spots, spots[:n]]))
        place, later = np.split(measured[: 2 * n] + self.begin[on], 2)
        walked = np.bincount(part, np.where(np.arange(len(part)) < longest[part], length, 0.0), n)
        before = walked + measured[2 * n :]
        ahead = np.bincount(part, length, n) - before
        before, ahead = np.where(later < place, ahead, before), np.where(later < place, before, ahead)
        return np.maximum(place - before, 0.0), np.minimum(place + ahead, self.total[line])

    def edge_at(self, spots: Floats, line: Indices) -> Indices:
        """Return the edge of its own line that each spot lies on; of several the first."""
        out = self._only_edge_at(spots, line)
        left = np.flatnonzero(out < 0)
        points, line = shapely.points(spots[left]), line[left]
        reach, rest = ON_LINE_DEG, np.arange(len(left))
        while len(rest):
            at, edge = self._tree.query(points[rest], predicate="dwithin", distance=reach)
            own = self.line[edge] == line[rest[at]]
            spot, edge = rest[at[own]], edge[own]
            order = np.lexsort((edge, shapely.distance(points[spot], self._edges[edge]), spot))
            found, first = np.unique(spot[order], return_index=True)
            out[left[found]] = edge[order[first]]
            reach, rest = reach * 1000, np.flatnonzero(out[left] < 0)
        return out

    def _only_edge_at(self, spots: Floats, line: Indices) -> Indices:
        """Return the edge that each spot lies on where its line has no other there, else -1."""
        out = np.full(len(spots), -1, dtype=np.int64)
        start = np.searchsorted(self.line, line)
        count = np.searchsorted(self.line, line, side="right") - start
        if count.sum() > MOST_PAIRS:
            return out
        spot, edge = repeats(count)
        edge += start[spot]
        x, west, east = spots[:, 0][spot], self._sides[0][edge], self._sides[1][edge]
        near = np.flatnonzero((x >= west) & (x <= east))  # most edges of a line are far from the place
        spot, edge = spot[near], edge[near]
        (ax, ay), (bx, by), (x, y) = self.first[edge].T, self.second[edge].T, spots[spot].T
        bx, by, x, y = bx - ax, by - ay, x - ax, y - ay
        square = bx * bx + by * by
        share = np.divide(x * bx + y * by, square, out=np.zeros(len(edge)), where=square > 0).clip(0.0, 1.0)
        on = np.hypot(x - share * bx, y - share * by) <= ON_LINE_DEG
        only = np.bincount(spot[on], minlength=len(spots)) == 1
        on[on] = only[spot[on]]
        out[spot[on]] = edge[on]
        return out

    def at(self, line: Indices, place_m: Floats) -> Floats:
        """Return the points of lines so many metres from their starts, shape (k, 2)."""
        n = len(self.line)
        lines, places = np.concatenate([self.line, line]), np.concatenate([self.begin, place_m])
        asked = np.arange(len(lines)) >= n
        order = np.lexsort((asked, places, lines))  # an edge that begins there comes before who asks for it
        edge = np.empty(len(order), dtype=np.int64)
        edge[order] = np.cumsum(~asked[order]) - 1
        on = np.maximum(edge[n:], np.searchsorted(self.line, line))
        a, b = self.first[on], self.second[on]
        whole = edge_lengths(a, b)
        share = np.divide(place_m - self.begin[on], whole, out=np.zeros(len(on)), where=whole > 0)
        return np.asarray(a + (b - a) * share[:, None])

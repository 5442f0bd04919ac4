"""Branch and bound over boxes of edges for the nearest points of outlines.

Every lower bound holds on the ellipsoid and every upper bound belongs to two real vertices, so the
nearest pair of edges is always among those measured, in geodesic normal coordinates about one of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..ranges import repeats
from .ellipsoid import E2, radii
from .outlines import Outlines
from .segments import nearest_on_segments

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_SLACK = 1.0 + 1e-6
_SLACK_M = 0.002


class Tree:
    """Outlines with what the bounds need of every box.

    Parameters
    ----------
    source : Outlines
        Of all geometries of one side.
    """

    def __init__(self, source: Outlines) -> None:
        self.edges = source.edges
        self.root = source.root
        self.child = source.child
        self.children = source.children
        box = np.radians(source.boxes)
        self.girth = np.where(source.children > 0, box[:, 2] - box[:, 0] + box[:, 3] - box[:, 1], -1.0)
        inner, outer = (
            np.minimum(np.abs(box[:, 1]), np.abs(box[:, 3])),
            np.maximum(np.abs(box[:, 1]), np.abs(box[:, 3])),
        )
        sin_low = np.where(box[:, 1] * box[:, 3] > 0.0, np.sin(inner), 0.0)
        stretch = (1.0 - E2 * sin_low * sin_low) / (1.0 - E2)
        self.bound = np.column_stack([box, radii(sin_low)[0], stretch, np.cos(outer)])
        spot = np.radians(source.sample)
        meridian, prime = radii(np.sin(spot[:, 1]))
        self.spot = np.column_stack([spot, meridian, prime, np.cos(spot[:, 1]) ** 2])


class _Front(NamedTuple):
    """Pairs of nodes still in play."""

    pair: Ints
    node_a: Ints
    node_b: Ints

    def take(self, places: NDArray[np.bool_] | Ints) -> _Front:
        return _Front(self.pair[places], self.node_a[places], self.node_b[places])


def nearest_points(tree_a: Tree, tree_b: Tree, index_a: Ints, index_b: Ints) -> Floats:
    """Return the nearest points of outlines that do not meet.

    Parameters
    ----------
    tree_a, tree_b : Tree
        Outlines of both sides.
    index_a, index_b : ndarray of int
        Pairs of non-empty geometries, as places in the arrays that the trees were made of.

    Returns
    -------
    ndarray
        (n, 4) lon, lat on a and lon, lat on b, degrees.
    """
    front = _Front(np.arange(len(index_a)), tree_a.root[index_a], tree_b.root[index_b])
    limit = np.full(len(index_a), np.inf)
    while len(inner := np.flatnonzero((tree_a.children[front.node_a] > 0) | (tree_b.children[front.node_b] > 0))):
        front = _descend(front, inner, tree_a, tree_b)
        np.minimum.at(limit, front.pair, _upper_bounds(tree_a.spot[front.node_a], tree_b.spot[front.node_b]))
        lower = _lower_bounds(tree_a.bound[front.node_a], tree_b.bound[front.node_b])
        front = front.take(lower <= limit[front.pair])
    return _measure(front, tree_a, tree_b)


def _measure(front: _Front, tree_a: Tree, tree_b: Tree) -> Floats:
    """Measure the likeliest pair of edges of each pair first, then those that may still be nearer."""
    lower = _lower_bounds(tree_a.bound[front.node_a], tree_b.bound[front.node_b])
    likely = front.take(_first_lowest(front.pair, lower))
    found = nearest_on_segments(tree_a.edges[likely.node_a], tree_b.edges[likely.node_b])
    limit = found.distance_m * _SLACK + _SLACK_M
    front = front.take(lower <= limit[front.pair])
    found = nearest_on_segments(tree_a.edges[front.node_a], tree_b.edges[front.node_b])
    best = _first_lowest(front.pair, found.distance_m)
    edge_a, edge_b = tree_a.edges[front.node_a[best]], tree_b.edges[front.node_b[best]]
    return np.hstack([_along(edge_a, found.share_a[best]), _along(edge_b, found.share_b[best])])


def _along(edge: Floats, share: Floats) -> Floats:
    share = share[:, None]
    return np.where(share == 1.0, edge[:, 2:], edge[:, :2] + share * (edge[:, 2:] - edge[:, :2]))


def _descend(front: _Front, inner: Ints, tree_a: Tree, tree_b: Tree) -> _Front:
    """Replace the wider node of each open pair by its children."""
    wide_a = tree_a.girth[front.node_a[inner]] > tree_b.girth[front.node_b[inner]]
    into_a, into_b = front.take(inner[wide_a]), front.take(inner[~wide_a])
    whole = np.ones(len(front.pair), bool)
    whole[inner] = False
    kept = front.take(whole)
    parent_a, child_a = _children(tree_a, into_a.node_a)
    parent_b, child_b = _children(tree_b, into_b.node_b)
    return _Front(
        np.concatenate([kept.pair, into_a.pair[parent_a], into_b.pair[parent_b]]),
        np.concatenate([kept.node_a, child_a, into_b.node_a[parent_b]]),
        np.concatenate([kept.node_b, into_a.node_b[parent_a], child_b]),
    )


def _children(tree: Tree, node: Ints) -> tuple[Ints, Ints]:
    parent, place = repeats(tree.children[node])
    return parent, tree.child[node][parent] + place


def _first_lowest(pair: Ints, value: Floats) -> Ints:
    """Return, per pair in ascending order, the place of its lowest value."""
    order = np.lexsort((value, pair))
    places: Ints = order[np.flatnonzero(np.diff(pair[order], prepend=-1))]
    return places


def _upper_bounds(spot_a: Floats, spot_b: Floats) -> Floats:
    """Return metres that the geodesic between two vertices cannot exceed.

    The path straight in lon/lat is at most the root mean square of its line element; the mean of
    cos² along it is the mean at its ends plus at most Δφ²/6.
    """
    step_x, step_y = spot_b[:, 0] - spot_a[:, 0], spot_b[:, 1] - spot_a[:, 1]
    square_y = step_y * step_y
    mean_cos2 = 0.5 * (spot_a[:, 4] + spot_b[:, 4]) + square_y / 6.0
    meridian = np.maximum(spot_a[:, 2], spot_b[:, 2])
    prime = np.maximum(spot_a[:, 3], spot_b[:, 3])
    bound: Floats = np.sqrt(meridian * meridian * square_y + prime * prime * mean_cos2 * step_x * step_x)
    return bound * _SLACK + _SLACK_M


def _lower_bounds(a: Floats, b: Floats) -> Floats:
    """Return metres that no geodesic between two boxes can be shorter than.

    With M0, N0 the radii at the latitude nearest the equator, the line element is nowhere below that of
    a sphere of radius M0 with longitudes stretched by N0/M0, where the chord is a bound (haversine with
    2 sin(x/2) >= x - x³/24).
    """
    gap_x = np.maximum(np.maximum(a[:, 0] - b[:, 2], b[:, 0] - a[:, 2]), 0.0)
    gap_y = np.maximum(np.maximum(a[:, 1] - b[:, 3], b[:, 1] - a[:, 3]), 0.0)
    gap_x = np.minimum(gap_x * np.maximum(a[:, 5], b[:, 5]), np.pi)
    square_x, square_y = gap_x * gap_x, gap_y * gap_y
    chord: Floats = np.sqrt(square_y + a[:, 6] * b[:, 6] * square_x)
    bound: Floats = np.minimum(a[:, 4], b[:, 4]) * chord * (1.0 - (square_x + square_y) / 24.0)
    return bound

"""Outlines of geometries as short edges under a tree of boxes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from ..ranges import repeats
from .parts import POINT, POLYGON, paths_of, single_parts

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

MAX_EDGE_DEG = 0.0009
"""Edges are cut to this reach in lon and lat (100 m): read as straight in a local plane they err by under 0.13 mm."""
_FAN = 4


class Outlines(NamedTuple):
    """Edges of many outlines, then the boxes over every few of them, and so on up to one root per outline.

    Nodes 0 … e-1 are the edges themselves. Polygons stand for their rings, points for edges of length 0.
    """

    edges: Floats
    """(e, 4) lon, lat of both ends, degrees."""
    boxes: Floats
    """(n, 4) west, south, east, north, degrees."""
    child: Ints
    """First child of each node; children are consecutive."""
    children: Ints
    """Number of children, 0 for an edge."""
    root: Ints
    """Root node of each geometry, -1 for an empty one."""
    sample: Floats
    """(n, 2) a vertex under each node."""


def outlines(geoms: NDArray[np.object_]) -> Outlines:
    """Take geometries apart into the edges of their outlines.

    Parameters
    ----------
    geoms : ndarray of geometry
        Any types, degrees.
    """
    edges, owner = _edges(geoms)
    nodes = np.hstack([np.minimum(edges[:, :2], edges[:, 2:]), np.maximum(edges[:, :2], edges[:, 2:])])
    sample = edges[:, :2]
    boxes, samples = [nodes], [sample]
    child, children = [np.zeros(len(edges), np.intp)], [np.zeros(len(edges), np.intp)]
    root = np.full(len(geoms), -1, np.intp)
    base = 0
    while len(owner):
        first = np.flatnonzero(np.diff(owner, prepend=-1))
        size = np.diff(first, append=len(owner))
        root[owner[first[size == 1]]] = base + first[size == 1]
        many = np.repeat(size > 1, size)
        rank = np.arange(len(owner)) - np.repeat(first, size)
        start = np.flatnonzero((rank % _FAN == 0) & many)
        if not len(start):
            break
        count = np.minimum(_FAN, np.repeat(size, size)[start] - rank[start])
        low = np.minimum.reduceat(nodes[many, :2], (np.cumsum(many) - 1)[start], axis=0)
        high = np.maximum.reduceat(nodes[many, 2:], (np.cumsum(many) - 1)[start], axis=0)
        sample = sample[start + count // 2]
        child.append(base + start)
        children.append(count)
        base += len(owner)
        owner, nodes = owner[start], np.hstack([low, high])
        boxes.append(nodes)
        samples.append(sample)
    return Outlines(edges, np.vstack(boxes), np.concatenate(child), np.concatenate(children), root, np.vstack(samples))


def _edges(geoms: NDArray[np.object_]) -> tuple[Floats, Ints]:
    """Return the edges (e, 4) and the owner of each, owners ascending."""
    single = single_parts(geoms)
    surface = single.kind == POLYGON
    point = single.kind == POINT
    line = ~surface & ~point
    rings, inner = shapely.get_rings(single.geoms[surface], return_index=True)
    paths = paths_of(
        np.concatenate([single.geoms[line], rings]), np.concatenate([single.owner[line], single.owner[surface][inner]])
    )
    inside = np.ones(len(paths.xy), bool)
    inside[paths.start + paths.sizes - 1] = False
    first = np.flatnonzero(inside)
    edges = np.hstack([paths.xy[first], paths.xy[first + 1]])
    owner = np.repeat(paths.owner, paths.sizes - 1)
    edges, owner = _cut(edges, owner)
    dots = shapely.get_coordinates(single.geoms[point])
    owner = np.concatenate([owner, single.owner[point]])
    order = np.argsort(owner, kind="stable")
    return np.vstack([edges, np.hstack([dots, dots])])[order], owner[order]


def _cut(edges: Floats, owner: Ints) -> tuple[Floats, Ints]:
    """Cut edges that reach too far into equal ones."""
    step = edges[:, 2:] - edges[:, :2]
    pieces = np.maximum(1, np.ceil(np.abs(step).max(axis=1, initial=0.0) / MAX_EDGE_DEG)).astype(np.intp)
    if not (pieces > 1).any():
        return edges, owner
    which, place = repeats(pieces)
    start = (place / pieces[which])[:, None]
    end = ((place + 1) / pieces[which])[:, None]
    near, far = edges[which, :2], edges[which, 2:]
    cut = np.hstack([near + start * (far - near), near + end * (far - near)])
    last = place + 1 == pieces[which]
    cut[last, 2:] = far[last]
    return cut, owner[which]

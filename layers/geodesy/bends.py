"""Lines and outlines as runs of bends, each run in a plane of its own.

A bend is a line of three vertices. The buffer of a line is the union of the flat-ended buffers of its
bends and of a disc at each end. Whole lines are not handed to GEOS, since its buffer first smooths
shallow corners and so errs by up to 0.6 % of the distance (GEOS 3.14: 30 m at 5 km).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from ..ranges import repeats
from .densify import densify
from .normal import to_normal
from .outlines import MAX_EDGE_DEG
from .parts import POINT, POLYGON, Parts, paths_of
from .plane import LocalPlane

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_RUN = 4


class Runs(NamedTuple):
    """Pieces of geometries in normal coordinates about their own centres."""

    pieces: NDArray[np.object_]
    """Multilines of bends, or points for whole discs; m."""
    centre: Floats
    """(n, 2) lon, lat, degrees."""
    owner: Ints


def runs_of(single: Parts) -> Runs:
    """Return the runs of lines and outlines and the ends of lines; points are ends too.

    Parameters
    ----------
    single : Parts
        Single geometries, degrees.
    """
    surface = single.kind == POLYGON
    point = single.kind == POINT
    line = ~surface & ~point
    rings, inner = shapely.get_rings(single.geoms[surface], return_index=True)
    lines = np.concatenate([single.geoms[line], rings])
    owner = np.concatenate([single.owner[line], single.owner[surface][inner]])
    discs = shapely.get_coordinates(single.geoms[point])
    disc_owner = single.owner[point]
    xy, start, size, owner = _vertices(lines, owner)
    last = start + size - 1
    closed = (size > 1) & (xy[start] == xy[last]).all(axis=1)
    ends = np.concatenate([start[~closed], last[~closed & (size > 1)]])
    ends_owner = np.concatenate([owner[~closed], owner[~closed & (size > 1)]])
    centre = np.vstack([discs, xy[ends]])
    runs = _runs(xy, start, size, closed, owner)
    return Runs(
        np.concatenate([runs.pieces, shapely.points(np.zeros((len(centre), 2)))]),
        np.vstack([runs.centre, centre]),
        np.concatenate([runs.owner, disc_owner, ends_owner]),
    )


def _vertices(lines: NDArray[np.object_], owner: Ints) -> tuple[Floats, Ints, Ints, Ints]:
    """Return vertices without repeats, edges up to 100 m, and start, size, owner of every path."""
    paths = paths_of(densify(lines, MAX_EDGE_DEG), owner)
    path = np.repeat(np.arange(len(owner)), paths.sizes)
    new = np.ones(len(path), bool)
    new[1:] = (path[1:] != path[:-1]) | (paths.xy[1:] != paths.xy[:-1]).any(axis=1)
    xy, path = paths.xy[new], path[new]
    size = np.bincount(path, minlength=len(owner)).astype(np.intp)
    single_edge = np.flatnonzero(size == 2)
    first = (np.cumsum(size) - size)[single_edge]
    xy = np.insert(xy, first + 1, 0.5 * (xy[first] + xy[first + 1]), axis=0)
    size[single_edge] = 3
    return xy, np.cumsum(size) - size, size, owner


def _runs(xy: Floats, start: Ints, size: Ints, closed: NDArray[np.bool_], owner: Ints) -> Runs:
    """Return runs of a few consecutive bends; a closed path bends at its seam too."""
    bends = np.where(closed, size - 1, np.maximum(size - 2, 0))
    path, rank = repeats(bends)
    around = rank[:, None] + np.arange(3)
    around = start[path, None] + np.where(closed[path, None], around % (size[path, None] - 1), around)
    fresh = rank % _RUN == 0
    run = np.cumsum(fresh) - 1
    centre = xy[around[fresh, 2]]
    corner = xy[around]
    plane = LocalPlane(centre[run, 0][:, None], centre[run, 1][:, None])
    bent = shapely.linestrings(np.stack(to_normal(plane, corner[..., 0], corner[..., 1]), axis=-1))
    pieces = shapely.multilinestrings(bent, indices=run) if len(run) else np.empty(0, dtype=object)
    return Runs(pieces, centre, owner[path[fresh]])

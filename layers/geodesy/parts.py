"""Geometry arrays taken apart into single parts, rings and vertices, with their owners."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

POINT, LINE, RING, POLYGON = 0, 1, 2, 3
_FIRST_MULTI = 4


class Parts(NamedTuple):
    """Single geometries and the index of the geometry that each came from."""

    geoms: NDArray[np.object_]
    owner: NDArray[np.intp]
    kind: NDArray[np.int_]


def single_parts(geoms: NDArray[np.object_]) -> Parts:
    """Split multiparts and collections, nested ones too, into single geometries.

    Parameters
    ----------
    geoms : ndarray of geometry
        Any types; None and empty ones give no part.

    Returns
    -------
    Parts
        In the order of ``geoms``.
    """
    geoms = np.asarray(geoms, dtype=object).ravel()
    owner = np.arange(geoms.size, dtype=np.intp)
    kind = shapely.get_type_id(geoms)
    while (kind >= _FIRST_MULTI).any():
        geoms, inner = shapely.get_parts(geoms, return_index=True)
        owner = owner[inner]
        kind = shapely.get_type_id(geoms)
    keep = (kind >= POINT) & ~shapely.is_empty(geoms)
    if keep.all():
        return Parts(geoms, owner, kind)
    return Parts(geoms[keep], owner[keep], kind[keep])


class Paths(NamedTuple):
    """Vertices of lines or rings, one after the other."""

    xy: NDArray[np.float64]
    """(n, 2) lon, lat in degrees."""
    start: NDArray[np.intp]
    """First vertex of each path."""
    owner: NDArray[np.intp]
    """Index, per path, into the array that the paths came from."""

    @property
    def sizes(self) -> NDArray[np.intp]:
        """Vertices of each path."""
        return np.diff(self.start, append=len(self.xy))


def paths_of(lines: NDArray[np.object_], owner: NDArray[np.intp]) -> Paths:
    """Read the vertices of single non-empty lines, rings or polygons without holes.

    Parameters
    ----------
    lines : ndarray of geometry
        One path each.
    owner : ndarray of int
        Carried through.
    """
    xy = shapely.get_coordinates(lines)
    count = shapely.get_num_coordinates(lines)
    start = np.zeros(len(lines), dtype=np.intp)
    np.cumsum(count[:-1], out=start[1:])
    return Paths(xy, start, owner)


def sum_by_owner(owner: NDArray[np.intp], values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Add up `values` per owner; `count` owners, 0 for those without any."""
    return np.bincount(owner, values, count).astype(np.float64, copy=False)


def batches(weight: NDArray[np.float64], limit: float) -> list[NDArray[np.intp]]:
    """Split positions 0 … n-1 into consecutive batches, each of a total weight of about `limit`."""
    share = np.floor((np.cumsum(weight) - weight) / limit).astype(np.intp)
    return np.split(np.arange(len(weight)), np.flatnonzero(np.diff(share)) + 1)

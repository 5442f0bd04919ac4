"""Rings to polygons: which ring is a border and which a hole is told by how they lie, never by their numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

Ring = NDArray[np.float64]


def polygon_of(rings: Sequence[Ring]) -> tuple[shapely.Geometry | None, int, int]:
    """Return the polygon of rings, how many of them are holes, and how many are borders.

    Parameters
    ----------
    rings : sequence of ndarray, shape (n, 2)
        Closed or not; rings of fewer than three different points are left out.

    Returns
    -------
    geometry or None
        A ring that lies in an odd number of others is a hole of the smallest one around it.
    """
    good = [closed(ring) for ring in rings if len(np.unique(ring, axis=0)) >= 3]
    if not good:
        return None, 0, 0
    lines = shapely.linearrings(np.concatenate(good), indices=np.repeat(range(len(good)), [len(r) for r in good]))
    if len(good) == 1:
        return shapely.polygons(lines)[0], 0, 1
    parent = _parents(shapely.polygons(lines))
    shells = np.flatnonzero(parent < 0)
    made = [shapely.Polygon(lines[shell], lines[parent == shell].tolist()) for shell in shells]
    return (made[0] if len(made) == 1 else shapely.multipolygons(made)), len(good) - len(shells), len(shells)


def closed(ring: Ring) -> Ring:
    """Return a ring whose last point is its first."""
    return ring if np.array_equal(ring[0], ring[-1]) else np.vstack([ring, ring[:1]])


def _parents(polygons: NDArray[np.object_]) -> NDArray[np.intp]:
    """Return the border that each hole belongs to, -1 for borders."""
    sound = np.where(shapely.is_valid(polygons), polygons, shapely.make_valid(polygons))
    areas = shapely.area(sound)
    inner, outer = shapely.STRtree(sound).query(shapely.point_on_surface(sound), predicate="within")
    real = (areas[outer] > areas[inner]) & (inner != outer)
    inner, outer = inner[real], outer[real]
    depth = np.bincount(inner, minlength=len(polygons))
    parent = np.full(len(polygons), -1, dtype=np.intp)
    for hole in np.flatnonzero(depth % 2 == 1):
        around = outer[inner == hole]
        parent[hole] = around[np.argmin(areas[around])]
    return parent

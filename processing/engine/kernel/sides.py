"""Sides of shapes in planes of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy.plane import LocalPlane

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sides:
    """Sides of n shapes, m.

    Attributes
    ----------
    side : ndarray, shape (n_sides, 5)
        x, y of both ends, and 1 if the shape lies to the left, -1 if to the right.
    start : ndarray of int64, shape (n + 1,)
        The first side of each shape, and their number.
    bounds : ndarray, shape (n, 4)
        West, south, east, north of each shape, NaN where there is none.
    areal, mixed : ndarray of bool, shape (n,)
        Which shapes are areas; which are of several kinds at once, whose lines are left out beside areas.
    """

    side: Floats
    start: Indices
    bounds: Floats
    areal: NDArray[np.bool_]
    mixed: NDArray[np.bool_]

    @classmethod
    def of(cls, shapes: Objects, plane: LocalPlane) -> Sides:
        """Take areas and lines in EPSG:4490 apart."""
        areal = shapely.get_dimensions(shapes) == 2
        parts, owner = shapely.get_parts(shapes, return_index=True)
        surface = shapely.get_dimensions(parts) == 2
        rings, part = shapely.get_rings(parts[surface], return_index=True)
        outer = np.concatenate([[True], part[1:] != part[:-1]])[: len(part)]
        turn = np.where(shapely.is_ccw(rings) == outer, 1.0, -1.0)
        line = ~surface & ~areal[owner]
        runs = np.concatenate([rings, parts[line]])
        of = np.concatenate([owner[surface][part], owner[line]])
        order = np.argsort(of, kind="stable")
        sign = np.concatenate([turn, np.ones(line.sum())])[order]
        degrees, run = shapely.get_coordinates(runs[order], return_index=True)
        of = of[order][run]
        xy = np.column_stack(LocalPlane(plane.lon0[of], plane.lat0[of]).project(*degrees.T))
        at = np.flatnonzero(run[1:] == run[:-1])
        side = np.ascontiguousarray(np.column_stack([xy[at], xy[at + 1], sign[run[at]]]))
        mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
        start = np.searchsorted(of[at], np.arange(len(shapes) + 1))
        return cls(side, start, _bounds(xy, of, len(shapes)), areal, mixed)


def _bounds(xy: Floats, of: Indices, n: int) -> Floats:
    bounds = np.full((n, 4), np.nan)
    some, first = np.unique(of, return_index=True)
    if len(some):
        bounds[some] = np.hstack([np.minimum.reduceat(xy, first), np.maximum.reduceat(xy, first)])
    return bounds

"""Edges of lines in the planes of the shapes that they are about."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy.plane import LocalPlane
from ..kernel.box_tree import Runs
from ..kernel.edges import Edges

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

MAX_EDGE_DEG = 0.0009  # about 100 m: an edge straight in lon/lat leaves the straight edge of the plane by < 0.12 mm
RADIUS_DIGITS = 4  # edges that join share their corners to the last digit: GEOS loses areas that nearly do
BOTH, LEFT, RIGHT = np.int8(0), np.int8(1), np.int8(2)


def flat_edges(
    line: Objects, of: Indices, side: NDArray[np.int8], plane: LocalPlane, limit_m: Floats, bounds: Floats
) -> Edges:
    """Take lines apart and keep what may reach their shapes; a point is an edge without length.

    Parameters
    ----------
    line : ndarray of lines or points, shape (m,)
        EPSG:4490. Lines that go on from one to the next stand in that order.
    of : ndarray of int64, shape (m,)
        The shape that each line is about, ascending.
    side : ndarray of int8, shape (m,)
        On which side of a line its shape lies, seen along the line: `LEFT`, `RIGHT` or `BOTH`.
    plane : LocalPlane
        Those of n shapes.
    limit_m : ndarray, shape (n,)
    bounds : ndarray, shape (n, 4)
        Of the shapes in their planes.
    """
    runs = Runs.of(shapely.remove_repeated_points(line)).cut(MAX_EDGE_DEG)
    index = np.repeat(runs.owner, runs.size)
    shape = of[index]
    x, y = LocalPlane(plane.lon0[shape], plane.lat0[shape]).project(*runs.xy.T)
    z = x + 1j * y
    alone = np.repeat(runs.size == 1, runs.size)
    start = np.flatnonzero(alone | (np.diff(index, append=-1) == 0))
    end = np.where(alone[start], start, start + 1)
    a, b, of_edge, sides = z[start], z[end], shape[start], side[index[start]]
    length = np.abs(b - a)
    way = np.where(length > 0, (b - a) / np.where(length > 0, length, 1.0), 1.0)
    joined = (of_edge[1:] == of_edge[:-1]) & (b[:-1] == a[1:]) & (sides[1:] == sides[:-1])
    joined &= (length[1:] > 0) & (length[:-1] > 0)
    before, after = np.zeros_like(way), np.zeros_like(way)
    before[1:][joined], after[:-1][joined] = way[:-1][joined], way[1:][joined]
    # Plane metres per metre, between the edge and the middle of its shape.
    scale = 1.0 + ((x[start] + x[end]) / 2) ** 2 / (6.0 * plane.radius2[of_edge])
    radius = np.round(limit_m[of_edge] * scale, RADIUS_DIGITS)
    edges = Edges(of_edge, a, b, way, before, after, radius, sides != RIGHT, sides != LEFT)
    return edges.take(may_reach(edges, bounds))


def may_reach(edges: Edges, bounds: Floats) -> Indices:
    """Return the edges whose boxes come within the limit of the box of their shape."""
    west, south, east, north = bounds[edges.of].T
    low_x, high_x = np.minimum(edges.a.real, edges.b.real), np.maximum(edges.a.real, edges.b.real)
    low_y, high_y = np.minimum(edges.a.imag, edges.b.imag), np.maximum(edges.a.imag, edges.b.imag)
    apart = np.hypot(
        np.maximum(0.0, np.maximum(low_x - east, west - high_x)),
        np.maximum(0.0, np.maximum(low_y - north, south - high_y)),
    )
    return np.flatnonzero(apart <= edges.radius)

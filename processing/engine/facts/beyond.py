"""The part of shapes that lies further than a limit from lines.

Each shape is looked at in a transverse Mercator plane of its own. What lies within the
limit of a line is the union of one rectangle per edge, one sector per bend and half a disc
per end: GEOS's own buffer of a whole line first smooths it by up to 1 % of the distance, and
only tells which edges bear on the border.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy.joined import joined
from ....layers.geodesy.plane import LocalPlane
from ....layers.ranges import repeats
from ..kernel.beyond import ALMOST_BACK, arc_chords
from ..kernel.edges import Edges
from .flat_edges import flat_edges, may_reach

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]

SLIT_M = 1e-6  # a bend that opens a narrower slit needs no sector
LAP_M = 1e-3  # rectangles that only meet may leave a hair for lines that run along it; so far over, none is longer
SURELY = 0.985  # of the limit; GEOS errs by less than 1 %, and chords of 16 a quarter circle by 0.15 %


def beyond(
    shape: Objects, plane: LocalPlane, limit_m: Floats, line: Objects, of: Indices, side: NDArray[np.int8]
) -> Objects:
    """Return the part of each shape further than its limit from all lines given for it, EPSG:4490.

    Every point of the new border lies between ``limit - 11 mm`` and ``limit + 1 mm`` from the
    lines, where shapes are small beside the earth: for a shape that reaches h from the middle of its plane
    the plane errs by up to h (2 h + limit) limit / 6 R², 0.6 mm for 3 km and a limit of 5 km.

    Parameters
    ----------
    shape : ndarray of polygons or lines, shape (n,)
        Without long edges.
    plane : LocalPlane
        About the middle of each.
    limit_m : ndarray, shape (n,)
    line, of, side : ndarray, shape (m,)
        See `flat_edges`.
    """
    if not len(shape):
        return shape
    flat = _moved(shape, plane, "project")
    torn = np.flatnonzero(~shapely.is_valid(flat))  # hairs that an overlay left may cross when they are moved
    flat[torn] = shapely.make_valid(flat[torn], method="structure")
    edges = flat_edges(line, of, side, plane, limit_m, shapely.bounds(flat).reshape(-1, 4))
    return _moved(_rest(flat, edges), plane, "unproject")


def _moved(shape: Objects, plane: LocalPlane, way: str) -> Objects:
    """Project each shape to its plane, or back."""
    xy, index = shapely.get_coordinates(shape, return_index=True)
    turn = getattr(LocalPlane(plane.lon0[index], plane.lat0[index]), way)
    return np.asarray(shapely.set_coordinates(shape.copy(), np.column_stack(turn(xy[:, 0], xy[:, 1]))))


def _rest(flat: Objects, near: Edges) -> Objects:
    """Return what of shapes in their planes lies beyond edges."""
    _take_out(flat, *_roughly_around(near))
    # What is left tells which edges bear on the new border: those about as far from it as the limit.
    near = near.take(_near(near, flat)).with_ends()
    around = _around(near, np.where(shapely.get_dimensions(flat)[near.of] == 1, LAP_M, 0.0))
    bears = shapely.intersects(flat[near.of], around)
    some, index = np.unique(near.of[bears], return_inverse=True)
    if len(some):
        _take_out(flat, some, joined(around[bears], index))
    return flat


def _take_out(flat: Objects, of: Indices, area: Objects) -> None:
    flat[of] = shapely.difference(flat[of], area)


def _roughly_around(edges: Edges) -> tuple[Indices, Objects]:
    """Return the shapes that have edges, and most of what lies within the limit of those: surely no point more."""
    if not len(edges.of):
        return edges.of, np.empty(0, dtype=object)
    begins = edges.begins()
    first = np.flatnonzero(begins)
    ends = np.append(first[1:], len(begins)) - 1
    line = np.concatenate([np.cumsum(begins) - 1, np.arange(len(first))])
    corner = np.concatenate([edges.a, edges.b[ends]])
    order = np.argsort(line, kind="stable")
    xy = np.column_stack([corner[order].real, corner[order].imag])
    some, start, index = np.unique(edges.of[first], return_index=True, return_inverse=True)
    lines = shapely.multilinestrings(shapely.linestrings(xy, indices=line[order]), indices=index)
    return some, np.asarray(shapely.buffer(lines, SURELY * edges.radius[first][start], quad_segs=16))


def _near(edges: Edges, flat: Objects) -> Indices:
    """Return which edges come within the limit of their shape."""
    rows = may_reach(edges, shapely.bounds(flat).reshape(-1, 4))
    ends = np.stack([edges.a[rows], edges.b[rows]], axis=1)
    segments = shapely.linestrings(np.stack([ends.real, ends.imag], axis=-1))
    alone = np.flatnonzero(ends[:, 0] == ends[:, 1])  # a prepared shape is near no line without length
    segments[alone] = shapely.points(ends[alone, 0].real, ends[alone, 0].imag)
    shapely.prepare(flat)  # of this call alone, so that no other thread meets it
    return np.asarray(rows[shapely.dwithin(flat[edges.of[rows]], segments, edges.radius[rows])])


def _around(edges: Edges, lap_m: Floats) -> Objects:
    """Return what lies within the limit of each edge and of its end ``b``, on the sides that are asked for.

    Where an edge goes on from another, it begins so much earlier.
    """
    side = 1j * edges.way * edges.radius
    start = edges.a - np.where(edges.before == 0, 0.0, lap_m) * edges.way
    bend = np.angle(np.where(edges.after == 0, 1.0, edges.after / edges.way))
    ends = (edges.after == 0) | (np.abs(bend) > ALMOST_BACK)
    bend = np.where(ends, np.pi, bend)
    to_right = edges.right & (bend * edges.radius > SLIT_M) | ends
    to_left = edges.left & (-bend * edges.radius > SLIT_M) & ~ends
    rows = np.arange(len(side))
    # In this order about the ring; each part is a row number and corners.
    parts = [
        (rows[edges.right], (start - side)[edges.right]),
        (rows[edges.right | ends], (edges.b - side)[edges.right | ends]),
        _arc(edges, rows[to_right], -1j, bend, ends),
        (rows, np.where(ends, edges.b + side, edges.b)),
        _arc(edges, rows[to_left], 1j, bend, ends),
        (rows[edges.left & ~ends], (edges.b + side)[edges.left & ~ends]),
        (rows[edges.left], (start + side)[edges.left]),
        (rows[~edges.left & ends], edges.b[~edges.left & ends]),
        (rows, start),
        (rows[~edges.right & ends], edges.b[~edges.right & ends]),
    ]
    row = np.concatenate([part[0] for part in parts])
    corner = np.concatenate([part[1] for part in parts])
    order = np.argsort(row, kind="stable")
    rings = shapely.linearrings(np.column_stack([corner[order].real, corner[order].imag]), indices=row[order])
    return np.asarray(shapely.polygons(rings))


def _arc(edges: Edges, rows: Indices, outer: complex, bend: Floats, ends: NDArray[np.bool_]) -> tuple[Indices, Complex]:
    """Return the corners of the arcs about the ends ``b``, in the order of the rings, without the one at the edge."""
    turn, radius = bend[rows], edges.radius[rows]
    chords = arc_chords(turn, radius)
    row, nth = repeats(chords)
    nth = nth + 1 if outer == -1j else chords[row] - nth
    way = edges.way[rows][row] * np.exp(1j * turn[row] * nth / chords[row])
    final = np.where(ends, -edges.way, edges.after)[rows]
    way = np.where(nth == chords[row], final[row], way)  # so that it meets the next rectangle
    return rows[row], edges.b[rows][row] + outer * way * radius[row]

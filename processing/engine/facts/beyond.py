"""The part of shapes that lies further than a limit from lines.

Each shape is looked at in a transverse Mercator plane of its own. What lies within the
limit of a line is the union of one rectangle per edge, one sector per bend and half a disc
per end: GEOS's own buffer of a whole line first smooths it by up to 1 % of the distance, and
only tells which edges bear on the border.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy.area import polygon_areas
from ....layers.geodesy.joined import joined
from ....layers.geodesy.length import line_lengths
from ....layers.geodesy.plane import LocalPlane
from ..kernel.beyond import ALMOST_BACK, arc_chords, rest_measures
from ..kernel.edges import Edges
from ..kernel.library import kernel

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]

MAX_EDGE_DEG = 0.0009  # about 100 m: an edge straight in lon/lat leaves the straight edge of the plane by < 0.12 mm
SLIT_M = 1e-6  # a bend that opens a narrower slit needs no sector
RADIUS_DIGITS = 4  # edges that join share their corners to the last digit: GEOS loses areas that nearly do
SURELY = 0.985  # of the limit; GEOS errs by less than 1 %, and chords of 16 a quarter circle by 0.15 %
BOTH, LEFT, RIGHT = np.int8(0), np.int8(1), np.int8(2)


def beyond(shape: Objects, limit_m: Floats, line: Objects, of: Indices, side: NDArray[np.int8]) -> Objects:
    """Return the part of each shape further than its limit from all lines given for it, EPSG:4490.

    Every point of the new border lies between ``limit - 11 mm`` and ``limit + 1 mm`` from the
    lines, where shapes are small beside the earth: for a shape that reaches h from its middle
    the plane errs by up to h (2 h + limit) limit / 6 R², 0.6 mm for 3 km and a limit of 5 km.

    Parameters
    ----------
    shape : ndarray of polygons or lines, shape (n,)
    limit_m : ndarray, shape (n,)
    line : ndarray of lines or points, shape (m,)
        Lines that go on from one to the next stand in that order.
    of : ndarray of int64, shape (m,)
        The position of the shape that each line is for, ascending.
    side : ndarray of int8, shape (m,)
        On which side of a line its shape lies, seen along the line: `LEFT`, `RIGHT` or `BOTH`.
    """
    if not len(shape):
        return shape
    flat, edges, lon, lat = _laid_flat(shape, limit_m, line, of, side)
    return _moved(_rest(flat, edges), lon, lat, "unproject")


def measured_beyond(
    shape: Objects,
    limit_m: Floats,
    line: Objects,
    of: Indices,
    side: NDArray[np.int8],
    retraced: NDArray[np.bool_],
) -> Floats:
    """Return how much of each shape lies further than its limit from all lines given for it, m² or m.

    As of `beyond`; the compiled loops measure it without making it.

    Parameters
    ----------
    retraced : ndarray of bool, shape (n,)
        Which shapes are lines that run over one stretch twice, to be counted once.
    """
    measure, open_ = np.zeros(len(shape)), np.ones(len(shape), dtype=bool)
    if not len(shape):
        return measure
    flat, edges, lon, lat = _laid_flat(shape, limit_m, line, of, side)
    library = kernel()
    if library is not None:
        plane = LocalPlane(lon, lat)
        measure, open_ = rest_measures(library, flat, np.radians(lat), plane.radius2, edges, edges.with_ends())
        open_ |= retraced
    rows = np.flatnonzero(open_)
    if len(rows):
        place = np.full(len(shape), -1)
        place[rows] = np.arange(len(rows))
        own = edges.take(np.flatnonzero(open_[edges.of]))
        left = _rest(flat[rows], replace(own, of=place[own.of]))
        left = _moved(left, lon[rows], lat[rows], "unproject")
        measure[rows] = np.where(shapely.get_dimensions(shape[rows]) == 2, polygon_areas(left), line_lengths(left))
    return measure


def _laid_flat(
    shape: Objects, limit_m: Floats, line: Objects, of: Indices, side: NDArray[np.int8]
) -> tuple[Objects, Edges, Floats, Floats]:
    """Return each shape in a plane of its own, the edges that may reach it, and the middle of the plane."""
    west, south, east, north = shapely.bounds(shape).reshape(-1, 4).T
    lon, lat = (west + east) / 2, (south + north) / 2
    flat = _moved(shapely.segmentize(shape, MAX_EDGE_DEG), lon, lat, "project")
    torn = np.flatnonzero(~shapely.is_valid(flat))  # hairs that an overlay left may cross when they are moved
    flat[torn] = shapely.make_valid(flat[torn], method="structure")
    edges = _edges(line, of, side, lon, lat, limit_m)
    return flat, edges.take(_may_reach(edges, flat)), lon, lat


def _rest(flat: Objects, near: Edges) -> Objects:
    """Return what of shapes in their planes lies beyond edges."""
    _take_out(flat, *_roughly_around(near))
    # What is left tells which edges bear on the new border: those about as far from it as the limit.
    near = near.take(_near(near, flat)).with_ends()
    around = _around(near)
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


def _moved(shape: Objects, lon: Floats, lat: Floats, way: str) -> Objects:
    """Project each shape to the plane about its own middle, or back."""
    xy, index = shapely.get_coordinates(shape, return_index=True)
    turn = getattr(LocalPlane(lon[index], lat[index]), way)
    return np.asarray(shapely.set_coordinates(shape.copy(), np.column_stack(turn(xy[:, 0], xy[:, 1]))))


def _edges(line: Objects, of: Indices, side: NDArray[np.int8], lon: Floats, lat: Floats, limit_m: Floats) -> Edges:
    """Take lines apart; a point is an edge without length."""
    dense = shapely.segmentize(shapely.remove_repeated_points(line), MAX_EDGE_DEG)
    degrees, index = shapely.get_coordinates(dense, return_index=True)
    shape = of[index]
    plane = LocalPlane(lon[shape], lat[shape])
    x, y = plane.project(degrees[:, 0], degrees[:, 1])
    z = x + 1j * y
    alone = np.bincount(index, minlength=len(line))[index] == 1
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
    scale = 1.0 + ((x[start] + x[end]) / 2) ** 2 / (6.0 * plane.radius2[start])
    radius = np.round(limit_m[of_edge] * scale, RADIUS_DIGITS)
    return Edges(of_edge, a, b, way, before, after, radius, sides != RIGHT, sides != LEFT)


def _may_reach(edges: Edges, flat: Objects) -> Indices:
    """Return the edges whose boxes come within the limit of the box of their shape."""
    west, south, east, north = shapely.bounds(flat).reshape(-1, 4)[edges.of].T
    low_x, high_x = np.minimum(edges.a.real, edges.b.real), np.maximum(edges.a.real, edges.b.real)
    low_y, high_y = np.minimum(edges.a.imag, edges.b.imag), np.maximum(edges.a.imag, edges.b.imag)
    apart = np.hypot(
        np.maximum(0.0, np.maximum(low_x - east, west - high_x)),
        np.maximum(0.0, np.maximum(low_y - north, south - high_y)),
    )
    return np.flatnonzero(apart <= edges.radius)


def _near(edges: Edges, flat: Objects) -> Indices:
    """Return which edges come within the limit of their shape."""
    rows = _may_reach(edges, flat)
    ends = np.stack([edges.a[rows], edges.b[rows]], axis=1)
    segments = shapely.linestrings(np.stack([ends.real, ends.imag], axis=-1))
    alone = np.flatnonzero(ends[:, 0] == ends[:, 1])  # a prepared shape is near no line without length
    segments[alone] = shapely.points(ends[alone, 0].real, ends[alone, 0].imag)
    shapely.prepare(flat)  # of this call alone, so that no other thread meets it
    return np.asarray(rows[shapely.dwithin(flat[edges.of[rows]], segments, edges.radius[rows])])


def _around(edges: Edges) -> Objects:
    """Return what lies within the limit of each edge and of its end ``b``, on the sides that are asked for."""
    side = 1j * edges.way * edges.radius
    bend = np.angle(np.where(edges.after == 0, 1.0, edges.after / edges.way))
    ends = (edges.after == 0) | (np.abs(bend) > ALMOST_BACK)
    bend = np.where(ends, np.pi, bend)
    to_right = edges.right & (bend * edges.radius > SLIT_M) | ends
    to_left = edges.left & (-bend * edges.radius > SLIT_M) & ~ends
    rows = np.arange(len(side))
    # In this order about the ring; each part is a row number and corners.
    parts = [
        (rows[edges.right], (edges.a - side)[edges.right]),
        (rows[edges.right | ends], (edges.b - side)[edges.right | ends]),
        _arc(edges, rows[to_right], -1j, bend, ends),
        (rows, np.where(ends, edges.b + side, edges.b)),
        _arc(edges, rows[to_left], 1j, bend, ends),
        (rows[edges.left & ~ends], (edges.b + side)[edges.left & ~ends]),
        (rows[edges.left], (edges.a + side)[edges.left]),
        (rows[~edges.left & ends], edges.b[~edges.left & ends]),
        (rows, edges.a),
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
    row = np.repeat(np.arange(len(rows)), chords)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(chords) - chords, chords) + 1
    nth = nth if outer == -1j else chords[row] - nth + 1
    way = edges.way[rows][row] * np.exp(1j * turn[row] * nth / chords[row])
    final = np.where(ends, -edges.way, edges.after)[rows]
    way = np.where(nth == chords[row], final[row], way)  # so that it meets the next rectangle
    return rows[row], edges.b[rows][row] + outer * way * radius[row]

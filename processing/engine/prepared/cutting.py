"""Cuts large geometries into small ones, so that no later step ever meets a large one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.ranges import repeats
from ....layers.threads import spread

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]

# Measured: smaller pieces make each overlay cheaper, but more sites then cross a cutting line and need one.
PIECE_VERTICES = 384
CHUNK_VERTICES = 12

Clip = Callable[[shapely.Geometry, float, float, float, float], shapely.Geometry]
Wanted = Callable[[NDArray[np.float64]], NDArray[np.bool_]]


def cut_polygons(
    polygons: Objects, limit: int = PIECE_VERTICES, wanted: Wanted | None = None
) -> tuple[Objects, Indices]:
    """Cut polygons by halving their boxes until no piece has more than `limit` vertices.

    Parameters
    ----------
    polygons : ndarray of valid Polygon or MultiPolygon, shape (n,)
    limit : int
    wanted : callable, optional
        Tells of boxes, shape (n, 4), whether pieces there are wanted; the others are left out, and what holds
        no wanted place is not cut. Those that are wanted are the same, in the same order.

    Returns
    -------
    pieces : ndarray of Polygon
    source : ndarray of int64
        The position in `polygons` that each piece comes from. The pieces of one
        polygon tile it without overlap.
    """
    pieces, source, n_whole = _cut(polygons, limit, _clip, wanted)
    again = np.unique(source[n_whole:][~spread(shapely.is_valid, pieces[n_whole:])])
    if not len(again):
        return pieces, source
    # The quick clip gave an invalid piece: these polygons are cut by full overlays.
    slow, origin, _ = _cut(polygons[again], limit, _overlay, wanted)
    keep = ~np.isin(source, again)
    return np.concatenate([pieces[keep], slow]), np.concatenate([source[keep], again[origin]])


def _cut(polygons: Objects, limit: int, clip: Clip, wanted: Wanted | None) -> tuple[Objects, Indices, int]:
    """Return pieces, the polygon of each, and how many of them, the first, no cut has touched."""
    parts, source = _single(polygons)
    done: list[tuple[Objects, Indices]] = []
    while len(parts):
        if wanted is not None:
            some = wanted(shapely.bounds(parts).reshape(-1, 4))
            parts, source = parts[some], source[some]
        large = shapely.get_num_coordinates(parts) > limit
        done.append((parts[~large], source[~large]))
        parts, source = _halve(parts[large], source[large], clip)
    pieces = np.concatenate([piece for piece, _ in done]) if done else np.empty(0, dtype=object)
    origin = np.concatenate([index for _, index in done]) if done else np.empty(0, dtype=np.int64)
    return pieces, origin.astype(np.int64), len(done[0][0]) if done else 0


def _single(shapes: Objects) -> tuple[Objects, Indices]:
    """Return the parts of shapes and the shape of each, in their order; only what has several is copied."""
    several = shapely.get_type_id(shapes) != shapely.GeometryType.POLYGON
    parts, index = shapely.get_parts(shapes[several], return_index=True)
    at = np.concatenate((np.flatnonzero(~several), np.flatnonzero(several)[index]))
    order = np.argsort(at, kind="stable")
    return np.concatenate((shapes[~several], parts))[order], at[order]


def _halve(parts: Objects, source: Indices, clip: Clip) -> tuple[Objects, Indices]:
    """Cut each polygon across the longer side of its box."""
    halves = np.empty(2 * len(parts), dtype=object)
    for i, (part, (west, south, east, north)) in enumerate(
        zip(parts, shapely.bounds(parts).reshape(-1, 4).tolist(), strict=True)
    ):  # the quick clip takes scalars only
        if north - south > east - west:
            middle = (south + north) / 2
            halves[2 * i], halves[2 * i + 1] = (
                clip(part, west, south, east, middle),
                clip(part, west, middle, east, north),
            )
        else:
            middle = (west + east) / 2
            halves[2 * i], halves[2 * i + 1] = (
                clip(part, west, south, middle, north),
                clip(part, middle, south, east, north),
            )
    pieces, index = _single(halves)
    keep = (shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(pieces)
    return pieces[keep], np.repeat(source, 2)[index[keep]]


def _clip(part: shapely.Geometry, west: float, south: float, east: float, north: float) -> shapely.Geometry:
    return shapely.clip_by_rect(part, west, south, east, north)


def _overlay(part: shapely.Geometry, west: float, south: float, east: float, north: float) -> shapely.Geometry:
    return shapely.intersection(part, shapely.box(west, south, east, north))


def cut_lines(lines: Objects, limit: int = CHUNK_VERTICES) -> tuple[Objects, Indices]:
    """Cut lines into runs of at most `limit` vertices; neighbouring runs share their end vertex.

    Parameters
    ----------
    lines : ndarray of LineString, LinearRing, MultiLineString or Point, shape (n,)

    Returns
    -------
    runs : ndarray of LineString or Point
    source : ndarray of int64
        The position in `lines` that each run comes from.
    """
    parts, source = shapely.get_parts(lines, return_index=True)
    points = shapely.get_type_id(parts) == shapely.GeometryType.POINT
    strings, origin = parts[~points], source[~points]
    if not len(strings):
        return parts[points], source[points].astype(np.int64)
    count = shapely.get_num_coordinates(strings)
    step = limit - 1
    line, nth = repeats(np.maximum(1, -(-(count - 1) // step)))
    first = (np.cumsum(count) - count)[line]
    begin = first + nth * step
    length = np.minimum(begin + step, first + count[line] - 1) - begin + 1
    run, row = repeats(length)
    row += begin[run]
    runs = shapely.linestrings(shapely.get_coordinates(strings)[row], indices=run)
    return np.concatenate([parts[points], runs]), np.concatenate([source[points], origin[line]]).astype(np.int64)


def first_vertices(geometry: Objects) -> NDArray[np.float64]:
    """Return the first vertex of each geometry, shape (n, 2)."""
    coords, index = shapely.get_coordinates(geometry, return_index=True)
    first = np.concatenate(([True], index[1:] != index[:-1])) if len(index) else np.empty(0, dtype=bool)
    return np.asarray(coords[first])

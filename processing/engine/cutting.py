"""Cuts large geometries into small ones, so that no later step ever meets a large one."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]

PIECE_VERTICES = 128
CHUNK_VERTICES = 24


def cut_polygons(polygons: Objects, limit: int = PIECE_VERTICES) -> tuple[Objects, Indices]:
    """Cut polygons by halving their boxes until no piece has more than `limit` vertices.

    Parameters
    ----------
    polygons : ndarray of valid Polygon or MultiPolygon, shape (n,)
    limit : int

    Returns
    -------
    pieces : ndarray of Polygon
    source : ndarray of int64
        The position in `polygons` that each piece comes from. The pieces of one
        polygon tile it without overlap.
    """
    parts, source = shapely.get_parts(polygons, return_index=True)
    done: list[tuple[Objects, Indices]] = []
    while len(parts):
        large = shapely.get_num_coordinates(parts) > limit
        done.append((parts[~large], source[~large]))
        parts, source = _halve(parts[large], source[large])
    pieces = np.concatenate([piece for piece, _ in done]) if done else np.empty(0, dtype=object)
    origin = np.concatenate([index for _, index in done]) if done else np.empty(0, dtype=np.int64)
    return pieces, origin.astype(np.int64)


def _halve(parts: Objects, source: Indices) -> tuple[Objects, Indices]:
    """Cut each polygon across the longer side of its box."""
    west, south, east, north = shapely.bounds(parts).T.reshape(4, -1)
    tall = (north - south) > (east - west)
    middle = np.where(tall, (south + north) / 2, (west + east) / 2)
    halves = np.empty(2 * len(parts), dtype=object)
    for i, part in enumerate(parts):  # clip_by_rect takes scalars only
        if tall[i]:
            halves[2 * i] = shapely.clip_by_rect(part, west[i], south[i], east[i], middle[i])
            halves[2 * i + 1] = shapely.clip_by_rect(part, west[i], middle[i], east[i], north[i])
        else:
            halves[2 * i] = shapely.clip_by_rect(part, west[i], south[i], middle[i], north[i])
            halves[2 * i + 1] = shapely.clip_by_rect(part, middle[i], south[i], east[i], north[i])
    bad = np.flatnonzero(~shapely.is_valid(halves))
    if len(bad):
        halves[bad] = _overlay_halves(parts, west, south, east, north, tall, middle, bad)
    pieces, index = shapely.get_parts(halves, return_index=True)
    keep = (shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(pieces)
    return pieces[keep], np.repeat(source, 2)[index[keep]]


def _overlay_halves(
    parts: Objects,
    west: NDArray[np.float64],
    south: NDArray[np.float64],
    east: NDArray[np.float64],
    north: NDArray[np.float64],
    tall: NDArray[np.bool_],
    middle: NDArray[np.float64],
    bad: Indices,
) -> Objects:
    """Cut by a full overlay where the quick clip gave an invalid piece."""
    i, second = bad // 2, bad % 2 == 1
    boxes = shapely.box(
        np.where(~tall[i] & second, middle[i], west[i]),
        np.where(tall[i] & second, middle[i], south[i]),
        np.where(~tall[i] & ~second, middle[i], east[i]),
        np.where(tall[i] & ~second, middle[i], north[i]),
    )
    return np.asarray(shapely.intersection(parts[i], boxes))


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
    n_runs = np.maximum(1, -(-(count - 1) // step))
    line = np.repeat(np.arange(len(strings)), n_runs)
    nth = np.arange(len(line)) - np.repeat(np.cumsum(n_runs) - n_runs, n_runs)
    first = (np.cumsum(count) - count)[line]
    begin = first + nth * step
    length = np.minimum(begin + step, first + count[line] - 1) - begin + 1
    run = np.repeat(np.arange(len(line)), length)
    row = np.arange(len(run)) - np.repeat(np.cumsum(length) - length, length) + begin[run]
    runs = shapely.linestrings(shapely.get_coordinates(strings)[row], indices=run)
    return np.concatenate([parts[points], runs]), np.concatenate([source[points], origin[line]]).astype(np.int64)

"""Geodesic buffers."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from .bends import Runs, runs_of
from .joined import join
from .normal import from_normal
from .parts import POINT, POLYGON, batches, single_parts
from .plane import LocalPlane

Floats = NDArray[np.float64]
Objects = NDArray[np.object_]

_BATCH = 20_000
_MIN_QUADRANT = 32
_MAX_EDGE_M = 150.0


def buffer(geoms: Objects, distance_m: ArrayLike, tolerance_m: float = 0.01) -> Objects:
    """Return all points within a geodesic distance of each geometry.

    Every point of the result's boundary lies between ``distance_m - tolerance_m - 1 mm`` and
    ``distance_m + 1 mm`` from the geometry, for distances up to 10 km.

    Parameters
    ----------
    geoms : ndarray of geometry
        Any types, EPSG:4490 degrees, edges straight in lon/lat; polygons valid.
    distance_m : float or array_like
        m on the CGCS2000 ellipsoid, one for all or one each, 0 to 20,000; 0 gives polygons back
        and nothing for the rest.
    tolerance_m : float
        By how much chords may cut the circles short, m.

    Returns
    -------
    ndarray of polygon or multipolygon
        Degrees, edges up to 150 m; empty for empty geometries, None for None.

    Raises
    ------
    ValueError
        If a distance is negative, above 20 km or not a number, or the tolerance is not above 0.
    """
    geoms = np.asarray(geoms, dtype=object)
    distance = np.broadcast_to(np.asarray(distance_m, np.float64), geoms.shape).ravel()
    if not ((distance >= 0.0) & (distance <= 20_000.0)).all():
        raise ValueError("distance_m must lie between 0 and 20,000")
    if not tolerance_m > 0.0:
        raise ValueError(f"tolerance_m must be above 0, not {tolerance_m}")
    flat = geoms.ravel()
    result = np.empty(flat.size, dtype=object)
    weight = shapely.get_num_coordinates(flat) + 1.0
    for batch in batches(weight, _BATCH):
        result[batch] = _buffer(flat[batch], distance[batch], tolerance_m)
    result[shapely.is_missing(flat)] = None
    return result.reshape(geoms.shape)


def _buffer(geoms: Objects, distance: Floats, tolerance_m: float) -> Objects:
    single = single_parts(geoms)
    surface = single.kind == POLYGON
    runs = runs_of(single)
    wide = distance[runs.owner] > 0.0
    runs = Runs(runs.pieces[wide], runs.centre[wide], runs.owner[wide])
    around = _to_degrees(_grow(runs.pieces, distance[runs.owner], tolerance_m), runs.centre)
    parts = np.concatenate([single.geoms[surface], around])
    owner = np.concatenate([single.owner[surface], runs.owner])
    order = np.argsort(owner, kind="stable")
    parts = parts[order]
    edges = np.searchsorted(owner[order], np.arange(len(geoms) + 1))
    result = np.full(len(geoms), shapely.Polygon(), dtype=object)
    for i in np.flatnonzero(np.diff(edges)):
        own = parts[edges[i] : edges[i + 1]]
        result[i] = own[0] if len(own) == 1 else join(own)
    return result


def _grow(pieces: Objects, distance: Floats, tolerance_m: float) -> Objects:
    """Buffer pieces in their planes, with as many chords as the tolerance asks for."""
    grown = np.empty(len(pieces), dtype=object)
    quadrant = _quadrant_chords(distance, tolerance_m)
    disc = shapely.get_type_id(pieces) == POINT
    for chords in np.unique(quadrant):
        for kind, cap in ((disc, "round"), (~disc, "flat")):
            same = kind & (quadrant == chords)
            grown[same] = shapely.buffer(pieces[same], distance[same], quad_segs=int(chords), cap_style=cap)
    return grown


def _quadrant_chords(distance: Floats, tolerance_m: float) -> NDArray[np.intp]:
    """Chords per quarter circle: GEOS draws some half as long again as asked, hence 1.5."""
    widest = np.sqrt(8.0 * tolerance_m / np.maximum(distance, tolerance_m)) / 1.5
    chords: NDArray[np.intp] = np.maximum(_MIN_QUADRANT, np.ceil(0.5 * np.pi / widest)).astype(np.intp)
    return chords


def _to_degrees(shapes: Objects, centre: Floats) -> Objects:
    shapes = shapely.segmentize(shapes, _MAX_EDGE_M)
    xy, index = shapely.get_coordinates(shapes, return_index=True)
    plane = LocalPlane(centre[index, 0], centre[index, 1])
    turned: Objects = shapely.set_coordinates(shapes, np.column_stack(from_normal(plane, xy[:, 0], xy[:, 1])))
    return turned

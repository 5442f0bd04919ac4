"""How deep points and lines lie in a feature."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy.distance import inverse
from ....layers.geodesy.ellipsoid import radii
from ..kernel import nearest as compiled
from ..kernel.box_tree import MAX_EDGE_DEG, Lines
from ..prepared.layer import PreparedLayer, Rims
from .plane_search import to_own_rim
from .search_sites import SearchSites

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

STRIDE = 6


def point_depths(overlap: Objects, feature: Indices, layer: PreparedLayer) -> Floats:
    """Return the greatest distance from the vertices of points or lines to the border of the feature they lie in, m.

    Parameters
    ----------
    overlap : ndarray of points or lines, EPSG:4490
    feature : ndarray of int64
        Row of the feature in `layer`, per overlap.
    """
    if not len(overlap):
        return np.empty(0)
    if not compiled.available():
        return _by_geos(overlap, feature, layer.rims)
    deepest = _compiled(overlap, feature, layer.rim_lines)
    rest = np.flatnonzero(np.isnan(deepest))
    if len(rest):
        deepest[rest] = _by_geos(overlap[rest], feature[rest], layer.rims)
    return deepest


def _compiled(overlap: Objects, feature: Indices, rims: Lines) -> Floats:
    """Return the depths, NaN where the search leaves them or nothing lies deeper than 1 cm."""
    coords, index = _vertices(overlap)
    sites = compiled.Sites.of_points(coords)
    end = np.cumsum(np.bincount(index, minlength=len(overlap)))
    out = np.full(len(overlap), np.nan)
    rows = np.setdiff1d(np.arange(len(overlap)), index[~sites.fit])
    for reach_m in (compiled.MAX_REACH_M, compiled.FAR_REACH_M):
        start = np.concatenate(([0], end))[rows]
        found, state = compiled.deepest(sites, start, end[rows], rims, feature[rows], reach_m)
        distance, _ = inverse(found["site_lon"], found["site_lat"], found["lon"], found["lat"])
        vertex, at = np.unique(found["job"], return_inverse=True)
        to_rim = np.full(len(vertex), np.inf)
        np.minimum.at(to_rim, at, distance)
        np.fmax.at(out, index[vertex], to_rim)
        out[rows[state != compiled.FOUND]] = np.nan
        rows = rows[state == compiled.NONE]
    return out


def _vertices(overlap: Objects) -> tuple[Floats, Indices]:
    """Return the vertices of overlaps with long edges cut, and the overlap of each."""
    coords, index = shapely.get_coordinates(shapely.segmentize(overlap, MAX_EDGE_DEG), return_index=True)
    return coords, index


def _by_geos(overlap: Objects, feature: Indices, rims: Rims) -> Floats:
    coords, index = _vertices(overlap)
    points = shapely.points(coords)
    furthest = np.full(len(points), np.inf)
    deepest = np.zeros(len(overlap))
    # One vertex in a few stands for its followers: none of them is further than it and the way to it.
    stand_in = np.arange(len(points)) // STRIDE * STRIDE
    few = stand_in == np.arange(len(points))
    for todo in (np.flatnonzero(few), np.flatnonzero(~few)):
        from_it = todo[index[stand_in[todo]] == index[todo]]
        furthest[from_it] = furthest[stand_in[from_it]] + _at_most_m(points[from_it], points[stand_in[from_it]])
        near = todo[furthest[todo] > deepest[index[todo]]]
        furthest[near] = np.minimum(furthest[near], _furthest(points[near], feature[index[near]], rims))
        _measure(points, index, feature, rims, near, furthest, deepest)
    return deepest


def _measure(
    points: Objects,
    index: Indices,
    feature: Indices,
    rims: Rims,
    todo: Indices,
    furthest: Floats,
    deepest: Floats,
) -> None:
    """Raise `deepest` by the vertices that may be deeper, the likeliest of each overlap first."""
    while len(todo := todo[furthest[todo] > deepest[index[todo]]]):
        todo = todo[np.lexsort((-furthest[todo], index[todo]))]
        first = np.unique(index[todo], return_index=True)[1]
        at = todo[first]
        distance = to_own_rim(SearchSites(points[at]), rims, feature[index[at]])
        np.fmax.at(deepest, index[at], distance)
        todo = np.delete(todo, first)
        # No vertex is further than another one and the way to that.
        known, way = np.full(len(deepest), np.inf), np.zeros(len(deepest), dtype=np.int64)
        known[index[at]], way[index[at]] = distance, at
        to = index[todo]
        furthest[todo] = np.minimum(furthest[todo], known[to] + _at_most_m(points[todo], points[way[to]]))


def _furthest(points: Objects, feature: Indices, rims: Rims) -> Floats:
    """Return a bound on the distance of each point to the border of its feature, m."""
    (place, run), _ = rims.tree.query_nearest(points, return_distance=True)
    own = rims.feature[run] == feature[place]
    place, run = place[own], run[own]
    bound = np.full(len(points), np.inf)  # infinite where another feature's border is nearer than the own one
    np.minimum.at(bound, place, _at_most_m(points[place], rims.runs[run]))
    return bound


def _at_most_m(points: Objects, shapes: Objects) -> Floats:
    """Return a bound on the distance of points to shapes near them, m: little more than it is, and never less."""
    lon, lat = shapely.get_x(points), shapely.get_y(points)
    meridian, prime = radii(np.sin(np.radians(lat)))
    north, east = np.radians(meridian), np.radians(prime * np.cos(np.radians(lat)))
    coords, index = shapely.get_coordinates(shapes, return_index=True)
    xy = np.column_stack(((coords[:, 0] - lon[index]) * east[index], (coords[:, 1] - lat[index]) * north[index]))
    metres = shapely.distance(shapely.Point(0, 0), shapely.set_coordinates(shapes.copy(), xy))
    # On the way the length of a degree changes: of longitude with the tangent of the latitude.
    return np.asarray(metres * (1 + 2 * (np.abs(np.tan(np.radians(lat))) + 1) * metres / prime))

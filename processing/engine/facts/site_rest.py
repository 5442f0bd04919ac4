"""How much of sites lies further than a limit from the features of a group: compiled, or by overlay."""

from __future__ import annotations

import ctypes

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy.area import polygon_areas
from ....layers.geodesy.length import line_lengths
from ....layers.geodesy.plane import LocalPlane
from ..kernel.beyond import rest_measures
from ..kernel.library import kernel
from ..kernel.sides import Sides
from ..prepared.water import BANK_LINE
from .beyond import beyond
from .flat_edges import flat_edges
from .layer_facts import LayerFacts
from .limit_lines import limit_lines
from .outside import in_surfaces, n_met, outside

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

TILE_DEG = 0.04  # what is judged in one plane reaches less than 3 km from its middle
MAX_SIDE_DEG = 0.0004  # about 45 m, so that what is cut off a side anywhere is right to 5e-4 m²
LEAST_APART_M = 1.0  # a shorter limit does not keep what is told apart clear of rounding


def size_beyond(layer: LayerFacts, site: Indices, group: Indices, limit_m: Floats) -> Floats:
    """Return how much of each site lies outside the features of its group and further than its limit, m² or m.

    The compiled loop makes no geometry; what it leaves open is told by overlay.
    """
    library, shape = kernel(), layer.sites.geometry[site].copy()
    twice = np.flatnonzero(layer.sites.retraced[site])  # a stretch that a line runs over again counts once
    shape[twice] = shapely.union_all(shape[twice, None], axis=1)
    if library is None:
        return _by_overlay(layer, shape, group, limit_m)
    size, open_ = _compiled(library, layer, shape, site, group, limit_m)
    rows = np.flatnonzero(open_)
    if len(rows):
        size[rows] = _by_overlay(layer, shape[rows], group[rows], limit_m[rows])
    return size


def _by_overlay(layer: LayerFacts, site: Objects, group: Indices, limit_m: Floats) -> Floats:
    tiles, of, plane = _tiles(site)
    shape, of, plane = _filled(outside(layer, tiles, group[of]), of, plane)
    left = beyond(shape, plane, limit_m[of], *limit_lines(layer, shape, group[of], limit_m[of], sides=True))
    measure = np.where(shapely.get_dimensions(shape) == 2, polygon_areas(left), line_lengths(left))
    return _summed(measure, of, len(site))


def _compiled(
    library: ctypes.CDLL, layer: LayerFacts, shape: Objects, site: Indices, group: Indices, limit_m: Floats
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the same, and which sites must be told by overlay."""
    met = n_met(layer, site, group)
    apart = (met == 1) & (limit_m >= LEAST_APART_M) & _borders_only(layer)
    tiles, of, plane = _tiles(shape)
    cut = np.flatnonzero(((met > 0) & ~apart)[of])
    tiles[cut] = outside(layer, tiles[cut], group[of[cut]])
    tiles, of, plane = _filled(tiles, of, plane)
    sides = Sides.of(tiles, plane)
    lines = limit_lines(layer, tiles, group[of], limit_m[of], sides=False)
    edges = flat_edges(*lines, plane, limit_m[of], sides.bounds)
    rest = rest_measures(library, sides, plane, edges, apart[of])
    measure, rows = rest.measure[:, 0], np.flatnonzero(apart[of] & (rest.measure != 0.0).any(axis=1))
    lon, lat = LocalPlane(plane.lon0[rows], plane.lat0[rows]).unproject(*rest.place[rows].T)
    inside = rows[in_surfaces(layer, lon, lat, group[of[rows]])]
    measure[inside] = rest.measure[inside, 1]
    return _summed(measure, of, len(site)), _summed(rest.open, of, len(site)) > 0


def _filled(shape: Objects, of: Indices, plane: LocalPlane) -> tuple[Objects, Indices, LocalPlane]:
    some = np.flatnonzero(~shapely.is_empty(shape))
    return shape[some], of[some], LocalPlane(plane.lon0[some], plane.lat0[some])


def _summed(values: NDArray[np.float64 | np.bool_], of: Indices, n: int) -> Floats:
    return np.asarray(np.bincount(of, values, n), dtype=np.float64)


def _borders_only(layer: LayerFacts) -> bool:
    """Tell whether limits count from the borders of surfaces and from nothing else."""
    return layer.layer.data.role.id != BANK_LINE and not shapely.is_missing(layer.layer.surface).any()


def _tiles(shape: Objects) -> tuple[Objects, Indices, LocalPlane]:
    """Cut shapes that are too large for one plane, and long edges. Return the shape of each tile, and their planes."""
    west, south, east, north = shapely.bounds(shape).reshape(-1, 4).T
    wide = (east - west > TILE_DEG) | (north - south > TILE_DEG)
    small = np.flatnonzero(~wide)
    tiles, of = [shape[small]], [small]
    for i in np.flatnonzero(wide):
        x, y = np.arange(west[i], east[i], TILE_DEG), np.arange(south[i], north[i], TILE_DEG)
        cells = shapely.box(*(v.ravel() for v in (*np.meshgrid(x, y), *np.meshgrid(x + TILE_DEG, y + TILE_DEG))))
        parts = shapely.get_parts(shapely.intersection(shape[i], cells))
        own = parts[shapely.get_dimensions(parts) == shapely.get_dimensions(shape[i])]  # a cut may touch an edge
        tiles.append(own)
        of.append(np.full(len(own), i))
    out = np.concatenate(tiles)
    west, south, east, north = shapely.bounds(out).reshape(-1, 4).T
    plane = LocalPlane((west + east) / 2, (south + north) / 2)
    # Now, as what an overlay leaves may have hairs for which GEOS would put something else in its place.
    return np.asarray(shapely.segmentize(out, MAX_SIDE_DEG)), np.concatenate(of).astype(np.int64), plane

"""How much of a site lies inside the limit of a distance rule."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy import mercator
from ....layers.geodesy.ellipsoid import SHORTEST_DEGREE_M
from ....layers.geodesy.joined import joined
from ..facts.beyond import BOTH, LEFT, RIGHT, measured_beyond
from ..facts.layer_facts import LayerFacts
from ..facts.overlap import CODE
from ..facts.site_arrays import LINE, POINT, POLYGON
from ..kernel.library import kernel
from ..words import Relation
from . import reasons
from .chunk import Chunk
from .reasons import byte
from .rows import Rows

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Objects = NDArray[np.object_]

LONGEST_DEGREE_M = 111_700.0  # more than any degree of latitude or of longitude is long
BESIDE_DEG = 1e-9  # 0.1 mm
TILE_DEG = 0.04  # what is judged in one plane reaches less than 3 km from its middle


def within_limits(chunk: Chunk, found: Rows) -> dict[str, Floats]:
    """Return area, length and share of each finding's site inside its limit; NaN where no limit fired."""
    share = np.full(len(found), np.nan)
    fired = ~np.isnan(found.limit_m) & (found.reason == byte(reasons.FIRED)) & (found.row >= 0)
    share[fired] = 1.0
    for position in np.unique(found.layer[fired]):
        rows = np.flatnonzero(fired & (found.layer == position))
        share[rows] = _shares(chunk.layers[position], found.row[rows], found.limit_m[rows])
    dimension, size = chunk.sites.dimension[found.site], chunk.sites.size[found.site]
    return {
        "within_m2": np.where(dimension == POLYGON, share * size, np.nan),
        "within_length_m": np.where(dimension == LINE, share * size, np.nan),
        "within_share": share,
    }


def _shares(layer: LayerFacts, row: Indices, limit_m: Floats) -> Floats:
    """Return the share of the site of each fact that lies inside the limit of the fact's group."""
    share = np.ones(len(row))
    facts = layer.facts
    doubtful = np.flatnonzero(~_surely_within(layer, row, limit_m))
    if not len(doubtful):
        return share
    if _of_banks(layer):  # the distance of a centre line counts from the bank
        limit_m = limit_m + np.nan_to_num(layer.layer.traits.half_width_m[facts.feature[row]])
    # Several rules with one limit ask the same of one site.
    keys = np.column_stack(
        [facts.site[row[doubtful]], layer.layer.group_of_feature[facts.feature[row[doubtful]]], limit_m[doubtful]]
    )
    distinct, index = np.unique(keys, axis=0, return_inverse=True)
    site, group = distinct[:, 0].astype(np.int64), distinct[:, 1].astype(np.int64)
    share[doubtful] = _shares_of_sites(layer, site, group, distinct[:, 2])[index.ravel()]
    return share


def _of_banks(layer: LayerFacts) -> bool:
    return layer.layer.data.role.id == "bank_line"


def _surely_within(layer: LayerFacts, row: Indices, limit_m: Floats) -> NDArray[np.bool_]:
    """Tell which sites lie wholly inside the limit whatever their shape."""
    facts = layer.facts
    site = facts.site[row]
    # No point of a site is further than its nearest one and its own extent.
    sure = (layer.sites.dimension[site] == POINT) | (facts.relation[row] == CODE[Relation.INSIDE])
    return np.asarray(sure | (facts.distance_m[row] + _extent_m(layer.sites.geometry[site]) <= limit_m))


def _extent_m(shape: Objects) -> Floats:
    """Return a bound on the distance of any two points of geometries in degrees, m."""
    west, south, east, north = shapely.bounds(shape).reshape(-1, 4).T
    equator = np.where(south * north > 0, np.minimum(np.abs(south), np.abs(north)), 0.0)
    return np.asarray(np.hypot((east - west) * np.cos(np.radians(equator)), north - south) * LONGEST_DEGREE_M)


def _shares_of_sites(layer: LayerFacts, site: Indices, group: Indices, limit_m: Floats) -> Floats:
    size = layer.sites.size[site]
    outside = _outside(layer, site, group)
    tiles, of = _tiles(outside)
    lines = _bank_lines if _of_banks(layer) else _rims
    measure = measured_beyond(
        tiles, limit_m[of], *lines(layer, tiles, group[of], limit_m[of]), layer.sites.retraced[site[of]]
    )
    return np.asarray(1.0 - np.minimum(1.0, np.bincount(of, measure, len(site)) / size))


def _outside(layer: LayerFacts, site: Indices, group: Indices) -> Objects:
    """Return the part of each site outside the surfaces of the features of its group."""
    shape = layer.sites.geometry[site].copy()
    if layer.met is None:
        return shape
    is_area = layer.sites.dimension[site] == POLYGON
    areas, lines = np.flatnonzero(is_area), np.flatnonzero(~is_area)
    pair, inside = _overlaps_in_group(layer, site[areas], group[areas])
    _take_out(shape, areas[pair], inside)
    # What an overlay left of a line does not lie on that line to the last digit.
    row, piece = layer.layer.tree.query(shape[lines], predicate="intersects")
    same = layer.layer.group_of_feature[layer.layer.piece_feature[piece]] == group[lines[row]]
    order = np.argsort(row[same], kind="stable")
    _take_out(shape, lines[row[same][order]], layer.layer.pieces[piece[same][order]])
    return shape


def _overlaps_in_group(layer: LayerFacts, site: Indices, group: Indices) -> tuple[Indices, Objects]:
    """Return the overlaps of sites with the features of one group each, and the place of the site, ascending."""
    assert layer.met is not None
    facts = layer.facts
    start, end = np.searchsorted(facts.site, site), np.searchsorted(facts.site, site, side="right")
    pair = np.repeat(np.arange(len(site)), end - start)
    fact = np.arange(len(pair)) - np.repeat(np.cumsum(end - start) - end, end - start)
    met = facts.met[fact] & (facts.overlap[fact] >= 0)
    met &= layer.layer.group_of_feature[facts.feature[fact]] == group[pair]
    return pair[met], layer.met.geometry(facts.overlap[fact[met]], layer.sites)


def _take_out(shape: Objects, of: Indices, parts: Objects) -> None:
    """Take parts, sorted by the shape that each is of, out of shapes."""
    some, first, index, count = np.unique(of, return_index=True, return_inverse=True, return_counts=True)
    out = parts[first]
    several = count > 1
    out[several] = joined(parts[several[index]], (np.cumsum(several) - 1)[index[several[index]]])
    shape[some] = shapely.difference(shape[some], out)


def _tiles(shape: Objects) -> tuple[Objects, Indices]:
    """Cut shapes that are too large for one plane; leave out what is empty. Return the shape that each tile is of."""
    west, south, east, north = shapely.bounds(shape).reshape(-1, 4).T
    wide = np.flatnonzero((east - west > TILE_DEG) | (north - south > TILE_DEG))
    small = np.setdiff1d(np.flatnonzero(~shapely.is_empty(shape)), wide)
    tiles, of = [shape[small]], [small]
    for i in wide:
        x, y = np.arange(west[i], east[i], TILE_DEG), np.arange(south[i], north[i], TILE_DEG)
        cells = shapely.box(*(v.ravel() for v in (*np.meshgrid(x, y), *np.meshgrid(x + TILE_DEG, y + TILE_DEG))))
        parts = shapely.get_parts(shapely.intersection(shape[i], cells))
        tiles.append(
            parts[shapely.get_dimensions(parts) == shapely.get_dimensions(shape[i])]
        )  # a cut may touch an edge
        of.append(np.full(len(tiles[-1]), i))
    return np.concatenate(tiles), np.concatenate(of).astype(np.int64)


Lines = tuple[Objects, Indices, NDArray[np.int8]]


def _boxes(tiles: Objects, limit_m: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return west, south, east, north of tiles widened by their limits, degrees."""
    west, south, east, north = shapely.bounds(tiles).reshape(-1, 4).T
    up = limit_m / SHORTEST_DEGREE_M
    aside = up / np.cos(np.radians(np.maximum(np.abs(south), np.abs(north)) + up))
    return west - aside, south - up, east + aside, north + up


def _rims(layer: LayerFacts, tiles: Objects, group: Indices, limit_m: Floats) -> Lines:
    """Return the outlines of the group's features about each tile, EPSG:4490, the tile and the outer side of each."""
    rims = layer.layer.rims
    tile, run = rims.tree.query(shapely.box(*_boxes(tiles, limit_m)))
    same = layer.layer.group_of_feature[rims.feature[run]] == group[tile]
    tile, run = tile[same], run[same]
    order = np.lexsort((run, tile))
    tile, run = tile[order], run[order]
    if kernel() is not None:  # which asks for no sides
        return rims.runs[run], tile, np.full(len(run), BOTH)
    each, index = np.unique(run, return_inverse=True)
    return rims.runs[run], tile, _outer_sides(layer, rims.runs[each], rims.feature[each])[index]


def _outer_sides(layer: LayerFacts, run: Objects, feature: Indices) -> NDArray[np.int8]:
    """Tell on which side of a run its feature is not: looked up by its longest edge, `BOTH` where unsure."""
    xy, index = shapely.get_coordinates(run, return_index=True)
    edge = np.flatnonzero(index[1:] == index[:-1])
    along = (xy[edge + 1] - xy[edge]) @ np.array([1.0, 1j])
    order = np.lexsort((-np.abs(along), index[edge]))
    longest = order[np.unique(index[edge][order], return_index=True)[1]]
    at, edge = edge[longest], along[longest]
    middle = (xy[at] + xy[at + 1]) / 2 @ np.array([1.0, 1j])
    beside = 1j * edge / np.abs(edge) * BESIDE_DEG
    inside = np.zeros((2, len(run)), dtype=bool)
    for place, z in enumerate((middle + beside, middle - beside)):
        point, piece = layer.layer.tree.query(shapely.points(z.real, z.imag), predicate="intersects")
        own = layer.layer.piece_feature[piece] == feature[index[at]][point]
        inside[place, index[at][point[own]]] = True
    return np.select([inside[0] & ~inside[1], inside[1] & ~inside[0]], [RIGHT, LEFT], BOTH).astype(np.int8)


def _bank_lines(layer: LayerFacts, tiles: Objects, group: Indices, limit_m: Floats) -> Lines:
    """Return the banks about each tile, EPSG:4490, the tile of each, and that both sides count."""
    west, south, east, north = _boxes(tiles, limit_m)
    plane = shapely.box(*mercator.forward(west, south), *mercator.forward(east, north))
    lines, of = [np.empty(0, dtype=object)], [np.empty(0, dtype=np.int64)]
    for number in np.unique(group):
        here, runs = np.flatnonzero(group == number), layer.layer.groups[number]
        tile, run = runs.tree.query(plane[here])
        order = np.lexsort((run, tile))
        near = runs.runs[run[order]]
        lines.append(shapely.transform(near, lambda xy: np.column_stack(mercator.inverse(*xy.T))))
        of.append(here[tile[order]])
    tile = np.concatenate(of)
    order = np.argsort(tile, kind="stable")
    return np.concatenate(lines)[order], tile[order], np.full(len(tile), BOTH)

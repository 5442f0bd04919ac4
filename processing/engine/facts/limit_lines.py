"""The lines from which the limit of a distance rule counts, about each site."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy import mercator
from ....layers.geodesy.boxes import boxes, reached
from ..prepared.water import BANK_LINE
from .flat_edges import BOTH, LEFT, RIGHT
from .layer_facts import LayerFacts

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

Lines = tuple[Objects, Indices, NDArray[np.int8]]

BESIDE_DEG = 1e-9  # 0.1 mm


def limit_lines(layer: LayerFacts, tiles: Objects, group: Indices, limit_m: Floats, *, sides: bool) -> Lines:
    """Return the lines about tiles from which their limits count: banks, or the borders of features.

    Parameters
    ----------
    tiles : ndarray of object, shape (n,)
    group, limit_m : ndarray, shape (n,)
    sides : bool
        Whether to look up on which sides of borders features are not.

    Returns
    -------
    line : ndarray of object, shape (m,)
        EPSG:4490.
    tile : ndarray of int64, shape (m,)
        Which each is for, ascending.
    side : ndarray of int8, shape (m,)
        Where that tile may be, seen along the line.
    """
    if layer.layer.data.role.id == BANK_LINE:
        return _banks(layer, tiles, group, limit_m)
    return _rims(layer, tiles, group, limit_m, sides=sides)


def _rims(layer: LayerFacts, tiles: Objects, group: Indices, limit_m: Floats, *, sides: bool) -> Lines:
    rims = layer.layer.rims
    tile, run = rims.tree.query(shapely.box(*reached(boxes(tiles), limit_m).T))
    same = layer.layer.group_of_feature[rims.feature[run]] == group[tile]
    tile, run = tile[same], run[same]
    order = np.lexsort((run, tile))
    tile, run = tile[order], run[order]
    if not sides:
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


def _banks(layer: LayerFacts, tiles: Objects, group: Indices, limit_m: Floats) -> Lines:
    west, south, east, north = reached(boxes(tiles), limit_m).T
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

"""How much of a site lies in any feature of some layers, nothing counted twice where features overlap."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy.area import polygon_areas
from ....layers.geodesy.joined import join, joined
from ....layers.geodesy.length import edge_lengths
from .layer_facts import LayerFacts
from .site_arrays import LINE, POINT, POLYGON, SiteArrays
from .stakes import Stakes

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]
Objects = NDArray[np.object_]
Flags = NDArray[np.bool_]
SPOT = 0.4837  # where on an edge it is asked to which edge of the line it belongs: not where edges tend to cross


def united(
    layers: Sequence[LayerFacts], features: Sequence[NDArray[np.bool_]] | None = None
) -> tuple[Indices, Floats, Floats, Floats]:
    """Return the sites that overlap the layers of a role, and how much of each lies in any feature.

    Parameters
    ----------
    features : sequence of ndarray of bool, optional
        Per layer, the features that count; all if not given.

    Returns
    -------
    site, area_m2, length_m, points : ndarray
        Rows of the sites, ascending, and m², m or the number of points.
    """
    wanted = features or [np.ones(len(layer.indicative), dtype=bool) for layer in layers]
    met = [
        np.flatnonzero(layer.facts.met & (layer.facts.overlap >= 0) & keep[layer.facts.feature])
        for layer, keep in zip(layers, wanted, strict=True)
    ]
    source = np.repeat(np.arange(len(layers)), [len(rows) for rows in met])
    row = np.concatenate(met)
    site = _gather(layers, met, lambda layer: layer.facts.site).astype(np.int64)
    measures = (
        _gather(layers, met, lambda layer: layer.facts.overlap_m2),
        _gather(layers, met, lambda layer: layer.facts.length_m),
        _gather(layers, met, lambda layer: layer.facts.overlap_share * layer.sites.size[layer.facts.site]),
    )
    order = np.argsort(site, kind="stable")
    each, start, count = np.unique(site[order], return_index=True, return_counts=True)
    if not len(each):
        return each, np.empty(0), np.empty(0), np.empty(0)
    total = np.stack([np.add.reduceat(values[order], start) for values in measures])
    total[2, layers[0].sites.dimension[each] != POINT] = 0.0
    doubtful = count > 1
    if doubtful.any():
        doubtful &= ~_sums_up(layers, each, source[order], start)
        doubtful &= ~_fill(
            total, [np.maximum.reduceat(values[order], start) for values in measures[:2]], layers[0].sites, each
        )
    several = np.flatnonzero(doubtful)
    if len(several):
        members = order[np.repeat(doubtful, count)]
        index = np.repeat(np.arange(len(several)), count[several])
        total[:, several] = _measures(
            _overlaps(layers, source[members], row[members]), index, layers[0].sites, each[several]
        )
    return each, total[0], total[1], total[2]


def _sums_up(layers: Sequence[LayerFacts], site: Indices, source: Indices, start: Indices) -> Flags:
    """Tell at which sites what is met is of one layer, whose features do not overlap one another there."""
    first = source[start]
    out = np.zeros(len(site), dtype=bool)
    for position, layer in enumerate(layers):
        here = np.flatnonzero((first == position) & (np.maximum.reduceat(source, start) == position))
        out[here] = layer.apart[site[here]]
    out &= np.minimum.reduceat(source, start) == first
    return out


def _fill(total: Floats, most: Sequence[Floats], sites: SiteArrays, site: Indices) -> Flags:
    """Put the size of areas and lines that lie wholly in one feature for their total, and tell which these are."""
    size, dimension = sites.size[site], sites.dimension[site]
    areas = (dimension == POLYGON) & (most[0] == size)
    lines = (dimension == LINE) & (most[1] == size)
    lines[lines] = ~sites.retraced[site[lines]]  # of these what they run twice counts once
    total[0, areas], total[1, lines] = size[areas], size[lines]
    filled: Flags = areas | lines
    return filled


def _gather(
    layers: Sequence[LayerFacts], met: Sequence[Indices], column: Callable[[LayerFacts], NDArray[np.generic]]
) -> Floats:
    return np.concatenate(
        [np.asarray(column(layer), np.float64)[rows] for layer, rows in zip(layers, met, strict=True)]
    )


def united_overlap(
    layers: Sequence[LayerFacts], site: int, features: Sequence[NDArray[np.bool_]] | None = None
) -> shapely.Geometry:
    """Return the part of one site inside any feature of some layers (that counts, per layer and feature), EPSG:4490."""
    parts = []
    for position, layer in enumerate(layers):
        met = (layer.facts.site == site) & layer.facts.met & (layer.facts.overlap >= 0)
        rows = np.flatnonzero(met if features is None else met & features[position][layer.facts.feature])
        if layer.met is not None:
            parts.append(layer.met.geometry(layer.facts.overlap[rows], layer.sites))
    together = np.concatenate([np.empty(0, dtype=object), *parts])
    areal = bool(layers) and layers[0].sites.dimension[site] == POLYGON
    return join(together) if areal else shapely.union_all(together)


def _overlaps(layers: Sequence[LayerFacts], source: Indices, row: Indices) -> Objects:
    out = np.empty(len(row), dtype=object)
    for position, layer in enumerate(layers):
        here = np.flatnonzero(source == position)
        if len(here) and layer.met is not None:
            out[here] = layer.met.geometry(layer.facts.overlap[row[here]], layer.sites)
    return out


def _measures(shapes: Objects, index: Indices, sites: SiteArrays, site: Indices) -> Floats:
    """Return m², m and number of points of the union of the shapes of each site, shape (3, n)."""
    together = shapely.geometrycollections(shapes, indices=index)
    dimension = sites.dimension[site]
    out = np.zeros((3, len(site)))
    areas, points = dimension == POLYGON, dimension == POINT
    out[0, areas] = polygon_areas(joined(together[areas], np.arange(areas.sum())))
    out[2, points] = shapely.get_num_coordinates(shapely.union_all(together[points][:, None], axis=1))
    rows = np.flatnonzero(dimension == LINE)
    if len(rows):
        lines, parts = sites.geometry[site[rows]], together[rows]
        for i in np.flatnonzero(sites.retraced[site[rows]]):
            # Cut where it meets itself, so that what it runs twice is one edge.
            lines[i] = shapely.union_all([lines[i]])
            parts[i] = shapely.geometrycollections([shapely.union_all([p]) for p in shapely.get_parts(parts[i])])
        out[1, rows] = _lengths_of_any(lines, parts)
    return out


def _lengths_of_any(lines: Objects, cut: Objects) -> Floats:
    """Return how much of each line lies in any of its parts, m.

    A union of the parts would count twice what overlaps: where a part was cut its end lies beside the line, by
    rounding, and a part through that place does not meet it. Each part is told by the edges of the line instead,
    of which no two run over one another.
    """
    stakes = Stakes.of(lines)
    a, b, line = _edges(cut)
    on = stakes.edge_at(a + (b - a) * SPOT, line)
    first, step = stakes.first[on], stakes.second[on] - stakes.first[on]
    ends = [np.clip(((at - first) * step).sum(axis=1) / (step**2).sum(axis=1), 0.0, 1.0) for at in (a, b)]
    begin, end = np.minimum(*ends), np.maximum(*ends)
    order = np.lexsort((begin, on))
    on, begin, end = on[order], begin[order], end[order]
    reached = np.maximum.accumulate(end + 2 * on)  # no edge reaches into the next
    fresh = np.flatnonzero(np.concatenate((np.ones(min(1, len(on)), bool), begin[1:] + 2 * on[1:] > reached[:-1])))
    if not len(fresh):
        return np.zeros(len(lines))
    till, edge = np.maximum.reduceat(end, fresh)[:, None], on[fresh]
    start, along = stakes.first[edge], stakes.second[edge] - stakes.first[edge]
    length = edge_lengths(start + along * begin[fresh][:, None], start + along * till)
    return np.asarray(np.bincount(stakes.line[edge], length, len(lines)), dtype=np.float64)


def _edges(shapes: Objects) -> tuple[Floats, Floats, Indices]:
    """Return where the edges of all lines of shapes begin and end, each of shape (n, 2), and the shape of each."""
    of = np.arange(len(shapes))
    for _ in ("collection", "collection", "multiline"):
        shapes, index = shapely.get_parts(shapes, return_index=True)
        of = of[index]
    is_line = shapely.get_dimensions(shapes) == 1
    xy, index = shapely.get_coordinates(shapes[is_line], return_index=True)
    edge = np.flatnonzero((index[1:] == index[:-1]) & (xy[1:] != xy[:-1]).any(axis=1))
    return xy[edge], xy[edge + 1], of[is_line][index[edge]]

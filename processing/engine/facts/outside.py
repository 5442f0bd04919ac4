"""What of sites lies outside the surfaces of the features of a group."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy.joined import joined
from ....layers.ranges import repeats
from .layer_facts import LayerFacts

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]


def outside(layer: LayerFacts, shape: Objects, group: Indices) -> Objects:
    """Return what of shapes lies outside the surfaces of the features of one group each."""
    # Not by the overlaps with sites: their sides do not lie on those of the sites to the last digit.
    row, piece = layer.layer.tree.query(shape, predicate="intersects")
    own = layer.layer.group_of_feature[layer.layer.piece_feature[piece]] == group[row]
    row, piece = row[own], piece[own]
    order = np.argsort(row, kind="stable")
    some, index, count = np.unique(row[order], return_inverse=True, return_counts=True)
    parts = layer.layer.pieces[piece[order]]
    taken = parts[np.cumsum(count) - count]
    several = count > 1
    taken[several] = joined(parts[several[index]], (np.cumsum(several) - 1)[index[several[index]]])
    out = shape.copy()
    out[some] = shapely.difference(shape[some], taken)
    return out


def n_met(layer: LayerFacts, site: Indices, group: Indices) -> Indices:
    """Return how many features of one group each sites meet."""
    facts = layer.facts
    start, end = np.searchsorted(facts.site, site), np.searchsorted(facts.site, site, side="right")
    pair, fact = repeats(end - start)
    fact += start[pair]
    met = facts.met[fact] & (layer.layer.group_of_feature[facts.feature[fact]] == group[pair])
    return np.bincount(pair[met], minlength=len(site))


def in_surfaces(layer: LayerFacts, lon: Floats, lat: Floats, group: Indices) -> NDArray[np.bool_]:
    """Tell which places lie in or at surfaces of the features of one group each."""
    inside = np.zeros(len(lon), dtype=bool)
    place, piece = layer.layer.tree.query(shapely.points(lon, lat), predicate="intersects")
    own = layer.layer.group_of_feature[layer.layer.piece_feature[piece]] == group[place]
    inside[place[own]] = True
    return inside

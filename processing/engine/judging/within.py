"""How much of a site lies inside the limit of a distance rule."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ..facts.layer_facts import LayerFacts
from ..facts.overlap import CODE
from ..facts.site_arrays import LINE, POINT, POLYGON
from ..facts.site_rest import size_beyond
from ..prepared.water import BANK_LINE
from ..words import Relation
from . import reasons
from .chunk import Chunk
from .reasons import byte
from .rows import Rows

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Objects = NDArray[np.object_]

LONGEST_DEGREE_M = 111_700.0  # more than any degree of latitude or of longitude is long


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
    if layer.layer.data.role.id == BANK_LINE:  # the distance of a centre line counts from the bank
        limit_m = limit_m + np.nan_to_num(layer.layer.traits.half_width_m[facts.feature[row]])
    # Several rules with one limit ask the same of one site.
    keys = np.column_stack(
        [facts.site[row[doubtful]], layer.layer.group_of_feature[facts.feature[row[doubtful]]], limit_m[doubtful]]
    )
    distinct, index = np.unique(keys, axis=0, return_inverse=True)
    site, group = distinct[:, 0].astype(np.int64), distinct[:, 1].astype(np.int64)
    beyond = size_beyond(layer, site, group, distinct[:, 2])
    share[doubtful] = (1.0 - np.minimum(1.0, beyond / layer.sites.size[site]))[index.ravel()]
    return share


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

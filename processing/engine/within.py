"""How much of a site lies inside the limit of a distance rule."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ...layers.geodesy import mercator
from ...layers.geodesy.area import polygon_areas
from ...layers.geodesy.buffers import buffer
from ...layers.geodesy.length import line_lengths
from . import reasons
from .banks import half_widths
from .chunk import Chunk
from .layer_facts import LayerFacts
from .nearest import PlaneSites
from .reasons import byte
from .rows import Rows
from .site_arrays import LINE, POINT, POLYGON

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Objects = NDArray[np.object_]

METRES_PER_DEGREE = 111_700.0  # more than any degree of latitude or of longitude is long


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
    """Return the share of the site of each fact that lies inside the limit."""
    share = np.ones(len(row))
    site, feature = layer.facts.site[row], layer.facts.feature[row]
    dimension, size = layer.sites.dimension[site], layer.sites.size[site]
    # No point of a site is further than its nearest one and its own extent.
    furthest = layer.facts.distance_m[row] + _extent_m(layer.sites.geometry[site])
    astride = np.flatnonzero((dimension != POINT) & (furthest > limit_m))
    if not len(astride):
        return share
    inside = _clip(layer, site[astride], feature[astride], limit_m[astride])
    is_area = dimension[astride] == POLYGON
    measure = np.where(is_area, polygon_areas(inside), line_lengths(inside))
    share[astride] = np.minimum(1.0, measure / size[astride])
    return share


def _extent_m(shape: Objects) -> Floats:
    """Return a bound on the distance of any two points of geometries in degrees, m."""
    west, south, east, north = shapely.bounds(shape).reshape(-1, 4).T
    equator = np.where(south * north > 0, np.minimum(np.abs(south), np.abs(north)), 0.0)
    return np.asarray(np.hypot((east - west) * np.cos(np.radians(equator)), north - south) * METRES_PER_DEGREE)


def _clip(layer: LayerFacts, site: Indices, feature: Indices, limit_m: Floats) -> Objects:
    """Return the part of each site within geodesic `limit_m` of the group of a feature, EPSG:4490."""
    shape = layer.sites.geometry[site]
    width = half_widths(layer.layer.data.frame) if layer.layer.data.role.id == "bank_line" else None
    limit = limit_m if width is None else limit_m + np.nan_to_num(width[feature])
    plane = PlaneSites.of(shape)
    banks = np.empty(len(site), dtype=object)
    for i, group_number in enumerate(layer.layer.group_of_feature[feature]):
        group = layer.layer.groups[group_number]
        box = plane.take(np.array([i])).around(float(limit[i]))[0][0]
        banks[i] = shapely.line_merge(shapely.union_all(group.runs[group.tree.query(box)]))
    near = shapely.transform(banks, lambda xy: np.column_stack(mercator.inverse(xy[:, 0], xy[:, 1])))
    reach = buffer(near, limit)
    water = layer.layer.surface[feature]
    wet = np.flatnonzero(~shapely.is_missing(water) & shapely.intersects(water, shape))
    reach[wet] = shapely.union(reach[wet], shapely.intersection(water[wet], shape[wet]))
    return np.asarray(shapely.intersection(shape, reach))

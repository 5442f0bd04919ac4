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
from .site_arrays import LINE, POLYGON

Floats = NDArray[np.float64]

METRES_PER_DEGREE = 111_700.0  # more than any degree of latitude or of longitude is long


def within_limits(chunk: Chunk, found: Rows) -> dict[str, Floats]:
    """Return area, length and share of each finding's site inside its limit; NaN where no limit fired."""
    n = len(found)
    area, length, share = np.full(n, np.nan), np.full(n, np.nan), np.full(n, np.nan)
    for i in np.flatnonzero(~np.isnan(found.limit_m) & (found.reason == byte(reasons.FIRED)) & (found.row >= 0)):
        layer = chunk.layers[found.layer[i]]
        area[i], length[i], share[i] = _inside(layer, int(found.row[i]), float(found.limit_m[i]))
    return {"within_m2": area, "within_length_m": length, "within_share": share}


def _inside(layer: LayerFacts, row: int, limit_m: float) -> tuple[float, float, float]:
    site, feature = layer.facts.site[row], int(layer.facts.feature[row])
    size, dimension = layer.sites.size[site], layer.sites.dimension[site]
    shape = layer.sites.geometry[site]
    share = 1.0
    # No point of the site is further than its nearest one and its own extent.
    if dimension in (POLYGON, LINE) and layer.facts.distance_m[row] + _extent_m(shape) > limit_m:
        inside = _clip(layer, shape, feature, limit_m)
        measure = polygon_areas if dimension == POLYGON else line_lengths
        share = min(1.0, float(measure(np.array([inside], dtype=object))[0]) / size)
    return (
        share * size if dimension == POLYGON else np.nan,
        share * size if dimension == LINE else np.nan,
        share,
    )


def _extent_m(shape: shapely.Geometry) -> float:
    """Return a bound on the distance of any two points of a geometry in degrees, m."""
    west, south, east, north = shape.bounds
    wide = np.cos(np.radians(min(abs(south), abs(north)) if south * north > 0 else 0.0))
    return float(np.hypot((east - west) * wide, north - south)) * METRES_PER_DEGREE


def _clip(layer: LayerFacts, shape: shapely.Geometry, feature: int, limit_m: float) -> shapely.Geometry:
    """Return the part of a site within geodesic `limit_m` of the group of a feature, EPSG:4490."""
    group = layer.layer.groups[layer.layer.group_of_feature[feature]]
    limit_m += float(np.nan_to_num(half_widths(layer.layer.data.frame)[feature]))
    boxes, _ = PlaneSites.of(np.array([shape], dtype=object)).around(limit_m)
    runs = shapely.line_merge(shapely.union_all(group.runs[group.tree.query(boxes[0])]))
    near = shapely.transform(runs, lambda xy: np.column_stack(mercator.inverse(xy[:, 0], xy[:, 1])))
    reach = buffer(np.array([near], dtype=object), limit_m)[0]
    surface = layer.layer.surface[feature]
    if surface is not None and shapely.intersects(surface, shape):
        reach = shapely.union(reach, shapely.intersection(surface, shape))
    return shapely.intersection(shape, reach)

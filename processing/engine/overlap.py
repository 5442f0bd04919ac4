"""Which sites overlap which features, by how much, and in which relation.

Most candidate pairs are settled without an overlay: a site that does not meet the
outline of a piece lies wholly inside or wholly outside it, or holds the whole piece.
Only what is left is intersected, with a small piece and never with a large feature.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ...layers.geodesy.area import polygon_areas
from ...layers.geodesy.length import line_lengths
from .prepared import PreparedLayer
from .site_arrays import LINE, POINT, POLYGON, SiteArrays, SiteParts
from .words import Relation

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

RELATIONS = tuple(Relation)
CODE = {relation: np.uint8(code) for code, relation in enumerate(RELATIONS)}
NOT_MET = np.uint8(255)

# Below these a sum over pieces cannot tell a hair from rounding: the whole geometries decide.
HAIR_M2 = 1e-3
HAIR_M = 1e-4
HAIR_SHARE = 1e-9


@dataclass(frozen=True)
class Overlaps:
    """Pairs of site and feature that meet, sorted by site and feature.

    Attributes
    ----------
    site, feature : ndarray of int64
    relation : ndarray of uint8
        Positions in `RELATIONS`.
    area_m2, length_m : ndarray
    parts, part_start, part_count : ndarray
        The pieces of the overlap of pair i are ``parts[start : start + count]``.
    """

    site: Indices
    feature: Indices
    relation: NDArray[np.uint8]
    area_m2: Floats
    length_m: Floats
    parts: Objects
    part_start: Indices
    part_count: Indices

    def geometry(self, rows: Indices, sites: SiteArrays) -> Objects:
        """Return the overlaps of the pairs at those rows, EPSG:4490."""
        out = np.empty(len(rows), dtype=object)
        inside = self.relation[rows] == CODE[Relation.INSIDE]
        out[inside] = sites.geometry[self.site[rows[inside]]]
        for i in np.flatnonzero(~inside):
            start = self.part_start[rows[i]]
            parts = [p for p in self.parts[start : start + self.part_count[rows[i]]] if p is not None]
            out[i] = parts[0] if len(parts) == 1 else shapely.union_all(parts)
        return out


NONE = Overlaps(
    *(np.empty(0, dtype=np.int64),) * 2, np.empty(0, dtype=np.uint8), *(np.empty(0),) * 2, np.empty(0, dtype=object),
    *(np.empty(0, dtype=np.int64),) * 2,
)  # fmt: skip


def overlaps(sites: SiteArrays, layer: PreparedLayer) -> Overlaps:
    """Return every pair of a site and a polygon feature that meet.

    Areas are ellipsoidal, m², of the exact intersection under edges straight in
    longitude and latitude; lengths in m leave out stretches along a feature's border,
    since touching is not overlapping.
    """
    part, piece = layer.tree.query(sites.parts.geometry)
    if not len(part):
        return NONE
    pairs = _per_feature(_piece_pairs(sites, layer, part, piece), sites, len(layer.surface))
    return _relate(sites, layer, pairs)


@dataclass(frozen=True)
class _PiecePairs:
    site: Indices
    feature: Indices
    area: Floats
    length: Floats
    along: Floats  # how much of a line runs along the outline of the piece
    inside: NDArray[np.bool_]  # the part lies in the interior of the piece; of a feature: all parts do
    cut: Objects


@dataclass(frozen=True)
class _FeaturePairs(_PiecePairs):
    """The same per feature; ``cut`` stays by piece, in the order of the pairs."""

    start: Indices
    count: Indices


def _piece_pairs(sites: SiteArrays, layer: PreparedLayer, part: Indices, piece: Indices) -> _PiecePairs:
    """Return the pairs of a connected part of a site and a piece of a feature that meet, of those whose boxes do."""
    parts = sites.parts
    geometry, shape, dimension = parts.geometry[part], layer.pieces[piece], parts.dimension[part]
    outline = shapely.boundary(shape)
    meets = shapely.intersects(geometry, outline)
    inside, holds = _settled(parts, layer, part, piece, np.flatnonzero(~meets))
    within, again = _off_the_rim(parts, layer, part, piece, np.flatnonzero(meets & (dimension != POINT)))
    inside[within] = True
    meets[within], meets[again] = False, False

    area, length = np.zeros(len(part)), np.zeros(len(part))
    rows = inside & (dimension == POLYGON)
    area[rows] = parts.size[part[rows]]
    rows = inside & (dimension == LINE)
    length[rows] = parts.size[part[rows]]
    area[holds] = layer.piece_area[piece[holds]]
    cut = np.full(len(part), None, dtype=object)
    cut[holds] = shape[holds]
    cut[inside] = geometry[inside]
    on_outline = meets & (dimension == POINT)
    cut[on_outline] = geometry[on_outline]
    overlay = np.flatnonzero(meets & (dimension != POINT))
    cut[overlay] = shapely.intersection(geometry[overlay], shape[overlay])
    area[overlay] = polygon_areas(cut[overlay])
    lines = overlay[dimension[overlay] == LINE]
    length[lines] = line_lengths(cut[lines])
    along = np.zeros(len(part))
    along[lines] = line_lengths(shapely.intersection(geometry[lines], outline[lines]))
    keep = meets | inside | holds
    site, feature = parts.site[part[keep]], layer.piece_feature[piece[keep]]
    return _PiecePairs(site, feature, area[keep], length[keep], along[keep], inside[keep], cut[keep])


def _off_the_rim(
    parts: SiteParts, layer: PreparedLayer, part: Indices, piece: Indices, crossing: Indices
) -> tuple[Indices, Indices]:
    """Find parts that cross cutting lines only, so that they lie in the interior of their feature.

    Returns
    -------
    within, again : ndarray of int64
        Of each such part the pair with the piece that holds its first vertex, and its other pairs.
    """
    feature = layer.piece_feature[piece[crossing]]
    apart = ~_meets_rim(parts.geometry, layer, part[crossing], feature)
    rows = crossing[apart]
    key = part[rows] * len(layer.surface) + feature[apart]
    anchor = parts.anchor[part[rows]]
    # Where a cutting line ends a hair beyond the rim, a part outside may meet it: its own place decides.
    holds = np.flatnonzero(shapely.contains_xy(layer.pieces[piece[rows]], anchor[:, 0], anchor[:, 1]))
    found, first = np.unique(key[holds], return_index=True)
    within = holds[first]
    again = np.isin(key, found)
    again[within] = False
    return rows[within], rows[again]


def _settled(
    parts: SiteParts, layer: PreparedLayer, part: Indices, piece: Indices, off: Indices
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell, for pairs whose outlines are apart, which parts lie in their piece and which hold it."""
    inside, holds = np.zeros(len(part), dtype=bool), np.zeros(len(part), dtype=bool)
    anchor = parts.anchor[part[off]]
    inside[off] = shapely.contains_xy(layer.pieces[piece[off]], anchor[:, 0], anchor[:, 1])
    rest = off[~inside[off] & (parts.dimension[part[off]] == POLYGON)]
    corner = layer.piece_anchor[piece[rest]]
    holds[rest] = shapely.contains_xy(parts.geometry[part[rest]], corner[:, 0], corner[:, 1])
    return inside, holds


def _per_feature(pairs: _PiecePairs, sites: SiteArrays, n_features: int) -> _FeaturePairs:
    """Sum the parts and pieces of each (site, feature) pair."""
    key = pairs.site * n_features + pairs.feature
    order = np.argsort(key, kind="stable")
    unique, start, count = np.unique(key[order], return_index=True, return_counts=True)
    if not len(unique):
        return _FeaturePairs(**vars(pairs), start=start, count=count)
    return _FeaturePairs(
        unique // n_features,
        unique % n_features,
        np.add.reduceat(pairs.area[order], start),
        np.add.reduceat(pairs.length[order], start),
        np.add.reduceat(pairs.along[order], start),
        np.add.reduceat(pairs.inside[order].astype(np.int64), start) == sites.n_parts[unique // n_features],
        pairs.cut[order],
        start,
        count,
    )


def _relate(sites: SiteArrays, layer: PreparedLayer, pairs: _FeaturePairs) -> Overlaps:
    """Give each (site, feature) pair its relation; what is within a hair is asked of the whole geometries."""
    dimension, size = sites.dimension[pairs.site], sites.size[pairs.site]
    whole = layer.feature_area[pairs.feature]
    area, length, border = pairs.area.copy(), pairs.length.copy(), pairs.along.copy()
    relation = np.where(dimension == LINE, CODE[Relation.CROSSES], CODE[Relation.OVERLAPS])
    relation[pairs.inside] = CODE[Relation.INSIDE]

    polygon, line = dimension == POLYGON, dimension == LINE
    measure = np.where(polygon, area, length)
    hair = np.where(polygon, HAIR_M2, HAIR_M)
    fills = size - measure <= np.maximum(hair, HAIR_SHARE * size)
    retraced = sites.retraced[pairs.site]
    filled = polygon & (whole - area <= np.maximum(hair, HAIR_SHARE * whole))
    close = np.flatnonzero(~pairs.inside & (fills | filled | (measure <= hair) | (pairs.along > HAIR_M) | retraced))
    apart = ~_meets_rim(sites.geometry, layer, pairs.site[close], pairs.feature[close])
    single = sites.n_parts[pairs.site[close]] == 1
    settled = apart & (fills[close] | (single & (dimension[close] == POINT)))
    relation[close[settled]] = CODE[Relation.INSIDE]
    border[close[settled]] = 0.0  # it runs along a cutting line
    holds = apart & ~settled & filled[close]
    relation[close[holds]] = CODE[Relation.CONTAINS]

    asked = close[~settled & ~holds]
    shape, feature = sites.geometry[pairs.site[asked]], layer.surface[pairs.feature[asked]]
    relation[asked] = _exact_relation(shape, feature, dimension[asked])
    along = line[asked] & (pairs.along[asked] > HAIR_M)
    length[asked[along]] = _interior_length(shape[along], feature[along])

    touching = relation == CODE[Relation.TOUCHES]
    area[touching], length[touching] = 0.0, 0.0
    inside = relation == CODE[Relation.INSIDE]
    area = np.where(inside & (dimension == POLYGON), size, area)
    length = np.where(inside & line & (border <= HAIR_M), size, length)
    area = np.where(relation == CODE[Relation.CONTAINS], whole, area)
    keep = relation != NOT_MET
    return Overlaps(
        pairs.site[keep],
        pairs.feature[keep],
        relation[keep],
        area[keep],
        length[keep],
        pairs.cut,
        pairs.start[keep],
        pairs.count[keep],
    )


def _meets_rim(shape: Objects, layer: PreparedLayer, row: Indices, feature: Indices) -> NDArray[np.bool_]:
    """Tell which pairs of a shape, by its row, and a feature meet at the feature's boundary, cutting lines left out."""
    if not len(row):
        return np.empty(0, dtype=bool)
    each, at = np.unique(row, return_inverse=True)
    met, run = layer.rims.tree.query(shape[each], predicate="intersects")
    n = len(layer.surface)
    return np.asarray(np.isin(at * n + feature, met * n + layer.rims.feature[run]))


def _exact_relation(shape: Objects, feature: Objects, dimension: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the relation of whole geometries from their DE-9IM matrix, `NOT_MET` where they do not meet."""
    if not len(shape):
        return np.empty(0, dtype=np.uint8)
    matrix = shapely.relate(_noded(shape), _noded(feature)).astype("U9").view("U1").reshape(-1, 9) != "F"
    inner, inner_out, border_out, out_inner, out_border = matrix[:, [0, 2, 5, 6, 7]].T
    return np.select(
        [
            ~matrix[:, [0, 1, 3, 4]].any(axis=1),
            ~inner,
            ~inner_out & ~border_out,
            ~out_inner & ~out_border,
            dimension == LINE,
        ],
        [
            NOT_MET,
            CODE[Relation.TOUCHES],
            CODE[Relation.INSIDE],
            CODE[Relation.CONTAINS],
            CODE[Relation.CROSSES],
        ],
        CODE[Relation.OVERLAPS],
    ).astype(np.uint8)


def _noded(geometry: Objects) -> Objects:
    """Give polygons with holes a vertex wherever rings touch: GEOS 3.13 and later misjudge what has none there."""
    parts, index = shapely.get_parts(geometry, return_index=True)
    holed = np.unique(index[shapely.get_num_interior_rings(parts) > 0])
    out = geometry.copy()
    out[holed] = shapely.make_valid(geometry[holed], method="structure")
    return out


def _interior_length(lines: Objects, feature: Objects) -> Floats:
    """Measure lines that run along a border; that stretch counts as touching."""
    total = line_lengths(shapely.intersection(lines, feature))
    along = line_lengths(shapely.intersection(lines, shapely.boundary(feature)))
    return np.maximum(total - along, 0.0)

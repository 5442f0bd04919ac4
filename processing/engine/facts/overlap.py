"""Which sites overlap which features, by how much, and in which relation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy.joined import joined
from ....layers.geodesy.length import line_lengths
from ..prepared.layer import PreparedLayer
from ..words import Relation
from .cuts import NONE as NO_CUTS
from .cuts import Cuts
from .piece_pairs import PiecePairs, meets_rim, piece_pairs
from .site_arrays import LINE, POINT, POLYGON, SiteArrays

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

RELATIONS = tuple(Relation)
CODE = {relation: np.uint8(code) for code, relation in enumerate(RELATIONS)}
NOT_MET = np.uint8(255)

# Below these a sum over pieces cannot tell a hair from rounding: the whole geometries decide.
HAIR_M2 = 1e-3
HAIR_M = 1e-4
HAIR_SHARE = 1e-9
BLOCK = 1_000_000  # vertices


@dataclass(frozen=True)
class Overlaps:
    """Pairs of site and feature that meet, sorted by site and feature.

    Attributes
    ----------
    site, feature : ndarray of int64
    relation : ndarray of uint8
        Positions in `RELATIONS`.
    area_m2, length_m : ndarray
    cuts : Cuts
    start, count : ndarray
        The overlap of pair i is made of the cuts ``start : start + count``.
    """

    site: Indices
    feature: Indices
    relation: NDArray[np.uint8]
    area_m2: Floats
    length_m: Floats
    cuts: Cuts
    start: Indices
    count: Indices

    def geometry(self, rows: Indices, sites: SiteArrays) -> Objects:
        """Return the overlaps of the pairs at those rows, EPSG:4490."""
        out = np.empty(len(rows), dtype=object)
        inside = self.relation[rows] == CODE[Relation.INSIDE]
        out[inside] = sites.geometry[self.site[rows[inside]]]
        partly = np.flatnonzero(~inside)
        start, count = self.start[rows[partly]], self.count[rows[partly]]
        end = np.cumsum(count)
        cuts = self.cuts.take(np.arange(count.sum()) + np.repeat(start - end + count, count))
        out[partly] = cuts[end - count]
        several = np.flatnonzero(count > 1)
        areal = sites.dimension[self.site[rows[partly[several]]]] == POLYGON
        for i in several[~areal]:
            out[partly[i]] = shapely.union_all(cuts[end[i] - count[i] : end[i]])
        several = several[areal]
        index = np.repeat(np.arange(len(several)), count[several])
        out[partly[several]] = joined(cuts[np.isin(np.repeat(np.arange(len(count)), count), several)], index)
        return out


NONE = Overlaps(
    *(np.empty(0, dtype=np.int64),) * 2, np.empty(0, dtype=np.uint8), *(np.empty(0),) * 2, NO_CUTS,
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
    order = np.lexsort((piece, part))  # sums and unions do not depend on which other pieces there are
    part, piece = part[order], piece[order]
    pairs = _per_feature(piece_pairs(sites, layer, part, piece), sites, layer)
    return _relate(sites, layer, pairs)


@dataclass(frozen=True)
class _FeaturePairs(PiecePairs):
    """The same per feature: ``inside`` of all parts, ``crosses`` of any, ``holds`` of all pieces.

    ``cuts`` stay by piece, sorted by pair.
    """

    start: Indices
    count: Indices


def _per_feature(pairs: PiecePairs, sites: SiteArrays, layer: PreparedLayer) -> _FeaturePairs:
    """Sum the parts and pieces of each (site, feature) pair."""
    n_features = len(layer.surface)
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
        np.logical_or.reduceat(pairs.crosses[order], start),
        np.add.reduceat(pairs.holds[order].astype(np.int64), start) == layer.n_pieces[unique % n_features],
        pairs.cuts.sorted(order),
        start,
        count,
    )


def _relate(sites: SiteArrays, layer: PreparedLayer, pairs: _FeaturePairs) -> Overlaps:
    """Give each (site, feature) pair its relation."""
    dimension = sites.dimension[pairs.site]
    relation = np.where(dimension == LINE, CODE[Relation.CROSSES], CODE[Relation.OVERLAPS])
    relation[pairs.inside] = CODE[Relation.INSIDE]
    relation[pairs.holds] = CODE[Relation.CONTAINS]
    length, border = pairs.length.copy(), pairs.along.copy()
    # What crosses the border lies within and without, and the feature within and without it, be it by a hair.
    open_ = np.flatnonzero(~pairs.inside & ~pairs.holds & ~(pairs.crosses & (pairs.along <= HAIR_M)))
    if len(open_):
        _decide(sites, layer, pairs, open_, relation, length, border)

    touching = relation == CODE[Relation.TOUCHES]
    inside, holds = relation == CODE[Relation.INSIDE], relation == CODE[Relation.CONTAINS]
    area = np.where(inside & (dimension == POLYGON), sites.size[pairs.site], pairs.area)
    area[holds] = layer.feature_area[pairs.feature[holds]]
    filled = inside & (dimension == LINE) & (border <= HAIR_M)
    length[filled] = sites.size[pairs.site[filled]]
    area[touching], length[touching] = 0.0, 0.0
    keep = relation != NOT_MET
    return Overlaps(
        pairs.site[keep],
        pairs.feature[keep],
        relation[keep],
        area[keep],
        length[keep],
        pairs.cuts,
        pairs.start[keep],
        pairs.count[keep],
    )


def _decide(
    sites: SiteArrays,
    layer: PreparedLayer,
    pairs: _FeaturePairs,
    rows: Indices,
    relation: NDArray[np.uint8],
    length: Floats,
    border: Floats,
) -> None:
    """Correct relation, length and length along the border of pairs within a hair, asking the whole geometries."""
    site, feature, along = pairs.site[rows], pairs.feature[rows], pairs.along[rows] > HAIR_M
    dimension, size, whole = sites.dimension[site], sites.size[site], layer.feature_area[feature]
    polygon = dimension == POLYGON
    measure = np.where(polygon, pairs.area[rows], length[rows])
    hair = np.where(polygon, HAIR_M2, HAIR_M)
    fills = size - measure <= np.maximum(hair, HAIR_SHARE * size)
    filled = polygon & (whole - measure <= np.maximum(hair, HAIR_SHARE * whole))
    close = np.flatnonzero(fills | filled | (measure <= hair) | along | sites.retraced[site])
    if not len(close):
        return
    rows, site, feature, dimension, along = rows[close], site[close], feature[close], dimension[close], along[close]
    apart = ~meets_rim(sites.geometry, layer, site, feature)
    settled = apart & (fills[close] | ((sites.n_parts[site] == 1) & (dimension == POINT)))
    relation[rows[settled]] = CODE[Relation.INSIDE]
    border[rows[settled]] = 0.0  # it runs along a cutting line
    holds = apart & ~settled & filled[close]
    relation[rows[holds]] = CODE[Relation.CONTAINS]

    asked = np.flatnonzero(~settled & ~holds)
    surface = layer.surface[feature[asked]]
    box = shapely.bounds(surface).reshape(-1, 4)
    shape = sites.vicinity.about(site[asked], box)
    beyond = _reaches_beyond(sites.geometry[site[asked]], box)
    relation[rows[asked]] = _exact_relation(shape, beyond, surface, dimension[asked])
    along = along[asked]
    length[rows[asked[along]]] = _interior_length(shape[along], surface[along])


def _reaches_beyond(geometry: Objects, box: Floats) -> Flags:
    """Tell which geometries are not within their box."""
    bounds = shapely.bounds(geometry).reshape(-1, 4)
    return np.asarray((bounds[:, :2] < box[:, :2]).any(axis=1) | (bounds[:, 2:] > box[:, 2:]).any(axis=1))


def _exact_relation(shape: Objects, beyond: Flags, feature: Objects, dimension: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the relation of geometries from their DE-9IM matrix, `NOT_MET` where they do not meet.

    Parameters
    ----------
    shape : ndarray of object
        Whole, or as they are about the feature.
    beyond : ndarray of bool
        Which of them are surely not within the feature.
    """
    # A large site is copied for each feature that it meets: some pairs after the other.
    block = np.cumsum(shapely.get_num_coordinates(shape)) // BLOCK
    begin = np.flatnonzero(np.diff(block)) + 1
    if len(begin):
        split = (np.split(values, begin) for values in (shape, beyond, feature, dimension))
        return np.concatenate([_exact_relation(*some) for some in zip(*split, strict=True)])
    if not len(shape):
        return np.empty(0, dtype=np.uint8)
    matrix = shapely.relate(_noded(shape), _noded(feature)).astype("U9").view("U1").reshape(-1, 9) != "F"
    inner, inner_out, border_out, out_inner, out_border = matrix[:, [0, 2, 5, 6, 7]].T
    return np.select(
        [
            ~matrix[:, [0, 1, 3, 4]].any(axis=1),
            ~inner,
            ~inner_out & ~border_out & ~beyond,
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

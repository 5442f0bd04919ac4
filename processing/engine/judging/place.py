"""Where a rule's place predicate holds, is missed within the band, or cannot be told: one row per fact that matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from ...rules.model import Rule
from ..facts.layer_facts import LayerFacts
from ..facts.nearest import to_own_rim
from ..facts.overlap import CODE
from ..facts.search_sites import SearchSites
from ..facts.site_arrays import LINE, POINT, POLYGON
from ..facts.united import united
from ..truth import FALSE, TRUE, UNKNOWN
from ..words import Relation
from . import reasons
from .reasons import byte

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

WHOLE = 1 - 1e-9


@dataclass(frozen=True)
class Hits:
    """Facts that bear on one rule.

    ``layer`` is the position among the layers of the role and ``row`` the fact in it (-1
    where no single fact stands for the hit); ``reason`` is FIRED, TOUCHED, IN_BAND or
    FIELD_OPEN as a byte.
    """

    site: Indices
    layer: Indices
    row: Indices
    reason: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.site)

    def take(self, rows: Indices | NDArray[np.bool_]) -> Hits:
        """Return those rows."""
        return Hits(*(values[rows] for values in vars(self).values()))


NONE = Hits(*(np.empty(0, dtype=np.int64),) * 3, np.empty(0, dtype=np.uint8))


def join(parts: Sequence[Hits]) -> Hits:
    """Return the rows of all parts."""
    filled = [part for part in parts if len(part)]
    if len(filled) <= 1:
        return filled[0] if filled else NONE
    return Hits(*(np.concatenate([getattr(p, f.name) for p in filled]) for f in fields(Hits)))


def find_hits(rule: Rule, layers: Sequence[LayerFacts]) -> Hits:
    """Return the hits of a rule on the layers of its role."""
    kind = rule.place.kind
    if kind == "not_within":
        return _not_within(rule, layers)
    if kind == "multiple":
        return _multiple(rule, layers)
    if kind == "share":
        return _share(rule, layers)
    ask = _within if kind == "within_m" else _met
    hits = join([ask(rule, i, layer) for i, layer in enumerate(layers)])
    # Every site lies in some unit: the list of another one within the band is asked all the same.
    return hits if rule.access_list else _strongest(hits)


def _met(rule: Rule, position: int, layer: LayerFacts) -> Hits:
    """Overlaps fire; touching or lying within the band is told apart."""
    facts, truth = layer.facts, layer.truth(rule.feature)[layer.facts.feature]
    considered = truth != FALSE
    if rule.place.kind == "crosses":
        considered &= layer.sites.dimension[facts.site] == LINE
    met = facts.met & considered
    band = layer.band_m[facts.site]
    in_band = considered & ~met & (facts.distance_m <= band) & (band > 0)
    touched = considered & ~met & ~in_band & (facts.relation == CODE[Relation.TOUCHES])
    reason = np.select(
        [met & (truth == TRUE), met, in_band, touched],
        [byte(reasons.FIRED), byte(reasons.FIELD_OPEN), byte(reasons.IN_BAND), byte(reasons.TOUCHED)],
        0,
    ).astype(np.uint8)
    return _rows(position, facts.site, reason)


def _within(rule: Rule, position: int, layer: LayerFacts) -> Hits:
    """Distances up to the limit fire; those beyond it by less than the band are borderline."""
    facts, truth = layer.facts, layer.truth(rule.feature)[layer.facts.feature]
    limit = float(rule.place.value or 0.0)
    inside = (truth != FALSE) & (facts.distance_m <= limit)
    doubt = layer.band_m[facts.site] + layer.miss_m[facts.feature]
    missed = (facts.distance_m <= limit + doubt) & (doubt > 0)
    missed |= facts.distance_m <= layer.water_m[facts.feature]  # it may lie in the water, at no distance at all
    missed &= (truth != FALSE) & ~inside
    reason = np.select(
        [inside & (truth == TRUE), inside, missed],
        [byte(reasons.FIRED), byte(reasons.FIELD_OPEN), byte(reasons.IN_BAND)],
        0,
    ).astype(np.uint8)
    return _rows(position, facts.site, reason)


def _rows(position: int, site: Indices, reason: NDArray[np.uint8]) -> Hits:
    rows = np.flatnonzero(reason)
    return Hits(site[rows], np.full(len(rows), position), rows, reason[rows])


def _multiple(rule: Rule, layers: Sequence[LayerFacts]) -> Hits:
    """Find sites that meet more than one feature; the largest share stands for all."""
    met = _of_kind(rule, layers, TRUE)
    count = np.bincount(met.site, minlength=len(layers[0].sites))
    return _largest(met.take(count[met.site] > 1), layers)


def _share(rule: Rule, layers: Sequence[LayerFacts]) -> Hits:
    """Find sites of which at least the given share lies in features of the kind, nothing counted twice."""
    met = _of_kind(rule, layers, TRUE)
    enough = _covered(rule, layers, TRUE) >= float(rule.place.value or 0.0)
    return _largest(met.take(enough[met.site]), layers)


def _of_kind(rule: Rule, layers: Sequence[LayerFacts], least: np.int8) -> Hits:
    """Return the overlaps with features that are, or may be, of the kind."""
    parts = []
    for position, layer in enumerate(layers):
        of_kind = layer.truth(rule.feature)[layer.facts.feature] >= least
        reason = np.where(layer.facts.met & ~layer.slight & of_kind, byte(reasons.FIRED), 0).astype(np.uint8)
        parts.append(_rows(position, layer.facts.site, reason))
    return join(parts)


def _largest(met: Hits, layers: Sequence[LayerFacts]) -> Hits:
    """Keep the overlap with the largest share of each site."""
    share = np.empty(len(met))
    for position, layer in enumerate(layers):
        here = met.layer == position
        share[here] = layer.facts.overlap_share[met.row[here]]
    order = np.lexsort((-share, met.site))
    return met.take(order[np.unique(met.site[order], return_index=True)[1]])


def _covered(rule: Rule, layers: Sequence[LayerFacts], least: np.int8) -> Floats:
    """Return the share of each site in features that are, or may be, of the kind, nothing counted twice."""
    sites = layers[0].sites
    site, area, length, points = united(layers, [layer.truth(rule.feature) >= least for layer in layers])
    share = np.zeros(len(sites))
    measure = np.select([sites.dimension[site] == POLYGON, sites.dimension[site] == LINE], [area, length], points)
    share[site] = measure / sites.size[site]
    return share


def _not_within(rule: Rule, layers: Sequence[LayerFacts]) -> Hits:
    """Find sites that do not lie wholly in features of the kind, or lie in them by less than the band."""
    sure = _covered(rule, layers, TRUE)
    outside = np.flatnonzero(sure < WHOLE)
    possible = _covered(rule, layers, UNKNOWN)[outside] >= WHOLE
    reason = np.where(possible, byte(reasons.FIELD_OPEN), byte(reasons.FIRED)).astype(np.uint8)
    out = Hits(outside, np.zeros(len(outside), dtype=np.int64), np.full(len(outside), -1), reason)
    inside = _of_kind(rule, layers, TRUE)
    inside = inside.take(sure[inside.site] >= WHOLE)
    near = [_near_the_rim(layer, inside.take(inside.layer == i)) for i, layer in enumerate(layers)]
    return join([out, *near])


def _near_the_rim(layer: LayerFacts, inside: Hits) -> Hits:
    """Keep sites whose distance to the border of the feature that they lie in is less than the band."""
    inside = inside.take(layer.facts.relation[inside.row] == CODE[Relation.INSIDE])
    inside = inside.take(layer.band_m[inside.site] > 0)
    shape = layer.sites.geometry[inside.site]
    to_rim = to_own_rim(SearchSites(shape), layer.layer, layer.facts.feature[inside.row])
    near = inside.take(to_rim < layer.band_m[inside.site])
    return Hits(near.site, near.layer, near.row, np.full(len(near), byte(reasons.IN_BAND)))


def _strongest(hits: Hits) -> Hits:
    """Where a site fires, a miss or a touch of another feature says nothing more."""
    certain = reasons.is_one_of(hits.reason, (reasons.FIRED, reasons.FIELD_OPEN))
    if certain.all():
        return hits
    fires = np.zeros(int(hits.site.max()) + 1, dtype=bool)
    fires[hits.site[hits.reason == byte(reasons.FIRED)]] = True
    return hits.take(certain | ~fires[hits.site])


def bare_points(rule: Rule, layers: Sequence[LayerFacts]) -> NDArray[np.bool_]:
    """Tell which sites are bare points, for which an area rule that did not fire proves nothing."""
    if rule.place.kind not in ("intersects", "share", "multiple") or not layers:
        return np.zeros(len(layers[0].sites) if layers else 0, dtype=bool)
    return np.asarray(layers[0].sites.dimension == POINT)

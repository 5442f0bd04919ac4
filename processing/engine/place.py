"""Where a rule's place predicate holds, is missed within the band, or cannot be told: one row per fact that matters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from ..rules.model import Rule
from . import reasons
from .layer_facts import LayerFacts
from .overlap import CODE
from .predicates import FALSE, TRUE
from .reasons import byte
from .site_arrays import LINE, POINT
from .words import Relation

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
    return Hits(*(np.concatenate([getattr(p, f.name) for p in (NONE, *parts)]) for f in fields(Hits)))


def find_hits(rule: Rule, layers: Sequence[LayerFacts]) -> Hits:
    """Return the hits of a rule on the layers of its role."""
    kind = rule.place.kind
    if kind == "not_within":
        return _not_within(rule, layers)
    if kind == "within_m":
        parts = [_within(rule, i, layer) for i, layer in enumerate(layers)]
    elif kind == "multiple":
        parts = [_multiple(rule, i, layer) for i, layer in enumerate(layers)]
    elif kind == "share":
        parts = [_share(rule, i, layer) for i, layer in enumerate(layers)]
    else:
        parts = [_met(rule, i, layer) for i, layer in enumerate(layers)]
    return _strongest(join(parts))


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
    missed = (truth != FALSE) & ~inside & (facts.distance_m <= limit + doubt) & (doubt > 0)
    reason = np.select(
        [inside & (truth == TRUE), inside, missed],
        [byte(reasons.FIRED), byte(reasons.FIELD_OPEN), byte(reasons.IN_BAND)],
        0,
    ).astype(np.uint8)
    return _rows(position, facts.site, reason)


def _rows(position: int, site: Indices, reason: NDArray[np.uint8]) -> Hits:
    rows = np.flatnonzero(reason)
    return Hits(site[rows], np.full(len(rows), position), rows, reason[rows])


def _multiple(rule: Rule, position: int, layer: LayerFacts) -> Hits:
    """Find sites that meet more than one feature; the largest share stands for all."""
    return _largest(rule, position, layer, lambda count, _share: count > 1)


def _share(rule: Rule, position: int, layer: LayerFacts) -> Hits:
    """Find sites of which at least the given share lies in features of the kind."""
    least = float(rule.place.value or 0.0)
    return _largest(rule, position, layer, lambda _count, share: share >= least)


def _largest(
    rule: Rule, position: int, layer: LayerFacts, holds: Callable[[Indices, Floats], NDArray[np.bool_]]
) -> Hits:
    facts = layer.facts
    of_kind = np.flatnonzero(facts.met & ~layer.slight & (layer.truth(rule.feature)[facts.feature] == TRUE))
    n = len(layer.sites)
    count: Indices = np.asarray(np.bincount(facts.site[of_kind], minlength=n), dtype=np.int64)
    share = np.asarray(np.bincount(facts.site[of_kind], facts.overlap_share[of_kind], n), dtype=np.float64)
    rows = of_kind[holds(count, share)[facts.site[of_kind]]]
    rows = rows[np.lexsort((-facts.overlap_share[rows], facts.site[rows]))]
    first = np.concatenate(([True], np.diff(facts.site[rows]) != 0)) if len(rows) else np.empty(0, dtype=bool)
    rows = rows[first]
    return Hits(facts.site[rows], np.full(len(rows), position), rows, np.full(len(rows), byte(reasons.FIRED)))


def _not_within(rule: Rule, layers: Sequence[LayerFacts]) -> Hits:
    """Find sites that do not lie wholly in features of the kind."""
    n = len(layers[0].sites)
    sure, possible = np.zeros(n), np.zeros(n)
    for layer in layers:
        facts, truth = layer.facts, layer.truth(rule.feature)[layer.facts.feature]
        sure += np.bincount(facts.site, np.where(facts.met & (truth == TRUE), facts.overlap_share, 0), minlength=n)
        maybe = facts.met & (truth != FALSE)
        possible += np.bincount(facts.site, np.where(maybe, facts.overlap_share, 0), minlength=n)
    outside = np.flatnonzero(sure < WHOLE)
    reason = np.where(possible[outside] >= WHOLE, byte(reasons.FIELD_OPEN), byte(reasons.FIRED)).astype(np.uint8)
    return Hits(outside, np.zeros(len(outside), dtype=np.int64), np.full(len(outside), -1), reason)


def _strongest(hits: Hits) -> Hits:
    """Where a site fires, a miss or a touch of another feature says nothing more."""
    fired = np.unique(hits.site[hits.reason == byte(reasons.FIRED)])
    return hits.take((hits.reason == byte(reasons.FIRED)) | ~np.isin(hits.site, fired))


def bare_points(rule: Rule, layers: Sequence[LayerFacts]) -> NDArray[np.bool_]:
    """Tell which sites are bare points, for which an area rule that did not fire proves nothing."""
    if rule.place.kind not in ("intersects", "share", "multiple") or not layers:
        return np.zeros(len(layers[0].sites) if layers else 0, dtype=bool)
    return np.asarray(layers[0].sites.dimension == POINT)

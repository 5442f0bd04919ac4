"""How strong a finding is: caps by kind of text, indicative data, and the band of accuracy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..rules.model import Rule
from . import reasons, rows
from .chunk import Chunk
from .layer_facts import LayerFacts
from .nearest import PlaneSites, to_own_rim
from .overlap import CODE
from .reasons import byte
from .rows import BORDERLINE, INDICATIVE, Rows
from .site_arrays import POLYGON
from .words import Relation, Verdict

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

REVIEW = Verdict.NEEDS_REVIEW.rank


def clause_verdict(rule: Rule) -> int:
    """Return the rank of a rule's verdict under the cap of its kind of text."""
    return max(rows.rank(rule.verdict), rows.rank(rule.cap) if rule.cap else 0)


def grade(rule: Rule, chunk: Chunk, fired: Rows) -> Rows:
    """Return fired findings, whose verdict is the clause's own, as strong as the data allow."""
    for position in np.unique(fired.layer):
        at = np.flatnonzero((fired.layer == position) & (fired.row >= 0))
        if len(at):
            fired = _put(fired, at, _grade_layer(rule, chunk.layers[position], fired.take(at)))
    if rule.place.kind == "within_m":
        fired = _where_definitions_differ(rule, chunk, fired)
    return fired


def _put(all_: Rows, at: Indices, part: Rows) -> Rows:
    columns = {}
    for name in ("verdict", "certainty", "limit_m", "margin_m", "note"):
        column = getattr(all_, name).copy()
        column[at] = getattr(part, name)
        columns[name] = column
    return all_.with_(**columns)


def _grade_layer(rule: Rule, layer: LayerFacts, fired: Rows) -> Rows:
    facts = layer.facts.take(fired.row)
    band = layer.band_m[facts.site]
    note = fired.note.copy()
    limit = np.full(len(fired), np.nan)
    if rule.place.kind == "within_m":
        limit[:] = rule.place.value
        margin = limit - facts.distance_m
        borderline = margin <= band
        coincide = np.zeros(len(fired), dtype=bool)
        note[facts.distance_m == 0] = rows.IN_THE_WATER if rule.layer == "bank_line" else rows.NO_NOTE
        note[layer.miss_m[facts.feature] > 0] = rows.CENTRE_LINE
    else:
        margin = _margins(layer, fired.row, band, rule.access_list or rule.place.kind == "multiple")
        coincide = layer.slight[fired.row] | (margin < band)
        borderline = coincide.copy()
        note[coincide] = [_add(old, rows.BORDERS_COINCIDE) for old in note[coincide]]
    borderline &= band > 0
    borderline |= coincide
    note[borderline & (note == rows.NO_NOTE)] = rows.NEAR_LIMIT
    indicative = layer.indicative[facts.feature]
    verdict = np.where(indicative | coincide, np.maximum(fired.verdict, REVIEW), fired.verdict)
    certainty = np.select([indicative, borderline], [INDICATIVE, BORDERLINE], rows.FIRM)
    return fired.with_(verdict=verdict, certainty=certainty, limit_m=limit, margin_m=margin, note=note)


def _add(note: str, words: str) -> str:
    return f"{note}（{words}）" if note else words


def _margins(layer: LayerFacts, row: Indices, band: Floats, exclusive: bool) -> Floats:
    """Return how far a border would have to be wrong for the overlap to vanish, m.

    The depth of the overlap; a narrow site wholly inside has its distance to the border on top.
    With `exclusive` a site wholly inside has none: it lies in some unit whatever the border.
    """
    met = layer.facts.met[row]
    if exclusive:
        met = met & (layer.facts.relation[row] != CODE[Relation.INSIDE])
    margin = np.full(len(row), np.nan)
    margin[met] = layer.depths(row[met])
    facts = layer.facts.take(row)
    narrow = np.flatnonzero(
        met
        & (facts.relation == CODE[Relation.INSIDE])
        & (layer.sites.dimension[facts.site] == POLYGON)
        & (margin < band)
    )
    if len(narrow):
        shape = layer.sites.geometry[facts.site[narrow]]
        margin[narrow] += to_own_rim(shape, PlaneSites.of(shape), layer.layer.rims, facts.feature[narrow])
    return margin


def _where_definitions_differ(rule: Rule, chunk: Chunk, fired: Rows) -> Rows:
    """Lower to needs_review what fires under one bank definition and not under another of the same river."""
    inside, outside = set(), set()
    for position in chunk.positions(rule.layer):
        layer = chunk.layers[position]
        frame, facts = layer.layer.data.frame, layer.facts
        if "bank_def" not in frame or "river" not in frame:
            continue
        bears = (layer.truth(rule.feature)[facts.feature] > 0) & ~layer.indicative[facts.feature]
        river = frame["river"].fillna("").to_numpy(dtype=object)[facts.feature]
        within = facts.distance_m <= float(rule.place.value or 0.0)
        inside |= set(zip(facts.site[bears & within], river[bears & within], strict=True))
        outside |= set(zip(facts.site[bears & ~within], river[bears & ~within], strict=True))
    both = inside & outside
    if not both:
        return fired
    differs = np.array([(site, _river(chunk, fired, i)) in both for i, site in enumerate(fired.site)], dtype=bool)
    note = np.where(differs, rows.DEFINITIONS_DIFFER, fired.note).astype(object)
    return fired.with_(verdict=np.where(differs, np.maximum(fired.verdict, REVIEW), fired.verdict), note=note)


def _river(chunk: Chunk, fired: Rows, i: int) -> str:
    layer = chunk.layers[fired.layer[i]]
    return str(layer.layer.data.frame["river"].fillna("").iloc[layer.facts.feature[fired.row[i]]])


def near_misses(rule: Rule, chunk: Chunk, near: Rows) -> Rows:
    """Return the findings of borders that touch (a notice) and of misses within the band (needs_review)."""
    touched = near.reason == byte(reasons.TOUCHED)
    verdict = np.where(touched, Verdict.NOTICE.rank, REVIEW)
    certainty = np.where(touched, rows.FIRM, BORDERLINE)
    note = np.where(touched, rows.BORDERS_TOUCH, rows.NEAR_LIMIT).astype(object)
    limit = float(rule.place.value) if rule.place.kind == "within_m" and rule.place.value else np.nan
    margin = np.full(len(near), np.nan)
    for position in np.unique(near.layer):
        at = near.layer == position
        layer = chunk.layers[position]
        facts = layer.facts.take(near.row[at])
        margin[at] = facts.distance_m - (0.0 if np.isnan(limit) else limit)
        certainty[at] = np.where(layer.indicative[facts.feature], INDICATIVE, certainty[at])
    verdict = np.maximum(verdict, clause_verdict(rule))
    return replace(
        near, verdict=verdict, certainty=certainty, note=note, margin_m=margin, limit_m=np.full(len(near), limit)
    )

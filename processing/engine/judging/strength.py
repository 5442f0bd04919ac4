"""How strong a finding is: caps by kind of text, indicative data, and the band of accuracy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ...rules.model import Rule
from ..facts.inscribed import polygon_depths
from ..facts.layer_facts import LayerFacts
from ..facts.nearest import to_own_rim
from ..facts.overlap import CODE
from ..facts.search_sites import SearchSites
from ..facts.site_arrays import POLYGON
from ..facts.united import united_overlap
from ..truth import TRUE
from ..words import Relation, Verdict
from . import notes, reasons, rows
from .chunk import Chunk
from .reasons import byte
from .rows import BORDERLINE, INDICATIVE, Rows

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

REVIEW = Verdict.NEEDS_REVIEW.rank
SEVERAL = 2


def clause_verdict(rule: Rule) -> int:
    """Return the rank of a rule's verdict under the cap of its kind of text."""
    return max(rows.rank(rule.verdict), rows.rank(rule.cap) if rule.cap else 0)


def grade(rule: Rule, chunk: Chunk, fired: Rows) -> Rows:
    """Return fired findings, whose verdict is the clause's own, as strong as the data allow."""
    for position in np.unique(fired.layer):
        at = np.flatnonzero((fired.layer == position) & (fired.row >= 0))
        if len(at) == len(fired):
            fired = _grade_layer(rule, chunk.layers[position], fired)
        elif len(at):
            fired = _put(fired, at, _grade_layer(rule, chunk.layers[position], fired.take(at)))
    if rule.place.kind == "within_m":
        return _where_definitions_differ(rule, chunk, fired)
    if rule.place.kind == "not_within":
        return _grade_outside(rule, chunk, fired)
    return fired


def _grade_outside(rule: Rule, chunk: Chunk, fired: Rows) -> Rows:
    """Grade sites outside features of a kind: by how wide the part outside is, and by what the layers are worth."""
    layers = [chunk.layers[i] for i in chunk.positions(rule.layer)]
    shape = chunk.sites.geometry[fired.site]
    kinds = [layer.truth(rule.feature) == TRUE for layer in layers]
    outside = [
        shapely.difference(one, united_overlap(layers, site, kinds))
        for one, site in zip(shape, fired.site, strict=True)
    ]
    areal = chunk.sites.dimension[fired.site] == POLYGON
    margin = np.full(len(fired), np.nan)
    margin[areal] = polygon_depths(np.array(outside, dtype=object)[areal])
    band = np.max([layer.band_m[fired.site] for layer in layers], axis=0) if len(fired) else np.empty(0)
    slight = margin < band
    indicative = all(layer.only_hints for layer in layers)
    verdict = np.where(slight | indicative, np.maximum(fired.verdict, REVIEW), fired.verdict)
    certainty = np.where(slight, BORDERLINE, rows.FIRM) if not indicative else np.full(len(fired), INDICATIVE)
    note = np.where(slight, notes.BORDERS_COINCIDE.zh, fired.note).astype(object)
    return fired.with_(verdict=verdict, certainty=certainty, margin_m=margin, note=note)


def _put(all_: Rows, at: Indices, part: Rows) -> Rows:
    columns = {}
    for name in ("verdict", "certainty", "limit_m", "margin_m", "note"):
        column = getattr(all_, name).copy()
        column[at] = getattr(part, name)
        columns[name] = column
    return all_.with_(**columns)


def _grade_layer(rule: Rule, layer: LayerFacts, fired: Rows) -> Rows:
    feature, distance = layer.facts.feature[fired.row], layer.facts.distance_m[fired.row]
    band = layer.band_m[fired.site]
    note = fired.note.copy()
    limit = np.full(len(fired), np.nan)
    if rule.place.kind == "within_m":
        limit[:] = rule.place.value
        margin = limit - distance
        borderline = margin <= band
        coincide = np.zeros(len(fired), dtype=bool)
        note[distance == 0] = notes.IN_THE_WATER.zh if rule.layer == "bank_line" else rows.NO_NOTE
        note[layer.miss_m[feature] > 0] = notes.CENTRE_LINE.zh
        note[(layer.water_m[feature] > 0) & (note == rows.NO_NOTE)] = notes.ONE_BANK.zh
    else:
        margin = _margins(layer, fired.row, band, rule.access_list or rule.place.kind == "multiple")
        coincide = layer.slight[fired.row] | (margin < band)
        borderline = coincide.copy()
        note[coincide] = [notes.beside(old, notes.BORDERS_COINCIDE) for old in note[coincide]]
    borderline &= band > 0
    borderline |= coincide
    note[borderline & (note == rows.NO_NOTE)] = notes.NEAR_LIMIT.zh
    indicative = layer.indicative[feature]
    verdict = np.where(indicative | coincide, np.maximum(fired.verdict, REVIEW), fired.verdict)
    certainty = np.select([indicative, borderline], [INDICATIVE, BORDERLINE], rows.FIRM)
    return fired.with_(verdict=verdict, certainty=certainty, limit_m=limit, margin_m=margin, note=note)


def _margins(layer: LayerFacts, row: Indices, band: Floats, exclusive: bool) -> Floats:
    """Return how far a border would have to be wrong for the overlap to vanish, m.

    The depth of the overlap; a narrow site wholly inside has its distance to the border on top.
    With `exclusive` a site wholly inside has none: it lies in some unit whatever the border.
    """
    met, inside = layer.facts.met[row], layer.facts.relation[row] == CODE[Relation.INSIDE]
    if exclusive:
        met = met & ~inside
    margin = np.full(len(row), np.nan)
    margin[met] = layer.depths(row[met])
    site = layer.facts.site[row]
    narrow = np.flatnonzero(met & inside & (layer.sites.dimension[site] == POLYGON) & (margin < band))
    if len(narrow):
        shape = layer.sites.geometry[site[narrow]]
        margin[narrow] += to_own_rim(SearchSites(shape), layer.layer, layer.facts.feature[row[narrow]])
    return margin


def _where_definitions_differ(rule: Rule, chunk: Chunk, fired: Rows) -> Rows:
    """Lower to needs_review what fires under one bank definition and not under another of the same named river."""
    layers = [chunk.layers[position] for position in chunk.positions(rule.layer)]
    if len(fired) == 0 or len({name for layer in layers for name in layer.layer.traits.definitions}) < SEVERAL:
        return fired
    parts = [_by_definition(rule, layer) for layer in layers]
    asked = pd.concat([part for part in parts if part is not None and len(part)] or [pd.DataFrame()])
    if not len(asked) or asked["definition"].nunique() < SEVERAL:
        return fired
    fires = asked.groupby(["site", "river", "definition"])["within"].any().groupby(level=["site", "river"])
    differing = fires.any() & ~fires.all()
    both = set(differing.index[differing])
    if not both:
        return fired
    differs = np.array([(site, _river(chunk, fired, i)) in both for i, site in enumerate(fired.site)], dtype=bool)
    note = np.where(differs, notes.DEFINITIONS_DIFFER.zh, fired.note).astype(object)
    return fired.with_(verdict=np.where(differs, np.maximum(fired.verdict, REVIEW), fired.verdict), note=note)


def _by_definition(rule: Rule, layer: LayerFacts) -> pd.DataFrame | None:
    """Return site, river, definition and whether it lies within the limit, of the facts that bear on a rule."""
    frame, facts = layer.layer.data.frame, layer.facts
    if "bank_def" not in frame or "river" not in frame:
        return None
    river = frame["river"].fillna("").to_numpy(dtype=object)
    named = (layer.truth(rule.feature) > 0) & ~layer.indicative & (river != "")
    near = np.flatnonzero(named[facts.feature])
    feature = facts.feature[near]
    return pd.DataFrame(
        {
            "site": facts.site[near],
            "river": river[feature],
            "definition": frame["bank_def"].fillna("").to_numpy(dtype=object)[feature],
            "within": facts.distance_m[near] <= float(rule.place.value or 0.0),
        }
    )


def _river(chunk: Chunk, fired: Rows, i: int) -> str:
    layer = chunk.layers[fired.layer[i]]
    return str(layer.layer.data.frame["river"].fillna("").iloc[layer.facts.feature[fired.row[i]]])


def near_misses(rule: Rule, chunk: Chunk, near: Rows) -> Rows:
    """Return the findings of borders that touch (a notice) and of misses within the band (needs_review)."""
    if rule.place.kind == "not_within":
        return _barely_inside(chunk, near)
    touched = near.reason == byte(reasons.TOUCHED)
    verdict = np.where(touched, Verdict.NOTICE.rank, REVIEW)
    certainty = np.where(touched, rows.FIRM, BORDERLINE)
    note = np.where(touched, notes.BORDERS_TOUCH.zh, notes.NEAR_LIMIT.zh).astype(object)
    limit = float(rule.place.value) if rule.place.kind == "within_m" and rule.place.value else np.nan
    margin = np.full(len(near), np.nan)
    for position in np.unique(near.layer):
        at = near.layer == position
        layer = chunk.layers[position]
        feature = layer.facts.feature[near.row[at]]
        margin[at] = layer.facts.distance_m[near.row[at]] - (0.0 if np.isnan(limit) else limit)
        note[np.flatnonzero(at)[layer.water_m[feature] > 0]] = notes.ONE_BANK.zh
        certainty[at] = np.where(layer.indicative[feature], INDICATIVE, certainty[at])
    verdict = np.maximum(verdict, clause_verdict(rule))
    return replace(
        near, verdict=verdict, certainty=certainty, note=note, margin_m=margin, limit_m=np.full(len(near), limit)
    )


def _barely_inside(chunk: Chunk, near: Rows) -> Rows:
    """Return the findings of sites inside a feature by less than the band."""
    certainty = np.full(len(near), BORDERLINE)
    for position in np.unique(near.layer):
        at = near.layer == position
        layer = chunk.layers[position]
        certainty[at] = np.where(layer.indicative[layer.facts.feature[near.row[at]]], INDICATIVE, BORDERLINE)
    note = np.full(len(near), notes.NEAR_LIMIT.zh, dtype=object)
    return near.with_(verdict=np.full(len(near), REVIEW), certainty=certainty, note=note)

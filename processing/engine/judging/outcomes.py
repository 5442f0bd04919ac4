"""One rule for all sites of a chunk: its outcome, why, and its findings.

The questions are asked in the order of design section 4: in force, scope, project, layer
state (`sieve`), place. A rule whose project predicate is surely false needs no layer.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from ...rules.model import Pack, Rule
from ..facts.layer_facts import LayerFacts
from ..truth import UNKNOWN, Truth
from ..words import Verdict
from . import exceptions, notes, reasons, rows, strength
from .access import judge_list
from .chunk import Chunk
from .leaves import core_is_open
from .place import NONE, Hits, bare_points, find_hits
from .reasons import byte
from .rows import Rows
from .scope import in_force
from .sieve import Sieve, sieve

Codes = NDArray[np.uint8]

# Where a site has several hits the first of these tells why.
PRECEDENCE = (reasons.TOUCHED, reasons.IN_BAND, reasons.FIELD_OPEN, reasons.FIRED)
OPEN_NOTES = {
    reasons.PROJECT_OPEN: notes.ATTRIBUTE_MISSING.zh,
    reasons.CORE_OPEN: notes.ATTRIBUTE_MISSING.zh,
    reasons.FIELD_OPEN: notes.CLASS_NOT_FILLED.zh,
    reasons.SCOPE_OPEN: notes.SCOPE_NOT_KNOWN.zh,
}


def judge_rule(position: int, rule: Rule, pack: Pack, chunk: Chunk, day: date) -> tuple[Codes, Rows]:
    """Return why the rule came to its outcome at each site (bytes of `reasons`), and its findings.

    Parameters
    ----------
    position : int
        What its findings tell as their rule.
    day : date
        The day whose law applies.
    """
    first = sieve([(rule, pack)], chunk, np.array([in_force(rule, pack, day)]))
    return judge_place(position, rule, chunk, first, 0)


def judge_place(position: int, rule: Rule, chunk: Chunk, first: Sieve, row: int) -> tuple[Codes, Rows]:
    """Return outcomes and findings of a rule as `judge_rule`, from what was said of it before.

    Parameters
    ----------
    first : Sieve
    row : int
        Of the rule in it.
    """
    why, asked, scope, project = first.why[row], first.asked[row], first.scope[row], first.project[row]
    if not asked.any():
        return why, rows.NONE
    places = chunk.positions(rule.layer)
    layers = [chunk.layers[i] for i in places]
    hits = _hits(rule, layers, asked)
    if not len(hits):
        return why, rows.NONE if rule.access_list else _points(position, rule, chunk, why, places)
    if rule.access_list:
        hits, open_ = _open_units(position, rule, chunk, why, hits, places, scope, project)
        why, found = judge_list(position, rule, chunk, why, hits, places)
        return why, rows.join([found, open_])
    return _judge_hits(position, rule, chunk, why, hits, places, scope, project)


def _hits(rule: Rule, layers: list[LayerFacts], asked: NDArray[np.bool_]) -> Hits:
    """Return the hits at sites where the rule is asked; without any fact only what lies outside can hit."""
    if rule.place.kind != "not_within" and not any(len(layer.facts) for layer in layers):
        return NONE
    hits = find_hits(rule, layers)
    return hits.take(asked[hits.site])


def _judge_hits(
    position: int, rule: Rule, chunk: Chunk, why: Codes, hits: Hits, places: list[int], scope: Truth, project: Truth
) -> tuple[Codes, Rows]:
    if any(each.verdict is None for each in rule.exceptions):
        taken_away = exceptions.exempt(rule, chunk)
        why[hits.site[taken_away[hits.site]]] = byte(reasons.NOT_CONCERNED)
        hits = hits.take(~taken_away[hits.site])
    for reason in PRECEDENCE:
        why[hits.site[hits.reason == byte(reason)]] = byte(reason)
    _mark_unknown(rule, chunk, why, scope, project)

    clause = _found(
        position, hits, (why[hits.site] == byte(reasons.FIRED)) & (hits.reason == byte(reasons.FIRED)), places
    )
    clause = clause.with_(verdict=np.full(len(clause), strength.clause_verdict(rule)))
    graded = strength.grade(rule, chunk, clause) if len(clause) else clause
    _reopen(why, hits, graded, strength.clause_verdict(rule))
    fired = exceptions.apply(rule, chunk, graded)
    missed = reasons.is_one_of(why[hits.site], (reasons.IN_BAND, reasons.TOUCHED))
    near = strength.near_misses(rule, chunk, _found(position, hits, missed, places)) if missed.any() else rows.NONE
    open_ = _open(position, rule, hits, places, why)
    points = _points(position, rule, chunk, why, places)
    return why, rows.join([fired, near, open_, points])


def _found(position: int, hits: Hits, which: NDArray[np.bool_], places: list[int]) -> Rows:
    """Return findings of which nothing is judged yet, of those hits."""
    hits = hits.take(which)
    return rows.blank(hits.site, position, np.array(places, dtype=np.int64)[hits.layer], hits.row, hits.reason)


def _reopen(why: Codes, hits: Hits, graded: Rows, clause: int) -> None:
    """Leave open sites whose sure findings were all lowered while another feature, of unknown class, may not be."""
    unknown = hits.site[hits.reason == byte(reasons.FIELD_OPEN)]
    if not len(unknown):
        return
    strongest = np.full(len(why), Verdict.CLEAR.rank)
    np.minimum.at(strongest, graded.site, graded.verdict)
    unknown = unknown[(why[unknown] == byte(reasons.FIRED)) & (strongest[unknown] > clause)]
    why[unknown] = byte(reasons.FIELD_OPEN)


def _mark_unknown(rule: Rule, chunk: Chunk, why: Codes, scope: Truth, project: Truth) -> None:
    """Leave open what would fire if project and scope were known."""
    touched = reasons.is_one_of(why, (reasons.FIRED, reasons.FIELD_OPEN))
    reached = touched | (why == byte(reasons.IN_BAND))
    why[touched & (project == UNKNOWN)] = byte(reasons.PROJECT_OPEN)
    why[reached & (project == UNKNOWN) & core_is_open(rule.project, chunk.attributes)] = byte(reasons.CORE_OPEN)
    why[reached & (scope == UNKNOWN)] = byte(reasons.SCOPE_OPEN)


def _open_units(
    position: int, rule: Rule, chunk: Chunk, why: Codes, hits: Hits, places: list[int], scope: Truth, project: Truth
) -> tuple[Hits, Rows]:
    """Part the sites whose unit class, project or scope is not known from those whose list can be judged."""
    codes = np.full(len(chunk), byte(reasons.NOT_TOUCHED))
    for reason in (reasons.FIRED, reasons.FIELD_OPEN):
        codes[hits.site[hits.reason == byte(reason)]] = byte(reason)
    _mark_unknown(rule, chunk, codes, scope, project)
    unknown = ~reasons.is_one_of(codes, (reasons.FIRED, reasons.NOT_TOUCHED))
    why[unknown] = codes[unknown]
    open_ = unknown[hits.site]
    return hits.take(~open_), _open(position, rule, hits.take(open_), places, why)


def _open(position: int, rule: Rule, hits: Hits, places: list[int], why: Codes) -> Rows:
    """One undetermined finding per site whose project, scope or feature class is not known."""
    opened = reasons.is_one_of(why[hits.site], tuple(OPEN_NOTES))
    if not opened.any():
        return rows.NONE
    found = _found(position, hits, opened, places)
    found = found.take(np.unique(found.site, return_index=True)[1])
    reason = why[found.site]
    note = np.full(len(found), "", dtype=object)
    for each, words in OPEN_NOTES.items():
        note[reason == byte(each)] = words
    asked = reasons.is_one_of(reason, (reasons.PROJECT_OPEN, reasons.CORE_OPEN))
    question = np.where(asked, rule.question.zh, "").astype(object)
    verdict = np.full(len(found), Verdict.UNDETERMINED.rank)
    return found.with_(reason=reason, verdict=verdict, note=note, question=question)


def _points(position: int, rule: Rule, chunk: Chunk, why: Codes, places: list[int]) -> Rows:
    """Bare points for which an area rule did not fire: their extent may reach what the point does not."""
    bare = bare_points(rule, [chunk.layers[i] for i in places])
    if not bare.any():
        return rows.NONE
    site = np.flatnonzero(bare & (why == byte(reasons.NOT_TOUCHED)))
    if not len(site):
        return rows.NONE
    why[site] = byte(reasons.POINT_ONLY)
    none = np.full(len(site), -1)
    found = rows.blank(site, position, none, none, why[site])
    note = np.full(len(site), notes.POINT_ONLY.zh, dtype=object)
    return found.with_(
        verdict=np.full(len(site), Verdict.NEEDS_REVIEW.rank), certainty=np.full(len(site), rows.INDICATIVE), note=note
    )

"""Access lists (准入清单): every item of every list of every unit that a site lies in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...rules.model import Rule
from ..truth import TRUE, UNKNOWN
from ..words import Verdict
from . import notes, reasons, rows, strength
from .access_book import Item
from .chunk import Chunk
from .place import Hits
from .reasons import byte
from .rows import Rows

Codes = NDArray[np.uint8]

CLEAR = Verdict.CLEAR.rank
# Where a site has several answers the last of these tells why, but for what stays open.
PRECEDENCE = (reasons.TOUCHED, reasons.IN_BAND, reasons.BY_PERSON, reasons.FIRED)


def judge_list(
    position: int, rule: Rule, chunk: Chunk, why: Codes, hits: Hits, places: list[int]
) -> tuple[Codes, Rows]:
    """Judge the list items of each unit that the rule's sites meet.

    An item that matches is a finding of its own; items that only a person can compare
    are one finding per site and unit; a unit without any list leaves the rule open.
    """
    found = rows.blank(hits.site, position, np.array(places, dtype=np.int64)[hits.layer], hits.row, hits.reason)
    why[hits.site[hits.reason == byte(reasons.FIRED)]] = byte(reasons.NOT_CONCERNED)
    parts, unlisted = [rows.NONE], np.zeros(len(found), dtype=bool)
    for layer_position in np.unique(found.layer):
        at = np.flatnonzero(found.layer == layer_position)
        facts, frame = chunk.layers[layer_position].facts, chunk.layers[layer_position].layer.data.frame
        units, unit = np.unique(facts.feature[found.row[at]], return_inverse=True)
        listed = [chunk.basis.access.items(str(code)) for code in frame["code"].to_numpy(dtype=object)[units]]
        unlisted[at] = ~np.array([bool(items) for items in listed])[unit]
        for number, items in enumerate(listed):
            if items:
                parts += _judge_unit(rule, chunk, found.take(at[unit == number]), items)
    judged = rows.join(parts)
    for reason in PRECEDENCE:
        why[judged.site[judged.reason == byte(reason)]] = byte(reason)
    why[found.site[unlisted & (found.reason == byte(reasons.FIRED))]] = byte(reasons.LIST_OPEN)
    why[judged.site[judged.reason == byte(reasons.CORE_OPEN)]] = byte(reasons.CORE_OPEN)
    sure = judged.reason == byte(reasons.FIRED)
    return why, rows.join([strength.grade(rule, chunk, judged.take(sure)), judged.take(~sure)])


def _judge_unit(rule: Rule, chunk: Chunk, of_unit: Rows, items: list[Item]) -> list[Rows]:
    n = len(of_unit)
    is_met = of_unit.reason == byte(reasons.FIRED)
    fired, by_person = [], 0
    # The worst verdict among the items that match, and among those that cannot be told.
    matched, unknown = np.full(n, CLEAR), np.full(n, CLEAR)
    for item in items:
        if item.predicate is None:
            by_person += 1
            continue
        truth = chunk.attributes.evaluate(item.predicate)[of_unit.site]
        rank = max(strength.clause_verdict(rule), rows.rank(item.verdict))
        fired.append(_item(of_unit.take(is_met & (truth == TRUE)), rank, item.words))
        matched[truth == TRUE] = np.minimum(matched[truth == TRUE], rank)
        unknown[truth == UNKNOWN] = np.minimum(unknown[truth == UNKNOWN], rank)
    manual = of_unit.take(is_met & (by_person > 0))
    manual = _item(manual, Verdict.NEEDS_REVIEW.rank, notes.by_person(by_person))
    manual = manual.with_(reason=np.full(len(manual), byte(reasons.BY_PERSON)))
    near = of_unit.take(~is_met & ((np.minimum(matched, unknown) < CLEAR) | (by_person > 0)))
    open_ = _undetermined(rule, of_unit.take(is_met & (unknown < matched)))
    return [*fired, manual, open_, strength.near_misses(rule, chunk, near)]


def _item(met: Rows, rank: int, note: str) -> Rows:
    return met.with_(verdict=np.full(len(met), rank), note=np.full(len(met), note, dtype=object))


def _undetermined(rule: Rule, open_: Rows) -> Rows:
    return open_.with_(
        reason=np.full(len(open_), byte(reasons.CORE_OPEN)),
        verdict=np.full(len(open_), Verdict.UNDETERMINED.rank),
        note=np.full(len(open_), notes.ATTRIBUTE_MISSING.zh, dtype=object),
        question=np.full(len(open_), rule.question.zh, dtype=object),
    )

"""Access lists (准入清单): every item of every list of every unit that a site lies in."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..rules.model import Rule
from ..rules.predicates import All, Industry, Nature, Predicate
from . import reasons, rows, strength
from .chunk import Chunk
from .place import Hits
from .predicates import TRUE, UNKNOWN
from .reasons import byte
from .rows import Rows
from .words import Verdict

Codes = NDArray[np.uint8]
EVERY_UNIT = "*"


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("；", ";").replace("、", ";").split(";") if word.strip())


def item_predicate(industry: str, nature: str) -> Predicate | None:
    """Return what a list item asks of a project, None where only a person can tell."""
    parts: list[Predicate] = []
    if nature:
        parts.append(Nature(_words(nature)))
    if industry:
        parts.append(Industry(_words(industry)))
    return All(tuple(parts)) if parts else None


def items_of(unit_code: str, items: pd.DataFrame) -> pd.DataFrame:
    """Return the items that hold in a unit: its own, its county's (by the six digits of the code) and everybody's."""
    codes = items["unit_code"]
    return items[(codes == unit_code) | (codes == EVERY_UNIT) | (codes == unit_code[2:8])]


def judge_list(
    position: int, rule: Rule, chunk: Chunk, why: Codes, hits: Hits, places: list[int]
) -> tuple[Codes, Rows]:
    """Judge the list items of each unit that the rule's sites meet.

    An item that matches is a finding of its own; items that only a person can compare
    are one finding per site and unit; a unit without any list leaves the rule open.
    """
    found = rows.blank(hits.site, position, np.array(places, dtype=np.int64)[hits.layer], hits.row, hits.reason)
    met = hits.reason == byte(reasons.FIRED)
    why[hits.site[met]] = byte(reasons.NOT_CONCERNED)
    parts = []
    for layer_position in np.unique(found.layer):
        frame = chunk.layers[layer_position].layer.data.frame
        feature = np.full(len(found), -1)
        here = found.layer == layer_position
        feature[here] = chunk.layers[layer_position].facts.feature[found.row[here]]
        for unit in np.unique(feature[here]):
            of_unit = found.take(feature == unit)
            parts += _judge_unit(rule, chunk, why, of_unit, str(frame["code"].iloc[unit]))
    judged = rows.join(parts)
    sure = judged.reason == byte(reasons.FIRED)
    return why, rows.join([strength.grade(rule, chunk, judged.take(sure)), judged.take(~sure)])


def _judge_unit(rule: Rule, chunk: Chunk, why: Codes, of_unit: Rows, code: str) -> list[Rows]:
    items = items_of(code, chunk.basis.access)
    met = of_unit.take(of_unit.reason == byte(reasons.FIRED))
    near = of_unit.take(of_unit.reason == byte(reasons.IN_BAND))
    if items.empty:
        why[met.site] = byte(reasons.LIST_OPEN)
        return []
    fired, by_person, unknown = [], 0, np.zeros(len(of_unit), dtype=bool)
    matched = np.zeros(len(of_unit), dtype=bool)
    for item in items.itertuples(index=False):
        predicate = item_predicate(str(item.industry), str(item.nature))
        if predicate is None:
            by_person += 1
            continue
        truth = chunk.attributes.evaluate(predicate)
        rank = max(strength.clause_verdict(rule), rows.rank(str(item.verdict)))
        fired.append(_item(met.take(truth[met.site] == TRUE), rank, f"{item.dimension}：{item.requirement}"))
        unknown |= truth[of_unit.site] == UNKNOWN
        matched |= truth[of_unit.site] == TRUE
    is_met = of_unit.reason == byte(reasons.FIRED)
    open_ = of_unit.take(is_met & unknown & ~matched)
    manual = _item(met, Verdict.NEEDS_REVIEW.rank, f"准入清单有 {by_person} 条管控要求须由人逐条对照")
    manual = manual.take(np.full(len(manual), by_person > 0))
    manual = manual.with_(reason=np.full(len(manual), byte(reasons.BY_PERSON)))
    near = near.take((matched | unknown | (by_person > 0))[of_unit.reason == byte(reasons.IN_BAND)])
    why[near.site[why[near.site] == byte(reasons.NOT_TOUCHED)]] = byte(reasons.IN_BAND)
    why[manual.site] = byte(reasons.BY_PERSON)
    why[open_.site] = byte(reasons.CORE_OPEN)
    for part in fired:
        why[part.site] = byte(reasons.FIRED)
    return [*fired, manual, _undetermined(rule, open_), strength.near_misses(rule, chunk, near)]


def _item(met: Rows, rank: int, note: str) -> Rows:
    return met.with_(verdict=np.full(len(met), rank), note=np.full(len(met), note, dtype=object))


def _undetermined(rule: Rule, open_: Rows) -> Rows:
    return open_.with_(
        reason=np.full(len(open_), byte(reasons.CORE_OPEN)),
        verdict=np.full(len(open_), Verdict.UNDETERMINED.rank),
        note=np.full(len(open_), rows.ATTRIBUTE_MISSING, dtype=object),
        question=np.full(len(open_), rule.question.zh, dtype=object),
    )

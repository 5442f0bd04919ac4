"""The first-screening opinion on a site, in words and counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ...layers.texts import Text
from ..engine import tables
from ..engine.words import (
    CERTAINTY_TEXTS,
    COMPLETENESS_TEXTS,
    CONDITION_OPEN,
    VERDICT_TEXTS,
    Certainty,
    Completeness,
    Outcome,
    Verdict,
    verdict_words,
)
from .figures import NOTHING
from .model import Entry
from .values import parts

DAY_TEXTS = {"as_of": "基准日", "accepted_on": "受理日", "decided_on": "审批日"}
CLEAR_IN_PART = "已核查部分未触及"


def words_of(verdict: Mapping[str, Any]) -> str:
    """Return the words printed for a site: those of the dossier, where it holds them."""
    if verdict["verdict_zh"]:
        return str(verdict["verdict_zh"])
    return verdict_words(
        verdict["verdict"], verdict["completeness"], int(verdict["n_undetermined"]), verdict["condition"]
    )


def verdict_zh(verdict: str) -> str:
    """Return the Chinese word of a verdict; another word stays as it is."""
    return VERDICT_TEXTS[Verdict(verdict)].zh if verdict in set(Verdict) else verdict


def opinion_entries(verdict: Mapping[str, Any], n_told: int) -> tuple[Entry, ...]:
    """Return what stands below the verdict's word: completeness, certainty, counts, units, red line.

    Parameters
    ----------
    verdict : mapping
        The row of `tables.VERDICTS`.
    n_told : int
        How many open findings the paper tells one by one; the others share a cause with other sites.
    """
    counts = [(v, int(verdict[f"n_{v.value}"])) for v in Verdict if v != Verdict.CLEAR]
    listed = "，".join(f"{v.text.zh} {n} 条" for v, n in counts if n) or "无"
    apart = int(verdict["n_undetermined"]) - n_told
    listed += f"（未判定中 {apart} 条不在逐条发现中，见“未核查的事项”）" if apart > 0 else ""
    units = "、".join(parts(verdict["unit_codes"]))
    entries = [
        Entry(_heading("completeness"), _completeness(verdict["completeness"])),
        Entry(_heading("certainty"), _certainty(verdict)),
        Entry(Text("发现条数", "findings"), listed, wide=True),
        Entry(_heading("unit_codes"), units or NOTHING, wide=True),
        Entry(_heading("redline_state"), verdict["redline_state"] or NOTHING, wide=True),
    ]
    if verdict["project_id"] and verdict["project_verdict"]:
        whole = f"{verdict_zh(verdict['project_verdict'])}（项目编号 {verdict['project_id']}，按其各地块中最严的一项）"
        entries.append(Entry(_heading("project_verdict"), whole, wide=True))
    return tuple(entries)


def open_questions(findings: pd.DataFrame, listed: str) -> tuple[str, ...]:
    """Return the questions a person must answer, each once with the rules that ask it."""
    asked: dict[str, list[str]] = {}
    is_open = (findings["outcome"] == Outcome.UNDETERMINED) | (findings["condition"] == CONDITION_OPEN)
    for rule_id, question in zip(findings["rule_id"][is_open], findings["question"][is_open], strict=True):
        if question:
            asked.setdefault(question, []).append(rule_id)
    if not asked:
        return (listed,) if listed else ()
    return tuple(f"{question}（{'、'.join(dict.fromkeys(rules))}）" for question, rules in asked.items())


def day_row(row: Any, verdict: Mapping[str, Any], n_open: int) -> tuple[str, ...]:
    """Return a row of the table of days: basis, day, verdict, rules that differ; of one verdict only their number.

    ``n_open`` is the number of items not checked on the day of the run. The table does not hold how complete the
    check of another day was, so a clear one never reads as complete.
    """
    open_ = f"（基准日另有 {n_open} 项未核查）" if n_open else ""
    words = CLEAR_IN_PART + open_ if row.verdict == Verdict.CLEAR else verdict_zh(row.verdict)
    differing = parts(row.differing)
    told = "、".join(differing) or "无"
    if differing and row.verdict == verdict["verdict"]:
        told = f"初筛意见与基准日相同；施行期或者结果不同的规则 {len(differing)} 条，见 findings.xlsx"
    return (
        DAY_TEXTS.get(row.basis, row.basis),
        row.day,
        words_of(verdict) if row.basis == "as_of" else words,
        told,
    )


def _completeness(value: str) -> str:
    words = {
        Completeness.COMPLETE: "（必查与选查图层均已核查）",
        Completeness.PARTIAL: "（必查图层已核查，部分选查事项未核查）",
        Completeness.INSUFFICIENT: "（必查图层或必要信息不足）",
    }
    known = Completeness(value) if value in set(Completeness) else None
    return COMPLETENESS_TEXTS[known].zh + words[known] if known else value


def _certainty(verdict: Mapping[str, Any]) -> str:
    """Return how firm a verdict is; what could not be judged is neither firm nor borderline."""
    value = verdict["certainty"]
    if verdict["verdict"] == Verdict.UNDETERMINED:
        return NOTHING
    return CERTAINTY_TEXTS[Certainty(value)].zh if value in set(Certainty) else value or NOTHING


def _heading(name: str) -> Text:
    return tables.VERDICTS.column(name).heading

"""One finding as a paper tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...layers.texts import Text
from ..engine import tables
from ..engine.words import (
    CERTAINTY_TEXTS,
    CONDITION_OPEN,
    RELATION_TEXTS,
    Certainty,
    Completeness,
    Outcome,
    Relation,
    Verdict,
    verdict_words,
)
from .basis import dates
from .figures import NOTHING, area, bearing, metres, percent
from .finding_names import RULE_NAMES
from .model import Entry, Figures, FindingPaper

NO_QUOTE = "（原文未收录，请查对所引文件）"
HINT_CLAUSE = "（工具提示，无条款）"  # of a rule that no clause holds
HINT = "本工具的提示，非条文"
_FIRED = Text("是否触发", "fired")


def finding_paper(row: Any, rule: Mapping[str, str], role: str, controlled: bool) -> FindingPaper:
    """Return one row of the findings table as a paper tells it.

    Parameters
    ----------
    row : named tuple
        A row of `tables.FINDINGS`.
    rule : mapping
        The row of `tables.RULES` of its rule; empty where the rule is not held.
    role : str
        The Chinese name of its role.
    controlled : bool
        Whether only yes or no and the area may be told.
    """
    named = row.feature_name + (f"（{row.feature_id}）" if row.feature_id and row.feature_name else row.feature_id)
    is_open = row.outcome == Outcome.UNDETERMINED or row.condition == CONDITION_OPEN
    hint = bool(rule) and rule["clause"] == HINT_CLAUSE
    legal = (HINT,) if hint else (rule["legal_nature"], dates(rule["from"], rule["to"])) if rule else ()
    return FindingPaper(
        rule_id=RULE_NAMES.get(row.rule_id, row.rule_id),
        look=row.verdict,
        words=verdict_words(row.verdict, Completeness.COMPLETE, 0, row.condition),
        subject="：".join(text for text in (role, named) if text),
        citation=rule.get("citation", "").replace(HINT_CLAUSE, ""),
        legal="，".join(text for text in legal if text not in ("", NOTHING)),
        quote=_quote(rule, hint),
        entries=tuple(_entries(row, rule, role, controlled)),
        verdict=row.verdict,
        open=is_open,
        feature_id=row.feature_id,
        note=row.note,
        question=row.question,
        certainty=row.certainty,
        figures=Figures(row.overlap_m2, row.distance_m, row.limit_m),
    )


def _quote(rule: Mapping[str, str], hint: bool) -> str:
    if not rule or hint:
        return f"（{HINT}）" if rule else ""
    return f"“{rule['text']}”" if rule["text"] else NO_QUOTE


def _entries(row: Any, rule: Mapping[str, str], role: str, controlled: bool) -> list[Entry]:
    entries = [Entry(_FIRED, "是" if row.outcome == Outcome.FIRED else "未判定")] if controlled else []
    if not (row.relation or row.feature_id or controlled) and row.outcome == Outcome.FIRED and role:
        entries.append(
            Entry(_heading("relation"), f"位于{role}以外（全部或部分）")
        )  # what must lie within: no feature is met
    entries += _measured(row)
    if row.certainty in set(Certainty) and row.verdict != Verdict.UNDETERMINED:
        entries.append(Entry(_heading("certainty"), CERTAINTY_TEXTS[Certainty(row.certainty)].zh))
    if row.margin_m == row.margin_m:
        entries.append(Entry(_heading("margin_m"), metres(row.margin_m)))
    if rule.get("department"):
        entries.append(Entry(Text("主管部门", "department"), f"{rule['department']}主管部门"))
    if row.question:
        entries.append(Entry(_heading("question"), row.question, wide=True))
    if row.note:
        entries.append(Entry(_heading("note"), row.note, wide=True))
    return entries


def _measured(row: Any) -> list[Entry]:
    entries = []
    if row.relation in set(Relation):
        entries.append(Entry(_heading("relation"), RELATION_TEXTS[Relation(row.relation)].zh))
    for name, value in (("overlap_m2", area(row.overlap_m2)), ("overlap_share", percent(row.overlap_share))):
        if getattr(row, name) > 0:
            entries.append(Entry(_heading(name), value))
    if row.length_m > 0:
        entries.append(Entry(_heading("length_m"), metres(row.length_m)))
    if row.distance_m == row.distance_m:
        entries.append(Entry(_heading("distance_m"), metres(row.distance_m, (row.limit_m,))))
    if row.limit_m == row.limit_m:
        entries.append(Entry(_heading("limit_m"), f"{row.limit_m:g} m"))
    if row.within_m2 > 0:
        entries.append(Entry(_heading("within_m2"), area(row.within_m2)))
    if row.within_length_m > 0:
        entries.append(Entry(_heading("within_length_m"), metres(row.within_length_m)))
    if row.within_share > 0:
        entries.append(Entry(_heading("within_share"), percent(row.within_share)))
    if row.bearing_deg == row.bearing_deg and row.distance_m > 0:
        entries.append(Entry(_heading("bearing_deg"), bearing(row.bearing_deg)))
    if row.bank_def:
        entries.append(Entry(_heading("bank_def"), row.bank_def))
    return entries


def _heading(name: str) -> Text:
    return tables.FINDINGS.column(name).heading


def order(verdict: str) -> int:
    """Return where a verdict stands, the worst at 0."""
    return Verdict(verdict).rank if verdict in set(Verdict) else len(Verdict)

"""The texts that a run laid a site against: those that findings cite, and by how they were asked the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..engine.judging import reasons
from ..engine.words import Outcome
from .figures import NOTHING
from .model import LawRow, Others, SitePaper

ASKED = "列入核查，本地块没有发现"
OPEN = "未能核查，见“未核查的事项”"
OTHER_DAY = "仅用于受理日或审批日"
ELSEWHERE = "不适用于本地块所在地"
PENDING = "待核文本，未参与判定"
PENDING_ASIDE = "待核文本，不涉及本地块"
_ASKED = (Outcome.FIRED, Outcome.PLACE_NOT_TOUCHED, Outcome.PROJECT_NOT_CONCERNED)

_UNREAD = tuple(reason.text.zh for reason in (reasons.ROLE_OPEN, reasons.LIST_OPEN, reasons.SCOPE_OPEN))


@dataclass(frozen=True)
class CitedLaw:
    """One text that findings of a site cite, as a row of the table of texts."""

    title: str
    kind: str
    dates: str
    clauses: str
    note: str


def site_laws(site: SitePaper, laws: Sequence[LawRow]) -> tuple[list[CitedLaw], list[Others]]:
    """Return the texts that findings of the site cite, and the others by name, those of the same state together."""
    laws = [law for law in laws if not law.past or len(site.days) > 1]
    citations = [finding.citation for finding in site.findings]
    cited = [law for law in laws if not law.pending and any(citation.startswith(law.title) for citation in citations)]
    groups: dict[str, list[str]] = {state: [] for state in (ASKED, OPEN, OTHER_DAY, PENDING, PENDING_ASIDE, ELSEWHERE)}
    for law in laws:
        held = _held(site, law)
        if held:
            groups[PENDING].append(f"{law.title}（{'、'.join(held)}）")
        if law not in cited:
            state = _state(site, law)
            groups.get(state, []).append(law.title + _named(site, law, state))
    rows = [_row(law, site) for law in cited]
    return rows, [Others(state, "、".join(dict.fromkeys(names))) for state, names in groups.items() if names]


def _named(site: SitePaper, law: LawRow, state: str) -> str:
    """Return the rules of a pending text, or those that no layer at hand could judge."""
    if state == PENDING_ASIDE:
        return f"（{'、'.join(law.rule_ids)}）"
    unread = [rule_id for rule_id in law.rule_ids if site.checks[rule_id][1] in _UNREAD]
    return f"（其中 {'、'.join(unread)} 未核查）" if state == ASKED and unread else ""


def _held(site: SitePaper, law: LawRow) -> list[str]:
    """Return the rules of a text that would speak of the site, were their wording verified."""
    return [rule_id for rule_id in law.rule_ids if site.checks[rule_id][1] == reasons.ON_HOLD.text.zh]


def _state(site: SitePaper, law: LawRow) -> str:
    """Return how a text that no finding cites was asked; empty where all of it waits for its wording."""
    outcomes = [site.checks[rule_id][0] for rule_id in law.rule_ids]
    if law.past:
        return OTHER_DAY
    if all(outcome == Outcome.NOT_IN_FORCE for outcome in outcomes):
        return ELSEWHERE
    if law.pending:
        return "" if _held(site, law) else PENDING_ASIDE
    if any(outcome in _ASKED for outcome in outcomes):
        return ASKED
    return "" if len(_held(site, law)) == len(outcomes) else OPEN


def _row(law: LawRow, site: SitePaper) -> CitedLaw:
    """Return a text with the clauses that findings of the site cite, and how far those have been checked."""
    of_it = [finding for finding in site.findings if finding.citation.startswith(law.title)]
    clauses = dict.fromkeys(finding.citation.removeprefix(law.title) for finding in of_it)
    return CitedLaw(
        title=law.title,
        kind=law.kind,
        dates=law.dates,
        clauses="、".join(filter(None, clauses)) or NOTHING,
        note="\n".join(_checked(law.note, {finding.rule_id for finding in of_it})) or "条文已核对",
    )


def _checked(note: Sequence[str], rule_ids: set[str]) -> list[str]:
    """Return the remarks on a text that speak of it as a whole or of one of the rules."""
    remarks: list[tuple[str, list[str]]] = []
    for line in note:  # words, then the rules that they speak of
        if line.isascii() and remarks:
            remarks[-1][1].append(line)
        else:
            remarks.append((line, []))
    told = [(words, listed, [each for each in listed if each in rule_ids]) for words, listed in remarks]
    return ["\n".join((words, *kept)) for words, listed, kept in told if kept or not listed]

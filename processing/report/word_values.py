"""The values that a Word template may name. Everything is text, a list, or yes and no; their names are a contract.

`RUN` and `SITE` values are told in the notes on templates (word_templates/README.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..engine.words import DISCLAIMER, PAPER_TITLE, SEAL_LABEL
from .figures import NOTHING
from .model import Entry, FindingPaper, ItemRow, LawRow, Others, RunPaper, SitePaper, UnitPaper
from .palette import looks

CONFORMITY_TITLE = "分区管控符合性分析（初稿）"
LONG = 400  # characters of a requirement that may break over pages
Values = dict[str, Any]


def run_values(run: RunPaper) -> Values:
    """Return what all sites of a run share."""
    return {
        "title": PAPER_TITLE,
        "conformity_title": CONFORMITY_TITLE,
        "report_name": run.report_name,
        "as_of": run.as_of or NOTHING,
        "seal": run.seal,
        "seal_label": SEAL_LABEL,
        "disclaimer": DISCLAIMER,
        "secrecy": run.secrecy,
        "settings": pair_rows(run.settings),
        "layers": [
            {
                "name": row.name, "state": row.state, "vintage": row.vintage, "accuracy": row.accuracy,
                "authority": row.authority, "features": row.features, "note": row.note or NOTHING,
            }
            for row in run.layers
        ],
        "other_layers": _others(run.other_layers),
        "dropped": [{"name": name, "reason": reason} for name, reason in run.dropped],
        "statements": [f"注{place}：{statement.zh}" for place, statement in enumerate(run.statements, 1)],
        "gaps": [
            {
                "cure": gap.cure, "causes": "\n".join(gap.causes), "sites": gap.sites,
                "concerned": "\n".join(text for text in (gap.roles, gap.rules) if text),
            }
            for gap in run.gaps
        ],
        "validity": list(run.validity),
    }  # fmt: skip


def site_values(site: SitePaper, run: RunPaper, coloured: Any) -> Values:
    """Return what a template may say of one site, but for its maps.

    Parameters
    ----------
    site, run
        The papers.
    coloured : callable
        Given a text and a colour ``#RRGGBB``, returns the text in that colour and bold.
    """
    look = looks()[site.look]
    verdict = f"{look.symbol} {site.words}"
    cited, others = _laws(site, run.laws)
    return {
        "id": site.site_id,
        "name": site.name,
        "heading": f"{site.site_id}　{site.name}" if site.name else site.site_id,
        "verdict": verdict,
        "verdict_coloured": coloured(verdict, look.colour),
        "fill": look.fill.lstrip("#"),
        "project": pair_rows(site.project),
        "chemistry": pair_rows(site.chemistry),
        "opinion": pair_rows(site.opinion),
        "laws": cited,
        "other_laws": _others(others),
        "roles": [
            {"name": row.name, "state": row.state, "touched": row.touched, "area": row.area, "share": row.share}
            for row in site.roles
        ],
        "other_roles": _others(site.other_roles),
        "red_line": {
            "state": site.red_line.state,
            "size": site.red_line.size,
            "note": site.red_line.note,
            "boxes": "　".join(f"{'☑' if held else '☐'} {words}" for held, words in site.red_line.states),
        },
        "findings": [_finding(place, finding, coloured) for place, finding in enumerate(site.findings, 1)],
        "units": [_unit(unit) for unit in site.units],
        "line": _line(site),
        "receptors": [{"number": place, **vars(row)} for place, row in enumerate(site.receptors.rows, 1)],
        "receptors_note": site.receptors.note,
        "questions": [f"{place}. {question}" for place, question in enumerate(site.questions, 1)],
        "corrections": [{"number": place, **vars(row)} for place, row in enumerate(site.corrections, 1)],
        "consultations": [
            {"department": each.department, "rows": [{"number": n, **vars(row)} for n, row in enumerate(each.rows, 1)]}
            for each in site.consultations
        ],
        "days": [dict(zip(("basis", "day", "verdict", "differing"), row, strict=True)) for row in site.days],
        "several_days": len(site.days) > 1,
        "answers": [
            dict(zip(("rule", "question", "answer", "who", "when", "why"), row, strict=True)) for row in site.answers
        ],
        "reviews": [
            dict(zip(("verdict", "reviewed", "reason", "who", "when"), row, strict=True)) for row in site.reviews
        ],
    }


def pair_rows(entries: Iterable[Entry]) -> list[Values]:
    """Return labelled values as rows of a table: short ones two to a row (a, b, c, d), wide ones alone (a, b)."""
    rows: list[Values] = []
    waiting: Entry | None = None
    for entry in entries:
        if entry.wide or waiting is None:
            if entry.wide and waiting is not None:
                rows.append(_wide(waiting))
                waiting = None
            if entry.wide:
                rows.append(_wide(entry))
            else:
                waiting = entry
        else:
            rows.append(
                {"wide": False, "a": waiting.label.zh, "b": waiting.value, "c": entry.label.zh, "d": entry.value}
            )
            waiting = None
    return rows + ([_wide(waiting)] if waiting is not None else [])


def _wide(entry: Entry) -> Values:
    return {"wide": True, "a": entry.label.zh, "b": entry.value, "c": "", "d": ""}


def _others(groups: Iterable[Others]) -> list[Values]:
    return [{"state": each.state, "names": each.names + (f"（{each.note}）" if each.note else "")} for each in groups]


def _laws(site: SitePaper, laws: Sequence[LawRow]) -> tuple[list[Values], list[Others]]:
    """Return the texts that findings of the site cite, and by name the others that the run laid it against."""
    laws = [law for law in laws if not law.past or len(site.days) > 1]
    citations = [finding.citation for finding in site.findings]
    cited = [law for law in laws if not law.pending and any(citation.startswith(law.title) for citation in citations)]
    silent = [law for law in laws if law not in cited]
    groups: tuple[tuple[str, list[LawRow]], ...] = (
        ("列入核查，本地块没有发现", [law for law in silent if not (law.pending or law.past)]),
        ("仅用于受理日或审批日", [law for law in silent if law.past and not law.pending]),
        ("待核文本，未参与判定", [law for law in silent if law.pending]),
    )
    names = [(state, "、".join(dict.fromkeys(_named(law) for law in group))) for state, group in groups]
    rows = [_cited(law, site) for law in cited]
    return rows, [Others(state, listed) for state, listed in names if listed]


def _cited(law: LawRow, site: SitePaper) -> Values:
    """Return a text with the clauses that findings of the site cite, and how far those have been checked."""
    of_it = [finding for finding in site.findings if finding.citation.startswith(law.title)]
    clauses = dict.fromkeys(finding.citation.removeprefix(law.title) for finding in of_it)
    return {
        "title": law.title,
        "kind": law.kind,
        "dates": law.dates,
        "clauses": "、".join(filter(None, clauses)) or NOTHING,
        "note": "\n".join(_checked(law.note, {finding.rule_id for finding in of_it})) or "条文已核对",
    }


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


def _named(law: LawRow) -> str:
    """Return the title of a text, and of a pending one the rules that wait for it."""
    return f"{law.title}（{'、'.join(line for line in law.note if line.isascii())}）" if law.pending else law.title


def _finding(place: int, finding: FindingPaper, coloured: Any) -> Values:
    look = looks()[finding.look] if finding.look in looks() else looks()["undetermined"]
    heading = f"{place}. {look.symbol} {finding.words}　{finding.rule_id}　{finding.subject}"
    return {
        "number": place,
        "heading": heading,
        "heading_coloured": coloured(heading, look.colour),
        "fill": look.fill.lstrip("#"),
        "rule_id": finding.rule_id,
        "verdict": finding.words,
        "subject": finding.subject,
        "citation": finding.citation,
        "law": finding.citation + (f"（{finding.legal}）" if finding.legal else ""),
        "quote": finding.quote,
        "rows": pair_rows(finding.entries),
        "measured": "；".join(f"{entry.label.zh} {entry.value}" for entry in finding.entries if _measures(entry)),
        "suggestion": f"建议：{finding.words}",
    }


def _measures(entry: Entry) -> bool:
    return not entry.wide and entry.label.en != "department"


def _unit(unit: UnitPaper) -> Values:
    return {
        "code": unit.code, "name": unit.name or NOTHING, "kind": unit.kind or NOTHING,
        "size": unit.area, "share": unit.share, "items": [_item(item) for item in unit.items],
    }  # fmt: skip


def _item(item: ItemRow) -> Values:
    return {**vars(item), "long": len(item.requirement) >= LONG}


def _line(site: SitePaper) -> Values | None:
    if site.line is None:
        return None
    names = ("enters", "leaves", "layer", "feature", "length", "laid")
    return {
        "passages": [dict(zip(names, row, strict=True)) for row in site.line.passages],
        "by_unit": [dict(zip(("key", "length", "laid"), row, strict=True)) for row in site.line.by_unit],
        "by_side": [dict(zip(("key", "length", "laid"), row, strict=True)) for row in site.line.by_side],
        "note": site.line.note,
    }

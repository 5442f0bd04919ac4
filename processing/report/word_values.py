"""The values that a Word template may name. Everything is text, a list, or yes and no; their names are a contract.

`RUN` and `SITE` values are told in the notes on templates (word_templates/README.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..engine.words import DISCLAIMER, PAPER_TITLE, SEAL_LABEL
from .figures import NOTHING
from .laws import site_laws
from .model import Entry, FindingPaper, GapGroup, ItemRow, Others, RunPaper, SitePaper, UnitPaper
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
        "gaps": [{**_gap(gap), "sites": gap.sites} for gap in run.gaps],
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
    cited, others = site_laws(site, run.laws)
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
        "laws": [vars(law) for law in cited],
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
        "gaps": [{"number": place, **_gap(gap), "n_items": _items_of(gap)} for place, gap in enumerate(site.gaps, 1)],
        "n_gap_items": sum(int(gap.items) for gap in site.gaps),
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


def _gap(gap: GapGroup) -> Values:
    concerned = "\n".join(text for text in (gap.roles, gap.rules) if text)
    return {"cure": gap.cure, "causes": "\n".join(gap.causes), "concerned": concerned}


def _items_of(gap: GapGroup) -> str:
    return gap.items if gap.items != "0" else NOTHING


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

"""Every statement of the seeds and every row of the rule table is accounted for."""

from __future__ import annotations

import re

import pytest
from ecoredline.processing.rules import packs
from ecoredline.processing.rules.traces import Trace, is_version, traces
from laws import FACTS

PACKS = packs.load_packs(cases=False)
RULES = [rule for pack in PACKS for rule in pack.rules]
IDS = [rule.id for rule in RULES]
STATEMENTS, ROWS = traces()

FACTS_FILE = FACTS / "regulations.md"
needs_facts = pytest.mark.skipif(not FACTS_FILE.is_file(), reason=f"no facts at {FACTS_FILE}; see ECOREDLINE_FACTS")


def section(number: str) -> str:
    text = FACTS_FILE.read_text(encoding="utf-8")
    start = re.search(rf"^## {number}\. .*$", text, re.M)
    assert start, number
    end = re.search(r"^## ", text[start.end() :], re.M)
    return text[start.end() : start.end() + end.start() if end else None]


def ids_of(text: str) -> set[str]:
    """Return the rule ids in the first cells of a table; a cell may hold `YZ-01/02` or `DZ-01, FW-01`."""
    found: set[str] = set()
    for line in text.splitlines():
        if not line.startswith("| ") or line.startswith("| id"):
            continue
        prefix = ""
        for part in re.findall(r"[A-Z]{2}-\d{2}|(?<=/)\d{2}", line.split("|")[1]):
            prefix = part[:3] if "-" in part else prefix
            found.add(part if "-" in part else prefix + part)
    return found


@needs_facts
def test_every_statement_of_the_seeds_is_traced() -> None:
    asked = set(re.findall(r"^\| (S0\d-\d\d) \|", section("1"), re.M))
    assert len(asked) > 70
    assert {trace.id for trace in STATEMENTS} == asked


@needs_facts
@pytest.mark.parametrize("number", ["9", "9a"])
def test_every_row_of_the_rule_table_has_a_rule_or_a_reason(number: str) -> None:
    asked = ids_of(section(number))
    assert len(asked) > 30
    reasons = {trace.id for trace in ROWS}
    lost = {
        row for row in asked if row not in reasons and not any(id_ == row or id_.startswith(f"{row}-") for id_ in IDS)
    }
    assert lost == set()
    assert not {row for row in reasons if any(id_.startswith(row) for id_ in IDS)}


@needs_facts
def test_the_quotes_are_those_of_the_facts() -> None:
    text = section("1")
    for trace in STATEMENTS:
        assert f"| {trace.quote} |" in text, trace.id


@pytest.mark.parametrize("trace", [*STATEMENTS, *ROWS], ids=lambda trace: trace.id)
def test_a_trace_names_rules_that_exist_or_gives_a_reason(trace: Trace) -> None:
    assert bool(trace.rules) != bool(trace.reason)
    for name in trace.rules:
        assert any(is_version(id_, name) for id_ in IDS), name


def test_what_a_rule_calls_its_source_leads_back_to_it() -> None:
    by_id = {trace.id: trace for trace in STATEMENTS}
    for rule in RULES:
        for source in rule.sources:
            assert rule.id in by_id[source].carried_by(IDS), (rule.id, source)


def test_a_rule_of_the_seeds_own_names_its_statement() -> None:
    for rule in RULES:
        if rule.pack in ("nanan_scheme", "banan_draft", "yuzhou_opinion", "dadukou_plan", "chongqing_industry_notice"):
            assert rule.sources, rule.id

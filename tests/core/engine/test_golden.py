"""Golden cases of the shipped packs, and cases that are wrong on purpose."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from ecoredline.processing.engine.judging.golden import run_case, run_cases
from ecoredline.processing.rules.model import Case, Pack
from ecoredline.processing.rules.packs import load_packs

PACKS = load_packs()


@pytest.mark.parametrize("pack", PACKS, ids=[pack.id for pack in PACKS])
def test_every_case_comes_out_as_its_pack_says(pack: Pack) -> None:
    assert [str(mismatch) for mismatch in run_cases(pack)] == []


@cache
def fired() -> tuple[Pack, Case]:
    """Return a case that fires with a prohibition, and its pack with that case alone."""
    pack = next(pack for pack in PACKS if pack.id == "yangtze_protection_law")
    case = next(case for case in pack.cases if case.expect.get("verdict") == "prohibited")
    return replace(pack, cases=(case,)), case


WRONG = [
    {"outcome": "place_not_touched"},
    {"outcome": "fired", "verdict": "notice"},
    {"outcome": "fired", "verdict": "prohibited", "condition": "never"},
    {"outcome": "fired", "verdict": "prohibited", "certainty": "indicative"},
]


@pytest.mark.parametrize("expect", WRONG, ids=lambda expect: list(expect)[-1])
def test_a_wrong_expectation_is_found(expect: dict[str, str]) -> None:
    pack, case = fired()
    wrong = replace(pack, cases=(case, replace(case, name="wrong", expect=expect)))
    found = run_cases(wrong)
    assert [mismatch.case for mismatch in found] == ["wrong"]
    assert found[0].got["verdict"] == "prohibited"
    assert "wrong" in str(found[0]) and case.rule in str(found[0])


def test_a_rule_that_was_changed_is_found_by_its_cases() -> None:
    """Half the distance: the case just inside the kilometre no longer fires."""
    pack, case = fired()
    rules = tuple(
        replace(rule, place=replace(rule.place, value=500.0)) if rule.id == case.rule else rule for rule in pack.rules
    )
    assert case.name in {mismatch.case for mismatch in run_cases(replace(pack, rules=rules))}


def test_a_verdict_that_was_changed_is_found_by_its_cases() -> None:
    pack, case = fired()
    rules = tuple(replace(rule, verdict="notice") if rule.id == case.rule else rule for rule in pack.rules)
    assert case.name in {mismatch.case for mismatch in run_cases(replace(pack, rules=rules))}


def test_the_day_of_a_case_counts() -> None:
    pack, case = fired()
    early = replace(case, on=case.on.replace(year=2020))
    assert run_case(pack, early)["outcome"] == "not_in_force"


def test_every_ready_rule_of_a_pack_has_a_case_that_fires_and_one_that_does_not() -> None:
    bare = []
    for pack in PACKS:
        for rule in pack.rules:
            outcomes = {case.expect["outcome"] for case in pack.cases if case.rule == rule.id}
            if rule.status == "ready" and not ("fired" in outcomes and outcomes - {"fired"}):
                bare.append(rule.id)
    assert bare == []

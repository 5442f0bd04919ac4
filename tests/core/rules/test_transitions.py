"""The days on which the law changes: the day before, the day, the day after, each held by golden cases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from ecoredline.processing.rules import packs

PACKS = packs.load_packs()
RULES = {rule.id: rule for pack in PACKS for rule in pack.rules if rule.status != "hold"}
CASES = [case for pack in PACKS for case in pack.cases]
DAY = timedelta(days=1)
# What begins on each day, and what ended the day before.
BEGINS = {
    date(2014, 1, 1): "LS-02-WATER",
    date(2020, 9, 1): "RL-06-2020",
    date(2021, 3, 1): "YZ-13",
    date(2022, 6, 1): "PA-05",
    date(2026, 3, 15): "PA-03-2026",
    date(2026, 8, 15): "RL-06-2026",
}
ENDED = {
    date(2026, 3, 15): ("PA-02-2017", "PA-03-2017"),
    date(2026, 8, 15): ("RL-06-2020", "WS-01-2008", "SO-02-2019", "AQ-01-2018", "EI-01-2018", "CU-01-2021"),
    date(2021, 1, 1): ("RE-01",),
    date(2026, 1, 1): ("FW-01", "LS-01", "AQ-02"),
}


def outcomes(rule_id: str, day: date) -> set[str]:
    return {case.expect["outcome"] for case in CASES if case.rule == rule_id and case.on == day}


@pytest.mark.parametrize("day", BEGINS, ids=str)
def test_a_text_begins_on_its_day(day: date) -> None:
    rule_id = BEGINS[day]
    assert RULES[rule_id].from_ == day
    assert outcomes(rule_id, day - DAY) == {"not_in_force"}
    assert "fired" in outcomes(rule_id, day)
    assert "fired" in outcomes(rule_id, day + DAY)


@pytest.mark.parametrize(("day", "rule_id"), [(day, each) for day, ids in ENDED.items() for each in ids])
def test_a_text_that_another_replaces_ends_the_day_before(day: date, rule_id: str) -> None:
    assert RULES[rule_id].to == day - DAY
    assert "fired" in outcomes(rule_id, day - DAY)
    assert outcomes(rule_id, day) == {"not_in_force"}


@pytest.mark.parametrize("rule_id", RULES)
def test_every_rule_with_a_first_or_last_day_has_a_case_on_each_side(rule_id: str) -> None:
    rule = RULES[rule_id]
    if rule.from_:
        assert outcomes(rule_id, rule.from_ - DAY) == {"not_in_force"}
        assert "fired" in outcomes(rule_id, rule.from_)
    if rule.to:
        assert "fired" in outcomes(rule_id, rule.to)
        assert outcomes(rule_id, rule.to + DAY) == {"not_in_force"}
    for case in CASES:
        if case.rule == rule_id and rule.to and case.on > rule.to:
            assert case.expect["outcome"] == "not_in_force"


@pytest.mark.parametrize("rule_id", [rule_id for rule_id, rule in RULES.items() if rule.place.kind == "within_m"])
def test_every_distance_has_a_case_on_each_side(rule_id: str) -> None:
    limit = RULES[rule_id].place.value
    assert limit is not None
    told = {case.name: case.expect["outcome"] for case in CASES if case.rule == rule_id}
    assert any(f"{limit - 0.1:.1f} m" in name and outcome == "fired" for name, outcome in told.items())
    assert any(f"{limit + 0.1:.1f} m" in name and outcome == "place_not_touched" for name, outcome in told.items())

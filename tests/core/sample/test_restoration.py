"""Areas to restore come to what was worked out by hand; no ordinary project meets a rule on restoration."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from ecoredline.processing.engine import screen
from ecoredline.processing.rules import packs
from ecoredline.processing.rules.predicates import All, Any_, Declared, Measure, Nature, Not

AS_OF = date(2026, 11, 1)
TABLE = Path(__file__).parents[2] / "data" / "restoration_verdicts.csv"
COLUMNS = ("verdict", "completeness", "condition")


@pytest.fixture(scope="module")
def screening(sample):
    return screen(sample.restoration, sample.layer_set, as_of=AS_OF)


@pytest.fixture(scope="module")
def by_hand():
    with TABLE.open(encoding="utf-8") as file:
        return {row["site_id"]: row for row in csv.DictReader(file)}


def test_no_verdict_differs_from_the_table(screening, by_hand):
    computed = screening.verdicts.set_index("site_id")
    assert set(computed.index) == set(by_hand)
    differing = {
        site: (row["reason"], {c: (row[c], computed.at[site, c]) for c in COLUMNS if computed.at[site, c] != row[c]})
        for site, row in by_hand.items()
        if any(computed.at[site, c] != row[c] for c in COLUMNS)
    }
    assert differing == {}


def test_each_rests_on_the_rules_named(screening, by_hand):
    missing = [
        (site, rule)
        for site, row in by_hand.items()
        for rule in row["rules"].split(";")
        if rule
        and not screening.findings.loc[screening.findings["site_id"] == site, "rule_id"].str.startswith(rule).any()
    ]
    assert missing == []


def test_no_mine_lies_in_water(screening):
    facts = screening.facts
    wet = facts[(facts["role"] == "bank_line") & (facts["overlap_m2"].fillna(0) > 0)]
    mines = screening.sites.loc[screening.sites["kind"] == "矿山", "site_id"]
    assert len(mines) > 5
    assert set(wet["site_id"]) & set(mines) == set()


def needs_restoration(node) -> bool:
    """Return whether the predicate cannot hold for a site that is no restoration."""
    match node:
        case All(parts):
            return any(needs_restoration(part) for part in parts)
        case Any_(parts):
            return all(needs_restoration(part) for part in parts)
        case Declared("is_restoration") | Measure() | Nature(("生态修复",)):
            return True
        case _:
            return False


def speaks_of_measures(node) -> bool:
    match node:
        case All(parts) | Any_(parts):
            return any(speaks_of_measures(part) for part in parts)
        case Not(part):
            return speaks_of_measures(part)
        case _:
            return isinstance(node, Measure)


def test_no_ordinary_project_meets_a_rule_on_restoration(sample):
    rules = {
        rule.id for pack in packs.load_packs(cases=False) for rule in pack.rules if needs_restoration(rule.project)
    }
    assert {"RE-02", "RE-05", "RE-09-2026", "RE-18", "DZ-02-PLANT", "RE-01-LEGACY"} <= rules
    findings = screen(sample.sites, sample.layer_set, as_of=AS_OF).findings
    met = findings[findings["rule_id"].isin(rules)]
    # Only where the nature is not filled may it be restoration as well as anything else.
    assert list(zip(met["site_id"], met["rule_id"], met["outcome"], strict=True)) == [
        ("XG-20", "RE-08-2026", "undetermined")
    ]


def test_measures_are_asked_of_restoration_alone():
    """Where a rule speaks of measures, an unfilled column leaves no ordinary project open."""
    for pack in packs.load_packs(cases=False):
        for rule in pack.rules:
            if not speaks_of_measures(rule.project):
                continue
            found = rule.project
            branches = found.parts if isinstance(found, Any_) else (found,)
            assert all(needs_restoration(branch) for branch in branches if speaks_of_measures(branch)), rule.id


def test_building_clauses_do_not_meet_restoration(sample, screening):
    """The nature 生态修复 is known and none of those on works: no clause that asks for works fires or stays open."""

    def asks_for_works(node) -> bool:
        match node:
            case All(parts):
                return any(asks_for_works(part) for part in parts)
            case Nature(words):
                return "新建" in words and "生态修复" not in words
            case _:
                return False

    works = {rule.id for pack in packs.load_packs(cases=False) for rule in pack.rules if asks_for_works(rule.project)}
    assert len(works) > 60
    assert not set(screening.findings["rule_id"]) & works


def test_before_the_code_and_after_the_task(sample):
    """In 2020 the ten-kilometre task was in force and neither the Yangtze law nor the Code was."""
    findings = screen(sample.restoration, sample.layer_set, as_of=date(2020, 12, 31)).findings
    mine = findings[findings["site_id"] == "XF-01"]
    assert "RE-01" in set(mine["rule_id"]) and "RE-01-AFTER" not in set(mine["rule_id"])
    assert not mine["rule_id"].str.endswith("2026").any()
    later = screen(sample.restoration, sample.layer_set, as_of=date(2021, 1, 1)).findings
    mine = later[later["site_id"] == "XF-01"]
    assert "RE-01-AFTER" in set(mine["rule_id"]) and "RE-01" not in set(mine["rule_id"])
    assert set(mine.loc[mine["rule_id"] == "RE-01-AFTER", "verdict"]) == {"notice"}

"""The engine comes to what was worked out by hand for every site of the sample."""

from __future__ import annotations

import csv
from datetime import date

import pytest
from ecoredline.processing.engine import screen

AS_OF = date(2026, 11, 1)
COLUMNS = ("verdict", "completeness", "certainty", "condition")


@pytest.fixture(scope="module")
def screening(sample):
    return screen(sample.sites, sample.layer_set, as_of=AS_OF)


@pytest.fixture(scope="module")
def by_hand(verdict_table):
    with verdict_table.open(encoding="utf-8") as file:
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


def test_each_verdict_rests_on_the_rule_that_the_table_names(screening, by_hand):
    """By the clause named, with its version or branch; a rule left open by a cause of the run stands in no finding."""
    missing = []
    for site, row in by_hand.items():
        if not row["rule"]:
            continue
        mine = screening.findings[screening.findings["site_id"] == site]
        named = mine["rule_id"].str.startswith(row["rule"])
        if row["verdict"] in ("prohibited", "needs_review", "restricted", "notice"):
            named &= mine["verdict"] == row["verdict"]
        if not named.any():
            missing.append((site, row["rule"], mine["rule_id"].tolist()))
    assert missing == []


def test_a_clear_site_has_no_finding_but_open_ones(screening, by_hand):
    clear = {site for site, row in by_hand.items() if row["verdict"] == "clear"}
    found = screening.findings[screening.findings["site_id"].isin(clear)]
    assert set(found["outcome"]) <= {"undetermined"}
    assert set(found["site_id"]) <= {"XG-23"}


def test_a_project_has_the_worst_verdict_of_its_sites(screening):
    project = screening.verdicts[screening.verdicts["project_id"] == "XM-01"]
    assert sorted(project["verdict"]) == ["clear", "clear", "prohibited"]
    assert set(project["project_verdict"]) == {"prohibited"}


def test_roles_not_held_leave_verdicts_and_take_completeness(sample, by_hand):
    screening = screen(sample.sites, sample.layer_set_partial, as_of=AS_OF)
    for row in screening.verdicts.itertuples():
        hand = by_hand[row.site_id]
        assert row.verdict == hand["verdict"], row.site_id
        # No clause on forest or soil loss concerns what stands already, so it needs neither layer.
        whole = hand["completeness"] == "insufficient" or row.site_id == "XG-26"
        assert row.completeness == (hand["completeness"] if whole else "partial"), row.site_id

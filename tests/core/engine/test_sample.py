"""The sample district against the table worked out by hand: verdict, completeness, certainty, condition."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from ecoredline.layers.sample import make
from ecoredline.processing.engine import Screening, screen

TABLE = Path(__file__).parents[2] / "data" / "sample_verdicts.csv"
BY_HAND = pd.read_csv(TABLE, dtype=str, keep_default_na=False).set_index("site_id")
WORDS = ["verdict", "completeness", "certainty", "condition"]


@pytest.fixture(scope="module")
def screening(tmp_path_factory: pytest.TempPathFactory) -> Screening:
    sample = make(tmp_path_factory.mktemp("sample"))
    return screen(sample.sites, sample.layer_set, as_of=date(2026, 11, 1))


def test_every_site_is_in_the_table_and_no_other(screening: Screening) -> None:
    assert sorted(screening.verdicts["site_id"]) == sorted(BY_HAND.index)


@pytest.mark.parametrize("site_id", BY_HAND.index)
def test_a_site_comes_out_as_worked_out_by_hand(screening: Screening, site_id: str) -> None:
    row = screening.verdicts.set_index("site_id").loc[site_id]
    assert row[WORDS].to_dict() == BY_HAND.loc[site_id, WORDS].to_dict(), BY_HAND.loc[site_id, "reason"]


@pytest.mark.parametrize("site_id", BY_HAND.index[BY_HAND["rule"] != ""])
def test_the_rule_that_decides_is_among_the_findings(screening: Screening, site_id: str) -> None:
    """Rules with several versions or branches append a suffix."""
    wanted = BY_HAND.loc[site_id, "rule"]
    found = screening.findings[screening.findings["site_id"] == site_id]
    mine = found[[rule == wanted or rule.startswith(f"{wanted}-") for rule in found["rule_id"]]]
    assert len(mine), found["rule_id"].tolist()
    if BY_HAND.loc[site_id, "verdict"] not in ("undetermined", "clear"):
        assert BY_HAND.loc[site_id, "verdict"] in mine["verdict"].tolist()


def test_the_table_shows_every_word() -> None:
    assert set(BY_HAND["verdict"]) == {"prohibited", "undetermined", "needs_review", "restricted", "notice", "clear"}
    assert set(BY_HAND["completeness"]) == {"complete", "partial", "insufficient"}
    assert set(BY_HAND["certainty"]) == {"firm", "borderline", "indicative"}
    assert set(BY_HAND["condition"]) == {"", "exception_open"}
    assert BY_HAND["reason"].str.len().min() > 10

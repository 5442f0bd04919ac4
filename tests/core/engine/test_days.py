"""Days of acceptance and decision: both are judged, what differs is listed, the tool does not choose."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from ecoredline.processing.engine import Screening
from small_runs import AS_OF, GROUND, layer, one, rule, run

LINE = layer("red_line", GROUND.box(0, 0, 1000, 1000))
INSIDE, OUTSIDE = GROUND.box(400, 400, 500, 500), GROUND.box(-500, 400, -400, 500)
OLD = rule("OLD-01", verdict="restricted", from_=date(2017, 10, 7), to=date(2026, 3, 14))
NEW = rule("NEW-01", from_=date(2026, 3, 15))


def screened(*rows: dict[str, object], where: object = INSIDE) -> Screening:
    return run([(where, row) for row in rows], [LINE], OLD, NEW)


def test_without_days_there_is_nothing_to_compare() -> None:
    assert screened({}).days.empty


def test_each_day_has_its_verdict_and_the_rules_that_differ() -> None:
    result = screened({"accepted_on": "2026-03-14", "decided_on": "2026-03-15"})
    days = result.days.set_index("basis")
    assert days["day"].to_dict() == {
        "as_of": AS_OF.isoformat(), "accepted_on": "2026-03-14", "decided_on": "2026-03-15",
    }  # fmt: skip
    assert days["verdict"].to_dict() == {"as_of": "prohibited", "accepted_on": "restricted", "decided_on": "prohibited"}
    assert days.loc["accepted_on", "differing"] == "OLD-01;NEW-01"
    assert days.loc["decided_on", "differing"] == ""


def test_all_other_tables_hold_the_day_of_the_run() -> None:
    result = screened({"accepted_on": "2026-03-14"})
    assert one(result.findings)["rule_id"] == "NEW-01"
    assert one(result.verdicts)["verdict"] == "prohibited"
    assert result.settings["as_of"] == AS_OF.isoformat()


def test_a_day_before_any_of_the_texts() -> None:
    days = screened({"accepted_on": "2016-01-01"}).days
    assert one(days, basis="accepted_on")[["verdict", "differing"]].tolist() == ["clear", "NEW-01"]


def test_only_sites_that_name_a_day_have_one() -> None:
    result = screened({"accepted_on": "2026-03-14"}, {}, {"decided_on": "2026-03-01"})
    days = result.days[result.days["basis"] != "as_of"]
    assert days[["site_id", "basis"]].to_numpy().tolist() == [["S0", "accepted_on"], ["S2", "decided_on"]]
    assert one(days, site_id="S2")["verdict"] == "restricted"


@pytest.mark.parametrize("written", ["2026-03-14", "2026/3/14", "2026年3月14日", "20260314", date(2026, 3, 14)])
def test_days_as_people_write_them(written: object) -> None:
    assert one(screened({"受理日期": written}).days, basis="accepted_on")["day"] == "2026-03-14"


def test_a_day_as_a_timestamp() -> None:
    assert one(screened({"accepted_on": pd.Timestamp("2026-03-14")}).days, basis="accepted_on")["day"] == "2026-03-14"


def test_what_is_no_day_is_noticed_and_left_out() -> None:
    assert screened({"accepted_on": "去年"}).days.empty


def test_a_site_that_the_rules_do_not_touch_differs_by_force_alone() -> None:
    days = screened({"accepted_on": "2026-03-14"}, where=OUTSIDE).days
    row = one(days, basis="accepted_on")
    assert row["verdict"] == "clear"
    assert row["differing"] == "OLD-01;NEW-01"


def test_days_under_one_law_agree() -> None:
    result = screened({"accepted_on": "2026-05-01", "decided_on": "2026-06-01"}, {"accepted_on": "2026-07-01"})
    others = result.days[result.days["basis"] != "as_of"]
    assert others["verdict"].tolist() == ["prohibited"] * 3
    assert others["differing"].tolist() == [""] * 3

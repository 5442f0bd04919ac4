"""Completeness: what is checked, what is open, on what an open outcome hangs, and what counts as empty."""

from __future__ import annotations

from datetime import date

import pytest
from ecoredline.layers.layerset import Absence
from ecoredline.processing.engine import Screening
from ecoredline.processing.rules.predicates import All, Flag, Industry, Nature, Quantity
from small_runs import GROUND, layer, one, outcome, pack, rule, run

LINE = layer("red_line", GROUND.box(0, 0, 1000, 1000))


INSIDE, OUTSIDE = GROUND.box(400, 400, 500, 500), GROUND.box(-500, 400, -400, 500)


CHEMICAL = rule("T-03", layer="red_line", project=Flag("is_chemical"), question="是否化工项目？")


def site(result: Screening) -> tuple[str, str]:
    row = one(result.verdicts)
    return row["verdict"], row["completeness"]


def confirmed(role: str, day: date = date(2026, 9, 1), until: date | None = date(2027, 9, 1)) -> Absence:
    return Absence(role, "absent_confirmed", "某局", "某函", day, until)


def test_a_required_role_that_is_not_held_leaves_it_undetermined() -> None:
    result = run(OUTSIDE, [LINE], rule(), rule("T-02", layer="wetland"), required=("red_line", "wetland"))
    assert site(result) == ("undetermined", "insufficient")
    gap = one(result.gaps)
    assert (gap["roles"], gap["rule_ids"], gap["n_sites"]) == ("wetland", "T-02", 1)
    assert gap["cure"]
    assert (result.findings["rule_id"] == "T-02").sum() == 0


def test_what_is_open_is_told_in_english_as_well() -> None:
    gap = one(run(OUTSIDE, [LINE], rule(), rule("T-02", layer="wetland"), required=("red_line", "wetland")).gaps)
    assert gap["cause"] == "未取得图层：湿地"
    assert gap["cause_en"] == "Layer not held: wetland"
    assert gap["cure_en"].startswith("Obtain the layer and name it in the layer set: wetland")


def test_a_prohibition_goes_before_a_required_role_that_is_not_held() -> None:
    result = run(INSIDE, [LINE], rule(), rule("T-02", layer="wetland"), required=("red_line", "wetland"))
    assert site(result) == ("prohibited", "insufficient")
    assert one(result.verdicts)["n_undetermined"] == 1


@pytest.mark.parametrize(("where", "verdict"), [(OUTSIDE, "clear"), (INSIDE, "restricted")])
def test_an_optional_role_that_is_not_held_leaves_the_verdict_to_the_rest(where: object, verdict: str) -> None:
    result = run(where, [LINE], rule(verdict="restricted"), rule("T-02", layer="wetland"), optional=("wetland",))
    assert site(result) == (verdict, "partial")
    row = one(result.verdicts)
    assert row["n_undetermined"] == 1
    if verdict == "clear":
        assert row["verdict_zh"] == "已核查部分未触及（另有 1 项未核查）"


@pytest.mark.parametrize(("kind", "expected"), [("required", "insufficient"), ("optional", "partial")])
def test_a_role_of_the_profile_that_no_rule_speaks_of_counts_as_well(kind: str, expected: str) -> None:
    result = run(OUTSIDE, [LINE], rule(), **{kind: ("wetland",)})
    assert one(result.verdicts)["completeness"] == expected
    assert one(result.gaps)["roles"] == "wetland"


def test_a_role_outside_the_profile_that_a_rule_asks_for_makes_it_partial() -> None:
    assert site(run(OUTSIDE, [LINE], rule(), rule("T-02", layer="wetland"))) == ("clear", "partial")


def test_a_rule_that_surely_does_not_concern_the_project_needs_no_layer() -> None:
    result = run((OUTSIDE, {"nature": "现有"}), [LINE], rule("T-02", layer="wetland", project=Nature(("新建",))))
    assert outcome(result, "T-02") == "project_not_concerned"
    assert site(result) == ("clear", "complete")


def test_a_role_that_is_confirmed_absent_counts_as_empty() -> None:
    result = run(
        OUTSIDE, [LINE], rule(), rule("T-02", layer="wetland"), required=("wetland",), absences=(confirmed("wetland"),)
    )
    assert site(result) == ("clear", "complete")
    assert outcome(result, "T-02") == "place_not_touched"
    assert result.gaps.empty
    row = one(result.layers, role="wetland")
    assert row["state"] == "absent_confirmed"
    assert "某局" in row["basis"] and "某函" in row["basis"]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [(date(2027, 9, 1), ("clear", "complete")), (date(2027, 9, 2), ("undetermined", "insufficient"))],
)
def test_a_confirmation_ends(as_of: date, expected: tuple[str, str]) -> None:
    result = run(
        OUTSIDE,
        [LINE],
        rule("T-02", layer="wetland"),
        required=("wetland",),
        absences=(confirmed("wetland"),),
        as_of=as_of,
    )
    assert site(result) == expected


def test_a_confirmation_without_an_end_holds_a_year_at_most() -> None:
    absence = confirmed("wetland", date(2024, 1, 1), None)
    result = run(OUTSIDE, [LINE], rule("T-02", layer="wetland"), required=("wetland",), absences=(absence,))
    assert site(result) == ("undetermined", "insufficient")


def test_not_held_said_aloud_is_not_held() -> None:
    absence = Absence("wetland", "not_held", "某局", "未移交")
    result = run(OUTSIDE, [LINE], rule("T-02", layer="wetland"), required=("wetland",), absences=(absence,))
    assert site(result) == ("undetermined", "insufficient")


def test_where_no_parks_exist_a_rule_on_lying_outside_them_is_a_gap_and_never_a_ban() -> None:
    outside = rule("T-02", layer="compliant_park", place="not_within")
    result = run(OUTSIDE, [LINE], outside, absences=(confirmed("compliant_park"),))
    assert outcome(result, "T-02") == "undetermined"
    assert "prohibited" not in set(result.verdicts["verdict"])


@pytest.mark.parametrize(
    ("project", "expected"),
    [
        (Nature(("新建",)), ("undetermined", "insufficient")),
        (Industry(("C26",)), ("undetermined", "insufficient")),
        (All((Flag("is_chemical"), Nature(("新建",)))), ("undetermined", "insufficient")),
        (Flag("is_chemical"), ("clear", "partial")),
        (Quantity("area_m2", ">", 100.0), ("clear", "partial")),
    ],
)
def test_nature_and_industry_weigh_more_than_a_flag_or_a_quantity(project: object, expected: tuple[str, str]) -> None:
    result = run(INSIDE, [LINE], rule(project=project))
    row = one(result.findings)
    assert (row["outcome"], row["verdict"]) == ("undetermined", "undetermined")
    assert site(result) == expected
    assert one(result.verdicts)["n_undetermined"] == 1


def test_an_open_flag_beside_a_known_nature_does_not_hang_on_nature() -> None:
    asked = rule(project=All((Flag("is_chemical"), Nature(("新建",)))))
    assert site(run((INSIDE, {"nature": "新建"}), [LINE], asked)) == ("clear", "partial")
    assert site(run((INSIDE, {"nature": "现有"}), [LINE], asked)) == ("clear", "complete")


def test_what_is_unknown_of_a_project_matters_only_where_the_place_is_touched() -> None:
    assert site(run(OUTSIDE, [LINE], CHEMICAL, rule("T-04", project=Nature(("新建",))))) == ("clear", "complete")


def test_an_unknown_nature_stays_open_where_the_place_is_missed_by_less_than_the_band() -> None:
    """Neither place nor project can be told: that nature is missing must not read as checked."""
    near = GROUND.box(-50, 100, -0.5, 200), {"accuracy_m": 2.0}
    result = run(near, [LINE], rule(project=Nature(("新建",))))
    assert one(result.verdicts)["completeness"] != "complete"


def test_an_unknown_scope_stays_open_where_the_place_is_missed_by_less_than_the_band() -> None:
    near = GROUND.box(-50, 100, -0.5, 200), {"accuracy_m": 2.0}
    assert one(run(near, [LINE], pack(rule(), counties=("5001",))).verdicts)["completeness"] != "complete"


def test_a_miss_within_the_band_is_for_review_and_is_checked() -> None:
    near = GROUND.box(-50, 100, -0.5, 200), {"accuracy_m": 2.0}
    assert site(run(near, [LINE], rule(), required=("red_line",))) == ("needs_review", "complete")


ZONES = {"zone": ("core",)}


def zone(kind: str | None, shape: object = None) -> tuple[object, dict[str, str | None]]:
    return shape or GROUND.box(0, 0, 1000, 1000), {"zone": kind}


@pytest.mark.parametrize(
    ("kind", "expected"), [("core", "fired"), ("general", "place_not_touched"), (None, "undetermined")]
)
def test_the_class_of_a_feature_counts_and_is_open_where_it_is_not_filled(kind: str | None, expected: str) -> None:
    result = run(INSIDE, [layer("protected_area", zone(kind))], rule(layer="protected_area", feature=ZONES))
    assert outcome(result) == expected


@pytest.mark.parametrize(
    ("profile", "expected"), [("required", ("undetermined", "insufficient")), ("optional", ("clear", "partial"))]
)
def test_a_class_not_filled_hangs_on_its_role(profile: str, expected: tuple[str, str]) -> None:
    areas = layer("wetland", (GROUND.box(0, 0, 1000, 1000), {"grade": None}))
    law = rule(layer="wetland", feature={"grade": ("national",)})
    assert site(run(INSIDE, [areas], law, **{profile: ("wetland",)})) == expected


def test_a_feature_of_unknown_class_is_not_closed_by_a_sliver_of_a_known_one() -> None:
    """Two metres of the core zone within the band are for review; the whole site may lie in the core zone besides."""
    areas = layer(
        "protected_area", zone("core", GROUND.box(498, 0, 900, 1000)), zone(None, GROUND.box(0, 0, 450, 1000))
    )
    where = INSIDE, {"accuracy_m": 5.0}
    result = run(where, [areas], rule(layer="protected_area", feature=ZONES), required=("protected_area",))
    assert site(result) == ("undetermined", "insufficient")


def test_a_loaded_role_that_is_met_and_of_which_no_rule_speaks_is_not_checked() -> None:
    wetland = layer("wetland", GROUND.box(-600, 0, 300, 1000))
    result = run(OUTSIDE, [LINE, wetland], rule(), optional=("wetland",))
    assert site(result) == ("clear", "partial")
    assert result.gaps["cause"].str.contains("没有规则引用").any()
    away = run(GROUND.box(-900, 0, -800, 50), [LINE, wetland], rule(), optional=("wetland",))
    assert site(away) == ("clear", "complete")
    assert not away.gaps["cause"].str.contains("没有规则引用").any()


def test_a_bare_point_is_only_partly_checked() -> None:
    result = run(GROUND.point(-500, 500), [LINE], rule(), required=("red_line",))
    row = one(result.verdicts)
    assert tuple(row[["verdict", "completeness", "certainty"]]) == ("needs_review", "partial", "indicative")


def test_a_text_on_hold_is_a_gap_and_leaves_the_site_partly_checked() -> None:
    result = run(INSIDE, [LINE], rule(status="hold"), required=("red_line",))
    assert result.findings.empty
    assert site(result) == ("clear", "partial")
    assert "待核文本" in one(result.gaps)["cause"]


def test_gaps_are_one_row_per_cause_whatever_the_number_of_sites() -> None:
    where = [GROUND.box(-500 - 50 * n, 0, -480 - 50 * n, 20) for n in range(5)]
    rules = [rule(f"T-1{n}", layer="wetland") for n in range(3)]
    gap = one(run(where, [LINE], rule(), *rules, optional=("wetland",)).gaps)
    assert (gap["rule_ids"], gap["n_sites"]) == ("T-10;T-11;T-12", 5)

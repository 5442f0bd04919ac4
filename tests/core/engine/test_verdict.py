"""Verdict, certainty and condition of a site: each clause of the design."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from ecoredline.layers.layerset import Absence, LayerSource
from ecoredline.processing.engine import Screening
from ecoredline.processing.rules.model import ExceptionClause
from ecoredline.processing.rules.predicates import Flag, Nature
from small_runs import GROUND, layer, one, outcome, rule, run

LINE = layer("red_line", GROUND.box(0, 0, 1000, 1000))


FAR_WETLAND = layer("wetland", GROUND.box(5000, 0, 5100, 100))


INSIDE, OUTSIDE = GROUND.box(400, 400, 500, 500), GROUND.box(-500, 400, -400, 500)


CHEMICAL = rule("T-03", layer="red_line", project=Flag("is_chemical"), question="是否化工项目？")


def site(result: Screening) -> tuple[str, str]:
    row = one(result.verdicts)
    return row["verdict"], row["completeness"]


def confirmed(role: str, day: date = date(2026, 9, 1), until: date | None = date(2027, 9, 1)) -> Absence:
    return Absence(role, "absent_confirmed", "某局", "某函", day, until)


WORST_FIRST = ["prohibited", "needs_review", "restricted", "notice"]


@pytest.mark.parametrize("worst", range(4))
def test_the_verdict_is_that_of_the_worst_finding_and_every_finding_is_reported(worst: int) -> None:
    rules = [rule(f"T-1{n}", verdict=verdict) for n, verdict in enumerate(WORST_FIRST[worst:])]
    result = run(INSIDE, [LINE], *rules[::-1])
    row = one(result.verdicts)
    assert (row["verdict"], row["completeness"]) == (WORST_FIRST[worst], "complete")
    assert result.findings["verdict"].tolist() == WORST_FIRST[worst:]
    for verdict in WORST_FIRST:
        assert row[f"n_{verdict}"] == (verdict in WORST_FIRST[worst:])


def test_nothing_found_and_everything_checked_is_clear() -> None:
    result = run(OUTSIDE, [LINE], rule(), required=("red_line",))
    assert site(result) == ("clear", "complete")
    assert one(result.verdicts)["verdict_zh"] == "未触及"


@pytest.mark.parametrize("verdict", ["needs_review", "restricted", "notice"])
def test_undetermined_goes_before_all_but_a_prohibition(verdict: str) -> None:
    result = run(INSIDE, [LINE], rule(verdict=verdict), rule("T-02", layer="wetland"), required=("wetland",))
    assert site(result) == ("undetermined", "insufficient")
    assert one(result.verdicts)[f"n_{verdict}"] == 1


def test_river_classes_nest() -> None:
    bank = layer("bank_line", (GROUND.line((0, -900), (0, 900)), {"river_class": "major_tributary"}))

    def fires(*classes: str) -> bool:
        law = rule(layer="bank_line", place="within_m", value=1000, feature={"river_class": classes})
        return outcome(run(GROUND.box(200, 0, 240, 40), [bank], law)) == "fired"

    assert fires("tributary") and fires("major_tributary") and fires("mainstem", "tributary")
    assert not fires("mainstem")


def test_a_tributary_is_no_major_tributary() -> None:
    bank = layer("bank_line", (GROUND.line((0, -900), (0, 900)), {"river_class": "tributary"}))
    law = rule(layer="bank_line", place="within_m", value=1000, feature={"river_class": ("major_tributary",)})
    assert outcome(run(GROUND.box(200, 0, 240, 40), [bank], law)) == "place_not_touched"


OPEN_RUNS: dict[str, tuple[object, list[LayerSource], list[object], dict[str, object]]] = {
    "an optional role": (OUTSIDE, [LINE], [rule(), rule("T-02", layer="wetland")], {"optional": ("wetland",)}),
    "a silent optional role": (OUTSIDE, [LINE], [rule()], {"optional": ("wetland",)}),
    "a flag": (INSIDE, [LINE], [CHEMICAL], {}),
    "a text on hold": (OUTSIDE, [LINE], [rule(status="hold")], {}),
    "a bare point": (GROUND.point(-500, 500), [LINE], [rule()], {}),
    "a miss in the band": ((GROUND.box(-50, 100, -0.5, 200), {"accuracy_m": 2.0}), [LINE], [rule()], {}),
    "a role no rule speaks of": (
        OUTSIDE, [LINE, layer("wetland", GROUND.box(-600, 0, 300, 1000))], [rule()], {"optional": ("wetland",)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("cause", OPEN_RUNS)
def test_strict_makes_every_open_outcome_undetermined(cause: str) -> None:
    where, layers, rules, more = OPEN_RUNS[cause]
    loose = one(run(where, layers, *rules, **more).verdicts)
    strict = one(run(where, layers, *rules, strict=True, **more).verdicts)
    assert loose["verdict"] in ("clear", "needs_review")
    assert strict["verdict"] == "undetermined"


def test_strict_leaves_a_prohibition_and_a_full_clear() -> None:
    more = {"optional": ("wetland",), "strict": True}
    assert site(run(INSIDE, [LINE], rule(), rule("T-02", layer="wetland"), **more)) == ("prohibited", "partial")
    assert site(run(OUTSIDE, [LINE], rule(), required=("red_line",), strict=True)) == ("clear", "complete")


def test_certainty_is_that_of_the_surest_finding_that_carries_the_verdict() -> None:
    hint = layer("wetland", GROUND.box(0, 0, 1000, 1000), authority="indicative")
    review, doubt = rule(verdict="needs_review"), rule("T-02", layer="wetland")
    assert one(run(INSIDE, [LINE, hint], review, doubt).verdicts)["certainty"] == "firm"
    assert one(run(INSIDE, [hint], doubt).verdicts)["certainty"] == "indicative"


def test_a_firm_notice_does_not_make_a_borderline_ban_firm() -> None:
    where = GROUND.box(998, -20, 1030, 20), {"accuracy_m": 5.0}
    bank = layer("bank_line", GROUND.line((0, -900), (0, 900)))
    close = rule(layer="bank_line", place="within_m", value=1000)
    wide = rule("T-02", layer="bank_line", place="within_m", value=3000, verdict="notice")
    assert one(run(where, [bank], close, wide).verdicts)["certainty"] == "borderline"


def test_a_condition_shows_only_where_all_carrying_findings_are_conditional() -> None:
    way_out = ExceptionClause("way_out", "？", None, "needs_review")
    conditional = rule(exceptions=[way_out])
    assert one(run(INSIDE, [LINE], conditional).verdicts)["condition"] == "exception_open"
    assert one(run(INSIDE, [LINE], conditional, rule("T-02")).verdicts)["condition"] == ""
    milder = rule("T-02", verdict="notice")
    assert one(run(INSIDE, [LINE], conditional, milder).verdicts)["condition"] == "exception_open"


def test_a_project_has_its_worst_verdict() -> None:
    where = [
        (INSIDE, {"project_id": "P1"}),
        (OUTSIDE, {"project_id": "P1"}),
        (OUTSIDE, {"project_id": "P2"}),
        (OUTSIDE, {}),
        (INSIDE, {}),
    ]
    found = run(where, [LINE], rule()).verdicts
    assert found["verdict"].tolist() == ["prohibited", "clear", "clear", "clear", "prohibited"]
    assert found["project_verdict"].tolist() == ["prohibited", "prohibited", "clear", "clear", "prohibited"]


def test_questions_are_told_once_each() -> None:
    result = run(INSIDE, [LINE, layer("wetland", GROUND.box(0, 0, 1000, 1000))], CHEMICAL,
                 rule("T-04", layer="wetland", project=Flag("is_chemical"), question="是否化工项目？"))  # fmt: skip
    assert one(result.verdicts)["questions"] == "是否化工项目？"


def test_outcomes_tell_every_rule_and_why() -> None:
    rules = [rule("T-10"), rule("T-11", layer="wetland"), rule("T-12", project=Nature(("改建",))),
             rule("T-13", to=date(2026, 1, 1)), rule("T-14", layer="scenic_area")]  # fmt: skip
    result = run((INSIDE, {"nature": "新建"}), [LINE, FAR_WETLAND], *rules)
    table = result.outcomes("S0")
    assert table["outcome"].tolist() == [
        "fired", "place_not_touched", "project_not_concerned", "not_in_force", "undetermined",
    ]  # fmt: skip
    assert table["why"].str.len().min() > 0 and table["why_en"].str.len().min() > 0


def test_the_state_of_the_red_line_is_told() -> None:
    def state(where: object, *layers: LayerSource, **more: object) -> str:
        return str(one(run(where, layers, rule(), **more).verdicts)["redline_state"])

    assert state(INSIDE, LINE) == "位于红线内"
    assert state(OUTSIDE, LINE) == "不位于红线内"
    assert state(OUTSIDE, FAR_WETLAND) == "未核查"
    assert state(OUTSIDE, FAR_WETLAND, absences=(confirmed("red_line"),)) == "不位于红线内"
    assert state((INSIDE, {"limited_activity": True}), LINE) == "有限人为活动（申报）"
    assert state((INSIDE, {"national_major_project": True}), LINE) == "国家重大项目（申报）"
    across = GROUND.line((-100, 500), (1100, 500))
    assert state((across, {"applies_for_land": False}), LINE) == "穿越跨越但不申请用地"
    assert state(across, LINE) == "位于红线内"


def test_a_point_within_the_band_of_the_red_line_is_not_said_to_lie_outside() -> None:
    near = GROUND.box(-50, 100, -0.5, 200), {"accuracy_m": 2.0}
    assert one(run(near, [LINE], rule()).verdicts)["redline_state"] != "不位于红线内"


def test_texts_of_every_table_are_texts() -> None:
    result = run(
        INSIDE, [LINE], rule(), rule("T-02", layer="wetland"), required=("wetland",), optional=("scenic_area",)
    )
    for name in ("verdicts", "findings", "facts", "roles", "layers", "gaps", "rules"):
        table = getattr(result, name)
        for column in table.columns:
            if table[column].dtype == object and column != "geometry":
                assert all(isinstance(value, str) for value in table[column]), (name, column, pd.unique(table[column]))

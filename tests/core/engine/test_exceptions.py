"""Exceptions: unanswered, yes and no, by a column of the site and by a table of answers."""

from __future__ import annotations

import pandas as pd
import pytest
from ecoredline.processing.engine import Screening
from ecoredline.processing.rules.model import ExceptionClause
from small_runs import GROUND, answers, layer, one, outcome, rule, run

LINE = layer("red_line", GROUND.box(0, 0, 1000, 1000))
INSIDE = GROUND.box(400, 400, 500, 500)
QUESTION = "是否属于有限人为活动？"
LESSER = ExceptionClause("limited", QUESTION, "limited_activity", "needs_review")
AWAY = ExceptionClause("supply", "是否为供水设施？", "is_water_supply", None)


def screened(*clauses: ExceptionClause, given: pd.DataFrame | None = None, **attributes: object) -> Screening:
    return run((INSIDE, attributes), [LINE], rule(exceptions=clauses), answers=given)


def test_unanswered_keeps_the_verdict_and_leaves_the_exception_open() -> None:
    result = screened(LESSER)
    row, site = one(result.findings), one(result.verdicts)
    assert (row["outcome"], row["verdict"], row["condition"]) == ("fired", "prohibited", "exception_open")
    assert row["question"] == QUESTION
    assert (site["verdict"], site["condition"], site["completeness"]) == ("prohibited", "exception_open", "complete")
    assert site["verdict_zh"] == "触及禁止，例外待核"
    assert site["questions"] == QUESTION


@pytest.mark.parametrize("yes", [True, "是"])
def test_yes_in_a_column_gives_the_verdict_of_the_exception(yes: object) -> None:
    row = one(screened(LESSER, limited_activity=yes).findings)
    assert (row["verdict"], row["condition"], row["question"]) == ("needs_review", "", "")


@pytest.mark.parametrize("no", [False, "否"])
def test_no_in_a_column_takes_the_condition_away(no: object) -> None:
    row = one(screened(LESSER, limited_activity=no).findings)
    assert (row["verdict"], row["condition"], row["question"]) == ("prohibited", "", "")


@pytest.mark.parametrize("key", ["limited", QUESTION])
@pytest.mark.parametrize(
    ("answer", "verdict"), [("是", "needs_review"), ("yes", "needs_review"), ("否", "prohibited"), ("NO", "prohibited")]
)
def test_a_person_may_answer_by_the_id_or_the_words_of_the_question(key: str, answer: str, verdict: str) -> None:
    row = one(screened(LESSER, given=answers(("S0", "T-01", key, answer))).findings)
    assert (row["verdict"], row["condition"]) == (verdict, "")


@pytest.mark.parametrize(
    "given",
    [("S1", "T-01", "limited", "是"), ("S0", "T-02", "limited", "是"), ("S0", "T-01", "other", "是")],
    ids=["another site", "another rule", "another question"],
)
def test_an_answer_to_something_else_answers_nothing(given: tuple[str, str, str, str]) -> None:
    row = one(screened(LESSER, given=answers(given)).findings)
    assert (row["verdict"], row["condition"]) == ("prohibited", "exception_open")


def test_an_exception_that_takes_the_rule_away() -> None:
    result = screened(AWAY, is_water_supply=True)
    assert result.findings.empty
    assert outcome(result) == "project_not_concerned"
    assert one(result.verdicts)["verdict"] == "clear"


def test_an_exception_that_would_take_the_rule_away_is_open_until_answered() -> None:
    assert one(screened(AWAY).findings)["condition"] == "exception_open"
    denied = one(screened(AWAY, is_water_supply=False).findings)
    assert (denied["verdict"], denied["condition"]) == ("prohibited", "")


def test_one_no_and_one_open_leaves_it_open_with_the_open_question_alone() -> None:
    row = one(screened(LESSER, AWAY, limited_activity=False).findings)
    assert (row["verdict"], row["condition"], row["question"]) == ("prohibited", "exception_open", AWAY.question)


def test_two_open_ask_both_questions() -> None:
    assert one(screened(LESSER, AWAY).findings)["question"] == f"{QUESTION}；{AWAY.question}"


def test_two_noes_leave_the_plain_verdict() -> None:
    row = one(screened(LESSER, AWAY, limited_activity=False, is_water_supply=False).findings)
    assert (row["verdict"], row["condition"], row["question"]) == ("prohibited", "", "")


def test_a_yes_settles_it_whatever_else_is_open() -> None:
    row = one(screened(LESSER, AWAY, limited_activity=True).findings)
    assert (row["verdict"], row["condition"], row["question"]) == ("needs_review", "", "")


def test_yes_to_both_takes_the_rule_away() -> None:
    assert screened(LESSER, AWAY, limited_activity=True, is_water_supply=True).findings.empty


def test_a_column_and_a_person_that_agree() -> None:
    given = answers(("S0", "T-01", "limited", "否"))
    assert one(screened(LESSER, limited_activity=False, given=given).findings)["verdict"] == "prohibited"


def test_an_answer_never_raises_a_finding_that_the_data_have_lowered() -> None:
    hint = layer("red_line", GROUND.box(0, 0, 1000, 1000), authority="indicative")
    milder = ExceptionClause("mild", "？", "limited_activity", "restricted")
    row = one(run((INSIDE, {"limited_activity": True}), [hint], rule(exceptions=[milder])).findings)
    assert row["verdict"] == "restricted"
    row = one(run((INSIDE, {"limited_activity": True}), [hint], rule(exceptions=[LESSER])).findings)
    assert row["verdict"] == "needs_review"


def test_an_answer_never_raises_what_a_sliver_or_a_cap_has_lowered() -> None:
    corner = GROUND.box(-50, -50, 0.9, 0.9)
    grave = ExceptionClause("grave", "？", "limited_activity", "prohibited")
    row = one(run((corner, {"limited_activity": True}), [LINE], rule(exceptions=[grave])).findings)
    assert row["verdict"] == "needs_review"
    capped = rule(exceptions=[LESSER], cap="restricted")
    assert one(run((INSIDE, {"limited_activity": True}), [LINE], capped).findings)["verdict"] == "restricted"


def test_an_exception_does_not_hide_a_second_rule() -> None:
    result = run((INSIDE, {"limited_activity": True}), [LINE], rule(exceptions=[LESSER]), rule("T-02"))
    assert one(result.verdicts)["verdict"] == "prohibited"


def test_the_condition_of_a_site_stands_only_where_every_carrying_finding_has_it() -> None:
    result = run(INSIDE, [LINE], rule(exceptions=[LESSER]), rule("T-02"))
    site = one(result.verdicts)
    assert (site["verdict"], site["condition"], site["n_prohibited"]) == ("prohibited", "", 2)
    both = one(run(INSIDE, [LINE], rule(exceptions=[LESSER]), rule("T-02", exceptions=[AWAY])).verdicts)
    assert both["condition"] == "exception_open"


def test_a_condition_below_the_verdict_of_the_site_is_not_its_condition() -> None:
    mild = rule("T-02", verdict="restricted", exceptions=[AWAY])
    site = one(run(INSIDE, [LINE], rule(), mild).verdicts)
    assert (site["verdict"], site["condition"]) == ("prohibited", "")


def test_answers_are_kept_with_who_when_and_why() -> None:
    row = one(screened(LESSER, given=answers(("S0", "T-01", "limited", "否"))).answers)
    assert (row["who"], row["when"], row["why"], row["answer"]) == ("张三", "2026-10-30", "见附件", "否")


def test_an_exception_cannot_be_answered_where_the_place_was_missed() -> None:
    result = run(GROUND.box(-500, 0, -400, 50), [LINE], rule(exceptions=[LESSER]))
    assert result.findings.empty
    assert one(result.verdicts)["questions"] == ""


def test_within_the_band_a_project_that_the_rule_does_not_concern_is_not_for_review() -> None:
    """Even if the border lay where the site is, the answered exception takes the rule away."""
    near = run(
        (GROUND.box(-50, 0, -0.5, 50), {"accuracy_m": 2.0, "is_water_supply": True}), [LINE], rule(exceptions=[AWAY])
    )
    assert near.findings.empty

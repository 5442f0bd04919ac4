"""Tables of answers: what is accepted, what is refused, and answers to an unknown project predicate."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyogrio
import pytest
from ecoredline.layers.errors import SitesError
from ecoredline.processing.engine.judging.answers import read_answers
from ecoredline.processing.rules.predicates import Flag
from small_runs import GROUND, answers, layer, one, outcome, rule, run

LINE = layer("red_line", GROUND.box(0, 0, 1000, 1000))
INSIDE = GROUND.box(400, 400, 500, 500)
ASKED = rule(project=Flag("is_chemical"), question="是否化工项目？")


def test_an_unknown_project_is_undetermined_and_asks() -> None:
    row = one(run(INSIDE, [LINE], ASKED).findings)
    assert (row["outcome"], row["verdict"], row["question"]) == ("undetermined", "undetermined", "是否化工项目？")


@pytest.mark.parametrize(("answer", "expected"), [("是", "fired"), ("否", "project_not_concerned")])
def test_an_answer_makes_the_project_known(answer: str, expected: str) -> None:
    given = answers(("S0", "T-01", "是否化工项目？", answer))
    assert outcome(run(INSIDE, [LINE], ASKED, answers=given)) == expected


def test_a_column_goes_before_an_answer() -> None:
    given = answers(("S0", "T-01", "是否化工项目？", "否"))
    assert outcome(run((INSIDE, {"is_chemical": True}), [LINE], ASKED, answers=given)) == "fired"


@pytest.mark.parametrize("column", ["site_id", "rule_id", "question", "answer", "who", "when"])
def test_a_missing_column_is_named(column: str) -> None:
    table = answers(("S0", "T-01", "q", "是")).drop(columns=column)
    with pytest.raises(SitesError, match=column):
        run(INSIDE, [LINE], ASKED, answers=table)


def test_why_may_be_missing() -> None:
    table = answers(("S0", "T-01", "是否化工项目？", "是")).drop(columns="why")
    assert outcome(run(INSIDE, [LINE], ASKED, answers=table)) == "fired"


@pytest.mark.parametrize(
    ("column", "value"),
    [("answer", "也许"), ("answer", None), ("answer", ""), ("who", ""), ("who", None), ("when", " ")],
)
def test_a_row_that_says_nothing_or_by_nobody_is_named(column: str, value: object) -> None:
    table = answers(("S0", "T-01", "q", "是"), ("S0", "T-01", "r", "是")).astype(object)
    table.loc[1, column] = value
    with pytest.raises(SitesError) as refused:
        run(INSIDE, [LINE], ASKED, answers=table)
    assert "第 2 行" in refused.value.message.zh
    assert refused.value.remedy.zh


def told(*given: tuple[str, str, str, str]) -> str:
    try:
        return outcome(run(INSIDE, [LINE], ASKED, answers=answers(*given)))
    except SitesError:
        return "refused"


def test_two_answers_that_contradict_each_other_do_not_count_by_their_order() -> None:
    yes, no = (("S0", "T-01", "是否化工项目？", answer) for answer in ("是", "否"))
    assert told(yes, no) == told(no, yes)


def test_an_answer_about_another_site_changes_nothing() -> None:
    assert told(("S-elsewhere", "T-01", "是否化工项目？", "否")) == "undetermined"


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "gpkg"])
def test_answers_from_files(tmp_path: Path, suffix: str) -> None:
    table, path = answers(("S0", "T-01", "是否化工项目？", "是")), tmp_path / f"answers.{suffix}"
    if suffix == "csv":
        table.to_csv(path, index=False, encoding="utf-8-sig")
    elif suffix == "xlsx":
        table.to_excel(path, index=False)
    else:
        pyogrio.write_dataframe(table, path, layer="answers")
    assert outcome(run(INSIDE, [LINE], ASKED, answers=path)) == "fired"


def test_ids_that_look_like_numbers_stay_texts(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    answers(("007", "T-01", "是否化工项目？", "是")).to_csv(path, index=False)
    result = run((INSIDE, {"site_id": "007"}), [LINE], ASKED, answers=path)
    assert outcome(result, site_id="007") == "fired"


@pytest.mark.parametrize("name", ["missing.csv", "missing.gpkg", "missing.xlsx"])
def test_an_unreadable_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(SitesError, match="missing"):
        read_answers(tmp_path / name)


def test_a_csv_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(b"\xff\xfe\x00\x81\x81")
    with pytest.raises(SitesError, match="bad"):
        read_answers(path)


def test_a_column_of_true_and_false_is_understood() -> None:
    table = pd.DataFrame(answers(("S0", "T-01", "是否化工项目？", "是"))).assign(answer=[True])
    assert outcome(run(INSIDE, [LINE], ASKED, answers=table)) == "fired"

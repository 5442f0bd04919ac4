"""The Excel book: text stays text, numbers stay numbers, and what is shown never crosses a limit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ecoredline.processing.engine.words import DISCLAIMER, PAPER_TITLE, SEAL_LABEL
from ecoredline.processing.report import excel, export, sheets
from ecoredline.processing.report.palette import looks
from openpyxl import Workbook, load_workbook

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "＝1"]


@pytest.fixture
def book(screening: Any, tmp_path: Path) -> Any:
    export(screening, tmp_path, formats=("xlsx",))
    return load_workbook(tmp_path / "findings.xlsx")


def _column(sheet: Any, heading: str) -> list[Any]:
    place = next(cell.column for cell in sheet[1] if cell.value.split("\n")[0] == heading)
    return [row[place - 1] for row in sheet.iter_rows(min_row=2)]


def test_sheets_are_frozen_filtered_and_signed(book: Any) -> None:
    assert book.sheetnames == [
        "结论", "发现", "管控单元", "准入清单", "各图层核查", "空间事实", "线路分段", "分日判定", "已答问题",
        "复核意见", "未核查", "规则", "数据", "说明",
    ]  # fmt: skip
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:") and sheet.auto_filter.ref.endswith(str(sheet.max_row))
        assert sheet.print_title_rows in ("1:1", "$1:$1")
        assert DISCLAIMER in sheet.oddFooter.left.text and "4BC4-E0A6-D917-DBAD" in sheet.oddFooter.left.text
        assert all(sheet.column_dimensions[cell.column_letter].width >= 12 for cell in sheet[1])


def test_text_that_looks_like_a_formula_stays_text(book: Any) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    name = _column(book["结论"], "项目名称")[1]
    assert name.value == "=cmd|' /C calc'!A0" and name.data_type == "s" and name.quotePrefix
    assert _column(book["结论"], "项目名称")[3].value == "+制药\ufffd车间"


@pytest.mark.parametrize("text", FORMULAS)
def test_every_start_of_a_formula_is_quoted(text: str, tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    sheets.add_sheet(book, "x", [sheets.Head(text, 12)], [[sheets.Value(text)], [sheets.Value("plain")]], "foot")
    book.save(tmp_path / "x.xlsx")
    read = load_workbook(tmp_path / "x.xlsx")["x"]
    assert read["A2"].value == text and read["A2"].data_type == "s" and read["A2"].quotePrefix
    assert not read["A3"].quotePrefix
    assert read["A1"].data_type == "s"


def test_numbers_are_whole_and_shown_on_their_side_of_the_limit(book: Any) -> None:
    distances = _column(book["发现"], "距离（m）")
    assert distances[0].value == 999.996 and distances[0].number_format == '"小于 1000"'
    assert distances[3].value == 1000.004 and distances[3].number_format == '"大于 1000"'
    areas = _column(book["发现"], "重叠面积（m²）")
    assert areas[1].value == 0.9996 and areas[1].number_format == '"小于 1"'
    assert areas[5].value == 44000.0 and areas[5].number_format == "0.00"
    assert areas[0].value is None
    shares = _column(book["发现"], "范围内比例")
    assert shares[0].value == 0.99999999 and shares[0].number_format == '"小于 100%"'
    facts = _column(book["空间事实"], "距离（m）")
    assert facts[0].value == 999.996 and facts[0].number_format == '"小于 1000"', "a fact knows no rule"
    margins = _column(book["发现"], "距翻转余量（m）")
    assert (margins[0].number_format, margins[1].number_format) == ('"小于 0.01"', "0.00")


def test_verdicts_are_words_in_their_colours(book: Any) -> None:
    words, ids = _column(book["结论"], "初筛意见"), [cell.value for cell in _column(book["结论"], "地块编号")]
    assert ids == ["A-01", "B/02", "C:03", "D-04", "E-05", "F-06", "G-07"]
    assert words[0].value == "触及禁止" and words[0].fill.fgColor.rgb[-6:] == looks()["prohibited"].fill[1:]
    assert words[6].value == "已核查部分未触及（另有 3 项未核查）"
    assert words[6].fill.fgColor.rgb != words[5].fill.fgColor.rgb


def test_codes_are_told_in_words(book: Any) -> None:
    assert _column(book["发现"], "条件")[1].value == "例外待核"
    assert _column(book["发现"], "图层角色")[0].value == "河流岸线"
    assert _column(book["发现"], "空间关系")[0].value == "邻近"
    assert _column(book["发现"], "引用")[0].value == "《中华人民共和国长江保护法》第二十六条第二款"
    assert _column(book["规则"], "施行日期")[0].value == "2021-03-01"
    assert _column(book["规则"], "状态")[3].value == "待核文本，不参与判定"
    assert _column(book["数据"], "核查状态")[4].value == "未取得"


def test_notes_carry_title_seal_and_disclaimer(book: Any) -> None:
    rows = [[cell.value for cell in row] for row in book["说明"].iter_rows(min_row=2)]
    assert rows[0] == ["表名", PAPER_TITLE]
    assert rows[1] == [SEAL_LABEL, "4BC4-E0A6-D917-DBAD"]
    assert rows[-1] == ["声明", DISCLAIMER]


def test_rows_beyond_a_sheet_go_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS_PER_SHEET", 3)
    book = Workbook(write_only=True)
    sheets.add_sheet(book, "x", [sheets.Head("n", 12)], [[sheets.Value(float(n))] for n in range(7)], "foot")
    sheets.add_sheet(book, "none", [sheets.Head("n", 12)], [], "foot")
    book.save(tmp_path / "x.xlsx")
    read = pd.read_excel(tmp_path / "x.xlsx", sheet_name=None)
    assert list(read) == ["x", "x2", "x3", "none"]
    assert [n for name in ("x", "x2", "x3") for n in read[name]["n"]] == list(range(7))


def test_a_text_too_long_for_a_cell_says_so(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    sheets.add_sheet(book, "x", [sheets.Head("n", 12)], [[sheets.Value("条" * 40_000)]], "foot")
    book.save(tmp_path / "x.xlsx")
    text = load_workbook(tmp_path / "x.xlsx")["x"]["A2"].value
    assert len(text) == 32_767 and text.endswith(sheets.CUT)


def test_long_text_gets_the_height_it_needs(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    rows = [[sheets.Value("短")], [sheets.Value("条" * 60)], [sheets.Value("a" * 60)], [sheets.Value(1.5)]]
    sheets.add_sheet(book, "x", [sheets.Head("n", 21)], rows, "foot")
    book.save(tmp_path / "x.xlsx")
    read = load_workbook(tmp_path / "x.xlsx")["x"]
    heights = [read.row_dimensions[n].height for n in (2, 3, 4, 5)]
    assert heights == [None, 6 * 13.5 + 2, 3 * 13.5 + 2, None]


def test_too_many_facts_are_left_out_and_the_notes_say_so(
    screening: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "MOST_FACTS", len(screening.facts) - 1)
    export(screening, tmp_path, formats=("xlsx",))
    read = load_workbook(tmp_path / "findings.xlsx")
    assert read["空间事实"].max_row == 1 and read["发现"].max_row > 1
    notes = {row[0].value: row[1].value for row in read["说明"].iter_rows(min_row=2)}
    assert notes["空间事实"].startswith("共 2 行，超过 1 行")

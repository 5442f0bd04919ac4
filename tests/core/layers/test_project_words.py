"""Words of forms: what they mean, and None where they mean nothing."""

import math
from datetime import date

import pytest
from ecoredline.layers.project_words import (
    date_of,
    flag_of_word,
    industry_of,
    measures,
    measures_of,
    nature_of,
    number_of,
    verdict_of_word,
)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("新建", "新建"), (" 新 建\n", "新建"), ("迁建", "新建"), ("新建（迁建）", "新建"), ("新建(迁建)", "新建"),
        ("改扩建", "改建;扩建"), ("扩建、改建", "改建;扩建"), ("新建;扩建", "新建;扩建"), ("技改", "技术改造"),
        ("技术改造", "技术改造"), ("现有", "现有"), ("未批先建", "未批先建"), ("迁建;新建", "新建"),
        ("生态修复", "生态修复"), ("生态修复;新建", "新建;生态修复"), ("修复", None),
        ("新建;待定", None), ("待定", None), ("新建扩建", None), ("", None), (";", None),
    ],
)  # fmt: skip
def test_nature(text, meaning):
    assert nature_of(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("2614", "C2614"), ("C2614", "C2614"), ("c2614", "C2614"),
        ("Ｃ２６１４", "C2614"), ("26", "C26"), ("261", "C261"),
        ("C2614 有机化学原料制造", "C2614"), ("有机化学原料制造 C2614", "C2614"), ("0610", "B0610"), ("4411", "D4411"),
        ("C2614;C2621", "C2614;C2621"), ("2614、2614", "C2614"), ("C", "C"), ("9700", "T9700"),
        ("D2614", None), ("9800", None), ("0010", None), ("化工", None),
        ("2614.5", None), ("C26145", None), ("Z12", None),
        ("2614;化工", None), ("2", None), ("", None),
    ],
)  # fmt: skip
def test_industry(text, meaning):
    assert industry_of(text) == meaning


@pytest.mark.parametrize(
    ("division", "section"),
    [("05", "A"), ("06", "B"), ("12", "B"), ("13", "C"), ("43", "C"),
    ("44", "D"), ("46", "D"), ("47", "E"), ("51", "F"),
     ("53", "G"), ("60", "G"), ("61", "H"), ("63", "I"), ("66", "J"),
     ("70", "K"), ("71", "L"), ("73", "M"), ("76", "N"),
     ("79", "N"), ("80", "O"), ("83", "P"), ("84", "Q"), ("86", "R"), ("91", "S"), ("97", "T")],
)  # fmt: skip
def test_sections_begin_and_end_where_the_standard_says(division, section):
    assert industry_of(division) == section + division


def test_measures():
    assert measures() == (
        "回填覆土", "植树覆绿", "消除隐患", "平整场地", "撒播草籽", "岸坡整治", "湿地恢复", "码头退出",
    )  # fmt: skip
    assert measures_of("植树、覆土") == "回填覆土;植树覆绿"
    assert measures_of(" 码头退出；湿地恢复;码头退出 ") == "湿地恢复;码头退出"
    assert [measures_of(text) for text in ("种玉米", "植树;种玉米", "", ";")] == [None] * 4


def test_flags():
    assert [flag_of_word(word) for word in ("是", "有", "TRUE", "Y", "1", "√")] == [True] * 6
    assert [flag_of_word(word) for word in ("否", "无", "false", "n", "0")] == [False] * 5
    assert [flag_of_word(word) for word in ("", "不清楚", "2", "是否")] == [None] * 4


def test_dates():
    for text in (
        "2026-03-09",
        "2026/3/9",
        "2026.3.9",
        "2026年3月9日",
        "20260309",
        "2026-03-09T00:00:00",
        "2026-03-09 12:30:00",
    ):
        assert date_of(text) == date(2026, 3, 9), text
    for text in ("", "2026", "2026-02-30", "去年", "09/03/2026", "46090"):
        assert date_of(text) is None, text


def test_numbers():
    assert number_of("1,200.5") == 1200.5
    assert number_of("０") == 0.0
    for text in ("-1", "inf", "nan", "5m", ""):
        assert math.isnan(number_of(text)), text


def test_verdict_words():
    assert verdict_of_word("禁止") == "prohibited"
    assert verdict_of_word("restricted") == "restricted"
    assert verdict_of_word("鼓励") is None

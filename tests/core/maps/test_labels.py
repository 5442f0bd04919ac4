"""Texts of a page."""

from __future__ import annotations

from datetime import date

import pytest
from ecoredline.processing.engine.words import NEVER_SAID
from ecoredline.processing.maps import labels
from hypothesis import given
from hypothesis import strategies as st


def width(text: str) -> float:
    """Measure as print does, roughly: a Chinese character is two Latin ones wide."""
    return sum(2.0 if ord(char) > 0x2E80 else 1.0 for char in text)


@pytest.mark.parametrize(
    ("distance", "limit", "expected"),
    [
        (856.344, 1000.0, "856.34 m"),
        (999.994, 1000.0, "999.99 m"),
        (999.996, 1000.0, "999.996 m"),
        (1000.0, 1000.0, "1000.00 m"),
        (1000.004, 1000.0, "1000.004 m"),
        (1000.006, 1000.0, "1000.01 m"),
        (1000.004, None, "1000.00 m"),
        (12345.6, None, "12345.60 m"),
    ],
)
def test_a_distance_never_reads_as_on_the_other_side_of_its_limit(distance, limit, expected):
    assert labels.metres(distance, limit) == expected


@given(st.floats(-0.02, 0.02, allow_nan=False).filter(lambda d: d == 0 or abs(d) > 1e-5))
def test_near_a_limit_the_side_is_kept(offset):
    shown = float(labels.metres(1000 + offset, 1000.0).removesuffix(" m"))
    assert (shown > 1000) == (1000 + offset > 1000)
    assert (shown < 1000) == (1000 + offset < 1000)


def test_words():
    assert labels.kilometres(1000.0) == "1 km"
    assert labels.kilometres(500.0) == "500 m"
    assert labels.scale_words(200_000) == "1:200 000"
    assert labels.title_words("  ", "A1", "图") == "项目地块 A1图"
    assert labels.seal_words("ab") == "数据校验码（非印章）：ab"


def test_vintages_name_each_layer_once_and_say_what_is_unknown():
    rows = [
        ("红线", date(2024, 3, 19), "statutory"),
        ("岸线", None, "indicative"),
        ("红线", date(2024, 3, 19), "statutory"),
        ("岸线", date(2023, 1, 2), "derived"),
    ]
    words = labels.vintage_words(rows)
    assert words == "数据时点：红线 2024-03-19；岸线 时点未注明（示意）；岸线 2023-01-02（派生）。"


def test_lines_break_between_characters_but_not_before_a_closing_mark():
    assert labels.wrap("一二三四，五六", 8, width) == ["一二三", "四，五六"]
    assert labels.wrap("一二三《四五》", 8, width) == ["一二三", "《四五》"]


def test_a_number_stays_whole_unless_it_is_wider_than_a_line():
    assert labels.wrap("距离1234.5 m", 8, width) == ["距离", "1234.5 m"]
    assert labels.wrap("abcdefghij", 4, width) == ["abcd", "efgh", "ij"]


@given(st.text("一二，。《》（）ab1. -", max_size=60), st.integers(4, 20))
def test_wrapping_loses_nothing_and_keeps_the_width(text, limit):
    lines = labels.wrap(text, limit, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line) <= limit for line in lines)


def test_own_words_avoid_what_is_never_said():
    own = labels.crs_words(105, 4544) + labels.vintage_words([("x", None, "derived")]) + labels.title_words("", "1", "")
    assert not [word for word in NEVER_SAID if word in own]

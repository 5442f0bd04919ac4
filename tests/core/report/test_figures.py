"""Rounding never crosses a limit: tried on both sides, on it, and by random numbers against plain comparison."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from ecoredline.processing.report import figures
from hypothesis import given
from hypothesis import strategies as st

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
near_limit = st.sampled_from([1.0, 500.0, 1000.0, 3000.0, 5000.0, 0.005, 1000.005, 33.333])


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (999.996, "小于 1000"),
        (999.995, "小于 1000"),
        (999.994, "999.99"),
        (1000.0, "1000.00"),
        (1000.004, "大于 1000"),
        (1000.005, "1000.01"),
        (0.0, "0.00"),
        (-0.0, "0.00"),
        (0.004, "小于 0.01"),
        (0.005, "0.01"),
        (2.675, "2.68"),
        (float("nan"), "—"),
        (float("inf"), "—"),
        (None, "—"),
    ],
)
def test_a_distance_beside_the_limit(value: float, printed: str) -> None:
    assert figures.figure(value, 2, (1000.0,)) == printed


def test_without_the_limit_it_rounds_as_usual() -> None:
    assert figures.figure(999.996, 2) == "1000.00"


def test_between_two_limits_the_crossed_ones_are_named() -> None:
    assert figures.figure(1.4996, 1, (1.4995, 1.4999)) == "小于 1.4999"
    assert figures.figure(1.5, 0, (1.2, 1.8)) == "小于 1.8"
    assert figures.figure(0.0055, 2, (0.005, 0.006)) == "小于 0.006"


@given(limit=near_limit, offset=st.floats(-0.02, 0.02), decimals=st.integers(0, 4))
def test_print_and_value_lie_on_the_same_side(limit: float, offset: float, decimals: int) -> None:
    value = limit + offset
    printed = figures.figure(value, decimals, (limit,))
    said = Decimal(NUMBER.findall(printed)[0])
    exact = Decimal(repr(limit))
    if printed.startswith("小于"):
        below_the_last_digit = 0 < value < 10.0**-decimals and said == Decimal(1).scaleb(-decimals)
        assert (value < limit and said == exact) or below_the_last_digit
    elif printed.startswith("大于"):
        below_the_last_digit = -(10.0**-decimals) < value < 0
        assert (value > limit and said == exact) or below_the_last_digit
    else:
        assert said.compare(exact) == Decimal(repr(value)).compare(exact)
        assert abs(said - Decimal(repr(value))) <= Decimal(5).scaleb(-decimals - 1)


@given(value=st.floats(0, 1e9, allow_nan=False), decimals=st.integers(0, 4))
def test_far_from_limits_the_print_is_the_nearest_number(value: float, decimals: int) -> None:
    printed = figures.figure(value, decimals)
    if printed.startswith("小于"):
        assert 0 < value < 10.0**-decimals
    else:
        assert abs(Decimal(printed) - Decimal(repr(value))) <= Decimal(5).scaleb(-decimals - 1)
        assert len(printed.partition(".")[2]) == decimals


@given(limit=near_limit, offset=st.floats(-0.02, 0.02), decimals=st.integers(0, 3))
def test_a_cell_shows_what_the_paper_prints(limit: float, offset: float, decimals: int) -> None:
    value = limit + offset
    code = figures.cell_format(value, decimals, (limit,))
    printed = figures.figure(value, decimals, (limit,))
    assert code.strip('"') == printed if code.startswith('"') else re.fullmatch(r"0(\.0+)?", code)
    if not code.startswith('"'):
        assert printed == f"{Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), 'ROUND_HALF_UP'):f}"


def test_a_share_that_is_not_the_whole_is_not_printed_as_the_whole() -> None:
    assert figures.percent(0.99999) == "小于 100%"
    assert figures.percent(1.0) == "100.00%"
    assert figures.percent(0.0) == "0.00%"
    assert figures.percent(0.00001) == "小于 0.01%"
    assert figures.cell_format(0.99999, 2, (1.0,), scale=100) == '"小于 100%"'
    assert figures.cell_format(0.25, 2, (1.0,), scale=100) == "0.00%"


def test_area_in_both_units() -> None:
    assert figures.area(12345.678) == "12345.68 m²（1.2346 公顷）"
    assert figures.area(0.9996) == "小于 1 m²（小于 0.0001 公顷）"
    assert figures.area(1.0) == "1.00 m²（0.0001 公顷）"
    assert figures.area(float("nan")) == "—"


@pytest.mark.parametrize(
    ("degrees", "printed"),
    [
        (0.0, "0.0°（北）"),
        (359.97, "0.0°（北）"),
        (44.9, "44.9°（东北）"),
        (202.6, "202.6°（西南）"),
        (-90.0, "270.0°（西）"),
    ],
)
def test_bearing(degrees: float, printed: str) -> None:
    assert figures.bearing(degrees) == printed


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (106.5, "106°30′00.000″"),
        (29.99999999, "30°00′00.000″"),
        (-0.51, "-0°30′36.000″"),
        (106.4812345, "106°28′52.444″"),
    ],
)
def test_degrees_minutes_carry_over(value: float, printed: str) -> None:
    assert figures.degrees_minutes(value) == printed


def test_a_hair_of_rounding_is_not_a_missing_part() -> None:
    assert figures.percent(1 - 1e-12) == figures.percent(1 + 1e-12) == figures.percent(1.0) == "100.00%"
    assert figures.percent(1 - 2e-9) == "小于 100%"

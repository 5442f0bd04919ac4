"""Angles in every written form, the wrong ones refused, and any angle back from any form."""

from __future__ import annotations

import contextlib

import pytest
from ecoredline.layers.intake.angles import angle_of, pair_of
from hypothesis import given
from hypothesis import strategies as st

PLACE = 104 + 46 / 60 + 4.592 / 3600


@pytest.mark.parametrize(
    "text",
    [
        "104度46分4.592秒", "104°46′4.592″", "104°46'4.592\"", "104º46’4.592”", "E104°46′4.592″", "104°46′4.592″E",
        "东经104°46′4.592″", "东经：104度46分4.592秒", "104:46:4.592", "104 46 4.592", "104-46-4.592", "104°46′4.592",
        "104d46m4.592s", "104° 46' 4.592''", "１０４°46′4.592″", "104˚46´4.592˝", "104°46.07653333′", "104.76794222°",
        "104.76794222", "E 104.76794222", "+104.76794222", "104.76794222东",
    ],
)  # fmt: skip
def test_written_forms(text):
    angle = angle_of(text)
    assert angle is not None
    assert angle.value == pytest.approx(PLACE, abs=5e-9)
    assert angle.axis in ("", "x")


def test_winds_and_signs():
    assert angle_of("29°14′11.494″N").axis == "y"
    assert angle_of("北纬29°14′11.494″").axis == "y"
    assert angle_of("29°30′S").value == -29.5
    assert angle_of("西经 10°").value == -10.0
    assert angle_of("-29°30′").value == -29.5
    assert angle_of("3,250,123.456").value == 3250123.456
    assert not angle_of("29.5").degrees
    assert angle_of("29°").degrees


@pytest.mark.parametrize("text", ["", "厂区", "J1", "12a", "1.2.3", "29°14′11″ 3", "=1+1", "1e999x", "29,5"])
def test_what_is_no_number(text):
    assert angle_of(text) is None


@pytest.mark.parametrize("text", ["104°60′1″", "104°46′61″", "104.5°46′", "104°46.5′10″", "N29°30′S"])
def test_angles_that_cannot_be_are_refused(text):
    with pytest.raises(ValueError):
        angle_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "104度46分4.592秒, 29度14分11.494秒", "东经104°46′4.592″，北纬29°14′11.494″", "104°46′4.592″E 29°14′11.494″N",
        "104.76794222,29.23652611", "(104.76794222; 29.23652611)", "104.76794222 29.23652611",
    ],
)  # fmt: skip
def test_pairs(text):
    first, second = pair_of(text)
    assert first.value == pytest.approx(PLACE, abs=1e-8)
    assert second.value == pytest.approx(29 + 14 / 60 + 11.494 / 3600, abs=1e-8)


SIGNS = [("°", "′", "″"), ("度", "分", "秒"), ("°", "'", '"'), (":", ":", ""), (" ", " ", "")]


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 59_999_999), st.sampled_from(SIGNS))
def test_any_angle_comes_back_from_any_form(degrees, minutes, micro, signs):
    seconds = micro / 1e6
    text = f"{degrees}{signs[0]}{minutes}{signs[1]}{seconds:.6f}{signs[2]}"
    assert angle_of(text).value == pytest.approx(degrees + minutes / 60 + seconds / 3600, abs=1e-12)


@given(st.text(max_size=60))
def test_any_text_gives_an_angle_none_or_a_refusal(text):
    for read in (angle_of, pair_of):
        with contextlib.suppress(ValueError):
            read(text)

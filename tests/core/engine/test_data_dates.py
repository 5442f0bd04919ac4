"""数据时点不符: when the dates of a layer disagree with the day of the run, and when they do not."""

from __future__ import annotations

from datetime import date

import pytest
from ecoredline.layers.layerset import LayerSource
from small_runs import GROUND, layer, one, rule, run

INSIDE, OUTSIDE = GROUND.box(400, 400, 500, 500), GROUND.box(-500, 400, -400, 500)


LAYER_DATES = {
    "vintage after the day": {"vintage": date(2026, 11, 2)},
    "valid until before the day": {"vintage": date(2024, 1, 1), "valid_to": date(2026, 10, 31)},
}


GOOD_DATES = {"vintage": date(2026, 11, 1), "valid_to": date(2026, 11, 1)}


@pytest.mark.parametrize("cause", LAYER_DATES)
def test_data_of_another_time_is_noticed(cause: str) -> None:
    result = run(OUTSIDE, [layer("red_line", GROUND.box(0, 0, 99, 99), **LAYER_DATES[cause])], rule())
    assert result.gaps["cause"].str.contains("数据时点不符").sum() == 1
    note = one(result.layers, role="red_line")["note"]
    assert note.startswith("数据时点不符：数据")
    assert "Text(" not in note
    english = result.gaps["cause_en"].str.cat()
    assert english.startswith("Data of another time: ")
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in english)


def test_data_of_the_day_itself_is_of_its_time() -> None:
    result = run(OUTSIDE, [layer("red_line", GROUND.box(0, 0, 99, 99), **GOOD_DATES)], rule())
    assert result.gaps.empty


def test_old_data_is_not_noticed_merely_because_the_rule_is_younger() -> None:
    old = layer("red_line", GROUND.box(0, 0, 99, 99), vintage=date(2018, 1, 1))
    assert run(OUTSIDE, [old], rule(from_=date(2026, 8, 15))).gaps.empty


def test_a_newer_vintage_of_the_role_is_noticed() -> None:
    old = layer("red_line", GROUND.box(0, 0, 99, 99), vintage=date(2018, 1, 1))
    new = layer("red_line", GROUND.box(0, 0, 99, 98), vintage=date(2024, 1, 1))
    result = run(OUTSIDE, [old, new], rule())
    assert result.gaps["cause"].str.contains("数据时点不符").sum() == 1


def test_zones_of_another_text_are_noticed() -> None:
    """The zones of the regulation of 2017 under a rule of the one of 2026."""
    zones = layer("protected_area", (GROUND.box(0, 0, 1000, 1000), {"zone": "缓冲区", "category": "自然保护区"}))
    law = rule(layer="protected_area", feature={"zone": ("core", "general"), "scheme": ("2026",)})
    result = run(INSIDE, [zones], law)
    assert result.gaps["cause"].str.contains("数据时点不符").any()


# A reserve along a river that once ended at one bridge and now ends at another, further up; between them a project's
# verdict hangs on the vintage of the layer. Bridges, dates and river are invented.
UPPER_BRIDGE_M, LOWER_BRIDGE_M = 1000, 2000
MOVED = date(2019, 1, 1)
ZONES = {"zone": "核心区", "category": "自然保护区"}
BETWEEN = GROUND.box(1400, 20, 1500, 120)
OLD = layer(
    "protected_area",
    (GROUND.box(0, 0, LOWER_BRIDGE_M, 400), ZONES),
    vintage=date(2011, 1, 1),
    valid_to=date(2018, 12, 31),
)
NEW = layer("protected_area", (GROUND.box(0, 0, UPPER_BRIDGE_M, 400), ZONES), vintage=MOVED)
BAN = rule(layer="protected_area", feature={"zone": ("core",)})


@pytest.mark.parametrize(
    ("layers", "as_of", "verdict", "mismatch"),
    [
        ([OLD], date(2018, 12, 31), "prohibited", False),
        ([OLD], date(2019, 1, 1), "prohibited", True),
        ([NEW], date(2018, 12, 31), "clear", True),
        ([NEW], date(2019, 1, 1), "clear", False),
        ([OLD, NEW], date(2018, 12, 31), "prohibited", True),
        ([OLD, NEW], date(2019, 1, 1), "prohibited", True),
    ],
)
def test_a_reserve_whose_border_moved_between_two_bridges(
    layers: list[LayerSource], as_of: date, verdict: str, mismatch: bool
) -> None:
    """The tool does not choose between vintages: it judges by all that is loaded and says what is not of the day."""
    result = run(BETWEEN, layers, BAN, as_of=as_of)
    assert one(result.verdicts)["verdict"] == verdict
    assert result.gaps["cause"].str.contains("数据时点不符").any() == mismatch
    assert result.layers["note"].str.contains("数据时点不符").any() == mismatch

"""Whether a site is in the water: between both banks of one river, in a water polygon, or not to be told."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import pytest
import shapely
from shapely.geometry.base import BaseGeometry
from small_runs import GROUND, Shape, layer, one, rule, run

LEFT = GROUND.line((0, -4000), (60, -1500), (0, 0), (-40, 1500), (0, 4000))
RIGHT = GROUND.line((800, -4000), (830, -900), (790, 700), (800, 4000))
MIDSTREAM = GROUND.box(380, -40, 420, 40)
RULE = rule(layer="bank_line", place="within_m", value=1000)
WATER_NOTE = "涉水"


def bank(shape: BaseGeometry, side: str, **fields: str) -> Shape:
    return shape, {"side": side, **fields}


def found(site: BaseGeometry, banks: Iterable[Shape]) -> pd.DataFrame:
    return run(site, [layer("bank_line", *banks)], RULE).findings


def in_the_water(site: BaseGeometry, banks: Iterable[Shape]) -> bool:
    row = one(found(site, banks))
    return bool(row["distance_m"] == 0 and WATER_NOTE in row["note"])


def cut(line: BaseGeometry) -> list[BaseGeometry]:
    """Return a line in three parts that join."""
    xy = shapely.get_coordinates(line)
    return [shapely.LineString(part) for part in (xy[:50], xy[49:200], xy[199:])]


@pytest.mark.parametrize("turned", ["neither", "left", "right", "both"])
def test_between_both_banks_is_in_the_water_whichever_way_they_were_drawn(turned: str) -> None:
    left = shapely.reverse(LEFT) if turned in ("left", "both") else LEFT
    right = shapely.reverse(RIGHT) if turned in ("right", "both") else RIGHT
    for site in (MIDSTREAM, GROUND.box(380, 2460, 420, 2540), GROUND.box(380, -3540, 420, -3460)):
        assert in_the_water(site, [bank(left, "left"), bank(right, "right")])
        assert in_the_water(site, [bank(right, "right"), bank(left, "left")])


def test_banks_in_several_features_join() -> None:
    banks = [bank(part, "left") for part in cut(LEFT)] + [bank(shapely.reverse(p), "right") for p in cut(RIGHT)[::-1]]
    assert in_the_water(MIDSTREAM, banks)


def test_a_bank_in_two_parts_of_one_feature_joins() -> None:
    assert in_the_water(MIDSTREAM, [bank(shapely.MultiLineString(cut(LEFT)), "left"), bank(RIGHT, "right")])


def test_on_either_land_the_distance_counts_from_the_near_bank() -> None:
    banks = [bank(LEFT, "left"), bank(RIGHT, "right")]
    west, east = one(found(GROUND.box(-240, 0, -200, 10), banks)), one(found(GROUND.box(1100, 0, 1150, 10), banks))
    assert west["distance_m"] == pytest.approx(200, abs=1)
    assert east["distance_m"] == pytest.approx(300, abs=10)
    assert WATER_NOTE not in west["note"] + east["note"]


def test_a_site_over_the_bank_is_at_zero_and_in_the_water_as_far_as_it_reaches() -> None:
    site = GROUND.box(-100, -20, 100, 20)
    result = run(site, [layer("bank_line", bank(LEFT, "left"), bank(RIGHT, "right"))], RULE)
    row = one(result.facts)
    assert (row["relation"], row["distance_m"]) == ("overlaps", 0)
    assert row["overlap_m2"] == pytest.approx(100 * 40, rel=0.02)


def test_a_line_across_the_river_crosses_it() -> None:
    banks = [bank(LEFT, "left"), bank(RIGHT, "right")]
    row = one(run(GROUND.line((-300, 0), (1200, 0)), [layer("bank_line", *banks)], RULE).facts)
    assert row["relation"] == "crosses"
    assert row["length_m"] == pytest.approx(800, rel=0.02)


@pytest.mark.parametrize("side", ["left", "right"])
def test_with_one_side_only_the_distance_is_that_of_the_line_and_no_water_is_claimed(side: str) -> None:
    row = one(found(MIDSTREAM, [bank(LEFT if side == "left" else RIGHT, side)]))
    assert row["distance_m"] == pytest.approx(380, abs=10)
    assert not row["note"].startswith(WATER_NOTE)


@pytest.mark.parametrize("side", ["left", "right"])
def test_with_one_side_only_whether_it_is_in_the_water_is_said_to_be_unknown(side: str) -> None:
    row = one(found(MIDSTREAM, [bank(LEFT if side == "left" else RIGHT, side)]))
    assert WATER_NOTE in row["note"]


def test_with_one_side_only_a_far_place_in_the_water_is_not_firmly_clear() -> None:
    """1,400 m from the one bank that is held: on land beyond the river, or in a wide river? Nobody can tell."""
    result = run(GROUND.box(1400, 0, 1440, 20), [layer("bank_line", bank(LEFT, "left"))], RULE)
    row = one(result.verdicts)
    assert (row["verdict"], row["completeness"], row["certainty"]) != ("clear", "complete", "firm")


def test_sides_that_are_not_told_make_no_water() -> None:
    row = one(found(MIDSTREAM, [(LEFT, {}), (RIGHT, {})]))
    assert row["distance_m"] > 300


def test_the_left_bank_of_one_river_and_the_right_of_another_hold_no_water() -> None:
    rows = found(MIDSTREAM, [bank(LEFT, "left", river="甲江"), bank(RIGHT, "right", river="乙溪")])
    assert (rows["distance_m"] > 300).all()


def test_banks_of_two_definitions_hold_no_water_between_them() -> None:
    rows = found(MIDSTREAM, [bank(LEFT, "left", bank_def="临水线"), bank(RIGHT, "right", bank_def="设计洪水位线")])
    assert (rows["distance_m"] > 300).all()


def test_each_definition_has_its_own_water() -> None:
    """Between the water's edge and the edge of the managed range a site is in the range, not in the water."""
    outer = (GROUND.line((-150, -4000), (-150, 4000)), GROUND.line((950, -4000), (950, 4000)))
    banks = [
        bank(LEFT, "left"),
        bank(RIGHT, "right"),
        bank(outer[0], "left", bank_def="河道管理范围线"),
        bank(outer[1], "right", bank_def="河道管理范围线"),
    ]
    rows = found(GROUND.box(880, -20, 900, 20), banks)
    assert one(rows, bank_def="河道管理范围线")["distance_m"] == 0
    assert one(rows, bank_def="临水线")["distance_m"] == pytest.approx(85, abs=20)


def test_a_bank_with_a_missing_stretch_holds_no_water() -> None:
    first, _, last = cut(LEFT)
    row = one(found(MIDSTREAM, [bank(first, "left"), bank(last, "left"), bank(RIGHT, "right")]))
    assert row["distance_m"] > 300
    assert not row["note"].startswith(WATER_NOTE)


def test_an_island_polygon_of_water_is_water_without_its_hole() -> None:
    water = shapely.difference(GROUND.box(0, -3000, 800, 3000), GROUND.box(300, -400, 500, 400))
    assert in_the_water(GROUND.box(100, -20, 140, 20), [(water, {})])
    island = one(found(GROUND.box(380, -20, 400, 20), [(water, {})]))
    assert island["distance_m"] == pytest.approx(80, abs=0.001)
    assert WATER_NOTE not in island["note"]


def test_a_nearer_river_without_water_does_not_hide_the_river_the_site_is_in() -> None:
    brook = GROUND.line((410, 60), (410, 500))
    rows = found(MIDSTREAM, [bank(LEFT, "left"), bank(RIGHT, "right"), (brook, {"river": "乙溪"})])
    assert one(rows, feature_name="甲江")["distance_m"] == 0
    assert one(rows, feature_name="乙溪")["distance_m"] == pytest.approx(20, abs=0.01)


def test_a_centre_line_puts_its_half_width_in_the_water() -> None:
    centre = (GROUND.line((400, -4000), (400, 4000)), {"bank_def": "河道中心线", "half_width_m": 400.0})
    row = one(found(GROUND.box(600, -20, 640, 20), [centre]))
    assert row["distance_m"] == 0
    assert WATER_NOTE in row["note"]
    assert row["certainty"] == "indicative"


def test_a_layer_of_banks_none_of_which_is_near_leaves_a_site_clear() -> None:
    left = (GROUND.line((60_000, 0), (61_000, 0)), {"side": "left"})
    result = run(GROUND.box(0, 0, 10, 10), [layer("bank_line", left)], rule("T-01", "bank_line", "within_m", 1000.0))
    assert one(result.verdicts)["verdict"] == "clear"

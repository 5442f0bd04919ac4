"""A verdict that depends on the choice of the bank definition is for review; one river is not another."""

from __future__ import annotations

import pytest
from ecoredline.layers.layerset import LayerSource
from small_runs import GROUND, Shape, layer, one, rule, run

BANK = GROUND.line((0, -3000), (0, 3000))


NEAR = rule(layer="bank_line", place="within_m", value=1000)


def at(metres: float, accuracy: float = 1.0) -> Shape:
    return GROUND.box(metres, -20, metres + 40, 20), {"accuracy_m": accuracy}


def definitions(inner: float, outer: float, **more: object) -> LayerSource:
    return layer(
        "bank_line",
        (GROUND.line((inner, -3000), (inner, 3000)), {"bank_def": "临水线"}),
        (GROUND.line((outer, -3000), (outer, 3000)), {"bank_def": "河道管理范围线"}),
        **more,
    )


def test_a_verdict_that_depends_on_the_bank_definition_is_for_review() -> None:
    result = run(at(1030, 0.0), [definitions(0, 100)], NEAR)
    row = one(result.findings)
    assert (row["outcome"], row["verdict"]) == ("fired", "needs_review")
    assert "岸线定义" in row["note"]
    assert sorted(result.facts["distance_m"].round().tolist()) == [930, 1030]


@pytest.mark.parametrize("metres", [930.0, 1130.0])
def test_one_that_does_not_depend_on_it_stands(metres: float) -> None:
    result = run(at(metres, 0.0), [definitions(0, 100)], NEAR)
    expected = ["prohibited", "prohibited"] if metres < 1000 else []
    assert result.findings["verdict"].tolist() == expected


def test_two_definitions_in_two_layers_are_compared_as_well() -> None:
    one_layer = layer("bank_line", (BANK, {"bank_def": "临水线"}))
    other = layer("bank_line", (GROUND.line((100, -3000), (100, 3000)), {"bank_def": "河道管理范围线"}))
    assert one(run(at(1030, 0.0), [one_layer, other], NEAR).findings)["verdict"] == "needs_review"


def test_another_river_further_away_is_no_other_definition() -> None:
    both = layer("bank_line", (BANK, {"river": "甲江"}), (GROUND.line((-3000, 0), (-3000, 9)), {"river": "乙溪"}))
    assert one(run(at(500, 0.0), [both], NEAR).findings)["verdict"] == "prohibited"


def test_unnamed_rivers_of_two_classes_are_not_one_river() -> None:
    """Same definition, no names: the tributary 5 km away says nothing about the mainstem at 500 m."""
    both = layer(
        "bank_line",
        (BANK, {"river": None}),
        (GROUND.line((5500, -50), (5500, 50)), {"river": None, "river_class": "tributary"}),
    )
    assert one(run(at(500, 0.0), [both], NEAR).findings)["verdict"] == "prohibited"


def test_two_reaches_of_one_river_under_one_definition_do_not_differ() -> None:
    """The upper reach counts as a tributary and is far away; the definition is the same."""
    both = layer("bank_line", (BANK, {}), (GROUND.line((5500, -50), (5500, 50)), {"river_class": "tributary"}))
    assert one(run(at(500, 0.0), [both], NEAR).findings)["verdict"] == "prohibited"

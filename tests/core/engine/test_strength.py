"""How strong a finding is: the band on both sides of every threshold, authority, slivers, touching borders."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely
from ecoredline.layers.layerset import LayerSource
from shapely import Polygon
from shapely.geometry.base import BaseGeometry
from small_runs import GROUND, Shape, layer, one, outcome, rule, run

BANK = GROUND.line((0, -3000), (0, 3000))


NEAR = rule(layer="bank_line", place="within_m", value=1000)


AREA = GROUND.box(0, 0, 2000, 2000)


IN = rule()


EPS = 0.01


def banks(**more: object) -> LayerSource:
    return layer("bank_line", BANK, **{"accuracy_m": 4.0, "authority": "derived", **more})


def at(metres: float, accuracy: float = 1.0) -> Shape:
    return GROUND.box(metres, -20, metres + 40, 20), {"accuracy_m": accuracy}


def told(row: pd.Series) -> tuple[str, str, str]:
    return row["outcome"], row["verdict"], row["certainty"]


@pytest.mark.parametrize(
    ("metres", "expected"),
    [
        (995 - EPS, ("fired", "prohibited", "firm")),
        (995 + EPS, ("fired", "prohibited", "borderline")),
        (1000 - EPS, ("fired", "prohibited", "borderline")),
        (1000 + EPS, ("undetermined", "needs_review", "borderline")),
        (1005 - EPS, ("undetermined", "needs_review", "borderline")),
    ],
)
def test_the_band_of_a_distance_is_layer_and_site_together(metres: float, expected: tuple[str, str, str]) -> None:
    row = one(run(at(metres), [banks()], NEAR).findings)
    assert told(row) == expected
    assert row["margin_m"] == pytest.approx(abs(metres - 1000), abs=0.002)
    assert ("临界" in row["note"]) == (row["certainty"] == "borderline")


def test_beyond_the_band_nothing_is_found() -> None:
    result = run(at(1005 + EPS), [banks()], NEAR)
    assert result.findings.empty
    assert outcome(result) == "place_not_touched"
    assert one(result.verdicts)["certainty"] == "firm"


@pytest.mark.parametrize(("metres", "certainty"), [(999 - EPS, "firm"), (999 + EPS, "borderline")])
def test_a_statutory_layer_has_no_band_of_its_own(metres: float, certainty: str) -> None:
    assert one(run(at(metres), [banks(authority="statutory")], NEAR).findings)["certainty"] == certainty


def test_without_any_band_the_limit_is_sharp() -> None:
    inside = one(run(at(1000 - 0.002, 0.0), [banks(authority="statutory")], NEAR).findings)
    assert told(inside) == ("fired", "prohibited", "firm")
    assert run(at(1000 + 0.002, 0.0), [banks(authority="statutory")], NEAR).findings.empty


def area(**more: object) -> LayerSource:
    return layer("red_line", AREA, **{"accuracy_m": 4.0, "authority": "derived", **more})


def deep(metres: float, accuracy: float = 1.0) -> Shape:
    return GROUND.box(-60, 500, metres, 800), {"accuracy_m": accuracy}


@pytest.mark.parametrize(
    ("metres", "expected"),
    [
        (5.2, ("fired", "prohibited", "firm")),
        (4.8, ("fired", "needs_review", "borderline")),
        (0.5, ("fired", "needs_review", "borderline")),
        (-0.5, ("undetermined", "needs_review", "borderline")),
        (-5 + EPS, ("undetermined", "needs_review", "borderline")),
    ],
)
def test_an_overlap_narrower_than_the_band_is_for_review(metres: float, expected: tuple[str, str, str]) -> None:
    row = one(run(deep(metres), [area()], IN).findings)
    assert told(row) == expected
    assert row["margin_m"] == pytest.approx(abs(metres), abs=0.1)
    assert ("边界重合待核" in row["note"]) == (0 < metres < 5)


def test_a_gap_wider_than_the_band_is_clear() -> None:
    result = run(deep(-5 - EPS), [area()], IN)
    assert result.findings.empty
    assert outcome(result) == "place_not_touched"


@pytest.mark.parametrize(("metres", "verdict"), [(1.2, "prohibited"), (0.8, "needs_review")])
def test_of_a_statutory_area_only_the_site_has_a_band(metres: float, verdict: str) -> None:
    assert one(run(deep(metres), [area(authority="statutory")], IN).findings)["verdict"] == verdict


def corner(square_m: float) -> BaseGeometry:
    """Return a site of which a square corner of that many m² lies in the area."""
    side = square_m**0.5
    return GROUND.box(-50, -50, side, side)


@pytest.mark.parametrize(("square_m", "verdict"), [(1.02, "prohibited"), (0.98, "needs_review")])
def test_less_than_a_square_metre_may_be_a_border_drawn_twice(square_m: float, verdict: str) -> None:
    row = one(run(corner(square_m), [layer("red_line", AREA)], IN).findings)
    assert row["overlap_m2"] == pytest.approx(square_m, rel=1e-3)
    assert row["verdict"] == verdict
    assert ("边界重合待核" in row["note"]) == (verdict == "needs_review")
    assert row["certainty"] == ("borderline" if verdict == "needs_review" else "firm")


def test_a_tiny_site_wholly_inside_is_no_sliver() -> None:
    row = one(run(GROUND.box(700, 700, 700.9, 700.9), [area(authority="statutory")], IN).findings)
    assert told(row) == ("fired", "prohibited", "firm")


SQUARE, BESIDE = shapely.box(106.49, 29.49, 106.51, 29.51), shapely.box(106.51, 29.495, 106.515, 29.50)


def test_borders_that_touch_are_a_notice() -> None:
    row = one(run(BESIDE, [layer("red_line", SQUARE)], IN).findings)
    assert told(row) == ("fired", "notice", "firm")
    assert row["note"] == "边界相接"
    assert row["relation"] == "touches"


def test_borders_that_touch_within_the_band_are_for_review() -> None:
    row = one(run((BESIDE, {"accuracy_m": 1.0}), [layer("red_line", SQUARE)], IN).findings)
    assert told(row) == ("undetermined", "needs_review", "borderline")


def test_touching_says_nothing_where_the_site_also_overlaps() -> None:
    site = shapely.box(106.495, 29.50, 106.515, 29.505)
    other = shapely.box(106.515, 29.49, 106.53, 29.51)
    row = one(run(site, [layer("red_line", SQUARE, other)], IN).findings)
    assert (row["verdict"], row["feature_id"]) == ("prohibited", "F0")


def test_a_touch_never_outranks_the_clause() -> None:
    row = one(run((BESIDE, {"accuracy_m": 1.0}), [layer("red_line", SQUARE)], rule(verdict="notice")).findings)
    assert row["verdict"] == "notice"


def test_a_miss_never_outranks_the_clause() -> None:
    weak = rule(layer="bank_line", place="within_m", value=1000, verdict="notice")
    assert one(run(at(1002), [banks()], weak).findings)["verdict"] == "notice"


def test_the_cap_of_a_kind_of_text_holds() -> None:
    row = one(run(deep(50), [area()], rule(verdict="prohibited", cap="restricted")).findings)
    assert row["verdict"] == "restricted"


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        ("prohibited", "needs_review"),
        ("needs_review", "needs_review"),
        ("restricted", "restricted"),
        ("notice", "notice"),
    ],
)
def test_an_indicative_layer_is_good_for_review_at_most(verdict: str, expected: str) -> None:
    row = one(run(deep(50), [area(authority="indicative")], rule(verdict=verdict)).findings)
    assert (row["verdict"], row["certainty"]) == (expected, "indicative")


def test_an_indicative_bank_is_good_for_review_at_most() -> None:
    row = one(run(at(200), [banks(authority="indicative")], NEAR).findings)
    assert (row["verdict"], row["certainty"]) == ("needs_review", "indicative")


def test_a_clear_by_indicative_data_alone_is_indicative() -> None:
    row = one(run(at(5000), [banks(authority="indicative")], NEAR).verdicts)
    assert (row["verdict"], row["certainty"]) == ("clear", "indicative")


def test_a_centre_line_is_indicative_whatever_its_layer_says() -> None:
    centre = layer("bank_line", (BANK, {"bank_def": "河道中心线", "half_width_m": 200.0}))
    near, far = one(run(at(600), [centre], NEAR).findings), one(run(at(4000), [centre], NEAR).verdicts)
    assert (near["verdict"], near["certainty"]) == ("needs_review", "indicative")
    assert near["distance_m"] == pytest.approx(400, abs=0.002)
    assert (far["verdict"], far["certainty"]) == ("clear", "indicative")


def test_a_clear_that_one_river_owes_to_its_centre_line_is_not_firm() -> None:
    """The other river of the layer has its water's edge, and lies far away."""
    mixed = layer(
        "bank_line",
        (GROUND.line((9000, -500), (9000, 500)), {"river": "乙溪"}),
        (BANK, {"bank_def": "河道中心线", "half_width_m": 200.0}),
    )
    assert one(run(at(2000), [mixed], NEAR).verdicts)["certainty"] == "indicative"


@pytest.mark.parametrize(("metres", "verdict"), [(500, "needs_review"), (1500, "needs_review"), (2500, "clear")])
def test_a_centre_line_without_half_width_is_never_firm(metres: float, verdict: str) -> None:
    centre = layer("bank_line", (BANK, {"bank_def": "河道中心线"}))
    row = one(run(at(metres), [centre], NEAR).verdicts)
    assert row["verdict"] == verdict
    assert row["certainty"] != "firm"


STRIP = shapely.affinity.rotate(shapely.box(-80, -1.5, 80, 1.5), 30)


def test_a_narrow_site_deep_inside_stays_firm() -> None:
    """A track three metres wide, 300 m from the border: no error of 5 m takes it out."""
    site = GROUND.degrees(shapely.affinity.translate(STRIP, 500, 1000))
    row = one(run((site, {"accuracy_m": 1.0}), [area()], IN).findings)
    assert told(row) == ("fired", "prohibited", "firm")
    assert row["margin_m"] > 5


def test_the_margin_of_a_narrow_site_is_its_depth_or_its_way_to_the_border() -> None:
    site = GROUND.degrees(shapely.affinity.translate(STRIP, 500, 1000))
    margin = one(run((site, {"accuracy_m": 1.0}), [area()], IN).findings)["margin_m"]
    assert margin == pytest.approx(3, abs=0.1) or margin > 300


def test_a_narrow_site_inside_by_less_than_the_band_is_borderline() -> None:
    row = one(run((GROUND.box(0.5, 900, 3.5, 1100), {"accuracy_m": 1.0}), [area()], IN).findings)
    assert (row["verdict"], row["certainty"]) == ("needs_review", "borderline")


@pytest.mark.parametrize(("reach", "verdict"), [(5.3, "prohibited"), (4.7, "needs_review")])
def test_a_line_goes_in_deeper_than_the_band_or_not(reach: float, verdict: str) -> None:
    row = one(run((GROUND.line((-300, 700), (reach, 700)), {"accuracy_m": 1.0}), [area()], IN).findings)
    assert row["verdict"] == verdict


@pytest.mark.parametrize(("x", "verdict"), [(5.3, "prohibited"), (4.7, "needs_review")])
def test_a_point_lies_deeper_than_the_band_or_not(x: float, verdict: str) -> None:
    row = one(run((GROUND.point(x, 700), {"accuracy_m": 1.0}), [area()], IN).findings)
    assert row["verdict"] == verdict


def test_a_triangle_of_overlap_is_as_deep_as_its_circle() -> None:
    site = GROUND.degrees(Polygon([(-100, 500), (12, 500), (-100, 650)]))
    plain = GROUND.metres(shapely.intersection(site, AREA))
    circle = shapely.maximum_inscribed_circle(plain, tolerance=0.001).length * 2
    assert one(run(site, [area(authority="statutory")], IN).findings)["margin_m"] == pytest.approx(circle, abs=0.1)


def test_outside_a_park_that_lies_far_away_is_as_firm_as_the_layer() -> None:
    park = layer("chemical_park", GROUND.box(90_000, 0, 91_000, 1000))
    law = rule(layer="chemical_park", place="not_within")
    row = one(run(GROUND.box(0, 0, 100, 100), [park], law).findings)
    assert (row["verdict"], row["certainty"]) == ("prohibited", "firm")

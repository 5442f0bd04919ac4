"""Not within, share, multiple, crosses; bare points and points with a footprint."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from ecoredline.layers.layerset import LayerSource
from small_runs import GROUND, Shape, layer, one, outcome, rule, run

BANK = GROUND.line((0, -3000), (0, 3000))


NEAR = rule(layer="bank_line", place="within_m", value=1000)


AREA = GROUND.box(0, 0, 2000, 2000)


IN = rule()


def banks(**more: object) -> LayerSource:
    return layer("bank_line", BANK, **{"accuracy_m": 4.0, "authority": "derived", **more})


def told(row: pd.Series) -> tuple[str, str, str]:
    return row["outcome"], row["verdict"], row["certainty"]


def area(**more: object) -> LayerSource:
    return layer("red_line", AREA, **{"accuracy_m": 4.0, "authority": "derived", **more})


def deep(metres: float, accuracy: float = 1.0) -> Shape:
    return GROUND.box(-60, 500, metres, 800), {"accuracy_m": accuracy}


PARK = rule(layer="compliant_park", place="not_within")


def parks(**more: object) -> LayerSource:
    return layer("compliant_park", AREA, **{"accuracy_m": 4.0, "authority": "derived", **more})


def test_not_within_fires_outside_and_not_inside() -> None:
    assert told(one(run(deep(-500), [parks()], PARK).findings)) == ("fired", "prohibited", "firm")
    assert told(one(run(deep(50), [parks()], PARK).findings)) == ("fired", "prohibited", "firm")
    assert run((GROUND.box(500, 500, 600, 600), {}), [parks()], PARK).findings.empty


def test_not_within_by_less_than_the_band_is_borderline() -> None:
    """The site leaves the park by half a metre; the border is known to 5 m."""
    site = (GROUND.box(-0.5, 500, 100, 600), {"accuracy_m": 1.0})
    assert one(run(site, [parks()], PARK).findings)["certainty"] == "borderline"


def test_within_a_park_by_less_than_the_band_is_for_review() -> None:
    site = (GROUND.box(0.5, 500, 100, 600), {"accuracy_m": 1.0})
    row = one(run(site, [parks()], PARK).findings)
    assert told(row) == ("undetermined", "needs_review", "borderline")


def test_an_indicative_park_is_good_for_review_at_most() -> None:
    row = one(run(deep(-500), [parks(authority="indicative")], PARK).findings)
    assert (row["verdict"], row["certainty"]) == ("needs_review", "indicative")


def test_parks_over_each_other_do_not_add_up_to_the_whole_site() -> None:
    """Both parks hold the same half of the site; the other half lies in none."""
    two = layer("compliant_park", GROUND.box(0, 0, 500, 500), GROUND.box(0, 0, 500, 600))
    result = run(GROUND.box(400, 100, 600, 200), [two], PARK)
    assert outcome(result) == "fired"


def test_parks_side_by_side_hold_a_site_together() -> None:
    two = layer("compliant_park", shapely.box(106.49, 29.4, 106.5, 29.5), shapely.box(106.5, 29.4, 106.51, 29.5))
    assert outcome(run(shapely.box(106.495, 29.45, 106.505, 29.46), [two], PARK)) == "place_not_touched"


def test_a_multipoint_half_outside_is_not_within() -> None:
    points = shapely.MultiPoint([GROUND.point(500, 500), GROUND.point(-500, 500)])
    assert outcome(run(points, [parks()], PARK)) == "fired"


@pytest.mark.parametrize(("share", "expected"), [(0.49, "fired"), (0.51, "place_not_touched")])
def test_a_share_fires_from_its_value_on(share: float, expected: str) -> None:
    result = run(GROUND.box(-100, 500, 100, 600), [area(authority="statutory")], rule(place="share", value=share))
    assert outcome(result) == expected


def test_shares_of_features_over_each_other_do_not_add_up() -> None:
    two = layer("red_line", GROUND.box(0, 0, 500, 500), GROUND.box(0, 0, 500, 600))
    assert outcome(run(GROUND.box(440, 100, 600, 200), [two], rule(place="share", value=0.7))) == "place_not_touched"


def test_shares_in_two_layers_of_the_role_add_up() -> None:
    halves = [layer("red_line", GROUND.box(-500, 0, 0, 500)), layer("red_line", GROUND.box(0, 0, 500, 500))]
    assert outcome(run(GROUND.box(-100, 100, 100, 200), halves, rule(place="share", value=0.9))) == "fired"


MULTIPLE = rule(layer="control_unit", place="multiple", verdict="notice")


@pytest.mark.parametrize(("east", "expected"), [(100, "fired"), (-1, "place_not_touched")])
def test_multiple_asks_for_more_than_one_feature(east: float, expected: str) -> None:
    units = layer("control_unit", GROUND.box(-500, 0, 0, 500), GROUND.box(0, 0, 500, 500))
    assert outcome(run(GROUND.box(-100, 100, east, 200), [units], MULTIPLE)) == expected


def test_multiple_counts_features_of_two_layers() -> None:
    units = [layer("control_unit", GROUND.box(-500, 0, 0, 500)), layer("control_unit", GROUND.box(0, 0, 500, 500))]
    assert outcome(run(GROUND.box(-100, 100, 100, 200), units, MULTIPLE)) == "fired"


def test_crosses_is_for_lines() -> None:
    across = rule(place="crosses")
    assert outcome(run(GROUND.line((-100, 500), (2100, 500)), [area()], across)) == "fired"
    assert outcome(run(GROUND.box(-100, 500, 2100, 510), [area()], across)) == "place_not_touched"
    assert outcome(run(GROUND.line((-100, 500), (-50, 500)), [area()], across)) == "place_not_touched"


@pytest.mark.parametrize("place", ["intersects", "share", "multiple"])
def test_a_bare_point_that_hits_nothing_proves_nothing(place: str) -> None:
    result = run(GROUND.point(-500, 500), [area()], rule(place=place, value=0.5 if place == "share" else None))
    row = one(result.findings)
    assert (row["outcome"], row["verdict"], row["certainty"]) == ("undetermined", "needs_review", "indicative")
    assert "仅按点位初筛" in row["note"]


@pytest.mark.parametrize("attributes", [{"footprint_m": 20.0}, {"area_m2": 900.0}])
def test_a_point_with_its_extent_is_clear(attributes: dict[str, float]) -> None:
    result = run((GROUND.point(-500, 500), attributes), [area()], IN)
    assert result.findings.empty
    assert one(result.verdicts)["verdict"] == "clear"


def test_a_point_that_hits_is_judged_as_it_is() -> None:
    assert one(run(GROUND.point(500, 500), [area()], IN).findings)["verdict"] == "prohibited"


def test_a_footprint_may_reach_what_the_point_does_not() -> None:
    result = run((GROUND.point(-30, 500), {"footprint_m": 50.0}), [area(authority="statutory")], IN)
    row = one(result.findings)
    assert (row["outcome"], row["relation"]) == ("fired", "overlaps")
    # A circle of 50 m whose centre is 30 m outside: r² arccos(d/r) - d √(r² - d²).
    assert row["overlap_m2"] == pytest.approx(2500 * np.arccos(0.6) - 30 * 40, rel=0.01)


def test_a_distance_rule_judges_a_bare_point_as_it_is() -> None:
    assert run(GROUND.point(1500, 0), [banks()], NEAR).findings.empty

"""Whether the control units cover a site: gaps in area, length and points, and what hides or excuses them."""

from __future__ import annotations

import re

import pandas as pd
import pytest
import shapely
from ecoredline.layers.layerset import LayerSource
from ecoredline.processing.engine import Screening
from ecoredline.processing.rules.predicates import Declared
from shapely import LineString, Point, box
from shapely.geometry.base import BaseGeometry
from small_runs import GROUND, Shape, layer, one, rule, run

WEST, EAST = GROUND.box(-2000, 0, 0, 2000), GROUND.box(0, 0, 2000, 2000)


def screened(site: Shape, *units: Shape, layers: tuple[LayerSource, ...] = (), **more: object) -> Screening:
    """Screen under a rule that speaks of the units and concerns no project."""
    never = rule(layer="control_unit", project=Declared("is_mining"))
    return run(site, [layer("control_unit", *units, **more), *layers], never, required=("control_unit",))


def gap(result: Screening) -> pd.Series:
    return one(result.findings, rule_id="COVER")


def told_m2(row: pd.Series) -> float:
    found = re.search(r"([\d.]+) m²", row["note"])
    assert found, row["note"]
    return float(found[1])


def open_(result: Screening) -> bool:
    site = one(result.verdicts)
    told = (site["verdict"], site["completeness"]) == ("undetermined", "insufficient")
    assert told or (site["verdict"], site["completeness"]) == ("clear", "complete")
    assert told == bool((result.findings["rule_id"] == "COVER").any())
    return told


def test_a_site_in_one_unit_or_across_two_is_covered() -> None:
    assert not open_(screened(GROUND.box(-300, 500, -200, 600), WEST, EAST))
    west, east = box(106.49, 29.4, 106.5, 29.5), box(106.5, 29.4, 106.51, 29.5)
    assert not open_(screened(box(106.497, 29.45, 106.503, 29.46), west, east))


def test_a_site_in_no_unit_is_open() -> None:
    row = gap(screened(GROUND.box(5000, 0, 5100, 100), WEST))
    assert (row["outcome"], row["verdict"], row["role"]) == ("undetermined", "undetermined", "control_unit")
    assert told_m2(row) == pytest.approx(10_000, abs=0.1)


def sticking_out(square_m: float) -> BaseGeometry:
    """Return a site of which a square corner of that many m² lies outside the unit in the east."""
    side = square_m**0.5
    return shapely.union(GROUND.box(50, 50, 90, 90), GROUND.box(-side, 60, 60, 60 + side))


@pytest.mark.parametrize(("square_m", "expected"), [(0.9, False), (1.1, True)])
def test_a_gap_counts_above_one_square_metre(square_m: float, expected: bool) -> None:
    assert open_(screened(sticking_out(square_m), EAST)) == expected


@pytest.mark.parametrize(("wide", "expected"), [(4.7, False), (5.3, True)])
def test_a_gap_counts_where_it_is_wider_than_the_band(wide: float, expected: bool) -> None:
    site = GROUND.box(-wide, 100, 60, 400), {"accuracy_m": 1.0}
    assert open_(screened(site, EAST, accuracy_m=4.0, authority="derived")) == expected


def test_a_narrow_slit_between_units_is_no_gap() -> None:
    site = GROUND.box(-80, 100, 80, 400), {"accuracy_m": 1.0}
    slit = screened(site, GROUND.box(-2000, 0, -0.4, 2000), GROUND.box(0.4, 0, 2000, 2000))
    assert not open_(slit)
    wide = screened(site, GROUND.box(-2000, 0, -0.7, 2000), GROUND.box(0.7, 0, 2000, 2000))
    assert told_m2(gap(wide)) == pytest.approx(1.4 * 300, rel=1e-3)


def test_a_hole_of_the_units_is_a_gap() -> None:
    holed = shapely.difference(EAST, GROUND.box(500, 500, 520, 530))
    assert told_m2(gap(screened(GROUND.box(400, 400, 700, 700), holed))) == pytest.approx(600, abs=0.1)


def test_the_neighbour_is_named_where_the_site_leaves_the_district() -> None:
    districts = layer(
        "district",
        (GROUND.box(0, -500, 3000, 3000), {"name": "虚构区", "code": "500101"}),
        (GROUND.box(-3000, -500, 0, 3000), {"name": "邻县", "code": "511302"}),
    )
    row = gap(screened(GROUND.box(-60, 100, 60, 200), EAST, layers=(districts,)))
    assert told_m2(row) == pytest.approx(6000, abs=1)
    assert "邻县" in row["note"]
    elsewhere = gap(screened(GROUND.box(1950, 100, 2050, 200), EAST, layers=(districts,)))
    assert "邻县" not in elsewhere["note"]


HALF = GROUND.box(0, 0, 500, 500)
SITE = GROUND.box(400, 100, 600, 200)


def test_units_over_each_other_hide_no_gap() -> None:
    """Both units hold the same half of the site: together 100 %, yet half of it lies in none."""
    assert told_m2(gap(screened(SITE, HALF, GROUND.box(0, 0, 500, 600)))) == pytest.approx(10_000, abs=1)


def test_a_gap_beside_units_over_each_other_is_told_in_full() -> None:
    units = (HALF, GROUND.box(460, 0, 500, 600))
    assert told_m2(gap(screened(SITE, *units))) == pytest.approx(10_000, abs=1)


def test_two_layers_over_each_other_hide_no_gap() -> None:
    """Two vintages of the units, both ending in the middle of the site."""
    result = screened(SITE, HALF, layers=(layer("control_unit", GROUND.box(0, 0, 500, 600)),))
    assert told_m2(gap(result)) == pytest.approx(10_000, abs=1)


def test_two_layers_side_by_side_cover_a_site() -> None:
    west, east = box(106.49, 29.4, 106.5, 29.5), box(106.5, 29.4, 106.51, 29.5)
    result = screened(box(106.497, 29.45, 106.503, 29.46), west, layers=(layer("control_unit", east),))
    assert not open_(result)


def test_units_over_each_other_that_cover_the_site_are_no_gap() -> None:
    assert not open_(screened(GROUND.box(400, 100, 480, 200), HALF, GROUND.box(450, 0, 900, 600)))


@pytest.mark.parametrize(("reach", "expected"), [(0.8, False), (1.3, True)])
def test_a_line_is_covered_but_for_a_metre(reach: float, expected: bool) -> None:
    assert open_(screened(GROUND.line((-reach, 300), (800, 300)), EAST)) == expected


def test_a_line_across_two_units_is_covered() -> None:
    west, east = box(106.49, 29.4, 106.5, 29.5), box(106.5, 29.4, 106.51, 29.5)
    assert not open_(screened(LineString([(106.493, 29.45), (106.507, 29.46)]), west, east))


def test_a_line_along_the_border_between_two_units_is_covered() -> None:
    west, east = box(106.49, 29.4, 106.5, 29.5), box(106.5, 29.4, 106.51, 29.5)
    assert not open_(screened(LineString([(106.5, 29.44), (106.5, 29.46)]), west, east))


def test_a_line_partly_along_that_border_is_covered() -> None:
    west, east = box(106.49, 29.4, 106.5, 29.5), box(106.5, 29.4, 106.51, 29.5)
    line = LineString([(106.495, 29.44), (106.5, 29.44), (106.5, 29.46), (106.505, 29.46)])
    assert not open_(screened(line, west, east))


def test_a_point_in_a_unit_or_on_a_border_is_covered() -> None:
    west, east = box(106.49, 29.4, 106.5, 29.5), box(106.5, 29.4, 106.51, 29.5)
    assert not open_(screened(Point(106.495, 29.45), west, east))
    assert not open_(screened(Point(106.5, 29.45), west, east))


def test_a_point_in_no_unit_is_open() -> None:
    assert "1 个点" in gap(screened(Point(106.52, 29.45), box(106.49, 29.4, 106.5, 29.5)))["note"]


def test_a_point_of_several_in_no_unit_is_open() -> None:
    points = shapely.MultiPoint([(106.495, 29.45), (106.52, 29.45)])
    assert open_(screened(points, box(106.49, 29.4, 106.5, 29.5)))


def test_a_footprint_out_of_the_units_is_a_gap() -> None:
    site = (GROUND.point(0, 500), {"footprint_m": 30.0})
    assert told_m2(gap(screened(site, EAST))) == pytest.approx(3.14159 * 900 / 2, rel=0.01)


def test_without_units_nothing_is_said_of_gaps_but_that_they_are_not_held() -> None:
    result = run(SITE, [layer("red_line", GROUND.box(9000, 0, 9100, 100))], rule(), required=("control_unit",))
    assert not (result.findings["rule_id"] == "COVER").any()
    assert one(result.verdicts)["verdict"] == "undetermined"
    assert result.gaps["cause"].str.contains("环境管控单元").any()


def test_a_prohibition_goes_before_a_gap() -> None:
    red = layer("red_line", GROUND.box(0, 0, 2000, 2000))
    site = one(
        run(
            GROUND.box(-60, 100, 60, 200), [layer("control_unit", EAST), red], rule(), required=("control_unit",)
        ).verdicts
    )
    assert (site["verdict"], site["completeness"]) == ("prohibited", "insufficient")


def test_the_units_of_a_site_are_listed_with_their_shares() -> None:
    west, east = box(106.49, 29.4, 106.5, 29.5), box(106.5, 29.4, 106.51, 29.5)
    result = screened(box(106.499, 29.45, 106.503, 29.46), (west, {"name": "西"}), (east, {"name": "东"}))
    assert result.units["unit_name"].tolist() == ["西", "东"]
    assert result.units["overlap_share"].tolist() == pytest.approx([0.25, 0.75], rel=1e-6)
    assert result.units["unit_class"].tolist() == ["2", "2"]
    assert one(result.verdicts)["unit_codes"] == "ZH50010120001;ZH50010120002"

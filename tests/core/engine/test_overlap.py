"""Overlaps of hand-made shapes: relation, area, length, share; whole, in parts and cut into pieces."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from ecoredline.layers.geodesy.area import polygon_areas
from shapely import LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from small_runs import area_m2, layer, length_m, one, rule, run

# A square about 1.9 km wide that the meridian 106.5 halves.
SQUARE = box(106.49, 29.49, 106.51, 29.51)
SAME = 1e-9


def facts(site: BaseGeometry, *features: BaseGeometry) -> pd.DataFrame:
    return run(site, [layer("red_line", *features)], rule()).facts


def fact(site: BaseGeometry, feature: BaseGeometry) -> pd.Series:
    return one(facts(site, feature))


def area(shape: BaseGeometry) -> float:
    return float(polygon_areas(np.array([shape], dtype=object))[0])


@pytest.mark.parametrize(
    ("site", "relation"),
    [
        (box(106.495, 29.495, 106.505, 29.505), "inside"),
        (box(106.49, 29.495, 106.505, 29.505), "inside"),  # shares a stretch of the border
        (SQUARE, "inside"),
        (box(106.48, 29.48, 106.52, 29.52), "contains"),
        (box(106.49, 29.49, 106.52, 29.52), "contains"),
        (box(106.505, 29.495, 106.515, 29.505), "overlaps"),
        (box(106.48, 29.499, 106.52, 29.501), "overlaps"),
        (box(106.51, 29.495, 106.52, 29.505), "touches"),
        (box(106.51, 29.51, 106.52, 29.52), "touches"),  # one corner
        (LineString([(106.495, 29.495), (106.505, 29.505)]), "inside"),
        (LineString([(106.48, 29.5), (106.52, 29.5)]), "crosses"),
        (LineString([(106.5, 29.5), (106.52, 29.5)]), "crosses"),
        (LineString([(106.51, 29.5), (106.52, 29.5)]), "touches"),
        (LineString([(106.51, 29.495), (106.51, 29.505)]), "touches"),
        (Point(106.5, 29.5), "inside"),
        (Point(106.51, 29.5), "touches"),
    ],
)
def test_relations(site: BaseGeometry, relation: str) -> None:
    found = fact(site, SQUARE)
    assert found["relation"] == relation
    assert found["distance_m"] == 0
    if relation == "touches":
        assert (found["overlap_m2"], found["overlap_share"], found["length_m"]) == (0, 0, 0)


@pytest.mark.parametrize(
    "site",
    [
        box(106.5100001, 29.495, 106.52, 29.505),
        LineString([(106.5100001, 29.5), (106.52, 29.5)]),
        Point(106.5100001, 29.5),
        MultiPoint([(106.52, 29.5), (106.53, 29.5)]),
    ],
)
def test_a_centimetre_beside_is_no_fact_where_nothing_is_asked_of_distance(site: BaseGeometry) -> None:
    assert facts(site, SQUARE).empty


def test_overlap_area_is_that_of_the_plain_intersection_and_of_another_formula() -> None:
    site = Polygon([(106.505, 29.495), (106.52, 29.499), (106.512, 29.515), (106.499, 29.507)])
    found, plain = fact(site, SQUARE), shapely.intersection(site, SQUARE)
    assert found["overlap_m2"] == pytest.approx(area(plain), rel=SAME)
    assert found["overlap_m2"] == pytest.approx(area_m2(plain), rel=1e-7)
    assert found["overlap_share"] == pytest.approx(area(plain) / area(site), rel=SAME)
    assert found["length_m"] == 0


def test_the_share_of_a_half_is_a_half_and_of_a_containing_site_the_feature_over_the_site() -> None:
    assert fact(box(106.5, 29.495, 106.52, 29.505), SQUARE)["overlap_share"] == pytest.approx(0.5, abs=1e-9)
    around = box(106.48, 29.48, 106.52, 29.52)
    found = fact(around, SQUARE)
    assert found["overlap_m2"] == pytest.approx(area(SQUARE), rel=SAME)
    assert found["overlap_share"] == pytest.approx(area(SQUARE) / area(around), rel=SAME)


HOLED = Polygon(SQUARE.exterior, [box(106.497, 29.497, 106.503, 29.503).exterior])


def test_a_hole_is_outside() -> None:
    assert facts(box(106.498, 29.498, 106.502, 29.502), HOLED).empty
    assert facts(Point(106.5, 29.5), HOLED).empty
    assert facts(LineString([(106.498, 29.5), (106.502, 29.5)]), HOLED).empty


def test_what_fills_a_hole_touches_it() -> None:
    found = fact(box(106.497, 29.497, 106.503, 29.503), HOLED)
    assert (found["relation"], found["overlap_m2"]) == ("touches", 0)


def test_a_site_over_a_hole_overlaps_without_it() -> None:
    site = box(106.495, 29.495, 106.505, 29.505)
    found = fact(site, HOLED)
    assert found["relation"] == "overlaps"
    assert found["overlap_m2"] == pytest.approx(area(shapely.difference(site, box(106.497, 29.497, 106.503, 29.503))))
    assert found["overlap_share"] < 1


def test_a_line_over_a_hole_counts_what_lies_in_the_feature() -> None:
    found = fact(LineString([(106.495, 29.5), (106.505, 29.5)]), HOLED)
    inside = length_m(LineString([(106.495, 29.5), (106.497, 29.5)])) * 2
    assert found["relation"] == "crosses"
    assert found["length_m"] == pytest.approx(inside, rel=1e-8)


def test_a_feature_in_the_hole_of_a_site_is_not_met() -> None:
    ring = Polygon(box(106.48, 29.48, 106.52, 29.52).exterior, [box(106.485, 29.485, 106.515, 29.515).exterior])
    assert facts(ring, SQUARE).empty


IN, IN_TOO, OUT = (box(x, 29.495, x + 0.004, 29.499) for x in (106.492, 106.502, 106.52))


def test_one_part_in_and_one_out_overlaps_by_the_part_that_is_in() -> None:
    found = fact(MultiPolygon([OUT, IN]), SQUARE)
    assert found["relation"] == "overlaps"
    assert found["overlap_m2"] == pytest.approx(area(IN), rel=SAME)
    assert found["overlap_share"] == pytest.approx(0.5, rel=1e-6)


def test_all_parts_in_is_inside() -> None:
    found = fact(MultiPolygon([IN, IN_TOO]), SQUARE)
    assert (found["relation"], found["overlap_share"]) == ("inside", 1)


def test_parts_in_different_features_are_inside_none() -> None:
    found = facts(MultiPolygon([IN, OUT]), SQUARE, box(106.515, 29.49, 106.53, 29.51))
    assert found["relation"].tolist() == ["overlaps", "overlaps"]
    assert found["overlap_share"].sum() == pytest.approx(1, rel=SAME)


def test_parts_in_two_parts_of_one_feature_are_inside_it() -> None:
    found = fact(MultiPolygon([IN, OUT]), MultiPolygon([SQUARE, box(106.515, 29.49, 106.53, 29.51)]))
    assert (found["relation"], found["overlap_share"]) == ("inside", 1)


def test_one_part_touching_and_one_inside_overlaps() -> None:
    found = fact(MultiPolygon([box(106.51, 29.495, 106.514, 29.499), IN]), SQUARE)
    assert found["relation"] == "overlaps"
    assert found["overlap_m2"] == pytest.approx(area(IN), rel=SAME)


def test_lines_in_parts() -> None:
    inner, outer = LineString([(106.495, 29.5), (106.499, 29.5)]), LineString([(106.53, 29.5), (106.54, 29.5)])
    found = fact(MultiLineString([inner, outer]), SQUARE)
    assert found["relation"] == "crosses"
    assert found["length_m"] == pytest.approx(length_m(inner), rel=1e-8)
    assert found["overlap_share"] == pytest.approx(length_m(inner) / (length_m(inner) + length_m(outer)), rel=1e-8)


def test_points_in_parts_count_their_share() -> None:
    found = fact(MultiPoint([(106.5, 29.5), (106.53, 29.5)]), SQUARE)
    assert found["relation"] == "overlaps"
    assert found["overlap_share"] < 1


def wavy(n: int = 3000) -> Polygon:
    """Return a round feature with many corners, which the engine cuts into many pieces."""
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    radius = 0.02 * (1 + 0.05 * np.sin(40 * angle))
    return Polygon(np.column_stack([106.5 + radius * np.cos(angle), 29.5 + radius * np.sin(angle)]))


def test_a_site_over_many_pieces_of_one_feature_is_one_fact() -> None:
    site = Polygon([(106.47, 29.493), (106.531, 29.497), (106.529, 29.506), (106.472, 29.503)])
    found, plain = fact(site, wavy()), shapely.intersection(site, wavy())
    assert found["relation"] == "overlaps"
    assert found["overlap_m2"] == pytest.approx(area(plain), rel=SAME)


def test_inside_across_pieces_is_inside_with_its_own_area() -> None:
    site = box(106.49, 29.49, 106.512, 29.508)
    found = fact(site, wavy())
    assert (found["relation"], found["overlap_share"]) == ("inside", 1)
    assert found["overlap_m2"] == area(site)


def test_a_site_round_all_pieces_contains_the_feature() -> None:
    found = fact(box(106.47, 29.47, 106.53, 29.53), wavy())
    assert found["relation"] == "contains"
    assert found["overlap_m2"] == pytest.approx(area(wavy()), rel=SAME)


def test_a_line_through_pieces_has_the_length_of_the_plain_intersection() -> None:
    line = LineString([(106.47, 29.488), (106.53, 29.513)])
    found = fact(line, wavy())
    assert found["relation"] == "crosses"
    assert found["length_m"] == pytest.approx(length_m(shapely.intersection(line, wavy())), rel=1e-8)


def test_a_point_on_a_line_along_which_the_feature_was_cut_is_inside() -> None:
    for x in np.linspace(106.485, 106.515, 7):
        assert fact(Point(x, 29.5), wavy())["relation"] == "inside"
    assert fact(LineString([(106.5, 29.49), (106.5, 29.51)]), wavy())["relation"] == "inside"


def test_a_line_along_the_border_counts_only_where_it_enters() -> None:
    entering = LineString([(106.51, 29.495), (106.51, 29.5), (106.505, 29.5)])
    found = fact(entering, SQUARE)
    assert found["length_m"] == pytest.approx(length_m(LineString([(106.51, 29.5), (106.505, 29.5)])), rel=1e-8)


def test_a_line_along_the_common_border_of_two_features_is_in_neither() -> None:
    found = facts(LineString([(106.51, 29.495), (106.51, 29.505)]), SQUARE, box(106.51, 29.49, 106.53, 29.51))
    assert found["relation"].tolist() == ["touches", "touches"]
    assert found["length_m"].sum() == 0


def test_features_side_by_side_share_a_site_without_rest() -> None:
    site = box(106.5, 29.495, 106.52, 29.505)
    found = facts(site, SQUARE, box(106.51, 29.49, 106.53, 29.51))
    assert found["overlap_m2"].sum() == pytest.approx(area(site), rel=SAME)


def test_what_two_features_both_cover_is_told_for_each_and_counted_once_for_the_role() -> None:
    site, twin = box(106.5, 29.495, 106.52, 29.505), box(106.495, 29.49, 106.515, 29.51)
    result = run(site, [layer("red_line", SQUARE, twin)], rule())
    assert result.facts["overlap_m2"].tolist() == pytest.approx(
        [area(shapely.intersection(site, f)) for f in (SQUARE, twin)], rel=SAME
    )
    role = one(result.roles, role="red_line")
    assert role["overlap_m2"] == pytest.approx(area(shapely.intersection(site, twin)), rel=SAME)
    assert role["overlap_share"] == pytest.approx(0.75, rel=1e-6)


def test_two_layers_of_a_role_make_one_row_for_the_role() -> None:
    site, twin = box(106.5, 29.495, 106.52, 29.505), box(106.495, 29.49, 106.515, 29.51)
    result = run(site, [layer("red_line", SQUARE), layer("red_line", twin, vintage=None, where="")], rule())
    role = one(result.roles, role="red_line")
    assert role["overlap_m2"] == pytest.approx(area(shapely.intersection(site, twin)), rel=SAME)


def test_units_drawn_over_each_other_are_counted_once() -> None:
    site, twin = box(106.5, 29.495, 106.52, 29.505), box(106.495, 29.49, 106.515, 29.51)
    result = run(site, [layer("control_unit", SQUARE, twin)])
    role = one(result.roles, role="control_unit")
    assert role["overlap_m2"] == pytest.approx(area(shapely.intersection(site, twin)), rel=SAME)


def test_the_overlap_itself_can_be_asked_for() -> None:
    site = box(106.5, 29.495, 106.52, 29.505)
    result = run(site, [layer("red_line", SQUARE)], rule())
    shape = result.overlap("S0", "red_line", "F0")
    assert shapely.equals(shape, shapely.intersection(site, SQUARE))
    assert result.overlap("S0", "red_line", "elsewhere").is_empty


def test_an_invalid_bow_tie_of_a_feature_counts_both_wings() -> None:
    bow = Polygon([(106.49, 29.49), (106.51, 29.51), (106.51, 29.49), (106.49, 29.51)])
    found = fact(box(106.48, 29.48, 106.52, 29.52), bow)
    assert found["overlap_m2"] == pytest.approx(area(SQUARE) / 2, rel=1e-3)

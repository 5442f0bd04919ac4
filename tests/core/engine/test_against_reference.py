"""The fast path held against the slow and obvious one, on nasty pairs and on random ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import reference
import shapely
import shapes
from comparing import SAME_DISTANCE_M, fast_facts, inequalities, prepared
from ecoredline.layers.geodesy.length import line_lengths
from ecoredline.layers.geodesy.nearest import nearest_pairs
from shapely import LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

X, Y = 106.0, 29.5
GRID = 2.0**-10
EPS = 1e-9


def at(x: float, y: float) -> tuple[float, float]:
    """Return a place on the grid of exact binary degrees, about 100 m wide."""
    return X + x * GRID, Y + y * GRID


def rectangle(west: float, south: float, east: float, north: float) -> Polygon:
    return box(*at(west, south), *at(east, north))


def ring(*corners: tuple[float, float]) -> list[tuple[float, float]]:
    return [at(*corner) for corner in corners]


def comb(teeth: int) -> Polygon:
    """Return a polygon of 4 teeth + 2 corners, 8 wide, all on the grid or exact fractions of it."""
    xs = np.repeat(np.linspace(0, 8, 2 * teeth + 1), 2)[1:-1]
    ys = np.tile([8.0, 8.0, 4.0, 4.0], teeth)[: len(xs)]
    return Polygon(ring(*zip(xs, ys, strict=True), (8, 0), (0, 0)))


SQUARE = rectangle(0, 0, 8, 8)
COMB = comb(64)
HOLED = Polygon(ring((0, 0), (8, 0), (8, 8), (0, 8)), [ring((2, 2), (6, 2), (6, 6), (2, 6))])
ISLAND = MultiPolygon([HOLED, rectangle(3, 3, 5, 5)])
TWO = MultiPolygon([rectangle(0, 0, 2, 8), rectangle(6, 0, 8, 8)])
BOW = MultiPolygon([rectangle(0, 0, 4, 4), rectangle(4, 4, 8, 8)])
PINCHED = Polygon(ring((0, 0), (8, 0), (8, 8), (0, 8), (0, 4)), [ring((0, 4), (4, 2), (4, 6))])
CUT_X = (SQUARE.bounds[0] + SQUARE.bounds[2]) / 2

# name: site, feature, relation; None where they are apart.
NASTY: dict[str, tuple[BaseGeometry, BaseGeometry, str | None]] = {
    "equal": (SQUARE, rectangle(0, 0, 8, 8), "inside"),
    "equal, cut in pieces": (comb(64), COMB, "inside"),
    "equal, other start and direction": (Polygon(ring((8, 0), (0, 0), (0, 8), (8, 8))), SQUARE, "inside"),
    "equal, with more corners": (Polygon(ring((0, 0), (4, 0), (8, 0), (8, 8), (0, 8))), SQUARE, "inside"),
    "equal, both with a hole": (shapely.reverse(HOLED), HOLED, "inside"),
    "nested, apart from the border": (rectangle(1, 1, 2, 2), SQUARE, "inside"),
    "nested, sharing an edge": (rectangle(0, 1, 2, 2), SQUARE, "inside"),
    "nested, at a corner": (rectangle(0, 0, 2, 2), SQUARE, "inside"),
    "nested, touching at one point": (Polygon(ring((0, 4), (2, 3), (2, 5))), SQUARE, "inside"),
    "holds, apart": (rectangle(-1, -1, 9, 9), SQUARE, "contains"),
    "holds, sharing an edge": (rectangle(0, 0, 9, 8), SQUARE, "contains"),
    "holds a feature cut in pieces": (rectangle(-1, -1, 9, 9), COMB, "contains"),
    "holds the cut feature and shares edges": (SQUARE, COMB, "contains"),
    "touches along an edge": (rectangle(8, 0, 9, 8), SQUARE, "touches"),
    "touches along part of an edge": (rectangle(8, 3, 9, 9), SQUARE, "touches"),
    "touches at a corner": (rectangle(8, 8, 9, 9), SQUARE, "touches"),
    "touches an edge with a corner": (Polygon(ring((8, 4), (9, 3), (9, 5))), SQUARE, "touches"),
    "touches a slanted edge with a corner": (
        Polygon(ring((4, 4), (8, 4), (8, 8))), Polygon(ring((0, 0), (8, 8), (0, 8))), "touches",
    ),
    "touches the cut feature between the teeth": (rectangle(0.0625, 5, 0.125, 8), COMB, "touches"),
    "gap of 1e-9 degrees": (box(at(8, 0)[0] + EPS, Y, *at(9, 8)), SQUARE, None),
    "overlap of 1e-9 degrees": (box(at(8, 0)[0] - EPS, Y, *at(9, 8)), SQUARE, "overlaps"),
    "short of the border by 1e-9 degrees": (box(X, Y, at(8, 8)[0] - EPS, at(8, 8)[1]), SQUARE, "inside"),
    "past the border by 1e-9 degrees": (box(X, Y, at(8, 8)[0] + EPS, at(8, 8)[1]), SQUARE, "contains"),
    "past one border, short of another": (box(X + EPS, Y, at(8, 8)[0] + EPS, at(8, 8)[1]), SQUARE, "overlaps"),
    "gap of one bit": (box(np.nextafter(at(8, 0)[0], 180), Y, *at(9, 8)), SQUARE, None),
    "overlap of one bit": (box(np.nextafter(at(8, 0)[0], 0), Y, *at(9, 8)), SQUARE, "overlaps"),
    "sliver across": (Polygon([at(-1, 4), at(9, 4), (at(9, 4)[0], at(9, 4)[1] + EPS)]), SQUARE, "overlaps"),
    "sliver along the border, outside": (box(at(8, 0)[0], Y, at(8, 0)[0] + EPS, at(8, 8)[1]), SQUARE, "touches"),
    "sliver along the border, inside": (box(at(8, 0)[0] - EPS, Y, *at(8, 8)), SQUARE, "inside"),
    "in the hole": (rectangle(3, 3, 5, 5), HOLED, None),
    "fills the hole": (rectangle(2, 2, 6, 6), HOLED, "touches"),
    "in the hole, touching it": (rectangle(2, 3, 5, 5), HOLED, "touches"),
    "over the hole": (rectangle(1, 1, 7, 7), HOLED, "overlaps"),
    "site with a hole round the feature": (HOLED, rectangle(3, 3, 5, 5), None),
    "site with a hole filled by the feature": (HOLED, rectangle(2, 2, 6, 6), "touches"),
    "hole and feature crossing": (HOLED, rectangle(1, 3, 5, 5), "overlaps"),
    "on the island in the hole": (rectangle(3, 3, 4, 4), ISLAND, "inside"),
    "between hole and island": (rectangle(2.25, 2.25, 2.5, 2.5), ISLAND, None),
    "island and rim": (rectangle(1, 3, 4, 4), ISLAND, "overlaps"),
    "site of ring and island": (ISLAND, SQUARE, "inside"),
    "one part in, one out": (MultiPolygon([rectangle(1, 1, 2, 2), rectangle(20, 0, 21, 1)]), SQUARE, "overlaps"),
    "one part out, one in": (MultiPolygon([rectangle(20, 0, 21, 1), rectangle(1, 1, 2, 2)]), SQUARE, "overlaps"),
    "parts in both parts": (MultiPolygon([rectangle(1, 1, 2, 2), rectangle(6, 0, 7, 1)]), TWO, "inside"),
    "one part holds, one is far": (
        MultiPolygon([rectangle(-1, -1, 9, 9), rectangle(20, 0, 21, 1)]), SQUARE, "contains",
    ),
    "parts on both sides of the feature": (
        MultiPolygon([rectangle(-2, 0, 0, 8), rectangle(8, 0, 9, 8)]), SQUARE, "touches",
    ),
    "between the parts": (rectangle(3, 0, 5, 8), TWO, None),
    "fills the space between the parts": (rectangle(2, 0, 6, 8), TWO, "touches"),
    "across both parts": (rectangle(1, 1, 7, 2), TWO, "overlaps"),
    "on the waist of two touching squares": (rectangle(3, 3, 5, 5), BOW, "overlaps"),
    "beside the waist": (rectangle(4, 0, 8, 4), BOW, "touches"),
    "in the bay of a ring that touches itself": (Polygon(ring((0, 4), (4, 2), (4, 6))), PINCHED, "touches"),
    "in a ring that touches itself": (rectangle(1, 0, 2, 1), PINCHED, "inside"),
    "site that touches itself": (BOW, SQUARE, "inside"),
    "site that touches itself, beside": (BOW, rectangle(-2, 0, 0, 8), "touches"),
    "edge on the line of a cut": (box(CUT_X, at(0, 1)[1], at(6, 0)[0], at(0, 3)[1]), COMB, "inside"),
    "astride a cut": (rectangle(3, 1, 5, 3), COMB, "inside"),
    "over many pieces": (rectangle(0.5, 1, 7.5, 7), COMB, "overlaps"),
    "point inside": (Point(at(1, 1)), SQUARE, "inside"),
    "point outside": (Point(at(9, 1)), SQUARE, None),
    "point on an edge": (Point(at(8, 1)), SQUARE, "touches"),
    "point on a slanted edge": (Point(at(3, 3)), Polygon(ring((0, 0), (8, 8), (0, 8))), "touches"),
    "point on a corner": (Point(at(8, 8)), SQUARE, "touches"),
    "point 1e-9 degrees outside": (Point(at(8, 1)[0] + EPS, at(8, 1)[1]), SQUARE, None),
    "point 1e-9 degrees inside": (Point(at(8, 1)[0] - EPS, at(8, 1)[1]), SQUARE, "inside"),
    "point on the line of a cut": (Point(CUT_X, at(0, 2)[1]), COMB, "inside"),
    "point where cuts meet the border": (Point(CUT_X, Y), COMB, "touches"),
    "point at the rim of a hole": (Point(at(2, 3)), HOLED, "touches"),
    "point in a hole": (Point(at(4, 4)), HOLED, None),
    "point at the waist": (Point(at(4, 4)), BOW, "touches"),
    "points in and out": (MultiPoint([at(1, 1), at(9, 9)]), SQUARE, "overlaps"),
    "points out and in": (MultiPoint([at(9, 9), at(1, 1)]), SQUARE, "overlaps"),
    "points inside": (MultiPoint([at(1, 1), at(2, 2)]), SQUARE, "inside"),
    "points inside and on the border": (MultiPoint([at(1, 1), at(8, 2)]), SQUARE, "inside"),
    "points on the border and out": (MultiPoint([at(8, 2), at(9, 9)]), SQUARE, "touches"),
    "line inside": (LineString(ring((1, 1), (7, 7))), SQUARE, "inside"),
    "line across": (LineString(ring((-1, 4), (9, 5))), SQUARE, "crosses"),
    "line ending inside": (LineString(ring((-1, 4), (4, 5))), SQUARE, "crosses"),
    "line along the border": (LineString(ring((8, 1), (8, 7))), SQUARE, "touches"),
    "line along the border and on": (LineString(ring((8, 1), (8, 12))), SQUARE, "touches"),
    "line along the border, then in": (LineString(ring((8, 1), (8, 4), (4, 4), (-2, 4))), SQUARE, "crosses"),
    "line along the border, then in, to the end": (LineString(ring((8, 1), (8, 4), (4, 4))), SQUARE, "inside"),
    "line along the border, then out": (LineString(ring((8, 1), (8, 4), (12, 4))), SQUARE, "touches"),
    "line touching at its end": (LineString(ring((8, 4), (12, 4))), SQUARE, "touches"),
    "line touching a corner in passing": (LineString(ring((7, 9), (9, 7))), SQUARE, "touches"),
    "line from border to border": (LineString(ring((0, 4), (8, 4))), SQUARE, "inside"),
    "line on the line of a cut": (LineString([(CUT_X, at(0, 1)[1]), (CUT_X, at(0, 3)[1])]), COMB, "inside"),
    "line on the line of a cut and out": (LineString([(CUT_X, at(0, -2)[1]), (CUT_X, at(0, 3)[1])]), COMB, "crosses"),
    "line over all teeth": (LineString(ring((-1, 6), (9, 6))), COMB, "crosses"),
    "line along all teeth": (LineString(ring((-1, 8), (9, 8))), COMB, "touches"),
    "line along the foot of the teeth": (LineString(ring((0, 4), (8, 4))), COMB, "inside"),
    "line crossing itself": (LineString(ring((1, 1), (5, 5), (5, 1), (1, 5))), SQUARE, "inside"),
    "line 1e-9 degrees outside the border": (
        LineString([(at(8, 1)[0] + EPS, at(8, 1)[1]), (at(8, 7)[0] + EPS, at(8, 7)[1])]), SQUARE, None,
    ),
    "lines in and out": (MultiLineString([ring((1, 1), (2, 2)), ring((9, 9), (10, 10))]), SQUARE, "crosses"),
    "lines in both parts": (MultiLineString([ring((1, 1), (1, 2)), ring((7, 1), (7, 2))]), TWO, "inside"),
    "line through a hole": (LineString(ring((1, 4), (7, 4))), HOLED, "crosses"),
    "line round the rim of a hole": (LineString(ring((2, 2), (6, 2), (6, 6))), HOLED, "touches"),
    "closed line round the border": (LineString(ring((0, 0), (8, 0), (8, 8), (0, 8), (0, 0))), SQUARE, "touches"),
}  # fmt: skip


@pytest.mark.parametrize("name", NASTY)
def test_nasty_pair(name: str) -> None:
    site, feature, relation = NASTY[name]
    assert reference.relation(site, feature) == relation, "the example does not say what its name does"
    assert inequalities([site], [feature]) == []


def test_nasty_pairs_all_at_once() -> None:
    """In one layer every feature is beside others that overlap it, and sites come in arrays."""
    sites = [site for site, _, _ in NASTY.values()]
    features = [feature for _, feature, _ in NASTY.values()]
    assert inequalities(sites, features) == []


@pytest.mark.parametrize("name", NASTY)
def test_nasty_pair_within_reach(name: str) -> None:
    site, feature, _ = NASTY[name]
    assert inequalities([site], [feature], reach_m=100.0) == []


@pytest.mark.parametrize("seed", range(12))
def test_random_overlaps(seed: int) -> None:
    rng = np.random.default_rng([11, seed])
    on_grid = seed % 2 == 1
    features = shapes.polygons(rng, 25, 0.02, 0.05, on_grid)
    assert inequalities(shapes.sites(rng, 50, 0.01, 0.05, on_grid), features) == []


@pytest.mark.parametrize("seed", range(4))
def test_random_polygons_within_reach(seed: int) -> None:
    rng = np.random.default_rng([12, seed])
    features = shapes.polygons(rng, 15, 0.01, 0.05, on_grid=False)
    assert inequalities(shapes.sites(rng, 20, 0.01, 0.05, on_grid=False), features, reach_m=150.0) == []


@pytest.mark.parametrize("reach_m", [100.0, 3_000.0, 10_000.0])
@pytest.mark.parametrize("seed", range(2))
def test_random_banks(seed: int, reach_m: float) -> None:
    rng = np.random.default_rng([13, seed])
    banks = shapes.banks(rng, 6, 0.1)
    assert inequalities(shapes.sites(rng, 15, 0.01, 0.1, on_grid=False), banks, reach_m, [0, 0, 0, 1, 1, 2]) == []


WINDING = LineString(ring((0, 0), (3, 1), (6, -1), (9, 0), (12, 2)))
BANK_SITES: dict[str, BaseGeometry] = {
    "astride the bank": rectangle(2, -2, 4, 2),
    "around the whole bank": rectangle(-2, -4, 14, 4),
    "with a hole around the bank": Polygon(
        ring((-4, -6), (16, -6), (16, 6), (-4, 6)), [ring((-2, -4), (14, -4), (14, 4), (-2, 4))]
    ),
    "line across the bank": LineString(ring((1, -3), (1, 3))),
    "line along the bank": LineString(ring((0, 0), (3, 1))),
    "sharing a vertex": rectangle(9, 0, 10, 0.25),
    "point on a vertex": Point(at(3, 1)),
    "ends on a vertex": LineString(ring((3, 1), (3, 5))),
    "one bit off a vertex": Point(np.nextafter(at(12, 2)[0], 180), at(12, 2)[1]),
    "1e-9 degrees off the end": Point(at(12, 2)[0] + EPS, at(12, 2)[1]),
    "beyond the end": rectangle(14, 1, 15, 2),
    "parts on both banks": MultiPolygon([rectangle(2, 3, 3, 4), rectangle(8, -4, 9, -2)]),
    "points, one on the bank": MultiPoint([at(20, 20), at(6, -1)]),
}


@pytest.mark.parametrize("name", BANK_SITES)
@pytest.mark.parametrize("reach_m", [50.0, 5_000.0])
def test_nasty_bank(name: str, reach_m: float) -> None:
    assert inequalities([BANK_SITES[name]], [WINDING, WINDING], reach_m, [0, 1]) == []


def test_feature_as_near_as_another_is_a_right_answer() -> None:
    """Two banks that join end to end are equally near to a site opposite the joint."""
    banks = [LineString(ring((0, 0), (4, 0))), LineString(ring((4, 0), (8, 0)))]
    assert inequalities([Point(at(4, 3))], banks, 5_000.0, [0, 0]) == []


# Differences that random screening found.
def side_by_side() -> list[str]:
    """On the ground two meridian edges are nearest at their northern ends."""
    return inequalities([box(106.02, 29.58, 106.03, 29.60)], [LineString([(106.0, 29.5), (106.0, 29.7)])], 5_000.0, [0])


def on_an_edge() -> list[str]:
    """A point on an edge lies on it, though the edge is not straight in a Mercator plane."""
    return inequalities([Point(at(0.25, 0.25))], [LineString(ring((0, 0), (0.5, 0.5)))], 5_000.0, [0])


def mixed_layer() -> list[str]:
    """A polygon bank in the layer does not change what a site is to a line bank."""
    banks = [LineString(ring((-9, 4), (9, 4))), rectangle(300, 0, 310, 8)]
    return inequalities([SQUARE], banks, 5_000.0, [0, 1])


def over_itself() -> list[str]:
    """A line that turns back on itself lies inside all the same."""
    return inequalities([LineString(ring((2, 0), (2, 6), (2, 2)))], [SQUARE])


def touches_itself() -> list[str]:
    """A hole touches the middle of an edge: GEOS 3.14 relates such a polygon wrongly without a corner there."""
    bare = Polygon(ring((0, 0), (8, 0), (8, 8), (0, 8)), [ring((0, 4), (4, 2), (4, 6))])
    return inequalities([bare], [SQUARE, rectangle(-2, 0, 0, 8)])


def along_a_slanting_edge() -> list[str]:
    """A line along an edge whose corner is rounded off that line runs along the border, not within."""
    line = LineString([(106.04296875, 29.541015625), (106.041015625, 29.548828125), (106.0380859375, 29.54296875)])
    corner = (106.03841145833333, 29.543619791666668)
    return inequalities([line], [Polygon([(106.0390625, 29.544921875), (106.0390625, 29.5439453125), corner])])


def corner_a_hair_off_an_edge() -> list[str]:
    """A corner put on a slanting edge, which rounding keeps off it: near by nothing, or touching."""
    low, high = Point(106.0048828125, 29.5244140625), Point(106.01171875, 29.5283203125)
    third = Point(low.x + (high.x - low.x) / 3, low.y + (high.y - low.y) / 3)
    wedge = Polygon([(third.x, third.y), (third.x, third.y + 0.003), (third.x - 0.002, third.y + 0.003)])
    line = LineString([low, high])
    assert 0 < shapely.distance(line, wedge) <= reference.HAIR_DEG
    return inequalities([line], [wedge], 150.0)


@pytest.mark.parametrize(
    "case",
    [
        corner_a_hair_off_an_edge,
        side_by_side,
        on_an_edge,
        mixed_layer,
        over_itself,
        touches_itself,
        along_a_slanting_edge,
    ],
)
def test_found_by_fuzzing(case: Callable[[], list[str]]) -> None:
    assert case() == []


def test_reference_distance_agrees_with_the_search_of_geodesy() -> None:
    """Two implementations that share no line: this one and `layers.geodesy.nearest`."""
    rng = np.random.default_rng(14)
    a = np.array(shapes.sites(rng, 60, 0.01, 0.08, on_grid=False), dtype=object)
    b = np.array(shapes.polygons(rng, 30, 0.02, 0.08, on_grid=False) + shapes.banks(rng, 30, 0.08), dtype=object)
    slow = np.array([reference.distance(*pair) for pair in zip(a, b, strict=True)])
    assert np.abs(nearest_pairs(a, b).distance_m - slow).max() < SAME_DISTANCE_M
    assert (slow > 0).sum() > 30


def test_comparison_notices_differences() -> None:
    """The comparison itself can fail: a feature moved by a hand is told, fact by fact."""
    site, moved = rectangle(6, 6, 10, 10), shapely.transform(SQUARE, lambda xy: xy + 1e-7)
    ours = fast_facts([site], prepared([moved]), 0.0)
    theirs = reference.facts([site], [SQUARE])
    assert ours[0].relation == theirs[0].relation == "overlaps"
    assert abs(ours[0].area_m2 - theirs[0].area_m2) > 1e-6 * theirs[0].area_m2


@pytest.mark.parametrize(("off_deg", "in_doubt"), [(0.0, True), (1e-14, True), (1e-9, False)])
def test_only_what_runs_along_a_border_is_in_doubt(off_deg: float, in_doubt: bool) -> None:
    west, south, _, north = SQUARE.bounds
    third = (north - south) / 3
    line = shapely.LineString([(west + off_deg, south + third), (west + off_deg, north - third), (west - 0.1, north)])
    along = float(line_lengths(np.array([shapely.LineString(line.coords[:2])]))[0])
    assert reference.along_by_a_hair(line, SQUARE) == pytest.approx(along if in_doubt else 0.0, abs=1e-3)

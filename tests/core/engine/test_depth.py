"""Depth of overlaps: twice the radius of the largest disc; of points and lines their distance to the border."""

from __future__ import annotations

import numpy as np
import pytest
import reference
import shapely
from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from small_runs import GROUND, Ground, layer, one, rule, run

CLOSE_M = 0.1


def depth(shape: BaseGeometry) -> float:
    """Return the depth of the overlap of a feature with a site far around it: that of the feature itself."""
    result = run(shapely.box(*shape.bounds).buffer(0.02), [layer("red_line", shape)], rule())
    assert one(result.facts)["relation"] == "contains"
    return float(one(result.findings)["margin_m"])


@pytest.mark.parametrize(("width", "length"), [(1.0, 400.0), (5.0, 30.0), (40.0, 40.0), (250.0, 3000.0)])
@pytest.mark.parametrize("turn", [0.0, 33.0])
def test_a_strip_is_as_deep_as_it_is_wide(width: float, length: float, turn: float) -> None:
    strip = shapely.affinity.rotate(shapely.box(0, 0, length, width), turn, origin=(0, 0))
    assert depth(GROUND.degrees(strip)) == pytest.approx(width, abs=CLOSE_M)


@pytest.mark.parametrize("lon", [103.2, 106.5, 109.4])
def test_the_circle_in_a_triangle(lon: float) -> None:
    """Sides 60, 80, 100: the radius of the inscribed circle is 20."""
    assert depth(Ground(lon).degrees(Polygon([(0, 0), (80, 0), (0, 60)]))) == pytest.approx(40, abs=CLOSE_M)


def test_a_corner_piece_is_deepest_at_its_thick_end() -> None:
    ell = Polygon([(0, 0), (300, 0), (300, 10), (50, 10), (50, 50), (0, 50)])
    assert depth(GROUND.degrees(ell)) == pytest.approx(50, abs=CLOSE_M)


def test_a_hole_makes_it_shallower() -> None:
    ring = shapely.difference(GROUND.box(0, 0, 100, 100), GROUND.box(30, 30, 70, 70))
    # The largest disc touches two outer sides and a corner of the hole: r = 60 / (2 + √2) · √2 … = 17.57.
    radius = 30 * np.sqrt(2) / (1 + np.sqrt(2))
    assert depth(ring) == pytest.approx(2 * radius, abs=CLOSE_M)


def test_of_parts_the_deepest_counts() -> None:
    parts = MultiPolygon([GROUND.box(0, 0, 100, 3), GROUND.box(0, 500, 60, 512)])
    assert depth(parts) == pytest.approx(12, abs=CLOSE_M)


AREA = GROUND.box(0, 0, 2000, 2000)


def margin(site: BaseGeometry) -> float:
    return float(one(run(site, [layer("red_line", AREA)], rule()).findings)["margin_m"])


@pytest.mark.parametrize("deep", [0.5, 4.0, 36.0])
def test_the_margin_of_an_overlap_is_its_depth(deep: float) -> None:
    assert margin(GROUND.box(-50, 100, deep, 400)) == pytest.approx(deep, abs=CLOSE_M)


def test_the_facts_tell_the_depth() -> None:
    result = run(GROUND.box(-50, 100, 36, 400), [layer("red_line", AREA)], rule())
    assert one(result.facts)["depth_m"] == pytest.approx(36, abs=CLOSE_M)


def test_a_point_is_as_deep_as_it_is_far_from_the_border() -> None:
    assert margin(GROUND.point(300, 700)) == pytest.approx(300, abs=CLOSE_M)


def test_a_line_is_as_deep_as_its_deepest_place() -> None:
    assert margin(GROUND.line((-100, 1000), (60, 1000))) == pytest.approx(60, abs=CLOSE_M)
    assert margin(GROUND.line((-100, 500), (2100, 500))) == pytest.approx(500, abs=CLOSE_M)


def test_an_overlap_in_pieces_of_the_feature_is_as_deep_as_the_whole() -> None:
    """The feature has so many corners that it is cut; the cuts are no borders."""
    angle = np.linspace(0, 2 * np.pi, 4000, endpoint=False)
    radius = 900 + 3 * np.sin(300 * angle)
    feature = GROUND.degrees(Polygon(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])), 1e9)
    result = run(GROUND.box(-2000, -250, 2000, 250), [layer("red_line", feature)], rule())
    assert one(result.findings)["margin_m"] == pytest.approx(500, abs=CLOSE_M)


@pytest.mark.filterwarnings("ignore:Conversion of an array:DeprecationWarning")
@pytest.mark.parametrize("seed", range(6))
def test_a_long_line_is_as_deep_as_its_deepest_vertex(seed: int) -> None:
    """Every vertex measured by the reference; small areas of the same layer lie nearer than the border."""
    rng = np.random.default_rng(seed)
    corners = 3000 * np.array([(np.cos(a), np.sin(a)) for a in np.sort(rng.uniform(0, 2 * np.pi, 9))])
    area = GROUND.degrees(shapely.MultiPoint(corners).convex_hull)
    line = LineString(shapely.get_coordinates(GROUND.degrees(LineString(rng.uniform(-900, 900, (7, 2))))))
    near = [GROUND.box(x, y, x + 30, y + 30) for x, y in rng.uniform(-900, 900, (4, 2))]
    vertices = shapely.points(shapely.get_coordinates(shapely.segmentize(line, 0.001)))
    deepest = max(reference.distance(vertex, area.boundary) for vertex in vertices)
    found = run(line, [layer("red_line", area, *near)], rule()).findings
    assert found["margin_m"].max() == pytest.approx(deepest, abs=0.001)

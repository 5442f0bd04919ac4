"""The deepest vertex of lines and points is found as if all were measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from comparing import prepared
from ecoredline.processing.engine.facts.depth import point_depths
from ecoredline.processing.engine.facts.nearest import own_rim_found
from ecoredline.processing.engine.kernel import library
from ecoredline.processing.engine.kernel import nearest as compiled
from ecoredline.processing.engine.prepared.layer import PreparedLayer
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry
from small_runs import GROUND, Ground

MM = 0.001


def array(shapes: Sequence[BaseGeometry]) -> np.ndarray:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def of_all(overlap: np.ndarray, feature: np.ndarray, layer: PreparedLayer) -> np.ndarray:
    """Measure every vertex."""
    coords, index = shapely.get_coordinates(shapely.segmentize(overlap, 0.001), return_index=True)
    to_rim, state = own_rim_found(compiled.Sites.of_points(coords), layer.rim_lines, feature[index])
    to_rim[state == compiled.ASK] = 0.0
    assert not np.isnan(to_rim).any()
    return np.array([to_rim[index == i].max() for i in range(len(overlap))])


def blob(rng: np.random.Generator, radius: float, count: int) -> Polygon:
    angle = np.sort(rng.uniform(0, 2 * np.pi, count))
    return Polygon(np.column_stack([np.cos(angle), np.sin(angle)]) * radius * rng.uniform(0.3, 1.0, (count, 1)))


@pytest.mark.parametrize("seed", range(8))
def test_as_if_all_were_measured(seed: int) -> None:
    rng = np.random.default_rng(seed)
    areas = [shapely.make_valid(blob(rng, radius, 60)) for radius in (300.0, 2500.0, 9000.0)]
    layer = prepared([GROUND.degrees(area, 200.0) for area in areas])
    lines: list[BaseGeometry] = []
    feature = []
    for number, area in enumerate(areas):
        reach = np.sqrt(area.area)
        for _ in range(12):
            walk = np.cumsum(rng.normal(0, reach / 30, (rng.integers(2, 60), 2)), axis=0)
            inside = shapely.intersection(LineString(walk + rng.uniform(-0.3, 0.3, 2) * reach), area)
            if inside.length > 1.0:
                lines.append(GROUND.degrees(inside, reach))
                feature.append(number)
        points = MultiPoint(rng.uniform(-reach, reach, (20, 2)))
        within = shapely.intersection(points, area)
        if not within.is_empty:
            lines.append(GROUND.degrees(within))
            feature.append(number)
    overlap, of = array(lines), np.array(feature)
    assert len(overlap) > 15
    assert {shape.geom_type for shape in lines} >= {"LineString", "MultiLineString"}
    assert point_depths(overlap, of, layer).tolist() == of_all(overlap, of, layer).tolist()


def test_few_vertices_are_searched_at() -> None:
    """A line that goes across a strip, and one that goes in."""
    layer = prepared([GROUND.box(0, 0, 8000, 400)])
    lines = array([GROUND.line((500, 0), (7500, 400)), GROUND.line((0, 90), (800, 200))])
    coords, index = shapely.get_coordinates(shapely.segmentize(lines, 0.001), return_index=True)
    end = np.cumsum(np.bincount(index))
    start = np.concatenate(([0], end[:-1]))
    label = np.zeros(2, dtype=np.int64)
    found, state = compiled.deepest(compiled.Sites.of_points(coords), start, end, layer.rim_lines, label, 20_000.0)
    assert state.tolist() == [compiled.FOUND] * 2
    searched = np.bincount(index[np.unique(found["job"])], minlength=2) / np.bincount(index)
    assert (searched < 0.2).all()
    assert point_depths(lines, label, layer) == pytest.approx([200, 200], abs=3)


def test_more_pairs_than_there_was_room_for() -> None:
    circle = GROUND.degrees(Point(0, 0).buffer(700, quad_segs=25), 1e9)
    layer = prepared([circle])
    overlap, feature = array([GROUND.point(0, 0)]), np.zeros(1, dtype=np.int64)
    assert point_depths(overlap, feature, layer).tolist() == of_all(overlap, feature, layer).tolist()
    sites = compiled.Sites.of_points(shapely.get_coordinates(overlap))
    start, end = np.array([0]), np.array([1])
    found, _ = compiled.deepest(sites, start, end, layer.rim_lines, feature, 20_000.0)
    assert len(found) > 72


def test_what_the_search_leaves_is_measured_by_geos(monkeypatch: pytest.MonkeyPatch) -> None:
    """The middle of a circle, what lies on the border only, what lies too far north, and no vertex at all."""
    circle = GROUND.degrees(Point(0, 0).buffer(700, quad_segs=600))
    north = Ground(106.5, 62.0).box(-500, -500, 500, 500)
    layer = prepared([circle, north])
    x, y = circle.exterior.coords[0]
    overlap = array(
        [
            GROUND.point(0, 0),
            GROUND.line((-300, 0), (300, 0)),
            Point(x, y),
            Ground(106.5, 62.0).point(0, 100),
            LineString(),
        ]
    )
    feature = np.array([0, 0, 0, 1, 0])
    deep = point_depths(overlap, feature, layer)
    assert deep == pytest.approx([700, 700, 0, 400, 0], abs=0.05)
    monkeypatch.setattr(library, "kernel", lambda: None)
    assert point_depths(overlap, feature, layer) == pytest.approx(deep, abs=MM)


def test_parts_that_lie_far_from_one_another() -> None:
    ground = Ground(106.5, 29.5)
    large = ground.degrees(shapely.box(-60_000, -30_000, 60_000, 30_000), 20_000)
    layer = prepared([large])
    far = MultiLineString([ground.line((-59_000, 0), (-58_000, 0)), ground.line((40_000, 100), (41_000, 20_000))])
    overlap, feature = array([far, MultiPoint([(106.2, 29.5), (106.9, 29.6)])]), np.zeros(2, dtype=np.int64)
    assert point_depths(overlap, feature, layer).tolist() == of_all(overlap, feature, layer).tolist()


@pytest.mark.parametrize(("start", "end"), [([0], [3]), ([-1], [1]), ([0, 0], [1])])
def test_groups_that_are_none_are_refused(start: list[int], end: list[int]) -> None:
    layer = prepared([GROUND.box(0, 0, 50, 50)])
    sites = compiled.Sites.of_points(np.array([[106.5, 29.5], [106.5001, 29.5]]))
    with pytest.raises(ValueError, match="groups"):
        compiled.deepest(sites, np.array(start), np.array(end), layer.rim_lines, np.array([0]), 1000.0)


coordinate = st.integers(-30, 30).map(lambda k: k * 2.0**-13)
vertex = st.tuples(coordinate, coordinate).map(lambda xy: (106.5 + xy[0], 29.5 + xy[1]))
line = st.lists(vertex, min_size=2, max_size=20, unique=True).map(LineString)
ring = st.lists(vertex, min_size=3, max_size=9, unique=True).map(Polygon).filter(lambda p: p.is_valid and p.area > 0)


@settings(max_examples=120, deadline=None)
@given(lines=st.lists(line, min_size=1, max_size=4), area=ring)
def test_any_lines_on_a_grid(lines: list[LineString], area: Polygon) -> None:
    """Vertices on the border and outside it count like any."""
    overlap, feature = array([*lines, MultiLineString(lines)]), np.zeros(len(lines) + 1, dtype=np.int64)
    layer = prepared([area])
    expected = of_all(overlap, feature, layer)
    deep = point_depths(overlap, feature, layer)
    assert deep[expected > 0].tolist() == expected[expected > 0].tolist()
    assert (deep[expected == 0] <= 0.01 + MM).all()

"""The compiled search of the largest disc inside polygons: known shapes, and GEOS with a finer tolerance."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from ecoredline.processing.engine.kernel import inscribed, library
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box
from shapely.affinity import rotate, translate
from shapely.geometry.base import BaseGeometry

MM = 0.001
FINE_M = 1e-4


def radii(shapes: Sequence[BaseGeometry]) -> np.ndarray:
    """Lay shapes out flat in plain Python, and ask the loop."""
    first_polygon, first_ring, first_vertex, xy = [0], [0], [0], []
    for shape in shapes:
        for polygon in shapely.get_parts(shape):
            for ring in (polygon.exterior, *polygon.interiors):
                xy += list(ring.coords)
                first_vertex.append(len(xy))
            first_ring.append(len(first_vertex) - 1)
        first_polygon.append(len(first_ring) - 1)
    loops = library.kernel()
    assert loops is not None
    starts = (np.array(start, dtype=np.int64) for start in (first_polygon, first_ring, first_vertex))
    return inscribed.largest_discs(loops, *starts, np.array(xy).reshape(-1, 2))


def radius(shape: BaseGeometry) -> float:
    return float(radii([shape])[0])


def by_geos(shape: BaseGeometry) -> float:
    """Return a radius that is too small by `FINE_M` at most."""
    return max(
        float(shapely.maximum_inscribed_circle(part, tolerance=FINE_M).length) for part in shapely.get_parts(shape)
    )


def check(shape: BaseGeometry, known: float) -> None:
    found = radius(shape)
    assert known - MM - 1e-9 <= found <= known + 1e-9


@pytest.mark.parametrize("turn", [0.0, 17.0, 45.0, 90.0])
@pytest.mark.parametrize(
    ("shape", "known"),
    [
        (box(0, 0, 100, 40), 20.0),
        (box(-3, 5, -2, 6), 0.5),
        (box(0, 0, 20_000, 1), 0.5),
        (Polygon([(0, 0), (80, 0), (0, 60)]), 20.0),
        (Polygon([(0, 0), (100, 0), (100, 40), (40, 40), (40, 100), (0, 100)]), 40 * (2 - math.sqrt(2))),
        (Polygon([(0, 0), (300, 0), (300, 10), (50, 10), (50, 50), (0, 50)]), 25.0),
        (box(0, 0, 100, 100).difference(box(30, 30, 70, 70)), 30 * math.sqrt(2) / (1 + math.sqrt(2))),
        (Polygon([(0, 0), (3000, 0), (3000, 30)]), 90_000 / (3030 + math.hypot(3000, 30))),
        (Polygon([(0, 0), (0, 0), (10, 0), (10, 5), (10, 10), (10, 10), (0, 10)]), 5.0),
        (box(0, 0, 1000, 0.01), 0.005),
        (box(0, 0, 0.3, 0.2), 0.1),
        (shapely.segmentize(box(0, 0, 90, 30), 4), 15.0),
        (Point(0, 0).buffer(100, 16).difference(Point(0, 0).buffer(40, 16)), 30.0),
    ],
)
def test_known_discs(shape: BaseGeometry, known: float, turn: float) -> None:
    turned = rotate(shape, turn, origin=(7, 3))
    if len(shape.interiors) and len(shape.exterior.coords) > 10:  # chords instead of arcs
        assert radius(turned) == pytest.approx(known, abs=0.5)
        known = by_geos(turned)
    check(turned, pytest.approx(known, abs=2 * FINE_M).expected)


def test_a_disc_between_holes() -> None:
    """Holes about the corners of a square of 100 m: the disc about its middle touches all four."""
    holes = [translate(box(-5, -5, 5, 5), x, y) for x in (0, 100) for y in (0, 100)]
    check(shapely.difference(box(-10, -10, 110, 110), shapely.union_all(holes)), 60.0)
    check(shapely.difference(box(-30, -30, 130, 130), shapely.union_all(holes)), 45 * math.sqrt(2))


def test_a_hole_that_touches_the_border_in_two_points() -> None:
    hole = [(50, 0), (75, 50), (50, 100), (25, 50)]
    shape = Polygon([(0, 0), (50, 0), (100, 0), (100, 100), (50, 100), (0, 100)], [hole])
    assert radius(shape) == pytest.approx(by_geos(shapely.make_valid(shape)), abs=MM)


@pytest.mark.parametrize(
    "xy",
    [
        # The middle of the box lies on a side but for rounding, which has no direction.
        [(-471.33182844243794, 407.9006772009029), (-408.984375, 238.671875), (-757.6744186046511, 513.953488372093)],
        [(0, 0), (64, 0), (64, 32)],
        [(0.1, 0.1), (0.3, 0.2), (0.7, 0.3), (0.1, 0.7)],
    ],
)
def test_a_middle_that_lies_on_a_side(xy: list[tuple[float, float]]) -> None:
    shape = Polygon(xy)
    assert by_geos(shape) - MM <= radius(shape) <= by_geos(shape) + FINE_M


def test_a_needle_is_no_deeper_than_it_is_wide() -> None:
    """Its corners are as high as the middles of boxes, where a ray meets two sides or none."""
    rng = np.random.default_rng(8)
    needles = [Polygon(rng.normal(0, 100, (3, 2)) * [1, 1e-5]) for _ in range(300)]
    widest = [needle.area / math.sqrt(needle.area) for needle in needles]
    assert (radii(needles) <= np.array(widest)).all()


def test_the_larger_of_parts_counts_wherever_it_stands() -> None:
    small, large = box(0, 0, 100, 3), box(0, 500, 60, 512)
    assert radii([MultiPolygon([small, large]), MultiPolygon([large, small]), small]) == pytest.approx(
        [6, 6, 1.5], abs=MM
    )


def test_shapes_without_polygons_and_without_width() -> None:
    flat = Polygon([(0, 0), (10, 0), (20, 0)])
    assert radii([MultiPolygon(), flat, box(0, 0, 4, 4), Polygon([(1, 1), (1, 1), (1, 1)])]).tolist() == [0, 0, 2, 0]
    assert len(radii([])) == 0


def test_a_hair_along_a_border_is_told_at_once() -> None:
    """As an overlay leaves them: 2e-12 m wide, and 400 m long."""
    hair = Polygon([(0, 0), (111, 222.00000000000003), (111, 222), (-200, -400.000000000001)])
    assert radius(hair) < MM
    assert radius(Polygon([(-x, -y) for x, y in hair.exterior.coords])) < MM


def test_a_winding_road_is_as_wide_as_it_was_drawn() -> None:
    road = LineString([(20 * i, 300 * math.sin(i / 30)) for i in range(300)]).buffer(5, join_style="mitre")
    assert 5 - MM <= radius(road) < 5.001


@pytest.mark.parametrize("count", [60, 700, 4000])
def test_a_long_river_is_empty_when_eroded_by_a_little_more(count: int) -> None:
    """Many more sides than a box sees, and a ray that could meet most of them."""
    rng = np.random.default_rng(count)
    x, y = np.linspace(0, 30_000, count), np.cumsum(rng.normal(0, 6_000 / math.sqrt(count), count))
    river = Polygon(np.concatenate([np.column_stack([x, y]), np.column_stack([x, y + 200])[::-1]]))
    found = radius(river)
    assert not river.buffer(-found + 0.02, quad_segs=64).is_empty
    assert river.buffer(-found - 0.02, quad_segs=64).is_empty


def test_coordinates_that_are_no_numbers_are_left_and_spoil_nothing() -> None:
    xy = np.array([[0, 0], [np.nan, 0], [4, 4], [0, 0], [0, 0], [6, 0], [6, 6], [0, 6], [0, 0]], dtype=float)
    starts = (np.array(start) for start in ([0, 1, 2], [0, 1, 2], [0, 4, 9]))
    loops = library.kernel()
    assert loops is not None
    found = inscribed.largest_discs(loops, *starts, xy)
    assert np.isnan(found[0])
    assert found[1] == 3


def test_a_search_that_takes_too_long_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    star = Polygon(
        [((20 + 15 * (-1) ** i) * math.cos(i), (20 + 15 * (-1) ** i) * math.sin(i)) for i in range(6)]
    ).buffer(1)
    monkeypatch.setattr(inscribed, "MOST_BOXES", 3)
    assert np.isnan(radii([star, box(0, 0, 1, 1)])).tolist()[0]


@pytest.mark.parametrize(
    "starts",
    [([0, 2], [0, 1], [0, 5]), ([0, 1], [0, 2], [0, 5]), ([0, 1], [0, 1], [0, 6]), ([1, 1], [0, 1], [0, 5]),
     ([0, 2, 1], [0, 1], [0, 5])],
)  # fmt: skip
def test_starts_that_point_beyond_are_refused(starts: tuple[list[int], ...]) -> None:
    loops = library.kernel()
    assert loops is not None
    with pytest.raises(ValueError, match="starts"):
        inscribed.largest_discs(loops, *(np.array(start) for start in starts), np.zeros((5, 2)))


coordinate = st.integers(-12, 12)
vertex = st.tuples(coordinate, coordinate)
triangle = st.lists(vertex, min_size=3, max_size=3, unique=True).map(Polygon).filter(lambda p: p.area > 0)


def surfaces(shape: BaseGeometry) -> BaseGeometry:
    return MultiPolygon([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])


@settings(max_examples=300, deadline=None)
@given(
    more=st.lists(triangle, min_size=1, max_size=5),
    less=st.lists(triangle, max_size=3),
    turn=st.sampled_from([0.0, 0.3, 31.0]),
    size=st.sampled_from([0.01, 1.0, 37.0]),
)
def test_any_triangles_joined_and_taken_out(more: list[Polygon], less: list[Polygon], turn: float, size: float) -> None:
    """Holes, notches, parts that touch, needles: within the tolerances of both."""
    shape = surfaces(shapely.difference(shapely.union_all(more), shapely.union_all(less)))
    shape = rotate(shapely.affinity.scale(shape, size, size), turn, origin=(0, 0))
    if shape.is_empty:
        return
    theirs, ours = by_geos(shape), radius(shape)
    if math.isnan(ours):  # a narrow band: a disc that small is of no matter, and GEOS finds it
        assert theirs < 10 * MM
        return
    assert theirs - MM - 1e-9 <= ours <= theirs + FINE_M + 1e-9


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(5, 60), min_size=5, max_size=40), st.floats(0, 6))
def test_any_star(lengths: list[float], turn: float) -> None:
    n = len(lengths)
    star = Polygon(
        [(r * math.cos(turn + 6.2831 * i / n), r * math.sin(turn + 6.2831 * i / n)) for i, r in enumerate(lengths)]
    )
    theirs, ours = by_geos(star), radius(star)
    assert theirs - MM - 1e-9 <= ours <= theirs + FINE_M + 1e-9

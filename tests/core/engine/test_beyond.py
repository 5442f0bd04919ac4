"""What lies further than a limit from lines, against distances of points to those lines."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from ecoredline.layers.geodesy.area import polygon_areas
from ecoredline.layers.geodesy.plane import LocalPlane
from ecoredline.processing.engine.facts.beyond import beyond
from ecoredline.processing.engine.facts.flat_edges import BOTH, LEFT, RIGHT

LON, LAT = 106.5, 29.5
PLANE = LocalPlane(np.array([LON]), np.array([LAT]))


def degrees(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a shape in metres about the middle as degrees."""
    return shapely.transform(shape, lambda xy: np.column_stack(PLANE.unproject(xy[:, 0], xy[:, 1])))


@pytest.mark.parametrize("limit", [40.0, 100.0, 1000.0])
@pytest.mark.parametrize("seed", range(6))
def test_points_stay_that_lie_beyond_the_limit_of_ragged_lines(limit: float, seed: int) -> None:
    rng = np.random.default_rng([seed, int(limit)])
    site = shapely.box(-150, -100, 150, 100)
    # A ragged course about as far away as the limit, in two lines of which one goes on from the other.
    course = np.column_stack([np.linspace(-400, 400, 60) + rng.normal(0, 3, 60), rng.normal(0, 0.06 * limit, 60)])
    for _ in range(40):  # away from the site until its middle lies as far as the limit
        course[:, 1] -= limit - shapely.distance(shapely.Point(0, 0), shapely.LineString(course))
    lines = [shapely.LineString(course[:31]), shapely.LineString(course[30:]), shapely.LineString(course[10:20] - 9)]
    found = beyond(
        np.array([degrees(site)]),
        PLANE,
        np.array([limit]),
        np.array([degrees(line) for line in lines]),
        np.zeros(3, dtype=np.int64),
        np.full(3, BOTH),
    )[0]
    spots = rng.uniform((-150, -100), (150, 100), (6_000, 2))
    apart = shapely.distance(shapely.points(spots), shapely.MultiLineString(lines)) - limit
    clear = np.abs(apart) > 0.03  # chords, and edges straight in degrees
    at = shapely.get_coordinates(degrees(shapely.MultiPoint(spots)))
    stays = shapely.contains_xy(found, at[:, 0], at[:, 1])
    assert np.array_equal(stays[clear], apart[clear] > 0)
    assert stays.any() and not stays.all()


@pytest.mark.parametrize(("side", "y"), [(LEFT, 1), (RIGHT, -1)])
def test_a_line_told_by_its_side_counts_as_one_told_by_none(side: np.int8, y: int) -> None:
    site = shapely.box(-50, min(60 * y, 150 * y), 50, max(60 * y, 150 * y))
    line = shapely.LineString([(-300, 0), (-10, 10 * y), (0, -30 * y), (300, 0)])
    given = np.array([degrees(site)]), PLANE, np.array([100.0]), np.array([degrees(line)]), np.array([0])
    one, both = (shapely.area(beyond(*given, np.array([of]))[0]) for of in (side, BOTH))
    assert one == pytest.approx(both, rel=1e-9) and 0 < one < shapely.area(degrees(site))


def test_about_a_point_lies_a_disc() -> None:
    square = degrees(shapely.box(-200, -200, 200, 200))
    point = np.array([degrees(shapely.Point(10, 5))])
    left = beyond(np.array([square]), PLANE, np.array([100.0]), point, np.array([0]), np.array([BOTH]))
    assert polygon_areas(left)[0] == pytest.approx(160_000 - np.pi * 100.0**2, abs=6.3)  # chords up to 10 mm inside

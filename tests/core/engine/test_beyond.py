"""What lies further than a limit from lines, against distances of points to those lines."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from ecoredline.layers.geodesy.plane import LocalPlane
from ecoredline.processing.engine import beyond as module
from ecoredline.processing.engine.beyond import BOTH, LEFT, RIGHT, beyond

LON, LAT = 106.5, 29.5
# As drawn for one site: corners that two of them share differ by 3e-10 m.
HAIR = """MULTIPOLYGON (
((-3.5021355660896205 -53.99036509992476,1.7123176183054483 -41.52382184965729,-90.54258416946652 -2.9358302351429044,-95.75703735386159 -15.402373485410372,-3.5021355660896205 -53.99036509992476)),
((-5.102204196107209 -54.89679126003832,1.9118621035219974 -43.363430868348765,2.836156291480819 -41.81222145593472,3.7322906695355726 -40.24457558918903,-83.52851786983732 8.597530156546654,-90.54258416946652 -2.9358302351429044,-5.102204196107209 -54.89679126003832)),
((3.73229066912738 -40.24457558896056,10.326148392491021 -28.464056556270496,-76.93466014647368 20.378049189236716,-83.52851786983732 8.597530156546654,3.73229066912738 -40.24457558896056)),
((5.76725198035858 -35.83933007203386,13.346001245560188 -24.690161185148394,-69.35591088127207 31.52721807612218,-76.93466014647368 20.378049189236716,5.76725198035858 -35.83933007203386)),
((12.7920254039403 -25.496606457431408,20.479219728912803 -14.422513220343959,21.55523091545387 -12.84032076568613,22.60077270763903 -11.23783039194533,-61.668716556299565 42.60131131320963,-69.35591088127207 31.52721807612218,12.7920254039403 -25.496606457431408)),
((22.600772707319216 -11.237830391741007,29.86001846475493 0.12440371983935705,-54.40947079886385 53.96354542478999,-61.668716556299565 42.60131131320963,22.600772707319216 -11.237830391741007)),
((28.615698291300134 -1.775321604963878,36.13048242524575 9.41823608008675,36.83603086728686 10.48382863544144,-46.89468666491823 65.15710310984062,-54.40947079886385 53.96354542478999,28.615698291300134 -1.775321604963878)))"""  # noqa: E501


def degrees(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a shape in metres about the middle as degrees."""
    plane = LocalPlane(np.array([LON]), np.array([LAT]))
    return shapely.transform(shape, lambda xy: np.column_stack(plane.unproject(xy[:, 0], xy[:, 1])))


def test_no_area_is_lost_where_corners_lie_a_hair_beside_one_another() -> None:
    parts = shapely.from_wkt(HAIR)
    joined = module._joined(np.array([parts]))[0]
    assert shapely.area(shapely.difference(parts.geoms[0], joined)) < 1e-6
    for part in parts.geoms:
        x, y = np.random.default_rng(3).uniform(*shapely.bounds(part).reshape(2, 2), (2_000, 2)).T
        inside = shapely.contains_xy(part, x, y)
        assert shapely.contains_xy(joined.buffer(1e-6), x[inside], y[inside]).all()


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
    given = np.array([degrees(site)]), np.array([100.0]), np.array([degrees(line)]), np.array([0])
    one, both = (shapely.area(beyond(*given, np.array([of]))[0]) for of in (side, BOTH))
    assert one == pytest.approx(both, rel=1e-9) and 0 < one < shapely.area(degrees(site))

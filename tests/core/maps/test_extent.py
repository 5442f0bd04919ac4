"""What part of the ground a page shows."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely
from ecoredline.processing.maps.errors import MapError
from ecoredline.processing.maps.extent import (
    Frame,
    detail_frame,
    district_frame,
    frame_for,
    nearest_boundary_point,
    project,
    unproject,
)
from pyproj import Geod

SIZE = (192.0, 136.0)
CGCS2000 = Geod(a=6378137.0, rf=298.257222101)
NONE = np.empty((0, 2))


def square(lon: float, lat: float, side_m: float) -> shapely.Polygon:
    half_x, half_y = side_m / 2 / 96_900, side_m / 2 / 110_850
    return shapely.box(lon - half_x, lat - half_y, lon + half_x, lat + half_y)


@pytest.mark.parametrize("lon", [105.1, 106.49, 106.51, 109.4])
def test_the_scale_is_true_on_the_ground(lon):
    frame = frame_for(square(lon, 29.5, 2000), NONE, SIZE)
    left, right, bottom = frame.bounds[0], frame.bounds[2], (frame.bounds[1] + frame.bounds[3]) / 2
    middle = unproject(shapely.LineString([(left, bottom), (right, bottom)]), frame.epsg)
    ground = CGCS2000.inv(*middle.coords[0], *middle.coords[1])[2]
    assert ground == pytest.approx(SIZE[0] / 1000 * frame.scale, rel=4e-4)


@pytest.mark.parametrize(("lon", "meridian", "epsg"), [(106.49, 105, 4544), (106.51, 108, 4545), (109.6, 111, 4546)])
def test_the_zone_is_that_of_the_site(lon, meridian, epsg):
    frame = frame_for(square(lon, 29.5, 10), NONE, SIZE)
    assert (frame.meridian, frame.epsg) == (meridian, epsg)


def test_a_tiny_site_alone_is_drawn_at_the_largest_scale():
    assert frame_for(square(106.4, 29.5, 2.2), NONE, SIZE).scale == 500


def test_points_that_matter_are_in_the_frame():
    site = square(106.4, 29.5, 50)
    point = (106.41, 29.507)
    frame = frame_for(site, np.array([point]), SIZE)
    assert frame.holds(site)
    assert frame.holds(shapely.Point(point))
    assert frame.scale == 10_000


def test_a_long_line_fits_and_a_longer_one_is_refused():
    line = shapely.LineString([(106.2, 29.4), (106.4, 29.45)])
    assert frame_for(line, NONE, SIZE).holds(line)
    with pytest.raises(MapError):
        frame_for(shapely.LineString([(106.0, 29.4), (106.5, 29.4)]), NONE, SIZE)


def test_a_site_outside_the_zones_is_refused():
    with pytest.raises(MapError, match="139"):
        frame_for(square(139.0, 29.5, 10), NONE, SIZE)


def test_a_frame_tells_what_it_does_not_hold():
    frame = Frame(4544, 105, (600_000.0, 3_260_000.0, 601_000.0, 3_261_000.0), 5000)
    assert not frame.holds(square(106.4, 29.5, 50))


def test_lines_away_from_the_corners():
    frame = frame_for(square(106.4, 29.5, 2000), NONE, SIZE)
    west, south, east, north = frame.inner_bounds(10)
    for lon in (west, east):
        x = project(shapely.LineString([(lon, 29.4), (lon, 29.6)]), frame.epsg)
        edges = [x.intersection(side).x for side in sides(frame)[::2]]
        assert all(
            frame.bounds[0] + 9.9 * frame.scale / 1000 < e < frame.bounds[2] - 9.9 * frame.scale / 1000 for e in edges
        )
    for lat in (south, north):
        y = project(shapely.LineString([(106.3, lat), (106.5, lat)]), frame.epsg)
        edges = [y.intersection(side).y for side in sides(frame)[1::2]]
        assert all(
            frame.bounds[1] + 9.9 * frame.scale / 1000 < e < frame.bounds[3] - 9.9 * frame.scale / 1000 for e in edges
        )


def sides(frame: Frame) -> list[shapely.LineString]:
    xmin, ymin, xmax, ymax = frame.bounds
    corners = [(xmin, ymin), (xmax, ymin), (xmax, ymax), (xmin, ymax), (xmin, ymin)]
    return [shapely.LineString(pair) for pair in itertools.pairwise(corners)]


def test_size_on_paper():
    frame = frame_for(square(106.4, 29.5, 2000), NONE, SIZE)
    assert frame.on_paper_mm(square(106.4, 29.5, 100)) == pytest.approx(100_000 / frame.scale, rel=2e-2)


def test_projecting_back_and_forth():
    site = square(106.5, 29.5, 300)
    assert shapely.hausdorff_distance(unproject(project(site, 4544), 4544), site) < 1e-10


def test_the_nearest_outline_is_found_up_to_its_reach():
    around = square(106.4, 29.5, 1000)
    point = nearest_boundary_point(square(106.4, 29.5, 10), around)
    assert shapely.distance(shapely.Point(point), around.exterior) < 1e-6
    assert nearest_boundary_point(square(106.4, 29.5, 10), square(106.4, 29.5, 3000)) is None


def test_a_fixed_scale_is_kept_and_what_does_not_fit_it_gives_way_to_the_site():
    site, point = square(106.4, 29.5, 50), np.array([(106.41, 29.507)])
    assert frame_for(site, point, SIZE, scale=10_000).holds(shapely.Point(point[0]))
    near = frame_for(site, point, SIZE, scale=1000)
    assert near.scale == 1000
    assert near.holds(site)
    middle = project(site.centroid, near.epsg)
    assert (near.bounds[0] + near.bounds[2]) / 2 == pytest.approx(middle.x, abs=0.5)
    with pytest.raises(MapError) as caught:
        frame_for(square(106.4, 29.5, 200), NONE, SIZE, scale=1000)
    assert "1:173" in caught.value.remedy.zh


def test_ground_asked_for_around_a_site_is_shown():
    frame = frame_for(square(106.4, 29.5, 50), NONE, SIZE, context_m=560)
    assert frame.holds(square(106.4, 29.5, 2 * 500))


def test_a_district_is_shown_whole_where_its_scale_allows():
    site, district = square(106.4, 29.5, 50), square(106.45, 29.5, 12_000)
    whole = district_frame(site, district, SIZE, 200_000)
    assert whole.holds(district)
    assert whole.holds(site)
    close = district_frame(site, district, SIZE, 50_000)
    assert close.scale == 50_000
    assert close.holds(site)
    assert not close.holds(district)


@pytest.mark.parametrize("side", [2.2, 30, 400, 620, 3100, 20_000])
def test_a_site_alone_fills_its_small_map(side):
    frame = detail_frame(square(106.4, 29.5, side), (34.0, 30.0))
    on_paper = frame.on_paper_mm(square(106.4, 29.5, side))
    assert 30 * 0.72 / 1.7 < on_paper <= 30 * 0.72 * 1.01

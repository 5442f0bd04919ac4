"""Boundary points: their numbers, their coordinates, and what stays where there is no room for all."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from ecoredline.processing.maps.corners import corners
from ecoredline.processing.maps.corners_table import corner_columns, corner_rows
from ecoredline.processing.maps.extent import project, unproject
from pyproj import Transformer
from shapely import affinity
from shapely.geometry import LineString, MultiPolygon, Point, Polygon

EPSG = 4544
X0, Y0 = 640_000.0, 3_260_000.0


def ground(*xy) -> shapely.Geometry:
    return unproject(Polygon([(X0 + x, Y0 + y) for x, y in xy]), EPSG)


def ground_line(*xy) -> shapely.Geometry:
    return unproject(LineString([(X0 + x, Y0 + y) for x, y in xy]), EPSG)


SQUARE = ground((0, 0), (0, 50), (50, 50), (50, 0))


def circle(points: int, radius: float = 100.0) -> shapely.Geometry:
    turns = [2 * math.pi * n / points for n in range(points)]
    return ground(*[(radius * math.cos(t), radius * math.sin(t)) for t in turns])


def test_points_are_numbered_and_have_northing_and_easting_of_the_zone():
    found = corners(SQUARE, EPSG, 50)
    assert found.total == 4
    assert list(found.points["name"]) == ["J1", "J2", "J3", "J4"]
    lon, lat = found.points.geometry.x, found.points.geometry.y
    east, north = Transformer.from_crs(4490, EPSG, always_xy=True).transform(lon.tolist(), lat.tolist())
    assert found.points["x"].tolist() == pytest.approx(north, abs=1e-6)
    assert found.points["y"].tolist() == pytest.approx(east, abs=1e-6)


def test_every_number_stands_away_from_the_site():
    found = corners(SQUARE, EPSG, 50)
    middle = project(SQUARE.centroid, EPSG)
    for row in found.points.itertuples():
        right, below = row.quadrant % 3 - 1, row.quadrant // 3 - 1
        assert right == np.sign(row.y - middle.x)
        assert below == -np.sign(row.x - middle.y)


@pytest.mark.parametrize("turned", range(0, 360, 30))
def test_the_number_of_a_bend_stands_beside_its_line_not_on_it(turned):
    flat = affinity.rotate(LineString([(0, 0), (100, 0), (200, 0.5), (300, 0), (400, 80)]), turned, origin=(0, 0))
    line = ground_line(*flat.coords)
    found = corners(line, EPSG, 50)
    assert found.total == 5
    for row in found.points.itertuples():
        right, below = row.quadrant % 3 - 1, row.quadrant // 3 - 1
        step = np.array([right, -below]) / np.hypot(right, below)
        number = Point(row.y + 40 * step[0], row.x + 40 * step[1])
        assert number.distance(project(line, EPSG)) > 20


def test_the_numbers_of_a_straight_line_stand_off_its_ends():
    found = corners(ground_line((0, 0), (100, 100)), EPSG, 50)
    assert list(found.points["quadrant"]) == [6, 2]


def test_holes_and_parts_go_on_counting():
    holed = Polygon(SQUARE.exterior, [ground((10, 10), (10, 20), (20, 20)).exterior])
    other = ground((100, 0), (100, 10), (110, 10))
    found = corners(MultiPolygon([holed, other]), EPSG, 50)
    assert found.total == 10
    assert found.points["name"].iloc[-1] == "J10"


def test_where_there_is_no_room_the_shape_is_kept_with_its_own_numbers():
    found = corners(circle(2000), EPSG, 40)
    assert found.total == 2000
    assert 20 <= len(found.points) <= 40
    kept = Polygon([project(point, EPSG) for point in found.points.geometry])
    assert kept.area == pytest.approx(math.pi * 100**2, rel=0.03)
    numbers = [int(name[1:]) for name in found.points["name"]]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] > 1900


def test_vertices_laid_on_long_edges_for_measuring_are_no_boundary_points():
    long = unproject(shapely.segmentize(Polygon([(X0, Y0), (X0, Y0 + 900), (X0 + 700, Y0 + 900)]), 200), EPSG)
    assert corners(long, EPSG, 50).total == 3


def test_lines_have_bends_and_points_are_themselves():
    line = unproject(LineString([(X0, Y0), (X0 + 50, Y0 + 30), (X0 + 99, Y0)]), EPSG)
    assert list(corners(line, EPSG, 50).points["name"]) == ["Z1", "Z2", "Z3"]
    assert list(corners(unproject(Point(X0, Y0), EPSG), EPSG, 50).points["name"]) == ["P1"]


def test_the_table_runs_down_each_group_before_the_next():
    rows = corner_rows(corners(circle(5), EPSG, 50), 2)
    assert [(row[0], row[3]) for row in rows] == [("J1", "J4"), ("J2", "J5"), ("J3", "")]
    assert all(len(row) == 6 for row in rows)


@pytest.mark.parametrize(("width", "groups"), [(20.0, 1), (36.0, 1), (73.0, 2), (400.0, 3)])
def test_as_many_groups_as_fit_stand_side_by_side(width, groups):
    widths = corner_columns(lambda text: 1.2 * len(text) + 1, width, 99)
    assert len(widths) == groups
    assert groups == 1 or sum(map(sum, widths)) <= width + 1e-9

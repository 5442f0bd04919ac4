"""Buffers held to the geodesic distance of their every boundary point and of points in and out."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from ecoredline.layers.geodesy.area import polygon_areas
from ecoredline.layers.geodesy.buffers import buffer
from ecoredline.layers.geodesy.nearest import nearest_pairs
from pyproj import Geod

CGCS = Geod(a=6378137.0, rf=298.257222101)
MM = 0.001


def grow(geom: shapely.Geometry, distance: float, **options: float) -> shapely.Geometry:
    return buffer(np.array([geom], dtype=object), distance, **options)[0]


def boundary_errors(geom: shapely.Geometry, grown: shapely.Geometry, distance: float) -> np.ndarray:
    """Geodesic distance from the geometry less that wanted, at boundary vertices and between them."""
    xy = shapely.get_coordinates(shapely.segmentize(shapely.boundary(grown), 2e-4))
    xy = np.vstack([xy, (xy[1:] + xy[:-1]) / 2 if shapely.get_num_interior_rings(grown) == 0 else xy])
    pick = np.random.default_rng(0).permutation(len(xy))[:1500]
    return nearest_pairs(shapely.points(xy[pick]), np.full(len(pick), geom, dtype=object)).distance_m - distance


def meander(n: int = 400) -> shapely.LineString:
    rng = np.random.default_rng(3)
    along = np.arange(n) * 2.7e-4
    wave = 0.01 * np.sin(along * 300.0) + 2e-5 * np.cumsum(rng.normal(size=n))
    return shapely.LineString(np.column_stack([106.45 + along, 29.5 + wave]))


SHAPES = {
    "point": shapely.Point(106.5, 29.5),
    "points": shapely.MultiPoint([(106.49, 29.5), (106.51, 29.5)]),
    "edge": shapely.LineString([(106.4, 29.4), (106.6, 29.5)]),
    "meander": meander(),
    "hairpin": shapely.LineString([(106.4, 29.4), (106.6, 29.5), (106.41, 29.41), (106.6, 29.4)]),
    "there and back": shapely.LineString([(106.4, 29.4), (106.45, 29.45), (106.4, 29.4)]),
    "polygon": shapely.Polygon([(106.4, 29.4), (106.6, 29.42), (106.5, 29.45), (106.58, 29.55), (106.42, 29.5)]),
    "holed": shapely.box(106.4, 29.4, 106.6, 29.6) - shapely.box(106.45, 29.45, 106.55, 29.55),
    # handed to GEOS 3.14 as a whole this one comes out 30 m too wide at 5 km
    "shallow": shapely.from_wkt(
        "LINESTRING (106.4019 29.4933, 106.4128 29.4944, 106.4343 29.4995, 106.4426 29.5019, "
        "106.472 29.5061, 106.472 29.5057, 106.4961 29.4933)"
    ),
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("distance", [1_000.0, 3_000.0, 5_000.0, 10_000.0])
def test_every_boundary_point_is_at_the_distance(name, distance):
    grown = grow(SHAPES[name], distance)
    error = boundary_errors(SHAPES[name], grown, distance)
    assert grown.is_valid
    assert error.max() < MM
    assert error.min() > -0.01 - MM


@pytest.mark.parametrize("name", ["meander", "hairpin", "polygon", "holed"])
def test_points_are_in_or_out_by_their_distance(name):
    """The Hausdorff side that boundary points cannot show: no part is missing, none too many."""
    geom, distance = SHAPES[name], 3_000.0
    grown = grow(geom, distance)
    rng = np.random.default_rng(1)
    west, south, east, north = grown.bounds
    points = shapely.points(rng.uniform(west, east, 3_000), rng.uniform(south, north, 3_000))
    away = nearest_pairs(points, np.full(len(points), geom, dtype=object)).distance_m
    inside = shapely.contains_xy(grown, shapely.get_coordinates(points))
    assert inside[away < distance - 0.01 - MM].all()
    assert not inside[away > distance + MM].any()
    assert inside.any() and not inside.all()


def test_disc_has_the_area_of_a_geodesic_circle():
    """Area 2π R² (1 - cos(d/R)) to the order d⁴, with R² = M·N at the centre."""
    e2 = 2 / 298.257222101 - 1 / 298.257222101**2
    radius2 = 6378137.0**2 * (1 - e2) / (1 - e2 * np.sin(np.radians(29.5)) ** 2) ** 2
    for distance in (1_000.0, 5_000.0, 10_000.0):
        area = polygon_areas(np.array([grow(SHAPES["point"], distance, tolerance_m=0.001)]))[0]
        assert area == pytest.approx(np.pi * distance**2 * (1 - distance**2 / (12 * radius2)), rel=1e-6)


def test_tolerance_sets_how_far_chords_cut_in():
    for tolerance in (0.1, 0.01, 0.001):
        error = boundary_errors(SHAPES["point"], grow(SHAPES["point"], 5_000.0, tolerance_m=tolerance), 5_000.0)
        assert -tolerance - 1e-5 < error.min() < -0.2 * tolerance


def test_long_river_line_over_three_zones():
    along = np.linspace(0.0, 4.0, 4_000)
    river = shapely.LineString(
        np.column_stack([104.5 + along, 29.5 + 0.1 * np.sin(12.0 * along) + 0.004 * np.sin(300.0 * along)])
    )
    grown = grow(river, 1_000.0)
    error = boundary_errors(river, grown, 1_000.0)
    assert grown.is_valid and grown.geom_type == "Polygon"
    assert error.min() > -0.011 and error.max() < MM


def test_one_distance_each_and_shapes_stay_in_order():
    geoms = np.array([SHAPES["point"], None, SHAPES["polygon"], shapely.Polygon(), SHAPES["point"]], dtype=object)
    grown = buffer(geoms, [500.0, 1.0, 200.0, 5.0, 1_500.0])
    alone = [grow(SHAPES["point"], 500.0), grow(SHAPES["polygon"], 200.0), grow(SHAPES["point"], 1_500.0)]
    assert grown[1] is None and grown[3].is_empty
    assert all(shapely.equals(grown[[0, 2, 4]], np.array(alone, dtype=object)))


def test_rings_of_rising_distances_nest():
    for name in ("meander", "holed"):
        inner, middle, outer = (grow(SHAPES[name], d) for d in (1_000.0, 3_000.0, 5_000.0))
        assert middle.contains_properly(inner) and outer.contains_properly(middle)
        assert inner.covers(SHAPES[name])


def test_hole_closes_once_the_distance_is_half_its_width():
    rim = shapely.box(106.49, 29.49, 106.51, 29.51)
    zone = shapely.Polygon(shapely.box(106.4, 29.4, 106.6, 29.6).exterior, [rim.exterior])
    assert len(grow(zone, 960.0).interiors) == 1
    assert len(grow(zone, 980.0).interiors) == 0


def test_nothing_for_distance_0_but_the_polygon_itself():
    grown = buffer(np.array([SHAPES["polygon"], SHAPES["point"]], dtype=object), 0.0)
    assert grown[0].equals(SHAPES["polygon"]) and grown[1].is_empty


def test_repeated_vertices_and_a_line_of_one_place():
    line = shapely.LineString([(106.5, 29.5), (106.5, 29.5), (106.51, 29.5), (106.51, 29.5)])
    plain = shapely.LineString([(106.5, 29.5), (106.51, 29.5)])
    assert grow(line, 100.0).symmetric_difference(grow(plain, 100.0)).area < 1e-16
    still = shapely.LineString([(106.5, 29.5), (106.5, 29.5)])
    assert grow(still, 100.0).equals(grow(shapely.Point(106.5, 29.5), 100.0))


@pytest.mark.parametrize("wrong", [-1.0, float("nan"), 30_000.0])
def test_refuses_distances_it_cannot_hold(wrong):
    with pytest.raises(ValueError, match="distance_m"):
        grow(SHAPES["point"], wrong)
    with pytest.raises(ValueError, match="tolerance_m"):
        grow(SHAPES["point"], 10.0, tolerance_m=0.0)

"""Areas against an integral of the ellipsoid in extended precision and against GeographicLib."""

from __future__ import annotations

import csv

import numpy as np
import pytest
import shapely
import shapely.ops
from ecoredline.layers.geodesy.area import polygon_areas
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

A, RF = 6378137.0, 298.257222101
CGCS = Geod(a=A, rf=RF)
WGS = Geod(ellps="WGS84")
NODES, WEIGHTS = (np.asarray(v, np.longdouble) for v in np.polynomial.legendre.leggauss(20))


def area(geom: shapely.Geometry) -> float:
    return float(polygon_areas(np.array([geom], dtype=object))[0])


def integral(polygon: shapely.Polygon) -> np.longdouble:
    """∬ M N cos φ dφ dλ by nested quadrature in 80-bit numbers, straight from the definition."""
    total = np.longdouble(0)
    for ring, sign in [(polygon.exterior, 1), *((hole, -1) for hole in polygon.interiors)]:
        total += sign * abs(_ring_integral(np.asarray(ring.coords, np.longdouble)))
    return total


def _ring_integral(xy: np.ndarray) -> np.longdouble:
    e2 = np.longdouble(2) / np.longdouble(RF) - 1 / np.longdouble(RF) ** 2
    rad = np.longdouble("3.14159265358979323846264338328") / 180
    base = xy[:, 1].min()
    start, end = xy[:-1], xy[1:]
    lat = start[:, 1:] + (end - start)[:, 1:] * (1 + NODES) / 2
    rise = (lat - base)[..., None] * (1 + NODES) / 2
    phi = (base + rise) * rad
    density = A * A * (1 - e2) * np.cos(phi) / (1 - e2 * np.sin(phi) ** 2) ** 2
    column = (density * WEIGHTS).sum(axis=-1) / 2 * (lat - base) * rad
    return ((column * WEIGHTS).sum(axis=-1) / 2 * (end - start)[:, 0] * rad).sum()


@pytest.mark.parametrize("lon", [106.4999, 106.5, 106.5001, 105.3])
@pytest.mark.parametrize("radius", [0.5, 60.0, 1_700.0, 60_000.0, 500_000.0, 1_500_000.0])
def test_equals_the_integral_of_the_ellipsoid(blob, lon, radius):
    shape = blob(lon, 29.5, radius)
    assert area(shape) == pytest.approx(float(integral(shape)), rel=1e-11)


def test_one_square_metre_keeps_its_digits():
    step = 1.0 / 111_000.0
    shape = shapely.box(106.5, 29.5, 106.5 + step, 29.5 + step)
    assert area(shape) == pytest.approx(float(integral(shape)), rel=1e-11)
    assert 0.8 < area(shape) < 0.9


def test_sliver_a_millimetre_wide_and_fifty_kilometres_long():
    shape = shapely.Polygon([(106.2, 29.2), (106.7, 29.5), (106.7, 29.5 + 1e-8), (106.2, 29.2 + 1e-8)])
    assert area(shape) == pytest.approx(float(integral(shape)), rel=1e-6)


def test_hole_and_parts_and_nested_collection(blob):
    outer, hole, other = blob(106.5, 29.5, 5_000), blob(106.5, 29.5, 700, 12), blob(107.2, 30.1, 900)
    holed = shapely.Polygon(outer.exterior, [hole.exterior])
    expected = float(integral(holed) + integral(other))
    assert area(shapely.MultiPolygon([holed, other])) == pytest.approx(expected, rel=1e-11)
    nested = shapely.GeometryCollection(
        [shapely.MultiPolygon([holed]), shapely.GeometryCollection([other, shapely.Point(1, 1)])]
    )
    assert area(nested) == pytest.approx(expected, rel=1e-11)


def test_one_array_of_everything_keeps_its_order(blob):
    small, holed, tall = (
        blob(106.5, 29.5, 3.0),
        shapely.box(1, 1, 2, 2) - shapely.box(1.2, 1.2, 1.4, 1.4),
        shapely.box(100, 5, 101, 55),
    )
    rest = [None, shapely.Point(1, 2), shapely.LineString([(0, 0), (1, 1)]), shapely.Polygon()]
    found = polygon_areas(np.array([small, *rest, holed, tall], dtype=object))
    expected = [float(integral(g)) for g in (small, holed, tall)]
    assert found[[0, 5, 6]] == pytest.approx(expected, rel=1e-11)
    assert (found[1:5] == 0.0).all()
    assert len(polygon_areas(np.array([], dtype=object))) == 0


@pytest.mark.parametrize("lon", [106.47, 106.53])
@pytest.mark.parametrize("radius", [2.0, 40.0, 900.0, 15_000.0])
def test_equals_the_planimeter_where_edges_are_short(blob, lon, radius):
    shape = shapely.segmentize(blob(lon, 29.5, radius, seed=int(radius)), 8e-5)
    planimeter = abs(CGCS.geometry_area_perimeter(shape)[0])
    assert area(shape) == pytest.approx(planimeter, rel=1e-8, abs=1e-4)


def test_long_edges_are_straight_in_degrees_not_geodesics():
    shape = shapely.box(106, 29, 107, 30)
    assert abs(area(shape) / abs(CGCS.geometry_area_perimeter(shape)[0]) - 1.0) > 1e-6


@pytest.mark.parametrize("case", ["equator_diamond", "small_triangle"])
def test_published_planimeter_areas(oracle, case):
    """WGS 84, whose areas differ from those of CGCS2000 by 5e-11; edges cut along their geodesics."""
    with oracle("geographiclib_planimeter.csv").open() as lines:
        row = next(r for r in csv.DictReader(lines) if r["case"] == case)
    corners = [tuple(map(float, p.split())) for p in row["points_lat_lon"].split(";")]
    path = []
    for (lat1, lon1), (lat2, lon2) in zip(corners, corners[1:] + corners[:1], strict=True):
        steps = round(WGS.inv(lon1, lat1, lon2, lat2)[2] / 10.0)
        path += [(lon1, lat1), *WGS.npts(lon1, lat1, lon2, lat2, steps)]
    assert area(shapely.Polygon(path)) == pytest.approx(float(row["signed_area_m2_ccw_positive"]), rel=1e-9)


coordinate = st.floats(-1.0, 1.0, allow_subnormal=False)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(1.0, 50_000.0), coordinate, st.floats(-0.4, 0.4))
def test_cutting_adds_up(seed, radius, slope, offset):
    rng = np.random.default_rng(seed)
    turn = np.sort(rng.uniform(0, 2 * np.pi, 12))
    reach = radius / 111_000.0 * rng.uniform(0.5, 1.0, 12)
    shape = shapely.Polygon(np.column_stack([106.5 + reach * np.cos(turn), 29.5 + reach * np.sin(turn)]))
    if not shape.is_valid:
        shape = shape.convex_hull
    size = radius / 111_000.0
    knife = shapely.LineString(
        [
            (106.5 - 3 * size, 29.5 + offset * size - 3 * slope * size),
            (106.5 + 3 * size, 29.5 + offset * size + 3 * slope * size),
        ]
    )
    pieces = shapely.get_parts(shapely.ops.split(shape, knife))
    assert polygon_areas(pieces).sum() == pytest.approx(area(shape), rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 39), st.booleans(), st.floats(1.0, 100_000.0))
def test_start_and_direction_do_not_matter(start, backwards, radius):
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    reach = radius / 111_000.0 * (1 + 0.4 * np.cos(3 * turn))
    ring = np.column_stack([106.5 + reach * np.cos(turn), 29.5 + reach * np.sin(turn)])
    turned = np.roll(ring, start, axis=0)[:: -1 if backwards else 1]
    assert area(shapely.Polygon(turned)) == pytest.approx(area(shapely.Polygon(ring)), rel=1e-11)

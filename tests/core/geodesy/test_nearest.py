"""Nearest points against a search that knows only Karney's distance between points.

The oracle samples both outlines every 50 m, keeps all pairs of stretches that could be nearest and
narrows each by golden section along both, so it shares neither planes nor bounds with the product.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from ecoredline.layers.geodesy.nearest import nearest_pairs
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

CGCS = Geod(a=6378137.0, rf=298.257222101)
GOLDEN = (np.sqrt(5.0) - 1.0) / 2.0
STEP = 4.5e-4


def objects(*geoms: shapely.Geometry | None) -> np.ndarray:
    return np.array(geoms, dtype=object)


def stretches(geom: shapely.Geometry) -> np.ndarray:
    """(n, 4) ends of the outline's stretches of at most 50 m."""
    outline = shapely.boundary(geom) if shapely.get_dimensions(geom) == 2 else geom
    found = []
    for part in shapely.get_parts(outline):
        xy = shapely.get_coordinates(shapely.segmentize(part, STEP))
        found.append(np.hstack([xy[:-1], xy[1:]]) if len(xy) > 1 else np.hstack([xy, xy]))
    return np.vstack(found)


def candidates(a: shapely.Geometry, b: shapely.Geometry) -> tuple[np.ndarray, np.ndarray]:
    first, second = stretches(a), stretches(b)
    i, j = (k.ravel() for k in np.indices((len(first), len(second))))
    middle_a, middle_b = (first[i, :2] + first[i, 2:]) / 2, (second[j, :2] + second[j, 2:]) / 2
    rough = CGCS.inv(*middle_a.T, *middle_b.T)[2]
    # both half stretches are shorter than 28 m, so a pair farther off than this is never the nearest
    near = np.argsort(rough)[: int((rough <= rough.min() + 112.0).sum())]
    return first[i[near]], second[j[near]]


def golden(function, n: int, rounds: int) -> np.ndarray:
    """Least value of n functions of a share from 0 to 1."""
    low, high = np.zeros(n), np.ones(n)
    left, right = high - GOLDEN, low + GOLDEN
    at_left, at_right = function(left), function(right)
    for _ in range(rounds):
        drop = at_left < at_right
        low, high = np.where(drop, low, left), np.where(drop, right, high)
        probe = np.where(drop, high - GOLDEN * (high - low), low + GOLDEN * (high - low))
        value = function(probe)
        left, right = np.where(drop, probe, right), np.where(drop, left, probe)
        at_left, at_right = np.where(drop, value, at_right), np.where(drop, at_left, value)
    ends = np.minimum(function(np.zeros(n)), function(np.ones(n)))
    return np.minimum(np.minimum(at_left, at_right), ends)


def true_distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    pairs = [candidates(g, h) for g, h in zip(a, b, strict=True)]
    edge_a, edge_b = (np.vstack([pair[k] for pair in pairs]) for k in (0, 1))
    owner = np.repeat(np.arange(len(a)), [len(pair[0]) for pair in pairs])

    def best_along_b(share_a: np.ndarray) -> np.ndarray:
        point = edge_a[:, :2] + share_a[:, None] * (edge_a[:, 2:] - edge_a[:, :2])

        def distance(share_b: np.ndarray) -> np.ndarray:
            other = edge_b[:, :2] + share_b[:, None] * (edge_b[:, 2:] - edge_b[:, :2])
            return np.asarray(CGCS.inv(*point.T, *other.T)[2])

        return golden(distance, len(edge_a), 16)

    least = golden(best_along_b, len(edge_a), 16)
    result = np.full(len(a), np.inf)
    np.minimum.at(result, owner, least)
    return result


def shape(rng: np.random.Generator, lon: float, lat: float, size: float) -> shapely.Geometry:
    kind = rng.integers(4)
    turn = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(3, 9)))
    reach = size * rng.uniform(0.3, 1.0, len(turn))
    xy = np.column_stack([lon + reach * np.cos(turn), lat + reach * np.sin(turn)])
    if kind == 0:
        return shapely.Point(lon, lat)
    if kind == 1:
        return shapely.LineString(xy)
    hull = shapely.MultiPoint(xy).convex_hull
    return shapely.MultiPolygon([hull, shapely.box(*(xy[0] + size), *(xy[0] + 1.3 * size))]) if kind == 2 else hull


def random_pairs(seed: int, n: int, far: float) -> tuple[np.ndarray, np.ndarray]:
    """Pairs up to `far` metres apart about the seam at 106.5° E, sizes from 10 m to 5 km."""
    rng = np.random.default_rng(seed)
    a, b = [], []
    while len(a) < n:
        lon, lat = 106.5 + rng.uniform(-0.06, 0.06), rng.uniform(28.2, 32.2)
        apart, way = far / 111_000.0 * rng.uniform(0.05, 1.0), rng.uniform(0, 2 * np.pi)
        sizes = 10.0 ** rng.uniform(-4, -1.3, 2)
        first = shape(rng, lon, lat, sizes[0])
        second = shape(
            rng, lon + (apart + sizes.sum()) * np.cos(way), lat + (apart + sizes.sum()) * np.sin(way), sizes[1]
        )
        if not first.intersects(second):
            a.append(first)
            b.append(second)
    return objects(*a), objects(*b)


@pytest.mark.parametrize(("seed", "far"), [(1, 300.0), (2, 3_000.0), (3, 10_000.0)])
def test_within_a_millimetre_of_the_true_minimum(seed, far):
    a, b = random_pairs(seed, 14, far)
    found, true = nearest_pairs(a, b), true_distances(a, b)
    assert np.abs(found.distance_m - true).max() < 1e-3
    assert (found.distance_m > true - 2e-4).all()


def test_two_long_edges_ten_kilometres_apart():
    """Straight in degrees: geodesics between the ends would be 1 m off, a planar answer 1 to 4 mm."""
    a = objects(shapely.LineString([(106.45, 29.5), (106.55, 29.515)]))
    b = objects(shapely.LineString([(106.44, 29.585), (106.56, 29.62)]))
    found = nearest_pairs(a, b)
    assert 9_000 < found.distance_m[0] < 10_500
    assert found.distance_m == pytest.approx(true_distances(a, b), abs=5e-4)


def test_the_points_lie_on_the_geometries_and_carry_the_bearing():
    a, b = random_pairs(5, 200, 5_000.0)
    found = nearest_pairs(a, b)
    assert shapely.distance(shapely.points(found.lon_a, found.lat_a), a).max() < 1e-12
    assert shapely.distance(shapely.points(found.lon_b, found.lat_b), b).max() < 1e-12
    azimuth, _, distance = CGCS.inv(found.lon_a, found.lat_a, found.lon_b, found.lat_b)
    assert np.array_equal(found.distance_m, distance)
    assert found.bearing_deg == pytest.approx(np.mod(azimuth, 360.0), abs=1e-9)
    assert ((found.bearing_deg >= 0.0) & (found.bearing_deg < 360.0)).all()


def test_a_millimetre_on_either_side_of_a_limit():
    """Points 1 mm inside and outside a limit, north, north-east and east of a corner."""
    corner = shapely.box(106.4, 29.4, 106.5, 29.5)
    for azimuth in (0.0, 45.0, 90.0):
        for limit in (1_000.0, 3_000.0, 10_000.0):
            for off in (-0.001, 0.001):
                lon, lat, _ = CGCS.fwd(106.5, 29.5, azimuth, limit + off)
                # eastwards the edge runs away from the parallel's tangent, so the corner is the nearest point
                found = nearest_pairs(objects(shapely.Point(lon, lat)), objects(corner)).distance_m[0]
                if azimuth == 45.0:
                    assert found == pytest.approx(limit + off, abs=1e-7)
                assert found <= limit + off + 1e-7


def test_the_nearer_of_two_directions_is_found_to_the_millimetre():
    """Eastwards a transverse Mercator plane measures 4 mm more than is true at 10 km, northwards nothing."""
    east, north = (CGCS.fwd(106.5, 29.5, azimuth, 10_000.0 - off)[:2] for azimuth, off in ((90.0, 0.001), (0.0, 0.0)))
    found = nearest_pairs(objects(shapely.Point(106.5, 29.5)), objects(shapely.MultiPoint([north, east])))
    assert found.distance_m[0] == pytest.approx(9_999.999, abs=1e-6)


def test_where_they_meet_the_distance_is_zero_and_the_point_common(blob):
    site, zone = blob(106.5, 29.5, 500.0), blob(106.5, 29.5, 5_000.0, 400)
    inside, crossing = blob(106.5, 29.5, 50.0), shapely.LineString([(106.4, 29.5), (106.6, 29.5)])
    touching = shapely.box(*zone.exterior.coords[7], zone.exterior.coords[7][0] + 1, zone.exterior.coords[7][1] + 1)
    cases = [(site, zone), (zone, site), (inside, zone), (crossing, site), (zone, touching), (site, site)]
    found = nearest_pairs(objects(*(c[0] for c in cases)), objects(*(c[1] for c in cases)))
    assert (found.distance_m == 0.0).all() and np.isnan(found.bearing_deg).all()
    common = shapely.points(found.lon_a, found.lat_a)
    for (first, second), point in zip(cases, common, strict=True):
        assert first.distance(point) < 1e-12 and second.distance(point) < 1e-12
    assert np.array_equal(found.lon_a, found.lon_b) and np.array_equal(found.lat_a, found.lat_b)


def test_a_gap_of_the_last_digit_is_no_meeting():
    left = shapely.box(106.4, 29.4, 106.5, 29.5)
    for gap in (1e-9, np.nextafter(106.5, 107) - 106.5):
        right = shapely.box(106.5 + gap, 29.4, 106.6, 29.5)
        found = nearest_pairs(objects(left), objects(right)).distance_m[0]
        assert 0.0 < found < 2e-4


def test_points_rounded_on_to_an_edge_are_zero_only_where_they_meet():
    edge = shapely.LineString([(106.4999, 29.4), (106.5003, 29.4007)])
    share = np.random.default_rng(8).uniform(0, 1, (400, 1))
    first, last = shapely.get_coordinates(edge)
    points = shapely.points(first + share * (last - first))
    edges = np.full(len(points), edge, dtype=object)
    found, meet = nearest_pairs(points, edges).distance_m, shapely.intersects(points, edges)
    assert np.array_equal(found == 0.0, meet)
    assert found.max() < 1e-4 and not meet.all()


def test_site_in_a_hole_is_measured_to_the_rim(blob):
    hole = shapely.box(106.45, 29.45, 106.55, 29.55)
    zone = shapely.Polygon(shapely.box(106, 29, 107, 30).exterior, [hole.exterior])
    site = shapely.Point(106.54, 29.5)
    found = nearest_pairs(objects(site), objects(zone))
    assert found.distance_m[0] == pytest.approx(true_distances(objects(site), objects(hole))[0], abs=1e-3)
    assert found.bearing_deg[0] == pytest.approx(90.0, abs=0.01)


def test_missing_and_empty_have_no_distance():
    point = shapely.Point(106.5, 29.5)
    found = nearest_pairs(objects(None, shapely.Polygon(), point, point), objects(point, point, None, point))
    assert np.isnan(found.distance_m[:3]).all() and found.distance_m[3] == 0.0
    assert np.isnan(found.lon_b[:3]).all()
    assert nearest_pairs(objects(), objects()).distance_m.shape == (0,)
    with pytest.raises(ValueError, match="1 geometries against 2"):
        nearest_pairs(objects(point), objects(point, point))


def test_far_pairs_and_the_southern_hemisphere_stay_right():
    a = objects(shapely.Point(106.5, 29.5), shapely.Point(-60.0, -35.0), shapely.Point(106.5, -0.2))
    b = objects(
        shapely.box(116.3, 39.9, 116.4, 40.0), shapely.box(-59.9, -34.9, -59.8, -34.8), shapely.Point(106.5, 0.3)
    )
    corners = [(116.3, 39.9), (-59.9, -34.9), (106.5, 0.3)]
    true = [CGCS.inv(p.x, p.y, *corner)[2] for p, corner in zip(a, corners, strict=True)]
    assert nearest_pairs(a, b).distance_m == pytest.approx(true, rel=1e-3)
    assert nearest_pairs(a, b).distance_m[1:] == pytest.approx(true[1:], abs=1e-3)


def test_long_river_shared_by_many_sites_and_threads(blob):
    """The same object many times over, larger than what is prepared, from several threads at once."""
    along = np.linspace(0.0, 3.0, 6_000)
    river = shapely.LineString(np.column_stack([105.0 + along, 29.5 + 0.2 * np.sin(9.0 * along)]))
    rng = np.random.default_rng(4)
    sites = objects(*[blob(lon, 29.5 + rng.uniform(-0.3, 0.3), 200.0, 12) for lon in rng.uniform(105.2, 107.8, 300)])
    rivers = np.full(len(sites), river, dtype=object)
    whole = nearest_pairs(sites, rivers)
    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(lambda k: nearest_pairs(sites[k::2], rivers[k::2]).distance_m, (0, 1)))
    assert np.array_equal(whole.distance_m[::2], parts[0]) and np.array_equal(whole.distance_m[1::2], parts[1])
    pick = np.flatnonzero((whole.distance_m > 0.0) & (whole.distance_m < 10_000.0))[:6]
    near = [shapely.clip_by_rect(river, *sites[k].buffer(0.2).bounds) for k in pick]
    assert np.abs(whole.distance_m[pick] - true_distances(sites[pick], objects(*near))).max() < 1e-3


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 100_000), st.floats(10.0, 10_000.0))
def test_symmetric_and_zero_only_where_they_intersect(seed, far):
    rng = np.random.default_rng(seed)
    a = objects(*[shape(rng, 106.5, 29.5, 0.01) for _ in range(6)])
    b = objects(*[shape(rng, 106.5 + far / 111_000.0 * rng.uniform(-1, 1), 29.5, 0.01) for _ in range(6)])
    there, back = nearest_pairs(a, b), nearest_pairs(b, a)
    assert there.distance_m == pytest.approx(back.distance_m, abs=3e-4)
    assert np.array_equal(there.distance_m == 0.0, shapely.intersects(a, b))

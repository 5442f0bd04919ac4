"""The compiled search for nearest lines against GEOS, against Karney's algorithm and on both sides of its limits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import reference
import shapely
import shapes
from comparing import inequalities, prepared
from ecoredline.processing.engine.facts import nearest, plane_search
from ecoredline.processing.engine.facts.depth import point_depths
from ecoredline.processing.engine.facts.near_points import Nearest
from ecoredline.processing.engine.facts.search_sites import SearchSites
from ecoredline.processing.engine.kernel import box_tree, library
from ecoredline.processing.engine.kernel import nearest as compiled
from ecoredline.processing.engine.prepared.layer import PreparedLayer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry
from small_runs import GEOD, GROUND, Ground

pytestmark = pytest.mark.skipif(library.kernel() is None, reason="no compiled loops here")

MM = 1e-3
SAME_M = 0.5 * MM  # the plane of GEOS errs by up to 0.2 mm


def array(shapes_: Sequence[BaseGeometry]) -> np.ndarray:
    out = np.empty(len(shapes_), dtype=object)
    out[:] = list(shapes_)
    return out


def no_kernel() -> None:
    """Stand for a missing library."""


def in_groups(sites: Sequence[BaseGeometry], layer: PreparedLayer, reach_m: float) -> Nearest:
    return nearest.nearest_in_groups(SearchSites(array(sites)), layer, reach_m)


def by_key(near: Nearest, label: np.ndarray) -> dict[tuple[int, int], tuple[float, int]]:
    keys = zip(near.site.tolist(), label[near.feature].tolist(), strict=True)
    values = zip(near.distance_m.tolist(), near.feature.tolist(), strict=True)
    out = dict(zip(keys, values, strict=True))
    assert len(out) == len(near.site), "a pair twice"
    return out


def differences(ours: Nearest, theirs: Nearest, label: np.ndarray, reach_m: float) -> list[str]:
    one, other = by_key(ours, label), by_key(theirs, label)
    out = []
    for key in one.keys() | other.keys():
        mine, its = one.get(key), other.get(key)
        if mine is None or its is None:
            metres = (mine or its or (0.0, 0))[0]
            out += [f"{key}: {mine} {its}"] if abs(metres - reach_m) > SAME_M else []
        elif abs(mine[0] - its[0]) > SAME_M or (mine[1] != its[1] and mine[0] == 0):
            out.append(f"{key}: {mine} instead of {its}")
    return out


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("reach_m", [300.0, 3_000.0, 10_000.0, 20_000.0])
def test_groups_are_those_of_geos(seed: int, reach_m: float, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(seed)
    field = float(rng.choice([0.02, 0.2]))
    sites = shapes.sites(rng, 60, 0.004, field, on_grid=seed % 3 == 0)
    banks = shapes.banks(rng, 6, field)
    layer = prepared(banks, [0, 1, 1, 2, 2, 2])
    ours = in_groups(sites, layer, reach_m)
    monkeypatch.setattr(library, "kernel", no_kernel)
    theirs = in_groups(sites, layer, reach_m)
    assert len(theirs.site) > (2 if reach_m < 1_000 else 20)
    assert differences(ours, theirs, layer.group_of_feature, reach_m) == []


@pytest.mark.parametrize("seed", range(8))
def test_rims_are_those_of_geos(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(100 + seed)
    sites = shapes.sites(rng, 60, 0.004, 0.02, on_grid=seed % 2 == 0)
    layer = prepared(shapes.polygons(rng, 25, 0.006, 0.02, on_grid=seed % 2 == 0))
    plane = SearchSites(array(sites))
    ours = nearest.near_rims(plane, layer, 150.0)
    feature = rng.integers(0, 25, len(sites))
    own = nearest.to_own_rim(plane, layer, feature)
    monkeypatch.setattr(library, "kernel", no_kernel)
    theirs = nearest.near_rims(plane, layer, 150.0)
    assert len(theirs.site) > 30
    assert differences(ours, theirs, np.arange(25), 150.0) == []
    assert own == pytest.approx(nearest.to_own_rim(plane, layer, feature), abs=SAME_M)


@pytest.mark.filterwarnings("ignore:Conversion of an array:DeprecationWarning")
@pytest.mark.parametrize("kernel", ["compiled", "none"])
@pytest.mark.parametrize("seed", range(3))
def test_the_facts_are_those_of_the_reference(seed: int, kernel: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if kernel == "none":
        monkeypatch.setattr(library, "kernel", no_kernel)
    rng = np.random.default_rng(200 + seed)
    sites = shapes.sites(rng, 12, 0.004, 0.03, on_grid=False)
    assert inequalities(sites, shapes.banks(rng, 4, 0.03), 3_000.0, [0, 0, 1, 2]) == []
    assert inequalities(sites, shapes.polygons(rng, 6, 0.004, 0.03, on_grid=False), 150.0) == []


def far(lon: float, lat: float, bearing: float, metres: float) -> Point:
    return Point(GEOD.fwd(lon, lat, bearing, metres)[:2])


@pytest.mark.parametrize("limit", [200.0, 1_000.0, 3_000.0, 10_000.0, 20_000.0])
@pytest.mark.parametrize("lat", [3.5, 29.5, 53.5])
@pytest.mark.parametrize("bearing", [0.0, 61.0, 90.0, 200.0])
def test_both_sides_of_a_limit(limit: float, lat: float, bearing: float) -> None:
    for metres, count in ((limit - MM, 1), (limit + MM, 0)):
        there = far(106.5, lat, bearing, metres)
        away = GEOD.fwd(there.x, there.y, bearing, 4_000)[:2]
        layer = prepared([LineString([there, away])], [0])
        found, state = compiled.search(
            compiled.Sites.of(array([Point(106.5, lat)])), layer.bank_lines, np.zeros(1, int), np.zeros(1, int), limit
        )
        assert len(in_groups([Point(106.5, lat)], layer, limit).site) == count
        if count:
            assert state[0] == compiled.FOUND
            ends = [found[name][0] for name in ("site_lon", "site_lat", "lon", "lat")]
            assert GEOD.inv(*ends)[2] == pytest.approx(metres, abs=1e-6)


@pytest.mark.parametrize("edge", [((106.2, 29.56), (106.8, 29.56)), ((106.2, 29.3), (106.8, 29.9))])
@pytest.mark.parametrize("lon", [106.31, 106.5, 106.62])
def test_long_edges_are_straight_in_lon_lat(edge: tuple[tuple[float, float], tuple[float, float]], lon: float) -> None:
    """Sampled every metre about the nearest of samples every hundred."""
    a, b = np.array(edge)
    site = np.array([lon, 29.5])
    coarse = np.linspace(0, 1, 800)
    metres = GEOD.inv(*np.tile(site, (800, 1)).T, *(a + coarse[:, None] * (b - a)).T)[2]
    best = coarse[np.argmin(metres)]
    fine = np.linspace(best - 1 / 800, best + 1 / 800, 4_000)
    least = np.min(GEOD.inv(*np.tile(site, (4_000, 1)).T, *(a + fine[:, None] * (b - a)).T)[2])
    layer = prepared([LineString([a, b])], [0])
    assert in_groups([Point(site)], layer, 20_000.0).distance_m == pytest.approx([least], abs=0.1 * MM)
    # The same with the long edge on the site's side.
    layer = prepared([LineString([site, site + 1e-7])], [0])
    assert in_groups([LineString([a, b])], layer, 20_000.0).distance_m == pytest.approx([least], abs=20 * MM)


def test_long_edges_side_by_side_are_nearest_where_meridians_draw_together() -> None:
    """Six kilometres of two meridians 3 km apart: 2.6 m less at the northern end."""
    site, bank = LineString([(106.5, 29.47), (106.5, 29.53)]), LineString([(106.53, 29.47), (106.53, 29.53)])
    found = in_groups([site], prepared([bank], [0]), 5_000.0)
    assert found.distance_m == pytest.approx([GEOD.inv(106.5, 29.53, 106.53, 29.53)[2]], abs=0.1 * MM)


BOX = GROUND.box(-200, -200, 200, 200)
HOLED = shapely.difference(GROUND.box(-900, -900, 900, 900), GROUND.box(-500, -500, 500, 500))


@pytest.mark.parametrize(
    ("site", "bank", "metres", "state"),
    [
        (BOX, GROUND.line((-900, 10), (900, 30)), 0.0, compiled.FOUND),
        (BOX, GROUND.line((-50, 10), (50, 30)), 0.0, compiled.FOUND),  # inside
        (BOX, GROUND.line((-50, 10), (900, 30)), 0.0, compiled.FOUND),
        (HOLED, GROUND.line((-50, 10), (50, 30)), 450.0, compiled.FOUND),  # in the hole
        (HOLED, GROUND.line((-800, 0), (-700, 10)), 0.0, compiled.FOUND),
        (BOX, GROUND.line((200.004, -50), (200.004, 50)), 0.004, compiled.ASK),
        (BOX, GROUND.line((200.02, -50), (200.02, 50)), 0.02, compiled.FOUND),
        (BOX, LineString(list(BOX.exterior.coords)[:2]), 0.0, compiled.ASK),  # along the border
        (Point(106.5, 29.5), LineString([(106.5, 29.5), (106.6, 29.5)]), 0.0, compiled.ASK),
        (Point(106.5, 29.5), LineString([(106.501, 29.5), (106.6, 29.5)]), None, compiled.FOUND),  # on its line
        (LineString([(106.4, 29.5), (106.5, 29.5)]), LineString([(106.501, 29.5), (106.6, 29.5)]), None, None),
        (LineString([(106.5, 29.4), (106.5, 29.6)]), LineString([(106.4, 29.5), (106.6, 29.5)]), 0.0, None),
        (MultiPoint([(106.5, 29.5), (106.52, 29.5)]), LineString([(106.53, 29.4), (106.53, 29.6)]), None, None),
        (Point(106.5, 66.5), LineString([(106.501, 66.5), (106.6, 66.5)]), None, None),  # too far north
        (shapely.box(106.4, 29.3, 106.5, 29.6), LineString([(106.51, 29.2), (106.51, 29.7)]), None, None),  # too high
    ],
)
def test_what_meets_what_nearly_meets_and_what_does_not(
    site: BaseGeometry, bank: BaseGeometry, metres: float | None, state: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = prepared([bank], [0])
    sites = compiled.Sites.of(array([site]))
    if state is not None:
        _, found = compiled.search(sites, layer.bank_lines, np.zeros(1, int), np.zeros(1, int), 5_000.0)
        assert found[0] == state
    ours = in_groups([site], layer, 5_000.0)
    monkeypatch.setattr(library, "kernel", no_kernel)
    assert differences(ours, in_groups([site], layer, 5_000.0), np.zeros(1, int), 5_000.0) == []
    if metres is not None:
        assert ours.distance_m == pytest.approx([metres], abs=MM)
        assert (ours.distance_m[0] == 0) == (metres == 0)


def test_of_features_that_are_met_the_first_counts_and_of_equals_too() -> None:
    crossing = [GROUND.line((-900, y), (900, y)) for y in (-100, 0, 100)]
    inside = GROUND.line((-20, 40), (20, 50))
    assert in_groups([BOX], prepared([*crossing, inside], [0] * 4), 1e3).feature.tolist() == [0]
    assert in_groups([BOX], prepared([inside, *crossing], [0] * 4), 1e3).feature.tolist() == [0]
    touching = LineString(list(BOX.exterior.coords)[:2])
    assert in_groups([BOX], prepared([touching, *crossing], [0] * 4), 1e3).feature.tolist() == [0]
    assert in_groups([BOX], prepared([*crossing, touching], [0] * 4), 1e3).feature.tolist() == [0]
    twice = [GROUND.line((500, -900), (500, 900))] * 3
    assert in_groups([BOX], prepared([GROUND.line((501, 0), (800, 0)), *twice], [0] * 4), 1e3).feature.tolist() == [1]


def test_a_circle_about_a_point_leaves_too_many_to_choose_from() -> None:
    circle = LineString(GROUND.degrees(Point(0, 0).buffer(700, quad_segs=600)).exterior.coords)
    layer = prepared([circle], [0])
    centre = GROUND.point(0, 0)
    sites = compiled.Sites.of(array([centre]))
    _, state = compiled.search(sites, layer.bank_lines, np.zeros(1, int), np.zeros(1, int), 1e3)
    assert state[0] == compiled.LEFT
    least = reference.distance(centre, circle)
    assert in_groups([centre], layer, 1e3).distance_m == pytest.approx([least], abs=SAME_M)


def test_labels_within_leaves_none_out() -> None:
    rng = np.random.default_rng(7)
    banks = shapes.banks(rng, 40, 0.4)
    sites = shapes.sites(rng, 50, 0.004, 0.4, on_grid=False)
    layer = prepared(banks, list(range(40)))
    label = layer.group_of_feature
    flat = compiled.Sites.of(array(sites))
    found = compiled.labels_within(flat, layer.bank_lines, 2_000.0)
    pairs = set(zip(*(part.tolist() for part in found), strict=True))
    assert len(pairs) == len(found[0]) < 2_000
    near = {(i, int(label[j])) for i, s in enumerate(sites) for j, b in enumerate(banks) if s.distance(b) < 0.0179}
    assert {pair for pair in near if flat.fit[pair[0]]} <= pairs
    assert 0 < np.sum(~flat.fit) < 10


def test_points_lie_as_deep_as_geos_says_far_inside_too(monkeypatch: pytest.MonkeyPatch) -> None:
    ground = Ground(106.5, 29.5)
    large = ground.degrees(shapely.box(-60_000, -50_000, 60_000, 50_000), 20_000)
    layer = prepared([large, GROUND.box(-50, -50, 50, 50)])
    lines = [((-59_000, 0), (-20_000, 3_000)), ((100, 100), (200, 100)), ((-60_000, 0), (-59_999.999, 0))]
    overlap = array([ground.line(*line) for line in lines] + [MultiPoint([(106.5, 29.5), (106.9, 29.5)])])
    feature = np.zeros(len(overlap), dtype=np.int64)
    deep = point_depths(overlap, feature, layer)
    monkeypatch.setattr(library, "kernel", no_kernel)
    # At 40 and 50 km the plane of GEOS finds a pair that is 2 cm too far.
    assert deep == pytest.approx(point_depths(overlap, feature, layer), abs=MM, rel=1e-6)
    assert deep[0] > 30_000


def test_lines_and_sites_without_vertices() -> None:
    layer = prepared([GROUND.line((0, 0), (10, 0))], [0])
    assert len(in_groups([], layer, 100.0).site) == 0
    runs = box_tree.Runs.of(array([]))
    none = box_tree.Lines.of(runs, np.empty(0, int))
    assert len(compiled.labels_within(compiled.Sites.of(array([BOX])), none, 100.0)[0]) == 0


coordinate = st.integers(-40, 40).map(lambda k: k * 2.0**-12)
vertex = st.tuples(coordinate, coordinate).map(lambda xy: (106.5 + xy[0], 29.5 + xy[1]))
line = st.lists(vertex, min_size=2, max_size=12, unique=True).map(LineString)
ring = st.lists(vertex, min_size=3, max_size=9, unique=True).map(Polygon).filter(lambda p: p.is_valid and p.area > 0)
site = st.one_of(vertex.map(Point), line, ring, st.lists(line, min_size=2, max_size=3).map(MultiLineString))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sites=st.lists(site, min_size=1, max_size=4), banks=st.lists(line, min_size=1, max_size=4))
def test_any_lines_on_a_grid(sites: list[BaseGeometry], banks: list[BaseGeometry]) -> None:
    """Vertices on lines, lines on lines, lines end to end."""
    layer = prepared(banks, [0] * len(banks))
    plane = SearchSites(array(sites))
    ours = nearest.nearest_in_groups(plane, layer, 5_000.0)
    theirs = plane_search.exactly_met(
        plane_search.nearest_in_groups(plane, layer.groups, 5_000.0), plane, layer.geometry
    )
    assert differences(ours, theirs, np.zeros(len(banks), int), 5_000.0) == []

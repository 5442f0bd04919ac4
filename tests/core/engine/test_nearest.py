"""Distances, bearings and nearest points against Karney's algorithm, near and far, on both sides of 106.5°E."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import LineString, MultiPoint, MultiPolygon, Point, Polygon
from small_runs import GEOD, GROUND, Ground, Shape, layer, one, rule, run

MM = 1e-3


def facts(site: Shape, *banks: Shape) -> pd.DataFrame:
    return run(site, [layer("bank_line", *banks)], rule(layer="bank_line", place="within_m", value=1000)).facts


def thorn(lon: float, lat: float, away: float) -> LineString:
    """Return a line that begins at a point and runs away from it, so that its first vertex is the nearest."""
    far = GEOD.fwd(lon, lat, away, 4_000)
    return LineString([(lon, lat), far[:2]])


BEARINGS = (0.0, 47.0, 90.0, 133.0, 270.0)


@pytest.mark.parametrize("metres", [0.02, 1.0, 999.999, 1000.0, 2999.5, 9900.0])
@pytest.mark.parametrize("lon", [106.499999, 106.8])
def test_a_point_and_a_vertex(metres: float, lon: float) -> None:
    there = {bearing: GEOD.fwd(lon, 29.5, bearing, metres)[:2] for bearing in BEARINGS}
    found = facts(Point(lon, 29.5), *((thorn(*there[b], b), {"river": str(b)}) for b in BEARINGS))
    assert found["relation"].tolist() == ["near"] * len(BEARINGS)
    for n, bearing in enumerate(BEARINGS):
        row = one(found, feature_id=f"F{n}")
        assert row["distance_m"] == pytest.approx(metres, abs=MM)
        assert row["bearing_deg"] == pytest.approx(bearing, abs=max(0.001, 1e-7 / metres * 57.3))
        ends = [row[name] for name in ("site_lon", "site_lat", "feature_lon", "feature_lat")]
        assert GEOD.inv(*ends)[2] == pytest.approx(metres, abs=MM)
        assert ends[:2] == pytest.approx([lon, 29.5], abs=1e-9)
        assert ends[2:] == pytest.approx(there[bearing], abs=1e-8)


def golden(point: tuple[float, float], a: np.ndarray, b: np.ndarray) -> float:
    """Return the least geodesic distance to an edge straight in lon/lat; it has one minimum along a short edge."""
    ratio, low, high = (np.sqrt(5) - 1) / 2, 0.0, 1.0

    def at(t: float) -> float:
        return float(GEOD.inv(*point, *(a + t * (b - a)))[2])

    for _ in range(70):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, right) if at(left) < at(right) else (left, high)
    return at((low + high) / 2)


@pytest.mark.parametrize("lat", [29.56, 29.5885])
def test_a_long_edge_is_straight_in_lon_lat(lat: float) -> None:
    """The great circle between the ends of this edge of 60 km runs 40 m further north."""
    a, b = np.array([106.2, lat]), np.array([106.8, lat])
    found = one(facts(Point(106.47, 29.5), LineString([a, b])))
    assert found["distance_m"] == pytest.approx(golden((106.47, 29.5), a, b), abs=MM)


@pytest.mark.parametrize("shift", [0.02, 0.06])
def test_a_long_slanting_edge(shift: float) -> None:
    a, b = np.array([106.2, 29.3 + shift]), np.array([106.8, 29.83 + shift])
    found = one(facts(Point(106.5, 29.5), LineString([a, b])))
    assert found["distance_m"] == pytest.approx(golden((106.5, 29.5), a, b), abs=MM)


@pytest.mark.parametrize("lon", [106.3, 106.5, 106.7])
def test_a_large_site_has_its_distance_from_its_nearest_corner(lon: float) -> None:
    """Seven kilometres of latitude: a plane of one scale would choose another corner."""
    site = Polygon([(lon, 29.40), (lon + 0.004, 29.40), (lon + 0.004, 29.465), (lon, 29.465)])
    north = GEOD.fwd(lon + 0.004, 29.465, 60.0, 1500.0)
    south = GEOD.fwd(lon + 0.004, 29.40, 120.0, 1500.002)
    found = one(facts(site, LineString([north[:2], GEOD.fwd(*north[:2], 90, 500)[:2]]), thorn(south[0], south[1], 90)))
    assert found["distance_m"] == pytest.approx(1500.0, abs=MM)
    assert found["feature_id"] == "F0"


def test_the_nearer_of_two_features_of_one_river_is_kept() -> None:
    found = one(facts(GROUND.point(0, 0), GROUND.line((500, -900), (500, 900)), GROUND.line((-400, -900), (-400, 900))))
    assert found["feature_id"] == "F1"
    assert found["distance_m"] == pytest.approx(400, abs=MM)
    assert found["bearing_deg"] == pytest.approx(270, abs=0.01)


def test_every_river_class_and_definition_has_its_nearest_feature() -> None:
    line = [GROUND.line((x, -500), (x, 500)) for x in (100, 200, 300, 400)]
    kinds = [{}, {"river": "乙溪"}, {"river_class": "tributary"}, {"bank_def": "河道管理范围线"}]
    found = facts(GROUND.point(0, 0), *zip(line, kinds, strict=True))
    assert found["distance_m"].to_numpy() == pytest.approx([100, 200, 300, 400], abs=MM)


@pytest.mark.parametrize(("metres", "count"), [(9_999.99, 1), (10_000.01, 0)])
def test_banks_are_told_up_to_ten_kilometres(metres: float, count: int) -> None:
    there = GEOD.fwd(106.5, 29.5, 70.0, metres)
    assert len(facts(Point(106.5, 29.5), thorn(there[0], there[1], 70.0))) == count


def test_the_reach_grows_by_the_band() -> None:
    there = GEOD.fwd(106.5, 29.5, 70.0, 10_004.0)
    found = run(
        (Point(106.5, 29.5), {"accuracy_m": 2.0}),
        [layer("bank_line", thorn(there[0], there[1], 70.0), accuracy_m=3.0, authority="derived")],
        rule(layer="bank_line", place="within_m", value=1000),
    ).facts
    assert one(found)["distance_m"] == pytest.approx(10_004.0, abs=MM)


def test_lines_that_cross_are_at_zero() -> None:
    found = one(facts(GROUND.line((-50, 0), (50, 0)), GROUND.line((0, -50), (0, 50))))
    assert found["distance_m"] == 0
    assert np.isnan(found["bearing_deg"])


def test_a_site_with_parts_has_the_distance_of_the_nearest() -> None:
    bank = GROUND.line((1000, -900), (1000, 900))
    site = MultiPolygon([GROUND.box(-50, -20, 0, 20), GROUND.box(640, 300, 700, 350)])
    assert one(facts(site, bank))["distance_m"] == pytest.approx(300, abs=MM)
    points = MultiPoint([GROUND.point(0, 0), GROUND.point(650, 0)])
    assert one(facts(points, bank))["distance_m"] == pytest.approx(350, abs=MM)


def test_a_hole_does_not_bring_a_site_nearer_but_a_bank_inside_it_counts_to_its_rim() -> None:
    ring = shapely.difference(GROUND.box(-500, -500, 500, 500), GROUND.box(-300, -300, 300, 300))
    assert one(facts(ring, GROUND.line((900, -200), (900, 200))))["distance_m"] == pytest.approx(400, abs=MM)
    assert one(facts(ring, GROUND.line((150, -20), (150, 20))))["distance_m"] == pytest.approx(150, abs=MM)


def test_a_footprint_is_taken_off_the_distance() -> None:
    bank = GROUND.line((500, -900), (500, 900))
    found = one(facts((GROUND.point(0, 0), {"footprint_m": 120.0}), bank))
    assert found["distance_m"] == pytest.approx(380, abs=0.05)
    declared = one(facts((GROUND.point(0, 0), {"area_m2": np.pi * 120.0**2}), bank))
    assert declared["distance_m"] == pytest.approx(380, abs=0.05)


@pytest.mark.parametrize("lon", [103.0, 106.4999, 106.5001, 109.9])
def test_the_zone_makes_no_difference(lon: float) -> None:
    ground = Ground(lon, 29.5)
    site = ground.degrees(shapely.box(-40, -30, 40, 30))
    assert one(facts(site, ground.line((3_000, -200), (3_000, 200))))["distance_m"] == pytest.approx(2960, abs=MM)


def test_a_polygon_bank_counts_from_its_rim_and_is_zero_within() -> None:
    water = GROUND.box(0, -2000, 600, 2000)
    assert one(facts(GROUND.box(-450, 0, -400, 50), water))["distance_m"] == pytest.approx(400, abs=MM)
    assert one(facts(GROUND.box(250, 0, 300, 50), water))["distance_m"] == 0

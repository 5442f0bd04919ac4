"""How much of a site lies inside a limit, against a dense buffer in PROJ's own plane and pyproj's areas."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from small_runs import GROUND, area_m2, layer, length_m, one, rule, run

LIMIT = 1000.0
# A buffer of 96 segments a quarter circle is at most 3.4 cm short; a site's rim crosses its arc over some 300 m.
SHORT_M = 0.05


def finding(site: BaseGeometry, bank: BaseGeometry, **fields: object) -> pd.Series:
    result = run(site, [layer("bank_line", (bank, fields))], rule(layer="bank_line", place="within_m", value=LIMIT))
    return one(result.findings)


def dense_inside(site: BaseGeometry, bank: BaseGeometry, limit: float = LIMIT) -> BaseGeometry:
    """Return the part of a site inside the limit, by a buffer of 2,000 segments a quarter circle."""
    reach = shapely.buffer(GROUND.metres(bank), limit, quad_segs=2000)
    return GROUND.degrees(shapely.intersection(GROUND.metres(site), reach), 5.0)


STRAIGHT = GROUND.line((0, -3000), (0, 3000))


def test_half_a_rectangle() -> None:
    found = finding(GROUND.box(950, -100, 1050, 100), STRAIGHT)
    assert found["within_m2"] == pytest.approx(50 * 200, abs=SHORT_M * 200)
    assert found["within_share"] == pytest.approx(0.5, abs=0.001)
    assert math.isnan(found["within_length_m"])
    assert found["limit_m"] == LIMIT


@pytest.mark.parametrize("depth", [0.5, 30.0, 99.9])
def test_the_strip_inside_is_as_wide_as_the_site_is_deep_in_it(depth: float) -> None:
    found = finding(GROUND.box(LIMIT - depth, -100, LIMIT - depth + 100, 100), STRAIGHT)
    assert found["within_m2"] == pytest.approx(depth * 200, abs=SHORT_M * 200)


SITES = {
    "triangle": GROUND.degrees(Polygon([(800, -300), (1250, -50), (870, 420)])),
    "holed": shapely.difference(GROUND.box(850, -300, 1150, 300), GROUND.box(930, -80, 1080, 90)),
    "parts": MultiPolygon(
        [GROUND.box(700, -50, 760, 60), GROUND.box(960, 300, 1040, 380), GROUND.box(1100, 0, 1120, 9)]
    ),
    "large": GROUND.box(-2500, 200, 2500, 5200),
}
BANKS = {
    "straight": STRAIGHT,
    "end": GROUND.line((0, 0), (-1500, -900)),
    "winding": GROUND.line((-900, -2500), (40, -700), (-200, 0), (150, 350), (-400, 2600)),
}


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("bank", BANKS)
def test_area_inside_is_that_of_a_dense_buffer(site: str, bank: str) -> None:
    shape, line = SITES[site], BANKS[bank]
    inside = dense_inside(shape, line)
    found = finding(shape, line)
    rim = GROUND.metres(inside).length
    assert found["within_m2"] == pytest.approx(area_m2(inside), abs=SHORT_M * rim)
    assert found["within_share"] == pytest.approx(area_m2(inside) / area_m2(shape), abs=SHORT_M * rim / area_m2(shape))


def test_wholly_inside_is_the_whole_site() -> None:
    site = GROUND.box(300, -100, 500, 100)
    found = finding(site, STRAIGHT)
    assert found["within_share"] == 1
    assert found["within_m2"] == pytest.approx(area_m2(site), rel=1e-7)


def test_length_of_a_line_inside() -> None:
    road = GROUND.line((1600, 0), (700, 0), (700, 400), (2000, 400))
    found = finding(road, STRAIGHT)
    assert found["within_length_m"] == pytest.approx(300 + 400 + 300, abs=2 * SHORT_M)
    assert found["within_share"] == pytest.approx(1000 / length_m(road), abs=0.001)
    assert math.isnan(found["within_m2"])


def test_a_point_is_inside_or_not() -> None:
    found = finding(GROUND.point(400, 0), STRAIGHT)
    assert found["within_share"] == 1
    assert math.isnan(found["within_m2"]) and math.isnan(found["within_length_m"])


def test_a_footprint_is_an_area() -> None:
    result = run(
        (GROUND.point(1000, 0), {"footprint_m": 80.0}),
        [layer("bank_line", STRAIGHT)],
        rule(layer="bank_line", place="within_m", value=LIMIT),
    )
    found = one(result.findings)
    assert found["within_share"] == pytest.approx(0.5, abs=0.002)
    assert found["within_m2"] == pytest.approx(math.pi * 80**2 / 2, rel=0.005)


def test_what_lies_in_the_water_is_inside() -> None:
    water = GROUND.box(-3000, -3000, 0, 3000)
    site = GROUND.box(-1800, -50, 1500, 50)
    found = finding(site, water)
    assert found["distance_m"] == 0
    assert found["within_m2"] == pytest.approx(2800 * 100, abs=SHORT_M * 100 * 2)


def test_a_site_in_the_middle_of_wide_water_is_wholly_inside() -> None:
    water = GROUND.box(-3000, -3000, 3000, 3000)
    found = finding(GROUND.box(-100, -100, 100, 100), water)
    assert found["within_share"] == pytest.approx(1, abs=1e-9)


def test_half_the_width_of_a_centre_line_widens_the_limit() -> None:
    found = finding(GROUND.box(1250, -100, 1350, 100), STRAIGHT, bank_def="河道中心线", half_width_m=300.0)
    assert found["distance_m"] == pytest.approx(950, abs=0.001)
    assert found["within_m2"] == pytest.approx(50 * 200, abs=SHORT_M * 200)


def test_both_banks_of_a_river_count_together() -> None:
    """Between two lines 2,400 m apart a site is near one end by one bank and near the other by the other."""
    bank = shapely.union_all([GROUND.line((0, -3000), (0, 3000)), GROUND.line((2400, -3000), (2400, 3000))])
    found = finding(GROUND.box(900, -50, 1500, 50), bank)
    assert found["within_m2"] == pytest.approx((100 + 100) * 100, abs=2 * SHORT_M * 100)


def test_nothing_is_told_where_the_limit_was_missed() -> None:
    result = run(
        (GROUND.box(1002, -100, 1100, 100), {"accuracy_m": 5.0}),
        [layer("bank_line", STRAIGHT)],
        rule(layer="bank_line", place="within_m", value=LIMIT),
    )
    found = one(result.findings)
    assert found["outcome"] == "undetermined"
    assert all(math.isnan(found[name]) for name in ("within_m2", "within_length_m", "within_share"))


def test_a_rule_of_overlap_has_no_limit() -> None:
    result = run(GROUND.box(-50, -50, 50, 50), [layer("red_line", GROUND.box(-500, -500, 500, 500))], rule())
    found = one(result.findings)
    assert all(math.isnan(found[name]) for name in ("limit_m", "within_m2", "within_share"))


def test_an_edge_of_the_site_is_straight_in_lon_lat() -> None:
    """A site of two long edges: 4 km of parallel bulges by 18 cm from the straight line of any plane."""
    wide = shapely.box(106.4793, 29.50, 106.5207, 29.5003)
    bank = LineString([(106.4793, 29.4912), (106.5207, 29.4912)])
    found = finding(wide, bank)
    inside = dense_inside(wide, bank)
    assert found["within_m2"] == pytest.approx(area_m2(inside), abs=SHORT_M * 4000)


def inside_red_line(site: BaseGeometry, features: list[BaseGeometry], limit: float = 100.0) -> pd.Series:
    near = rule(layer="red_line", place="within_m", value=limit)
    return run(site, [layer("red_line", *features)], near).findings.iloc[0]


FAR_APART = [GROUND.box(-900, -400, 0, 400), GROUND.box(500, -400, 1400, 400)]


def test_all_of_another_feature_lies_inside_too() -> None:
    """The site reaches deep into two features: 300 m into each, and 100 m beyond the border of each."""
    found = inside_red_line(GROUND.box(-300, -50, 800, 50), FAR_APART)
    assert found["within_m2"] == pytest.approx((300 + 100 + 100 + 300) * 100, abs=4 * SHORT_M * 100)


def test_a_line_through_two_features_is_inside_in_both() -> None:
    found = inside_red_line(GROUND.line((-300, 3), (800, 57)), FAR_APART)
    assert found["within_share"] == pytest.approx(800 / 1100, abs=1e-4)


def test_a_hole_wider_than_the_limit_is_partly_outside() -> None:
    ring = shapely.difference(GROUND.box(-1000, -1000, 1000, 1000), GROUND.box(-300, -200, 300, 200))
    found = inside_red_line(GROUND.box(-600, -400, 600, 400), [ring])
    assert found["within_m2"] == pytest.approx(1200 * 800 - 400 * 200, abs=SHORT_M * 1200)


def test_a_site_of_many_kilometres_is_judged_in_parts() -> None:
    """20 km along a straight border: the strip of 1 km beyond it, whatever planes it is measured in."""
    coast = GROUND.degrees(shapely.LineString([(-15_000, 0), (15_000, 0)]))
    site = GROUND.box(-10_000, 500, 10_000, 2_500)
    inside = dense_inside(site, coast)
    found = finding(site, coast)
    assert found["within_m2"] == pytest.approx(area_m2(inside), abs=SHORT_M * 20_000)


def test_a_large_site_that_touches_the_lines_along_which_it_is_cut() -> None:
    """A U whose right leg begins exactly where the first cut runs."""
    west, south = 106.45, 29.47
    legs = [(0, 0, 0.03, 0.05), (0, 0, 0.06, 0.01), (0.04, 0, 0.06, 0.05)]
    site = shapely.union_all([shapely.box(west + a, south + b, west + c, south + d) for a, b, c, d in legs])
    bank = LineString([(west - 0.001, south - 0.03), (west - 0.001, south + 0.08)])
    found, inside = finding(site, bank), dense_inside(site, bank)
    assert found["within_m2"] == pytest.approx(area_m2(inside), abs=SHORT_M * 6_000)


def star(rng: np.random.Generator, x: float, y: float, size: float) -> Polygon:
    """Return a spiky polygon: radii between a third and all of its size."""
    angle = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(5, 40))))
    radius = size * rng.uniform(0.33, 1, len(angle))
    return Polygon(np.column_stack((x + radius * np.cos(angle), y + radius * np.sin(angle))))


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("kind", ["red_line", "bank_line"])
def test_random_sites_beside_random_features_as_a_dense_buffer_has_them(seed: int, kind: str) -> None:
    rng = np.random.default_rng(seed)
    limit = float(rng.choice([30.0, 100.0, 400.0]))
    shapes = [shapely.make_valid(star(rng, *rng.uniform(-300, 300, 2), 250)) for _ in range(3)]
    if kind == "bank_line":
        shapes = [LineString(rng.uniform(-400, 400, (int(rng.integers(2, 12)), 2)))]
    sites = [star(rng, *rng.uniform(-400, 400, 2), 300), LineString(rng.uniform(-600, 600, (6, 2)))]
    features, placed = [GROUND.degrees(s) for s in shapes], [GROUND.degrees(s) for s in sites]
    near = rule(layer=kind, place="within_m", value=limit)
    found = run(placed, [layer(kind, *features)], near).findings.drop_duplicates("site_id").set_index("site_id")
    reach = shapely.union_all([shapely.buffer(GROUND.metres(f), limit, quad_segs=2000) for f in features])
    for i, site in enumerate(placed):
        shape = GROUND.metres(site)
        inside = shapely.intersection(shape, reach)
        if f"S{i}" not in found.index:
            assert inside.is_empty
            continue
        rim = 0.02 * shapely.intersection(shapely.boundary(reach), shapely.envelope(shape)).length + 1.0
        column, true = ("within_m2", inside.area) if i == 0 else ("within_length_m", inside.length)
        assert found.loc[f"S{i}", column] == pytest.approx(true, abs=rim)

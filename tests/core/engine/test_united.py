"""What lies in several features of a role counts once, by lengths worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry
from small_runs import GEOD, GROUND, Shape, layer, rule, run

LEFT, RIGHT = {"side": "left"}, {"side": "right"}


def length_in(role: str, site: BaseGeometry, *shapes: Shape, **more: Any) -> float:
    made = run(site, [layer(role, *shapes, **more)], rule(layer=role))
    return float(made.roles["length_m"].iloc[0])


def geodesic(line: BaseGeometry) -> float:
    return float(GEOD.line_length(*shapely.get_coordinates(line).T))


@pytest.mark.parametrize("degrees", range(0, 180, 7))
def test_a_feature_within_another_adds_nothing(degrees: int) -> None:
    """A line of 900 m, from 342.93 to 498.13 m in one strip, from 411.62 to 431.74 m in another within it."""
    way = np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])
    aside = np.array([-way[1], way[0]])

    def strip(begin: float, end: float) -> BaseGeometry:
        ring = [way * begin - aside * 333, way * end - aside * 333, way * end + aside * 341, way * begin + aside * 341]
        return GROUND.degrees(shapely.Polygon(ring), 1e6)

    site = GROUND.degrees(shapely.LineString([way * 0, way * 900]), 1e6)
    outer, inner = strip(342.93, 498.13), strip(411.62, 431.74)
    for shapes in ([outer, inner], [inner, outer], [inner, outer, inner]):
        # the edges of the strips are straight in longitude and latitude: they leave the plane by under 1 mm here
        assert length_in("red_line", site, *shapes) == pytest.approx(155.20, abs=2e-3)
    assert length_in("red_line", site, outer) == pytest.approx(length_in("red_line", site, outer, inner), abs=1e-6)


def test_the_water_of_two_bank_definitions_counts_once() -> None:
    """The line crosses 155.2 m between the outer banks, of which 20.12 m lie between the inner ones as well."""
    site = GROUND.degrees(shapely.LineString([(-343.0, -71.0), (557.0, 129.0)]), 1e6)
    banks = [
        (GROUND.line((x, -900), (x + 7, 900)), {**side, "bank_def": name})
        for name, near, far in (("临水线", 0, 155.2), ("管理范围线", 68.69, 88.81))
        for x, side in ((near, LEFT), (far, RIGHT))
    ]
    wide = shapely.intersection(site, shapely.Polygon([*banks[0][0].coords, *banks[1][0].coords[::-1]]))
    assert length_in("bank_line", site, *banks) == pytest.approx(geodesic(wide), abs=1e-3)
    assert length_in("bank_line", site, *banks[:2]) == pytest.approx(length_in("bank_line", site, *banks), abs=1e-6)


def test_parts_that_overlap_halfway_and_parts_that_stand_apart() -> None:
    site = GROUND.line((0, 3), (1000, 17))
    whole = geodesic(site)
    slabs = [GROUND.box(west, -100, east, 100) for west, east in ((100, 300), (250, 400), (600, 700))]
    assert length_in("red_line", site, *slabs) == pytest.approx(whole * 0.4, abs=2e-3)
    assert length_in("red_line", site, *slabs, GROUND.box(-50, -100, 1050, 100)) == pytest.approx(whole, abs=1e-3)


def test_a_line_that_crosses_itself_and_one_that_runs_back() -> None:
    slabs = [GROUND.box(100, -500, 300, 500), GROUND.box(200, -500, 400, 500)]
    loop = shapely.LineString([(0, 0), (500, 0), (500, 250), (250, 250), (250, -250)])
    # from x = 100 to 400 along the axis, 150 m of the way back at 250 m and 500 m down
    assert length_in("red_line", GROUND.degrees(loop), *slabs) == pytest.approx(300 + 150 + 500, abs=2e-3)
    back = shapely.LineString([(0, 0), (150, 0), (350, 0), (150, 0), (150, 200)])
    # over one place twice: it counts there once
    assert length_in("red_line", GROUND.degrees(back, 1e6), *slabs) == pytest.approx(250 + 200, abs=2e-3)


def test_what_lies_wholly_in_one_of_several_features_is_the_site_itself() -> None:
    inner, outer = GROUND.box(40, -10, 80, 110), GROUND.box(-10, -10, 110, 110)
    area, line = GROUND.box(0, 0, 100, 100), GROUND.line((0, 3), (100, 17))
    back = GROUND.degrees(shapely.LineString([(0, 0), (60, 0), (90, 0), (60, 0), (60, 90)]), 1e6)
    made = run([area, line, back], [layer("red_line", inner, outer)], rule())
    alone = run([area, line, back], [layer("red_line", outer)], rule())
    assert made.roles["overlap_m2"].iloc[0] == alone.roles["overlap_m2"].iloc[0] == pytest.approx(1e4, rel=1e-5)
    assert made.roles["length_m"].iloc[1] == alone.roles["length_m"].iloc[1] == pytest.approx(geodesic(line), abs=1e-3)
    assert made.roles["length_m"].iloc[2] == pytest.approx(90 + 90, abs=2e-3)  # what it runs twice counts once
    short = run(area, [layer("red_line", inner, GROUND.box(-10, -10, 99.99, 110))], rule())
    assert short.roles["overlap_m2"].iloc[0] == pytest.approx(99.99 * 100, rel=1e-5)


def test_areas_and_points_are_as_before() -> None:
    made = run(
        [GROUND.box(0, 0, 100, 100), GROUND.point(50, 50)],
        [layer("red_line", GROUND.box(-10, -10, 60, 110), GROUND.box(40, -10, 80, 110))],
        rule(),
    )
    assert made.roles["overlap_m2"].tolist() == [pytest.approx(8000, rel=1e-5), 0.0]
    assert made.roles["overlap_share"].iloc[1] == 1.0

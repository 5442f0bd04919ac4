"""What looks wrong about sites: both sides of every threshold."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from ecoredline.layers.intake.checks import check
from ecoredline.layers.intake.forensics import Expected
from ecoredline.layers.site_table import normalise

X, Y = 36354500.0, 3265500.0
BACK = pyproj.Transformer.from_crs(4524, 4490, always_xy=True)


def box(x, y, w, h):
    return shapely.box(X + x, Y + y, X + x + w, Y + y + h)


def checked(shapes, expected=None, **columns):
    frame = gpd.GeoDataFrame(columns, geometry=list(shapes), crs=4524)
    sites = normalise(frame, "x")
    return check(sites, frame.geometry.to_numpy(), True, expected or Expected())


def kinds(found):
    return [each.problem for each in found]


@pytest.mark.parametrize(
    ("declared", "problem", "words"),
    [
        (40_000.0, "area_proof", "平面"),
        (40_000.9, "area_proof", "平面"),
        (40_030.0, "area_differs", "不同投影带"),
        (4.0, "area_differs", "公顷"),
        (4e8, "area_differs", "误按公顷"),
        (60.0, "area_differs", "亩"),
        (42_000.0, "area_differs", "界址点"),
    ],
)
def test_areas_are_held_against_plane_and_ellipsoid(declared, problem, words):
    found = [each for each in checked([box(0, 0, 200, 200)], area_m2=[declared]) if each.problem.startswith("area")]
    assert [each.problem for each in found] == [problem]
    assert words in found[0].zh
    assert "椭球" in found[0].value


def test_an_area_on_the_ellipsoid_is_told_from_one_in_the_plane():
    shape = box(0, 0, 3000, 3000)
    lon, lat = BACK.transform(*shapely.get_coordinates(shapely.segmentize(shape, 10)).T)
    true = abs(pyproj.Geod(a=6378137, rf=298.257222101).polygon_area_perimeter(lon, lat)[0])
    assert abs(true - 9e6) > 1000
    found = [each for each in checked([shape], area_m2=[round(true, 2)]) if each.problem.startswith("area")]
    assert "椭球面积相符" in found[0].zh


def test_vertices_that_repeat_touch_or_make_spikes():
    ring = [(X, Y), (X + 100, Y), (X + 100, Y + 100), (X, Y + 100)]
    assert kinds(checked([shapely.Polygon(ring)])) == []
    assert "duplicate_vertices" in kinds(checked([shapely.Polygon([*ring[:2], ring[1], *ring[2:]])]))
    for width, spiky in ((2.0, False), (0.5, True)):  # a thorn 50 m long: 2.3° and 0.6°
        thorn = [(X + 100, Y + 50), (X + 150, Y + 50 + width / 2), (X + 100, Y + 50 + width)]
        assert ("spike" in kinds(checked([shapely.Polygon([*ring[:2], *thorn, *ring[2:]])]))) == spiky
    eight = [(X, Y), (X + 10, Y), (X + 5, Y + 5), (X + 10, Y + 10), (X, Y + 10), (X + 5, Y + 5)]
    assert "vertex_twice" in kinds(checked([shapely.Polygon(eight)]))


def test_slivers_overlaps_and_magnitudes():
    assert "sliver" in kinds(checked([box(0, 0, 200, 0.4)]))
    assert "sliver" not in kinds(checked([box(0, 0, 200, 0.6)]))
    assert "overlap" in kinds(checked([box(0, 0, 100, 100), box(99.9, 0, 100, 100)]))
    assert "overlap" not in kinds(checked([box(0, 0, 100, 100), box(100, 0, 100, 100)]))
    found = next(
        each
        for each in checked([box(0, 0, 100, 100), box(50, 0, 100, 100)], site_id=["甲", "乙"])
        if each.problem == "overlap"
    )
    assert (found.row, found.site_id) == (1, "甲")
    assert "乙" in found.zh
    assert float(found.value.split()[0]) == pytest.approx(5000, rel=1e-2)
    assert "magnitude" in kinds(checked([box(0, 0, 0.9, 0.9)]))
    assert "magnitude" not in kinds(checked([box(0, 0, 1.1, 1.1)]))
    assert "magnitude" in kinds(checked([box(0, 0, 10_100, 10_100)]))
    assert "magnitude" not in kinds(checked([box(0, 0, 9_900, 9_900)]))


def test_sites_outside_of_the_district():
    west, south = BACK.transform(X, Y)
    district = Expected(shapely.box(west - 0.1, south - 0.1, west + 0.1, south + 0.1))
    assert "outside_region" not in kinds(checked([box(0, 0, 100, 100)], district))
    assert "outside_region" in kinds(checked([box(30_000, 0, 100, 100)], district))


def test_rows_of_one_kind_are_bounded():
    shapes = [box(i * 10, 0, 0.5, 0.5) for i in range(1_500)]
    found = [each for each in checked(shapes) if each.problem == "magnitude"]
    assert len(found) == 1_001
    assert found[-1].row == 0
    assert np.all(np.diff([each.row for each in found[:-1]]) == 1)

"""Repairs: on a copy, listed with reason and areas, nothing lost in silence."""

import numpy as np
import pytest
import shapely
from ecoredline.layers.errors import SourceError
from ecoredline.layers.quality import check_finite, check_kinds, nothing_there, repair

BOW = "POLYGON((106 29,106.01 29.01,106.01 29,106 29.01,106 29))"
OUTSIDE_HOLE = "POLYGON((106 29,106.01 29,106.01 29.01,106 29.01,106 29),(106.02 29,106.03 29,106.03 29.01,106.02 29))"
SQUARE = "POLYGON((106 29,106.01 29,106.01 29.01,106 29.01,106 29))"
SQUARE_M2 = 1_079_700  # 972.9 m × 1108.6 m, by the radii of the ellipsoid at 29°, to 0.1 %


def geoms(*texts):
    out = np.empty(len(texts), dtype=object)
    out[:] = [None if text is None else shapely.from_wkt(text) for text in texts]
    return out


def names(n):
    return np.array([str(i) for i in range(n)], dtype=object)


def test_valid_geometry_stays_what_it_is():
    came = geoms(SQUARE, "LINESTRING(106 29,107 30)", "POINT(106 29)")
    done = repair(came, names(3))
    assert done.kept.all()
    assert done.repairs.empty
    assert all(a is b for a, b in zip(came, done.geoms, strict=True))


def test_a_bow_tie_becomes_its_two_triangles_and_the_original_stays():
    came = geoms(BOW)
    done = repair(came, names(1))
    assert shapely.is_valid(done.geoms[0])
    assert done.geoms[0].geom_type == "MultiPolygon"
    assert not shapely.is_valid(came[0])
    row = done.repairs.iloc[0]
    assert row["fid"] == "0"
    assert "Self-intersection" in row["problem"]
    assert "自相交" in row["problem_zh"]
    assert row["area_before_m2"] == pytest.approx(0.0, abs=200.0)  # the lobes cancel
    assert row["area_after_m2"] == pytest.approx(SQUARE_M2 / 2, rel=2e-3)


def test_a_hole_outside_becomes_a_part():
    done = repair(geoms(OUTSIDE_HOLE), names(1))
    assert done.kept.all()
    assert shapely.is_valid(done.geoms[0])
    assert done.repairs["area_after_m2"][0] > 0


def test_nothing_is_dropped_without_a_row():
    came = geoms(
        None, "POLYGON EMPTY", "POLYGON((106 29,106.01 29,106 29,106 29))", "POINT(0 0)", "LINESTRING(1 1,1 1)", SQUARE
    )
    done = repair(came, names(6))
    assert done.kept.tolist() == [False] * 5 + [True]
    assert set(done.repairs["fid"]) == {"0", "1", "2", "3", "4"}
    assert done.repairs["problem_zh"].str.contains("略去").all()


def test_only_polygon_parts_remain_of_a_polygon():
    spike = "POLYGON((106 29,106.01 29,106.01 29.01,106.02 29.02,106.01 29.01,106 29.01,106 29))"
    done = repair(geoms(spike), names(1))
    assert done.geoms[0].geom_type == "Polygon"
    assert done.repairs["area_after_m2"][0] == pytest.approx(SQUARE_M2, rel=2e-3)


def test_rings_closed_on_reading_are_listed():
    done = repair(geoms(SQUARE, SQUARE), names(2), np.array([True, False]))
    assert done.repairs["fid"].tolist() == ["0"]
    assert done.repairs["area_before_m2"][0] == done.repairs["area_after_m2"][0]


def test_coordinates_that_are_no_numbers_name_their_features():
    bad = np.array(
        [shapely.Point(1, 2), shapely.Point(np.nan, 2), shapely.LineString([(1, 1), (np.inf, 2)])], dtype=object
    )
    with pytest.raises(SourceError) as caught:
        check_finite(bad, np.array(["a", "b", "c"], dtype=object), "f.gpkg", SourceError)
    assert "b, c" in caught.value.message.en
    assert "f.gpkg" in caught.value.message.zh
    check_finite(bad[:1], names(1), "f", SourceError)


def test_other_kinds_are_refused_by_name():
    came = geoms(SQUARE, "MULTIPOINT(1 1,2 2)", None)
    check_kinds(came, ("polygon", "point"), names(3), "f", SourceError)
    with pytest.raises(SourceError) as caught:
        check_kinds(came, ("polygon",), names(3), "f", SourceError)
    assert "features: 1" in caught.value.message.en
    with pytest.raises(SourceError) as caught:
        check_kinds(geoms("GEOMETRYCOLLECTION(POINT(1 1))"), ("polygon", "line", "point"), names(1), "f", SourceError)
    assert "几何集合" in caught.value.message.zh


def test_only_the_point_at_zero_zero_counts_as_none():
    assert nothing_there(geoms("POINT(0 0)", "POINT(0 1)", "POINT(1 0)", "LINESTRING(0 0,1 1)")).tolist() == [
        True,
        False,
        False,
        False,
    ]

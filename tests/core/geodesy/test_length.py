"""Lengths against geodesics between many points of the line."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from ecoredline.layers.geodesy.length import line_lengths
from pyproj import Geod

CGCS = Geod(a=6378137.0, rf=298.257222101)


def length(geom: shapely.Geometry) -> float:
    return float(line_lengths(np.array([geom], dtype=object))[0])


@pytest.mark.parametrize(
    "line",
    [
        shapely.LineString([(106.49, 29.5), (106.51, 29.52), (106.5, 29.4)]),
        shapely.LineString([(105.0, 28.0), (110.0, 32.0)]),
        shapely.LineString([(100.0, 10.0), (101.0, 60.0)]),
        shapely.LineString([(106.5, 29.5), (106.500001, 29.500001)]),
    ],
)
def test_equals_the_sum_of_short_geodesics(line):
    dense = shapely.segmentize(line, line.length / 20_000)
    assert length(line) == pytest.approx(CGCS.geometry_length(dense), rel=1e-9, abs=2e-9)


def test_long_edges_run_along_the_parallel_not_the_geodesic():
    line = shapely.LineString([(100, 30), (110, 30)])
    assert length(line) > CGCS.geometry_length(line) + 100.0
    assert length(line) == pytest.approx(CGCS.geometry_length(shapely.segmentize(line, 0.001)), rel=1e-9)


def test_parts_add_up_and_polygons_have_no_length():
    a, b = shapely.LineString([(106, 29), (106.1, 29)]), shapely.LinearRing([(107, 29), (107.1, 29), (107, 29.1)])
    nested = shapely.GeometryCollection([shapely.MultiLineString([a]), b, shapely.box(0, 0, 1, 1)])
    geoms = np.array(
        [None, nested, shapely.box(0, 0, 1, 1), shapely.Point(0, 0), shapely.LineString(), a], dtype=object
    )
    found = line_lengths(geoms)
    assert found[1] == pytest.approx(length(a) + length(b), rel=1e-12)
    assert (found[[0, 2, 3, 4]] == 0.0).all()
    assert found[5] == length(a)

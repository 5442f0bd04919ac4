"""Added vertices change no shape."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from ecoredline.layers.geodesy.densify import densify
from ecoredline.layers.geodesy.planar import to_local_planes


def test_no_edge_stays_longer_and_the_shape_stays():
    shape = shapely.box(0, 0, 1000, 450) - shapely.box(100, 100, 150, 150)
    [dense] = densify(np.array([shape], dtype=object), 200.0)
    ring = shapely.get_coordinates(dense.exterior)
    assert np.hypot(*np.diff(ring, axis=0).T).max() <= 200.0
    assert dense.equals(shape)
    assert len(dense.interiors[0].coords) == 5


def test_what_is_short_is_the_same_object():
    short, nothing, point = shapely.box(0, 0, 1, 1), None, shapely.Point(0, 0)
    result = densify(np.array([short, nothing, point], dtype=object), 200.0)
    assert result[0] is short and result[1] is None and result[2] is point


@pytest.mark.parametrize("wrong", [0.0, -1.0, float("nan")])
def test_refuses_a_limit_that_is_none(wrong):
    with pytest.raises(ValueError, match="max_edge"):
        densify(np.array([shapely.Point(0, 0)], dtype=object), wrong)


def test_local_planes_leave_the_original_alone(blob):
    shape = blob(106.5, 29.5, 1000.0)
    before = shape.wkb
    [flat] = to_local_planes(np.array([shape], dtype=object))
    assert shape.wkb == before
    assert flat.area == pytest.approx(shape.area * 111_000**2 * np.cos(np.radians(29.5)), rel=0.01)

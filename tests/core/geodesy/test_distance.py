"""Distances and bearings against published geodesics."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from ecoredline.layers.geodesy import ellipsoid
from ecoredline.layers.geodesy.distance import inverse
from hypothesis import given
from hypothesis import strategies as st

lon, lat = st.floats(105.0, 111.0), st.floats(28.0, 33.0)


@pytest.mark.parametrize("name", ["GeodTest-100.csv", "geographiclib_20_geodesics.csv"])
def test_published_geodesics(oracle, name):
    """The answers are for WGS 84, whose minor axis is 0.105 mm longer: up to 0.33 mm half round the globe."""
    with oracle(name).open() as lines:
        rows = list(csv.DictReader(lines))
    value = {
        key: np.array([float(row[key]) for row in rows]) for key in ("lat1", "lon1", "lat2", "lon2", "s12_m", "azi1")
    }
    distance, bearing = inverse(value["lon1"], value["lat1"], value["lon2"], value["lat2"])
    assert len(rows) >= 20
    assert np.abs(distance - value["s12_m"]).max() < 3.5e-4
    antipodal = value["s12_m"] > 1.9e7
    turn = (bearing - value["azi1"] + 180.0) % 360.0 - 180.0
    assert np.abs(turn[~antipodal]).max() < 1e-7


def test_quarter_meridian_and_equator_of_cgcs2000():
    assert inverse(0, 0, 0, 90)[0] == pytest.approx(10_001_965.7293, abs=2e-4)
    assert inverse(0, 0, 1, 0)[0] == pytest.approx(ellipsoid.A * np.pi / 180.0, abs=1e-8)


def test_bearings_go_from_0_to_360_and_are_open_where_points_coincide():
    distance, bearing = inverse(106.5, 29.5, [106.5, 106.6, 106.5, 106.4, 106.5], [29.6, 29.5, 29.4, 29.5, 29.5])
    assert bearing[:4] == pytest.approx([0, 90, 180, 270], abs=0.05)
    assert distance[4] == 0.0 and np.isnan(bearing[4])


def test_shapes_broadcast_and_nothing_gives_nothing():
    distance, bearing = inverse(np.zeros((2, 1)), 0.0, np.ones(3), np.ones((2, 3)))
    assert distance.shape == bearing.shape == (2, 3)
    assert inverse([], [], [], [])[0].shape == (0,)
    assert np.isnan(inverse(np.nan, 0, 1, 1)[0])


@given(lon, lat, lon, lat)
def test_there_is_as_far_as_back(lon1, lat1, lon2, lat2):
    assert inverse(lon1, lat1, lon2, lat2)[0] == pytest.approx(inverse(lon2, lat2, lon1, lat1)[0], abs=1e-8)

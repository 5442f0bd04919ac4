"""Boxes about all that lies within some metres of boxes."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from ecoredline.layers.geodesy.boxes import boxes, reached
from pyproj import Geod

GEOD = Geod(a=6378137.0, rf=298.257222101)  # CGCS2000


@pytest.mark.parametrize("latitude", [-70.0, -29.5, 0.0, 29.5, 31.0, 60.0, 80.0])
@pytest.mark.parametrize("reach", [0.5, 150.0, 10_000.0, 60_000.0])
def test_holds_every_place_within_reach_and_little_more(latitude: float, reach: float) -> None:
    site = shapely.box(106.0, latitude, 106.3, latitude + 0.2)
    west, south, east, north = reached(boxes(np.array([site])), reach)[0]
    corners = shapely.get_coordinates(site)
    for bearing in np.arange(0.0, 360.0, 3.0):
        lon, lat, _ = GEOD.fwd(*corners.T, np.full(len(corners), bearing), np.full(len(corners), reach))
        assert (lon >= west).all() and (lon <= east).all() and (lat >= south).all() and (lat <= north).all()
    assert GEOD.inv(106.1, latitude, 106.1, south)[2] < 1.02 * reach + 1e-6
    assert GEOD.inv(106.0, latitude, west, latitude)[2] < 1.15 * reach + 1e-6


def test_what_has_no_place_has_no_box() -> None:
    found = reached(boxes(np.array([None, shapely.Point()], dtype=object)), 10.0)
    assert np.isnan(found).all() and found.shape == (2, 4)

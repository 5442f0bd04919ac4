"""Local planes against PROJ's exact transverse Mercator and against geodesics from the centre."""

from __future__ import annotations

import numpy as np
import pytest
from ecoredline.layers.geodesy import mercator
from ecoredline.layers.geodesy.normal import from_normal, to_normal
from ecoredline.layers.geodesy.plane import LocalPlane
from pyproj import Geod, Proj

A, RF = 6378137.0, 298.257222101
CGCS = Geod(a=A, rf=RF)


def around(
    lon0: float, lat0: float, reach: float, n: int = 400
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    azimuth, distance = rng.uniform(0, 360, n), rng.uniform(0, reach, n)
    lon, lat, _ = CGCS.fwd(np.full(n, lon0), np.full(n, lat0), azimuth, distance)
    return np.asarray(lon), np.asarray(lat), azimuth, distance


@pytest.mark.parametrize("lat0", [-35.0, 0.0, 18.0, 29.5, 53.0])
def test_equals_proj_within_30_km_and_comes_back(lat0):
    lon, lat, _, _ = around(106.5, lat0, 30_000.0)
    proj = Proj(proj="tmerc", lon_0=106.5, lat_0=lat0, k_0=1, a=A, rf=RF)
    plane = LocalPlane(106.5, lat0)
    x, y = plane.project(lon, lat)
    assert np.abs(np.subtract(proj(lon, lat), (x, y))).max() < 1e-7
    back = plane.unproject(x, y)
    assert np.abs(np.subtract(back, (lon, lat))).max() < 1e-12


def test_scale_is_that_of_proj():
    lon, lat, _, _ = around(106.5, 29.5, 30_000.0)
    proj = Proj(proj="tmerc", lon_0=106.5, lat_0=29.5, k_0=1, a=A, rf=RF)
    plane = LocalPlane(106.5, 29.5)
    scale = plane.scale(plane.project(lon, lat)[0])
    assert np.abs(scale - proj.get_factors(lon, lat).meridional_scale).max() < 1e-9
    assert scale.max() > 1.00001


def test_every_element_has_its_own_centre():
    lon0, lat0 = np.array([105.0, 106.49, 108.0]), np.array([28.0, 29.5, 31.0])
    x, y = LocalPlane(lon0, lat0).project(lon0 + 0.01, lat0 + 0.01)
    alone = [LocalPlane(lon, lat).project(lon + 0.01, lat + 0.01) for lon, lat in zip(lon0, lat0, strict=True)]
    assert np.array_equal(np.column_stack([x, y]), np.array(alone))
    assert LocalPlane(106.5, 29.5).project(106.5, 29.5) == (0.0, 0.0)


@pytest.mark.parametrize(("reach", "limit"), [(10_000.0, 1e-7), (100_000.0, 1e-3)])
def test_normal_coordinates_hold_distance_and_azimuth(reach, limit):
    for lat0 in (0.0, 29.5, 50.0):
        lon, lat, azimuth, distance = around(106.5, lat0, reach)
        plane = LocalPlane(106.5, lat0)
        x, y = to_normal(plane, lon, lat)
        true = distance * np.sin(np.radians(azimuth)), distance * np.cos(np.radians(azimuth))
        assert np.abs(np.subtract((x, y), true)).max() < limit
        assert np.abs(np.subtract(from_normal(plane, x, y), (lon, lat))).max() < limit / 50_000.0


def test_mercator_is_that_of_proj_and_comes_back():
    lon, lat = np.linspace(73.0, 136.0, 200), np.linspace(-60.0, 60.0, 200)
    proj = Proj(proj="merc", a=A, rf=RF)
    x, y = mercator.forward(lon, lat)
    assert np.abs(np.subtract(proj(lon, lat), (A * x, A * y))).max() < 1e-6
    assert np.abs(np.subtract(mercator.inverse(x, y), (lon, lat))).max() < 1e-12
    assert A * mercator.scale(lat) == pytest.approx(proj.get_factors(lon, lat).meridional_scale, rel=1e-9)

"""GCJ-02 and BD-09, the shifted coordinates of web maps in China, in both directions.

The formulas are the published ones (a sum of sines over longitude - 105 and latitude - 35 on the ellipsoid of
Krassovsky for GCJ-02, a turn and a stretch for BD-09); the way back iterates the way there until it agrees to 1e-10°.
The shift holds for maps, never for a border: results carry `NOTE`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NOTE = "偏移坐标反算，不得作为界址依据"
SYSTEMS = ("GCJ-02", "BD-09")
_A = 6_378_245.0
_E2 = 0.00669342162296594323
_LON, _LAT = (72.004, 137.8347), (0.8293, 55.8271)
_BD_TURN = np.pi * 3000.0 / 180.0
_ROUNDS = 30
_ENOUGH = 1e-10


def _waves(x: Floats, heights: tuple[float, float], parts: tuple[float, float]) -> Floats:
    sum_: Floats = heights[0] * np.sin(x * np.pi * parts[0]) + heights[1] * np.sin(x * np.pi * parts[1])
    return 2.0 / 3.0 * sum_


def to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return GCJ-02 of WGS 84, degrees; unchanged outside the box in which the shift is applied."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    common = _waves(x, (20.0, 20.0), (6.0, 2.0))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north += _waves(y, (20.0, 40.0), (1.0, 1 / 3)) + _waves(y, (160.0, 320.0), (1 / 12, 1 / 30))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east += _waves(x, (20.0, 40.0), (1.0, 1 / 3)) + _waves(x, (150.0, 300.0), (1 / 12, 1 / 30))
    phi = np.radians(lat)
    w2 = 1.0 - _E2 * np.sin(phi) ** 2
    dlat = np.degrees(north / (_A * (1.0 - _E2) / (w2 * np.sqrt(w2))))
    dlon = np.degrees(east / (_A / np.sqrt(w2) * np.cos(phi)))
    inside = (lon > _LON[0]) & (lon < _LON[1]) & (lat > _LAT[0]) & (lat < _LAT[1])
    return np.where(inside, lon + dlon, lon), np.where(inside, lat + dlat, lat)


def to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return BD-09 of WGS 84, degrees."""
    x, y = to_gcj02(lon, lat)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def from_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return WGS 84 of GCJ-02, degrees."""
    return _back(to_gcj02, lon, lat)


def from_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return WGS 84 of BD-09, degrees."""
    return _back(to_bd09, lon, lat)


def _back(there: Callable[[Floats, Floats], tuple[Floats, Floats]], lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return the place that `there` leads to (lon, lat); where none does, at a rim of the box, the nearest found."""
    lon, lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    x, y = lon.copy(), lat.copy()
    for _ in range(_ROUNDS):
        found_x, found_y = there(x, y)
        dx, dy = lon - found_x, lat - found_y
        x, y = x + dx, y + dy
        if not dx.size or max(np.abs(dx).max(), np.abs(dy).max()) < _ENOUGH:
            break
    return x, y

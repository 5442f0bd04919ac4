"""The CGCS2000 ellipsoid and its meridian arc.

Constants after GB 22021-2008 (China Geodetic Coordinate System 2000), as in EPSG:4490.
WGS 84 differs by 0.1 mm in the semi-minor axis, hence by under 0.2 µm over 10 km.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pyproj import Geod

A = 6378137.0
"""Semi-major axis, m."""
F = 1.0 / 298.257222101
"""Flattening."""
B = A * (1.0 - F)
"""Semi-minor axis, m."""
E2 = F * (2.0 - F)
"""First eccentricity, squared."""
EP2 = E2 / (1.0 - E2)
"""Second eccentricity, squared."""
SHORTEST_DEGREE_M = 110_500.0
"""Less than any degree of latitude or, at the equator, of longitude is long."""

_N = F / (2.0 - F)
ARC = (
    A / (1.0 + _N) * (1.0 + _N**2 / 4.0 + _N**4 / 64.0),
    A / (1.0 + _N) * (-3.0 / 2.0 * _N + 3.0 / 16.0 * _N**3),
    A / (1.0 + _N) * (15.0 / 16.0 * _N**2 - 15.0 / 64.0 * _N**4),
    A / (1.0 + _N) * (-35.0 / 48.0 * _N**3),
    A / (1.0 + _N) * (315.0 / 512.0 * _N**4),
)
"""Coefficients, m, of the meridian arc ``ARC[0]·φ + Σ ARC[k]·sin 2kφ`` (Helmert 1880; next term 1e-9 m)."""


@cache
def _geod() -> Geod:
    from pyproj import Geod

    return Geod(a=A, rf=1.0 / F)


def __getattr__(name: str) -> Geod:
    """Give ``GEOD``, the pyproj Geod of CGCS2000, without importing pyproj before it is asked for."""
    if name == "GEOD":
        return _geod()
    raise AttributeError(name)


def radii(sin_lat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the radii of curvature, m.

    Parameters
    ----------
    sin_lat : ndarray
        Sine of the geodetic latitude.

    Returns
    -------
    meridian, prime_vertical : ndarray
        M and N, m.
    """
    root = 1.0 / np.sqrt(1.0 - E2 * sin_lat * sin_lat)
    prime: NDArray[np.float64] = A * root
    return prime * (1.0 - E2) * root * root, prime

"""Ellipsoidal Mercator: the conformal plane in which nearest points are looked for.

Conformal means that near any point all directions have one scale, so the nearest
feature in the plane is the nearest on the ground but for the change of scale with
latitude, which `scale` gives. Units are radians of the equator (multiply by the
semi-major axis for metres at the equator).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .ellipsoid import E2, A

Floats = NDArray[np.float64]
_E = float(np.sqrt(E2))


def forward(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Project degrees to the Mercator plane.

    Parameters
    ----------
    lon, lat : ndarray, degrees

    Returns
    -------
    x, y : ndarray
        Longitude and isometric latitude in radians.
    """
    sine = np.sin(np.radians(lat))
    return np.radians(lon), np.arctanh(sine) - _E * np.arctanh(_E * sine)


def inverse(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return longitude and latitude in degrees of points of the plane, to better than 1e-13 degrees."""
    sine = np.tanh(y)
    for _ in range(5):  # contracts by e² (0.0067) a round
        sine = np.tanh(y + _E * np.arctanh(_E * sine))
    return np.degrees(x), np.degrees(np.arcsin(sine))


def scale(lat: Floats) -> Floats:
    """Return plane units (radians) per metre on the ground at latitudes in degrees."""
    phi = np.radians(lat)
    sine = np.sin(phi)
    return np.asarray(np.sqrt(1 - E2 * sine * sine) / (A * np.cos(phi)))

"""Local transverse Mercator planes, one per element of an array."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .ellipsoid import ARC, EP2, radii

Floats = NDArray[np.float64]


class LocalPlane:
    """Transverse Mercator planes with scale 1 at their own centres.

    Series to A⁶ (A = Δλ cos φ; Snyder, USGS PP 1395, 1987, eq. 8-9 to 8-18) with the meridian
    arc as a difference from the centre: good to 0.1 µm within 30 km and 0.1 mm within 100 km
    of the centre below latitude 60°.
    Conformal; the scale grows by x²/2R², 1.1e-5 at x = 30 km (see `scale`).

    Parameters
    ----------
    lon0, lat0 : array_like
        Centres, degrees; scalars, or arrays that broadcast against what is projected.
    """

    def __init__(self, lon0: ArrayLike, lat0: ArrayLike) -> None:
        self.lon0: Floats = np.asarray(lon0, np.float64)
        self.lat0: Floats = np.asarray(lat0, np.float64)
        self._phi0: Floats = np.radians(self.lat0)
        self._sin0: Floats = np.sin(self._phi0)
        self._cos0: Floats = np.cos(self._phi0)

    @cached_property
    def radius2(self) -> Floats:
        """Square of the mean radius of curvature M·N at the centre, m²."""
        meridian, prime = radii(self._sin0)
        return meridian * prime

    def project(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        """Return x (east) and y (north), m from the centre, of lon, lat in degrees."""
        delta = np.radians(np.asarray(lat, np.float64) - self.lat0)
        phi = self._phi0 + delta
        sin, cos = np.sin(phi), np.cos(phi)
        _, prime = radii(sin)
        a = np.radians(np.asarray(lon, np.float64) - self.lon0) * cos
        a2 = a * a
        tan = sin / cos
        t = tan * tan
        c = EP2 * cos * cos
        x = (
            prime
            * a
            * (1.0 + a2 * ((1.0 - t + c) / 6.0 + a2 * (5.0 - 18.0 * t + t * t + 14.0 * c - 58.0 * t * c) / 120.0))
        )
        rise = 0.5 + a2 * (
            (5.0 - t + 9.0 * c + 4.0 * c * c) / 24.0
            + a2 * (61.0 - 58.0 * t + t * t + 270.0 * c - 330.0 * t * c) / 720.0
        )
        return x, self._arc(delta, sin, cos) + prime * tan * a2 * rise

    def unproject(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """Return lon, lat in degrees of x, y in metres from the centre."""
        x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        meridian, _ = radii(self._sin0)
        delta = y / meridian
        for _ in range(3):
            sin, cos = np.sin(self._phi0 + delta), np.cos(self._phi0 + delta)
            meridian, prime = radii(sin)
            delta = delta + (y - self._arc(delta, sin, cos)) / meridian
        sin, cos = np.sin(self._phi0 + delta), np.cos(self._phi0 + delta)
        meridian, prime = radii(sin)
        tan = sin / cos
        t = tan * tan
        c = EP2 * cos * cos
        d = x / prime
        d2 = d * d
        fall = 0.5 - d2 * (
            (5.0 + 3.0 * t + 10.0 * c - 4.0 * c * c - 9.0 * EP2) / 24.0
            - d2 * (61.0 + 90.0 * t + 298.0 * c + 45.0 * t * t - 252.0 * EP2 - 3.0 * c * c) / 720.0
        )
        run = 1.0 - d2 * (
            (1.0 + 2.0 * t + c) / 6.0 - d2 * (5.0 - 2.0 * c + 28.0 * t - 3.0 * c * c + 8.0 * EP2 + 24.0 * t * t) / 120.0
        )
        lat = self.lat0 + np.degrees(delta - prime * tan / meridian * d2 * fall)
        return self.lon0 + np.degrees(d * run / cos), lat

    def scale(self, x: ArrayLike) -> Floats:
        """Return the scale, plane metres per metre on the ellipsoid, at x metres; exact to 1e-9 within 30 km."""
        x2 = np.asarray(x, np.float64) ** 2 / self.radius2
        return 1.0 + x2 * (0.5 + x2 / 24.0)

    def _arc(self, delta: Floats, sin: Floats, cos: Floats) -> Floats:
        """Meridian arc from the centre, m, as c0·δ + Σ 2·c_k·cos k(φ+φ0)·sin kδ."""
        cos_sum = cos * self._cos0 - sin * self._sin0
        sin_sum = sin * self._cos0 + cos * self._sin0
        cos_delta, sin_delta = np.cos(delta), np.sin(delta)
        arc = ARC[0] * delta
        cos_k, sin_k, cos_dk, sin_dk = cos_sum, sin_sum, cos_delta, sin_delta
        for k in range(1, len(ARC)):
            arc = arc + 2.0 * ARC[k] * cos_k * sin_dk
            cos_k, sin_k = cos_k * cos_sum - sin_k * sin_sum, sin_k * cos_sum + cos_k * sin_sum
            cos_dk, sin_dk = cos_dk * cos_delta - sin_dk * sin_delta, sin_dk * cos_delta + cos_dk * sin_delta
        return arc

"""Gauss-Krüger zones of 3 degrees on CGCS2000 and their EPSG numbers.

EPSG:4513-4533 carry the zone number before the easting, EPSG:4534-4554 do not. All have the axis
order northing, easting.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

FIRST_ZONE, LAST_ZONE = 25, 45
_PREFIXED_BASE = 4488
_PLAIN_BASE = 4509


class Zone(NamedTuple):
    """One 3-degree zone."""

    number: int

    @property
    def meridian(self) -> float:
        """Central meridian, degrees."""
        return 3.0 * self.number

    @property
    def west(self) -> float:
        """Western seam, degrees; it belongs to this zone."""
        return self.meridian - 1.5

    @property
    def east(self) -> float:
        """Eastern seam, degrees; it belongs to the next zone."""
        return self.meridian + 1.5

    @property
    def epsg_prefixed(self) -> int:
        """EPSG number where eastings begin with the zone number (36 500 000 m on the meridian of zone 36)."""
        return _PREFIXED_BASE + self.number

    @property
    def epsg_plain(self) -> int:
        """EPSG number where eastings carry no zone number (500 000 m on the meridian)."""
        return _PLAIN_BASE + self.number


def zone_of(lon: float) -> Zone:
    """Return the 3-degree zone of a longitude.

    Parameters
    ----------
    lon : float
        Degrees; a seam such as 106.5 belongs to the zone east of it.

    Raises
    ------
    ValueError
        If CGCS2000 has no zone there (outside 73.5 to 136.5).
    """
    number = int(zone_numbers(lon))
    if not FIRST_ZONE <= number <= LAST_ZONE:
        raise ValueError(f"no 3-degree zone of CGCS2000 at longitude {lon}")
    return Zone(number)


def zone_numbers(lon: ArrayLike) -> NDArray[np.intp]:
    """Return the numbers of the 3-degree zones of longitudes in degrees, 0 outside zones 25 to 45 and for NaN."""
    number = np.floor((np.asarray(lon, np.float64) + 1.5) / 3.0)
    return np.where((number >= FIRST_ZONE) & (number <= LAST_ZONE), number, 0.0).astype(np.intp)


def zone_of_epsg(code: int) -> Zone | None:
    """Return the zone of an EPSG number of either series, None for any other."""
    for base in (_PREFIXED_BASE, _PLAIN_BASE):
        if FIRST_ZONE <= code - base <= LAST_ZONE:
            return Zone(code - base)
    return None

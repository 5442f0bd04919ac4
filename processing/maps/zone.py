"""The CGCS2000 zone of a map."""

from __future__ import annotations


def central_meridian(lon: float) -> int:
    """Return the central meridian of the 3-degree zone, degrees."""
    return 3 * round(lon / 3)


def epsg_of(lon: float) -> int:
    """Return the EPSG code of the 3-degree zone, easting without zone prefix."""
    return 4534 + (central_meridian(lon) - 75) // 3

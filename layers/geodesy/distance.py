"""Geodesic distance and bearing between points."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import ellipsoid


def inverse(
    lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Solve the inverse geodesic problem on the CGCS2000 ellipsoid.

    Karney, C. F. F. (2013), Algorithms for geodesics, J. Geodesy 87, 43-55
    (through PROJ), good to about 15 nm.

    Parameters
    ----------
    lon1, lat1, lon2, lat2 : array_like
        Degrees, EPSG:4490; broadcast against one another.

    Returns
    -------
    distance_m : ndarray
        Length of the shortest geodesic, m; NaN where a coordinate is not finite.
    azimuth_deg : ndarray
        Bearing at the first point, clockwise from north, 0 up to 360; NaN where the points coincide.
    """
    arrays = np.broadcast_arrays(*(np.asarray(part, np.float64) for part in (lon1, lat1, lon2, lat2)))
    shape = arrays[0].shape
    flat = [np.array(part, np.float64).ravel() for part in arrays]
    if not flat[0].size:
        return np.empty(shape), np.empty(shape)
    azimuth, _, distance = ellipsoid.GEOD.inv(*flat if flat[0].size > 1 else (float(part[0]) for part in flat))
    distance = np.atleast_1d(np.asarray(distance, np.float64))
    azimuth = np.mod(np.atleast_1d(np.asarray(azimuth, np.float64)), 360.0)
    azimuth[azimuth >= 360.0] = 0.0
    azimuth[~(distance > 0.0)] = np.nan
    return distance.reshape(shape), azimuth.reshape(shape)

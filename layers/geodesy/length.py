"""Ellipsoidal length of lines whose edges are straight in longitude and latitude."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .ellipsoid import radii
from .parts import LINE, RING, paths_of, single_parts, sum_by_owner

_LONG = 0.02


def line_lengths(geoms: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return the lengths of lines on the CGCS2000 ellipsoid.

    Parameters
    ----------
    geoms : ndarray of geometry
        EPSG:4490, degrees. Of a collection the lines count.

    Returns
    -------
    ndarray of float
        m; 0 for points, polygons (their boundary is not counted), empty geometries and None.
        Relative error under 1e-11.
    """
    geoms = np.asarray(geoms, dtype=object).ravel()
    single = single_parts(geoms)
    line = (single.kind == LINE) | (single.kind == RING)
    if not line.any():
        return np.zeros(geoms.size)
    paths = paths_of(single.geoms[line], single.owner[line])
    along = np.zeros(len(paths.xy))
    along[:-1] = edge_lengths(paths.xy[:-1], paths.xy[1:])
    along[paths.start + paths.sizes - 1] = 0.0
    return sum_by_owner(paths.owner, np.add.reduceat(along, paths.start), geoms.size)


_GAUSS = {
    nodes: np.polynomial.legendre.leggauss(nodes)  # type: ignore[no-untyped-call]
    for nodes in (3, 24)
}


def edge_lengths(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the lengths of single edges, by Gauss-Legendre quadrature of the line element.

    Parameters
    ----------
    first, second : ndarray
        (n, 2) lon, lat of the ends, degrees.

    Returns
    -------
    ndarray of float
        m along the straight lon/lat edge, which no geodesic between its ends exceeds.
    """
    step = np.radians(second - first)
    lat = np.radians(first[:, 1])
    long = np.abs(step[:, 1]) > _LONG
    length = _quadrature(lat, step, 3)
    if long.any():
        length[long] = _quadrature(lat[long], step[long], 24)
    return length


def _quadrature(lat: NDArray[np.float64], step: NDArray[np.float64], nodes: int) -> NDArray[np.float64]:
    total = np.zeros(len(lat))
    for node, weight in zip(*_GAUSS[nodes], strict=True):
        here = lat + 0.5 * (1.0 + node) * step[:, 1]
        meridian, prime = radii(np.sin(here))
        total += 0.5 * weight * np.hypot(meridian * step[:, 1], prime * np.cos(here) * step[:, 0])
    return total

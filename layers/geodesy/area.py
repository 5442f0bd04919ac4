"""Ellipsoidal area of polygons whose edges are straight in longitude and latitude.

With S(φ) = ∫ M N cos φ dφ, Green's theorem gives A = -∮ (S(φ) - S(φ0)) dλ for any φ0. S is a short
sum of sines (coefficients by powers of e²); its Taylor series at the ring's own latitude needs the moments
∮ (φ - φ0)^k dλ, which are exact polynomials of the ends of the edges. What the series leaves out is bounded
by the ring's area times the last term, so a sliver is as exact as a square; five powers do for a site,
seven for a district, nine for a province.

Differences of coordinates are taken in degrees, where they are exact, so nothing cancels.
Source of S: e.g. Snyder, Map Projections: A Working Manual (USGS PP 1395, 1987), eq. 3-12.
"""

from __future__ import annotations

from math import comb, factorial

import numpy as np
import shapely
from numpy.typing import NDArray

from .ellipsoid import E2, B
from .parts import POLYGON, Paths, paths_of, single_parts, sum_by_owner

_TERMS = 8
_TOLERANCE = 1e-14
_BLOCK = 1 << 15
_WAVES = 2 * np.arange(_TERMS) + 1


def _wave_heights() -> NDArray[np.float64]:
    """Coefficients, m², of S(φ) = Σ height·sin((2j+1)φ), from S = b² Σ (k+1)/(2k+1) e^2k sin^(2k+1) φ."""
    heights = np.zeros(_TERMS)
    for k in range(_TERMS):
        factor = B * B * (k + 1) / (2 * k + 1) * E2**k / 4.0**k
        for j in range(k + 1):
            heights[j] += factor * (-1) ** j * comb(2 * k + 1, k - j)
    return heights


_HEIGHTS = _wave_heights()


def polygon_areas(geoms: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return the areas of polygons on the CGCS2000 ellipsoid.

    Parameters
    ----------
    geoms : ndarray of geometry
        EPSG:4490, x = lon, y = lat, degrees. Of a collection the polygons count; ring
        direction does not matter. Valid polygons are expected.

    Returns
    -------
    ndarray of float
        m²; 0 for points, lines, empty geometries and None. Relative error under 1e-11.
    """
    geoms = np.asarray(geoms, dtype=object).ravel()
    single = single_parts(geoms)
    polygon = single.kind == POLYGON
    parts, owner = (single.geoms, single.owner) if polygon.all() else (single.geoms[polygon], single.owner[polygon])
    if not len(parts):
        return np.zeros(geoms.size)
    holed = shapely.get_num_interior_rings(parts) > 0
    if not holed.any():
        area = ring_areas(paths_of(parts, owner))
        return sum_by_owner(owner, area, geoms.size)
    plain = ~holed
    total = sum_by_owner(owner[plain], ring_areas(paths_of(parts[plain], owner[plain])), geoms.size)
    rings, polygon_index = shapely.get_rings(parts[holed], return_index=True)
    area = ring_areas(paths_of(rings, polygon_index))
    area[np.diff(polygon_index, prepend=-1) == 0] *= -1.0
    return total + sum_by_owner(owner[holed][polygon_index], area, geoms.size)


def ring_areas(rings: Paths) -> NDArray[np.float64]:
    """Return the unsigned area, m², enclosed by each closed ring.

    Parameters
    ----------
    rings : Paths
        Rings whose last vertex repeats the first; degrees.
    """
    if not len(rings.start):
        return np.zeros(0)
    lat = rings.xy[:, 1]
    low = np.minimum.reduceat(lat, rings.start)
    high = np.maximum.reduceat(lat, rings.start)
    middle = 0.5 * (low + high)
    half = np.radians(0.5 * (high - low))
    area = np.empty(len(rings.start))
    end = rings.start + rings.sizes
    first = 0
    while first < len(area):
        last = max(first + 1, int(np.searchsorted(end, rings.start[first] + _BLOCK, side="right")))
        block = slice(first, last)
        vertices = slice(int(rings.start[first]), int(end[last - 1]))
        starts = rings.start[block] - rings.start[first]
        area[block] = np.abs(_signed_areas(rings.xy[vertices], starts, middle[block], float(half[block].max())))
        first = last
    return area


def moments_needed(reach: float) -> int:
    """Return how many powers of φ - φ0 an outline of this half height, rad, needs."""
    order, term = 1, 1.0
    while term > _TOLERANCE and reach > 0.0:
        order += 1
        term *= reach / order * (order / (order - 1))
    return order


def _signed_areas(
    xy: NDArray[np.float64], start: NDArray[np.intp], middle: NDArray[np.float64], reach: float
) -> NDArray[np.float64]:
    count = np.diff(start, append=len(xy))
    delta = np.radians(xy[:, 1] - np.repeat(middle, count))
    step = np.empty(len(xy))
    np.subtract(xy[1:, 0], xy[:-1, 0], out=step[:-1])
    step[start + count - 1] = 0.0
    here, there = delta[:-1], delta[1:]
    power = there.copy()
    homogeneous = here + there
    weighted = np.zeros(len(xy))
    wave = np.multiply.outer(np.radians(middle), _WAVES)
    total = np.zeros(len(start))
    for k in range(1, moments_needed(reach) + 1):
        if k > 1:
            power *= there
            homogeneous *= here
            homogeneous += power
        np.multiply(homogeneous, step[:-1], out=weighted[:-1])
        total += np.add.reduceat(weighted, start) * _slope(wave, k)
    area: NDArray[np.float64] = np.radians(total)
    return area


def _slope(wave: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    """Return what the moment of the power k counts in the Taylor series, m²."""
    rate: NDArray[np.float64] = np.sin(wave + 0.5 * np.pi * k) @ (_HEIGHTS * _WAVES.astype(float) ** k)
    return rate / factorial(k + 1)


def area_of_moments(middle: NDArray[np.float64], moments: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the areas, m², that outlines enclose of which the moments are known.

    Parameters
    ----------
    middle : ndarray, shape (n,)
        Latitude φ0, degrees, about which the moments were taken.
    moments : ndarray, shape (n, k)
        Of the powers 1 … k of φ - φ0 (rad): the sum over the edges of (k + 1) ∫ (φ - φ0)^k dλ, with λ in degrees
        and the inside on the left. See `moments_needed`.
    """
    wave = np.multiply.outer(np.radians(middle), _WAVES)
    total = np.zeros(len(middle))
    for k in range(1, moments.shape[1] + 1):
        total -= moments[:, k - 1] * _slope(wave, k)
    area: NDArray[np.float64] = np.radians(total)
    return area

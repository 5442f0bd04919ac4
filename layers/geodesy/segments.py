"""Nearest points of two short edges on the ellipsoid."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .normal import to_normal
from .plane import LocalPlane

Floats = NDArray[np.float64]


class SegmentPairs(NamedTuple):
    """Nearest points as shares of their edges, and their distance."""

    share_a: Floats
    share_b: Floats
    distance_m: Floats


def nearest_on_segments(a: Floats, b: Floats) -> SegmentPairs:
    """Find the nearest points of pairs of edges that do not cross.

    Parameters
    ----------
    a, b : ndarray
        (n, 4) lon, lat of both ends, degrees; edges up to about 100 m, apart by up to 100 km.

    Returns
    -------
    SegmentPairs
        Shares 0 to 1 from the first to the second end; distance in m, to 0.2 mm up to 10 km.
    """
    plane = LocalPlane(a[:, 0], a[:, 1])
    ax, ay = to_normal(plane, a[:, 2], a[:, 3])
    bx, by = to_normal(plane, b[:, 0], b[:, 1])
    ex, ey = to_normal(plane, b[:, 2], b[:, 3])
    ex, ey = ex - bx, ey - by
    zero = np.zeros(len(a))
    one = np.ones(len(a))
    length_a = ax * ax + ay * ay
    length_b = ex * ex + ey * ey
    cases = (
        (zero, _share(-(bx * ex + by * ey), length_b)),
        (one, _share((ax - bx) * ex + (ay - by) * ey, length_b)),
        (_share(bx * ax + by * ay, length_a), zero),
        (_share((bx + ex) * ax + (by + ey) * ay, length_a), one),
    )
    best = SegmentPairs(zero, zero, np.full(len(a), np.inf))
    for share_a, share_b in cases:
        distance = np.hypot(bx + share_b * ex - share_a * ax, by + share_b * ey - share_a * ay)
        nearer = distance < best.distance_m
        best = SegmentPairs(
            np.where(nearer, share_a, best.share_a),
            np.where(nearer, share_b, best.share_b),
            np.where(nearer, distance, best.distance_m),
        )
    return best


def _share(dot: Floats, length2: Floats) -> Floats:
    """Foot of a perpendicular as a share of the edge, held between its ends; 0 on an edge of length 0."""
    return np.clip(np.divide(dot, length2, out=np.zeros_like(dot), where=length2 > 0.0), 0.0, 1.0)

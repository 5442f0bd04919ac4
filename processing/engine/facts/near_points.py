"""The pairs of points that are nearest, with distance and bearing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....layers.geodesy.distance import inverse

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Nearest:
    """The nearest feature of one group, for the sites that have one within reach.

    ``site`` and ``feature`` are rows; distances in m, bearings in degrees from the site
    (0 to 360), points in degrees.
    """

    site: Indices
    feature: Indices
    distance_m: Floats
    bearing_deg: Floats
    site_lon: Floats
    site_lat: Floats
    feature_lon: Floats
    feature_lat: Floats

    @classmethod
    def between(cls, site: Indices, feature: Indices, lon: Floats, lat: Floats) -> Nearest:
        """Measure pairs of points on the ellipsoid, ``lon`` and ``lat`` of shape (n, 2); equal points have met."""
        distance, bearing = inverse(lon[:, 0], lat[:, 0], lon[:, 1], lat[:, 1])
        return cls(site, feature, distance, bearing, lon[:, 0], lat[:, 0], lon[:, 1], lat[:, 1])

    def take(self, rows: Indices | NDArray[np.bool_]) -> Nearest:
        """Return those rows."""
        return Nearest(*(values[rows] for values in vars(self).values()))


EMPTY = Nearest(*(np.empty(0, dtype=np.int64),) * 2, *(np.empty(0),) * 6)


def join(parts: list[Nearest]) -> Nearest:
    """Return the rows of all parts."""
    return Nearest(*(np.concatenate([vars(p)[name] for p in parts]) for name in Nearest.__dataclass_fields__))


def keys(site: Indices, label: Indices, n_labels: int) -> Indices:
    """Return one number per pair of a site and a label."""
    return site * n_labels + label


def least_per(pairs: Nearest, key: Indices, reach_m: float) -> Nearest:
    """Keep the least distance of each key, and of those only what lies within reach."""
    order = np.lexsort((pairs.feature, pairs.distance_m, key))
    first = np.concatenate(([True], np.diff(key[order]) != 0)) if len(order) else np.empty(0, dtype=bool)
    pairs = pairs.take(order[first])
    return pairs.take(pairs.distance_m <= reach_m)

"""The spatial facts of one layer: one pass over its features, whatever the number of rules."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from .nearest import EMPTY, Nearest, PlaneSites, near_features, nearest_in_groups
from .overlap import CODE, Overlaps, overlaps
from .prepared import PreparedLayer
from .site_arrays import LINE, POINT, POLYGON, SiteArrays
from .words import Relation

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

NEAR_ONLY_M = 200.0  # up to this reach every feature is a fact; beyond it the nearest of each group


@dataclass(frozen=True)
class Facts:
    """Facts of n pairs of a site and a feature of one layer, sorted by site and feature.

    ``site`` and ``feature`` are rows, ``relation`` positions in `overlap.RELATIONS`;
    m², shares, m and degrees as the columns of `tables.FACTS`. ``overlap`` is the row in
    the overlaps that the fact was made from, -1 where there is none.
    """

    site: Indices
    feature: Indices
    relation: NDArray[np.uint8]
    overlap_m2: Floats
    overlap_share: Floats
    length_m: Floats
    distance_m: Floats
    bearing_deg: Floats
    site_lon: Floats
    site_lat: Floats
    feature_lon: Floats
    feature_lat: Floats
    overlap: Indices

    def __len__(self) -> int:
        return len(self.site)

    @property
    def met(self) -> NDArray[np.bool_]:
        """Which facts are overlaps: more than touching."""
        return np.asarray((self.relation != CODE[Relation.NEAR]) & (self.relation != CODE[Relation.TOUCHES]))

    def take(self, rows: Indices | NDArray[np.bool_]) -> Facts:
        """Return those rows."""
        return Facts(*(values[rows] for values in vars(self).values()))


def find_facts(
    sites: SiteArrays, plane: PlaneSites, layer: PreparedLayer, reach_m: float
) -> tuple[Facts, Overlaps | None]:
    """Return the facts of one layer, and its overlaps for whoever needs their geometry.

    Parameters
    ----------
    reach_m : float
        The greatest distance that is asked of the layer, geodesic m; 0 for overlaps only.
    """
    met = overlaps(sites, layer) if layer.areal else None
    found = [] if met is None else [_of_overlaps(met, sites)]
    if reach_m > 0:
        near = _near(plane, layer, reach_m)
        near = near if met is None else _apart(near, met, layer, reach_m)
        found.append(_of_nearest(near, Relation.CROSSES if met is None else Relation.TOUCHES))
    facts = _join(found)
    return facts.take(np.lexsort((facts.feature, facts.site))), met


def _near(plane: PlaneSites, layer: PreparedLayer, reach_m: float) -> Nearest:
    if reach_m > NEAR_ONLY_M:
        return nearest_in_groups(plane, layer.groups, reach_m)
    return near_features(plane, layer.groups, reach_m)


def _apart(near: Nearest, met: Overlaps, layer: PreparedLayer, reach_m: float) -> Nearest:
    """Drop what a site already meets; of a group of which it meets a feature, nothing is only near."""
    if reach_m > NEAR_ONLY_M:
        n = len(layer.groups)
        taken = np.unique(met.site * n + layer.group_of_feature[met.feature])
        return near.take(~np.isin(near.site * n + layer.group_of_feature[near.feature], taken))
    n = len(layer.data.frame)
    return near.take(~np.isin(near.site * n + near.feature, met.site * n + met.feature))


def _of_overlaps(met: Overlaps, sites: SiteArrays) -> Facts:
    n, dimension = len(met.site), sites.dimension[met.site]
    measure = np.select([dimension == POLYGON, dimension == LINE], [met.area_m2, met.length_m], 1.0)
    share = np.clip(measure / sites.size[met.site], 0.0, 1.0)
    share[(met.relation == CODE[Relation.TOUCHES]) & (dimension == POINT)] = 0.0
    none = np.full(n, np.nan)
    return Facts(
        met.site, met.feature, met.relation, met.area_m2, share, met.length_m, np.zeros(n),
        none, none, none, none, none, np.arange(n),
    )  # fmt: skip


def _of_nearest(near: Nearest, at_zero: Relation) -> Facts:
    n = len(near.site)
    relation = np.where(near.distance_m == 0, CODE[at_zero], CODE[Relation.NEAR])
    zero = np.zeros(n)
    return Facts(
        near.site, near.feature, relation, zero, zero, zero, near.distance_m, near.bearing_deg,
        near.site_lon, near.site_lat, near.feature_lon, near.feature_lat, np.full(n, -1),
    )  # fmt: skip


def _join(parts: list[Facts]) -> Facts:
    if not parts:
        return _of_nearest(EMPTY, Relation.NEAR)
    return Facts(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Facts)))

"""The spatial facts of one layer: one pass over its features, whatever the number of rules."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import shapely
from numpy.typing import NDArray

from ..prepared.layer import PreparedLayer
from ..words import Relation
from .near_points import Nearest
from .nearest import near_rims, nearest_in_groups
from .overlap import CODE, Overlaps, overlaps
from .search_sites import SearchSites
from .site_arrays import LINE, POINT, POLYGON, SiteArrays

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


NONE = Facts(
    *(np.empty(0, dtype=np.int64),) * 2, np.empty(0, dtype=np.uint8), *(np.empty(0),) * 9, np.empty(0, dtype=np.int64)
)


def find_facts(
    sites: SiteArrays, layer: PreparedLayer, asked_m: float, more_m: float = 0.0
) -> tuple[Facts, Overlaps | None]:
    """Return the facts of one layer, and its overlaps for whoever needs their geometry.

    Parameters
    ----------
    asked_m : float
        The greatest distance that is asked of the layer, geodesic m; 0 for overlaps only. Up to
        `NEAR_ONLY_M` every feature is a fact, beyond it the nearest of each group.
    more_m : float
        By how much accuracy and widths of banks may add to it.
    """
    met = overlaps(sites, layer) if layer.areal else None
    found = [] if met is None else [_of_overlaps(met, sites)]
    grouped = asked_m > NEAR_ONLY_M
    if asked_m + more_m > 0:
        near = _near(sites.searched, layer, asked_m + more_m, grouped, met)
        found.append(_of_nearest(near, layer))
    filled = [part for part in found if len(part)]
    if not filled:
        return NONE, met
    facts = _join(filled) if len(filled) > 1 else filled[0]
    return facts.take(np.lexsort((facts.feature, facts.site))), met


def _near(sites: SearchSites, layer: PreparedLayer, reach_m: float, grouped: bool, met: Overlaps | None) -> Nearest:
    """Return what is near, without what a site meets; of a group of which it meets a feature, nothing is only near."""
    near = nearest_in_groups if grouped else near_rims
    if met is None:
        return near(sites, layer, reach_m)
    return near(sites, layer, reach_m, (met.site, layer.group_of_feature[met.feature] if grouped else met.feature))


def _of_overlaps(met: Overlaps, sites: SiteArrays) -> Facts:
    n, dimension = len(met.site), sites.dimension[met.site]
    if not n:
        return NONE
    measure = np.select([dimension == POLYGON, dimension == LINE], [met.area_m2, met.length_m], 1.0)
    share = np.clip(measure / sites.size[met.site], 0.0, 1.0)
    share[(met.relation == CODE[Relation.TOUCHES]) & (dimension == POINT)] = 0.0
    partly = np.flatnonzero((met.relation == CODE[Relation.OVERLAPS]) & (dimension == POINT))
    share[partly] = [shapely.get_num_coordinates(p) for p in met.geometry(partly, sites)] / sites.size[met.site[partly]]
    none = np.full(n, np.nan)
    return Facts(
        met.site, met.feature, met.relation, met.area_m2, share, met.length_m, np.zeros(n),
        none, none, none, none, none, np.arange(n),
    )  # fmt: skip


def _of_nearest(near: Nearest, layer: PreparedLayer) -> Facts:
    n = len(near.site)
    if not n:
        return NONE
    areal = shapely.get_dimensions(layer.geometry[near.feature]) == POLYGON
    at_zero = np.where(areal, CODE[Relation.TOUCHES], CODE[Relation.CROSSES])
    relation = np.where(near.distance_m == 0, at_zero, CODE[Relation.NEAR])
    zero = np.zeros(n)
    return Facts(
        near.site, near.feature, relation, zero, zero, zero, near.distance_m, near.bearing_deg,
        near.site_lon, near.site_lat, near.feature_lon, near.feature_lat, np.full(n, -1),
    )  # fmt: skip


def _join(parts: list[Facts]) -> Facts:
    return Facts(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Facts)))

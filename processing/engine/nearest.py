"""The nearest feature of each boundary group within reach, with distance, bearing and the pair of points.

Looked for by compiled loops where there are any, and by GEOS (`plane_search`) where there are none and for
what they leave: what meets, or lies within 1 cm, large sites, far reaches.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from . import plane_search
from .kernel import nearest as compiled
from .kernel.nearest import ASK, Lines, Sites
from .near_points import Nearest, join, keys, least_per
from .plane_sites import PlaneSites
from .prepared import PreparedLayer

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

NOTHING = np.empty(0, dtype=np.int64)


def nearest_in_groups(
    sites: PlaneSites, layer: PreparedLayer, reach_m: float, taken: tuple[Indices, Indices] = (NOTHING, NOTHING)
) -> Nearest:
    """Return the nearest feature of each boundary group for every site within reach.

    Parameters
    ----------
    reach_m : float
        Geodesic metres.
    taken : pair of ndarray of int64
        Sites and groups that may be left out.
    """
    if not _compiled(reach_m):
        return plane_search.nearest_in_groups(sites, layer.groups, reach_m)
    found, site, group = _found(sites, layer.bank_lines, reach_m, taken)
    parts = [found]
    for number in np.unique(group):
        rows = site[group == number]
        near = plane_search.nearest_in_groups(sites.take(rows), layer.groups[number : number + 1], reach_m)
        parts.append(replace(near, site=rows[near.site]))
    return join(parts)


def near_rims(
    sites: PlaneSites, layer: PreparedLayer, reach_m: float, taken: tuple[Indices, Indices] = (NOTHING, NOTHING)
) -> Nearest:
    """Return every feature within reach of each site; meant for a reach of metres, not kilometres.

    Parameters
    ----------
    taken : pair of ndarray of int64
        Sites and features that may be left out.
    """
    if not _compiled(reach_m):
        return plane_search.near_rims(sites, layer.rims, reach_m)
    found, site, feature = _found(sites, layer.rim_lines, reach_m, taken)
    if not len(site):
        return found
    rows = np.unique(site)
    near = plane_search.near_rims(sites.take(rows), layer.rims, reach_m)
    near = replace(near, site=rows[near.site])
    n = len(layer.surface)
    return join([found, near.take(np.isin(keys(near.site, near.feature, n), keys(site, feature, n)))])


def to_own_rim(sites: PlaneSites, layer: PreparedLayer, feature: Indices) -> Floats:
    """Return the distance of each site to the border of one feature, m.

    Parameters
    ----------
    feature : ndarray of int64
        The feature of each site.
    """
    if not _compiled():
        return plane_search.to_own_rim(sites, layer.rims, feature)
    out = own_rim_found(sites.flat, layer.rim_lines, feature)
    rest = np.flatnonzero(np.isnan(out))
    if len(rest):
        out[rest] = plane_search.to_own_rim(sites.take(rest), layer.rims, feature[rest])
    return out


def own_rim_found(sites: Sites, rims: Lines, feature: Indices) -> Floats:
    """Return the distance of each site to the border of one feature, m, NaN where the compiled search leaves it."""
    out = np.full(len(sites.box), np.nan)
    rows = np.flatnonzero(sites.fit)
    found, _ = compiled.search(sites, rims, rows, feature[rows], compiled.MAX_REACH_M)
    near = _measured(found, rows[found["job"]])
    np.fmin.at(out, near.site, near.distance_m)
    return out


def _compiled(reach_m: float = 0.0) -> bool:
    return compiled.available() and reach_m <= compiled.MAX_REACH_M


def _found(
    sites: PlaneSites, lines: Lines, reach_m: float, taken: tuple[Indices, Indices]
) -> tuple[Nearest, Indices, Indices]:
    """Return the least distance per site and label that the compiled search tells, and the pairs that it leaves."""
    n = lines.n_labels
    site, label = compiled.labels_within(sites.flat, lines, reach_m)
    left = np.flatnonzero(~sites.flat.fit)
    site, label = np.append(site, np.repeat(left, n)), np.append(label, np.tile(np.arange(n), len(left)))
    open_ = ~np.isin(keys(site, label, n), keys(*taken, n))
    site, label = site[open_], label[open_]
    fit = sites.flat.fit[site]
    found, state = compiled.search(sites.flat, lines, site[fit], label[fit], reach_m)
    near = _measured(found, site[fit][found["job"]])
    near = least_per(near, keys(near.site, label[fit][found["job"]], n), reach_m)
    ask = ~fit
    ask[fit] = state == ASK
    return near, site[ask], label[ask]


def _measured(found: NDArray[np.void], site: Indices) -> Nearest:
    lon = np.column_stack((found["site_lon"], found["lon"]))
    lat = np.column_stack((found["site_lat"], found["lat"]))
    return Nearest.between(site, found["feature"], lon, lat)

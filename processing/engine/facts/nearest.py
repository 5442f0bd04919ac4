"""The nearest feature of each boundary group within reach, with distance, bearing and the pair of points.

Looked for by compiled loops where there are any, and by GEOS (`plane_search`) where there are none and for
what they leave: what meets, or lies within 1 cm, large sites, far reaches.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from ..kernel import nearest as compiled
from ..kernel.box_tree import Lines
from ..kernel.nearest import ASK, LEFT, NONE, Sites
from ..prepared.layer import PreparedLayer
from . import plane_search
from .near_points import Nearest, join, keys, least_per
from .search_sites import SearchSites

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]
Objects = NDArray[np.object_]
Flags = NDArray[np.bool_]

Taken = tuple[Indices, Indices]
MOST_VERTICES = 2_000  # of a site that is looked at as a whole for each feature
NOTHING: Taken = (np.empty(0, dtype=np.int64),) * 2


def nearest_in_groups(sites: SearchSites, layer: PreparedLayer, reach_m: float, taken: Taken = NOTHING) -> Nearest:
    """Return the nearest feature of each boundary group for every site within reach.

    Parameters
    ----------
    reach_m : float
        Geodesic metres.
    taken : pair of ndarray of int64
        Sites and groups to be left out.
    """
    label = layer.group_of_feature
    if sites.sections is not None:
        return _of_sites(nearest_in_groups(sites.sections, layer, reach_m, taken), sites.sections, label, reach_m)
    if not _compiled(reach_m):
        return _settled(plane_search.nearest_in_groups(sites, layer.groups, reach_m), sites, layer, label, taken)
    found, site, group = _found(sites, layer.bank_lines, reach_m, taken)
    parts = []
    unfit = np.flatnonzero(~sites.flat.fit)
    if len(unfit):
        near = plane_search.nearest_in_groups(sites.take(unfit), layer.groups, reach_m)
        parts.append(replace(near, site=unfit[near.site]))
    for number in np.unique(group):
        rows = site[group == number]
        near = plane_search.nearest_in_groups(sites.take(rows), layer.groups[number : number + 1], reach_m)
        parts.append(replace(near, site=rows[near.site]))
    return join([found, _settled(join(parts), sites, layer, label, taken)]) if parts else found


def near_rims(sites: SearchSites, layer: PreparedLayer, reach_m: float, taken: Taken = NOTHING) -> Nearest:
    """Return every feature within reach of each site; meant for a reach of metres, not kilometres.

    Parameters
    ----------
    taken : pair of ndarray of int64
        Sites and features to be left out.
    """
    label = np.arange(len(layer.surface))
    if sites.sections is not None:
        return _of_sites(near_rims(sites.sections, layer, reach_m, taken), sites.sections, label, reach_m)

    def left(row: Indices, rim: Indices) -> Flags:
        return np.asarray(~np.isin(keys(sites.owner[row], rim, len(label)), keys(*taken, len(label))))

    if not _compiled(reach_m):
        return _settled(plane_search.near_rims(sites, layer.rims, reach_m, left), sites, layer, label, taken)
    found, site, feature = _found(sites, layer.rim_lines, reach_m, taken)
    fit = sites.flat.fit
    rows = np.union1d(site, np.flatnonzero(~fit))
    if not len(rows):
        return found
    asked = keys(site, feature, len(label))

    def open_(row: Indices, rim: Indices) -> Flags:
        mine = np.isin(keys(rows[row], rim, len(label)), asked) | ~fit[rows[row]]
        return np.asarray(mine & left(rows[row], rim))

    near = plane_search.near_rims(sites.take(rows), layer.rims, reach_m, open_)
    near = replace(near, site=rows[near.site])
    return join([found, _settled(near, sites, layer, label, taken)])


def _of_sites(near: Nearest, sections: SearchSites, label: Indices, reach_m: float) -> Nearest:
    """Return the nearest feature of each site and label, of those of its sections."""
    near = replace(near, site=sections.owner[near.site])
    return least_per(near, keys(near.site, label[near.feature], int(label.max(initial=-1)) + 1), reach_m)


def _settled(near: Nearest, sites: SearchSites, layer: PreparedLayer, label: Indices, taken: Taken) -> Nearest:
    n = int(label.max(initial=-1)) + 1
    near = near.take(~np.isin(keys(sites.owner[near.site], label[near.feature], n), keys(*taken, n)))
    return plane_search.exactly_met(near, sites, layer.geometry)


def to_own_rim(sites: SearchSites, layer: PreparedLayer, feature: Indices) -> Floats:
    """Return the distance of each site to the border of one feature, m.

    Parameters
    ----------
    feature : ndarray of int64
        The feature of each site.
    """
    if not _compiled():
        return plane_search.to_own_rim(sites, layer.rims, feature)
    out, _ = own_rim_found(sites.flat, layer.rim_lines, feature)
    rest = np.flatnonzero(np.isnan(out))
    if len(rest):
        out[rest] = plane_search.to_own_rim(sites.take(rest), layer.rims, feature[rest])
    return out


def own_rim_found(sites: Sites, rims: Lines, feature: Indices) -> tuple[Floats, NDArray[np.uint8]]:
    """Return the distance of each site to the border of one feature, m, and what the compiled search says of it.

    Returns
    -------
    distance_m : ndarray
        NaN where the search leaves it: see there for the states.
    state : ndarray of uint8
    """
    out, state = np.full(len(sites.box), np.nan), np.full(len(sites.box), LEFT, dtype=np.uint8)
    rows = np.flatnonzero(sites.fit)
    for reach_m in (compiled.MAX_REACH_M, compiled.FAR_REACH_M):
        found, state[rows] = compiled.search(sites, rims, rows, feature[rows], reach_m)
        near = _measured(found, rows[found["job"]])
        np.fmin.at(out, near.site, near.distance_m)
        rows = rows[state[rows] == NONE]
    return out, state


def at_rims(shape: Objects, layer: PreparedLayer, row: Indices, feature: Indices) -> tuple[Flags, Flags]:
    """Tell which pairs of a shape, by its row, and a feature surely meet at the feature's border, and what is unsure.

    Parameters
    ----------
    shape : ndarray of object
        EPSG:4490.

    Returns
    -------
    met, unsure : ndarray of bool
        Where there are no compiled loops everything is unsure.
    """
    met, unsure = np.zeros(len(row), dtype=bool), np.ones(len(row), dtype=bool)
    if not compiled.available() or not len(row):
        return met, unsure
    each, at = np.unique(row, return_inverse=True)
    sites = Sites.of(shape[each])
    small = shapely.get_num_coordinates(shape[each]) <= MOST_VERTICES
    jobs = np.flatnonzero(sites.fit[at] & small[at])
    found, state = compiled.search(sites, layer.rim_lines, at[jobs], feature[jobs], compiled.DOUBT_M)
    met[jobs[found["job"][found["metres"] == 0]]] = True
    unsure[jobs] = state >= ASK
    return met, unsure


def _compiled(reach_m: float = 0.0) -> bool:
    return compiled.available() and reach_m <= compiled.MAX_REACH_M


def _found(sites: SearchSites, lines: Lines, reach_m: float, taken: Taken) -> tuple[Nearest, Indices, Indices]:
    """Return the least distance per fit site and label that the compiled search tells, and the pairs that it leaves."""
    n = lines.n_labels
    site, label = compiled.labels_within(sites.flat, lines, reach_m)
    open_ = ~np.isin(keys(sites.owner[site], label, n), keys(*taken, n))
    site, label = site[open_], label[open_]
    found, state = compiled.search(sites.flat, lines, site, label, reach_m)
    near = _measured(found, site[found["job"]])
    near = least_per(near, keys(near.site, label[found["job"]], n), reach_m)
    ask = state >= ASK
    return near, site[ask], label[ask]


def _measured(found: NDArray[np.void], site: Indices) -> Nearest:
    lon = np.column_stack((found["site_lon"], found["lon"]))
    lat = np.column_stack((found["site_lat"], found["lat"]))
    return Nearest.between(site, found["feature"], lon, lat)

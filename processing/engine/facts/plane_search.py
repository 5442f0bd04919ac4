"""The nearest feature of each boundary group by GEOS: what the compiled search leaves, or all where there is none.

Candidates come from an index in the Mercator plane. Its scale changes with latitude,
so every run of the boundary whose plane distance is within that change of the least is
kept. Each pair is looked for once more in a plane whose scale is level about it (in the
Mercator plane edges side by side would tie along their whole length), measured on the
ellipsoid, and the least geodesic distance wins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy import mercator
from ....layers.geodesy.ellipsoid import SHORTEST_DEGREE_M
from ....layers.geodesy.nearest import nearest_pairs
from ..prepared.layer import BoundaryGroup, Rims, to_plane
from .near_points import EMPTY, Nearest, join, keys, least_per
from .search_sites import SearchSites

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

PLANE_DOUBT_M = 0.002  # an edge straight in lon/lat leaves the straight edge of the plane by less
BLOCK = 500_000  # vertices
PLANE_EPS = 1e-12  # about 6 µm


def nearest_in_groups(sites: SearchSites, groups: tuple[BoundaryGroup, ...], reach_m: float) -> Nearest:
    """Return the nearest feature of each group for every site within reach.

    Parameters
    ----------
    reach_m : float
        Geodesic metres.
    """
    boxes, limit = sites.around(reach_m)
    found = [EMPTY]
    for group in groups:
        rows = np.unique(group.boxes.query(boxes)[0])
        if len(rows):
            near = _nearest_in_group(sites.take(rows), group, limit[rows], reach_m)
            found.append(replace(near, site=rows[near.site]))
    return join(found)


def _nearest_in_group(sites: SearchSites, group: BoundaryGroup, limit: Floats, reach_m: float) -> Nearest:
    # The run nearest to the middle bounds the distance from above, and a point is cheap to look up.
    furthest = float((limit + sites.radius).max())
    (site, run), least = group.tree.query_nearest(
        sites.middle, max_distance=furthest, return_distance=True, all_matches=False
    )
    reachable = least - sites.radius[site] <= limit[site]
    site, run = site[reachable], run[reachable]
    points, bound = _bounded(sites, site, group.runs[run], limit[site])
    row, other, least = _boxes_within(sites, site, group, bound)
    new = other != run[row]
    row, other, least = row[new], other[new], least[new]
    # The run whose box is nearest may lower the bound, which leaves few of the rest to be measured.
    order = np.lexsort((least, row))
    first = order[np.flatnonzero(np.diff(row[order], prepend=-1))]
    lower = bound.copy()
    more, lower[row[first]] = _bounded(sites, site[row[first]], group.runs[other[first]], bound[row[first]])
    bound = np.minimum(bound, lower)
    near = least <= bound[row]
    near[first] = False
    rest = np.flatnonzero(near)
    last, _ = _bounded(sites, site[row[rest]], group.runs[other[rest]], bound[row[rest]])
    points = np.concatenate((points, more, last))
    at = np.concatenate((np.arange(len(site)), row[first], row[rest]))
    run = np.concatenate((run, other[first], other[rest]))
    near = np.abs(points[:, 1] - points[:, 0]) <= bound[at]
    site, run = site[at[near]], run[near]
    pairs = _measured(sites.geometry[site], group.runs[run], points[near], site, group.run_feature[run])
    return least_per(pairs, pairs.site, reach_m)


def _bounded(sites: SearchSites, site: Indices, runs: Objects, limit: Floats) -> tuple[NDArray[np.complex128], Floats]:
    """Return the nearest points of pairs in the plane, and beyond which distance no run can be nearer on the ground."""
    points = _coordinates(shapely.shortest_line(sites.geometry[site], runs))
    bound = np.minimum(np.abs(points[:, 1] - points[:, 0]), limit)
    return points, bound * _slack(sites, site, bound) + PLANE_EPS


def _boxes_within(
    sites: SearchSites, site: Indices, group: BoundaryGroup, bound: Floats
) -> tuple[Indices, Indices, Floats]:
    """Return the pairs of a site and a run that may be within the bound of each site, and their least distance."""
    west, south, east, north = sites.bounds[site].T
    box = shapely.box(west, south, east, north)
    row, run = group.tree.query(shapely.box(west - bound, south - bound, east + bound, north + bound))
    least = shapely.distance(box[row], group.runs[run])
    near = least <= bound[row]
    return row[near], run[near], least[near]


def near_rims(
    sites: SearchSites, rims: Rims, reach_m: float, asked: Callable[[Indices, Indices], Flags] | None = None
) -> Nearest:
    """Return every feature within reach of each site; meant for a reach of metres, not kilometres.

    Parameters
    ----------
    asked : callable, optional
        Tells of which pairs of a site and a feature that is to be told; of all where it is not given.
    """
    site, run = rims.tree.query(sites.lonlat, predicate="dwithin", distance=_degrees(sites, reach_m))
    if asked is not None:
        open_ = asked(site, rims.feature[run])
        site, run = site[open_], run[open_]
    pairs = measure(sites.geometry[site], to_plane(rims.runs[run]), site, rims.feature[run])
    return least_per(pairs, keys(pairs.site, pairs.feature, int(pairs.feature.max(initial=0)) + 1), reach_m)


def to_own_rim(sites: SearchSites, rims: Rims, feature: Indices) -> Floats:
    """Return the distance of each site to the border of one feature, m.

    Parameters
    ----------
    feature : ndarray of int64
        The feature of each site.
    """
    geometry = sites.lonlat
    out = np.full(len(geometry), np.nan)
    if not len(geometry):
        return out
    (site, run), least = rims.tree.query_nearest(geometry, return_distance=True)
    own = rims.feature[run] == feature[site]
    todo, first = np.unique(site[own], return_index=True)
    _measure_own(out, sites, rims, feature, todo, least[own][first])
    # Where another feature's border is nearer, the own one is looked up by itself.
    rest = np.flatnonzero(np.isnan(out))
    for row in np.unique(feature[rest]):
        of = rest[feature[rest] == row]
        mine = rims.of_feature(int(row))
        (place, _), least = mine.tree.query_nearest(geometry[of], return_distance=True, all_matches=False)
        _measure_own(out, sites, mine, feature, of[place], least)
    return out


def _measure_own(out: Floats, sites: SearchSites, rims: Rims, feature: Indices, todo: Indices, least: Floats) -> None:
    """Measure on the ellipsoid what lies at most as far as the run that is nearest in degrees."""
    widen = 1.02 / np.cos(np.radians(sites.furthest_lat[todo]))
    at, run = rims.tree.query(sites.lonlat[todo], predicate="dwithin", distance=least * widen + 1e-9)
    own = rims.feature[run] == feature[todo[at]]
    site, run = todo[at[own]], run[own]
    pairs = measure(sites.geometry[site], to_plane(rims.runs[run]), site, rims.feature[run])
    np.fmin.at(out, site, pairs.distance_m)


def _degrees(sites: SearchSites, reach_m: float) -> Floats:
    """Return degrees that hold the reach in every direction."""
    lat = sites.furthest_lat + reach_m / SHORTEST_DEGREE_M
    return np.asarray(reach_m / SHORTEST_DEGREE_M / np.cos(np.radians(lat)) + 1e-9)


def measure(shape: Objects, run: Objects, site: Indices, feature: Indices) -> Nearest:
    """Return the geodesic distance and the nearest points of pairs given in the Mercator plane."""
    return _measured(shape, run, _coordinates(shapely.shortest_line(shape, run)), site, feature)


def _measured(shape: Objects, run: Objects, points: NDArray[np.complex128], site: Indices, feature: Indices) -> Nearest:
    """Return the same for pairs whose nearest points in the plane are known."""
    apart = np.flatnonzero(points[:, 0] != points[:, 1])
    # A large site is copied for each pair that it has part in: some pairs after the other.
    block = np.cumsum(shapely.get_num_coordinates(shape[apart])) // BLOCK
    for rows in np.split(apart, np.flatnonzero(np.diff(block)) + 1):
        points[rows] = _relaxed(shape[rows], run[rows], points[rows])
    return _on_ellipsoid(points, site, feature)


def _coordinates(lines: Objects) -> NDArray[np.complex128]:
    """Return the two ends of each shortest line as complex numbers, shape (n, 2)."""
    xy = shapely.get_coordinates(lines).reshape(-1, 2, 2)
    return np.asarray(xy[..., 0] + 1j * xy[..., 1])


def _on_ellipsoid(points: NDArray[np.complex128], site: Indices, feature: Indices) -> Nearest:
    lon, lat = mercator.inverse(points.real, points.imag)
    near = Nearest.between(site, feature, lon, lat)
    met = points[:, 0] == points[:, 1]
    near.distance_m[met], near.bearing_deg[met] = 0.0, np.nan
    return near


def _relaxed(shape: Objects, run: Objects, points: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Look for the pairs again in the conformal plane w = z + i sin(φ) z²/2, whose scale is level about each pair."""
    middle = points.mean(axis=1)
    _, lat = mercator.inverse(middle.real, middle.imag)
    bend = 0.5j * np.sin(np.radians(lat))
    lines = shapely.shortest_line(_bent(shape, middle, bend), _bent(run, middle, bend))
    w = _coordinates(lines)
    z = w.copy()
    for _ in range(4):  # contracts by the reach over the earth's radius, 0.002 a round
        z = w - bend[:, None] * z * z
    return np.asarray(z + middle[:, None])


def _bent(geometry: Objects, middle: NDArray[np.complex128], bend: NDArray[np.complex128]) -> Objects:
    coords, index = shapely.get_coordinates(geometry, return_index=True)
    z = coords[:, 0] + 1j * coords[:, 1] - middle[index]
    w = z + bend[index] * z * z
    return np.asarray(shapely.set_coordinates(geometry.copy(), np.column_stack((w.real, w.imag))))


def _slack(sites: SearchSites, site: Indices, least: Floats) -> Floats:
    """Return by which factor the plane may order two distances wrongly, since its scale grows with latitude."""
    low, high = np.radians(sites.lat[site]).T
    return np.asarray(1 + 1.1 * np.tan(np.maximum(np.abs(low), np.abs(high)) + least) * (high - low + least))


def exactly_met(near: Nearest, sites: SearchSites, geometry: Objects) -> Nearest:
    """Settle in longitude and latitude what the plane cannot tell: whether pairs within 2 mm meet.

    Parameters
    ----------
    geometry : ndarray of object
        The features in EPSG:4490.
    """
    close = np.flatnonzero(near.distance_m < PLANE_DOUBT_M)
    if not len(close):
        return near
    border = geometry[near.feature[close]].copy()
    areal = shapely.get_dimensions(border) == 2
    border[areal] = shapely.boundary(border[areal])
    exact = nearest_pairs(sites.about(near.site[close], near.site_lon[close], near.site_lat[close]), border)
    changed = {name: getattr(near, name).copy() for name in ("distance_m", "bearing_deg")}
    for name, values in changed.items():
        values[close] = getattr(exact, name)
    return replace(near, **changed)

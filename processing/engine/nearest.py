"""The nearest feature of each boundary group within reach, with distance, bearing and the pair of points.

Candidates come from an index in the Mercator plane. Its scale changes with latitude,
so every run of the boundary whose plane distance is within that change of the least is
kept. Each pair is looked for once more in a plane whose scale is level about it (in the
Mercator plane edges side by side would tie along their whole length), measured on the
ellipsoid, and the least geodesic distance wins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from ...layers.geodesy import mercator
from ...layers.geodesy.distance import inverse
from .prepared import BoundaryGroup, Rims, to_plane

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

EARTH_M = 6_371_000.0
METRES_PER_DEGREE = 110_500.0  # less than any degree of latitude or, at the equator, of longitude is long
PLANE_EPS = 1e-12  # about 6 µm


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

    def take(self, rows: Indices | NDArray[np.bool_]) -> Nearest:
        """Return those rows."""
        return Nearest(*(values[rows] for values in vars(self).values()))


EMPTY = Nearest(*(np.empty(0, dtype=np.int64),) * 2, *(np.empty(0),) * 6)


def join(parts: list[Nearest]) -> Nearest:
    """Return the rows of all parts."""
    return Nearest(*(np.concatenate([vars(p)[name] for p in parts]) for name in Nearest.__dataclass_fields__))


@dataclass(frozen=True)
class PlaneSites:
    """Sites in the Mercator plane, made once and used for every layer.

    ``bounds`` are their boxes, ``middle`` the middles of those, ``radius`` how far a site
    reaches from there in plane units, latitudes in degrees.
    """

    geometry: Objects
    bounds: Floats
    middle: Objects
    radius: Floats
    lat_low: Floats
    lat_high: Floats

    @classmethod
    def of(cls, geometry: Objects) -> PlaneSites:
        """Project sites given in EPSG:4490."""
        lat = shapely.bounds(geometry).reshape(-1, 4)[:, [1, 3]]
        plane = to_plane(geometry)
        bounds = shapely.bounds(plane).reshape(-1, 4)
        west, south, east, north = bounds.T
        middle = shapely.points((west + east) / 2, (south + north) / 2)
        return cls(plane, bounds, middle, np.hypot(east - west, north - south) / 2, lat[:, 0], lat[:, 1])

    def take(self, rows: Indices) -> PlaneSites:
        """Return the sites at those positions."""
        return PlaneSites(*(values[rows] for values in vars(self).values()))

    def around(self, reach_m: float) -> tuple[Objects, Floats]:
        """Return the box of each site widened by the reach, and the reach, in plane units."""
        limit = reach_m * _scale_bound(self, reach_m)
        west, south, east, north = self.bounds.T
        return np.asarray(shapely.box(west - limit, south - limit, east + limit, north + limit)), limit


def nearest_in_groups(sites: PlaneSites, groups: tuple[BoundaryGroup, ...], reach_m: float) -> Nearest:
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


def _nearest_in_group(sites: PlaneSites, group: BoundaryGroup, limit: Floats, reach_m: float) -> Nearest:
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
    return _least_per(pairs, pairs.site, reach_m)


def _bounded(sites: PlaneSites, site: Indices, runs: Objects, limit: Floats) -> tuple[NDArray[np.complex128], Floats]:
    """Return the nearest points of pairs in the plane, and beyond which distance no run can be nearer on the ground."""
    points = _coordinates(shapely.shortest_line(sites.geometry[site], runs))
    bound = np.minimum(np.abs(points[:, 1] - points[:, 0]), limit)
    return points, bound * _slack(sites, site, bound) + PLANE_EPS


def _boxes_within(
    sites: PlaneSites, site: Indices, group: BoundaryGroup, bound: Floats
) -> tuple[Indices, Indices, Floats]:
    """Return the pairs of a site and a run that may be within the bound of each site, and their least distance."""
    west, south, east, north = sites.bounds[site].T
    box = shapely.box(west, south, east, north)
    row, run = group.tree.query(shapely.box(west - bound, south - bound, east + bound, north + bound))
    least = shapely.distance(box[row], group.runs[run])
    near = least <= bound[row]
    return row[near], run[near], least[near]


def near_rims(geometry: Objects, sites: PlaneSites, rims: Rims, reach_m: float) -> Nearest:
    """Return every feature within reach of each site; meant for a reach of metres, not kilometres.

    Parameters
    ----------
    geometry : ndarray of object
        The sites in EPSG:4490, as `sites` holds them in the plane.
    """
    site, run = rims.tree.query(geometry, predicate="dwithin", distance=_degrees(sites, reach_m))
    pairs = measure(sites.geometry[site], to_plane(rims.runs[run]), site, rims.feature[run])
    return _least_per(pairs, _keys(pairs.site, pairs.feature), reach_m)


def to_own_rim(geometry: Objects, sites: PlaneSites, rims: Rims, feature: Indices) -> Floats:
    """Return the distance of each site to the border of one feature, m.

    Parameters
    ----------
    geometry : ndarray of object
        The sites in EPSG:4490, as `sites` holds them in the plane.
    feature : ndarray of int64
        The feature of each site.
    """
    out = np.full(len(geometry), np.nan)
    if not len(geometry):
        return out
    (site, run), least = rims.tree.query_nearest(geometry, return_distance=True)
    own = rims.feature[run] == feature[site]
    todo, first = np.unique(site[own], return_index=True)
    _measure_own(out, geometry, sites, rims, feature, todo, least[own][first])
    # Where another feature's border is nearer, the own one is looked up by itself.
    rest = np.flatnonzero(np.isnan(out))
    for row in np.unique(feature[rest]):
        of = rest[feature[rest] == row]
        mine = rims.of_feature(int(row))
        (place, _), least = mine.tree.query_nearest(geometry[of], return_distance=True, all_matches=False)
        _measure_own(out, geometry, sites, mine, feature, of[place], least)
    return out


def _measure_own(
    out: Floats, geometry: Objects, sites: PlaneSites, rims: Rims, feature: Indices, todo: Indices, least: Floats
) -> None:
    """Measure on the ellipsoid what lies at most as far as the run that is nearest in degrees."""
    widen = 1.02 / np.cos(np.radians(np.maximum(np.abs(sites.lat_low), np.abs(sites.lat_high))[todo]))
    at, run = rims.tree.query(geometry[todo], predicate="dwithin", distance=least * widen + 1e-9)
    own = rims.feature[run] == feature[todo[at]]
    site, run = todo[at[own]], run[own]
    pairs = measure(sites.geometry[site], to_plane(rims.runs[run]), site, rims.feature[run])
    np.fmin.at(out, site, pairs.distance_m)


def _degrees(sites: PlaneSites, reach_m: float) -> Floats:
    """Return degrees that hold the reach in every direction."""
    lat = np.maximum(np.abs(sites.lat_low), np.abs(sites.lat_high)) + reach_m / METRES_PER_DEGREE
    return np.asarray(reach_m / METRES_PER_DEGREE / np.cos(np.radians(lat)) + 1e-9)


def _keys(site: Indices, feature: Indices) -> Indices:
    return site * (int(feature.max(initial=0)) + 1) + feature


def measure(shape: Objects, run: Objects, site: Indices, feature: Indices) -> Nearest:
    """Return the geodesic distance and the nearest points of pairs given in the Mercator plane."""
    return _measured(shape, run, _coordinates(shapely.shortest_line(shape, run)), site, feature)


def _measured(shape: Objects, run: Objects, points: NDArray[np.complex128], site: Indices, feature: Indices) -> Nearest:
    """Return the same for pairs whose nearest points in the plane are known."""
    apart = np.flatnonzero(points[:, 0] != points[:, 1])
    points[apart] = _relaxed(shape[apart], run[apart], points[apart])
    return _on_ellipsoid(points, site, feature)


def _coordinates(lines: Objects) -> NDArray[np.complex128]:
    """Return the two ends of each shortest line as complex numbers, shape (n, 2)."""
    xy = shapely.get_coordinates(lines).reshape(-1, 2, 2)
    return np.asarray(xy[..., 0] + 1j * xy[..., 1])


def _on_ellipsoid(points: NDArray[np.complex128], site: Indices, feature: Indices) -> Nearest:
    lon, lat = mercator.inverse(points.real, points.imag)
    distance, bearing = inverse(lon[:, 0], lat[:, 0], lon[:, 1], lat[:, 1])
    met = points[:, 0] == points[:, 1]
    distance[met], bearing[met] = 0.0, np.nan
    return Nearest(site, feature, distance, bearing, lon[:, 0], lat[:, 0], lon[:, 1], lat[:, 1])


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


def _scale_bound(sites: PlaneSites, reach_m: float) -> Floats:
    """Return the greatest plane units per metre within reach of each site."""
    lat = np.maximum(np.abs(sites.lat_low), np.abs(sites.lat_high)) + np.degrees(reach_m / EARTH_M)
    return mercator.scale(lat)


def _slack(sites: PlaneSites, site: Indices, least: Floats) -> Floats:
    """Return by which factor the plane may order two distances wrongly, since its scale grows with latitude."""
    low, high = np.radians(sites.lat_low[site]), np.radians(sites.lat_high[site])
    return np.asarray(1 + 1.1 * np.tan(np.maximum(np.abs(low), np.abs(high)) + least) * (high - low + least))


def _least_per(pairs: Nearest, key: Indices, reach_m: float) -> Nearest:
    """Keep the least distance of each key, and of those only what lies within reach."""
    order = np.lexsort((pairs.feature, pairs.distance_m, key))
    first = np.concatenate(([True], np.diff(key[order]) != 0)) if len(order) else np.empty(0, dtype=bool)
    pairs = pairs.take(order[first])
    return pairs.take(pairs.distance_m <= reach_m)

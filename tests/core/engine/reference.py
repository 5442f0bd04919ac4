"""The slow and obvious path to the facts, against which the fast one is held.

One pair after the other, whole geometries, no index, no piece, no plane: relations by GEOS predicates, overlaps
by one plain intersection, distances by the nearest of all edges (as chords in space) and then by pyproj's Geod
along the edges. Nothing here is taken from `ecoredline.processing`; only the formulas of area and length, which
have tests of their own, are those of `layers.geodesy`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from ecoredline.layers.geodesy.area import polygon_areas
from ecoredline.layers.geodesy.length import line_lengths
from shapely.geometry.base import BaseGeometry

# CGCS2000; PROJ has no name for it.
MAJOR, FLATTENING = 6378137.0, 1 / 298.257222101
GEOD = pyproj.Geod(a=MAJOR, f=FLATTENING)
SQUARED = FLATTENING * (2 - FLATTENING)

EDGE_DEG = 0.0005  # about 50 m: a chord leaves such an edge by under 0.05 mm
CANDIDATES_M = 0.002
HAIR_DEG = 1e-12
NEAR_ONLY_M = 200.0


@dataclass(frozen=True)
class Fact:
    """One site against one feature, by their places in the lists given."""

    site: int
    feature: int
    relation: str
    area_m2: float
    length_m: float
    distance_m: float


def relation(site: BaseGeometry, surface: BaseGeometry) -> str | None:
    """Return how a site lies to a polygon, None where they are apart."""
    site, surface = _noded(site), _noded(surface)
    if not site.intersects(surface):
        return None
    if site.touches(surface):
        return "touches"
    if site.within(surface):
        return "inside"
    if site.contains(surface):
        return "contains"
    return "crosses" if shapely.get_dimensions(site) == 1 else "overlaps"


def overlap(site: BaseGeometry, surface: BaseGeometry) -> tuple[str, float, float] | None:
    """Return relation, area in m² and length in m (without stretches along the border) of a pair that meets."""
    how = relation(site, surface)
    if how is None or how == "touches":
        return None if how is None else (how, 0.0, 0.0)
    dimension = shapely.get_dimensions(site)
    if dimension == 0:
        return how, 0.0, 0.0
    common = site.intersection(surface)
    if dimension == 2:
        return how, _area(common), 0.0
    along = _length(site.intersection(surface.boundary))
    if how == "inside" and along == 0:
        return how, 0.0, _length(site)
    return how, 0.0, max(0.0, _length(common) - along)


def distance(a: BaseGeometry, b: BaseGeometry, reach_m: float = np.inf) -> float:
    """Return the geodesic distance of two geometries in m, 0 where they intersect, infinity beyond the reach."""
    if a.intersects(b):
        return 0.0
    edges_a, edges_b = _edges(a), _edges(b)
    if np.isfinite(reach_m):
        edges_b = _within_box(edges_b, a.bounds, reach_m)
        if not len(edges_b):
            return np.inf
    found = min(_vertices_to_edges(edges_a, edges_b), _vertices_to_edges(edges_b, edges_a))
    return found if found <= reach_m else np.inf


def facts(
    sites: Sequence[BaseGeometry],
    features: Sequence[BaseGeometry],
    reach_m: float = 0.0,
    groups: Sequence[int] | None = None,
) -> list[Fact]:
    """Return every fact of a layer, sorted by site and feature.

    Up to 200 m of reach every feature is a fact; beyond it the nearest of each group, unless the site meets a
    feature of that group. Of features at the same distance the first is given.
    """
    group = list(groups) if groups is not None else [0] * len(features)
    found: list[Fact] = []
    for i, site in enumerate(sites):
        met: dict[int, Fact] = {}
        for j, feature in enumerate(features):
            measure = overlap(site, feature) if shapely.get_dimensions(feature) == 2 else None
            if measure is not None:
                met[j] = Fact(i, j, *measure, 0.0)
        near = []
        if reach_m > 0:
            taken = {group[j] for j in met} if reach_m > NEAR_ONLY_M else set()
            left = [j for j in range(len(features)) if j not in met and group[j] not in taken]
            apart = {j: distance(site, features[j], reach_m) for j in left}
            if reach_m > NEAR_ONLY_M:
                best = {g: min((apart[j], j) for j in left if group[j] == g) for g in {group[j] for j in left}}
                apart = {j: metres for metres, j in best.values()}
            near = [Fact(i, j, "near" if m > 0 else "crosses", 0.0, 0.0, m) for j, m in apart.items() if m <= reach_m]
        found += sorted([*met.values(), *near], key=lambda fact: fact.feature)
    return found


def along_by_a_hair(site: BaseGeometry, surface: BaseGeometry) -> float:
    """Return how much of a line, m, runs along a border off it by less than `HAIR_DEG`, a tenth of a micrometre.

    Corners of such a line lie on an edge of the border but for the rounding of their coordinates, so whether it runs
    along the border or beside it hangs on who looks.
    """
    lines, borders = _edges(site), _edges(surface)
    ways = lines[:, 2:] - lines[:, :2]
    total = 0.0
    for start, way in zip(lines[:, :2], ways, strict=True):
        length = np.hypot(*way)
        if length == 0:
            continue
        along, aside = way / length, np.array([-way[1], way[0]]) / length
        ends = borders.reshape(-1, 2, 2) - start
        close = (np.abs(ends @ aside) <= HAIR_DEG).all(axis=1)
        reach = np.sort((ends @ along)[close], axis=1).clip(0.0, length)
        for low, high in reach:
            if high > low:
                total += _length(shapely.LineString([start + low * along, start + high * along]))
    return total


def _noded(geometry: BaseGeometry) -> BaseGeometry:
    """Give a polygon a corner where its rings touch; without one in the edge GEOS 3.14 relates it wrongly."""
    holed = any(part.interiors for part in shapely.get_parts(geometry) if shapely.get_dimensions(part) == 2)
    return shapely.make_valid(geometry, method="structure") if holed else geometry


def _area(geometry: BaseGeometry) -> float:
    return float(polygon_areas(np.array([geometry], dtype=object))[0])


def _length(geometry: BaseGeometry) -> float:
    return float(line_lengths(np.array([geometry], dtype=object))[0])


def _edges(geometry: BaseGeometry) -> np.ndarray:
    """Return the edges of the outline as rows lon, lat, lon, lat; a point is an edge without length."""
    rows = []
    for part in shapely.get_parts(geometry):
        outline = part.boundary if shapely.get_dimensions(part) == 2 else part
        for line in shapely.get_parts(outline):
            xy = shapely.get_coordinates(shapely.segmentize(line, EDGE_DEG))
            rows.append(np.hstack([xy[:-1], xy[1:]]) if len(xy) > 1 else np.hstack([xy, xy]))
    return np.vstack(rows)


def _within_box(edges: np.ndarray, bounds: tuple[float, ...], reach_m: float) -> np.ndarray:
    """Keep the edges whose box comes within reach of a box; a degree of latitude has at least 110,500 m."""
    west, south, east, north = bounds
    up = 1.01 * reach_m / 110_500
    aside = up / np.cos(np.radians(max(abs(south), abs(north)) + up))
    lon, lat = edges[:, 0::2], edges[:, 1::2]
    keep = (lon.max(axis=1) >= west - aside) & (lon.min(axis=1) <= east + aside)
    return edges[keep & (lat.max(axis=1) >= south - up) & (lat.min(axis=1) <= north + up)]


def _in_space(lonlat: np.ndarray) -> np.ndarray:
    """Return points of the ellipsoid in earth-centred metres, shape (n, 3)."""
    lon, lat = np.radians(lonlat).T
    normal = MAJOR / np.sqrt(1 - SQUARED * np.sin(lat) ** 2)
    return np.column_stack(
        [normal * np.cos(lat) * np.cos(lon), normal * np.cos(lat) * np.sin(lon), normal * (1 - SQUARED) * np.sin(lat)]
    )


def _vertices_to_edges(of: np.ndarray, to: np.ndarray) -> float:
    """Return the least distance from the ends of some edges to other edges."""
    vertices = np.unique(np.vstack([of[:, :2], of[:, 2:]]), axis=0)
    points, start, end = _in_space(vertices), _in_space(to[:, :2]), _in_space(to[:, 2:])
    along = end - start
    square = np.einsum("ij,ij->i", along, along)
    chord = np.empty((len(points), len(to)))
    for i, point in enumerate(points):
        share = np.clip(np.einsum("ij,ij->i", point - start, along) / np.where(square > 0, square, 1.0), 0.0, 1.0)
        chord[i] = np.linalg.norm(start + share[:, None] * along - point, axis=1)
    vertex, edge = np.nonzero(chord <= chord.min() + CANDIDATES_M)
    return float(_geodesic(vertices[vertex], to[edge]).min())


def _geodesic(points: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return the geodesic distance of points to edges straight in lon/lat, by ternary search along the edge."""

    def at(share: np.ndarray) -> np.ndarray:
        lon, lat = (edges[:, :2] + share[:, None] * (edges[:, 2:] - edges[:, :2])).T
        return np.asarray(GEOD.inv(points[:, 0], points[:, 1], lon, lat)[2])

    low, high = np.zeros(len(points)), np.ones(len(points))
    for _ in range(70):
        left, right = low + (high - low) / 3, high - (high - low) / 3
        nearer = at(left) <= at(right)
        low, high = np.where(nearer, low, left), np.where(nearer, right, high)
    return np.minimum.reduce([at(low), at(high), at(np.zeros(len(points))), at(np.ones(len(points)))])

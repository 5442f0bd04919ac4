"""The fast path of the engine, run on plain lists of geometries and held against `reference`."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import reference
import shapely
from ecoredline.layers.layerset import LayerSource
from ecoredline.layers.reading import read_layer
from ecoredline.processing.engine.facts.facts import find_facts
from ecoredline.processing.engine.facts.overlap import RELATIONS
from ecoredline.processing.engine.facts.site_arrays import site_arrays
from ecoredline.processing.engine.prepared.layer import PreparedLayer, prepare
from shapely.geometry.base import BaseGeometry

SAME_AREA, LEAST_AREA_M2 = 1e-9, 1e-6
SAME_DISTANCE_M = 1e-3
SAME_LENGTH, LEAST_LENGTH_M = 1e-9, 1e-6


def prepared(features: Sequence[BaseGeometry], groups: Sequence[int] | None = None) -> PreparedLayer:
    """Return a layer of polygons, or of banks where the groups tell their rivers apart."""
    data = {"code": [f"F{i}" for i in range(len(features))]}
    role = "red_line"
    if groups is not None:
        role = "bank_line"
        data |= {"river": [f"R{g}" for g in groups], "river_class": "tributary", "bank_def": "临水线"}
    frame = gpd.GeoDataFrame(data, geometry=list(features), crs=4490)
    source = LayerSource(role, "in memory", accuracy_m=0.0, authority="statutory", frame=frame)
    return prepare(read_layer(source))


def fast_facts(sites: Sequence[BaseGeometry], layer: PreparedLayer, reach_m: float) -> list[reference.Fact]:
    """Return the facts of the engine in the form of the reference."""
    arrays = site_arrays(gpd.GeoDataFrame(geometry=list(sites), crs=4490))
    found, _ = find_facts(arrays, layer, reach_m)
    names = [RELATIONS[code].value for code in found.relation]
    columns = (found.site, found.feature, names, found.overlap_m2, found.length_m, found.distance_m)
    return [
        reference.Fact(int(s), int(f), r, float(a), float(m), float(d))
        for s, f, r, a, m, d in zip(*columns, strict=True)
    ]


def inequalities(
    sites: Sequence[BaseGeometry],
    features: Sequence[BaseGeometry],
    reach_m: float = 0.0,
    groups: Sequence[int] | None = None,
) -> list[str]:
    """Return in words where the fast path and the reference differ; empty where they are equal."""
    fast = fast_facts(sites, prepared(features, groups), reach_m)
    slow = reference.facts(sites, features, reach_m, groups)
    by_group = groups is not None and reach_m > reference.NEAR_ONLY_M
    return _differences(fast, slow, sites, features, reach_m, list(groups or []) if by_group else None)


def _differences(
    fast: list[reference.Fact],
    slow: list[reference.Fact],
    sites: Sequence[BaseGeometry],
    features: Sequence[BaseGeometry],
    reach_m: float,
    group: list[int] | None,
) -> list[str]:
    """Compare fact by fact; the nearest of a group may be any feature as near, and its rim is 1 mm wide."""

    def key(fact: reference.Fact) -> tuple[int, int]:
        return fact.site, fact.feature if group is None else group[fact.feature]

    def rim(fact: reference.Fact) -> bool:
        return fact.distance_m > 0 and abs(fact.distance_m - reach_m) <= SAME_DISTANCE_M

    ours, theirs = {key(f): f for f in fast}, {key(f): f for f in slow}
    out = [f"fact twice: {f}" for f in fast if ours[key(f)] is not f]
    out += [f"missing: {f}" for k, f in theirs.items() if k not in ours and not rim(f)]
    out += [f"extra: {f}" for k, f in ours.items() if k not in theirs and not rim(f)]
    for k, mine in ours.items():
        if k in theirs:
            out += [
                f"{problem}: {mine} instead of {theirs[k]}" for problem in _unlike(mine, theirs[k], sites, features)
            ]
    return out


def _unlike(
    mine: reference.Fact, other: reference.Fact, sites: Sequence[BaseGeometry], features: Sequence[BaseGeometry]
) -> list[str]:
    problems = []
    if mine.feature != other.feature and mine.distance_m > 0:
        apart = reference.distance(sites[mine.site], features[mine.feature])
        if abs(apart - other.distance_m) > SAME_DISTANCE_M:
            problems.append(f"another feature, in truth at {apart}")
    if mine.relation != other.relation and not _apart_by_a_hair(sites[mine.site], features[mine.feature]):
        problems.append("relation")
    if abs(mine.area_m2 - other.area_m2) > max(SAME_AREA * other.area_m2, LEAST_AREA_M2):
        problems.append(f"area by {mine.area_m2 - other.area_m2:.3g}")
    apart_m = abs(mine.length_m - other.length_m)
    if apart_m > max(SAME_LENGTH * other.length_m, LEAST_LENGTH_M):
        in_doubt = reference.along_by_a_hair(sites[mine.site], features[mine.feature])
        if apart_m > (1 + SAME_LENGTH) * in_doubt + LEAST_LENGTH_M:
            problems.append(f"length by {mine.length_m - other.length_m:.3g}, {in_doubt:.3g} in doubt")
    if not abs(mine.distance_m - other.distance_m) <= SAME_DISTANCE_M:
        problems.append(f"distance by {mine.distance_m - other.distance_m:.3g}")
    return problems


def _apart_by_a_hair(site: BaseGeometry, feature: BaseGeometry) -> bool:
    """Tell whether rounding alone keeps a corner off the edge on which it was put."""
    return 0.0 < shapely.distance(site, feature) <= reference.HAIR_DEG


def coordinates_of(geometries: Sequence[BaseGeometry]) -> list[str]:
    """Return geometries as exact hexadecimal WKB, for a report of what differed."""
    return [str(wkb) for wkb in shapely.to_wkb(np.array(geometries, dtype=object), hex=True)]

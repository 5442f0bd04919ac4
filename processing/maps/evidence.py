"""What the findings of a site add to its map: where to look, the shortest lines, the limits of distance."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ...layers.geodesy.buffers import buffer
from ...layers.geodesy.distance import inverse
from ...layers.role import role
from ..engine.words import Verdict
from .extent import Frame, nearest_boundary_point
from .labels import kilometres, metres
from .layers_for_map import LayerStore, of_dimension

MOST_LINES = 3
RING_TOLERANCE_M = 0.5
_GROUP = ("river", "river_class", "bank_def")
_DEGREES_PER_M = 1 / 90_000
_HALF_WIDTH_NOTICED_M = 0.5


@dataclass(frozen=True)
class Evidence:
    """The findings of one site that have a place, worst first, each with its nearest pair of points.

    Attributes
    ----------
    site : Geometry
        The site, degrees (EPSG:4490).
    findings : DataFrame
        Columns of the findings and site_lon, site_lat, feature_lon, feature_lat.
    facts : DataFrame
        The facts of the site.
    """

    site: shapely.Geometry
    findings: pd.DataFrame
    facts: pd.DataFrame


_PAIR = ["role", "feature_id", "site_lon", "site_lat", "feature_lon", "feature_lat"]


def evidence(site_id: str, site: shapely.Geometry, findings: pd.DataFrame, facts: pd.DataFrame) -> Evidence:
    """Collect the evidence of a site from the tables of a screening."""
    own = findings[(findings["site_id"] == site_id) & (findings["feature_id"].fillna("") != "")]
    near = facts[facts["site_id"] == site_id].sort_values("distance_m", kind="stable")
    pairs = near[_PAIR].drop_duplicates(["role", "feature_id"])
    merged = own.merge(pairs, on=["role", "feature_id"], how="left")
    rank = merged["verdict"].map(lambda verdict: Verdict(verdict).rank)
    return Evidence(site, merged.assign(_rank=rank).sort_values(["_rank", "distance_m"], kind="stable"), near)


def points_to_see(found: Evidence, store: LayerStore) -> NDArray[np.float64]:
    """Return the points, longitude and latitude, that must be in the frame beside the site.

    They are the nearest point of every feature that a finding names and, where the site
    lies in it, the nearest of its outline; with neither, the nearest feature known at all.
    """
    apart = found.findings[found.findings["distance_m"] > 0]
    points = apart[["feature_lon", "feature_lat"]].dropna().to_numpy(float).tolist()
    inside = found.findings[found.findings["distance_m"] == 0]
    for role_id, rows in inside.groupby("role"):
        features = store.of_role(str(role_id), found.site.bounds)
        for feature in features.loc[features["feature_id"].isin(rows["feature_id"])].geometry:
            point = nearest_boundary_point(found.site, feature)
            points.extend([] if point is None else [point])
    if not points:
        nearest = found.facts[found.facts["distance_m"] > 0].head(1)
        points = nearest[["feature_lon", "feature_lat"]].dropna().to_numpy(float).tolist()
    return np.asarray(points, float).reshape(-1, 2)


def shortest_lines(found: Evidence, secrecy: bool) -> gpd.GeoDataFrame:
    """Return the shortest line of each role's worst finding, with its length as ``name``; none to what is touched."""
    # the pair of what is touched may be missing: whether it is the worst is asked before whether it can be drawn
    rows = found.findings.drop_duplicates("role")
    rows = rows[rows["distance_m"] > 0].dropna(subset=_PAIR)
    if secrecy:
        rows = rows[[not role(role_id).controlled for role_id in rows["role"]]]
    rows = rows.head(MOST_LINES)
    ends = rows[["site_lon", "site_lat", "feature_lon", "feature_lat"]].to_numpy(float)
    lines = shapely.linestrings(ends.reshape(-1, 2, 2)) if len(rows) else []
    drawn = inverse(*ends.T)[0] if len(rows) else []
    names = [
        _length_words(row.distance_m, row.limit_m, shown) for row, shown in zip(rows.itertuples(), drawn, strict=True)
    ]
    return gpd.GeoDataFrame({"name": names}, geometry=list(lines), crs=4490)


def _length_words(distance_m: float, limit_m: float, drawn_m: float) -> str:
    words = metres(distance_m, None if np.isnan(limit_m) else limit_m)
    return words if drawn_m - distance_m < _HALF_WIDTH_NOTICED_M else f"{words}（已扣除半河宽）"


def limit_rings(found: Evidence, store: LayerStore, frame: Frame, secrecy: bool) -> gpd.GeoDataFrame:
    """Return the outlines of the legal distances of findings as far as they lie in the frame, named.

    A limit is drawn around all features of the same river and bank definition as the one found.
    """
    rows = found.findings[found.findings["limit_m"] > 0]
    area = frame.polygon
    seen: dict[str, list[shapely.Geometry]] = {}
    for (role_id, limit), group in rows.groupby(["role", "limit_m"]):
        if secrecy and role(role_id).controlled:
            continue
        features = store.of_role(role_id, area.buffer(limit * _DEGREES_PER_M).bounds)
        for name, geometries in _alike(features, set(group["feature_id"])):
            ring = _ring(geometries, float(limit), area)
            if not ring.is_empty:
                seen.setdefault(f"{name} {kilometres(float(limit))}".strip(), []).append(ring)
    return gpd.GeoDataFrame(
        {"name": list(seen)}, geometry=[shapely.union_all(parts) for parts in seen.values()], crs=4490
    )


def _alike(features: gpd.GeoDataFrame, ids: set[str]) -> list[tuple[str, NDArray[np.object_]]]:
    """Return, with a name, the features that belong to those of the ids."""
    columns = [column for column in _GROUP if column in features]
    keys = features[columns].fillna("").astype(str).agg("|".join, axis=1) if columns else features["feature_id"]
    named = features["river"].fillna("") != "" if "river" in features else pd.Series(False, index=features.index)
    keys = keys.where(named, features["feature_id"])
    out = []
    for key in dict.fromkeys(keys[features["feature_id"].isin(ids)]):
        group = features[keys == key]
        first = group.iloc[0]
        words = [first.get("river") or first.get("name") or "", first.get("bank_def") or ""]
        out.append(("".join(words), group.geometry.to_numpy()))
    return out


def _ring(geometries: NDArray[np.object_], limit_m: float, area: shapely.Polygon) -> shapely.Geometry:
    near = shapely.intersection(geometries, area.buffer(1.5 * limit_m * _DEGREES_PER_M))
    near = near[~shapely.is_empty(near)]
    if not len(near):
        return shapely.MultiLineString()
    outline = shapely.boundary(shapely.union_all(buffer(near, limit_m, RING_TOLERANCE_M)))
    return of_dimension(np.array([shapely.intersection(outline, area)], dtype=object), 1)[0]

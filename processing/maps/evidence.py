"""What the facts and findings of a site add to its map: where to look, the shortest lines."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ...layers.geodesy.distance import inverse
from ...layers.role import role
from ..engine.words import Verdict
from .catalogue import Template
from .extent import nearest_boundary_point
from .labels import metres
from .layers_for_map import LayerStore

_HALF_WIDTH_NOTICED_M = 0.5
_FEATURE = ["feature_lon", "feature_lat"]


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


def about(found: Evidence, template: Template, secrecy: bool) -> pd.DataFrame:
    """Return the facts of what a map is about, nearest first, each feature once.

    With secrecy what is controlled and does not overlap the site is left out: its place is not to be told.
    """
    facts = found.facts
    if template.about:
        rows = facts[facts["role"].isin(template.about)]
    else:
        named = pd.MultiIndex.from_frame(found.findings[["role", "feature_id"]])
        keys = pd.MultiIndex.from_frame(facts[["role", "feature_id"]])
        rows = facts[keys.isin(named)]
        rank = {key: place for place, key in reversed(list(enumerate(named)))}
        order = [rank[key] for key in pd.MultiIndex.from_frame(rows[["role", "feature_id"]])]
        rows = rows.iloc[np.argsort(order, kind="stable")]
    rows = rows.drop_duplicates(["role", "feature_id"])
    if secrecy:
        told = [not role(row.role).controlled or row.distance_m == 0 for row in rows.itertuples()]
        rows = rows[np.array(told, bool)]
    return rows


def points_to_see(found: Evidence, store: LayerStore, template: Template, secrecy: bool = False) -> NDArray[np.float64]:
    """Return the points, longitude and latitude, that must be in the frame beside the site.

    They are the nearest point of every feature that the map is about (as many and as far as its template
    says, the nearest always; a finding's at any distance) and, where the site lies in it, the nearest of its
    outline; with neither, the nearest feature known at all.
    """
    rows = about(found, template, secrecy)
    apart = rows[rows["distance_m"] > 0]
    if template.about:
        apart = _apart(rows, template).head(template.extent.most)
    points = apart[_FEATURE].dropna().to_numpy(float).tolist()
    inside = rows[rows["distance_m"] == 0]
    for role_id, group in inside.groupby("role"):
        if secrecy and role(role_id).controlled:
            continue
        features = store.of_role(str(role_id), found.site.bounds)
        for feature in features.loc[features["feature_id"].isin(group["feature_id"])].geometry:
            point = nearest_boundary_point(found.site, feature)
            points.extend([] if point is None else [point])
    if not points and not (secrecy or template.about):
        nearest = found.facts[found.facts["distance_m"] > 0].head(1)
        points = nearest[_FEATURE].dropna().to_numpy(float).tolist()
    return np.asarray(points, float).reshape(-1, 2)


def _apart(rows: pd.DataFrame, template: Template) -> pd.DataFrame:
    """Return the features within reach that the site does not touch; with none at all, the nearest."""
    apart = rows[rows["distance_m"] > 0]
    near = apart[apart["distance_m"] <= template.extent.reach_m]
    return near if len(near) or len(apart) < len(rows) else apart.head(1)


def shortest_lines(found: Evidence, template: Template, secrecy: bool) -> gpd.GeoDataFrame:
    """Return the shortest lines of a map with their lengths as ``name``; none to what is touched.

    They lead to the nearest features that the map is about, else to that of each role's worst finding.
    """
    rows = about(found, template, secrecy)
    if template.about:
        rows = _apart(rows, template)
    else:
        # whether a role is touched is asked of its worst finding, which may have no nearest pair
        worst = found.findings.drop_duplicates("role")
        worst = worst[worst["distance_m"] > 0]
        if secrecy:
            worst = worst[[not role(role_id).controlled for role_id in worst["role"]]]
        rows = worst
    rows = rows.dropna(subset=_PAIR).head(template.lines)
    ends = rows[["site_lon", "site_lat", "feature_lon", "feature_lat"]].to_numpy(float)
    lines = shapely.linestrings(ends.reshape(-1, 2, 2)) if len(rows) else []
    drawn = inverse(*ends.T)[0] if len(rows) else []
    names = [
        _length_words(row.distance_m, limits_of(found, template, row.role), shown)
        for row, shown in zip(rows.itertuples(), drawn, strict=True)
    ]
    return gpd.GeoDataFrame({"name": names}, geometry=list(lines), crs=4490)


def limits_of(found: Evidence, template: Template, role_id: str) -> tuple[float, ...]:
    """Return the distances that mean something for a role: those of the clauses found and those drawn on the map."""
    own = found.findings.loc[found.findings["role"] == role_id, "limit_m"].dropna()
    drawn = [distance for ring in template.rings if ring.role in ("", role_id) for distance in ring.distances_m]
    return tuple(dict.fromkeys([*map(float, own), *drawn]))


def _length_words(distance_m: float, limits_m: tuple[float, ...], drawn_m: float) -> str:
    words = metres(distance_m, *limits_m)
    return words if drawn_m - distance_m < _HALF_WIDTH_NOTICED_M else f"{words}（已扣除半河宽）"

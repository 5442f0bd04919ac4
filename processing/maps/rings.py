"""The distances drawn on a map: those of the clauses found, and those that a template asks for."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ...layers.geodesy.buffers import buffer
from ...layers.geodesy.joined import join
from ...layers.role import role
from .catalogue import Ring, Template
from .evidence import Evidence
from .extent import Frame
from .labels import kilometres
from .layers_for_map import LayerStore, of_dimension

RING_TOLERANCE_M = 0.5
_GROUP = ("river", "river_class", "bank_def")
_DEGREES_PER_M = 1 / 90_000


def rings(found: Evidence, template: Template, store: LayerStore, frame: Frame, secrecy: bool) -> gpd.GeoDataFrame:
    """Return the outlines of the distances of a map as far as they lie in its frame, named.

    A distance of a clause is drawn around all features of the same river and bank definition as the one found.
    """
    area = frame.polygon
    seen: dict[str, list[shapely.Geometry]] = {}
    asked = [*(_of_findings(found, store, area, secrecy) if template.finding_rings else [])]
    for ring in template.rings:
        asked.extend(_of_template(ring, found, store, area, secrecy))
    for name, geometries, distance in asked:
        line = _ring(geometries, distance, area)
        if not line.is_empty:
            seen.setdefault(f"{name} {kilometres(distance)}".strip(), []).append(line)
    return gpd.GeoDataFrame(
        {"name": list(seen)}, geometry=[shapely.union_all(parts) for parts in seen.values()], crs=4490
    )


Asked = tuple[str, NDArray[np.object_], float]


def _of_findings(found: Evidence, store: LayerStore, area: shapely.Polygon, secrecy: bool) -> list[Asked]:
    out = []
    rows = found.findings[found.findings["limit_m"] > 0]
    for (role_id, limit), group in rows.groupby(["role", "limit_m"]):
        if secrecy and role(role_id).controlled:
            continue
        features = store.of_role(role_id, area.buffer(limit * _DEGREES_PER_M).bounds)
        out.extend((name, geometries, float(limit)) for name, geometries in _alike(features, set(group["feature_id"])))
    return out


def _of_template(ring: Ring, found: Evidence, store: LayerStore, area: shapely.Polygon, secrecy: bool) -> list[Asked]:
    if not ring.role:
        return [(ring.name, np.array([found.site], dtype=object), distance) for distance in ring.distances_m]
    if secrecy and role(ring.role).controlled:
        return []
    out = []
    for distance in ring.distances_m:
        features = store.of_role(ring.role, area.buffer(distance * _DEGREES_PER_M).bounds)
        for column, values in ring.where.items():
            features = features[features[column].isin(values)] if column in features else features.iloc[:0]
        out.extend((name, geometries, distance) for name, geometries in _alike(features, set(features["feature_id"])))
    return out


def _alike(features: gpd.GeoDataFrame, ids: set[str]) -> list[tuple[str, NDArray[np.object_]]]:
    """Return, with a name, the features that belong to those of the ids."""
    if not ids:
        return []
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
    with np.errstate(invalid="ignore"):  # inside QGIS the flag of an invalid number may be left set by others
        outline = shapely.boundary(join(buffer(near, limit_m, RING_TOLERANCE_M)))
    return of_dimension(np.array([shapely.intersection(outline, area)], dtype=object), 1)[0]

"""The result of a run as frames for the map: sites, overlaps, shortest lines, limits; and rings per river."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
import shapely

from ...layers.coordinates import TARGET
from ...layers.geodesy.buffers import buffer
from ...layers.geodesy.joined import join
from ...layers.layerset import LayerSet
from ...layers.progress import Progress
from ...layers.reading import read_layer
from ...layers.texts import Text
from ..engine import Screening
from .finding_shapes import finding_shapes

MOST_FINDINGS = 400
RING_M = (1000.0, 3000.0, 5000.0)
REACH_DEG = 0.06  # banks further than 5 km from every site draw no ring that matters
PAIR = ["site_lon", "site_lat", "feature_lon", "feature_lat"]
_KINDS = {0: "point", 1: "line", 2: "polygon"}


def frames_of_run(screening: Screening, layer_set: LayerSet | None, progress: Progress) -> dict[str, gpd.GeoDataFrame]:
    """Return frames in EPSG:4490 by name: ``sites_<kind>``, ``overlap_<kind>``, ``distance``, ``limit_ring``.

    At most 400 findings are drawn, the worst first.
    """
    found: dict[str, gpd.GeoDataFrame] = {}
    verdicts = screening.verdicts
    kinds = pd.Series(shapely.get_dimensions(verdicts.geometry.to_numpy())).map(_KINDS)
    for kind, rows in kinds.groupby(kinds).groups.items():
        found[f"sites_{kind}"] = verdicts.iloc[list(rows)]
    pairs = screening.facts.drop_duplicates(["site_id", "role", "feature_id"])
    findings = screening.findings[screening.findings["feature_id"] != ""].head(MOST_FINDINGS)
    findings = findings.merge(pairs[["site_id", "role", "feature_id", *PAIR]], how="left")
    parts: dict[str, list[tuple[Mapping[str, object], shapely.Geometry]]] = {}
    seen: set[tuple[object, ...]] = set()
    for n, row in enumerate(findings.itertuples(index=False)):
        progress.step(n / max(len(findings), 1), Text("绘制结果", "Drawing the result"))
        at = tuple(float(getattr(row, name)) for name in PAIR)
        pair = at if at[0] == at[0] else None
        shapes = finding_shapes(screening, layer_set, row.site_id, row.role, row.feature_id, row.limit_m, pair)
        told = {
            "site_id": row.site_id, "verdict": row.verdict, "rule_id": row.rule_id, "feature": row.feature_name,
            "name": f"{row.distance_m:.1f} m" if row.distance_m > 0 else "",
        }  # fmt: skip
        for name, wkb in (("overlap", shapes.overlap), ("distance", shapes.line), ("limit_ring", shapes.ring)):
            key = (name, wkb)
            if wkb is not None and key not in seen:
                seen.add(key)
                words = f"{row.limit_m / 1000:g} km" if name == "limit_ring" else told["name"]
                parts.setdefault(name, []).append(({**told, "name": words}, shapely.from_wkb(wkb)))
    return found | _frames(parts)


def _frames(
    parts: Mapping[str, list[tuple[Mapping[str, object], shapely.Geometry]]],
) -> dict[str, gpd.GeoDataFrame]:
    found = {}
    for name, rows in parts.items():
        frame = gpd.GeoDataFrame([dict(told) for told, _ in rows], geometry=[shape for _, shape in rows], crs=TARGET)
        if name != "overlap":
            found[name] = frame
            continue
        for dimension in (2, 1):
            cut = frame.explode(index_parts=False, ignore_index=True)
            cut = cut[shapely.get_dimensions(cut.geometry.to_numpy()) == dimension]
            if len(cut):
                found[f"{name}_{_KINDS[dimension]}"] = cut
    return found


def rings_per_river(screening: Screening, layer_set: LayerSet, progress: Progress) -> gpd.GeoDataFrame:
    """Return rings at 1, 3 and 5 km around the banks of each river near the sites, each from the distance before it.

    Columns river, inner_m, outer_m; the river nearest to the sites comes first. All bank definitions of a river
    count: the ring starts at the outermost.
    """
    west, south, east, north = screening.sites.total_bounds
    box = (west - REACH_DEG, south - REACH_DEG, east + REACH_DEG, north + REACH_DEG)
    frames = [read_layer(source, box, progress.part(0.0, 0.3)).frame for source in layer_set.of("bank_line")]
    banks = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame({"river": [], "geometry": []})
    rows = []
    names = banks["river"].fillna("")
    sites = shapely.union_all(screening.sites.geometry.to_numpy())
    far = pd.Series(shapely.distance(banks["geometry"].to_numpy(dtype=object), sites)).groupby(names.to_numpy()).min()
    for n, river in enumerate(far.sort_values().index):
        progress.step(0.3 + 0.7 * n / max(names.nunique(), 1))
        shape = shapely.union_all(banks.loc[names == river, "geometry"].to_numpy())
        inside = shape
        for inner, outer in zip((0.0, *RING_M), RING_M, strict=False):
            drawn = join(buffer(shapely.get_parts(shape), outer))
            rows.append((river, inner, outer, shapely.difference(drawn, inside)))
            inside = drawn
    table = pd.DataFrame([row[:3] for row in rows], columns=["river", "inner_m", "outer_m"])
    return gpd.GeoDataFrame(table, geometry=[row[3] for row in rows], crs=TARGET)

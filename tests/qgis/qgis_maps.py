"""An invented district with sites of every kind, as a run of the engine would tell of them, and its maps."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import shapely
from ecoredline.layers.layerset import LayerSet, LayerSource
from ecoredline.processing.engine import tables
from shapely.geometry import LineString, Point, box

SEAL = "3F9A-1C70-B2D4-0E85"
LONG_NAME = (
    "某区长江流域绿色低碳循环经济产业园区基础设施提升改造与污水集中处理设施扩能工程及其配套管网建设项目（"
    "一期、二期与三期工程合并报送）<A&B> 虚构"
)
SITES = {
    "plot": (box(106.4040, 29.4140, 106.4060, 29.4155), "虚构项目"),
    "tiny": (box(106.40400, 29.41400, 106.40402, 29.41402), "通信杆（虚构）"),
    "line": (LineString([(106.33, 29.42), (106.45, 29.43), (106.52, 29.40)]), "管道（虚构）"),
    "point": (Point(106.405, 29.409), LONG_NAME),
    "a/b": (box(106.404, 29.409, 106.405, 29.41), "[% env('PATH') %]"),
}
RED = box(106.395, 29.413, 106.41, 29.42)
LOADED = ["red_line", "bank_line", "control_unit"]
BANK = LineString([(106.3, 29.40), (106.6, 29.40)])


def source(role: str, *geometries, **columns) -> LayerSource:
    frame = gpd.GeoDataFrame(columns, geometry=list(geometries), crs=4490)
    return LayerSource(role, role, frame=frame, vintage=date(2024, 3, 19), authority="statutory")


def district() -> LayerSet:
    return LayerSet(
        "示范区（虚构）",
        (
            source("district", box(106.3, 29.3, 106.6, 29.5), XZQMC=["示范区（虚构）"]),
            source("control_unit", box(106.3, 29.3, 106.6, 29.5), HJZHGKDYBM=["ZH50010010001"], ZHGKDYFL=["1"]),
            source("red_line", RED, box(106.5, 29.45, 106.51, 29.46), HXBM=["R1", "R2"], HXMC=["甲", "乙"]),
            source("bank_line", BANK, AXBM=["L"], river=["虚江"], river_class=["干流"], bank_def=["临水线"]),
        ),
    )


def layers_table(layer_set: LayerSet) -> pd.DataFrame:
    rows = [
        {
            "role": source.role,
            "state": "loaded",
            "layer": source.layer or "",
            "vintage": str(source.vintage or ""),
            "valid_to": str(source.valid_to or ""),
            "accuracy_m": source.accuracy_m,
            "authority": source.authority,
        }
        for source in layer_set.sources
    ]
    return tables.LAYERS.frame(pd.DataFrame(rows))


def run(*, sites=None, layer_set=None):
    sites = sites or SITES
    frame = gpd.GeoDataFrame({"site_id": list(sites)}, geometry=[shape for shape, _ in sites.values()], crs=4490)
    verdicts = pd.DataFrame(
        {
            "site_id": list(sites),
            "name": [name for _, name in sites.values()],
            "verdict": "prohibited",
            "verdict_zh": "触及禁止，例外待核",
            "completeness": "partial",
            "certainty": "firm",
            "n_prohibited": 2,
        }
    )
    facts = []
    for site_id, (shape, _) in sites.items():
        for role, feature_id, feature in (("red_line", "R1", RED), ("bank_line", "L", BANK)):
            (lon, lat), (lon2, lat2) = shapely.shortest_line(shape, feature).coords
            metres = shapely.distance(shape, feature) * 110_850
            row = {"site_id": site_id, "role": role, "feature_id": feature_id, "distance_m": metres}
            facts.append({**row, "site_lon": lon, "site_lat": lat, "feature_lon": lon2, "feature_lat": lat2})
    findings = pd.DataFrame(facts).assign(verdict="prohibited", outcome="fired", limit_m=1000.0)
    findings["limit_m"] = findings["limit_m"].where(findings["role"] == "bank_line")
    return SimpleNamespace(
        sites=frame,
        verdicts=tables.VERDICTS.frame(verdicts),
        findings=tables.FINDINGS.frame(findings),
        facts=tables.FACTS.frame(pd.DataFrame(facts)),
        layers=layers_table(layer_set or district()),
        settings={"as_of": "2026-11-01"},
        seal=SimpleNamespace(number=SEAL),
    )


def export(folder, **kwargs):
    from ecoredline.processing.maps import export_maps

    return export_maps(kwargs.pop("screening", None) or run(), kwargs.pop("layer_set", district()), folder, **kwargs)

"""A made-up run with every verdict, in the tables of the engine, for the papers to print."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd
from ecoredline.processing.engine import tables
from ecoredline.processing.engine.judging.reasons import BY_CODE
from paper_tables import filled, findings, gaps, layers, rules, units_and_items
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

FORMULA = "=cmd|' /C calc'!A0"
MARKUP = "<script>alert(1)</script>&\"'"
SECRETS = ("红线斑块甲", "RL-0007", "虚构水源地乙", "/srv/secret/district.gpkg", "red_line_layer", "D:\\red\\line.shp")


STRETCHES = [
    {"site_id": "C:03", "role": "water_source", "feature_id": "WS-3", "feature_name": "虚构水源地乙",
     "from_m": 1234.5, "to_m": 1355.0, "length_m": 120.5},
    {"site_id": "C:03", "role": "control_unit", "feature_id": "ZH50010420001", "feature_name": "虚构重点单元",
     "from_m": 0.0, "to_m": 4969.0, "length_m": 4969.0},
    {"site_id": "C:03", "role": "bank_line", "feature_id": "CJ-L", "feature_name": "长江左岸", "side": "左岸",
     "from_m": 0.0, "to_m": 777.7, "length_m": 777.7},
]  # fmt: skip


@dataclass
class Seal:
    number: str = "4BC4-E0A6-D917-DBAD"


@dataclass
class FakeScreening:
    sites: Any
    settings: dict[str, Any]
    verdicts: Any
    findings: Any
    facts: Any
    stretches: Any
    units: Any
    unit_items: Any
    roles: Any
    layers: Any
    gaps: Any
    rules: Any
    days: Any
    answers: Any
    reviews: Any
    seal: Seal = field(default_factory=Seal)
    whys: dict[str, str] = field(default_factory=dict)  # by rule, instead of the usual one

    def outcomes(self, site_id: str) -> Any:
        fired = set(self.findings.loc[self.findings["site_id"] == site_id, "rule_id"])
        usual = {
            rule_id: "h" if status == "hold" else "F" if rule_id in fired else "n"
            for rule_id, status in zip(self.rules["rule_id"], self.rules["status"], strict=True)
        }
        codes = {**usual, **self.whys}
        found = [BY_CODE[code] for code in codes.values()]
        whys = [reason.text.zh for reason in found]
        return pd.DataFrame(
            {"rule_id": list(codes), "outcome": [reason.outcome.value for reason in found], "why": whys}
        )


SHAPES = {
    "A-01": Polygon(
        [(106.48, 29.45), (106.485, 29.45), (106.485, 29.454), (106.48, 29.454)],
        [[(106.482, 29.451), (106.483, 29.451), (106.483, 29.452)]],
    ),
    "B/02": Point(106.50, 29.46),
    "C:03": LineString([(106.47, 29.47), (106.52, 29.48)]),
    "D-04": MultiPolygon([box(106.505, 29.44, 106.507, 29.442), box(106.509, 29.44, 106.511, 29.442)]),
    "E-05": box(106.46, 29.44, 106.462, 29.442),
    "F-06": box(106.53, 29.49, 106.5305, 29.4905),
    "G-07": box(106.44, 29.49, 106.4405, 29.4905),
}
VERDICTS = {
    "A-01": ("prohibited", "complete", "borderline", ""),
    "B/02": ("undetermined", "insufficient", "firm", ""),
    "C:03": ("needs_review", "partial", "indicative", ""),
    "D-04": ("restricted", "complete", "firm", ""),
    "E-05": ("notice", "partial", "firm", ""),
    "F-06": ("clear", "complete", "firm", ""),
    "G-07": ("clear", "partial", "firm", ""),
}


def _sites() -> gpd.GeoDataFrame:
    data = {
        "site_id": list(SHAPES),
        "name": ["虚构化工扩建项目", FORMULA, MARKUP, "+制药\x00车间", "虚构仓库", "虚构学校", "虚构林场"],
        "nature": ["新建;扩建", None, "新建", "改建", "新建", "现有", "新建"],
        "industry": ["C2614", None, "G5720", "C2710", "G5990", "P8321", "A0211"],
        "project_id": ["P1", None, None, "P1", None, None, None],
        "建设单位": ["@虚构公司", "见 /srv/secret/plan.dwg", None, None, None, None, None],
        "is_chemical": [True, None, False, False, None, False, False],
    }
    return gpd.GeoDataFrame(data, geometry=list(SHAPES.values()), crs="EPSG:4490")


def _verdicts(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    frame = tables.VERDICTS.frame(
        {
            "site_id": list(VERDICTS),
            "project_id": ["P1", "", "", "P1", "", "", ""],
            "name": sites["name"],
            **{
                key: [v[i] for v in VERDICTS.values()]
                for i, key in enumerate(("verdict", "completeness", "certainty", "condition"))
            },
            "n_prohibited": [2, 0, 0, 0, 0, 0, 0],
            "n_undetermined": [0, 1, 0, 0, 2, 0, 3],
            "n_needs_review": [0, 0, 1, 0, 0, 0, 0],
            "n_restricted": [1, 0, 0, 1, 0, 0, 0],
            "n_notice": [0, 0, 0, 0, 1, 0, 0],
            "project_verdict": ["prohibited", "", "", "prohibited", "", "", ""],
            "unit_codes": ["ZH50010420001;ZH50010410002"] + ["ZH50010420001"] * 6,
            "redline_state": ["部分位于生态保护红线内"] + ["不位于生态保护红线内"] * 6,
        }
    )
    return gpd.GeoDataFrame(frame, geometry=sites.geometry, crs=sites.crs)


def make_screening() -> FakeScreening:
    """Return the run, fresh, so that a test may change it."""
    sites = _sites()
    units, items = units_and_items(list(SHAPES))
    facts = [
        {
            "site_id": "A-01",
            "role": "bank_line",
            "feature_id": "CJ-L",
            "feature_name": "长江左岸",
            "relation": "near",
            "distance_m": 999.996,
            "site_lon": 106.48,
            "site_lat": 29.454,
            "feature_lon": 106.478,
            "feature_lat": 29.463,
        },
        {
            "site_id": "A-01",
            "role": "red_line",
            "feature_id": "RL-0007",
            "feature_name": "红线斑块甲",
            "relation": "overlaps",
            "overlap_m2": 0.9996,
            "distance_m": 0.0,
            "site_lon": 106.4811,
            "site_lat": 29.4522,
            "feature_lon": 106.4811,
            "feature_lat": 29.4522,
        },
    ]
    roles = [
        {"site_id": "A-01", "role": "red_line", "state": "loaded", "overlap_m2": 0.9996, "overlap_share": 0.5},
        {"site_id": "B/02", "role": "water_source", "state": "loaded", "overlap_m2": 0.0, "overlap_share": 1.0},
        {"site_id": "C:03", "role": "water_source", "state": "loaded", "length_m": 120.5, "overlap_share": 0.02},
    ]
    days = [
        {"site_id": "A-01", "basis": "as_of", "day": "2026-11-24", "verdict": "prohibited"},
        {
            "site_id": "A-01",
            "basis": "accepted_on",
            "day": "2026-08-01",
            "verdict": "needs_review",
            "differing": "CU-02",
        },
    ]
    answers = [
        {
            "site_id": "A-01",
            "rule_id": "YZ-01",
            "question": "是否发生化学反应？",
            "answer": "是",
            "who": "虚构经办人",
            "when": "2026-11-20",
            "why": "见工艺说明",
        }
    ]
    return FakeScreening(
        sites=sites,
        settings={
            "as_of": "2026-11-24",
            "layer_set": "示范区 2026（虚构）",
            "strict": False,
            "profile": "default",
            "profile_name": "默认核查清单",
            "dropped": [{"role": "district", "reason": "=单图层核查"}],
            "made_at": "2026-11-24T08:00:00+00:00",
            "geos": "3.14",
        },
        verdicts=_verdicts(sites),
        findings=findings(),
        facts=tables.FACTS.frame(filled(tables.FACTS, facts)),
        stretches=tables.STRETCHES.frame(filled(tables.STRETCHES, STRETCHES)),
        units=units,
        unit_items=items,
        roles=tables.ROLES.frame(filled(tables.ROLES, roles)),
        layers=layers(),
        gaps=gaps(),
        rules=rules(),
        days=tables.DAYS.frame(filled(tables.DAYS, days)),
        answers=tables.ANSWERS.frame(filled(tables.ANSWERS, answers)),
        reviews=tables.REVIEWS.empty(),
    )

"""A made-up run with every verdict, in the tables of the engine, for the papers to print."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pytest
from ecoredline.processing.engine import tables
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

YZ_TEXT = "禁止在长江干支流岸线一公里范围内新建、扩建化工园区和化工项目。"
CODE_TEXT = "禁止违反生态环境准入清单规定进行生产建设活动；未经批准不得通过。"
FORMULA = "=cmd|' /C calc'!A0"
MARKUP = "<script>alert(1)</script>&\"'"
SECRETS = ("红线斑块甲", "RL-0007", "虚构水源地乙", "/srv/secret/district.gpkg", "red_line_layer", "D:\\red\\line.shp")


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


def _findings() -> Any:
    rows = [
        {
            "site_id": "A-01",
            "rule_id": "YZ-01",
            "outcome": "fired",
            "verdict": "prohibited",
            "certainty": "borderline",
            "role": "bank_line",
            "feature_id": "CJ-L",
            "feature_name": "长江左岸",
            "relation": "near",
            "distance_m": 999.996,
            "limit_m": 1000.0,
            "within_m2": 0.4,
            "within_share": 0.99999999,
            "margin_m": 0.004,
            "bearing_deg": 359.97,
            "bank_def": "临水线",
        },
        {
            "site_id": "A-01",
            "rule_id": "RL-01",
            "outcome": "fired",
            "verdict": "prohibited",
            "condition": "exception_open",
            "certainty": "firm",
            "role": "red_line",
            "feature_id": "RL-0007",
            "feature_name": "红线斑块甲",
            "relation": "overlaps",
            "overlap_m2": 0.9996,
            "overlap_share": 0.5,
            "distance_m": 0.0,
            "margin_m": 33.34,
            "bearing_deg": 12.0,
            "question": "是否属于有限人为活动？",
            "note": "与红线斑块甲重叠，源自 /srv/secret/district.gpkg",
        },
        {
            "site_id": "A-01",
            "rule_id": "CU-02",
            "outcome": "fired",
            "verdict": "restricted",
            "certainty": "firm",
            "role": "control_unit",
            "feature_id": "ZH50010420001",
            "feature_name": "虚构重点单元",
            "relation": "overlaps",
            "overlap_m2": 12.0,
            "note": "空间布局约束：禁止新建、扩建化工项目。",
        },
        {
            "site_id": "B/02",
            "rule_id": "YZ-01",
            "outcome": "undetermined",
            "verdict": "undetermined",
            "role": "bank_line",
            "question": "行业代码是什么？",
            "distance_m": 1000.004,
            "limit_m": 1000.0,
            "relation": "near",
            "feature_id": "CJ-L",
        },
        {
            "site_id": "C:03",
            "rule_id": "WS-01-2026",
            "outcome": "fired",
            "verdict": "needs_review",
            "certainty": "indicative",
            "role": "water_source",
            "feature_id": "WS-3",
            "feature_name": "虚构水源地乙",
            "relation": "crosses",
            "length_m": 120.5,
        },
        {
            "site_id": "D-04",
            "rule_id": "CU-02",
            "outcome": "fired",
            "verdict": "restricted",
            "certainty": "firm",
            "role": "control_unit",
            "feature_id": "ZH50010420001",
            "relation": "inside",
            "overlap_m2": 44_000.0,
            "overlap_share": 1.0,
        },
        {
            "site_id": "E-05",
            "rule_id": "YZ-99",
            "outcome": "fired",
            "verdict": "notice",
            "certainty": "firm",
            "role": "bank_line",
        },
    ]
    return tables.FINDINGS.frame(_filled(tables.FINDINGS, rows))


def _filled(table: tables.Table, rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    blank = {"text": "", "float": float("nan"), "int": 0, "bool": False, "date": None}
    return {c.name: [row.get(c.name, blank[c.kind]) for row in rows] for c in table.columns}


def _layers() -> Any:
    rows = [
        {
            "role": "red_line",
            "role_name": "生态保护红线",
            "layer": "red_line_layer",
            "state": "loaded",
            "required": True,
            "controlled": True,
            "vintage": "2024-03-19",
            "accuracy_m": 5.0,
            "authority": "statutory",
            "n_features": 31,
            "n_repaired": 2,
            "repair_m2": 0.0004,
            "note": "读自 D:\\red\\line.shp",
        },
        {
            "role": "control_unit",
            "role_name": "环境管控单元",
            "state": "loaded",
            "required": True,
            "controlled": True,
            "accuracy_m": 5.0,
            "authority": "statutory",
            "n_features": 8,
        },
        {
            "role": "bank_line",
            "role_name": "河流岸线",
            "state": "loaded",
            "required": True,
            "vintage": "2023-01-01",
            "accuracy_m": 10.0,
            "authority": "derived",
            "n_features": 6,
            "note": "精度按 10 m 假定",
        },
        {
            "role": "water_source",
            "role_name": "饮用水水源保护区",
            "state": "loaded",
            "required": True,
            "controlled": True,
            "authority": "indicative",
            "accuracy_m": 50.0,
            "n_features": 4,
        },
        {
            "role": "permanent_farmland",
            "role_name": "永久基本农田",
            "state": "not_held",
            "required": True,
            "controlled": True,
        },
        {"role": "scenic_area", "role_name": "风景名胜区", "state": "not_held"},
        {
            "role": "wetland",
            "role_name": "湿地",
            "state": "absent_confirmed",
            "basis": "区林业部门 2026-05-01 书面说明",
        },
    ]
    return tables.LAYERS.frame(_filled(tables.LAYERS, rows))


def _rules() -> Any:
    law, code = "中华人民共和国长江保护法", "中华人民共和国生态环境法典"
    base = {"status": "ready", "legal_nature": "法律"}
    rows = [
        {
            "rule_id": "YZ-01",
            "pack": "yangtze",
            "pack_title": law,
            "clause": "第二十六条第二款",
            "text": YZ_TEXT,
            "role": "bank_line",
            "citation": f"《{law}》第二十六条第二款",
            "from": "2021-03-01",
            "department": "生态环境",
            **base,
        },
        {
            "rule_id": "RL-01",
            "pack": "redline",
            "pack_title": "虚构红线文件",
            "clause": "一",
            "text": "生态保护红线内，自然保护地核心保护区外，禁止开发性、生产性建设活动。",
            "citation": "《虚构红线文件》一",
            "from": "2022-08-16",
            "department": "规划和自然资源",
            "role": "red_line",
            "status": "partial",
            "legal_nature": "规范性文件",
        },
        {
            "rule_id": "CU-02",
            "pack": "code",
            "pack_title": code,
            "clause": "第六十七条",
            "text": CODE_TEXT,
            "citation": f"《{code}》第六十七条",
            "from": "2026-08-15",
            "department": "生态环境",
            "role": "control_unit",
            **base,
        },
        {
            "rule_id": "YZ-07",
            "pack": "yangtze",
            "pack_title": law,
            "clause": "",
            "text": "",
            "citation": f"《{law}》",
            "role": "bank_line",
            **base,
            "status": "hold",
        },
    ]
    return tables.RULES.frame(_filled(tables.RULES, rows))


def _units_and_items() -> tuple[Any, Any]:
    units = [
        {
            "site_id": s,
            "unit_code": "ZH50010420001",
            "unit_name": "虚构重点单元",
            "unit_class": "2",
            "overlap_m2": 12.0,
            "overlap_share": 1.0,
        }
        for s in SHAPES
    ]
    items = [
        {
            "unit_code": "ZH50010420001",
            "item_id": "K-1",
            "level": "单元",
            "dimension": "空间布局约束",
            "requirement": "禁止新建、扩建化工项目。",
        },
        {
            "unit_code": "*",
            "item_id": "Q-9",
            "level": "全市总体",
            "dimension": "环境风险防控",
            "requirement": "=严格\n控制风险。",
        },
        {
            "unit_code": "ZH59999910001",
            "item_id": "X",
            "level": "单元",
            "dimension": "资源利用效率",
            "requirement": "他处单元的要求",
        },
    ]
    return tables.UNITS.frame(_filled(tables.UNITS, units)), tables.UNIT_ITEMS.frame(_filled(tables.UNIT_ITEMS, items))


def _gaps() -> Any:
    rows = [
        {
            "cause": "永久基本农田图层未取得（/srv/secret/district.gpkg 中没有）",
            "cure": "向规划和自然资源主管部门取得永久基本农田图层",
            "roles": "permanent_farmland",
            "rule_ids": "FA-01;FA-02",
            "n_sites": 7,
        },
        {
            "cause": "永久基本农田集中区未取得",
            "cure": "向规划和自然资源主管部门取得永久基本农田图层",
            "roles": "farmland_concentrated",
            "rule_ids": "RL-06",
            "n_sites": 5,
        },
        {"cause": "条文未核对", "cure": "核对条文后启用规则包", "rule_ids": "YZ-07", "n_sites": 7},
    ]
    return tables.GAPS.frame(_filled(tables.GAPS, rows))


def make_screening() -> FakeScreening:
    """Return the run, fresh, so that a test may change it."""
    sites = _sites()
    units, items = _units_and_items()
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
        findings=_findings(),
        facts=tables.FACTS.frame(_filled(tables.FACTS, facts)),
        units=units,
        unit_items=items,
        roles=tables.ROLES.frame(_filled(tables.ROLES, roles)),
        layers=_layers(),
        gaps=_gaps(),
        rules=_rules(),
        days=tables.DAYS.frame(_filled(tables.DAYS, days)),
        answers=tables.ANSWERS.frame(_filled(tables.ANSWERS, answers)),
        reviews=tables.REVIEWS.empty(),
    )


@pytest.fixture
def screening() -> FakeScreening:
    return make_screening()

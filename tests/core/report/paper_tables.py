"""The tables of the made-up run that tell of law and layers: findings, rules, layers, units, gaps."""

from __future__ import annotations

from typing import Any

from ecoredline.processing.engine import tables
from ecoredline.processing.engine.table import Table

YZ_TEXT = "禁止在长江干支流岸线一公里范围内新建、扩建化工园区和化工项目。"
CODE_TEXT = "禁止违反生态环境准入清单规定进行生产建设活动；未经批准不得通过。"


def filled(table: Table, rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    blank = {"text": "", "float": float("nan"), "int": 0, "bool": False, "date": None}
    return {c.name: [row.get(c.name, blank[c.kind]) for row in rows] for c in table.columns}


def findings() -> Any:
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
    return tables.FINDINGS.frame(filled(tables.FINDINGS, rows))


def layers() -> Any:
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
    return tables.LAYERS.frame(filled(tables.LAYERS, rows))


def rules() -> Any:
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
    return tables.RULES.frame(filled(tables.RULES, rows))


def units_and_items(site_ids: list[str]) -> tuple[Any, Any]:
    units = [
        {
            "site_id": s,
            "unit_code": "ZH50010420001",
            "unit_name": "虚构重点单元",
            "unit_class": "2",
            "overlap_m2": 12.0,
            "overlap_share": 1.0,
        }
        for s in site_ids
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
    return tables.UNITS.frame(filled(tables.UNITS, units)), tables.UNIT_ITEMS.frame(filled(tables.UNIT_ITEMS, items))


def gaps() -> Any:
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
    return tables.GAPS.frame(filled(tables.GAPS, rows))

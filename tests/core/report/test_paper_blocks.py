"""The blocks of a paper, each from its own table: chemistry, red line, stakes, targets, what to ask, until when."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from ecoredline.processing.engine import tables
from ecoredline.processing.report.chemistry import UNKNOWN, chemistry_entries
from ecoredline.processing.report.figures import sixteen_winds
from ecoredline.processing.report.lines import UNDECLARED, line_paper
from ecoredline.processing.report.matters import validity
from ecoredline.processing.report.options import Options, radii_of
from ecoredline.processing.report.paper import Papers
from ecoredline.processing.report.receptors import receptor_paper
from ecoredline.processing.report.redline import STATES, red_line_paper
from ecoredline.processing.report.source import collect
from paper_tables import filled


def told(**attributes: Any) -> dict[str, str]:
    return {entry.label.zh: entry.value for entry in chemistry_entries(attributes, "否")}


def test_the_evidence_says_what_is_declared_and_what_is_unknown() -> None:
    found = told(industry="C2614", is_chemical=True, products="虚构溶剂")
    assert found["行业代码"] == "C2614（申报）" and found["产品"] == "虚构溶剂（申报）"
    assert found["主要原料"] == found["是否有化学反应"] == UNKNOWN
    assert found["适用代码集"].startswith("核心类") and found["是否在化工园区"] == "否"


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({"industry": "C2614"}, "核心类"),
        ({"industry": "C2530"}, None),  # nuclear fuel is excepted
        ({"industry": "C2524"}, "边缘类"),
        ({"industry": "C2684"}, "核心类：行业代码属香料"),
        ({"industry": "C2641"}, "视是否发生化学反应而定"),
        ({"industry": "C2641", "chemical_reaction": True}, "核心类：申报发生化学反应"),
        ({"industry": "C2641", "chemical_reaction": False}, "边缘类：申报不发生化学反应"),
        ({"industry": "G5941"}, "非化工行业代码"),
        ({"industry": "K7010", "is_chemical": True}, "申报为化工项目"),
        ({"industry": "C2614", "is_chemical": False}, "不一致的须说明理由"),
        ({"industry": "K7010", "is_chemical": False}, None),
        ({}, None),
    ],
)
def test_the_set_of_codes_that_applies(attributes: dict[str, Any], words: str | None) -> None:
    found = told(**attributes)
    assert (words is None) == (not found)
    assert words is None or words in found["适用代码集"]


@pytest.mark.parametrize("state", STATES)
def test_one_box_of_four_is_ticked(state: str) -> None:
    paper = red_line_paper(state, 12.5, 0.0, False)
    assert [held for held, _ in paper.states] == [name == state for name in STATES]
    assert paper.size.startswith("12.50 m²")


@pytest.mark.parametrize("state", ["位于红线内", "未核查", "与红线边界相接或重合", ""])
def test_what_is_none_of_the_four_ticks_none_and_says_why(state: str) -> None:
    paper = red_line_paper(state, 0.0, 0.0, False)
    assert not any(held for held, _ in paper.states)
    assert paper.note or not state


def stretches(*rows: tuple[Any, ...]) -> pd.DataFrame:
    names = ("role", "feature_id", "feature_name", "side", "from_m", "to_m")
    data = [dict(zip(names, row, strict=True), length_m=row[5] - row[4]) for row in rows]
    return tables.STRETCHES.frame(filled(tables.STRETCHES, data))


LINE = stretches(
    ("district", "500199", "全区", "", 0, 2000.4),
    ("control_unit", "ZH1", "甲", "", 0, 900), ("control_unit", "ZH2", "乙", "", 900, 1500),
    ("control_unit", "ZH1", "甲", "", 1500, 2000.4),
    ("bank_line", "B1", "虚江左岸", "左岸", 0, 800), ("bank_line", "B1", "虚江左岸", "河道内", 800, 1200),
    ("bank_line", "B2", "虚江右岸", "右岸", 1200, 2000.4),
)  # fmt: skip


def test_a_line_is_told_by_stake_unit_side_and_mode() -> None:
    paper = line_paper(
        LINE, {"segments": "0-1000 地表;1000-2000 桥梁", "stake_start": "AK1+000"}, {"control_unit": "单元"}
    )
    assert paper is not None
    assert paper.passages[0] == ("AK1+000", "AK1+900", "单元", "甲", "900.00 m", "地表")
    assert ("AK1+900", "AK2+500", "单元", "乙", "600.00 m", "地表 100.00 m；桥梁 500.00 m") in paper.passages
    assert paper.by_unit == (
        ("ZH1", "1400.40 m", "地表 900.00 m；桥梁 500.40 m"), ("ZH2", "600.00 m", "地表 100.00 m；桥梁 500.00 m"),
    )  # fmt: skip
    assert [(key[:3].rstrip("（"), length) for key, length, _ in paper.by_side] == [
        ("左岸", "800.00 m"), ("河道内", "400.00 m"), ("右岸", "800.40 m"),
    ]  # fmt: skip
    assert not any("全区" in passage for passage in paper.passages)


@pytest.mark.parametrize(("text", "note"), [("", False), ("0-500 桥梁", False), ("前段桥梁", True)])
def test_what_no_mode_covers_is_undeclared(text: str, note: bool) -> None:
    paper = line_paper(LINE, {"segments": text}, {})
    assert paper is not None and bool(paper.note) == note
    assert UNDECLARED in paper.by_unit[0][2]


def test_a_site_that_is_no_line_has_no_stakes() -> None:
    assert line_paper(tables.STRETCHES.empty(), {}, {}) is None


def receptors(*rows: tuple[str, float, float]) -> pd.DataFrame:
    data = [
        {"role": "sensitive_receptor", "feature_name": name, "distance_m": distance, "bearing_deg": bearing,
         "feature_lon": 106.5, "feature_lat": 29.5} for name, distance, bearing in rows
    ]  # fmt: skip
    return tables.FACTS.frame(filled(tables.FACTS, data))


def test_targets_by_distance_wind_and_ring_and_none_across_a_ring() -> None:
    facts = receptors(("乙校", 499.996, 22.4), ("甲院", 500.004, 11.3), ("丙村", 2500.1, 0.0), ("丁校", 0.0, 90.0))
    paper = receptor_paper(facts, (500.0, 2500.0), "", False)
    assert [(row.name, row.wind, row.distance, row.ring) for row in paper.rows] == [
        ("丁校", "厂界内", "0.00 m", "500 m 以内"),
        ("乙校", "北北东 NNE", "小于 500 m", "500 m 以内"),
        ("甲院", "北北东 NNE", "大于 500 m", "2500 m 以内"),
    ]  # fmt: skip
    assert "106°30′00.000″" in paper.rows[0].place
    assert all(row.place == "—" for row in receptor_paper(facts, (500.0,), "", True).rows)


def test_no_target_and_no_layer_are_not_the_same() -> None:
    none = receptor_paper(receptors(), (500.0,), "", False)
    unheld = receptor_paper(receptors(), (500.0,), "未取得", False)
    assert "没有环境保护目标" in none.note and "未取得" in unheld.note
    assert "只核算到 2500 m" in receptor_paper(receptors(), (5000.0,), "", False).note


@pytest.mark.parametrize(
    ("degrees", "wind"),
    [
        (0, "北 N"),
        (11.24, "北 N"),
        (11.25, "北北东 NNE"),
        (348.75, "北 N"),
        (348.74, "北北西 NNW"),
        (360, "北 N"),
        (225, "西南 SW"),
    ],
)
def test_sixteen_winds_meet_half_way(degrees: float, wind: str) -> None:
    assert sixteen_winds(degrees) == wind


@pytest.mark.parametrize("text", ["0", "-5", "五百", "500;x", "nan", "inf"])
def test_wrong_radii_are_refused(text: str) -> None:
    with pytest.raises(Exception, match="500;1000;2500"):
        radii_of(text)
    assert radii_of("1000；500,500") == (500.0, 1000.0)


def test_what_the_applicant_and_each_department_is_asked(screening: Any) -> None:
    papers = Papers(collect(screening), Options())
    bare = papers.site("B/02")
    asked = {row.ask: row.basis for row in bare.corrections}
    assert asked["行业代码是什么？"] == "YZ-01" and "请填写建设性质" in "".join(asked)
    assert "请提供用地红线（界址点坐标），目前仅按点位初筛。" in asked
    first = papers.site("A-01")
    departments = {each.department: each.rows for each in first.consultations}
    assert set(departments) == {"生态环境主管部门", "规划和自然资源主管部门"}
    (row,) = departments["规划和自然资源主管部门"]
    assert row.ask.startswith("是否属于有限人为活动？\n") and row.basis == "《虚构红线文件》一"
    assert "数据精度范围内" in departments["生态环境主管部门"][0].ask, "YZ-01 is borderline"
    assert papers.site("F-06").consultations == ()


@pytest.mark.parametrize(("declared", "asked"), [(True, "何处排放？"), (None, "是否新设入河排污口？何处排放？")])
def test_what_the_site_declares_is_not_asked_again(screening: Any, declared: bool | None, asked: str) -> None:
    screening.findings.loc[screening.findings["rule_id"] == "YZ-01", ["verdict", "question"]] = "needs_review", ""
    screening.rules.loc[screening.rules["rule_id"] == "YZ-01", "question"] = "是否新设入河排污口？何处排放？"
    screening.sites["has_outfall"] = declared
    rows = [row for each in Papers(collect(screening)).site("A-01").consultations for row in each.rows]
    told = next(row.ask for row in rows if "YZ-01" in row.matter)
    assert told.split("\n")[0] == asked


def test_layers_that_are_not_held_go_to_the_department_of_their_rules(screening: Any) -> None:
    more = {"rule_id": "FA-01", "role": "permanent_farmland", "department": "农业农村"}
    frame = tables.RULES.frame(filled(tables.RULES, [more]))
    screening.rules = pd.concat([screening.rules, frame], ignore_index=True)
    (each,) = Papers(collect(screening)).site("F-06").consultations
    assert each.department == "农业农村主管部门" and each.rows[0].matter == "未取得图层：永久基本农田"


def test_the_dates_after_which_a_paper_must_be_made_anew(screening: Any) -> None:
    screening.layers.loc[screening.layers["role"] == "wetland", "valid_to"] = "2027-05-01"
    screening.rules.loc[screening.rules["rule_id"] == "YZ-01", "to"] = "2026-12-31"
    screening.rules.loc[screening.rules["rule_id"] == "CU-02", "from"] = "2027-01-01"
    source = collect(screening)
    lines = validity(Papers(source).run, source.layers, source.rules, "2026-11-24")
    assert "2026-11-24" in lines[0] and lines[1].startswith("（1）2027-05-01 以后") and "湿地" in lines[1]
    assert lines[2].startswith("（2）2026-12-31 以后") and lines[3].startswith("（3）2027-01-01 起")
    assert len(validity(Papers(source).run, source.layers, source.rules, "2027-06-01")) == 5

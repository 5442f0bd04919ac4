"""The Word paper: what stands in it, in what order, and how it is set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn
from ecoredline.processing.engine.words import DISCLAIMER, PAPER_TITLE, SEAL_LABEL
from ecoredline.processing.report import export
from word_reading import tables_of, text_of


@pytest.fixture
def paper(screening: Any, tmp_path: Path) -> Any:
    export(screening, tmp_path, formats=("docx",))
    return Document(str(tmp_path / "A-01.docx"))


def test_title_first_seal_next_disclaimer_last(paper: Any) -> None:
    texts = [p.text for p in paper.paragraphs if p.text]
    assert texts[0] == PAPER_TITLE
    assert texts[1] == f"{SEAL_LABEL}：4BC4-E0A6-D917-DBAD"
    assert texts[-1] == DISCLAIMER


def test_sections_in_order(paper: Any) -> None:
    heads = [p.text for p in paper.paragraphs if p.style.name == "Heading 1"]
    assert [head.split("、")[1] for head in heads] == [
        "项目基本情况", "初筛意见", "逐条发现", "与环境管控单元的符合性分析", "环境保护目标", "未核查及待补充",
        "依据与数据", "有效期与重新核查", "附图",
    ]  # fmt: skip


def test_page_fonts_and_numbers(paper: Any) -> None:
    section = paper.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    for style in ("Normal", "Heading 1", "Footer"):
        fonts = paper.styles[style].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) in ("SimSun", "SimHei")
        assert fonts.get(qn("w:eastAsiaTheme")) is None
    codes = [node.text.strip() for node in section.footer._element.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]
    assert section.footer.paragraphs[0].text.startswith(f"{SEAL_LABEL}：4BC4-E0A6-D917-DBAD")
    languages = {node.get(qn("w:eastAsia")) for node in paper.styles.element.iter(qn("w:lang"))}
    assert languages == {"zh-CN"}


def test_every_list_repeats_its_header(paper: Any) -> None:
    headed = [
        t
        for t in paper.tables
        if t.rows[0].cells[0].text in ("文件", "图层", "管控要求层级", "日期依据")
        or "补救办法" in [cell.text for cell in t.rows[0].cells]
    ]
    assert len(headed) >= 6
    for table in headed:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table.rows[1]._tr.trPr is None or table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None


def test_a_finding_is_citable(paper: Any) -> None:
    found = next(t for t in tables_of(paper) if "YZ-01" in t[0][0])
    cells = {row[i]: row[i + 1] for row in found for i in (0, 2) if len(row) == 4}
    assert "触及禁止" in found[0][0] and "长江左岸（CJ-L）" in found[0][0]
    assert cells["依据条款"] == "《中华人民共和国长江保护法》第二十六条第二款（法律，2021-03-01 起施行）"
    assert cells["条文"] == "“禁止在长江干支流岸线一公里范围内新建、扩建化工园区和化工项目。”"
    assert cells["距离"] == "小于 1000 m"
    assert cells["规定距离"] == "1000 m"
    assert cells["范围内比例"] == "小于 100%"
    assert cells["确定性"] == "临界"
    assert cells["距翻转余量"] == "小于 0.01 m"
    assert cells["岸线定义"] == "临水线"
    assert cells["主管部门"] == "生态环境主管部门"


def test_an_open_exception_says_so_and_asks(paper: Any) -> None:
    found = next(t for t in tables_of(paper) if "RL-01" in t[0][0])
    assert "触及禁止，例外待核" in found[0][0]
    assert found[-2][:2] == ["待答问题", "是否属于有限人为活动？"]
    assert "规范性文件" in next(row for row in found if row[0] == "依据条款")[1]
    asked = next(t for t in tables_of(paper) if "请申请人答复或者补充" in t[0])
    assert ["1", "例外情形", "是否属于有限人为活动？", "RL-01"] in asked


def test_the_conformity_table_is_prefilled_only_as_a_suggestion(paper: Any) -> None:
    table = next(t for t in tables_of(paper) if t[0][0] == "管控要求层级")
    assert table[0] == ["管控要求层级", "管控类别", "管控要求", "建设项目相关情况", "符合性结论"]
    assert [row[0] for row in table[1:]] == ["全市总体", "单元"]
    assert all(row[4].startswith("建议：") for row in table[1:])
    assert table[2][4] == "建议：触及限制，见 CU-02"
    assert table[1][4] == "建议：由编制单位逐条对照填写"
    assert "他处单元的要求" not in text_of(paper)


def test_what_was_not_checked_reads_so(paper: Any) -> None:
    roles = next(t for t in tables_of(paper) if "是否重叠" in t[0])
    assert [row[:3] for row in roles[1:2]] == [["生态保护红线", "已加载", "重叠"]]
    assert {row[0]: row[1] for row in roles[2:]} == {
        "未重叠": "环境管控单元、河流岸线、饮用水水源保护区",
        "无此类要素": "湿地",
        "未核查": "永久基本农田、风景名胜区",
    }


def test_a_point_inside_is_not_told_as_outside(screening: Any, tmp_path: Path) -> None:
    export(screening, tmp_path, formats=("docx",))
    roles = next(t for t in tables_of(Document(str(tmp_path / "B%2F02.docx"))) if "是否重叠" in t[0])
    assert roles[1] == ["饮用水水源保护区", "已加载", "重叠", "—", "100.00%"]


def test_layers_without_data_share_a_line_with_their_like(screening: Any, tmp_path: Path) -> None:
    more = screening.layers[screening.layers["role"] == "wetland"].assign(role="eco_space", role_name="生态空间")
    screening.layers = pd.concat([screening.layers, more], ignore_index=True)
    export(screening, tmp_path, formats=("docx",))
    layers = next(t for t in tables_of(Document(str(tmp_path / "A-01.docx"))) if "数据时点" in t[0])
    rows = {row[0]: row[-1] for row in layers}
    assert rows["本辖区无此类要素"] == "湿地、生态空间（区林业部门 2026-05-01 书面说明）"
    assert rows["未取得（必查）"] == "永久基本农田" and rows["未取得"] == "风景名胜区"
    assert rows["生态保护红线（必查）"].startswith("读自 line.shp；修复无效图形 2 个")


def test_a_site_lists_its_own_gaps_grouped_by_their_cure_with_their_sum(screening: Any, tmp_path: Path) -> None:
    screening.whys = {"FA-01": "r", "FA-02": "c", "RL-06": "r"}
    export(screening, tmp_path, formats=("docx",))
    gaps = next(t for t in tables_of(Document(str(tmp_path / "A-01.docx"))) if t[0][1] == "补救办法")
    assert gaps[1][:2] == ["1", "向规划和自然资源主管部门取得永久基本农田图层"] and gaps[1][4] == "2"
    assert "永久基本农田集中区" in gaps[1][2] and "RL-06" in gaps[1][3] and "FA-02" not in gaps[1][3]
    assert [row[4] for row in gaps[2:]] == ["1", "3"] and "YZ-07" in gaps[2][3] and gaps[3][0] == "合计"


def test_gaps_of_other_sites_are_not_those_of_this_one(screening: Any, tmp_path: Path) -> None:
    screening.layers["required"] = False
    screening.whys = {"FA-01": "c", "FA-02": "n", "RL-06": "s", "YZ-07": "c"}
    export(screening, tmp_path, formats=("docx",))
    document = Document(str(tmp_path / "F-06.docx"))
    assert not [t for t in tables_of(document) if "补救办法" in t[0]]
    rows = next(t for t in tables_of(document) if t[0][0] == "文件")[1:]
    assert not [row for row in rows if row[0] == "待核文本，未参与判定"]


def test_open_findings_are_items_too(screening: Any, tmp_path: Path) -> None:
    screening.gaps = screening.gaps.iloc[:0]
    export(screening, tmp_path, formats=("docx",))
    gaps = next(t for t in tables_of(Document(str(tmp_path / "B%2F02.docx"))) if "补救办法" in t[0])
    assert gaps[1][1].startswith("按（一）补正清单") and gaps[1][3:] == ["YZ-01", "1"] and gaps[2][4] == "1"


def test_cures_that_differ_by_the_layer_only_are_one(screening: Any, tmp_path: Path) -> None:
    rows = [("wetland", "湿地", 3), ("scenic_area", "风景名胜区", 9)]
    screening.gaps = screening.gaps.iloc[:2].assign(
        roles=[role for role, _, _ in rows],
        cause=[f"未取得图层：{name}" for _, name, _ in rows],
        cure=[f"取得{name}图层并写入图层配置" for _, name, _ in rows],
        n_sites=[n for _, _, n in rows],
    )
    screening.whys = {"FA-01": "r", "FA-02": "r", "RL-06": "r"}
    export(screening, tmp_path, formats=("docx",))
    gaps = next(t for t in tables_of(Document(str(tmp_path / "A-01.docx"))) if "补救办法" in t[0])
    assert gaps[1] == ["1", "取得下列图层并写入图层配置", "未取得图层", "湿地、风景名胜区\nFA-01、FA-02、RL-06", "3"]


def test_basis_names_day_profile_dropped_roles_and_held_texts(paper: Any) -> None:
    text = text_of(paper)
    for words in (
        "2026-11-24",
        "默认核查清单",
        "单图层核查",
        "待核文本，未参与判定",
        "经纬度直线",
        "CGCS2000 椭球面",
    ):
        assert words in text
    layers = next(t for t in tables_of(paper) if "数据时点" in t[0])
    assert layers[1][:6] == ["生态保护红线（必查）", "已加载", "2024-03-19", "5 m", "法定边界", "31"]


def test_a_clear_day_never_reads_as_complete(screening: Any, tmp_path: Path) -> None:
    screening.days.loc[screening.days["basis"] == "accepted_on", "verdict"] = "clear"
    export(screening, tmp_path, formats=("docx",))
    rows = next(t for t in tables_of(Document(str(tmp_path / "A-01.docx"))) if t[0][0] == "日期依据")[1:]
    assert [row[2] for row in rows] == ["触及禁止", "已核查部分未触及"]
    assert rows[1][3] == "CU-02", "the verdicts differ"


def test_what_could_not_be_judged_is_not_said_to_be_firm(screening: Any, tmp_path: Path) -> None:
    export(screening, tmp_path, formats=("docx",))
    for path in tmp_path.glob("*.docx"):
        opinion = next(t for t in tables_of(Document(str(path))) if t[0][0] == "初筛意见")
        line = next(row for row in opinion if "确定性" in row)
        certainty = line[line.index("确定性") + 1]
        assert (certainty == "—") == opinion[0][1].endswith("未判定"), path.name


def test_a_clause_without_its_wording_says_so(screening: Any, tmp_path: Path) -> None:
    screening.rules.loc[screening.rules["rule_id"] == "YZ-01", "text"] = ""
    export(screening, tmp_path, formats=("docx", "html"))
    found = next(t for t in tables_of(Document(str(tmp_path / "A-01.docx"))) if "YZ-01" in t[0][0])
    assert ["条文", "（原文未收录，请查对所引文件）"] in [row[:2] for row in found]
    assert "（原文未收录，请查对所引文件）" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_open_findings_that_no_paper_lists_are_pointed_at(screening: Any, tmp_path: Path) -> None:
    export(screening, tmp_path, formats=("docx",))
    text = text_of(Document(str(tmp_path / "G-07.docx")))
    assert "未判定 3 条（未判定中 3 条不在逐条发现中，见“未核查的事项”）" in text


def test_project_facts_and_missing_ones(screening: Any, tmp_path: Path) -> None:
    export(screening, tmp_path, formats=("docx",))
    cells = [row for table in tables_of(Document(str(tmp_path / "B%2F02.docx"))) for row in table]
    pairs = {row[i]: row[i + 1] for row in cells if len(row) == 4 for i in (0, 2)}
    assert pairs["建设性质"] == "未填"
    assert pairs["项目名称"] == "=cmd|' /C calc'!A0"
    assert pairs["图形类型"] == "点"
    assert pairs["地理坐标（图形内一点）"] == "东经 106°30′00.000″，北纬 29°27′36.000″"


def test_a_partial_clear_never_reads_as_clear(screening: Any, tmp_path: Path) -> None:
    export(screening, tmp_path, formats=("docx",))
    whole, part = (text_of(Document(str(tmp_path / f"{name}.docx"))) for name in ("F-06", "G-07"))
    assert "○ 未触及" in whole
    assert "◎ 已核查部分未触及（另有 3 项未核查）" in part and "○ 未触及" not in part


def test_days_of_one_verdict_only_count_the_rules_that_differ(screening: Any, tmp_path: Path) -> None:
    screening.days["site_id"], screening.days["verdict"] = "G-07", "clear"
    screening.days.loc[screening.days["basis"] == "accepted_on", "differing"] = "CU-02;WS-01-2026"
    export(screening, tmp_path, formats=("docx",))
    rows = next(t for t in tables_of(Document(str(tmp_path / "G-07.docx"))) if t[0][0] == "日期依据")[1:]
    assert rows[1][2] == "已核查部分未触及（基准日另有 3 项未核查）"
    assert "规则 2 条" in rows[1][3] and "WS-01-2026" not in rows[1][3]


def test_a_hint_of_the_tool_is_no_text_of_law_and_outside_is_said(screening: Any, tmp_path: Path) -> None:
    screening.rules.loc[screening.rules["rule_id"] == "RL-01", ["clause", "citation", "text"]] = (
        "（工具提示，无条款）", "《虚构红线文件》（工具提示，无条款）", "",
    )  # fmt: skip
    outside = screening.findings.index[screening.findings["rule_id"] == "CU-02"]
    screening.findings.loc[outside, ["relation", "feature_id", "feature_name", "outcome"]] = "", "", "", "fired"
    export(screening, tmp_path, formats=("docx",))
    tables = tables_of(Document(str(tmp_path / "A-01.docx")))
    hint = next(t for t in tables if "RL-01" in t[0][0])
    assert [row[1] for row in hint if row[0] in ("依据条款", "条文")] == [
        "《虚构红线文件》（本工具的提示，非条文）", "（本工具的提示，非条文）",
    ]  # fmt: skip
    found = [cell for row in next(t for t in tables if "CU-02" in t[0][0]) for cell in row]
    assert found[found.index("空间关系") + 1] == "位于环境管控单元以外（全部或部分）"

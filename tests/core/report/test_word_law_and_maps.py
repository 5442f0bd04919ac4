"""The Word papers: their texts of law, maps, reviews and signatures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from docx import Document
from ecoredline.layers.errors import DossierError
from ecoredline.processing.engine.words import DISCLAIMER
from ecoredline.processing.report import export
from ecoredline.processing.report.annex import _titles
from word_reading import png, tables_of


def test_laws_by_rank_and_only_those_of_a_judged_day(screening: Any, tmp_path: Path) -> None:
    changed = screening.rules.copy()
    expired, replaced = changed.iloc[[0]].copy(), changed.iloc[[0]].copy()
    expired[["rule_id", "pack_title", "to"]] = "OLD-1", "虚构旧法", "2026-07-31"
    replaced[["rule_id", "pack_title", "to"]] = "OLD-2", "虚构改法", "2026-08-14"
    screening.rules = pd.concat([changed, expired, replaced], ignore_index=True)
    export(screening, tmp_path, formats=("docx",))
    rows = next(t for t in tables_of(Document(str(tmp_path / "A-01.docx"))) if t[0][0] == "文件")[1:]
    titles = [row[0] for row in rows]
    assert "《虚构旧法》" not in titles, "in force on none of the days judged, 2026-08-01 and 2026-11-24"
    named = {row[0]: row[1] for row in rows}
    assert named["仅用于受理日或审批日"] == "《虚构改法》"
    told = [row for row in rows if row[0].startswith("《")]
    assert {row[0] for row in told} == {
        "《中华人民共和国长江保护法》",
        "《虚构红线文件》",
        "《中华人民共和国生态环境法典》",
    }
    assert [row[1] for row in told] == ["法律", "法律", "规范性文件"]


def test_texts_without_a_finding_are_named_but_not_spread_out(screening: Any, tmp_path: Path) -> None:
    export(screening, tmp_path, formats=("docx",))
    rows = next(t for t in tables_of(Document(str(tmp_path / "F-06.docx"))) if t[0][0] == "文件")[1:]
    assert [row[0] for row in rows] == ["列入核查，本地块没有发现", "待核文本，未参与判定"]
    assert rows[1][1] == "《中华人民共和国长江保护法》（YZ-07）"
    assert rows[0][1].count("《") == 3


def test_only_what_was_asked_reads_as_checked(screening: Any, tmp_path: Path) -> None:
    screening.whys = {"YZ-01": "s", "RL-01": "r", "CU-02": "c", "YZ-07": "c"}
    export(screening, tmp_path, formats=("docx",))
    rows = next(t for t in tables_of(Document(str(tmp_path / "F-06.docx"))) if t[0][0] == "文件")[1:]
    assert {row[0]: row[1] for row in rows} == {
        "列入核查，本地块没有发现": "《中华人民共和国生态环境法典》",
        "未能核查，见“未核查的事项”": "《虚构红线文件》",
        "待核文本，不涉及本地块": "《中华人民共和国长江保护法》（YZ-07）",
        "不适用于本地块所在地": "《中华人民共和国长江保护法》",
    }


def test_a_title_within_a_title_has_single_book_marks(screening: Any, tmp_path: Path) -> None:
    title = "重庆市实施《中华人民共和国水土保持法》办法"
    screening.rules.loc[screening.rules["rule_id"] == "YZ-01", ["pack_title", "citation"]] = title, f"《{title}》第九条"
    export(screening, tmp_path, formats=("docx", "html"))
    told = "《重庆市实施〈中华人民共和国水土保持法〉办法》"
    tables = tables_of(Document(str(tmp_path / "A-01.docx")))
    found = next(t for t in tables if "YZ-01" in t[0][0])
    assert next(row for row in found if row[0] == "依据条款")[1].startswith(f"{told}第九条")
    assert told in [row[0] for row in next(t for t in tables if t[0][0] == "文件")]
    assert title not in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_layers_of_one_role_are_told_apart_and_notes_are_short(screening: Any, tmp_path: Path) -> None:
    layers = screening.layers.copy()
    twin = layers[layers["role"] == "red_line"].iloc[[0]].copy()
    layers.loc[layers["role"] == "red_line", ["layer", "note"]] = (
        "甲层",
        "a.gpkg|甲层：分区体系未填处由其他字段推得：核心 → 2026",
    )
    twin["layer"] = "乙层"
    screening.layers = pd.concat([layers, twin], ignore_index=True)
    export(screening, tmp_path, formats=("docx",))
    table = next(t for t in tables_of(Document(str(tmp_path / "A-01.docx"))) if "数据时点" in t[0])
    rows = {row[0]: row[-1] for row in table}
    assert rows["生态保护红线（必查） 甲层"].startswith("分区体系未填处由其他字段推得；修复")
    assert "生态保护红线（必查） 乙层" in rows


def test_maps_go_to_their_site_only(screening: Any, tmp_path: Path) -> None:
    maps = tmp_path / "maps"
    maps.mkdir()
    (maps / "A-01-overview.png").write_bytes(png(40, 60))
    (maps / "B%2F02-overview.png").write_bytes(png(60, 40))
    (maps / "A-overview.png").write_bytes(png(9, 9))
    export(screening, tmp_path, formats=("docx",), maps=maps)
    for name in ("A-01", "B%2F02"):
        document = Document(str(tmp_path / f"{name}.docx"))
        assert len(document.inline_shapes) == 1
        assert "附图 1　综合叠加图（来源未核）" in [p.text for p in document.paragraphs]
        assert document.inline_shapes[0].width.mm <= 163.1 and document.inline_shapes[0].height.mm <= 205.1
    assert not Document(str(tmp_path / "D-04.docx")).inline_shapes


def test_a_map_that_is_no_png_and_an_absent_folder_are_named(screening: Any, tmp_path: Path) -> None:
    with pytest.raises(DossierError, match="nowhere"):
        export(screening, tmp_path, formats=("docx",), maps=tmp_path / "nowhere")
    (tmp_path / "A-01-overview.png").write_bytes(b"no picture")
    with pytest.raises(DossierError, match="A-01-overview"):
        export(screening, tmp_path, formats=("docx",), maps=tmp_path)


def checked_maps(folder: Path, seal: str, *files: str) -> Path:
    folder.mkdir()
    (folder / "A-01-overview.png").write_bytes(png(40, 60))
    check = {"seal": seal, "pages": [{"file": file} for file in files]}
    (folder / "map_check.json").write_text(json.dumps(check), "utf-8")
    return folder


def test_maps_of_another_dossier_are_refused_before_anything_is_written(screening: Any, tmp_path: Path) -> None:
    maps = checked_maps(tmp_path / "maps", "0000-0000-0000-0000", "A-01-overview.png")
    with pytest.raises(DossierError, match="0000-0000-0000-0000") as caught:
        export(screening, tmp_path / "out", maps=maps)
    assert "4BC4-E0A6-D917-DBAD" in caught.value.message.zh and "重新运行“导出附图”" in caught.value.remedy.zh
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("listed", [True, False])
def test_maps_of_this_dossier_are_told_from_those_of_unknown_origin(
    screening: Any, tmp_path: Path, listed: bool
) -> None:
    maps = checked_maps(tmp_path / "maps", "4BC4-E0A6-D917-DBAD", *["A-01-overview.png"] * listed)
    told: list[Any] = []
    export(screening, tmp_path / "out", formats=("docx",), maps=maps, tell=told.append)
    captions = [p.text for p in Document(str(tmp_path / "out" / "A-01.docx")).paragraphs if "附图 1" in p.text]
    assert captions == ["附图 1　综合叠加图" + ("" if listed else "（来源未核）")]
    assert [note.zh.split(" ")[0] for note in told] == ([] if listed else ["1"])


def test_maps_that_secrecy_leaves_out_are_told(screening: Any, tmp_path: Path) -> None:
    told: list[Any] = []
    for maps in (None, tmp_path):
        export(screening, tmp_path / "out", formats=("docx",), maps=maps, secrecy=True, tell=told.append)
    assert [note.zh for note in told] == ["受控数据模式下不放入附图。"]


def test_a_gap_in_the_cover_has_no_clause_and_a_chinese_name(screening: Any, tmp_path: Path) -> None:
    row = screening.findings.iloc[[0]].assign(rule_id="COVER", verdict="undetermined", outcome="undetermined")
    screening.findings = pd.concat([screening.findings, row], ignore_index=True)
    export(screening, tmp_path, formats=("docx", "html", "xlsx"))
    found = next(t for t in tables_of(Document(str(tmp_path / "A-01.docx"))) if "单元覆盖" in t[0][0])
    assert not {"依据条款", "条文"} & {line[0] for line in found}
    assert ">COVER<" not in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_a_note_on_the_coordinates_stands_in_the_paper(screening: Any, tmp_path: Path) -> None:
    note = "偏移坐标反算，不得作为界址依据"
    screening.sites["coordinate_note"] = note
    for secrecy in (False, True):
        folder = tmp_path / str(secrecy)
        export(screening, folder, ("docx", "html"), secrecy=secrecy)
        assert note in (folder / "index.html").read_text(encoding="utf-8")
        for path in folder.glob("*.docx"):
            text = "\n".join(
                cell.text for table in Document(str(path)).tables for row in table.rows for cell in row.cells
            )
            assert note in text


def test_of_a_text_only_the_clauses_that_the_site_meets_are_told(screening: Any, tmp_path: Path) -> None:
    more = screening.rules.iloc[[0]].assign(rule_id="YZ-55", clause="第五十五条", status="partial")
    screening.rules = pd.concat([screening.rules, more], ignore_index=True)
    export(screening, tmp_path, formats=("docx",))
    rows = next(t for t in tables_of(Document(str(tmp_path / "A-01.docx"))) if t[0][0] == "文件")
    told = {row[0]: row for row in rows}
    assert told["《中华人民共和国长江保护法》"][3:] == ["第二十六条第二款", "条文已核对"]
    assert told["《虚构红线文件》"][3:] == ["一", "地方细则待核：\nRL-01"]


def test_maps_come_in_the_order_of_the_catalogue(screening: Any, tmp_path: Path) -> None:
    known = list(_titles().items())
    for template, _ in [*known, ("zz-own", "")]:
        (tmp_path / f"A-01-{template}.png").write_bytes(png(40, 60))
    export(screening, tmp_path, formats=("docx",), maps=tmp_path)
    captions = [p.text for p in Document(str(tmp_path / "A-01.docx")).paragraphs if p.text.startswith("附图 ")]
    told = [*(title for _, title in known), "zz-own"]
    assert captions == [f"附图 {place}　{title}（来源未核）" for place, title in enumerate(told, 1)]


def test_a_review_by_a_person_stands_beside_the_computed_verdict(screening: Any, tmp_path: Path) -> None:
    row = {"site_id": "A-01", "verdict": "prohibited", "reviewed_verdict": "needs_review", "reason": "界线以勘界为准",
           "who": "虚构复核人", "when": "2026-11-24"}  # fmt: skip
    screening.reviews = screening.reviews.reindex(range(1)).assign(**row)
    export(screening, tmp_path, formats=("docx",))
    table = next(t for t in tables_of(Document(str(tmp_path / "A-01.docx"))) if "复核结论" in t[0])
    assert table[1] == ["触及禁止", "需论证", "界线以勘界为准", "虚构复核人", "2026-11-24"]
    assert not [t for t in tables_of(Document(str(tmp_path / "F-06.docx"))) if "复核结论" in t[0]]


def test_every_paper_has_room_to_sign_above_its_last_line(screening: Any, tmp_path: Path) -> None:
    for path in export(screening, tmp_path, formats=("docx",)):
        paper = Document(str(path))
        assert [cell.text for cell in paper.tables[-1].rows[0].cells] == ["经办人", "", "复核人", "", "日期", ""]
        assert [p.text for p in paper.paragraphs if p.text][-1] == DISCLAIMER
        signed = paper.tables[-1].rows[0].cells[0].paragraphs[0]
        told = [p for p in paper.paragraphs if p.style.name != "Normal" or p.text or p.runs][-3:]
        assert signed.paragraph_format.keep_with_next, "the disclaimer never stands on a page alone"
        assert all(p.paragraph_format.keep_with_next for p in told[:-1] if not p.style.name.startswith("Heading"))


def test_the_conformity_draft_lays_the_project_against_units_clauses_and_red_line(
    screening: Any, tmp_path: Path
) -> None:
    export(screening, tmp_path, formats=("docx",))
    paper = Document(str(tmp_path / "conformity" / "A-01.docx"))
    tables = {tuple(t[0]): t for t in tables_of(paper)}
    clauses = tables["依据条款", "条文", "空间关系与数值", "符合性结论"]
    assert [row[3] for row in clauses[1:]] == ["建议：触及禁止，例外待核", "建议：触及禁止", "建议：触及限制"]
    assert "距离 小于 1000 m" in clauses[2][2] and "主管部门" not in clauses[2][2]
    assert ("管控要求层级", "管控类别", "管控要求", "建设项目相关情况", "符合性结论") in tables
    heads = [p.text for p in paper.paragraphs if p.style.name == "Heading 1"]
    assert len(heads) == 10 and heads[1] == "二、与生态保护红线的符合性"

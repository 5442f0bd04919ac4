"""Typed against computed: units of measure, tolerances on both sides, every row of a table accounted for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from docx import Document
from ecoredline.layers.errors import SourceError
from ecoredline.layers.geodesy.area import polygon_areas
from ecoredline.processing.engine import tables
from ecoredline.processing.report.typed import COLUMNS, Tolerances, check_typed
from ecoredline.processing.report.typed.quantities import quantity
from openpyxl import Workbook
from paper_tables import filled

RED = "占用生态保护红线面积（m²）"


def book(path: Path, *rows: tuple[Any, ...], sheet: str = "填报") -> Path:
    made = Workbook()
    made.active.title = sheet
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def area(screening: Any, site_id: str) -> float:
    row = screening.sites[screening.sites["site_id"] == site_id]
    return float(polygon_areas(np.asarray(row.geometry.array, dtype=object))[0])


@pytest.fixture
def run(screening: Any) -> Any:
    facts = [
        {"site_id": "A-01", "role": "sensitive_receptor", "feature_name": "虚构小学", "distance_m": 312.4},
        {"site_id": "A-01", "role": "sensitive_receptor", "feature_name": "虚构医院", "distance_m": 980.0},
    ]
    screening.facts = pd.concat([screening.facts, tables.FACTS.frame(filled(tables.FACTS, facts))], ignore_index=True)
    receptor = {"role": "sensitive_receptor", "role_name": "环境保护目标", "state": "loaded"}
    more = tables.LAYERS.frame(filled(tables.LAYERS, [receptor]))
    screening.layers = pd.concat([screening.layers, more], ignore_index=True)
    return screening


@pytest.mark.parametrize(
    ("text", "kind", "heading", "value", "rounding"),
    [
        ("1.38公顷", "area", "", 13_800, 50),
        ("1.38", "area", "公顷", 13_800, 50),
        ("20.7 亩", "area", "公顷", 13_800, 100 / 3),
        ("13,822.51", "area", "", 13_822.51, 0.005),
        ("0.0138km²", "area", "", 13_800, 50),
        ("１３８００㎡", "area", "", 13_800, 0.5),
        ("13822.51 m²（1.3822 公顷）", "area", "", 13_822.51, 0.005),
        ("约1.2公里", "length", "", 1200, 50),
        ("999m以内", "length", "", 999, 0.5),
        ("0.312", "length", "km", 312, 0.5),
    ],
)
def test_units_are_known(text: str, kind: str, heading: str, value: float, rounding: float) -> None:
    found = quantity(text, kind, heading)
    assert found is not None
    assert (found.value, found.rounding) == (pytest.approx(value), pytest.approx(rounding))


@pytest.mark.parametrize("text", ["", "—", "3 至 5 m", "5 m²", "12吨", "-3 m", "小于 1000 m", "＜1km", "约"])
def test_what_is_no_length_is_not_guessed(text: str) -> None:
    assert quantity(text, "length") is None


def results(found: pd.DataFrame) -> dict[str, str]:
    return dict(zip(found["item"], found["result"], strict=True))


def test_a_sheet_is_laid_against_the_run(run: Any, tmp_path: Path) -> None:
    size = area(run, "A-01")
    path = book(
        tmp_path / "表.xlsx",
        ("某某区项目填报表",),
        ("地块编号", "环境管控单元编码", "用地面积（公顷）", RED, "距长江岸线距离（m）", "备注"),
        ("A-01", "ZH50010420001", round(size / 10_000, 4), 0.9996, 1000.4, "无"),
        ("A-01", "ZH50010420001；ZH50010410002", round(size / 10_000 * 1.01, 4), 25, 999, "无"),
    )  # fmt: skip
    found = check_typed(run, path)
    assert list(found.columns) == list(COLUMNS)
    first, second = (found[found["place"].str.endswith(f"第 {n} 行")] for n in (3, 4))
    assert results(first) == {
        "环境管控单元编码": "一致", "用地面积（公顷）": "一致", RED: "一致", "距长江岸线距离（m）": "不一致",
    }  # fmt: skip
    assert "1000 m 两侧" in first.set_index("item").loc["距长江岸线距离（m）", "note"], (
        "within 1 m, but across the limit"
    )
    assert set(second["result"][second["item"] != "距长江岸线距离（m）"]) == {"不一致"}
    assert second.set_index("item").loc["环境管控单元编码", "note"] == "多填 ZH50010410002"
    assert second.set_index("item").loc["距长江岸线距离（m）", "result"] == "一致"


@pytest.mark.parametrize(
    ("factor", "result"), [(1.00499, "一致"), (1.00501, "不一致"), (0.99501, "一致"), (0.99499, "不一致")]
)
def test_both_sides_of_the_tolerance_of_an_area(run: Any, tmp_path: Path, factor: float, result: str) -> None:
    typed = f"{area(run, 'A-01') * factor:.9f}"
    path = book(tmp_path / "a.xlsx", ("地块编号", "用地面积(m²)"), ("A-01", typed))
    assert list(check_typed(run, path)["result"]) == [result]
    loose = check_typed(run, path, Tolerances(area_share=0.02))
    assert list(loose["result"]) == ["一致"]


@pytest.mark.parametrize(
    ("typed", "result"), [("311.41", "一致"), ("311.39", "不一致"), ("313.40", "一致"), ("313.41", "不一致")]
)
def test_both_sides_of_the_tolerance_of_a_distance(run: Any, tmp_path: Path, typed: str, result: str) -> None:
    path = book(tmp_path / "a.xlsx", ("地块编号", "名称", "距厂界距离/m"), ("A-01", "虚构小学", typed))
    found = check_typed(run, path, Tolerances(distance_m=0.999))
    assert list(found["result"]) == [result], found.to_string()


def test_no_row_goes_unmentioned(run: Any, tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx",
        ("地块编号", "用地面积", "距风景名胜区距离(m)", "距离", "备注"),
        ("Z-99", 5, 5, 5, ""), ("", 5, 5, 5, ""), ("A-01", "若干", 5, 5, ""), ("A-01", "", "", "", "只有备注"),
    )  # fmt: skip
    found = check_typed(run, path)
    assert found["place"].nunique() == 4
    by_row = {place[-3]: dict(zip(rows["item"], rows["result"], strict=True)) for place, rows in found.groupby("place")}
    assert by_row["2"] == {"": "未匹配到地块"} and by_row["3"] == {"": "未匹配到地块"}
    assert by_row["4"] == {"用地面积": "无法识读", "距风景名胜区距离(m)": "无法比对", "距离": "无法比对"}
    assert by_row["5"] == {"": "没有可比对的内容"}


def test_a_sheet_without_headings_is_told_row_by_row(run: Any, tmp_path: Path) -> None:
    found = check_typed(run, book(tmp_path / "a.xlsx", ("A-01", 5), ("B/02", 6)))
    assert list(found["result"]) == ["未匹配到地块"] * 2


def test_a_word_table_of_labels_and_one_with_headings(run: Any, tmp_path: Path) -> None:
    document = Document()
    pairs = document.add_table(rows=0, cols=4)
    for texts in (("项目名称", "虚构化工扩建项目", "用地面积", "5 亩"), ("管控单元编码", "ZH50010420001", "", "")):
        for cell, text in zip(pairs.add_row().cells, texts, strict=True):
            cell.text = text
    listed = document.add_table(rows=0, cols=3)
    for texts in (
        ("项目名称", "保护目标名称", "距厂界距离（km）"),
        ("虚构化工扩建项目", "虚构医院", "0.98"),
        ("虚构仓库", "虚构医院", "1"),
    ):
        for cell, text in zip(listed.add_row().cells, texts, strict=True):
            cell.text = text
    document.save(str(tmp_path / "表.docx"))
    found = check_typed(run, tmp_path / "表.docx")
    assert [(r.site_id, r.item, r.result) for r in found.itertuples()] == [
        ("A-01", "用地面积", "不一致"), ("A-01", "管控单元编码", "一致"), ("A-01", "距厂界距离（km）", "一致"),
        ("E-05", "距厂界距离（km）", "无法比对"), ("A-01", "管控单元编码", "一致"),
    ]  # fmt: skip


def test_the_columns_carried_with_the_sites_are_laid_against_it(run: Any) -> None:
    run.sites["area_m2"] = [area(run, "A-01"), 5.0, None, None, None, None, None]
    run.sites["单元编码"] = ["ZH50010410009"] + [None] * 6
    found = check_typed(run).set_index(["site_id", "item"])["result"]
    assert found["A-01", "用地面积（m²）"] == "一致"
    assert found["A-01", "单元编码"] == "不一致"
    assert found["B/02", "用地面积（m²）"] == "无法比对", "a point has no area of its own"


def test_a_csv_in_gb18030_and_what_is_no_table(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("地块编号,用地面积（亩）\nA-01,1\n".encode("gb18030"))
    assert list(check_typed(run, tmp_path / "a.csv")["result"]) == ["不一致"]
    for name in ("b.xlsx", "b.docx", "b.pdf"):
        (tmp_path / name).write_text("不是表格", encoding="utf-8")
        with pytest.raises(SourceError, match=name):
            check_typed(run, tmp_path / name)


def test_a_formula_is_never_run_and_markup_is_text(run: Any, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ("地块编号", "用地面积(m²)"), ("=cmd|' /C calc'!A0", "<b>1</b>"))
    found = check_typed(run, path)
    assert set(found["result"]) <= {"未匹配到地块", "无法识读"} and len(found) == 1


def test_with_secrecy_no_distance_to_a_controlled_layer_is_told(run: Any, tmp_path: Path) -> None:
    heads = ("地块编号", RED, "距生态保护红线距离(m)", "距长江岸线距离(m)")
    path = book(tmp_path / "a.xlsx", heads, ("A-01", 1, 5, 900))
    told = {secrecy: check_typed(run, path, secrecy=secrecy).set_index("item") for secrecy in (False, True)}
    assert told[False].loc[heads[2], "computed"] == "0.00 m"
    assert told[True].loc[heads[2], "computed"] == "" and told[True].loc[heads[2], "result"] == "无法比对"
    for head in (RED, heads[3]):
        assert told[True].loc[head, "computed"] == told[False].loc[head, "computed"] != ""


def test_the_tables_of_a_paper_speak_of_the_site_named_above_them(run: Any, tmp_path: Path) -> None:
    from ecoredline.processing.report import export

    code = run.units.loc[run.units["site_id"] == "A-01", "unit_code"].iloc[0]
    run.verdicts["unit_codes"] = code
    export(run, tmp_path, formats=("docx",))
    found = check_typed(run, tmp_path / "A-01.docx")
    told = found[found["result"] != "没有可比对的内容"]
    assert set(told["site_id"]) <= {"A-01", ""} and (told["result"] == "未匹配到地块").sum() <= 1, "above the first id"
    agreed = told[told["result"] == "一致"]
    assert {"用地面积", "管控单元编码", "距厂界距离", "单元编码"} <= set(agreed["item"])
    assert (agreed["item"] == "距厂界距离").sum() == 2
    more = run.units[run.units["site_id"] == "A-01"].assign(unit_code="ZH50010410002")
    run.units = pd.concat([run.units, more], ignore_index=True)
    whole = check_typed(run, tmp_path / "A-01.docx").iloc[-1]
    assert (whole["place"], whole["result"], whole["note"]) == ("全文", "不一致", "漏填 ZH50010410002")


def test_a_site_that_is_not_known_ends_what_stood_above(run: Any, tmp_path: Path) -> None:
    document = Document()
    for texts in (
        (("地块编号", "A-01"), ("用地面积", "1 m²")),
        (("地块编号", "Z-1"), ("说明", "无")),
        (("用地面积", "1 m²"),),
    ):
        table = document.add_table(rows=0, cols=2)
        for pair in texts:
            for cell, text in zip(table.add_row().cells, pair, strict=True):
                cell.text = text
    document.save(str(tmp_path / "a.docx"))
    assert list(check_typed(run, tmp_path / "a.docx")["result"]) == ["不一致", "未匹配到地块", "未匹配到地块"]


def test_units_of_a_layer_not_held_are_compared_with_nothing(run: Any, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ("地块编号", "管控单元编码", "单元内面积（m²）"), ("A-01", "ZH50010420001", 5))
    assert "无法比对" not in set(check_typed(run, path)["result"])
    run.layers.loc[run.layers["role"] == "control_unit", "state"] = "not_held"
    found = check_typed(run, path)
    assert set(found["result"]) == {"无法比对"}
    assert set(found["note"]) == {"该图层未取得，没有计算值"}


def test_an_area_in_an_element_zone_is_that_of_the_zone(run: Any, tmp_path: Path) -> None:
    zone = {"site_id": "A-01", "role": "element_zone", "feature_id": "YS5001042340001", "relation": "overlaps",
            "overlap_m2": 1234.0}  # fmt: skip
    run.facts = pd.concat([run.facts, tables.FACTS.frame(filled(tables.FACTS, [zone]))], ignore_index=True)
    layer = tables.LAYERS.frame(filled(tables.LAYERS, [{"role": "element_zone", "state": "loaded"}]))
    run.layers = pd.concat([run.layers, layer], ignore_index=True)
    head, code = ("地块编号", "管控单元编码", "单元内面积（m²）"), "YS5001042340001"
    for typed, result in ((1234, "一致"), (1250, "不一致")):
        found = check_typed(run, book(tmp_path / "a.xlsx", head, ("A-01", code, typed)))
        assert found.set_index("item").loc["单元内面积（m²）", "result"] == result


@pytest.mark.parametrize("content", ["", "地块编号,用地面积\n", "\n\n"])
def test_a_table_without_rows_does_not_read_as_agreed(run: Any, tmp_path: Path, content: str) -> None:
    path = tmp_path / "空.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match="no row"):
        check_typed(run, path)


def test_a_table_that_is_not_there_is_said_to_be_so(run: Any, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Check the path"):
        check_typed(run, tmp_path / "无.xlsx")


def test_a_workbook_with_broken_xml_is_refused_in_words(run: Any, tmp_path: Path) -> None:
    import zipfile

    whole, broken = book(tmp_path / "a.xlsx", ("地块编号", "用地面积"), ("A-01", 5)), tmp_path / "b.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"<worksheet" if name.endswith("workbook.xml") else source.read(name))
    with pytest.raises(SourceError, match="cannot be read"):
        check_typed(run, broken)


def test_nothing_typed_anywhere_is_refused(run: Any) -> None:
    run.sites = run.sites[["site_id", "name", "geometry"]]
    with pytest.raises(SourceError) as caught:
        check_typed(run)
    assert "没有可以比对的内容" in caught.value.message.zh and "填报表" in caught.value.remedy.zh

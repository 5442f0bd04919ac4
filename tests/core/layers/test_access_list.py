"""Access lists from every kind of table, and from the columns of the units themselves."""

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from ecoredline.layers.errors import SourceError
from ecoredline.layers.layerset import AccessList, LayerSet, LayerSource
from ecoredline.layers.reading import read_access_list, read_layer

HEADINGS = ["环境管控单元编码\n", "条目编号", "管控要求层级", "管控类别", "管控要求", "行业代码", "建设性质", "结论"]
ROWS = [
    ["*", "S1", "全市", "空间布局约束", "禁止新建烟花爆竹", "2672", "新建、改扩建", "禁止"],
    ["ZH50010410001", "U1", "单元", "资源利用效率", "限制高耗水", "C22;C17", "", "限制"],
    ["ZH50010410001", "U2", "单元", "环境风险防控", "加强巡查", "", "", ""],
]
COLUMNS = ["unit_code", "item_id", "level", "dimension", "requirement", "industry", "nature", "verdict"]


def table(rows=ROWS, headings=HEADINGS) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=headings)


def read(path, layer=None, **fields) -> pd.DataFrame:
    return read_access_list(LayerSet("x", access_list=AccessList(str(path), layer, fields)), pd.DataFrame())


def refused(path, layer=None, **fields) -> str:
    with pytest.raises(SourceError) as caught:
        read(path, layer, **fields)
    return " | ".join((caught.value.message.en, caught.value.cause.en, caught.value.remedy.en))


def written(tmp_path, kind):
    if kind == "gbk":
        table().to_csv(tmp_path / "l.csv", index=False, encoding="gbk")
    elif kind == "utf-8":
        table().to_csv(tmp_path / "l.csv", index=False, encoding="utf-8-sig")
    elif kind == "xlsx":
        table().to_excel(tmp_path / "l.xlsx", index=False)
    elif kind == "gpkg":
        flat = table().rename(columns=lambda name: name.strip())
        pyogrio.write_dataframe(flat, tmp_path / "l.gpkg", layer="准入清单")
    return next(tmp_path.glob("l.*"))


@pytest.mark.parametrize("kind", ["gbk", "utf-8", "xlsx", "gpkg"])
def test_every_table_gives_the_same_items(tmp_path, kind):
    items = read(written(tmp_path, kind))
    assert list(items.columns) == COLUMNS
    assert items["industry"].tolist() == ["C2672", "C22;C17", ""]
    assert items["nature"].tolist() == ["新建;改建;扩建", "", ""]
    assert items["verdict"].tolist() == ["prohibited", "restricted", "prohibited"]
    assert items["item_id"].tolist() == ["S1", "U1", "U2"]
    assert items["requirement"][2] == "加强巡查"
    assert len(items.attrs["digest"]) == 64


def test_the_digest_follows_the_content(tmp_path):
    first = read(written(tmp_path, "xlsx")).attrs["digest"]
    assert read(written(tmp_path, "xlsx")).attrs["digest"] == first
    changed = table([[*ROWS[0][:5], "2673", *ROWS[0][6:]], *ROWS[1:]])
    changed.to_excel(tmp_path / "l.xlsx", index=False)
    assert read(tmp_path / "l.xlsx").attrs["digest"] != first


@pytest.mark.parametrize(
    ("row", "column", "value", "named"),
    [
        (1, 5, "Z99", "industry"),
        (1, 6, "重建", "nature"),
        (0, 7, "鼓励", "verdict"),
        (0, 0, "", "unit_code"),
        (2, 4, "", "requirement"),
        (2, 1, "U1", "item_id"),
    ],
)
def test_a_row_without_meaning_is_refused_by_its_number(tmp_path, row, column, value, named):
    rows = [list(each) for each in ROWS]
    rows[row][column] = value
    table(rows).to_excel(tmp_path / "l.xlsx", index=False)
    said = refused(tmp_path / "l.xlsx")
    assert named in said
    assert str(row + 2) in said
    assert "l.xlsx" in said


def test_columns_may_be_named_and_must_be_there(tmp_path):
    other = table(headings=["单元", *HEADINGS[1:]])
    other.to_excel(tmp_path / "l.xlsx", index=False)
    assert "unit_code" in refused(tmp_path / "l.xlsx")
    assert read(tmp_path / "l.xlsx", unit_code="单元")["unit_code"][0] == "*"
    assert "no column '编码'" in refused(tmp_path / "l.xlsx", unit_code="编码")
    assert "Sheet9" in refused(tmp_path / "l.xlsx", layer="Sheet9")
    assert "cannot be read" in refused(tmp_path / "none.csv")
    (tmp_path / "broken.xlsx").write_bytes(b"PK")
    assert "broken.xlsx" in refused(tmp_path / "broken.xlsx")
    table(headings=["环境管控单元编码", "单元编码", *HEADINGS[2:]]).to_csv(tmp_path / "two.csv", index=False)
    assert "several columns" in refused(tmp_path / "two.csv")


def test_rows_without_content_and_without_an_item_number(tmp_path):
    rows = [ROWS[0], [""] * 8, [*ROWS[1][:1], "", *ROWS[1][2:]]]
    table(rows).to_csv(tmp_path / "l.csv", index=False)
    assert read(tmp_path / "l.csv")["item_id"].tolist() == ["S1", "行4"]


def test_units_carry_their_own_texts():
    frame = gpd.GeoDataFrame(
        {
            "HJZHGKDYBM": ["ZH50010410001", "ZH50010420002"],
            "空间布局约束\n": ["不得新建", None],
            "PWWPFGK": ["达标", "总量"],
        },
        geometry=[shapely.box(106, 29, 107, 30), shapely.box(107, 29, 108, 30)],
        crs=4490,
    )
    units = read_layer(LayerSource("control_unit", "units", frame=frame)).frame
    items = read_access_list(LayerSet("x"), units)
    assert items[["unit_code", "dimension", "requirement"]].to_numpy().tolist() == [
        ["ZH50010410001", "空间布局约束", "不得新建"],
        ["ZH50010410001", "污染物排放管控", "达标"],
        ["ZH50010420002", "污染物排放管控", "总量"],
    ]
    assert items["item_id"].is_unique
    assert (items["industry"] == "").all()
    assert read_access_list(LayerSet("x"), pd.DataFrame()).empty

"""Tables of coordinates: headings in every wording, orders, several sites, sheets; formulas stay texts."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from ecoredline.layers.errors import SitesError
from ecoredline.layers.sites import read, read_text

RING = [(106.5, 29.5), (106.51, 29.5), (106.51, 29.512)]
BOUNDS = (106.5, 29.5, 106.51, 29.512)
DMS = "104度46分4.592秒, 29度14分11.494秒\n104度46分9.592秒, 29度14分11.494秒\n104度46分9.592秒, 29度14分17.494秒\n"


def placed(text, crs="EPSG:4490"):
    return read_text(text, crs=crs)


def table(head, rows, step=","):
    return "\n".join([step.join(head), *(step.join(map(str, row)) for row in rows)])


@pytest.mark.parametrize("step", [",", "\t", ";", "|"])
@pytest.mark.parametrize(
    "head",
    [
        ("点号", "经度", "纬度"), ("拐点编号", "东经", "北纬"), ("No.", "Longitude", "Latitude"),
        ("界址点号", "lon", "lat"),
        ("点号", "经度(°)", "纬度（度）"), ("点 号", "X坐标", "Y坐标"), ("点号", "经度坐标值", "纬度坐标值"),
    ],
)  # fmt: skip
def test_headings(head, step):
    intake = placed(table(head, [(i, *xy) for i, xy in enumerate(RING, 1)], step))
    assert intake.sites.geometry[0].geom_type == "Polygon"
    assert intake.sites.geometry[0].bounds == pytest.approx(BOUNDS)


def test_latitude_first_by_heading_and_by_size():
    rows = [(i, y, x) for i, (x, y) in enumerate(RING, 1)]
    assert placed(table(("点号", "纬度", "经度"), rows)).sites.geometry[0].bounds == pytest.approx(BOUNDS)
    asked = read_text(table(("点号", "X", "Y"), rows))
    assert asked.candidates["crs"][0] == "EPSG:4490+yx"
    chosen = placed(table(("点号", "X", "Y"), rows), "EPSG:4490+yx")
    assert chosen.sites.geometry[0].bounds == pytest.approx(BOUNDS)


def test_titles_above_and_what_they_say():
    rows = [(1, 3265600.5, 36354500.5), (2, 3265600.5, 36354700.5), (3, 3265400.5, 36354700.5)]
    text = "某项目界址点成果表\n坐标系：CGCS2000，3度带，中央子午线108度\n" + table(
        ("点号", "纵坐标X", "横坐标Y"), rows
    )
    intake = read_text(text)
    assert "crs_found" in intake.diagnosis["problem"].tolist()
    assert intake.sites.geometry[0].geom_type == "Polygon"
    assert intake.sites.geometry[0].bounds[0] == pytest.approx(106.496, abs=0.01)


def test_several_sites_by_id_and_attributes():
    rows = [("甲", i, *xy, "新建") for i, xy in enumerate(RING, 1)]
    rows += [("乙", i, x + 0.1, y, "扩建") for i, (x, y) in enumerate(RING, 1)]
    intake = placed(table(("地块编号", "点号", "经度", "纬度", "建设性质"), rows))
    assert intake.sites["site_id"].tolist() == ["甲", "乙"]
    assert intake.sites["nature"].tolist() == ["新建", "扩建"]
    merged = [("" if i > 1 else who, i, *xy, nature) for who, i, *xy, nature in rows]  # merged cells leave blanks
    assert placed(table(("地块编号", "点号", "经度", "纬度", "建设性质"), merged)).sites["site_id"].tolist() == [
        "甲",
        "乙",
    ]


def test_blank_rows_part_sites_and_rings_are_holes():
    rows = [(i, *xy) for i, xy in enumerate(RING, 1)]
    two = table(("点号", "经度", "纬度"), [*rows, ("", "", ""), *((i, x + 1, y) for i, x, y in rows)])
    assert len(placed(two).sites) == 2
    inner = [(4, 106.507, 29.503), (5, 106.508, 29.503), (6, 106.508, 29.504)]
    text = table(("点号", "圈号", "经度", "纬度"), [(i, 1 if i < 4 else 2, x, y) for i, x, y in [*rows, *inner]])
    assert len(placed(text).sites.geometry[0].interiors) == 1


def test_one_point_per_row_where_rows_are_things():
    text = table(
        ("名称", "经度", "纬度"), [("甲厂", 106.5, 29.5), ("乙厂", 106.6, 29.6), ("丙厂", "", ""), ("丁", "x", 29)]
    )
    intake = placed(text)
    assert intake.sites["name"].tolist() == ["甲厂", "乙厂"]
    assert set(intake.sites.geometry.geom_type) == {"Point"}
    assert len(intake.left_out) == 2
    assert "5" in intake.left_out["zh"].iloc[1]


def test_a_vertex_that_cannot_be_read_is_an_error_not_another_border():
    text = table(("点号", "经度", "纬度"), [(1, 106.5, 29.5), (2, "106.51?", 29.5), (3, 106.5, 29.6)])
    with pytest.raises(SitesError) as caught:
        placed(text)
    assert "第 3 行" in caught.value.message.zh
    assert "106.51?" in caught.value.message.zh


def test_degrees_minutes_seconds():
    intake = placed(DMS)
    assert "assumed_polygon" in intake.diagnosis["problem"].tolist()
    assert intake.sites.geometry[0].bounds[0] == pytest.approx(104 + 46 / 60 + 4.592 / 3600)
    six = table(
        ("点号", "经度", "纬度"),
        [(1, "104°46′4.592″", "29°14′11.494″"), (2, "104°46′9″", "29°14′11″"), (3, "104°47′", "29°15′")],
    )
    assert placed(six).sites.geometry[0].bounds[0] == pytest.approx(104 + 46 / 60 + 4.592 / 3600)
    split = table(
        ("点号", "东经度", "东经分", "东经秒", "北纬度", "北纬分", "北纬秒"),
        [(1, 104, 46, 4.592, 29, 14, 11.494), (2, 104, 46, 9, 29, 14, 11), (3, 104, 47, 0, 29, 15, 0)],
    )
    assert placed(split).sites.geometry[0].bounds[0] == pytest.approx(104 + 46 / 60 + 4.592 / 3600)
    words = "1、东经106°30′0″，北纬29°30′0″\n2、东经106°31′0″，北纬29°30′0″\n3、东经106°31′0″，北纬29°31′0″"
    assert placed(words).sites.geometry[0].bounds == pytest.approx((106.5, 29.5, 106.5 + 1 / 60, 29.5 + 1 / 60))


def test_a_pair_in_one_cell_and_wkt():
    rows = [(i, f'"{x},{y}"') for i, (x, y) in enumerate(RING, 1)]
    assert placed(table(("点号", "坐标"), rows)).sites.geometry[0].bounds == pytest.approx(BOUNDS)
    wkt = "POLYGON ((106.5 29.5, 106.51 29.5, 106.51 29.512, 106.5 29.5))"
    assert placed(f'name,wkt\n甲,"{wkt}"\n').sites["name"].tolist() == ["甲"]
    assert placed(wkt).sites.geometry[0].bounds == pytest.approx(BOUNDS)
    assert read_text(f"SRID=4490;{wkt}").sites.geometry[0].bounds == pytest.approx(BOUNDS)
    with pytest.raises(SitesError, match="1"):
        placed("POLYGON ((106 29, 107 29)")


def test_formulas_never_go_on_as_formulas(tmp_path):
    text = table(
        ("名称", "经度", "纬度", "备注"),
        [('"=HYPERLINK(""http://x"")"', 106.5, 29.5, "+cmd|x"), ("@SUM(A1)", 106.6, 29.6, "-5")],
    )
    intake = placed(text)
    assert intake.sites["name"].tolist() == ['\'=HYPERLINK("http://x")', "'@SUM(A1)"]
    assert intake.sites["备注"].tolist() == ["'+cmd|x", "-5"]
    assert (intake.diagnosis["problem"] == "formula").sum() == 3


def test_workbooks(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "坐标"
    for row in (
        ("点号", "经度", "纬度", "备注"),
        (1, 106.5, 29.5, "=1+1"),
        (2, 106.51, 29.5, None),
        (3, 106.51, 29.512, None),
    ):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    intake = read(tmp_path / "a.xlsx", crs="EPSG:4490")
    assert intake.sites.geometry[0].bounds == pytest.approx(BOUNDS)
    assert "备注" not in intake.sites or intake.sites["备注"].isna().all()  # a formula without its value is nothing
    other = book.create_sheet("第二")
    other.append(("点号", "经度", "纬度"))
    for i, (x, y) in enumerate(RING, 1):
        other.append((i, x + 1, y))
    book.create_sheet("空表")
    book.save(tmp_path / "b.xlsx")
    asked = read(tmp_path / "b.xlsx")
    assert asked.datasets["dataset"].tolist() == ["坐标", "第二"]
    assert read(tmp_path / "b.xlsx", "EPSG:4490", "第二").sites.geometry[0].bounds[0] == pytest.approx(107.5)
    (tmp_path / "c.xlsx").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(SitesError, match=r"c\.xlsx"):
        read(tmp_path / "c.xlsx")


@pytest.mark.parametrize("text", ["只有文字\n没有坐标", "a,b\nc,d", "1\n2\n3", "名称,备注\n甲,乙"])
def test_no_coordinates_is_an_error_with_an_example(text):
    with pytest.raises(SitesError) as caught:
        read_text(text)
    assert "点号" in caught.value.remedy.zh


def test_real_power_plants(data):
    path = data / "sites" / "wri_power_plants_upper_yangtze_box.csv"
    asked = read(path)
    assert asked.candidates["crs"][0] == "EPSG:4490"
    intake = read(path, "EPSG:4490")
    assert len(intake.sites) + len(intake.left_out) == 110
    assert set(intake.sites.geometry.geom_type) == {"Point"}
    assert np.all(shapely.get_x(intake.sites.geometry.array) > 100)

"""界址点 TXT in its dialects; a line that is neither parcel nor point is named."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from ecoredline.layers.errors import SitesError
from ecoredline.layers.sites import read, read_text

HEAD = """[属性描述]
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=36
精度=0.001
转换参数=,,,,,,
[地块坐标]
"""
SQUARE = [(3265600.0, 36354500.0), (3265600.0, 36354700.0), (3265400.0, 36354700.0), (3265400.0, 36354500.0)]
HOLE = [(3265550.0, 36354550.0), (3265550.0, 36354600.0), (3265500.0, 36354600.0)]
APART = [(3265550.0, 36355550.0), (3265550.0, 36355600.0), (3265500.0, 36355600.0)]


def points(rings, close=True, label="J", ring=True, swap=False, step=","):
    lines, number = [], 1
    for index, vertices in enumerate(rings, 1):
        first = number
        for x, y in vertices:
            pair = (y, x) if swap else (x, y)
            lines.append(step.join([f"{label}{number}", *([str(index)] if ring else []), *(f"{v:.3f}" for v in pair)]))
            number += 1
        if close:
            x, y = (vertices[0][1], vertices[0][0]) if swap else vertices[0]
            lines.append(step.join([f"{label}{first}", *([str(index)] if ring else []), f"{x:.3f}", f"{y:.3f}"]))
    return "\n".join(lines)


def parcel(count=5, area="4.0000", no="A-1", name="地块甲", kind="面"):
    return f"{count},{area},{no},{name},{kind},,工业用地,0601,@\n"


def problems(intake):
    return intake.diagnosis["problem"].tolist()


def square(intake):
    shape = intake.sites.geometry[0]
    corners = shapely.get_coordinates(shape)
    assert shape.geom_type == "Polygon"
    assert 107.4 > corners[0, 0] > 106.4
    return shape


def test_the_common_form(tmp_path):
    (tmp_path / "界址点.txt").write_bytes((HEAD + parcel() + points([SQUARE])).encode("gbk"))
    intake = read(tmp_path / "界址点.txt")
    site = intake.sites.iloc[0]
    assert (site["site_id"], site["name"], site["land_use"], site["area_m2"]) == ("A-1", "地块甲", "工业用地", 40_000.0)
    square(intake)
    assert set(problems(intake)) == {"encoding", "crs_found", "area_proof"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path, encoding, newline):
    text = (HEAD + parcel() + points([SQUARE])).replace("\n", newline)
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    assert read(tmp_path / "a.txt").sites["name"].tolist() == ["地块甲"]


@pytest.mark.parametrize(
    "text",
    [
        HEAD + parcel() + points([SQUARE], label=""),
        HEAD + parcel(4) + points([SQUARE], close=False),
        HEAD + parcel() + points([SQUARE], ring=False),
        HEAD + parcel() + points([SQUARE], step="，"),
        HEAD + parcel() + points([SQUARE], step="\t"),
        HEAD + parcel() + points([SQUARE], step="  "),
        HEAD + parcel() + points([SQUARE], swap=True),
        HEAD + parcel() + points([SQUARE]).replace("\n", ",备注\n"),
        HEAD + "\n\n" + parcel() + "\n" + points([SQUARE]) + "\n\n",
        "[地块坐标]\n坐标系=CGCS2000\n带号=36\n" + parcel() + points([SQUARE]),
        "格式版本号=1.01\n数据产生单位=某院\n数据产生日期=2024-01-01\n" + HEAD + parcel() + points([SQUARE]),
        "\n".join(reversed(HEAD.strip().splitlines()[1:-1])) + "\n" + parcel() + points([SQUARE]),
        HEAD.replace("=", "：") + parcel() + points([SQUARE]),
        HEAD.replace("带号=36", "中央子午线=108") + parcel() + points([SQUARE]),
        HEAD + parcel().replace(",@", "") + points([SQUARE]),
    ],
)
def test_dialects_give_the_same_square(text):
    intake = read_text(text)
    reference = read_text(HEAD + parcel() + points([SQUARE]))
    assert square(intake).equals_exact(square(reference), 1e-12) or square(intake).equals(square(reference))


def test_rings_are_holes_or_parts_by_where_they_lie():
    holed = read_text(HEAD + parcel() + points([SQUARE, HOLE]))
    assert len(holed.sites.geometry[0].interiors) == 1
    reversed_ = read_text(HEAD + parcel() + points([HOLE, SQUARE]))
    assert len(reversed_.sites.geometry[0].interiors) == 1
    apart = read_text(HEAD + parcel() + points([SQUARE, APART]))
    assert apart.sites.geometry[0].geom_type == "MultiPolygon"
    island = [(3265545.0, 36354560.0), (3265545.0, 36354590.0), (3265520.0, 36354590.0)]
    nested = read_text(HEAD + parcel() + points([SQUARE, HOLE, island]))
    assert nested.sites.geometry[0].geom_type == "MultiPolygon"
    assert "rings" in problems(nested)
    one_number = points([SQUARE]) + "\n" + points([HOLE])  # all points carry ring 1; the closing point ends it
    assert len(read_text(HEAD + parcel() + one_number).sites.geometry[0].interiors) == 1


def test_wrong_counts_and_areas_are_said_not_believed():
    intake = read_text(HEAD + parcel(9, "4.2000") + points([SQUARE]))
    assert {"point_count", "area_differs"} <= set(problems(intake))
    assert len(shapely.get_coordinates(intake.sites.geometry[0])) > 4
    assert "point_count" not in problems(read_text(HEAD + parcel(4) + points([SQUARE])))
    text = read_text(HEAD + parcel(5, "40000") + points([SQUARE])).diagnosis.set_index("problem")["zh"]["area_differs"]
    assert "公顷" in text
    assert "area_proof" in problems(read_text(HEAD + parcel(5, "40000平方米") + points([SQUARE])))
    assert "area_proof" in problems(read_text(HEAD + parcel(5, "60亩") + points([SQUARE])))


def test_lines_points_and_several_parcels():
    two = (
        parcel(no="A", kind="线")
        + points([SQUARE], close=False)
        + "\n"
        + parcel(no="B", kind="点")
        + points([[SQUARE[0]]], close=False)
    )
    intake = read_text(HEAD + two)
    assert intake.sites.geometry.geom_type.tolist() == ["LineString", "Point"]
    assert intake.sites["site_id"].tolist() == ["A", "B"]
    twice = read_text(HEAD + (parcel(no="A") + points([SQUARE]) + "\n") * 2)
    assert twice.sites["site_id"].tolist() == ["1", "2"]
    assert {"ids_numbered", "overlap"} <= set(problems(twice))


def test_a_parcel_without_points_is_listed_and_the_rest_stays():
    intake = read_text(HEAD + parcel(no="A") + parcel(no="B") + points([SQUARE]))
    assert intake.sites["site_id"].tolist() == ["B"]
    assert intake.left_out["row"].tolist() == [1]


@pytest.mark.parametrize(
    ("line", "place"),
    [("J3,1,三百万,36354700", "11"), ("这里不是坐标", "11"), ("J3,1,104°61′1″,29°30′1″", "11")],
)
def test_a_wrong_line_is_named(line, place):
    lines = (HEAD + parcel() + points([SQUARE])).splitlines()
    lines.insert(11, line)
    with pytest.raises(SitesError) as caught:
        read_text("\n".join(lines))
    assert f"第 {int(place) + 1} 行" in caught.value.message.zh
    assert caught.value.remedy.zh


def test_degrees_in_the_format_of_metres():
    rows = "\n".join(f"J{i},1,{y},{x}" for i, (x, y) in enumerate([(106.5, 29.5), (106.51, 29.5), (106.51, 29.51)], 1))
    intake = read_text("[属性描述]\n坐标系=2000国家大地坐标系\n[地块坐标]\n" + parcel(3, "0") + rows)
    assert np.allclose(intake.sites.geometry[0].bounds, (106.5, 29.5, 106.51, 29.51))
    dms = "\n".join(f"J{i},1,29°30′{i}″,106°30′{i * i}″" for i in range(1, 5))
    intake = read_text("[属性描述]\n坐标系=2000国家大地坐标系\n[地块坐标]\n" + parcel(4, "0") + dms)
    assert intake.sites.geometry[0].bounds[0] == pytest.approx(106.5 + 1 / 3600)


def test_a_hundred_thousand_points(tmp_path):
    import time
    import tracemalloc

    angles = np.linspace(0, 2 * np.pi, 100_000, endpoint=False)
    x, y = 3265000 + 5000 * np.cos(angles), 36400000 + 5000 * np.sin(angles)
    rows = "\n".join(f"J{i},1,{a:.3f},{b:.3f}" for i, (a, b) in enumerate(zip(x, y, strict=True), 1))
    (tmp_path / "a.txt").write_text(HEAD + parcel(100_000, "7853.9816") + rows, encoding="utf-8")
    told = []
    from ecoredline.layers.errors import Cancelled
    from ecoredline.layers.progress import Progress

    start = time.monotonic()
    tracemalloc.start()
    intake = read(tmp_path / "a.txt", progress=Progress(lambda share, _: told.append(share)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.monotonic() - start < 20
    assert peak < 400e6
    assert shapely.get_num_coordinates(intake.sites.geometry[0]) == 100_001
    assert len(told) > 10
    assert told == sorted(told)
    with pytest.raises(Cancelled):
        read(tmp_path / "a.txt", progress=Progress(cancelled=lambda: True))

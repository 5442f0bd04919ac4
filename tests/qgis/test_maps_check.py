"""The map check: it is silent on a good page, and each fault that is put into one is named and marked."""

from __future__ import annotations

import json

import geopandas as gpd
import pytest
import shapely
from qgis_maps import export, run
from shapely.geometry import LineString, box

EMOJI = '虚构<项目>&“乙”"丙" \U0001f3ed厂'
NAME_80 = (
    "某区长江流域绿色低碳循环经济产业园区基础设施提升改造与污水集中处理设施扩能工程及其配套管网建设项目"
    "一期二期三期合并报送含临时用地与施工便道以及弃渣场恢复虚构名称"
)
HARD = {
    "seam": (box(106.4990, 29.4140, 106.5010, 29.4155), "跨带地块（虚构）"),
    "pipe": (LineString([(106.25, 29.42), (106.36, 29.44), (106.45, 29.41), (106.55, 29.43)]), "三十公里管道（虚构）"),
    "five": (box(106.40400, 29.41400, 106.404023, 29.41402), "五平方米（虚构）"),
    "many": (shapely.Point(106.405, 29.4145).buffer(0.001, quad_segs=500), "两千界址点（虚构）"),
    "name": (box(106.4040, 29.4140, 106.4060, 29.4155), NAME_80),
    "mark": (box(106.4040, 29.4140, 106.4060, 29.4155), EMOJI),
    "half": (box(106.4040, 29.4140, 106.4060, 29.4155), " "),
}


@pytest.fixture
def told():
    return []


@pytest.mark.parametrize("site_id", HARD)
def test_hard_sites_pass_the_check_on_both_maps(qgis, tmp_path, told, site_id):
    export(
        tmp_path,
        screening=run(sites={site_id: HARD[site_id]}),
        templates=("overview", "bank_distance"),
        told=told.append,
    )
    for result in told:
        assert result.state == "drawn", [issue.text.en for issue in result.issues]
    notes = {issue.code for result in told for issue in result.issues}
    assert notes == ({"replaced_glyph"} if site_id == "mark" else set())


def test_a_name_of_80_characters_is_80_long():
    assert len(NAME_80) == 80


def test_an_emoji_is_replaced_and_said_below_the_map(qgis, tmp_path, looked_at):
    export(tmp_path, screening=run(sites={"mark": HARD["mark"]}))
    (page,) = looked_at
    assert "〓" in page.texts["title"]
    assert '<项目>&“乙”"丙"' in page.texts["title"].replace("\n", "")
    assert "U+1F3ED" in page.texts["sources"]


def test_2000_vertices_are_thinned_and_the_table_says_so(qgis, tmp_path, looked_at):
    export(tmp_path, screening=run(sites={"many": HARD["many"]}))
    (page,) = looked_at
    assert "共 2000 点" in page.texts["corner_title"]
    assert "列主要" in page.texts["corner_title"]
    numbers = {cell for row in page.tables["corner_table"] for cell in row[::3] if cell}
    assert 8 <= len(numbers) <= 60
    assert all(number[0] == "J" for number in numbers)


def test_both_grids_tell_the_frame_in_degrees_and_in_metres_of_the_zone(qgis, tmp_path, looked_at):
    export(tmp_path, site_ids=["plot"])
    (page,) = looked_at
    assert page.grids["degrees"] * 3600 == pytest.approx(round(page.grids["degrees"] * 3600))
    assert page.grids["metres"] in (10, 20, 50, 100, 200, 500, 1000)


@pytest.mark.parametrize("sheet", ["a4_portrait", "a3_landscape", "a3_portrait"])
def test_every_sheet_holds_the_maps(qgis, tmp_path, told, sheet):
    maps = ("overview", "bank_distance", "location")
    export(tmp_path, site_ids=["plot"], templates=maps, sheet_id=sheet, told=told.append)
    assert [(result.template, result.state) for result in told] == [(id_, "drawn") for id_ in maps]


def broken(monkeypatch, change):
    """Spoil each page after it was composed."""
    from ecoredline.processing.maps import batch

    real = batch.compose

    def spoiled(*args):
        page = real(*args)
        change(page)
        return page

    monkeypatch.setattr(batch, "compose", spoiled)


def hide(id_):
    return lambda page: page.layout.itemById(id_).setVisibility(False)


def say(id_, text):
    return lambda page: page.layout.itemById(id_).setText(text)


def move(id_, x, y, w, h):
    from qgis.PyQt.QtCore import QRectF

    return lambda page: page.layout.itemById(id_).attemptSetSceneRect(QRectF(x, y, w, h))


def elsewhere(page):
    from qgis.core import QgsRectangle

    page.layout.itemById("map").setExtent(QgsRectangle(0, 3_000_000, 1880, 3_001_340))


def no_layers(page):
    page.layout.itemById("map").setLayers([layer for layer in page.layers if layer.name() in ("项目地块", "界址点")])


def unlabelled(page):
    for layer in page.layers:
        if layer.name() == "最短距离":
            layer.setLabelsEnabled(False)


def colliding(page):
    """Set a label twice at one place."""
    from ecoredline.processing.maps.catalogue import STYLES
    from ecoredline.processing.maps.layers_for_map import MapLayer
    from ecoredline.processing.maps.own_layers import styled
    from qgis.core import Qgis

    twin = gpd.GeoDataFrame({"name": ["甲甲甲甲甲甲", "乙乙乙乙乙乙"]}, geometry=[page.site.centroid] * 2, crs=4490)
    layer = styled(page.project, MapLayer("", "point", "界址点", twin, STYLES / "corners.qml"), page.job.family)
    labeling = layer.labeling().clone()
    settings = labeling.settings()
    placement = settings.placementSettings()
    placement.setOverlapHandling(Qgis.LabelOverlapHandling.AllowOverlapAtNoCost)
    settings.setPlacementSettings(placement)
    labeling.setSettings(settings)
    layer.setLabeling(labeling)
    view = page.layout.itemById("map")
    view.setLayers([layer, *view.layers()])


FAULTS = {
    "missing_item": lambda: hide("north"),
    "wrong_text": lambda: say("seal", "数据校验码"),
    "cut_text": lambda: say("subject", "很长的说明" * 12),
    "missing_glyph": lambda: say("maker", "制图单位：\U0001f3ed"),
    "overlap": lambda: move("dates", 112, 167.5, 98, 5),
    "outside_page": lambda: move("maker", 240, 167.5, 98, 4),
    "table_cut": lambda: move("corner_table", 214, 150, 72, 8),
    "legend_lacks": lambda: lambda page: page.layout.itemById("legend").model().rootGroup().removeAllChildren(),
    "site_outside": lambda: elsewhere,
    "wrong_scale": lambda: say("scale", "比例尺 1:3"),
    "empty_map": lambda: no_layers,
    "label_missing": lambda: unlabelled,
    "label_overlap": lambda: colliding,
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_is_named_and_written_across_the_page(qgis, tmp_path, told, looked_at, monkeypatch, code):
    broken(monkeypatch, FAULTS[code]())
    (path,) = export(tmp_path, site_ids=["point" if code == "label_missing" else "plot"], told=told.append)
    (result,) = told
    assert result.state == "marked"
    assert code in {issue.code for issue in result.issues}
    assert "warning" not in looked_at[0].texts
    assert looked_at[-1].texts["warning"].startswith("图件自检发现问题")
    assert path.stat().st_size == result.size
    (row,) = json.loads((tmp_path / "map_check.json").read_text("utf-8"))["pages"]
    assert row["state"] == "marked"
    assert code in {issue["code"] for issue in row["issues"]}


def test_a_scale_that_nobody_can_read_is_marked(qgis, tmp_path, told):
    export(tmp_path, site_ids=["tiny"], scale=100, told=told.append)
    assert "unreadable_scale" in {issue.code for issue in told[0].issues}


def test_a_site_too_large_for_a_fixed_scale_is_refused_by_name(qgis, tmp_path, told):
    from ecoredline.processing.maps.errors import MapError

    with pytest.raises(MapError, match="line-overview"):
        export(tmp_path, site_ids=["line"], scale=5000, told=told.append)
    assert told[0].state == "failed"
    assert "1:" in told[0].issues[0].text.zh


def test_the_check_of_a_pdf_reads_fonts_pages_and_paths(tmp_path):
    from ecoredline.processing.maps.check_file import check_pdf, check_png

    good = b"/Type /Page\n/FontName /AAAAAA+NotoSansCJKsc-Regular /FontFile3 1 0 R"
    cases = {
        b"": set(),
        b"/FontName /BBBBBB+NotoColorEmoji": {"font"},
        b"/FontName /BBBBBB+NotoSansCJKjp-Regular": {"font"},
        b"/Type /Page\n": {"pages"},
        b"/Subtype /Image": {"raster"},
        "/srv/data/红线".encode("utf-16-be"): {"path"},
    }
    path = tmp_path / "x.pdf"
    for more, codes in cases.items():
        path.write_bytes(good + more)
        assert {issue.code for issue in check_pdf(path, "Noto Sans CJK SC", ["/srv/data/红线"])} == codes, more
    path.write_bytes(b"\x89PNG\r\n\x1a\n cut")
    assert {issue.code for issue in check_png(path, (297, 210), 100)} == {"png"}


def test_a_page_and_its_metadata_name_no_path_of_the_office(qgis, tmp_path):
    (path,) = export(tmp_path / "机密目录", site_ids=["plot"])
    content = path.read_bytes()
    for words in ("机密目录", str(tmp_path)):
        assert not any(words.encode(code) in content for code in ("utf-8", "utf-16-be"))
    assert "机密目录" not in (path.parent / "map_check.json").read_text("utf-8")


def test_with_secrecy_no_map_shows_a_controlled_feature_beyond_the_site(qgis, tmp_path, looked_at):
    from ecoredline.layers.role import role

    export(tmp_path, site_ids=["plot", "point"], templates=("red_line", "control_unit", "location"), secrecy=True)
    for page in looked_at:
        site = page.shapes["项目地块"].buffer(1e-9)
        for name in ("生态保护红线", "环境管控单元"):
            assert name not in page.shapes or page.shapes[name].within(site)
        words = "".join(cell for row in page.tables["relation_table"] for cell in row)
        assert "甲" not in words
    assert role("red_line").controlled


def test_a_layer_that_is_not_held_reads_as_not_checked(qgis, tmp_path, looked_at):
    export(tmp_path, site_ids=["plot"], templates=("protected",))
    assert "未核查" in "".join(cell for row in looked_at[0].tables["relation_table"] for cell in row)


@pytest.mark.parametrize(("gap_mm", "drawn"), [(8.5, 1), (9.5, 2)])
def test_lengths_that_would_print_over_each_other_are_drawn_once(qgis, gap_mm, drawn):
    from ecoredline.processing.maps.extent import Frame, unproject
    from ecoredline.processing.maps.own_layers import _apart

    frame = Frame(4544, 105, (600_000.0, 3_250_000.0, 601_000.0, 3_251_000.0), 10_000)
    lines = [LineString([(600_100 + x, 3_250_100), (600_100 + x, 3_250_500)]) for x in (0, gap_mm * 10)]
    table = gpd.GeoDataFrame({"name": ["近", "远"]}, geometry=[unproject(line, 4544) for line in lines], crs=4490)
    assert list(_apart(table, frame)["name"]) == ["近", "远"][:drawn]

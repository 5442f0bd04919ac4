"""Pages: what they say and show, what they refuse, what they leave behind."""

from __future__ import annotations

import gc
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pytest
import shapely
from ecoredline.layers.texts import Text
from ecoredline.processing.engine.words import DISCLAIMER, NEVER_SAID
from ecoredline.processing.maps.errors import MapError
from qgis_maps import BANK, LONG_NAME, RED, SEAL, SITES, district, export, run
from shapely.geometry import box


def test_a_pdf_embeds_the_simplified_chinese_font_alone_and_holds_no_picture(qgis, tmp_path):
    (path,) = export(tmp_path, site_ids=["plot"])
    assert path == tmp_path / "plot-overview.pdf"
    content = path.read_bytes()
    fonts = set(re.findall(rb"/FontName /(?:[A-Z]{6}\+)?([\w-]+)", content))
    assert fonts
    assert all(re.search(rb"CJKsc|YaHei|PingFang|SimHei", font) for font in fonts)
    assert b"/FontFile" in content
    assert b"/Subtype /Image" not in content
    assert content.count(b"/Type /Page\n") == 1


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_the_text_of_a_pdf_can_be_searched(qgis, tmp_path):
    (path,) = export(tmp_path, site_ids=["plot"])
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, text=True).stdout
    title = "虚构项目综合叠加图"
    for words in (title, SEAL, DISCLAIMER, "触及禁止，例外待核", "比例尺 1:", "EPSG:4544", "106°24′00″E"):
        assert words in text


def test_a_page_says_all_that_a_map_must(qgis, tmp_path, looked_at):
    export(tmp_path, site_ids=["plot"])
    (page,) = looked_at
    assert page.texts["title"] == "虚构项目综合叠加图"
    assert page.texts["verdict"] == "■ 触及禁止，例外待核"
    assert "触及禁止 2 条" in page.texts["verdict_detail"]
    assert page.texts["seal"].endswith(SEAL)
    assert page.texts["disclaimer"] == DISCLAIMER
    assert f"1:{round(page.scale):,}".replace(",", " ") in page.texts["scale"]
    assert "2026-11-01" in page.texts["dates"]
    assert date.today().isoformat() in page.texts["dates"]
    assert "EPSG:4544" in page.texts["sources"]
    assert "生态保护红线 2024-03-19" in page.texts["sources"]
    assert "示范区（虚构）" in page.texts["inset_title"]
    said = "".join(text for id_, text in page.texts.items() if id_ != "disclaimer")
    assert not [word for word in NEVER_SAID if word in said]
    lowest = max(page.rects, key=lambda id_: page.rects[id_].bottom() if id_ != "neatline" else 0)
    assert lowest == "disclaimer"


def test_the_legend_lists_what_is_seen_and_nothing_else(qgis, tmp_path, looked_at):
    export(tmp_path, site_ids=["plot"])
    (page,) = looked_at
    assert page.legend == [
        "界址点", "最短距离", "项目地块（触及禁止）", "规定距离范围线", "干流岸线", "生态保护红线", "优先保护单元",
    ]  # fmt: skip
    box_ = page.rects["legend"]
    assert page.rects["panel_1"].adjusted(-0.5, -0.5, 0.5, 0.5).contains(box_)
    assert page.rects["legend_title"].bottom() <= box_.top() + 0.01
    assert box_.bottom() <= page.rects["corner_title"].top() + 0.01


def test_a_legend_keeps_its_width_when_it_is_printed(qgis, tmp_path, monkeypatch):
    """Print rounds the widths of letters: what fits when it is measured in rough may not fit on the page."""
    from ecoredline.processing.maps import batch
    from ecoredline.processing.maps.errors import NoRoomError
    from ecoredline.processing.maps.legend import fill_legend
    from ecoredline.processing.maps.memory import to_layer

    names = ("饮用水水源二级保护区", "环境要素管控分区", "岸线控制利用区", "规定距离范围线")
    plot = gpd.GeoDataFrame(geometry=[SITES["plot"][0]], crs=4490)
    real = batch.write_page
    wider = []

    def spy(layout, path, *rest):
        layers = [to_layer(plot, "polygon", names[n % len(names)]) for n in range(28)]
        layout.project().addMapLayers(layers, False)
        layout.itemById("map").setLayers([])
        for width in (56.0, 57.0, 58.0, 59.0, 60.0, 91.0, 92.0, 93.0):
            try:
                fill_legend(layout, layers, "Noto Sans CJK SC", width, [46.0])
            except NoRoomError:
                continue
            real(layout, path, *rest)
            wider.append(layout.itemById("legend").rect().width() - width)
        raise MapError(Text("够了", "enough"))

    monkeypatch.setattr(batch, "write_page", spy)
    with pytest.raises(MapError):
        export(tmp_path, site_ids=["plot"])
    assert len(wider) >= 4
    assert max(wider) <= 0


@pytest.mark.parametrize("site_id", SITES)
def test_every_kind_of_site_lies_in_its_frame_at_a_round_scale(qgis, tmp_path, looked_at, site_id):
    from ecoredline.processing.maps.scale import SCALES

    export(tmp_path, site_ids=[site_id])
    (page,) = looked_at
    assert min(abs(page.scale / scale - 1) for scale in SCALES) < 1e-6
    assert "生态保护红线" in page.names
    shape = SITES[site_id][0]
    assert page.shapes["项目地块"].buffer(1e-9).contains(shape)
    assert ("项目地块位置" in page.names) == (site_id in ("tiny", "point"))


def test_the_shortest_line_and_the_limit_are_drawn(qgis, tmp_path, looked_at):
    export(tmp_path, site_ids=["point"])
    (page,) = looked_at
    lines = {tuple(round(c, 6) for c in xy) for xy in shapely.get_coordinates(page.shapes["最短距离"])}
    assert (106.405, 29.409) in lines
    assert (106.405, 29.4) in lines
    assert page.shapes["规定距离范围线"].distance(BANK) * 110_850 == pytest.approx(1000, abs=2)


def test_a_long_name_with_marks_is_printed_whole(qgis, tmp_path, looked_at):
    export(tmp_path, site_ids=["point"])
    (page,) = looked_at
    assert page.texts["title"].replace("\n", "").replace(" ", "") == (LONG_NAME + "综合叠加图").replace(" ", "")
    assert page.texts["title"].count("\n") == 1


def test_a_name_is_never_evaluated_and_never_leaves_the_folder(qgis, tmp_path, looked_at):
    (path,) = export(tmp_path / "out", site_ids=["a/b"])
    assert path.parent == tmp_path / "out"
    assert "env('PATH')" in looked_at[0].texts["title"]
    assert "[%" not in looked_at[0].texts["title"]


def test_with_secrecy_controlled_layers_show_their_overlap_alone(qgis, tmp_path, looked_at):
    export(tmp_path, site_ids=["plot", "point"], secrecy=True)
    plot, point = looked_at
    assert plot.shapes["生态保护红线"].within(SITES["plot"][0].buffer(1e-9))
    assert "受控图层" in plot.texts["sources"]
    assert "生态保护红线" not in point.names
    ends = shapely.get_coordinates(point.shapes["最短距离"])
    assert min(shapely.distance(shapely.points(ends), RED)) > 1e-4


def test_a_png_has_the_size_that_was_asked_for(qgis, tmp_path):
    from qgis.PyQt.QtGui import QImage

    (path,) = export(tmp_path, site_ids=["plot"], format="png", dpi=60)
    image = QImage(str(path))
    assert image.width() == pytest.approx(297 / 25.4 * 60, abs=1)
    assert image.height() == pytest.approx(210 / 25.4 * 60, abs=1)
    assert image.pixelColor(150, 150) != image.pixelColor(3, 3)


def test_an_empty_map_is_refused_by_name_and_the_others_are_written(qgis, tmp_path):
    far = {"far": (box(110, 35, 110.001, 35.001), "远"), "plot": SITES["plot"]}
    screening = run(sites=far)
    screening.findings = screening.findings[screening.findings["site_id"] != "far"]
    screening.facts = screening.facts[screening.facts["site_id"] != "far"]
    stale = tmp_path / "far-overview.pdf"
    stale.write_text("old")
    with pytest.raises(MapError, match="far-overview"):
        export(tmp_path, screening=screening)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["map_check.json", "plot-overview.pdf"]


@pytest.mark.parametrize(
    "asked",
    [
        {"templates": ("no such",)},
        {"format": "svg"},
        {"site_ids": ["no such"]},
        {"sheet_id": "a5"},
        {"scale": -1},
    ],
    ids=["template", "format", "site", "sheet", "scale"],
)
def test_what_does_not_exist_is_refused(qgis, tmp_path, asked):
    with pytest.raises(MapError) as caught:
        export(tmp_path / "out", **asked)
    assert caught.value.remedy.zh
    assert not (tmp_path / "out").exists()


def test_a_layer_set_other_than_that_of_the_run_is_refused_before_anything_is_written(qgis, tmp_path):
    other = district()
    newer = replace(other.sources[2], vintage=date(2025, 1, 1))
    other = replace(other, sources=(*other.sources[:2], newer, *other.sources[3:]))
    with pytest.raises(MapError, match="2025-01-01"):
        export(tmp_path / "out", layer_set=other)
    assert not (tmp_path / "out").exists()
    export(tmp_path / "out", layer_set=other, screening=run(layer_set=other), site_ids=["plot"])
    assert (tmp_path / "out" / "plot-overview.pdf").exists()


def test_a_cancel_leaves_only_whole_pages(qgis, tmp_path):
    from ecoredline.layers.errors import Cancelled
    from ecoredline.layers.progress import Progress
    from ecoredline.processing.maps.results import JOURNAL

    asked = []
    with pytest.raises(Cancelled):
        export(
            tmp_path, site_ids=["plot", "tiny"], progress=Progress(cancelled=lambda: asked.append(1) or len(asked) > 8)
        )
    assert not [
        path for path in tmp_path.iterdir() if path.name not in ("plot-overview.pdf", "tiny-overview.pdf", JOURNAL)
    ]


def test_nothing_of_qgis_outlives_the_run(qgis, tmp_path, monkeypatch):
    from ecoredline.processing.maps import batch
    from qgis.core import QgsLayout, QgsProject, QgsVectorLayer
    from qgis.PyQt import sip

    items = []
    real = batch.write_page

    def spy(layout, *rest):
        items.extend(layout.itemById(id_) for id_ in ("map", "title", "legend", "corner_table"))
        return real(layout, *rest)

    monkeypatch.setattr(batch, "write_page", spy)

    def alive():
        gc.collect()
        return [o for o in gc.get_objects() if isinstance(o, (QgsVectorLayer, QgsLayout))]

    others = alive()  # layers of other tests that something in this process still holds are no concern of the maps
    before = set(QgsProject.instance().mapLayers())
    export(tmp_path, site_ids=["plot"])
    assert len(items) == 4
    assert all(sip.isdeleted(item) for item in items)
    items.clear()
    assert not [o for o in alive() if not any(o is other for other in others)]
    assert set(QgsProject.instance().mapLayers()) == before


def test_without_a_chinese_font_nothing_is_drawn(qgis, tmp_path, monkeypatch):
    from ecoredline.processing.maps import fonts

    monkeypatch.setattr(fonts, "FAMILIES", ("No Such Family",))
    with pytest.raises(MapError) as caught:
        export(tmp_path / "out")
    assert "fonts-noto-cjk" in caught.value.remedy.en

"""Runs of many pages: bound into one file, stopped and gone on with, and told in a table."""

from __future__ import annotations

import json
import re

import pytest
from qgis_maps import SITES, export, run

JOURNAL = ".maps-run.jsonl"


@pytest.fixture
def drawn(monkeypatch):
    """Collect the pages that are really drawn."""
    from ecoredline.processing.maps import batch

    pages = []
    real = batch.compose

    def spy(job, template, site_id, *rest):
        pages.append((site_id, template.id))
        return real(job, template, site_id, *rest)

    monkeypatch.setattr(batch, "compose", spy)
    return pages


def stopped_after(pages: int):
    """Return a progress that is cancelled after so many pages were begun."""
    from ecoredline.layers.progress import Progress

    begun = []

    def report(share, text):
        if text is not None and text.zh.startswith("绘制"):
            begun.append(text)

    return Progress(report, lambda: len(begun) >= pages)


def test_a_stopped_run_goes_on_where_it_was_and_a_finished_one_starts_anew(qgis, tmp_path, drawn):
    from ecoredline.layers.errors import Cancelled

    asked = {"site_ids": ["plot", "point"], "format": "png", "dpi": 60, "templates": ("overview", "location")}
    with pytest.raises(Cancelled):
        export(tmp_path, progress=stopped_after(2), **asked)
    first = list(drawn)
    assert 1 <= len(first) <= 2
    assert (tmp_path / JOURNAL).exists()
    with (tmp_path / JOURNAL).open("a", encoding="utf-8") as file:
        file.write('{"site_id": "cut in the mid')
    written = export(tmp_path, **asked)
    assert len(written) == 4
    assert len(drawn) <= 5
    assert not (tmp_path / JOURNAL).exists()
    rows = json.loads((tmp_path / "map_check.json").read_text("utf-8"))["pages"]
    assert [(row["site_id"], row["template"]) for row in rows] == [
        (site_id, id_) for site_id in asked["site_ids"] for id_ in asked["templates"]
    ]
    drawn.clear()
    export(tmp_path, **asked)
    assert len(drawn) == 4


def test_the_table_keeps_the_pages_that_still_lie_beside_it(qgis, tmp_path):
    small = {"format": "png", "dpi": 60}
    export(tmp_path, site_ids=["plot", "point"], **small)
    (tmp_path / "point-overview.png").unlink()
    export(tmp_path, site_ids=["tiny"], **small)
    rows = json.loads((tmp_path / "map_check.json").read_text("utf-8"))["pages"]
    assert [row["file"] for row in rows] == ["plot-overview.png", "tiny-overview.png"]


@pytest.mark.parametrize("change", ["dpi", "seal", "file"])
def test_what_a_stopped_run_left_is_not_taken_for_another_run(qgis, tmp_path, drawn, change):
    from ecoredline.layers.errors import Cancelled

    asked = {"site_ids": ["plot", "point"], "format": "png", "dpi": 60}
    with pytest.raises(Cancelled):
        export(tmp_path, progress=stopped_after(2), **asked)
    drawn.clear()
    again = run()
    if change == "dpi":
        asked["dpi"] = 61
    elif change == "seal":
        again.seal.number = "0000-0000-0000-0000"
    else:
        (tmp_path / "plot-overview.png").write_bytes(b"another")
    export(tmp_path, screening=again, **asked)
    assert ("plot", "overview") in drawn


def test_an_atlas_is_one_pdf_with_bookmarks_in_order(qgis, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    (path,) = export(tmp_path, site_ids=["plot", "point"], templates=("overview", "bank_distance"), format="atlas")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["atlas.pdf", "map_check.json"]
    reader = pypdf.PdfReader(path)
    assert len(reader.pages) == 4
    titles = [entry.title for entry in reader.outline]
    assert titles[:2] == ["plot 综合叠加图", "plot 与长江岸线 1 km/3 km 位置关系图"]
    assert "虚构项目综合叠加图" in reader.pages[0].extract_text().replace("\n", "")
    assert str(tmp_path) not in str(reader.metadata)
    content = path.read_bytes()
    fonts = set(re.findall(rb"/FontName /(?:[A-Z]{6}\+)?([\w-]+)", content))
    assert fonts
    assert all(b"CJKsc" in font or b"YaHei" in font for font in fonts)
    assert b"/Subtype /Image" not in content


def test_a_large_atlas_comes_in_volumes(qgis, tmp_path, monkeypatch):
    pypdf = pytest.importorskip("pypdf")
    from ecoredline.processing.maps import atlas

    monkeypatch.setattr(atlas, "VOLUME", 2)
    paths = export(tmp_path, site_ids=["plot", "tiny", "point"], format="atlas")
    assert [path.name for path in paths] == ["atlas-1.pdf", "atlas-2.pdf"]
    assert [len(pypdf.PdfReader(path).pages) for path in paths] == [2, 1]


def test_without_pypdf_an_atlas_is_refused_with_its_name(qgis, tmp_path, monkeypatch):
    import sys

    from ecoredline.layers.errors import MissingLibraryError

    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(MissingLibraryError, match="pypdf"):
        export(tmp_path / "out", site_ids=["plot"], format="atlas")
    assert not (tmp_path / "out").exists()


def test_the_algorithm_takes_sheet_scale_maker_and_sites(qgis, provider, feedback, tmp_path, monkeypatch):
    from ecoredline.layers import layerset
    from ecoredline.processing import engine
    from qgis.core import QgsProcessingContext
    from qgis_maps import district

    screening = run()
    monkeypatch.setattr(engine, "open_dossier", lambda folder: screening)
    monkeypatch.setattr(layerset, "load", lambda path: district())
    (tmp_path / "l.toml").write_text("", "utf-8")
    asked = {"DOSSIER": str(tmp_path), "LAYER_SET": str(tmp_path / "l.toml"), "FOLDER": str(tmp_path / "out")}
    asked |= {"TEMPLATES": ["red_line"], "FORMAT": "png", "DPI": 60, "SHEET": "a3_portrait", "SCALE": 5000}
    asked |= {"MAKER": "某院", "SITES": "plot; point"}
    algorithm = provider.algorithm("exportmaps").create()
    assert algorithm.processAlgorithm(asked, QgsProcessingContext(), feedback) == {"FOLDER": str(tmp_path / "out")}
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["map_check.json", "plot-red_line.png", "point-red_line.png"]
    told = json.loads((tmp_path / "out" / "map_check.json").read_text("utf-8"))
    assert told["sheet"] == "a3_portrait"
    assert {page["scale"] for page in told["pages"]} == {5000}
    assert len(SITES) > 2

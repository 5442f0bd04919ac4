"""Rasters inside the executable of QGIS, on the sample: the red line watched, and sheets of before and after."""

from __future__ import annotations

import subprocess
import unicodedata

import geopandas
import pytest

pytest.importorskip("rasterio")


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    from ecoredline.layers.sample import make

    return make(tmp_path_factory.mktemp("sample"))


def test_patches_are_written_for_verification(run, sample, tmp_path):
    out = tmp_path / "图斑.gpkg"
    done = run("watchredline", LAYER_SET=sample.layer_set, IMAGES=sample.rasters.images, MIN_AREA=1000, PATCHES=out)
    assert done.returncode == 0, done.stdout + done.stderr
    patches = geopandas.read_file(out)
    assert patches["status"].tolist() == ["待核查"] * 3 and (patches["area_m2"] > 1000).all()
    assert (patches["role"] == "red_line").all()
    assert "未作比较" in done.stdout or "not compared" in done.stdout


def test_a_missing_image_is_named_and_nothing_is_left(run, sample, tmp_path):
    images = tmp_path / "images.toml"
    images.write_text(
        "".join(f'[[image]]\ndate = 202{n}-07-01\nred = "gone.tif"\nnir = "gone.tif"\n' for n in (3, 6)),
        encoding="utf-8",
    )
    done = run("watchredline", LAYER_SET=sample.layer_set, IMAGES=images, PATCHES=tmp_path / "x.gpkg")
    assert done.returncode != 0 and "gone.tif" in done.stdout + done.stderr
    assert [entry.name for entry in tmp_path.iterdir()] == ["images.toml"]


def test_sheets_of_before_and_after_with_their_table(run, sample, tmp_path):
    sheets, table = tmp_path / "对比表.docx", tmp_path / "数据.gpkg"
    done = run(
        "exportproof", SITES=sample.restoration, IMAGES=sample.rasters.images, DEM=sample.rasters.dem,
        SHEETS=sheets, ACCEPTANCE=table, PDF=tmp_path / "对比表.pdf",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    figures = geopandas.read_file(table).set_index("site_id")
    assert len(figures) == 15 and figures.loc["XF-04", "fvc_change"] > 0.4 > figures.loc["XF-01", "fvc_change"]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["对比表.docx", "对比表.pdf", "数据.gpkg"]
    told = subprocess.run(["pdftotext", tmp_path / "对比表.pdf", "-"], capture_output=True, text=True, check=True)
    # Fonts of Chinese give some characters back as their look-alikes among the radicals.
    text = unicodedata.normalize("NFKC", told.stdout)
    assert text.count("\f") == 16, "a page per area and one of notes"
    assert text.count("2020-07-18") >= 30 and text.count("不能说明") >= 15 and "虚构西山北岭石灰石矿" in text
    docx = pytest.importorskip("docx")
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(sheets)).paragraphs)
    assert "XF-04　虚构北城页岩矿" in text and text.count("不能说明：") == 15

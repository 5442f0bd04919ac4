"""Before and after: figures, pictures and sentences of areas made by hand, and the Word page of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from ecoredline.layers.errors import SourceError
from ecoredline.processing.engine.restoration import tables
from ecoredline.processing.engine.restoration.pictures import GAIN_COLOUR, LOSS_COLOUR, SIDE, Frame, histogram_picture
from ecoredline.processing.engine.restoration.proof import Proof, acceptance, proofs
from ecoredline.processing.engine.restoration.statements import limits, statement
from ecoredline.processing.engine.words import DISCLAIMER, NEVER_SAID
from ecoredline.processing.report.png import png
from ecoredline.processing.report.restoration_html import notes_html, page_html
from ecoredline.processing.report.restoration_page import TITLE, page_of
from ecoredline.processing.report.restoration_sheet import write_sheets
from small_rasters import Maker, areas

WEST, NORTH, N, CELL = 500_000.0, 3_260_000.0, 120, 10.0
Images = list[tuple[str, tuple[str, int], tuple[str, int]]]


def box(left: int, top: int, right: int, bottom: int) -> tuple[float, float, float, float]:
    return WEST + left * CELL, NORTH - bottom * CELL, WEST + right * CELL, NORTH - top * CELL


def made(where: gpd.GeoDataFrame, images: Images, ends: tuple[float, float] | None = None) -> Iterator[Proof]:
    return proofs(where, images, acceptance(where, images, ends=ends), ends)


@pytest.fixture
def images(raster: Maker) -> Images:
    """Grass at 0.6 all over; the area from (40, 40) to (60, 60) is bare and recovers in its upper half."""
    out = []
    for day, low, up in (("2020-07-01", 0.1, 0.1), ("2023-07-01", 0.1, 0.3), ("2026-07-01", 0.1, 0.5)):
        ndvi = 0.6 + np.random.default_rng(int(day[:4])).normal(0, 0.005, (N, N))
        ndvi[40:60, 40:60], ndvi[40:50, 40:60] = low, up
        path = raster(day, np.stack((1 - ndvi, 1 + ndvi)))
        out.append((day, (path, 1), (path, 2)))
    return out


def test_the_figures_by_hand(images: Images) -> None:
    where = areas(box(40, 40, 60, 60), box(200, 200, 220, 220))
    table = acceptance(where, images, ends=(0.1, 0.6))
    assert table.columns.tolist() == tables.ACCEPTANCE.names
    row = table.iloc[0]
    assert row["area_m2"] == pytest.approx(40_000 / 0.9996**2, rel=1e-3)
    assert (row["date_from"], row["date_to"]) == ("2020-07-01", "2026-07-01")
    assert row["fvc_from"] == pytest.approx(0.0, abs=1e-9) and row["fvc_to"] == pytest.approx(0.4)
    assert row["fvc_change"] == pytest.approx(0.4) and row["gain_share"] == pytest.approx(0.5)
    assert row["loss_share"] == 0.0 and row["covered_share"] == pytest.approx(1.0)
    assert row["fvc_trend"] == pytest.approx(0.4 / 6, rel=1e-3)
    assert row["fvc_around"] == pytest.approx(1.0, abs=0.02)
    outside = table.iloc[1]
    assert outside["covered_share"] == 0.0 and "没有可比的数据" in outside["says"]


def test_the_surroundings_leave_other_areas_out(images: Images) -> None:
    """A neighbour that is bare does not lower the value to compare with."""
    table = acceptance(areas(box(61, 40, 75, 60), box(40, 40, 60, 60)), images, ends=(0.1, 0.6))
    assert table.iloc[0]["fvc_around"] == pytest.approx(1.0, abs=0.02)


def test_pictures_histogram_and_classes(images: Images) -> None:
    (proof,) = made(areas(box(40, 40, 60, 60)), images, (0.1, 0.6))
    assert proof.before is not None and proof.change is not None and proof.after is not None
    assert proof.before.shape == proof.after.shape == proof.change.shape
    times = proof.change.shape[0] // 36  # 20 cells and 8 around on each side
    middle = proof.change[18 * times - 5 * times, 18 * times]
    assert tuple(middle) == GAIN_COLOUR
    assert not (proof.change == LOSS_COLOUR).all(axis=2)[9 * times : 27 * times, 9 * times : 27 * times].any()
    green = (proof.change == GAIN_COLOUR).all(axis=2).sum() / times**2
    assert green == pytest.approx(200, rel=0.12), "ten rows of twenty cells, less the boundary"
    assert proof.histogram[0].tolist() == pytest.approx([1.0, *[0.0] * 19])
    assert proof.histogram[1][0] == pytest.approx(0.5) and proof.histogram.sum(axis=1) == pytest.approx([1.0, 1.0])
    classes = proof.classes.set_index("class")
    assert classes["area_from_m2"].sum() == pytest.approx(40_000, rel=2e-3)
    assert classes.loc["<30", "area_to_m2"] == pytest.approx(20_000, rel=2e-3)
    assert proof.trend["fvc_mean"].round(3).tolist() == [0.0, 0.2, 0.4]


def test_what_the_image_does_not_show_has_no_picture(images: Images) -> None:
    near, far = made(areas(box(115, 40, 140, 60), box(400, 400, 420, 420)), images, (0.1, 0.6))
    assert near.before is not None and near.figures["covered_share"] == pytest.approx(0.2)
    assert "不足一半" in near.says.zh
    assert far.before is None and np.isnan(far.histogram).all()


def _row(**changes: float) -> dict[str, object]:
    base = {"date_from": "2020", "date_to": "2024", "fvc_from": 0.1, "fvc_to": 0.5, "fvc_change": 0.4,
            "gain_share": 0.9, "loss_share": 0.0, "covered_share": 1.0, "fvc_around": 0.6}  # fmt: skip
    return base | changes


def test_sentences_say_what_is_unknown() -> None:
    assert "无法判断" in statement(_row(gain_share=np.nan)).zh
    assert "周边" not in statement(_row(fvc_around=np.nan)).zh
    assert "+0.0 个百分点" in statement(_row(fvc_change=-0.0001)).zh
    assert "不足一个像元" in limits(0.2, 100.0).zh and "10 米" in limits(50.0, 100.0).zh
    for text in (statement(_row()), limits(1.0, 1.0)):
        assert not [word for word in NEVER_SAID if word in text.zh]


def test_the_word_file_says_the_same_figures(images: Images, tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    where = areas(box(40, 40, 60, 60), box(400, 400, 420, 420))
    path = write_sheets(tmp_path / "对比表.docx", made(where, images, (0.1, 0.6)), {"a": "甲矿"}, [])
    document = docx.Document(str(path))
    text = "\n".join(p.text for p in document.paragraphs)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert text.count(TITLE) == 2 and "甲矿" in text and "影像未覆盖本地块" in text and DISCLAIMER in text
    assert "+40.0 个百分点" in cells and "50.0%" in cells and cells.count("无数据") > 5
    assert len(document.inline_shapes) == 4
    assert not [word for word in NEVER_SAID if word in (text + "".join(cells)).replace(DISCLAIMER, "")]
    assert [entry.name for entry in tmp_path.iterdir() if not re.match(r"20\d\d", entry.name)] == ["对比表.docx"]


def test_the_html_page_says_the_same_and_escapes(images: Images) -> None:
    (proof,) = made(areas(box(40, 40, 60, 60)), images, (0.1, 0.6))
    html = page_html(page_of(proof, "甲 <b>矿</b>"))
    assert "甲 &lt;b&gt;矿&lt;/b&gt;" in html and "+40.0 个百分点" in html and html.count("data:image/png") == 4
    assert "&gt;=75" in html and DISCLAIMER in notes_html([])


@pytest.mark.filterwarnings("ignore:Dataset has no geotransform")
def test_png_is_read_back(tmp_path: Path) -> None:
    import rasterio

    colours = histogram_picture(np.random.default_rng(1).random((2, 20)))
    (tmp_path / "h.png").write_bytes(png(colours))
    with rasterio.open(tmp_path / "h.png") as read:
        assert np.array_equal(np.moveaxis(read.read(), 0, -1), colours)


def test_landsat_zones_have_sheets_or_say_why_not() -> None:
    from small_rasters import DATA

    if not DATA.is_dir():
        pytest.skip("real data not at hand: shared/data/rasters")
    folder = DATA / "landsat_two_dates"
    zones = gpd.read_file(folder / "zones_utm18n.gpkg").rename(columns={"zid": "site_id"})
    images = [(day, folder / f"{name}3.tif", folder / f"{name}4.tif")
              for day, name in (("2001-07-01", "july"), ("2001-11-01", "nov"))]  # fmt: skip
    found = {proof.site_id: proof for proof in made(zones, images)}
    assert len(found) == 16 and found["fully_outside"].before is None
    assert found["with_hole"].before is not None and "不足一个像元" in found["sub_pixel_5m"].cannot.zh


@pytest.mark.parametrize("area", [(500, 500, 19_000, 9_000), (-5_000, 0, 9_000, 1), (0, -30_000, 2, 18_000)])
def test_a_large_area_is_shown_by_some_of_its_cells(area: tuple[int, int, int, int]) -> None:
    asked: list[int] = []

    def read(row: int, column: int, height: int, width: int) -> np.ndarray:
        asked.append(height * width)
        down, across = np.mgrid[row : row + height, column : column + width]
        return np.asarray(down * 100_000.0 + across)

    frame = Frame(shapely.box(*area), 20_000, 10_000)
    shown = frame.shown(read)
    assert max(asked) <= 20_000 and SIDE / 2 < max(shown.shape) < 2 * SIDE
    picture = frame.finished(np.zeros((*shown.shape, 3), dtype=np.uint8))
    assert picture.shape[:2] == shown.shape
    top, left = divmod(shown[0, 0], 100_000)
    assert frame.top <= top < frame.top + frame.step and frame.left <= left < frame.left + frame.step
    # The yellow line lies where the edges of the area are.
    on = np.argwhere((picture == (255, 230, 0)).all(axis=-1))
    if area[0] > 0:
        assert on[:, 1].min() * frame.step + frame.left == pytest.approx(area[0], abs=4 * frame.step)
        assert on[:, 0].max() * frame.step + frame.top == pytest.approx(area[3], abs=4 * frame.step)


def test_one_date_is_no_before_and_after(images: Images) -> None:
    with pytest.raises(SourceError, match="two dates"):
        acceptance(areas(box(40, 40, 60, 60)), images[:1])


def test_a_name_that_no_xml_can_hold_does_not_stop_the_sheets(images: Images, tmp_path: Path) -> None:
    where = areas(box(40, 40, 60, 60))
    write_sheets(tmp_path / "a.docx", made(where, images), {"a": "虚构\x0b矿\x00"}, [])
    assert (tmp_path / "a.docx").stat().st_size > 10_000

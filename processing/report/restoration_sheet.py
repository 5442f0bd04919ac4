"""修复前后对比表: a Word page per area with its two dates, change, classes, trend and what they can and cannot show."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...layers.files import whole_file
from ...layers.texts import Text
from ..engine.restoration.pictures import histogram_picture
from ..engine.restoration.proof import Proof
from ..engine.tables import ACCEPTANCE
from ..engine.words import DISCLAIMER
from .libraries import WORD, need
from .png import png
from .word_clean import clean

if TYPE_CHECKING:
    from docx.document import Document

TITLE = "生态修复前后对比表"
FIGURES = ("area_m2", "fvc_from", "fvc_to", "fvc_change", "gain_share", "loss_share", "covered_share", "fvc_trend",
           "fvc_around", "slope_mean", "slope_over25_share")  # fmt: skip
_SHARES = {"fvc_from", "fvc_to", "gain_share", "loss_share", "covered_share", "fvc_around", "slope_over25_share"}
_POINTS = {"fvc_change": "个百分点", "fvc_trend": "个百分点/年"}
_MARGIN_MM, _CHIP_MM, _BARS_MM = 18.0, 55.0, 120.0
_FONT, _EAST = "Times New Roman", "宋体"
_TRIED = ("红色为植物", "黄线为地块边界")


def write_sheets(path: Path, proofs: Iterable[Proof], names: dict[str, str], notes: Sequence[Text]) -> Path:
    """Write one Word file with a page per area.

    Parameters
    ----------
    path : Path
    proofs : iterable of Proof
        Taken one by one.
    names : dict of str to str
        Name of an area by its site_id.
    notes : sequence of Text
        What was assumed of the images; stands at the end.

    Raises
    ------
    MissingLibraryError
        python-docx is absent.
    DossierError
        The file cannot be written.
    """
    need(WORD, Text("输出修复前后对比表", "Writing sheets of before and after"))
    document = _document()
    for n, proof in enumerate(proofs):
        if n:
            document.add_page_break()
        _sheet(document, proof, names.get(proof.site_id, ""))
    _paragraph(document, "数据和方法", bold=True)
    for note in notes:
        _paragraph(document, f"· {note.zh}", size=9.0)
    _paragraph(document, DISCLAIMER, size=9.0)
    clean(document, TITLE, "")
    with whole_file(path) as part:
        document.save(str(part))
    return path


def _document() -> Document:
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(_MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(15)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _EAST)
    style.paragraph_format.space_after = Pt(3)
    return document


def _sheet(document: Document, proof: Proof, name: str) -> None:
    figures = proof.figures
    heading = f"{TITLE}　{proof.site_id}" + (f"　{name}" if name else "")
    _paragraph(document, heading, bold=True, size=14.0)
    if proof.before is None or proof.after is None or proof.change is None:
        _paragraph(document, "影像未覆盖本地块。")
    else:
        titles = (
            f"修复前 {figures['date_from']}",
            f"修复后 {figures['date_to']}",
            "变化（绿增、红减、灰无数据）",
        )
        _pictures(document, (proof.before, proof.after, proof.change), titles)
        _paragraph(document, f"前两幅为近红外假彩色，{'，'.join(_TRIED)}；两期亮度一致，上北下南。", size=9.0)
    _figures(document, figures)
    _classes(document, proof)
    if np.isfinite(proof.histogram).any():
        _picture(document.add_paragraph(), histogram_picture(proof.histogram), _BARS_MM)
        _paragraph(document, "植被覆盖度分布（横轴 0 至 100%，灰为修复前，绿为修复后）", size=9.0)
    _trend(document, proof)
    _paragraph(document, f"数据说明：{proof.says.zh}")
    _paragraph(document, f"不能说明：{proof.cannot.zh}")


def _paragraph(document: Document, text: str, bold: bool = False, size: float | None = None) -> None:
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(5)
    run = paragraph.add_run(text)
    run.bold = bold
    if size is not None:
        run.font.size = Pt(size)


def _pictures(document: Document, pictures: Sequence[Any], titles: Sequence[str]) -> None:
    table = document.add_table(rows=2, cols=len(pictures))
    for cell, picture in zip(table.rows[0].cells, pictures, strict=True):
        tall = picture.shape[0] > picture.shape[1]
        _picture(cell.paragraphs[0], picture, _CHIP_MM, tall)
    for cell, title in zip(table.rows[1].cells, titles, strict=True):
        _write(cell, title)


def _picture(paragraph: Any, picture: Any, size_mm: float, tall: bool = False) -> None:
    from docx.shared import Mm

    size = {"height": Mm(size_mm)} if tall else {"width": Mm(size_mm)}
    paragraph.add_run().add_picture(io.BytesIO(png(picture)), **size)


def _write(cell: Any, text: str) -> None:
    from docx.shared import Pt

    run = cell.paragraphs[0].add_run(text)
    run.font.size = Pt(9)
    cell.paragraphs[0].paragraph_format.space_after = Pt(0)


def _figures(document: Document, figures: dict[str, object]) -> None:
    """Write the figures of the acceptance table, two to a row."""
    table = document.add_table(rows=(len(FIGURES) + 1) // 2, cols=4, style="Table Grid")
    for n, name in enumerate(FIGURES):
        cells = table.rows[n // 2].cells
        _write(cells[2 * (n % 2)], ACCEPTANCE.column(name).heading.zh)
        _write(cells[2 * (n % 2) + 1], shown(name, figures[name]))


def shown(name: str, value: object) -> str:
    """Return a figure of the acceptance table as the page shows it."""
    number = float(value) if isinstance(value, int | float) else np.nan
    if not np.isfinite(number):
        return "无数据"
    if name in _SHARES:
        return f"{100 * number:.1f}%"
    if name in _POINTS:
        return f"{100 * number:+.1f} {_POINTS[name]}"
    return f"{number:,.1f} {ACCEPTANCE.column(name).unit}".replace(",", " ").strip()


def _classes(document: Document, proof: Proof) -> None:
    _paragraph(document, "各级植被覆盖度的面积（有数据部分，平方米）", size=9.0)
    kinds = proof.classes
    table = document.add_table(rows=3, cols=len(kinds) + 1, style="Table Grid")
    rows = (
        ("覆盖度（%）", kinds["class"]),
        (str(proof.figures["date_from"]), kinds["area_from_m2"]),
        (str(proof.figures["date_to"]), kinds["area_to_m2"]),
    )
    for row, (title, values) in zip(table.rows, rows, strict=True):
        _write(row.cells[0], title)
        for cell, value in zip(row.cells[1:], values, strict=True):
            _write(cell, value if isinstance(value, str) else f"{value:.0f}" if np.isfinite(value) else "无数据")


def _trend(document: Document, proof: Proof) -> None:
    _paragraph(document, "各时相平均植被覆盖度", size=9.0)
    trend = proof.trend
    table = document.add_table(rows=3, cols=len(trend) + 1, style="Table Grid")
    values = (("时相", trend["date"]), ("平均覆盖度", trend["fvc_mean"]), ("有数据面积比例", trend["covered_share"]))
    for row, (title, column) in zip(table.rows, values, strict=True):
        _write(row.cells[0], title)
        for cell, value in zip(row.cells[1:], column, strict=True):
            _write(cell, value if isinstance(value, str) else f"{100 * value:.1f}%" if np.isfinite(value) else "无数据")

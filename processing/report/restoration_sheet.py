"""修复前后对比表 in Word: a page per area with its two dates, change, classes, trend and what they can show."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...layers.files import whole_file
from ...layers.texts import Text
from ..engine.restoration.pictures import Picture
from ..engine.restoration.proof import Proof
from ..engine.words import DISCLAIMER
from .libraries import WORD, need
from .png import png
from .restoration_page import TITLE, Grid, Page, page_of
from .word_clean import clean

if TYPE_CHECKING:
    from docx.document import Document

_MARGIN_MM, _CHIP_MM, _BARS_MM = 18.0, 55.0, 120.0
_FONT, _EAST = "Times New Roman", "宋体"


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
        _sheet(document, page_of(proof, names.get(proof.site_id, "")))
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


def _sheet(document: Document, page: Page) -> None:
    _paragraph(document, page.heading, bold=True, size=14.0)
    if page.pictures:
        table = document.add_table(rows=2, cols=len(page.pictures))
        for n, (picture, caption) in enumerate(page.pictures):
            _picture(table.rows[0].cells[n].paragraphs[0], picture, _CHIP_MM, picture.shape[0] > picture.shape[1])
            _write(table.rows[1].cells[n], caption)
    _paragraph(document, page.legend, size=9.0)
    figures = document.add_table(rows=(len(page.figures) + 1) // 2, cols=4, style="Table Grid")
    for n, pair in enumerate(page.figures):
        for k, text in enumerate(pair):
            _write(figures.rows[n // 2].cells[2 * (n % 2) + k], text)
    _grid(document, page.classes)
    if page.bars is not None:
        _picture(document.add_paragraph(), page.bars, _BARS_MM)
        _paragraph(document, page.bars_title, size=9.0)
    _grid(document, page.trend)
    _paragraph(document, page.says)
    _paragraph(document, page.cannot)


def _paragraph(document: Document, text: str, bold: bool = False, size: float | None = None) -> None:
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(5)
    run = paragraph.add_run(text)
    run.bold = bold
    if size is not None:
        run.font.size = Pt(size)


def _picture(paragraph: Any, picture: Picture, size_mm: float, tall: bool = False) -> None:
    from docx.shared import Mm

    size = {"height": Mm(size_mm)} if tall else {"width": Mm(size_mm)}
    paragraph.add_run().add_picture(io.BytesIO(png(picture)), **size)


def _write(cell: Any, text: str) -> None:
    from docx.shared import Pt

    run = cell.paragraphs[0].add_run(text)
    run.font.size = Pt(9)
    cell.paragraphs[0].paragraph_format.space_after = Pt(0)


def _grid(document: Document, grid: Grid) -> None:
    _paragraph(document, grid.title, size=9.0)
    table = document.add_table(rows=len(grid.rows), cols=len(grid.rows[0]), style="Table Grid")
    for row, texts in zip(table.rows, grid.rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            _write(cell, text)

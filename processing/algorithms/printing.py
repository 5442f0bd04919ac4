"""HTML pages printed into one PDF by Qt's rich text."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from qgis.PyQt.QtCore import QMarginsF, QSizeF
from qgis.PyQt.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument

from ...layers.files import whole_file

DOTS_PER_INCH = 200
MARGIN_MM = 15.0


def print_pages(path: Path, pages: Iterable[str], title: str) -> Path:
    """Write a PDF in A4 with every HTML text on a page of its own, made as small as it takes to fit.

    Raises
    ------
    DossierError
        The file cannot be written.
    """
    with whole_file(path) as part:
        writer = QPdfWriter(str(part))
        writer.setTitle(title)
        writer.setCreator("EcoRedline")
        writer.setResolution(DOTS_PER_INCH)
        margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
        writer.setPageLayout(
            QPageLayout(
                QPageSize(QPageSize.PageSizeId.A4),
                QPageLayout.Orientation.Portrait,
                margins,
                QPageLayout.Unit.Millimeter,
            )
        )
        painter = QPainter(writer)
        try:
            for n, html in enumerate(pages):
                if n:
                    writer.newPage()
                _draw(painter, html, QSizeF(writer.width(), writer.height()))
        finally:
            # Qt goes down when what is painted on dies under an open painter, as on a cancel.
            painter.end()
    return path


def _draw(painter: QPainter, html: str, room: QSizeF) -> None:
    """Lay the text out at 96 dots per inch, as its pictures are measured, and scale it to the room."""
    scale = DOTS_PER_INCH / 96.0
    document = QTextDocument()
    document.setDocumentMargin(0)
    document.setHtml(html)
    document.setTextWidth(room.width() / scale)
    fit = min(1.0, room.height() / scale / max(document.size().height(), 1.0))
    painter.save()
    painter.scale(scale * fit, scale * fit)
    document.drawContents(painter)
    painter.restore()

"""Tables of a page: filled, in the font of the page, and as high as their rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from qgis.core import (
    QgsLayoutFrame,
    QgsLayoutItemManualTable,
    QgsLayoutTableColumn,
    QgsPrintLayout,
    QgsTableCell,
)
from qgis.PyQt.QtCore import QRectF, Qt

from .fonts import drawable, line_height_mm, text_width_mm, with_family
from .labels import wrap
from .sheet import item

_STEP_MM = 0.1
_TALL_MM = 400.0


def table_of(layout: QgsPrintLayout, id_: str) -> tuple[QgsLayoutFrame, QgsLayoutItemManualTable]:
    """Return a table with its frame.

    Raises
    ------
    MapError
        The sheet has none of that id.
    """
    frame = item(layout, id_)
    return frame, frame.multiFrame()


def row_height_mm(table: QgsLayoutItemManualTable, family: str) -> float:
    """Return the height of a row of one line, generously."""
    return line_height_mm(family, table.contentTextFormat().size()) + 2 * table.cellMargin() + table.gridStrokeWidth()


def fill_table(
    layout: QgsPrintLayout,
    id_: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths_mm: Sequence[float],
    family: str,
    right: Sequence[int] = (),
) -> float:
    """Fill a table, its texts broken into the width of their column, and return the height that it needs in mm.

    Parameters
    ----------
    id_ : str
        Of its frame.
    widths_mm : sequence of float
        Of the columns, with their margins.
    right : sequence of int
        The columns set flush right.
    """
    frame, table = table_of(layout, id_)
    text = with_family(table.contentTextFormat(), family)
    table.setContentTextFormat(text)
    table.setHeaderTextFormat(with_family(table.headerTextFormat(), family))
    margin = 2 * table.cellMargin() + table.gridStrokeWidth()
    measure = partial(text_width_mm, family=family, size_pt=text.size())
    columns = []
    for heading in headings:
        column = QgsLayoutTableColumn(heading)
        column.setHAlignment(Qt.AlignmentFlag.AlignHCenter)
        columns.append(column)
    table.setHeaders(columns)
    table.setIncludeTableHeader(True)
    cells = []
    for row in rows:
        line = []
        for number, (words, width) in enumerate(zip(row, widths_mm, strict=True)):
            cell = QgsTableCell("\n".join(wrap(drawable(words, family), width - margin, measure)))
            cell.setTextFormat(text)
            side = Qt.AlignmentFlag.AlignRight if number in right else Qt.AlignmentFlag.AlignLeft
            cell.setHorizontalAlignment(side)
            cell.setVerticalAlignment(Qt.AlignmentFlag.AlignVCenter)
            line.append(cell)
        cells.append(line)
    table.setTableContents(cells)
    table.setColumnWidths([width - margin for width in widths_mm])
    return _needed(frame, table, least_height_mm(table, family))


def least_height_mm(table: QgsLayoutItemManualTable, family: str) -> float:
    """Return the height of the headings and the first row, generously."""
    first = table.tableContents()[:1]
    lines = max((str(cell.content()).count("\n") + 1 for row in first for cell in row), default=0)
    own = row_height_mm(table, family)
    return own + (own + (lines - 1) * line_height_mm(family, table.contentTextFormat().size()) if lines else 0.0)


def rows_shown(frame: QgsLayoutFrame, table: QgsLayoutItemManualTable) -> bool:
    """Tell whether a table's frame, with room for one row at least, is high enough for all its rows."""
    table.recalculateTableSize()
    return bool(table.totalSize().height() <= frame.rect().height() + _STEP_MM / 10)


def _needed(frame: QgsLayoutFrame, table: QgsLayoutItemManualTable, low: float) -> float:
    """Return the least height, above a low one, of a frame that shows all rows.

    A layout tells only whether one more frame is needed, and nothing of a frame without room for one row.
    """
    high = _TALL_MM
    place = frame.mapRectToScene(frame.rect())
    while high - low > _STEP_MM / 2:
        middle = (low + high) / 2
        frame.attemptSetSceneRect(QRectF(place.x(), place.y(), place.width(), middle))
        if rows_shown(frame, table):
            high = middle
        else:
            low = middle
    return high + _STEP_MM

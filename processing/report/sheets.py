"""Writing one sheet of an Excel book: headings, widths, number formats, and text that stays text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import WorkbookAlreadySaved
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from .palette import looks

LONGEST_TEXT = 32_767  # what a cell can hold
A3 = 8  # its number in the file format
ROWS_PER_SHEET = 1_048_575  # below the heading
CUT = "……（超出单元格长度，余下见 HTML 或 Word）"
FONT = "宋体"
HEAD_HEIGHT_PT, LINE_HEIGHT_PT, MOST_HEIGHT_PT = 42.0, 13.5, 405.0
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_LINE = Border(*(Side("thin", "BFBFBF"),) * 4)
_TOP = Alignment(vertical="top", wrap_text=True)
_NUMBER = Alignment(vertical="top")
_HEAD = Alignment(horizontal="center", vertical="center", wrap_text=True)


@dataclass(frozen=True)
class Head:
    """A column: heading and width in characters."""

    title: str
    width: float


@dataclass(frozen=True)
class Value:
    """A cell: a text or number, with a number format and, for a verdict, its look."""

    value: Any
    number_format: str = ""
    look: str = ""


def add_sheet(book: Workbook, title: str, heads: Sequence[Head], rows: Iterable[Sequence[Value]], foot: str) -> None:
    """Add a sheet with a frozen heading and a filter; beyond the rows of a sheet it goes on in the next.

    Parameters
    ----------
    book : Workbook
        In write-only mode.
    title : str
        Name of the sheet; those that follow are numbered.
    heads : sequence of Head
        The columns.
    rows : iterable of sequence of Value
        The cells, row by row.
    foot : str
        Foot of every printed page.
    """
    waiting = iter(rows)
    following: Sequence[Value] | None = next(waiting, None)
    number = 0
    while number == 0 or following is not None:
        number += 1
        sheet = _begin(book, title if number == 1 else f"{title}{number}", heads, foot)
        written = 0
        while following is not None and written < ROWS_PER_SHEET:
            _append(sheet, written + 2, heads, following)
            written += 1
            following = next(waiting, None)
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{written + 1}"


@contextmanager
def clearing(book: Workbook) -> Iterator[None]:
    """Delete the temporary files of a book in write-only mode when the block ends with an error."""
    try:
        yield
    except BaseException:
        for sheet in book.worksheets:
            with suppress(WorkbookAlreadySaved):
                sheet.close()
            with suppress(OSError, ValueError):
                sheet._writer.cleanup()
        raise


def _begin(book: Workbook, title: str, heads: Sequence[Head], foot: str) -> WriteOnlyWorksheet:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "B2"
    for place, head in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(place)].width = head.width
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A3
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.left.text, sheet.oddFooter.left.size = foot.replace("&", "&&"), 7
    sheet.oddFooter.right.text = "&P / &N"
    sheet.row_dimensions[1].height = HEAD_HEIGHT_PT
    sheet.append([_heading(sheet, head.title) for head in heads])
    return sheet


def _append(sheet: WriteOnlyWorksheet, number: int, heads: Sequence[Head], values: Sequence[Value]) -> None:
    """Append a row as high as its longest wrapped text, for not every program finds that height itself."""
    lines = max((_lines(value.value, head.width) for head, value in zip(heads, values, strict=True)), default=1)
    if lines > 1:
        sheet.row_dimensions[number].height = min(lines * LINE_HEIGHT_PT + 2, MOST_HEIGHT_PT)
    sheet.append([_cell(sheet, value) for value in values])
    sheet.row_dimensions.pop(number, None)


def _lines(text: Any, width: float) -> int:
    if not isinstance(text, str) or len(text) * 2 <= width:
        return 1
    return sum(max(1, ceil(sum(1 if c.isascii() else 2 for c in line) / (width - 1))) for line in text.split("\n"))


def _heading(sheet: WriteOnlyWorksheet, title: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, title)
    cell.data_type = "s"
    cell.font, cell.alignment, cell.border = Font(name=FONT, bold=True, size=10), _HEAD, _LINE
    cell.fill = PatternFill("solid", fgColor="F2F2F2")
    return cell


def _cell(sheet: WriteOnlyWorksheet, value: Value) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    cell.font, cell.border = Font(name=FONT, size=10), _LINE
    if isinstance(value.value, str):
        text = value.value if len(value.value) <= LONGEST_TEXT else value.value[: LONGEST_TEXT - len(CUT)] + CUT
        cell.value = text
        cell.data_type = "s"
        cell.alignment = _TOP
        cell.quotePrefix = text.startswith(_FORMULA_STARTS)
    else:
        cell.value = value.value if value.value == value.value else None
        cell.alignment = _NUMBER
        cell.number_format = value.number_format or "General"
    if value.look in looks():
        look = looks()[value.look]
        cell.fill = PatternFill("solid", fgColor=look.fill.lstrip("#"))
        cell.font = Font(name=FONT, size=10, bold=True, color=look.colour.lstrip("#"))
    return cell

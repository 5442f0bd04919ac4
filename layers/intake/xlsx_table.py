"""Sheets of an Excel workbook as tables: values only, never formulas."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from ..errors import MissingLibraryError
from ..progress import Progress
from ..texts import Text
from ..vendored import open_vendor
from . import grid
from .archive import check_members
from .shapes import Entry, Shapes, wrong

MOST_CELLS = 20_000_000
_STEP = 5_000
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")
_CHUNK = 1 << 20


def entries(path: Path, where: str, progress: Progress = Progress()) -> list[Entry]:
    """Return the sheets of a workbook that hold anything.

    Raises
    ------
    SitesError
        It is no workbook, holds declarations of entities, or unpacks to more than the limits.
    MissingLibraryError
        openpyxl is not there.
    """
    open_vendor()
    try:
        import openpyxl
    except ImportError as error:
        raise MissingLibraryError(
            Text("读取 Excel 需要 Python 包 openpyxl", "Excel files need the Python package openpyxl"),
            remedy=Text("请安装 openpyxl，或另存为 CSV。", "Install openpyxl, or save the sheet as CSV."),
        ) from error
    _check(path, where)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        names = [sheet.title for sheet in book.worksheets]
        book.close()
    except Exception as error:  # openpyxl lets through whatever XML and zip throw
        raise _unreadable(where, error) from error
    found = []
    for name in names:
        rows = _rows(path, name, where, progress)
        if rows:
            found.append(Entry(name, "Table", len(rows), _loader(rows, f"{where}|{name}")))
    if not found:
        raise wrong(where, Text("工作簿是空的", "the workbook is empty"))
    return found


def _loader(rows: list[tuple[int, list[str]]], where: str) -> Callable[[Progress], Shapes]:
    def load(progress: Progress) -> Shapes:
        full: list[list[str]] = []
        numbers: list[int] = []
        for number, row in rows:
            if numbers and number > numbers[-1] + 1:  # blank rows part plots
                full.append([])
                numbers.append(number - 1)
            full.append(row)
            numbers.append(number)
        return grid.parse(full, where, progress, numbers)

    return load


def _rows(path: Path, sheet: str, where: str, progress: Progress) -> list[tuple[int, list[str]]]:
    """Return the filled rows of a sheet with their numbers."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    rows = []
    cells = 0
    try:
        for number, values in enumerate(book[sheet].iter_rows(values_only=True), 1):
            if number % _STEP == 0:
                progress.step(0.0)
            cells += len(values)
            if cells > MOST_CELLS:
                raise wrong(where, Text(f"单元格超过 {MOST_CELLS}", f"more than {MOST_CELLS} cells"))
            texts = ["" if value is None else _text(value) for value in values]
            if any(texts):
                rows.append((number, texts))
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile, OSError, SyntaxError) as error:
        raise _unreadable(where, error) from error
    finally:
        book.close()
    return rows


def _text(value: object) -> str:
    return (
        repr(value)
        if isinstance(value, float) and not value.is_integer()
        else f"{value:.0f}"
        if isinstance(value, float)
        else str(value)
    )


def _check(path: Path, where: str) -> None:
    """Refuse a workbook that is a bomb or whose XML declares entities, before a parser sees it."""
    try:
        with zipfile.ZipFile(path) as packed:
            check_members(packed, where)
            for info in packed.infolist():
                if info.filename.endswith((".xml", ".rels")):
                    _refuse_entities(packed, info, where)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise _unreadable(where, error) from error


def _refuse_entities(packed: zipfile.ZipFile, info: zipfile.ZipInfo, where: str) -> None:
    last = b""
    with packed.open(info) as stream:
        while block := stream.read(_CHUNK):
            if any(word in (last + block).upper() for word in _FORBIDDEN):
                text = Text(f"{info.filename} 含有实体声明", f"{info.filename} declares entities")
                raise wrong(where, text, Text("请用 Excel 重新保存该文件。", "Save the file again with Excel."))
            last = block[-16:]


def _unreadable(where: str, error: Exception) -> Exception:
    return wrong(
        where,
        Text("不是完整的 Excel 工作簿（.xlsx）", "this is no whole Excel workbook (.xlsx)"),
        Text("请用 Excel 打开并另存为 .xlsx 或 CSV。", "Open it with Excel and save it as .xlsx or CSV."),
        Text(str(error)[:200], str(error)[:200]),
    )

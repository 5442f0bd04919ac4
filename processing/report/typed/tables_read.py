"""Rows of headings and texts out of tables that people type: xlsx, docx, csv, or the columns carried with the sites."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from ....layers.errors import SourceError
from ....layers.site_columns import site_columns
from ....layers.texts import Text
from .. import libraries
from ..values import shown
from .quantities import heading_and_unit, plain, words

MOST_ROWS = 200_000
LONGEST_HEADING = 30
HEADING_ROWS = 15  # a heading stands among the first rows of a sheet
PURPOSE = Text("读取表格", "Reading the table")


@dataclass(frozen=True)
class TypedRow:
    """One row: where it stands, its texts by heading, and whether it may speak of the site named above it."""

    place: str
    cells: dict[str, str]
    follows: bool = False


def rows_of_file(path: Path) -> list[TypedRow]:
    """Return the rows of a table file.

    Raises
    ------
    SourceError
        The file cannot be read, is no table, or holds no row or more than 200,000.
    """
    if not path.is_file():
        raise SourceError(
            Text(f"没有填报表 {path}", f"There is no typed table {path}"),
            remedy=Text("请核对路径。", "Check the path."),
        )
    kind = path.suffix.lower()
    readers = {".xlsx": _workbook, ".xlsm": _workbook, ".docx": _document, ".csv": _text}
    if kind not in readers:
        raise _unreadable(path, Text("只能读取 xlsx、docx 和 csv", "only xlsx, docx and csv can be read"))
    try:
        rows = list(readers[kind](path))
    except (OSError, ValueError, KeyError, SyntaxError, csv.Error, zipfile.BadZipFile) as error:
        raise _unreadable(path, Text(str(error), str(error))) from error
    if not rows:
        raise _unreadable(path, Text("其中没有一行可比对的内容", "there is no row in it to compare"))
    if len(rows) > MOST_ROWS:
        raise _unreadable(path, Text(f"超过 {MOST_ROWS} 行", f"more than {MOST_ROWS} rows"))
    return rows


def rows_of_sites(sites: Any) -> list[TypedRow]:
    """Return the attributes of sites that may hold something typed: those without a meaning here, and the area."""
    own = {column.name: column.text.zh for column in site_columns()}
    rows = []
    for values in sites.drop(columns=sites.geometry.name).to_dict("records"):
        cells = {
            "用地面积（m²）" if name == "area_m2" else str(name): text
            for name, value in values.items()
            if (text := shown(value)) and (name == "area_m2" or name not in own)
        }
        site_id = shown(values["site_id"])
        if cells:
            rows.append(TypedRow(f"地块属性 {site_id}", {"地块编号": site_id, **cells}))
    return rows


def _workbook(path: Path) -> Iterator[TypedRow]:
    libraries.need(libraries.EXCEL, PURPOSE)
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            grid = ([shown(value) for value in row] for row in sheet.iter_rows(values_only=True))
            yield from _grid(f"{path.name} {sheet.title}", grid)
    finally:
        book.close()


def _text(path: Path) -> Iterator[TypedRow]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    yield from _grid(path.name, csv.reader(text.splitlines()))


def _document(path: Path) -> Iterator[TypedRow]:
    libraries.need(libraries.WORD[:2], PURPOSE)
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = Document(str(path))
    except PackageNotFoundError as error:
        raise ValueError(str(error)) from error
    for number, table in enumerate(document.tables, 1):
        grid = [_distinct(row.cells) for row in table.rows]
        for row in _of_table(f"{path.name} 表 {number}", grid):
            yield replace(row, follows=True)


def _of_table(where: str, grid: Sequence[Sequence[str]]) -> Iterator[TypedRow]:
    headed = any(map(_is_heading, grid))
    even = all(len(row) % 2 == 0 for row in grid)
    if even and (_is_pairs(grid) or not headed):
        yield from _pairs(where, grid)
    elif headed:
        yield from _grid(where, grid)
    elif grid:
        yield TypedRow(f"{where}（{len(grid)} 行）", {f"第 {n} 列": text for n, text in enumerate(grid[0], 1) if text})


def _distinct(cells: Iterable[Any]) -> list[str]:
    """Return the texts of a row, a merged cell once."""
    out: list[str] = []
    last = None
    for cell in cells:
        if cell._tc is not last:
            out.append(cell.text)
        last = cell._tc
    return out


def _grid(where: str, rows: Iterable[Sequence[str]]) -> Iterator[TypedRow]:
    """Yield the rows below each heading; what stands above the first is a title, and without any all rows are told."""
    heads: list[str] = []
    waiting: list[TypedRow] | None = []
    for number, row in enumerate(rows, 1):
        texts = [text.strip() for text in row]
        place = f"{where} 第 {number} 行"
        if not any(texts):
            continue
        if _is_heading(texts):
            heads, waiting = _unique(texts), None
        elif heads:
            yield TypedRow(place, {h or f"第 {n} 列": t for n, (h, t) in enumerate(zip_longest(heads, texts), 1) if t})
        elif waiting is not None:
            waiting.append(TypedRow(place, {f"第 {n} 列": t for n, t in enumerate(texts, 1) if t}))
            if number > HEADING_ROWS:
                yield from waiting
                waiting = []
    yield from waiting or ()


def _pairs(where: str, rows: Iterable[Sequence[str]]) -> Iterator[TypedRow]:
    """Yield a table of labels with the value to their right as one row."""
    cells: dict[str, str] = {}
    for row in rows:
        for label, value in zip(row[::2], row[1::2], strict=False):
            if label.strip() and value.strip():
                cells.setdefault(label.strip(), value.strip())
    if cells:
        yield TypedRow(where, cells)


def _is_heading(texts: Sequence[str]) -> bool:
    """Tell a row of headings: two or more known words, and no cell with a number outside brackets."""
    return sum(map(_is_known, texts)) >= 2 and not any(map(_has_number, texts))


def _is_pairs(grid: Sequence[Sequence[str]]) -> bool:
    """Tell a table of labels, each with its value to the right, from one with a row of headings."""
    labels = [any(map(_is_known, row[::2])) for row in grid]
    return not any(map(_is_known, [text for row in grid for text in row[1::2]])) and (
        sum(labels) >= 2 or len(grid) == 1
    )


def _is_known(text: str) -> bool:
    known = [word for group in words()["headings"].values() for word in group]
    return len(plain(text)) <= LONGEST_HEADING and not _has_number(text) and any(word in plain(text) for word in known)


def _has_number(text: str) -> bool:
    return any(c in "0123456789" for c in heading_and_unit(text, "area")[0])


def _unique(texts: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    out = []
    for text in texts:
        seen[text] = seen.get(text, 0) + 1
        out.append(text if seen[text] == 1 or not text else f"{text}#{seen[text]}")
    return out


def _unreadable(path: Path, cause: Text) -> SourceError:
    return SourceError(
        Text(f"无法读取填报表 {path}", f"The typed table {path} cannot be read"),
        cause,
        Text("请另存为 xlsx、docx 或 csv 后重试。", "Save it as xlsx, docx or csv and try again."),
    )

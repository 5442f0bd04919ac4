"""Tables as text: CSV, tab-separated, or columns parted by blanks."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

import numpy as np

from ..progress import Progress
from ..texts import Text
from . import grid
from .angles import pair_of, plain_signs
from .shapes import Shapes, wrong

_DELIMITERS = ("\t", ",", ";", "|", "，", "；")
_SAMPLE = 50
MOST_COLUMNS = 2_000
csv.field_size_limit(64 * 1024 * 1024)


def parse(text: str, where: str, progress: Progress = Progress()) -> Shapes:
    """Return the sites of a table written as text; its delimiter is the one that gives every row as many cells.

    Raises
    ------
    SitesError
        As `grid.parse`.
    """
    return grid.parse(rows_of(text, where), where, progress)


def rows_of(text: str, where: str) -> list[list[str]]:
    """Return the cells of a text, row by row; a line of two angles or numbers gives two cells."""
    lines = text.lstrip("\ufeff").splitlines()
    if _all_pairs(lines):
        return [list(_halves(line) or (line,)) if line.strip() else [] for line in lines]
    delimiter = _delimiter(lines)
    if delimiter is None:
        return [re.split(r"\s+", line.strip()) if line.strip() else [] for line in lines]
    try:
        rows = list(csv.reader(text.lstrip("\ufeff").splitlines(keepends=True), delimiter=delimiter))
    except csv.Error as error:
        raise wrong(where, Text(f"不是完整的表格：{error}", f"no proper table: {error}")) from error
    if any(len(row) > MOST_COLUMNS for row in rows):
        raise wrong(where, Text(f"列数超过 {MOST_COLUMNS}", f"more than {MOST_COLUMNS} columns"))
    return rows


def _delimiter(lines: Sequence[str]) -> str | None:
    sample = [line for line in lines if line.strip()][:_SAMPLE]
    best, most = None, 0
    for delimiter in _DELIMITERS:
        counts = [line.count(delimiter) for line in sample]
        filled = sum(count > 0 for count in counts)
        if filled > max(most, len(sample) // 2):
            best, most = delimiter, filled
    return best


def _all_pairs(lines: Sequence[str]) -> bool:
    filled = [line for line in lines if line.strip()][:_SAMPLE]
    return bool(filled) and all(_halves(line) for line in filled)


def _halves(line: str) -> tuple[str, ...]:
    """Return the two angles of a line such as 东经106°30′，北纬29°33′, each as a text, or nothing."""
    try:
        pair = pair_of(line)
    except ValueError:
        return ()
    if pair is None or not (pair[0].degrees and pair[1].degrees):
        return ()
    if plain_signs(line).count("°") != 2:
        return ()
    winds = {"": "", "x": "E", "y": "N"}
    return tuple(f"{winds[half.axis]}{np.format_float_positional(half.value)}°" for half in pair)

"""In which line of a pack file something stands, found by its headings and keys, for refusals alone."""

from __future__ import annotations

import re
from pathlib import Path

HEADING = re.compile(r"^\s*\[\[?([A-Za-z_]+)(\.[A-Za-z_.]+)?\]\]?\s*(#.*)?$")
LARGEST = 4_000_000


def line_of(path: Path, heading: str, nth: int, key: str) -> int | None:
    """Return the line, from 1, of a key under the nth table of a heading; of the heading where the key is not found.

    Parameters
    ----------
    path : Path
        The file.
    heading : str
        ``pack``, ``rule``, ``case``, ``define`` or ``shapes``; empty for the file as a whole.
    nth : int
        Which of the tables with that heading, from 0.
    key : str
        Names joined by dots, such as ``project.all.nature`` or ``exception.safe.flag``.

    Returns
    -------
    int or None
        None where the file cannot be read or the table is not written as one.
    """
    try:
        if not heading or path.stat().st_size > LARGEST:
            return None
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return None
    headings = [(n, found[1], found[2]) for n, line in enumerate(lines) if (found := HEADING.match(line))]
    starts = [n for n, name, inner in headings if name == heading and not inner]
    if nth >= len(starts):
        return None
    first = starts[nth]
    ends = [n for n, name, inner in headings if n > first and not (name == heading and inner)]
    at = first
    for name in key.split("."):
        at = _find(lines, name, at, ends[0] if ends else len(lines)) or at
    return at + 1


def case_line(path: Path, rule: str, name: str) -> int:
    """Return the line, from 1, at which a golden case begins, 0 where the file does not hold it."""
    if not path.is_file():
        return 0
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    starts = [n for n, line in enumerate(lines) if (found := HEADING.match(line)) and found[1] == "case"]
    for first, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        block = "\n".join(lines[first:end])
        if f'rule = "{rule}"' in block and f'name = "{name}"' in block:
            return first + 1
    return 0


def _find(lines: list[str], name: str, first: int, end: int) -> int | None:
    """Return where a key is written from a line on, or where its name stands as an id."""
    written = re.compile(rf'(^|[\s{{,]){re.escape(name)}\s*=|^\s*id\s*=\s*["\']{re.escape(name)}["\']')
    return next((n for n in range(first, end) if written.search(lines[n])), None)

"""One thing noticed about an upload."""

from __future__ import annotations

from typing import NamedTuple


class Noticed(NamedTuple):
    """One thing noticed about a site; row 0 stands for the whole file, rows count from 1."""

    row: int
    site_id: str
    column: str
    value: str
    problem: str
    zh: str
    en: str

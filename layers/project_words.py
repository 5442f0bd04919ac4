"""Project attributes out of the words people write: nature, industry, yes and no, dates, numbers."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date
from functools import cache
from pathlib import Path

from .columns import plain
from .declarations import load_toml, table_of, texts_of

FILE = Path(__file__).parent / "project_words.toml"
NATURES = ("新建", "改建", "扩建", "技术改造", "现有", "未批先建", "生态修复")
_SEPARATORS = re.compile(r"[;；、,，/|+\n]")
_INDUSTRY = re.compile(r"(?P<section>[A-T])?(?P<digits>\d{2,4})|(?P<alone>[A-T])")
_INDUSTRY_INSIDE = re.compile(r"(?<![A-Z0-9.])(?:[A-T]\d{2,4}|\d{4})(?![A-Z0-9.])")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ].*)?|(\d{4})(\d{2})(\d{2})")


@cache
def _words(table: str) -> dict[str, tuple[str, ...]]:
    content = table_of(load_toml(FILE), table, str(FILE))
    return {key: texts_of(content, key, str(FILE)) for key in content}


@cache
def _natures() -> dict[str, tuple[str, ...]]:
    return {plain(word): canonical for word, canonical in _words("nature").items()}


@cache
def _by_word(table: str) -> dict[str, str]:
    return {plain(word): key for key, words in _words(table).items() for word in words}


@cache
def _section_of() -> dict[int, str]:
    sections = table_of(load_toml(FILE), "sections", str(FILE))
    return {
        division: letter
        for letter, ends in sections.items()
        if isinstance(ends, list)
        for division in range(ends[0], ends[1] + 1)
    }


def nature_of(text: str) -> str | None:
    """Return 建设性质 as canonical words joined by ";", or None where a word is unknown.

    迁建 is 新建, 改扩建 is 改建 and 扩建 (facts of the form: □新建（迁建） □改建 □扩建 □技术改造).
    """
    found: set[str] = set()
    known = _natures()
    for token in [part for part in _SEPARATORS.split(text) if part.strip()]:
        words = known.get(plain(token))
        if words is None:
            return None
        found.update(words)
    return ";".join(word for word in NATURES if word in found) or None


def measures() -> tuple[str, ...]:
    """Return the 修复措施 that are known, in order."""
    return tuple(_words("measures"))


def measures_of(text: str) -> str | None:
    """Return 修复措施 as canonical words joined by ";", or None where a word is unknown."""
    known = _by_word("measures")
    found = [known.get(plain(token)) for token in _SEPARATORS.split(text) if token.strip()]
    if None in found:
        return None
    return ";".join(word for word in measures() if word in found) or None


def industry_of(text: str) -> str | None:
    """Return codes of GB/T 4754-2017 with their section letter, joined by ";", or None where one is wrong.

    ``2614``, ``C2614`` and ``C2614 有机化学原料制造`` all give ``C2614``.
    """
    codes = []
    for token in [part for part in _SEPARATORS.split(text) if part.strip()]:
        word = "".join(unicodedata.normalize("NFKC", token).split()).upper()
        found = _INDUSTRY.fullmatch(word)
        if found is None:
            inside = _INDUSTRY_INSIDE.findall(word)
            found = _INDUSTRY.fullmatch(inside[0]) if len(inside) == 1 else None
        if found is None:
            return None
        if found["alone"]:
            codes.append(found["alone"])
            continue
        section = _section_of().get(int(found["digits"][:2]))
        if section is None or found["section"] not in (None, section):
            return None
        codes.append(section + found["digits"])
    return ";".join(dict.fromkeys(codes)) or None


def flag_of_word(text: str) -> bool | None:
    """Return True, False, or None where the word is neither."""
    word = _by_word("flag").get(plain(text))
    return None if word is None else word == "true"


def verdict_of_word(text: str) -> str | None:
    """Return the verdict id that a word of an access list means, or None."""
    return _by_word("verdict").get(plain(text))


def date_of(text: str) -> date | None:
    """Return a date written as 2024-03-19, 2024/3/19, 2024.3.19, 2024年3月19日 or 20240319, or None."""
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    parts = [int(part) for part in found.groups() if part is not None]
    try:
        return date(parts[0], parts[1], parts[2])
    except ValueError:
        return None


def number_of(text: str) -> float:
    """Return a number of 0 or more, NaN where the text is none."""
    try:
        value = float(unicodedata.normalize("NFKC", text).replace(",", ""))
    except ValueError:
        return math.nan
    return value if math.isfinite(value) and value >= 0 else math.nan

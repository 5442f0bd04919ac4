"""Numbers with their units as people type them: 1.38公顷, 20.7 亩, 约 1.2 km, 13,822.51."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_NUMBER = re.compile(r"(?<![\d.])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
_BRACKETS = re.compile(r"[（(［\[]([^（）()［］\[\]]*)[）)］\]]")
_INEQUALITY = re.compile(r"[<>≤≥＜＞]|小于|大于|不足|超过|不小于|不大于")
_CODE = re.compile(r"(?<![A-Z0-9])(?:ZH\d{11}|YS\d{13})(?!\d)")


@dataclass(frozen=True)
class Quantity:
    """A typed number in m² or m, with half a unit of its last digit, and whether its unit was written."""

    value: float
    rounding: float
    unit: str
    unit_written: bool


@cache
def words() -> dict[str, Any]:
    """Return the words of words.toml."""
    with (Path(__file__).parent / "words.toml").open("rb") as file:
        return tomllib.load(file)


def plain(text: str) -> str:
    """Return a text without blanks, with plain brackets and digits; ² and ㎡ stay what they are."""
    kept = {"²": "\ue000", "㎡": "\ue001"}
    for sign, mark in kept.items():
        text = text.replace(sign, mark)
    text = "".join(unicodedata.normalize("NFKC", text).split())
    for sign, mark in kept.items():
        text = text.replace(mark, sign)
    return text


def heading_and_unit(heading: str, kind: str) -> tuple[str, str]:
    """Return a heading without its brackets, and the unit of a kind (``area``, ``length``) named in them, if any."""
    text = plain(heading)
    unit = next((unit for inside in _BRACKETS.findall(text) if (unit := _unit(inside, kind))), "")
    return _BRACKETS.sub("", text), unit


def quantity(text: str, kind: str, heading_unit: str = "") -> Quantity | None:
    """Return the only number of a text as a quantity; None where there is none, more than one, or only a bound.

    Parameters
    ----------
    text : str
        As typed; a unit after the number goes before that of the heading, and what stands in brackets is left out.
    kind : str
        ``area`` or ``length``.
    heading_unit : str
        The unit of the heading, empty where it names none.
    """
    whole = plain(text)
    written = _BRACKETS.sub("", whole) or whole
    if _INEQUALITY.match(written):
        return None
    found = list(_NUMBER.finditer(written))
    if len(found) != 1 or written[: found[0].start()].endswith(("-", "−")):
        return None
    behind = written[found[0].end() :]
    own = _unit(re.split(r"[，,；;。（(]", behind)[0], kind)
    if behind and not own and not re.match(r"[，,；;。（(]|左右|以上|以内", behind):
        return None  # a unit that is not known here
    unit = own or heading_unit
    factor = words()["units"][kind][unit] if unit else 1.0
    decimals = len(found[0][2] or ".") - 1
    number = float(found[0][0].replace(",", ""))
    return Quantity(
        number * factor, 0.5 * 10.0**-decimals * factor, unit or ("m²" if kind == "area" else "m"), bool(unit)
    )


def codes(text: str) -> list[str]:
    """Return the unit codes of a text, in order, each once."""
    return list(dict.fromkeys(_CODE.findall(plain(text).upper())))


def _unit(text: str, kind: str) -> str:
    """Return the unit that a text is, or begins with, the longest first."""
    known: dict[str, float] = words()["units"][kind]
    low = text.lower().removeprefix("单位:").removeprefix("单位")
    for unit in sorted(known, key=len, reverse=True):
        following = low[len(unit) : len(unit) + 1]
        if (
            low.startswith(unit.lower())
            and not (following in "²³㎡" and following)
            and not re.match(r"[a-z0-9]", following)
        ):
            return unit
    return ""

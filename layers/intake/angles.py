"""Angles as people write them: decimal, and degrees, minutes and seconds in every sign."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_SIGNS = {
    **dict.fromkeys("°º˚⁰度", "°"),
    **dict.fromkeys("′'’‘´`ʹ＇分", "'"),
    **dict.fromkeys('″"”“˝ʺ＂秒', '"'),
    **dict.fromkeys("−–—－", "-"),
}
_TRANSLATE = str.maketrans(_SIGNS)
_WORDS = (("东经", "E"), ("西经", "W"), ("北纬", "N"), ("南纬", "S"), ("经度", "E"), ("纬度", "N"), ("东", "E"),
          ("西", "W"), ("北", "N"), ("南", "S"))  # fmt: skip
_LATIN = re.compile(r"(?<=\d)\s*(?:deg|d)\s*(?=\d)", re.IGNORECASE), re.compile(r"(?<=\d)\s*m\s*(?=[\d]|$)")
_N = r"\d{1,12}(?:\.\d*)?"
_SIGNED = (
    rf"(?P<before>[NSEW])?\s*[:=]?\s*(?P<sign>[+-])?\s*(?P<d>{_N})\s*°"
    rf"(?:\s*(?P<m>{_N})(?:\s*'(?:\s*(?P<s>{_N})(?:\s*\")?)?)?)?\s*(?P<after>[NSEW](?![A-Za-z]))?"
)
_WITH_SIGNS = re.compile(_SIGNED, re.IGNORECASE)
_WITH_SEPARATORS = re.compile(
    r"(?P<before>[NSEW])?\s*(?P<sign>[+-])?\s*(?P<d>\d{1,3})\s*(?P<sep>[:\- ])\s*(?P<m>\d{1,2})\s*(?P=sep)"
    r"\s*(?P<s>\d{1,2}(?:\.\d*)?)\s*(?P<after>[NSEW])?",
    re.IGNORECASE,
)
_WITH_COLON = re.compile(
    rf"(?P<before>[NSEW])?\s*(?P<sign>[+-])?\s*(?P<d>\d{{1,3}}):(?P<m>{_N})(?P<s>)\s*(?P<after>[NSEW])?", re.IGNORECASE
)
_NUMBER = re.compile(
    r"(?P<before>[NSEW])?\s*[:=]?\s*(?P<value>[+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?)"
    r"\s*(?P<after>[NSEW])?",
    re.IGNORECASE,
)
_LONGEST = 200
FURTHEST = 1e9
"""No coordinate is greater, in whatever unit."""


class Angle(NamedTuple):
    """A number read from a text.

    Attributes
    ----------
    value : float
        Degrees, or whatever unit a plain number is in; south and west are negative.
    axis : str
        ``x`` where the text says east, west or longitude, ``y`` where it says north, south or latitude, else empty.
    degrees : bool
        Whether it was written with signs of degrees.
    """

    value: float
    axis: str = ""
    degrees: bool = False


def plain_signs(text: str) -> str:
    """Return a text with every way of writing degree, minute, second and the four winds made one."""
    text = text.translate(_TRANSLATE)
    text = unicodedata.normalize("NFKC", text).translate(_TRANSLATE).replace("''", '"')
    for word, letter in _WORDS:
        text = text.replace(word, letter)
    if "°" not in text:
        text = _LATIN[0].sub("°", text)
        if "°" in text:
            text = re.sub(r"(?<=[\d\"])\s*s\s*$", "", _LATIN[1].sub("'", text))
    return text.strip()


def angle_of(text: str) -> Angle | None:
    """Return the number or angle that a text is, None where it is none.

    Raises
    ------
    ValueError
        It is an angle whose minutes or seconds are 60 or more, or whose degrees or minutes have decimals
        although a smaller unit follows.
    """
    if len(text) > _LONGEST:
        return None
    text = plain_signs(text)
    number = _NUMBER.fullmatch(text)
    if number is not None:
        value = float(number["value"].replace(",", ""))
        return _turned(value, number["before"], number["after"], False)
    for form in (_WITH_SIGNS, _WITH_SEPARATORS, _WITH_COLON):
        found = form.fullmatch(text)
        if found is not None:
            return _angle(found)
    return None


def pair_of(text: str) -> tuple[Angle, Angle] | None:
    """Return the two numbers or angles that a text holds, in their order, None where there are not two.

    Raises
    ------
    ValueError
        As `angle_of`.
    """
    if len(text) > 2 * _LONGEST:
        return None
    plain = plain_signs(text)
    if "°" in plain:
        found = list(_WITH_SIGNS.finditer(plain))
        return (_angle(found[0]), _angle(found[1])) if len(found) == 2 else None
    for split in (r"[;,\t|/]", r"\s+"):
        words = [word for word in re.split(split, plain.strip("()[] ")) if word.strip()]
        if len(words) == 2:
            first, second = angle_of(words[0]), angle_of(words[1])
            return None if first is None or second is None else (first, second)
    return None


def _angle(found: re.Match[str]) -> Angle:
    degrees, minutes, seconds = (found[name] or "" for name in ("d", "m", "s"))
    if (minutes and "." in degrees) or (seconds and "." in minutes):
        raise ValueError(found[0])
    m, s = float(minutes or 0), float(seconds or 0)
    if m >= 60 or s > 60:
        raise ValueError(found[0])
    value = float(degrees) + (m * 60 + s) / 3600
    return _turned(-value if found["sign"] == "-" else value, found["before"], found["after"], True)


def _turned(value: float, before: str | None, after: str | None, degrees: bool) -> Angle:
    """Return the angle with its wind; south and west are negative."""
    wind = (before or after or "").upper()
    if before and after:
        raise ValueError(f"{before} {after}")
    axis = "" if not wind else "x" if wind in "EW" else "y"
    return Angle(-value if wind and wind in "SW" else value, axis, degrees)

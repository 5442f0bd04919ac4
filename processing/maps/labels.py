"""The texts of a page and how they are broken into lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from math import isnan

from ...layers.geodesy.winds import wind
from ..engine.words import SEAL_LABEL

_NEVER_FIRST = "，。；：、！？）》」』】”’…·,.;:!?)]}%°′″"
_NEVER_LAST = "（《「『【“‘([{"
FIGURE_DECIMALS = (2, 3, 4, 6)
BLANK = "＿" * 12


def metres(distance_m: float, *limits_m: float | None) -> str:
    """Return a distance in words, rounded to 0.01 m, finer where that would reach or cross a limit.

    A distance is "within" its limit up to and including it, so 1000.004 m must not read as 1000.00 m.
    """
    return f"{_rounded(distance_m, limits_m)} m"


def square_metres(area_m2: float) -> str:
    """Return an area in words; 1 m², below which an overlap counts as a shared edge, is a limit."""
    return f"{_rounded(area_m2, (0.0, 1.0))} m²"


def _rounded(value: float, limits: Iterable[float | None]) -> str:
    known = [limit for limit in limits if limit is not None and not isnan(limit)]
    for decimals in FIGURE_DECIMALS:
        shown = round(value, decimals)
        if all(value == limit or (shown != limit and (shown < limit) == (value < limit)) for limit in known):
            break
    return f"{shown:.{decimals}f}"


def compass(bearing_deg: float) -> str:
    """Return the one of 16 winds in which a feature lies, empty where the bearing is not known."""
    if isnan(bearing_deg):
        return ""
    return f"{wind(bearing_deg)[0]}方"


def kilometres(limit_m: float) -> str:
    """Return a legal limit in words: 1 km, 500 m."""
    return f"{limit_m / 1000:g} km" if limit_m >= 1000 else f"{limit_m:g} m"


def scale_words(denominator: int) -> str:
    """Return a scale in words: 1:10 000."""
    return f"1:{denominator:,}".replace(",", " ")


def title_words(name: str, site_id: str, subject: str) -> str:
    """Return the title of a page: the project, else its site, and what the page is about."""
    return f"{name.strip() or '项目地块 ' + site_id}{subject}"


def crs_words(meridian: int, epsg: int) -> str:
    """Return the coordinate system in words."""
    return (
        f"坐标系：2000 国家大地坐标系（CGCS2000），高斯-克吕格投影，3° 分带，中央经线 {meridian}°E（EPSG:{epsg}）；"
        "图廓左、上注记为经纬度，右、下注记为平面坐标（m，东坐标不含带号）。"
    )


def vintage_words(layers: Iterable[tuple[str, date | None, str]]) -> str:
    """Return the vintages of the layers shown.

    Parameters
    ----------
    layers : iterable of (name, vintage, authority)
        In the order of printing; equal lines are printed once.
    """
    nature = {"statutory": "", "derived": "（派生）", "indicative": "（示意）"}
    parts = dict.fromkeys(
        f"{name} {day.isoformat() if day else '时点未注明'}{nature.get(authority, '')}"
        for name, day, authority in layers
    )
    return f"数据时点：{'；'.join(parts)}。"


def maker_words(maker: str) -> str:
    """Return the line of who made the map; where it is not known, room to write it."""
    return f"制图单位：{maker.strip() or BLANK}"


def seal_words(number: str) -> str:
    """Return the line of the seal."""
    return f"{SEAL_LABEL}：{number}"


def wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break a text into lines no wider than a width, by the rules of Chinese line breaks.

    Between Chinese characters a line may break anywhere, inside a Latin word or a number only
    where the word alone is wider than the line; no line begins with a closing mark or ends with an opening one.

    Parameters
    ----------
    text : str
        Line feeds are kept.
    width : float
        In the unit of `measure`.
    measure : callable
        Width of a text.
    """
    return [line for paragraph in text.split("\n") for line in _wrap_paragraph(paragraph, width, measure)]


def _wrap_paragraph(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    lines, line = [], ""
    for piece in _pieces(text):
        if not line or measure((line + piece).rstrip()) <= width:
            line += piece
        else:
            lines.append(line.rstrip())
            line = piece.lstrip(" ")
        while measure(line.rstrip()) > width and len(line) > 1:
            cut = next((i for i in range(len(line) - 1, 0, -1) if measure(line[:i]) <= width), 1)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line.rstrip()]


def _pieces(text: str) -> list[str]:
    """Return the parts of a text between which a line may break."""
    pieces: list[str] = []
    for char in text:
        if pieces and _sticks(pieces[-1][-1], char):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _sticks(before: str, after: str) -> bool:
    if after in _NEVER_FIRST or before in _NEVER_LAST:
        return True
    return _is_latin(before) and (_is_latin(after) or after == " ") and before != " "


def _is_latin(char: str) -> bool:
    return char != " " and ord(char) < 0x2E80

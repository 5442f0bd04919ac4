"""The Chinese font of a page.

Every item and label gets a family by name: one without takes the first CJK font
of the system, which is often the Japanese one.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from qgis.core import QgsFontUtils, QgsTextFormat
from qgis.PyQt.QtGui import QFont, QFontMetricsF, QRawFont

from ...layers.texts import Text
from .errors import MapError

FAMILIES = ("Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "SimHei")
MM_PER_POINT = 25.4 / 72
SUBSTITUTE = "〓"
_MEASURE_PX = 1000
_UNSEEN = ("Cf", "Mn", "Cc", "Cs", "Co")


def chinese_family() -> str:
    """Return the first family of `FAMILIES` that this system has.

    Raises
    ------
    MapError
        It has none of them.
    """
    for family in FAMILIES:
        if QgsFontUtils.fontFamilyMatchOnSystem(family)[0]:
            return family
    raise MapError(
        Text("系统中没有可用的简体中文字体", "this system has no simplified Chinese font"),
        Text(f"依次查找：{'、'.join(FAMILIES)}。", f"Looked for: {', '.join(FAMILIES)}."),
        Text("请安装其中之一，如 Debian 的 fonts-noto-cjk。", "Install one of them, on Debian fonts-noto-cjk."),
    )


def drawable(text: str, family: str) -> str:
    """Return a text with `SUBSTITUTE` for each character that the font lacks; joiners and selectors are left out."""
    if all(has_glyph(char, family) for char in text):
        return text
    kept = [char for char in text if char == "\n" or has_glyph(char, family) or not _unseen(char)]
    return "".join(char if char == "\n" or has_glyph(char, family) else SUBSTITUTE for char in kept)


def lacking(text: str, family: str) -> list[str]:
    """Return the characters of a text that the font lacks, each once."""
    return [char for char in dict.fromkeys(text) if char != "\n" and not has_glyph(char, family) and not _unseen(char)]


@cache
def has_glyph(char: str, family: str) -> bool:
    """Tell whether a font has a picture of a character."""
    return bool(_raw(family).supportsCharacter(ord(char)))


def _unseen(char: str) -> bool:
    return unicodedata.category(char) in _UNSEEN


@cache
def _raw(family: str) -> QRawFont:
    return QRawFont.fromFont(QFont(family))


def with_family(text_format: QgsTextFormat, family: str, size: float | None = None) -> QgsTextFormat:
    """Return a copy of a text format in the family and, where given, another size in points."""
    changed = QgsTextFormat(text_format)
    bold = is_bold(text_format)
    font = QFont(family)
    font.setBold(bold)
    changed.setFont(font)
    changed.setNamedStyle("Bold" if bold else "Regular")
    font = changed.font()
    font.setStyleStrategy(QFont.StyleStrategy.PreferNoShaping)
    changed.setFont(font)
    changed.setFamilies([family])
    changed.setSize(text_format.size() if size is None else size)
    return changed


def is_bold(text_format: QgsTextFormat) -> bool:
    """Tell whether a text format is meant bold: its font forgets it where the style has another name."""
    return bool(text_format.font().bold() or text_format.namedStyle() == "Bold")


def text_width_mm(text: str, family: str, size_pt: float, bold: bool = False) -> float:
    """Return the width of a text on paper."""
    return sum(_advance(char, family, bold) for char in text) / _MEASURE_PX * size_pt * MM_PER_POINT


def line_height_mm(family: str, size_pt: float) -> float:
    """Return the distance of the base lines of two lines of text on paper."""
    return float(_metrics(family, False).lineSpacing()) / _MEASURE_PX * size_pt * MM_PER_POINT


@cache
def _advance(char: str, family: str, bold: bool) -> float:
    return float(_metrics(family, bold).horizontalAdvance(char))


@cache
def _metrics(family: str, bold: bool) -> QFontMetricsF:
    font = QFont(family)
    font.setPixelSize(_MEASURE_PX)
    font.setBold(bold)
    return QFontMetricsF(font)

"""The check of the file: one page of vectors in the Chinese font alone, without a path of the office."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from ...layers.texts import Text
from .issues import Issue

_PS_NAMES = {"Noto Sans CJK SC": b"NotoSansCJKsc", "Microsoft YaHei": b"MicrosoftYaHei", "PingFang SC": b"PingFangSC"}
_FONT = re.compile(rb"/FontName /(?:[A-Z]{6}\+)?([\w-]+)")
_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
_PICTURE = re.compile(rb"/Subtype\s*/Image")
_PNG = b"\x89PNG\r\n\x1a\n"
_MM_PER_INCH = 25.4
_SHORTEST_PATH = 5


def check_pdf(path: Path, family: str, places: Iterable[str] = ()) -> list[Issue]:
    """Return what is wrong with the PDF of one page.

    Parameters
    ----------
    path : Path
        The file.
    family : str
        The font it must be in.
    places : iterable of str
        Folders of the office that it must not name.
    """
    content = path.read_bytes()
    return list(_pdf(content, family, places))


def _pdf(content: bytes, family: str, places: Iterable[str]) -> Iterator[Issue]:
    pages = len(_PAGE.findall(content))
    if pages != 1:
        yield Issue("pages", "file", Text(f"文件有 {pages} 页", f"the file has {pages} pages"))
    fonts = set(_FONT.findall(content))
    wanted = _PS_NAMES.get(family, family.replace(" ", "").encode())
    strange = sorted(font.decode("latin-1") for font in fonts if not font.startswith(wanted))
    if strange or not fonts:
        names = ", ".join(strange) or "-"
        yield Issue("font", names, Text(f"字体不是 {family}：{names}", f"fonts other than {family}: {names}"))
    if fonts and b"/FontFile" not in content:
        yield Issue("font", family, Text("字体没有嵌入", "the font is not embedded"))
    if _PICTURE.search(content):
        yield Issue("raster", "file", Text("文件含有栅格图像", "the file holds a raster picture"))
    for place in places:
        if len(place) >= _SHORTEST_PATH and any(place.encode(code) in content for code in ("utf-8", "utf-16-be")):
            yield Issue("path", "file", Text("文件中有本机路径", "the file names a folder of this machine"))


def check_png(path: Path, size_mm: tuple[float, float], dpi: int) -> list[Issue]:
    """Return what is wrong with a PNG: not whole, or not of the size asked for."""
    head = path.read_bytes()
    wanted = [side / _MM_PER_INCH * dpi for side in size_mm]
    if not head.startswith(_PNG) or b"IEND" not in head[-16:]:
        return [Issue("png", "file", Text("图片文件不完整", "the picture is not whole"))]
    got = struct.unpack(">II", head[16:24])
    if any(abs(a - b) > 1.5 for a, b in zip(got, wanted, strict=True)):
        return [Issue("png", "file", Text("图片大小与图幅不符", "the picture is not of the size of the sheet"))]
    return []

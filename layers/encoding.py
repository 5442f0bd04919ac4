"""The encoding of shapefile texts, which the format often leaves unsaid.

A shapefile is read as ISO-8859-1, which keeps every byte, and decoded here: OGR's own way
fails on a heading or text that was cut in the middle of a character, as long Chinese ones are.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from pathlib import Path

import pyogrio
import pyogrio.raw

from .errors import EcoRedlineError
from .texts import Text

RAW = "ISO-8859-1"
_CODE_PAGES = {
    "65001": "utf-8", "936": "gb18030", "54936": "gb18030", "950": "big5", "1252": "cp1252", "1200": "utf-16",
    "88591": "iso-8859-1",
}  # fmt: skip
_CHINESE = ("gbk", "gb2312", "cp936", "gb18030")
_LDID = {0x4D: "gb18030", 0x4F: "big5"}
_LDID_OFFSET = 29
_SAMPLE = 20_000
_SHORTEST_CUT = 9  # a heading of 10 bytes cut to whole characters; shorter texts were never cut
_DETECTED = ("utf-8", "gb18030")


def codec(name: str) -> str | None:
    """Return the Python codec of a name as written in a .cpg file, or None where there is none.

    GBK and GB2312 are read as GB18030, which contains both.
    """
    word = name.strip().lower().replace("_", "-")
    digits = "".join(filter(str.isdigit, word))
    for candidate in (word, _CODE_PAGES.get(digits, ""), f"cp{digits}" if digits else ""):
        try:
            found = codecs.lookup(candidate).name if candidate else ""
        except LookupError:
            continue
        if found:
            return "gb18030" if found in _CHINESE else found
    return None


def said_by(shapefile: Path) -> str | None:
    """Return the codec that a shapefile names in its .cpg, else in the language byte of its .dbf, else None."""
    for suffix in (".cpg", ".CPG"):
        file = shapefile.with_suffix(suffix)
        if file.is_file():
            found = codec(file.read_text(encoding="ascii", errors="replace"))
            if found:
                return found
    for suffix in (".dbf", ".DBF"):
        file = shapefile.with_suffix(suffix)
        if file.is_file():
            with file.open("rb") as stream:
                head = stream.read(_LDID_OFFSET + 1)
            return _LDID.get(head[_LDID_OFFSET]) if len(head) > _LDID_OFFSET else None
    return None


def decode(raw: str, name: str, full: bool = False) -> str:
    """Return a text that was read as ISO-8859-1, decoded.

    Parameters
    ----------
    raw : str
        The text, one character per byte.
    name : str
        Python codec.
    full : bool
        Whether the text may have been cut at the width of its field: an incomplete last character is then left out.

    Raises
    ------
    UnicodeDecodeError
        The bytes are not in that encoding.
    """
    data = raw.encode(RAW)
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        if full and len(data) >= _SHORTEST_CUT and error.start >= len(data) - 3 and error.end == len(data):
            return data[: error.start].decode(name)
        raise


def detect(texts: Iterable[str], where: str, fail: type[EcoRedlineError]) -> str:
    """Return ``utf-8`` or ``gb18030``, whichever decodes all texts.

    Parameters
    ----------
    texts : iterable of str
        Headings and values as read with ISO-8859-1.
    where : str
        File and layer, for the message.
    fail : type of EcoRedlineError
        What is raised when neither does.
    """
    odd = [text for text in set(texts) if not text.isascii()]
    for name in _DETECTED:
        try:
            for text in odd:
                decode(text, name, full=True)
        except UnicodeDecodeError:
            continue
        return name
    raise wrong_encoding(where, "UTF-8 / GB18030", fail)


def wrong_encoding(where: str, name: str, fail: type[EcoRedlineError]) -> EcoRedlineError:
    """Return the error for texts that are not in the encoding tried."""
    return fail(
        Text(f"{where}：文字不是 {name} 编码", f"{where}: texts are not in {name}"),
        Text("按该编码无法还原全部文字。", "Not every text can be decoded."),
        Text(
            '请在图层配置的该 [[layer]] 中写 encoding = "GBK"（导入地块时用 encoding 指明），或改正 .cpg 文件。',
            'Say encoding = "GBK" (or what it is) in that [[layer]] of the layer set, or correct the .cpg file.',
        ),
    )


def shapefile_codec(
    source: str, layer: str, declared: str | None, where: str, fail: type[EcoRedlineError]
) -> tuple[str | None, str | None]:
    """Return the codec of a shapefile's texts and, where it was found by trying, the same again."""
    if declared:
        found = codec(declared)
        if found is None:
            raise wrong_encoding(where, declared, fail)
        return found, None
    path = Path(source)
    said = said_by(path if path.suffix.lower() == ".shp" else path / f"{layer}.shp")
    if said:
        return said, None
    info = pyogrio.read_info(source, layer=layer, encoding=RAW)
    _, _, _, columns = pyogrio.raw.read(source, layer=layer, encoding=RAW, read_geometry=False, max_features=_SAMPLE)
    texts = [str(name) for name in info["fields"]]
    for column in columns:
        if column.dtype == object:
            texts += [value for value in column if isinstance(value, str)]
    if all(text.isascii() for text in texts):
        return "utf-8", None
    found = detect(texts, where, fail)
    return found, found

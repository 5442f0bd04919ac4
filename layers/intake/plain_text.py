"""Bytes of text files decoded: by their mark, else as UTF-8, UTF-16 or GB18030, whichever they are."""

from __future__ import annotations

import codecs

from ..errors import EcoRedlineError
from ..texts import Text
from .shapes import wrong

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD = 4096
_SHARE_OF_NULLS = 0.2


def decode(data: bytes, where: str, encoding: str | None = None) -> tuple[str, str]:
    """Return a text and the encoding it was in.

    Parameters
    ----------
    data : bytes
        A whole text.
    where : str
        The file, for the message.
    encoding : str, optional
        What the user says it is in.

    Raises
    ------
    SitesError
        The bytes are no text in any of the encodings; the message names the first wrong byte.
    """
    tried = [encoding] if encoding else _likely(data)
    for name in tried:
        try:
            text = data.decode(name)
        except (UnicodeDecodeError, LookupError) as error:
            last = error
            continue
        if "\0" in text:
            raise wrong(where, Text("含有空字符，不是文本文件", "there are null characters: this is no text"))
        return text, "utf-8" if name == "utf-8-sig" else name
    raise _undecodable(where, tried, last)


def _likely(data: bytes) -> list[str]:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return [name]
    head = data[:_HEAD]
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = head[offset::2]
        if len(half) > 1 and half.count(0) > _SHARE_OF_NULLS * len(half) and head[1 - offset :: 2].count(0) == 0:
            return [name]
    return ["utf-8", "gb18030"]


def _undecodable(where: str, tried: list[str], error: Exception) -> EcoRedlineError:
    names = " / ".join(tried)
    place = f"{error.start}" if isinstance(error, UnicodeDecodeError) else "0"
    return wrong(
        where,
        Text(f"第 {place} 字节起不是 {names} 编码的文字", f"from byte {place} on it is no text in {names}"),
        Text("请另存为 UTF-8 文本后重新导入。", "Save it as UTF-8 text and import again."),
    )

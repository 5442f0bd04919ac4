"""Values of a dossier as text that any file format can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from math import isnan
from typing import Any

import numpy as np
import pandas as pd

# what XML 1.0 cannot hold: Word, Excel and SVG are XML
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SEPARATOR = re.compile(r"\s*[;；、,，]\s*")
_FILE = (
    r"\.(?:gpkg|shp|gdb|geojson|json|kml|kmz|ovkml|dxf|dwg|txt|csv|tsv|toml|tiff?|parquet|fgb|gml|zip|xlsx?|mdb"
    r"|sqlite|db|qgz|qgs)\b"
)
_WORD = r"[^\s;；，、。：（）()\"'“”|=]*"
_PATH = re.compile(
    r"(?:file:)?(?:"
    r"(?<![A-Za-z0-9])[A-Za-z]:[\\/]|\\\\"  # C:\, \\server
    r"|(?<![\w.])~?/(?=\S)|(?<![A-Za-z0-9_.%²³])~?/(?=[A-Za-z~.])"  # /folder, also right after Chinese
    r"|(?<![A-Za-z0-9_.])\.{1,2}[\\/]"
    r")[^\s;；，、。（）()\"'“”|]*"
    rf"|{_WORD}{_FILE}(?:\|[^\s;；，、。（）()\"'“”]*)?"
    rf"|{_WORD}\\{_WORD}"
    r"|\b(?:postgres(?:ql)?|host|dbname|service)\s*(?:=|://)[^;；。]*",
    re.IGNORECASE,
)
_FOLDERS = re.compile(r"^.*[\\/](?=.)")
HIDDEN_PATH = "［路径略］"


def shown(value: Any) -> str:
    """Return any value of a table as printable text; nothing known is empty text."""
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, bool | np.bool_):
        return "是" if value else "否"
    if isinstance(value, float | np.floating):
        return "" if isnan(value) else f"{float(value):.12g}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds").removesuffix(" 00:00:00")
    if isinstance(value, date):
        return value.isoformat()
    return _UNPRINTABLE.sub("\ufffd", str(value))


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a table as named tuples; the kinds of their fields are those of the table's declaration."""
    yield from frame.itertuples(index=False)


def parts(text: str) -> list[str]:
    """Return the items of a list written with ``;`` or ``、``, without blanks, in order, each once."""
    return list(dict.fromkeys(item for item in _SEPARATOR.split(text.strip()) if item))


def cited(text: str) -> str:
    """Return a citation with the book marks of a title within a title as single ones (GB/T 15834)."""
    depth, out = 0, []
    for letter in text:
        depth -= letter == "》"
        out.append({"《": "〈", "》": "〉"}.get(letter, letter) if depth > 0 else letter)
        depth += letter == "《"
    return "".join(out)


def short_paths(text: str) -> str:
    """Return the text with the folders of file paths taken out, which tell a reader nothing."""
    return _PATH.sub(lambda match: _FOLDERS.sub("", match[0]), text)


def without_paths(text: str) -> str:
    """Return the text with file paths, file names of data and database addresses taken out.

    Rather too much than too little: it serves papers that must not tell where controlled data lies.
    """
    return _PATH.sub(HIDDEN_PATH, text)

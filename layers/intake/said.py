"""What a text says of its coordinate system, in the words of Chinese surveys."""

from __future__ import annotations

import re
import unicodedata

from .shapes import Header

_DATUMS = (
    ("gcj02", re.compile(r"gcj|火星|高德|腾讯", re.IGNORECASE)),
    ("bd09", re.compile(r"bd-?09|百度", re.IGNORECASE)),
    ("xian80", re.compile(r"西安|1980|xi.?an|80坐标|80系", re.IGNORECASE)),
    ("beijing54", re.compile(r"北京|1954|beijing|54坐标|54系", re.IGNORECASE)),
    ("cgcs2000", re.compile(r"cgcs|2000国家|国家2000|2000坐标|大地2000|china.?2000", re.IGNORECASE)),
    ("wgs84", re.compile(r"wgs", re.IGNORECASE)),
)
_MERIDIAN = re.compile(r"(?:中央子午线|中央经线|central.?meridian|\bcm)[^\d]{0,6}(\d{2,3}(?:\.\d+)?)", re.IGNORECASE)
_WIDTH = re.compile(r"([36三六])\s*(?:度|°)\s*(?:分?带)|几度分带[^\d]{0,3}([36])|([36])-degree", re.IGNORECASE)
_ZONE = re.compile(r"(?:带号|第)\s*[=:：]?\s*(\d{2})(?!\d)")
_WORDS = {"三": 3, "六": 6}


def header_of(text: str) -> Header:
    """Return what a text says of its coordinate system; what is said twice and differently is not taken."""
    text = unicodedata.normalize("NFKC", text)
    datums = {name for name, form in _DATUMS if form.search(text)}
    datum = datums.pop() if len(datums) == 1 else ""
    found = _WIDTH.search(text)
    word = next((group for group in found.groups() if group), "") if found else ""
    width = _WORDS.get(word) or (int(word) if word else None)
    said = _MERIDIAN.search(text)
    meridian = float(said[1]) if said else None
    zone = _ZONE.search(text)
    if meridian is None and zone:
        meridian = meridian_of(int(zone[1]), width)
    return Header(datum, meridian, width)


def meridian_of(zone: int, width: int | None) -> float | None:
    """Return the central meridian of a zone number in China: 25 to 45 are zones of 3 degrees, 13 to 23 of 6."""
    if 25 <= zone <= 45 and width in (None, 3):
        return 3.0 * zone
    if 13 <= zone <= 23 and width in (None, 6):
        return 6.0 * zone - 3.0
    return None

"""Text of a PDF that can be searched and copied.

A Chinese font draws a radical and the character that looks like it with one glyph;
Qt tells the glyph by the first of the two, so that 用 is found as the radical ⽤ only.
"""

from __future__ import annotations

import re
import unicodedata

_CMAP = re.compile(rb"begincmap.*?endcmap", re.DOTALL)
_LISTED = re.compile(rb"\[[^\]]*\]")
_CODE = re.compile(rb"<(2[EF][0-9A-F]{2})>")
_SUPPLEMENT = (
    "⺂乛⺃乚⺅亻⺉刂⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺘扌⺙攵⺛旡⺞歺⺠民⺡氵⺣灬⺤爫⺦丬⺨犭⺭礻⺯糹⺰纟⺱罓⺹耂⺺肀⺾艹⻂衤⻅见"
    "⻆角⻈讠⻉贝⻋车⻌辶⻐钅⻑長⻒镸⻓长⻔门⻖阝⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻮齿⻯竜"
    "⻰龙⻱龜⻲亀⼾户"
)
_UNIFIED = dict(zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True))


def with_plain_characters(content: bytes) -> bytes:
    """Return the PDF with characters in place of radicals in its tables of text (ToUnicode), of equal length."""
    return _CMAP.sub(lambda cmap: _LISTED.sub(lambda codes: _CODE.sub(_plain, codes[0]), cmap[0]), content)


def _plain(code: re.Match[bytes]) -> bytes:
    radical = chr(int(code[1], 16))
    character = _UNIFIED.get(radical) or unicodedata.normalize("NFKC", radical)
    return b"<%04X>" % ord(character)

"""修复前后对比表 as HTML with its pictures inside, plain enough for Qt's rich text to print as PDF."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

from ...layers.texts import Text
from ..engine.restoration.pictures import Picture
from ..engine.words import DISCLAIMER
from .png import png
from .restoration_page import Grid, Page

FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, SimSun"
_CHIP, _BARS = 205, 420


def page_html(page: Page) -> str:
    """Return one page."""
    parts = [f"<h2>{escape(page.heading)}</h2>"]
    if page.pictures:
        above = "".join(f"<td>{_image(picture, _CHIP)}</td>" for picture, _ in page.pictures)
        below = "".join(f"<td>{escape(caption)}</td>" for _, caption in page.pictures)
        parts.append(f'<table cellspacing="4"><tr>{above}</tr><tr>{below}</tr></table>')
    parts.append(f"<p>{escape(page.legend)}</p>")
    pairs = [*page.figures, ("", "")][: 2 * ((len(page.figures) + 1) // 2)]
    rows = [(*pairs[n], *pairs[n + 1]) for n in range(0, len(pairs), 2)]
    parts += [_table(rows), _grid(page.classes)]
    if page.bars is not None:
        parts.append(f"<p>{_image(page.bars, _BARS)}<br>{escape(page.bars_title)}</p>")
    parts += [_grid(page.trend), f"<p>{escape(page.says)}</p>", f"<p>{escape(page.cannot)}</p>"]
    return _framed("".join(parts))


def notes_html(notes: Sequence[Text]) -> str:
    """Return the last page: what was assumed of the data, and the disclaimer."""
    listed = "".join(f"<p>· {escape(note.zh)}</p>" for note in notes)
    return _framed(f"<h3>数据和方法</h3>{listed}<p>{DISCLAIMER}</p>")


def _framed(body: str) -> str:
    return f'<html><body style="font-family: {FONT}; font-size: 9pt">{body}</body></html>'


def _image(picture: Picture, width: int) -> str:
    data = base64.b64encode(png(picture)).decode("ascii")
    return f'<img src="data:image/png;base64,{data}" width="{width}">'


def _grid(grid: Grid) -> str:
    return f"<p>{escape(grid.title)}</p>{_table(grid.rows)}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    lines = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows)
    return f'<table border="1" cellspacing="0" cellpadding="2" width="100%">{lines}</table>'

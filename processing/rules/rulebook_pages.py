"""The rule book as Markdown and as one HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .rulebook import FOREWORD, TITLE, Section

STYLE = (
    "body{font:16px/1.6 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}"
    "blockquote{border-left:4px solid #9a9;margin:.5em 0;padding:.2em 1em;background:#f6f8f6}"
    "dl{display:grid;grid-template-columns:8em 1fr;gap:.2em 1em;margin:.5em 0}dt{color:#555}dd{margin:0}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #ccc;padding:.3em .5em;vertical-align:top;"
    "text-align:left}h3{margin-top:1.6em;border-top:1px solid #ddd;padding-top:.6em}"
)


def markdown(sections: Sequence[Section]) -> str:
    """Return the rule book as Markdown."""
    lines = [f"# {TITLE}", "", *(line for words in FOREWORD for line in (words, ""))]
    for section in sections:
        lines += [f"{'#' * section.level} {section.title}", ""]
        if section.quote:
            lines += [f"> {section.quote}", ""]
        lines += [f"- {name}：{_plain(words)}" for name, words in section.pairs]
        if section.columns:
            lines += [_row(section.columns), _row(["---"] * len(section.columns)), *map(_row, section.rows)]
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _plain(words: str) -> str:
    return words.replace("\n", " ")


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_plain(cell).replace("|", "\\|") for cell in cells) + " |"


def html(sections: Sequence[Section]) -> str:
    """Return the rule book as a page that stands alone."""
    body = [f"<h1>{TITLE}</h1>", *(f"<p>{escape(words)}</p>" for words in FOREWORD)]
    for section in sections:
        body.append(f'<h{section.level} id="{escape(section.anchor)}">{escape(section.title)}</h{section.level}>')
        if section.quote:
            body.append(f"<blockquote>{escape(section.quote)}</blockquote>")
        if section.pairs:
            pairs = "".join(f"<dt>{escape(name)}</dt><dd>{escape(words)}</dd>" for name, words in section.pairs)
            body.append(f"<dl>{pairs}</dl>")
        if section.columns:
            head = "".join(f"<th>{escape(cell)}</th>" for cell in section.columns)
            rows = "".join(f"<tr>{''.join(f'<td>{escape(c)}</td>' for c in row)}</tr>" for row in section.rows)
            body.append(f"<table><tr>{head}</tr>{rows}</table>")
    joined = "\n".join(body)
    return (
        f'<!DOCTYPE html>\n<html lang="zh">\n<meta charset="utf-8">\n<title>{TITLE}</title>\n'
        f"<style>{STYLE}</style>\n<body>\n{joined}\n</body>\n</html>\n"
    )

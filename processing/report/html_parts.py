"""Pieces of the HTML page; every text of a dossier goes through ``escape``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from ...layers.texts import Text
from .model import Entry, FindingPaper, Others, SitePaper, UnitPaper
from .palette import looks

ITEM_HEADS = (
    Text("管控要求层级", "level"),
    Text("管控类别", "dimension"),
    Text("管控要求", "requirement"),
    Text("建设项目相关情况", "the project"),
    Text("符合性结论", "conformity"),
)


def gloss(text: Text) -> str:
    """Return a text with its English gloss, which the page shows on demand."""
    english = f' <span class="en" lang="en">{escape(text.en)}</span>' if text.en and text.en != text.zh else ""
    return escape(text.zh) + english


def chip(look: str, words: str) -> str:
    """Return a verdict's word in its colours."""
    known = look if look in looks() else "undetermined"
    return (
        f'<span class="chip f-{known}"><span aria-hidden="true">{looks()[known].symbol}</span> {escape(words)}</span>'
    )


def cell(html: str, value: object = None, look: str = "") -> str:
    """Return a table cell; ``value`` sorts it where its text does not."""
    sort = f' data-v="{escape(str(value))}"' if value is not None else ""
    return f"<td{sort}{' class=' + chr(34) + look + chr(34) if look else ''}>{html}</td>"


def row(cells: Iterable[str], look: str = "") -> str:
    """Return a table row; ``look`` lets the verdict filter find it."""
    mark = f' data-look="{look}"' if look else ""
    return f"<tr{mark}>{''.join(cells)}</tr>"


def others(group: Others, columns: int) -> str:
    """Return the row of layers that share a state: the state, and in one wide cell their names."""
    words = group.names + (f"（{group.note}）" if group.note else "")
    return row((cell(escape(group.state)), f'<td colspan="{columns - 1}">{escape(words)}</td>'))


def table(heads: Sequence[Text], rows: Iterable[str], tools: bool = True) -> str:
    """Return a table, with sorting and a filter box where ``tools``."""
    body = "".join(rows)
    if not body:
        return '<p class="none">无。</p>'
    head = "".join(f'<th scope="col">{_sorter(text) if tools else gloss(text)}</th>' for text in heads)
    box = '<input class="filter" type="search" placeholder="筛选本表 filter" aria-label="筛选本表">' if tools else ""
    kind = "data tools" if tools else "data"
    made = f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="sheet">{box}{made}</div>'


def pairs(entries: Iterable[Entry]) -> str:
    """Return labelled values as a description list."""
    items = "".join(
        f"<div{' class=wide' if entry.wide else ''}><dt>{gloss(entry.label)}</dt><dd>{escape(entry.value)}</dd></div>"
        for entry in entries
    )
    return f'<dl class="pairs">{items}</dl>'


def card(number: int, site: SitePaper) -> str:
    """Return the card of one site, opened by a link to ``#s<number>``."""
    questions = "".join(f"<li>{escape(question)}</li>" for question in site.questions)
    findings = "".join(_finding(finding) for finding in site.findings) or '<p class="none">没有触发的条款。</p>'
    roles = table(
        (
            Text("图层", "layer"),
            Text("状态", "state"),
            Text("是否重叠", "overlaps"),
            Text("面积", "area"),
            Text("比例", "share"),
        ),
        (
            *(row(cell(escape(text)) for text in (r.name, r.state, r.touched, r.area, r.share)) for r in site.roles),
            *(others(group, 5) for group in site.other_roles),
        ),
        tools=False,
    )
    days = table(
        (
            Text("日期依据", "basis"),
            Text("日期", "day"),
            Text("初筛意见", "verdict"),
            Text("结果不同的规则", "differing rules"),
        ),
        (row(cell(escape(text)) for text in day) for day in site.days if len(site.days) > 1),
        tools=False,
    )
    parts = [
        pairs(site.opinion),
        f"<h4>{gloss(Text('项目基本情况', 'the project'))}</h4>{pairs(site.project)}",
        _chemistry(site),
        f"<h4>{gloss(Text('逐条发现', 'findings'))}</h4>{findings}",
        _line(site),
        f"<h4>{gloss(Text('环境管控单元', 'control units'))}</h4>{''.join(map(_unit, site.units)) or _NO_UNIT}",
        f"<h4>{gloss(Text('待答问题', 'open questions'))}</h4><ol>{questions}</ol>" if questions else "",
        _consultations(site),
        f"<h4>{gloss(Text('环境保护目标', 'environmental targets'))}</h4>{_receptors(site)}",
        f"<h4>{gloss(Text('各图层核查情况', 'layers checked'))}</h4>{roles}",
        f"<h4>{gloss(Text('分日判定', 'by day'))}</h4>{days}" if len(site.days) > 1 else "",
    ]
    title = f'<span class="id">{escape(site.site_id)}</span> {escape(site.name)}'
    return (
        f'<details class="card" id="s{number}" data-look="{site.look}"><summary>{chip(site.look, site.words)} {title}'
        f'</summary><div class="inside">{"".join(parts)}</div></details>'
    )


def _chemistry(site: SitePaper) -> str:
    if not site.chemistry:
        return ""
    return f"<h4>{gloss(Text('化工项目的判定依据', 'evidence of a chemical project'))}</h4>{pairs(site.chemistry)}"


def _line(site: SitePaper) -> str:
    if site.line is None:
        return ""
    heads = (
        Text("进入桩号", "enters"), Text("离开桩号", "leaves"), Text("图层", "layer"), Text("要素", "feature"),
        Text("长度", "length"), Text("敷设方式", "mode"),
    )  # fmt: skip
    rows = (row(cell(escape(text)) for text in passage) for passage in site.line.passages)
    return f"<h4>{gloss(Text('线路分段（按桩号）', 'the line by stake'))}</h4>{table(heads, rows, tools=False)}"


def _receptors(site: SitePaper) -> str:
    heads = (Text("名称", "name"), Text("方位", "bearing"), Text("距厂界距离", "distance"), Text("范围", "within"))
    rows = (row(cell(escape(text)) for text in (r.name, r.wind, r.distance, r.ring)) for r in site.receptors.rows)
    listed = table(heads, rows, tools=False) if site.receptors.rows else ""
    return f'{listed}<p class="none">{escape(site.receptors.note)}</p>'


def _consultations(site: SitePaper) -> str:
    heads = (Text("部门", "department"), Text("事项", "matter"), Text("请说明", "to ask"), Text("依据", "basis"))
    rows = (
        row(cell(escape(text)) for text in (each.department, asked.matter, asked.ask, asked.basis))
        for each in site.consultations
        for asked in each.rows
    )
    if not site.consultations:
        return ""
    return f"<h4>{gloss(Text('部门会商', 'to ask of departments'))}</h4>{table(heads, rows, tools=False)}"


_NO_UNIT = '<p class="none">没有核出所在的环境管控单元。</p>'


def _finding(finding: FindingPaper) -> str:
    legal = f"（{finding.legal}）" if finding.legal else ""
    quote = f"<blockquote>{escape(finding.quote)}</blockquote>" if finding.quote else ""
    return (
        f'<section class="finding b-{finding.look}"><h5>{chip(finding.look, finding.words)} '
        f'<span class="id">{escape(finding.rule_id)}</span> {escape(finding.subject)}</h5>'
        f'<p class="law">{escape(finding.citation + legal)}</p>{quote}{pairs(finding.entries)}</section>'
    )


def _unit(unit: UnitPaper) -> str:
    words = f"{unit.code} {unit.name}　{unit.kind}　{unit.area}，占 {unit.share}"
    head = f"<h5>{escape(words)}</h5>"
    rows = (
        row(cell(escape(text)) for text in (i.level, i.dimension, i.requirement, i.situation, i.suggestion))
        for i in unit.items
    )
    return head + table(ITEM_HEADS, rows, tools=False)


def _sorter(text: Text) -> str:
    # no <button>: browsers leave it blank in the heading that print repeats
    return f'<span class="sort" role="button" tabindex="0">{gloss(text)}</span>'

"""The HTML page of one run: one file that opens without a network and asks for none."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from string import Template

from ...layers.progress import Progress
from ...layers.texts import Text
from ..engine.words import DISCLAIMER, PAPER_TITLE, SEAL_LABEL, VERDICT_TEXTS
from .charts import charts
from .figures import NOTHING, area, metres
from .finding import order
from .html_parts import card, cell, chip, gloss, others, pairs, row, table
from .model import RunPaper, SitePaper
from .palette import CLEAR_PARTIAL, looks
from .paper import Papers
from .site_map import site_map

SITES_PER_PAGE = 2_000
_TEMPLATES = Path(__file__).parent / "templates"
_OTHERS = (Text("状态", "state"), Text("没有数据的图层", "layers without data"))
_LOOK_TEXTS = {
    **{str(verdict): text for verdict, text in VERDICT_TEXTS.items()},
    CLEAR_PARTIAL: Text("已核查部分未触及", "clear as far as checked"),
}


def write(path: Path, papers: Papers, progress: Progress | None = None) -> None:
    """Write the page of a run.

    Parameters
    ----------
    path : Path
        The file to write.
    papers : Papers
        The papers of the run; of more than 2,000 sites the worst are shown and the page says so.
    progress : Progress, optional
        Told, and asked whether to stop, at every site.
    """
    progress = progress or Progress()
    ranked = papers.ranked_ids()
    sites = []
    for place, site_id in enumerate(ranked[:SITES_PER_PAGE]):
        progress.step(place / len(ranked))
        sites.append(papers.site(site_id))
    path.write_text(_page(papers, sites, len(ranked)), encoding="utf-8")


def _page(papers: Papers, sites: Sequence[SitePaper], total: int) -> str:
    style = _read("page.css") + _look_rules()
    script = _read("page.js")
    run = papers.run
    left = f"共 {total} 个地块，本页按结论由重到轻列出前 {len(sites)} 个，其余见 Excel。" if total > len(sites) else ""
    drawing = site_map(papers.source, sites)
    return Template(_read("page.html")).substitute(
        title=PAPER_TITLE,
        policy=f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'",
        style=style,
        script=script,
        seal_label=SEAL_LABEL,
        seal=escape(run.seal),
        settings=pairs(run.settings),
        left=f'<p class="none">{left}</p>' if left else "",
        chips=_chips(papers.look_counts()),
        map=drawing or f'<p class="none">{"受控数据模式下不附地图。" if run.secrecy else "没有可绘制的地块。"}</p>',
        charts=charts(papers.source),
        sites=_sites(sites),
        findings=_findings(papers, sites),
        gaps=_gaps(run),
        layers=_layers(run),
        laws=_laws(run),
        rules=_rules(papers),
        statements="".join(f"<li>{gloss(text)}</li>" for text in run.statements),
        cards="".join(card(number, site) for number, site in enumerate(sites)),
        disclaimer=DISCLAIMER,
    )


def _chips(counts: Counter[str]) -> str:
    buttons = (
        f'<button type="button" class="pick" aria-pressed="false" data-look="{key}">{chip(key, _LOOK_TEXTS[key].zh)}'
        f" <b>{counts[key]}</b></button>"
        for key in looks()
        if counts[key]
    )
    return "".join(buttons)


def _sites(sites: Sequence[SitePaper]) -> str:
    heads = (
        Text("地块编号", "site"), Text("项目名称", "name"), Text("初筛意见", "verdict"), Text("完整性", "completeness"),
        Text("确定性", "certainty"), Text("发现", "findings"), Text("管控单元", "control units"),
    )  # fmt: skip
    return table(heads, (_site_row(number, site) for number, site in enumerate(sites)))


def _site_row(number: int, site: SitePaper) -> str:
    completeness, certainty = (entry.value for entry in site.opinion[:2])
    units = "、".join(unit.code for unit in site.units) or NOTHING
    return row(
        (
            cell(f'<a href="#s{number}">{escape(site.site_id)}</a>'),
            cell(escape(site.name)),
            cell(chip(site.look, site.words), value=order(site.verdict)),
            cell(escape(completeness.split("（")[0])),
            cell(escape(certainty)),
            cell(str(len(site.findings)), value=len(site.findings)),
            cell(escape(units)),
        ),
        look=site.look,
    )


def _findings(papers: Papers, sites: Sequence[SitePaper]) -> str:
    heads = (
        Text("地块编号", "site"), Text("结论", "verdict"), Text("规则", "rule"), Text("依据条款", "clause"),
        Text("对象", "feature"), Text("重叠面积", "overlap"), Text("距离", "distance"), Text("确定性", "certainty"),
        Text("主管部门", "department"),
    )  # fmt: skip
    return table(heads, _finding_rows(papers, sites))


def _finding_rows(papers: Papers, sites: Sequence[SitePaper]) -> Iterator[str]:
    for number, site in enumerate(sites):
        for finding in site.findings:
            said = {entry.label.zh: entry.value for entry in finding.entries}
            figures = finding.figures
            yield row(
                (
                    cell(f'<a href="#s{number}">{escape(site.site_id)}</a>'),
                    cell(chip(finding.look, finding.words), value=order(finding.verdict)),
                    cell(escape(finding.rule_id)),
                    cell(escape(finding.citation)),
                    cell(escape(finding.subject)),
                    cell(area(figures.overlap_m2) if figures.overlap_m2 > 0 else NOTHING, value=figures.overlap_m2),
                    cell(
                        f'<span class="figure">{metres(figures.distance_m, (figures.limit_m,))}</span>',
                        value=figures.distance_m,
                    ),
                    cell(escape(said.get("确定性", NOTHING))),
                    cell(escape(said.get("主管部门", NOTHING))),
                ),
                look=site.look,
            )


def _gaps(run: RunPaper) -> str:
    heads = (
        Text("补救办法", "cure"),
        Text("原因", "cause"),
        Text("图层", "layers"),
        Text("规则", "rules"),
        Text("地块数", "sites"),
    )
    rows = (
        row(cell(escape(text)) for text in (gap.cure, "；".join(gap.causes), gap.roles, gap.rules, gap.sites))
        for gap in run.gaps
    )
    return table(heads, rows)


def _layers(run: RunPaper) -> str:
    heads = (
        Text("图层", "layer"), Text("状态", "state"), Text("数据时点", "vintage"), Text("精度", "accuracy"),
        Text("数据性质", "authority"), Text("要素数", "features"), Text("依据与说明", "basis and notes"),
    )  # fmt: skip
    rows = (
        row(
            cell(escape(t))
            for t in (r.name, r.state, r.vintage, r.accuracy, r.authority, r.features, r.note or NOTHING)
        )
        for r in run.layers
    )
    dropped = "".join(f"<li>{escape(name)}：{escape(reason)}</li>" for name, reason in run.dropped)
    title = gloss(Text("核查清单未列入的图层", "left out by the profile"))
    left_out = f"<h3>{title}</h3><ul>{dropped}</ul>" if dropped else ""
    return table(heads, rows) + table(_OTHERS, (others(group, 2) for group in run.other_layers), tools=False) + left_out


def _laws(run: RunPaper) -> str:
    heads = (
        Text("文件", "text"),
        Text("性质", "kind"),
        Text("施行日期", "dates"),
        Text("条款", "clauses"),
        Text("说明", "note"),
    )
    rows = (
        row(
            cell(escape(t))
            for t in (law.title, law.kind, law.dates, law.clauses or NOTHING, " ".join(law.note) or NOTHING)
        )
        for law in run.laws
    )
    return table(heads, rows, tools=False)


def _rules(papers: Papers) -> str:
    heads = (Text("规则", "rule"), Text("依据", "citation"), Text("条文", "wording"), Text("主管部门", "department"))
    rows = (
        row(
            (
                cell(escape(rule["rule_id"])),
                cell(escape(rule["citation"])),
                cell(escape(rule["text"])),
                cell(escape(rule["department"])),
            )
        )
        for rule in papers.source.rules.to_dict("records")
    )
    return table(heads, rows)


def _look_rules() -> str:
    return "".join(
        f".f-{key}{{color:{look.colour};background:{look.fill};border-color:{look.colour}}}"
        f".b-{key}{{border-left-color:{look.colour}}}.c-{key}{{color:{look.colour}}}\n"
        for key, look in looks().items()
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")

"""The Word paper of one site: 建设项目生态环境准入初步筛查意见表."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm
from docx.table import Table, _Cell

from ..engine.words import DISCLAIMER, PAPER_TITLE, SEAL_LABEL
from .annex import Annex
from .figures import NOTHING
from .model import Entry, FindingPaper, LawRow, Others, RunPaper, SitePaper, UnitPaper
from .palette import looks
from .word_parts import (
    PAGE_WIDTH_MM,
    TABLE_PT,
    TITLE_PT,
    add_row,
    footer,
    grid,
    keep_head,
    keep_together,
    new_document,
    paragraph,
    shade,
)

SUMMARY = (81.5, 81.5)
PAIRS = (27.0, 54.5, 27.0, 54.5)
LAWS = (42.0, 18.0, 27.0, 38.0, 38.0)
LAYERS = (44.0, 15.0, 25.0, 15.0, 18.0, 14.0, 32.0)
ROLES = (50.0, 19.0, 19.0, 53.0, 22.0)
ITEMS = (19.0, 20.0, 48.0, 48.0, 28.0)
DAYS = (25.0, 27.0, 27.0, 84.0)
ANSWERS = (20.0, 50.0, 20.0, 18.0, 22.0, 33.0)
REVIEWS = (27.0, 27.0, 62.0, 22.0, 25.0)
GAPS = (40.0, 40.0, 60.0, 23.0)
DROPPED = (50.0, 113.0)
MAP_HEIGHT_MM = 205
VERDICT_PT = 14.0


def write(path: Path, site: SitePaper, run: RunPaper, annexes: Sequence[Annex] = ()) -> None:
    """Write the paper of one site.

    Parameters
    ----------
    path : Path
        The file to write.
    site : SitePaper
        The site.
    run : RunPaper
        What all sites of the run share.
    annexes : sequence of Annex
        Maps for 附图, PNG files with their titles.
    """
    document = new_document(PAPER_TITLE, site.site_id)
    centre = WD_ALIGN_PARAGRAPH.CENTER
    paragraph(document, PAPER_TITLE, size=TITLE_PT, bold=True, align=centre).style = document.styles["Normal"]
    paragraph(document, f"{SEAL_LABEL}：{run.seal}", size=TABLE_PT, align=centre)
    _summary(document, site)
    _project(document, site)
    _basis(document, site, run)
    _opinion(document, site)
    _findings(document, site.findings)
    _units(document, site.units)
    _open_matters(document, site, run)
    _annexes(document, annexes, run.secrecy)
    footer(document, f"{SEAL_LABEL}：{run.seal}　地块 {site.site_id}")
    paragraph(document, "")
    paragraph(document, DISCLAIMER, size=TABLE_PT)
    document.save(str(path))


def _summary(document: Document, site: SitePaper) -> None:
    """Say the opinion once at the top; section 3 holds it with its details."""
    paragraph(document, "", size=4)
    table = grid(document, SUMMARY)
    name = f"{site.site_id}　{site.name}" if site.name else site.site_id
    cells = add_row(table, SUMMARY, (name, ""), labels=(0,))
    _verdict(cells[1], site)


def _verdict(cell: _Cell, site: SitePaper) -> None:
    look = looks()[site.look]
    _only(cell, f"{look.symbol} {site.words}", colour=look.colour, bold=True, size=VERDICT_PT)
    shade(cell, look.fill)


def _project(document: Document, site: SitePaper) -> None:
    document.add_heading("一、项目基本情况", 1)
    _pairs(grid(document, PAIRS), site.project)


def _basis(document: Document, site: SitePaper, run: RunPaper) -> None:
    document.add_heading("二、依据与数据", 1)
    _pairs(grid(document, PAIRS), run.settings)
    document.add_heading("（一）依据文件", 2)
    _laws(document, site, run.laws)
    document.add_heading("（二）所用图层", 2)
    table = grid(document, LAYERS, ("图层", "状态", "数据时点", "精度", "数据性质", "要素数", "依据与说明"))
    for row in run.layers:
        add_row(
            table, LAYERS,
            (row.name, row.state, row.vintage, row.accuracy, row.authority, row.features, row.note or NOTHING),
        )  # fmt: skip
    _others(table, LAYERS, run.other_layers)
    if run.dropped:
        document.add_heading("（三）核查清单未列入的图层", 2)
        table = grid(document, DROPPED, ("图层", "理由"))
        for name, reason in run.dropped:
            add_row(table, DROPPED, (name, reason))
    for place, statement in enumerate(run.statements, 1):
        document.add_paragraph(f"注{place}：{statement.zh}", style="Note")


def _laws(document: Document, site: SitePaper, laws: Sequence[LawRow]) -> None:
    """List the texts that findings of the site cite, and by name the others that the run laid it against."""
    laws = [law for law in laws if not law.past or len(site.days) > 1]
    citations = [finding.citation for finding in site.findings]
    cited = [law for law in laws if not law.pending and any(citation.startswith(law.title) for citation in citations)]
    table = grid(document, LAWS, ("文件", "性质", "施行日期", "涉及条款", "说明"))
    for law in cited:
        add_row(table, LAWS, (law.title, law.kind, law.dates, law.clauses or NOTHING, "\n".join(law.note) or NOTHING))
    silent = [law for law in laws if law not in cited]
    groups = (
        ("列入核查，本地块没有发现", [law for law in silent if not (law.pending or law.past)]),
        ("仅用于受理日或审批日", [law for law in silent if law.past and not law.pending]),
        ("待核文本，未参与判定", [law for law in silent if law.pending]),
    )
    names = [(state, "、".join(dict.fromkeys(_named(law) for law in group))) for state, group in groups]
    _others(table, LAWS, [Others(state, listed) for state, listed in names if listed])
    document.add_paragraph("各文件的条款、施行日期和核对状态见同批成果 findings.xlsx 的“规则”表。", style="Note")


def _named(law: LawRow) -> str:
    """Return the title of a text, and of a pending one the rules that wait for it."""
    return f"{law.title}（{'、'.join(line for line in law.note if line.isascii())}）" if law.pending else law.title


def _opinion(document: Document, site: SitePaper) -> None:
    document.add_heading("三、初筛意见", 1)
    table = grid(document, PAIRS)
    cells = add_row(table, PAIRS, ("初筛意见", "", "", ""), bold=True, labels=(0,))
    _verdict(cells[1].merge(cells[3]), site)
    _pairs(table, site.opinion)
    keep_together(table)
    if len(site.days) > 1:
        document.add_heading("分日判定", 2)
        table = grid(document, DAYS, ("日期依据", "日期", "初筛意见", "与基准日结果不同的规则"))
        for day in site.days:
            add_row(table, DAYS, day)
    document.add_heading("各图层核查情况", 2)
    table = grid(document, ROLES, ("图层", "状态", "是否重叠", "重叠面积或长度", "占地块比例"))
    for row in site.roles:
        add_row(table, ROLES, (row.name, row.state, row.touched, row.area, row.share))
    _others(table, ROLES, site.other_roles)
    if site.answers:
        document.add_heading("已答问题", 2)
        table = grid(document, ANSWERS, ("规则", "问题", "答复", "答复人", "时间", "理由"))
        for answer in site.answers:
            add_row(table, ANSWERS, answer)
    if site.reviews:
        document.add_heading("人工复核意见（不计入数据校验码）", 2)
        table = grid(document, REVIEWS, ("计算结论", "复核结论", "理由", "复核人", "时间"))
        for review in site.reviews:
            add_row(table, REVIEWS, review)


def _others(table: Table, widths: Sequence[float], groups: Sequence[Others]) -> None:
    """Add a line per group of layers: their state, and in one wide cell their names."""
    for group in groups:
        cells = add_row(table, widths, (group.state, *[""] * (len(widths) - 1)), labels=(0,))
        _only(cells[1].merge(cells[-1]), group.names + (f"（{group.note}）" if group.note else ""))


def _findings(document: Document, findings: Sequence[FindingPaper]) -> None:
    document.add_heading("四、逐条发现", 1)
    if not findings:
        paragraph(document, "已核查的图层与规则中没有触发的条款；未核查的事项见第六部分。")
    for place, finding in enumerate(findings, 1):
        look = looks().get(finding.look, looks()["undetermined"])
        table = grid(document, PAIRS)
        head = f"{place}. {look.symbol} {finding.words}　{finding.rule_id}　{finding.subject}"
        cells = add_row(table, PAIRS, ("", "", "", ""))
        whole = cells[0].merge(cells[3])
        _only(whole, head, colour=look.colour, bold=True)
        shade(whole, look.fill)
        if finding.citation:
            _wide(table, "依据条款", finding.citation + (f"（{finding.legal}）" if finding.legal else ""))
        if finding.quote:
            _wide(table, "条文", finding.quote, whole=len(finding.quote) < 600)  # half a page
        _pairs(table, finding.entries)
        keep_together(table)
        paragraph(document, "", size=4)


def _units(document: Document, units: Sequence[UnitPaper]) -> None:
    document.add_heading("五、与环境管控单元的符合性分析", 1)
    if not units:
        paragraph(document, "没有核出地块所在的环境管控单元，原因见第六部分。")
    for unit in units:
        table = grid(document, PAIRS)
        add_row(table, PAIRS, ("单元编码", unit.code, "单元名称", unit.name or NOTHING), labels=(0, 2))
        add_row(
            table,
            PAIRS,
            ("单元类型", unit.kind or NOTHING, "位于单元内", f"{unit.area}，占 {unit.share}"),
            labels=(0, 2),
        )
        keep_together(table, with_next=True)
        paragraph(document, "", size=3, keep=True)
        if unit.items:
            table = grid(document, ITEMS, ("管控要求层级", "管控类别", "管控要求", "建设项目相关情况", "符合性结论"))
            for item in unit.items:
                texts = (item.level, item.dimension, item.requirement, item.situation, item.suggestion)
                add_row(table, ITEMS, texts, whole=len(item.requirement) < 400)  # a third of a page
            keep_head(table)
        else:
            paragraph(document, "所用数据中没有该单元的生态环境准入清单，待补充后对照。")
        paragraph(document, "", size=4)


def _open_matters(document: Document, site: SitePaper, run: RunPaper) -> None:
    document.add_heading("六、未核查及待补充", 1)
    document.add_heading("（一）本地块待答问题", 2)
    for place, question in enumerate(site.questions, 1):
        paragraph(document, f"{place}. {question}")
    if not site.questions:
        paragraph(document, "无。")
    document.add_heading("（二）本次运行未核查的事项", 2)
    if not run.gaps:
        paragraph(document, "无。")
        return
    table = grid(document, GAPS, ("补救办法", "原因", "涉及图层与规则", "涉及地块数"))
    for gap in run.gaps:
        concerned = "\n".join(text for text in (gap.roles, gap.rules) if text)
        add_row(table, GAPS, (gap.cure, "\n".join(gap.causes), concerned, gap.sites), whole=False)


def _annexes(document: Document, annexes: Sequence[Annex], secrecy: bool) -> None:
    heading = document.add_heading("七、附图", 1)
    heading.paragraph_format.page_break_before = bool(annexes) or None
    if not annexes:
        paragraph(document, "受控数据模式下不附图。" if secrecy else "本次未附图。")
    for place, annex in enumerate(annexes, 1):
        across, down = annex.size
        line = paragraph(document, "", align=WD_ALIGN_PARAGRAPH.CENTER, keep=True)
        wide = across * MAP_HEIGHT_MM <= down * PAGE_WIDTH_MM
        size = {"height": Mm(MAP_HEIGHT_MM)} if wide else {"width": Mm(PAGE_WIDTH_MM)}
        line.add_run().add_picture(str(annex.path), **size)
        paragraph(document, f"附图 {place}　{annex.title}", size=TABLE_PT, align=WD_ALIGN_PARAGRAPH.CENTER)


def _pairs(table: Table, entries: Sequence[Entry]) -> None:
    """Set short entries two to a line and wide ones alone, in order."""
    waiting: Entry | None = None
    for entry in chain(entries, [None]):
        if waiting is not None and (entry is None or entry.wide):
            _wide(table, waiting.label.zh, waiting.value)
            waiting = None
        if entry is None:
            return
        if entry.wide:
            _wide(table, entry.label.zh, entry.value)
        elif waiting is None:
            waiting = entry
        else:
            add_row(table, PAIRS, (waiting.label.zh, waiting.value, entry.label.zh, entry.value), labels=(0, 2))
            waiting = None


def _wide(table: Table, label: str, text: str, whole: bool = True) -> None:
    cells = add_row(table, PAIRS, (label, "", "", ""), labels=(0,), whole=whole)
    _only(cells[1].merge(cells[3]), text)


def _only(cell: _Cell, text: str, colour: str = "", bold: bool = False, size: float = TABLE_PT) -> None:
    """Set the text of a merged cell, whose parts each brought an empty paragraph."""
    for made in list(cell.paragraphs[1:]):
        made._p.getparent().remove(made._p)
    paragraph(cell, text, size=size, colour=colour, bold=bold)

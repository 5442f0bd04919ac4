"""The blocks that both Word papers share: head and foot, red line, lines by stake, units, open matters, sources."""

from __future__ import annotations

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from word_maker import PAIRS, Maker
from word_parts import TABLE_PT, TITLE_PT, add_row, footer, grid, keep_head, only

SUMMARY = (81.5, 81.5)
LAWS = (44.0, 20.0, 30.0, 37.0, 32.0)
LAYERS = (44.0, 15.0, 25.0, 16.0, 20.0, 15.0, 28.0)
ROLES = (46.0, 17.0, 19.0, 57.0, 24.0)
ITEMS = (18.0, 22.0, 50.0, 45.0, 28.0)
CLAUSES = (44.0, 55.0, 40.0, 24.0)
DAYS = (25.0, 27.0, 27.0, 84.0)
ANSWERS = (22.0, 48.0, 18.0, 20.0, 25.0, 30.0)
REVIEWS = (30.0, 30.0, 58.0, 20.0, 25.0)
GAPS = (12.0, 44.0, 42.0, 50.0, 15.0)
DROPPED = (50.0, 113.0)
PASSAGES = (23.0, 23.0, 26.0, 43.0, 22.0, 26.0)
SUMS = (83.0, 28.0, 52.0)
RECEPTORS = (12.0, 43.0, 25.0, 25.0, 25.0, 33.0)
ASKS = (12.0, 24.0, 89.0, 38.0)
CONSULT = (12.0, 50.0, 63.0, 38.0)
SIGN = (24.0, 40.0, 20.0, 32.0, 16.0, 31.0)
STATES = (27.0, 136.0)
CENTRE = WD_ALIGN_PARAGRAPH.CENTER


def begin(maker: Maker, title: str, subtitle: str) -> None:
    """Open the loop over sites: a new page for each, title, seal, verdict."""
    maker.tag("for s in sites")
    maker.tag("if not loop.first")
    maker.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    maker.tag("endif")
    maker.say(title, size=TITLE_PT, bold=True, align=CENTRE)
    if subtitle:
        maker.say(subtitle, size=TABLE_PT, align=CENTRE)
    maker.say("{{ run.seal_label }}：{{ run.seal }}", size=TABLE_PT, align=CENTRE)
    maker.gap()
    table = grid(maker.document, SUMMARY)
    cells = add_row(table, SUMMARY, ("{{ s.heading }}", ""), labels=(0,))
    verdict(cells[1])


def verdict(cell: object) -> None:
    """Set the verdict in its colours."""
    only(cell, "{% cellbg s.fill %}{{r s.verdict_coloured }}", bold=True, size=12.0)


def end(maker: Maker) -> None:
    """Close the loop: signatures, disclaimer, foot of the page."""
    maker.say("", size=6, keep=True)
    table = grid(maker.document, SIGN)
    add_row(table, SIGN, ("经办人", "", "复核人", "", "日期", ""), labels=(0, 2, 4))
    table.rows[0].height = 450_000
    keep_head(table)
    maker.say("", size=6, keep=True)
    maker.say("{{ run.disclaimer }}", size=TABLE_PT)
    maker.tag("endfor")
    footer(maker.document, "{{ run.seal_label }}：{{ run.seal }}　{{ subject }}")


def red_line(maker: Maker) -> None:
    """Add the four states of the red line."""
    table = grid(maker.document, STATES)
    add_row(table, STATES, ("四种情形", "{{ s.red_line.boxes }}"), labels=(0,))
    add_row(table, STATES, ("核查结果", "{{ s.red_line.state }}"), labels=(0,))
    add_row(table, STATES, ("占用面积或长度", "{{ s.red_line.size }}"), labels=(0,))
    keep_head(table, 2)
    maker.row_tag(table, STATES, "if s.red_line.note")
    add_row(table, STATES, ("说明", "{{ s.red_line.note }}"), labels=(0,))
    maker.row_tag(table, STATES, "endif")


def lines(maker: Maker, level: int) -> None:
    """Add the tables of a line project."""
    maker.rows(
        "s.line.passages", PASSAGES, ("进入桩号", "离开桩号", "图层", "要素", "长度", "敷设方式"),
        ("enters", "leaves", "layer", "feature", "length", "laid"),
    )  # fmt: skip
    with maker.when("s.line.note"):
        maker.note("{{ s.line.note }}")
    for rows, title, head in (("by_unit", "按环境管控单元", "环境管控单元"), ("by_side", "按岸别", "岸别")):
        with maker.when(f"s.line.{rows}"):
            maker.head(title, level)
            maker.rows(f"s.line.{rows}", SUMS, (head, "长度", "其中：敷设方式"), ("key", "length", "laid"))


def receptors(maker: Maker) -> None:
    """Add 环境保护目标表."""
    with maker.when("s.receptors"):
        maker.rows(
            "s.receptors", RECEPTORS, ("序号", "名称", "方位", "距厂界距离", "范围", "经纬度（最近点）"),
            ("number", "name", "wind", "distance", "ring", "place"),
        )  # fmt: skip
    maker.note("{{ s.receptors_note }}")


def units(maker: Maker) -> None:
    """Add the control units with their access lists."""
    maker.tag("for u in s.units")
    table = grid(maker.document, PAIRS)
    add_row(table, PAIRS, ("单元编码", "{{ u.code }}", "单元名称", "{{ u.name }}"), labels=(0, 2))
    add_row(table, PAIRS, ("单元类型", "{{ u.kind }}", "位于单元内", "{{ u.size }}，占 {{ u.share }}"), labels=(0, 2))
    keep_head(table, 2)
    maker.say("", size=3, keep=True)
    with maker.when("u['items']", "所用数据中没有该单元的生态环境准入清单，待补充后对照。"):
        table = grid(maker.document, ITEMS, ("管控要求层级", "管控类别", "管控要求", "建设项目相关情况", "符合性结论"))
        cells = ["{{ r." + name + " }}" for name in ("level", "dimension", "requirement", "situation", "suggestion")]
        maker.row_tag(table, ITEMS, "for r in u['items']")
        maker.row_tag(table, ITEMS, "if r.long")
        add_row(table, ITEMS, cells, whole=False)
        maker.row_tag(table, ITEMS, "else")
        add_row(table, ITEMS, cells)
        maker.row_tag(table, ITEMS, "endif")
        maker.row_tag(table, ITEMS, "endfor")
        keep_head(table)
    maker.gap()
    maker.tag("endfor")
    with maker.when("not s.units"):
        maker.say("没有核出所在的环境管控单元。")


def open_matters(maker: Maker) -> None:
    """Add what the applicant and the departments must say, and what was not judged."""
    maker.head("（一）一次性补正清单", 2)
    with maker.when("s.corrections", "无。"):
        maker.rows(
            "s.corrections", ASKS, ("序号", "类别", "请申请人答复或者补充", "涉及规则"),
            ("number", "matter", "ask", "basis"),
        )  # fmt: skip
    maker.head("（二）部门会商单", 2)
    maker.tag("for c in s.consultations")
    maker.say("{{ loop.index }}. {{ c.department }}", bold=True, keep=True)
    maker.rows("c.rows", CONSULT, ("序号", "事项", "请贵部门说明", "依据"), ("number", "matter", "ask", "basis"))
    maker.gap()
    maker.tag("endfor")
    with maker.when("not s.consultations"):
        maker.say("无。")
    maker.head("（三）未核查的事项", 2)
    with maker.when("s.gaps", "无。"):
        table = maker.rows(
            "s.gaps", GAPS, ("序号", "补救办法", "原因", "涉及图层与规则", "项数"),
            ("number", "cure", "causes", "concerned", "n_items"),
        )  # fmt: skip
        cells = add_row(table, GAPS, ("", "", "", "", "{{ s.n_gap_items }}"), labels=(0,))
        only(cells[0].merge(cells[3]), "合计")
        maker.note("仅列涉及本地块的事项；项数即结论中的未核查（未判定）项数，“—”为不计入项数的提示。")


def sources(maker: Maker) -> None:
    """Add the law and the layers that a paper rests on."""
    maker.head("（一）依据文件", 2)
    table = maker.rows(
        "s.laws", LAWS, ("文件", "性质", "施行日期", "涉及条款", "核对状态"),
        ("title", "kind", "dates", "clauses", "note"),
    )  # fmt: skip
    maker.others(table, LAWS, "s.other_laws")
    maker.note("各文件的条款、施行日期和核对状态见同批成果 findings.xlsx 的“规则”表。")
    maker.head("（二）所用图层", 2)
    table = maker.rows(
        "run.layers", LAYERS, ("图层", "状态", "数据时点", "精度", "数据性质", "要素数", "依据与说明"),
        ("name", "state", "vintage", "accuracy", "authority", "features", "note"),
    )  # fmt: skip
    maker.others(table, LAYERS, "run.other_layers")
    with maker.when("run.dropped"):
        maker.head("（三）核查清单未列入的图层", 2)
        maker.rows("run.dropped", DROPPED, ("图层", "理由"), ("name", "reason"))
    maker.tag("for t in run.statements")
    maker.note("{{ t }}")
    maker.tag("endfor")


def validity(maker: Maker) -> None:
    """Add when the paper must be made anew."""
    maker.tag("for t in run.validity")
    maker.say("{{ t }}", keep=True)
    maker.tag("endfor")


def maps(maker: Maker, heading: str) -> None:
    """Add the maps, each on a page with its caption."""
    maker.head(heading)
    with maker.when("not s.maps"):
        maker.say("{% if run.secrecy %}受控数据模式下不附图。{% else %}本次未附图。{% endif %}", keep=True)
    with maker.when("s.maps"):
        maker.tag("for m in s.maps")
        maker.say("{{ m.image }}", align=CENTRE, keep=True)
        maker.say("{{ m.caption }}", size=TABLE_PT, align=CENTRE)
        maker.tag("endfor")

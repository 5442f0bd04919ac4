"""Makes the Word templates that come with the plugin, which are kept as files for users to copy and change.

python .ci/word_templates.py processing/report/word_templates
"""

from __future__ import annotations

import sys
from pathlib import Path

from docx.document import Document
from word_blocks import (
    ANSWERS,
    CLAUSES,
    DAYS,
    REVIEWS,
    ROLES,
    begin,
    end,
    lines,
    maps,
    open_matters,
    receptors,
    red_line,
    sources,
    units,
    validity,
    verdict,
)  # fmt: skip
from word_maker import PAIRS, Maker
from word_parts import add_row, grid, keep_head, only


def opinion(maker: Maker) -> None:
    """Add the opinion with all that stands beside it."""
    maker.head("二、初筛意见")
    table = grid(maker.document, PAIRS)
    cells = add_row(table, PAIRS, ("初筛意见", "", "", ""), bold=True, labels=(0,))
    verdict(cells[1].merge(cells[3]))
    maker.pair_rows(table, "s.opinion")
    with maker.when("s.several_days"):
        maker.head("分日判定", 2)
        maker.rows(
            "s.days", DAYS, ("日期依据", "日期", "初筛意见", "结果不同的规则"), ("basis", "day", "verdict", "differing")
        )
        maker.note("两日结果不同的，本工具不作取舍。")
    with maker.when("s.reviews"):
        maker.head("人工复核意见", 2)
        maker.rows(
            "s.reviews", REVIEWS, ("计算结论", "复核结论", "理由", "复核人", "时间"),
            ("verdict", "reviewed", "reason", "who", "when"), whole=False,
        )  # fmt: skip
    maker.head("与生态保护红线的关系", 2)
    red_line(maker)
    maker.head("各图层核查情况", 2)
    table = maker.rows(
        "s.roles", ROLES, ("图层", "状态", "是否重叠", "重叠面积或长度", "占地块比例"),
        ("name", "state", "touched", "area", "share"),
    )  # fmt: skip
    maker.others(table, ROLES, "s.other_roles")


def findings(maker: Maker) -> None:
    """Add every finding as a small table."""
    maker.head("三、逐条发现")
    maker.tag("for f in s.findings")
    table = grid(maker.document, PAIRS)
    cells = add_row(table, PAIRS, ("", "", "", ""), bold=True)
    only(cells[0].merge(cells[3]), "{% cellbg f.fill %}{{r f.heading_coloured }}", bold=True)
    maker.row_tag(table, PAIRS, "if f.law")
    maker.wide(table, "依据条款", "{{ f.law }}")
    maker.wide(table, "条文", "{{ f.quote }}", whole=False)
    maker.row_tag(table, PAIRS, "endif")
    maker.pair_rows(table, "f.rows")
    keep_head(table, 2)
    maker.gap()
    maker.tag("endfor")
    with maker.when("not s.findings"):
        maker.say("没有触发的条款。")


def screening() -> Document:
    """Return 建设项目生态环境准入初步筛查意见表."""
    maker = Maker("建设项目生态环境准入初步筛查意见表")
    begin(maker, "{{ run.title }}", "")
    maker.head("一、项目基本情况")
    maker.pairs("s.project")
    with maker.when("s.chemistry"):
        maker.head("化工项目的判定依据", 2)
        maker.pairs("s.chemistry")
    opinion(maker)
    findings(maker)
    with maker.when("s.line"):
        maker.head("线路分段（按桩号）", 2)
        lines(maker, 2)
    with maker.when("s.answers"):
        maker.head("已答问题", 2)
        maker.rows(
            "s.answers", ANSWERS, ("规则", "问题", "答复", "答复人", "时间", "理由"),
            ("rule", "question", "answer", "who", "when", "why"), whole=False,
        )  # fmt: skip
    maker.head("四、与环境管控单元的符合性分析")
    units(maker)
    maker.head("五、环境保护目标")
    receptors(maker)
    maker.head("六、未核查及待补充")
    open_matters(maker)
    maker.head("七、依据与数据")
    maker.pairs("run.settings")
    sources(maker)
    maker.head("八、有效期与重新核查")
    validity(maker)
    maps(maker, "九、附图")
    end(maker)
    return maker.document


def conformity() -> Document:
    """Return 分区管控符合性分析（初稿）."""
    maker = Maker("分区管控符合性分析（初稿）")
    begin(maker, "{{ run.conformity_title }}", "供编制《{{ run.report_name }}》“其他符合性分析”参考")
    maker.head("一、项目基本情况")
    maker.pairs("s.project")
    with maker.when("s.chemistry"):
        maker.head("化工项目的判定依据", 2)
        maker.pairs("s.chemistry")
    maker.head("二、与生态保护红线的符合性")
    red_line(maker)
    maker.head("三、与环境管控单元及生态环境准入清单的符合性")
    units(maker)
    maker.note("“建设项目相关情况”和“符合性结论”为预填建议，由编制单位逐条核实、补充。")
    maker.head("四、与法律法规和规划条款的符合性")
    with maker.when("s.findings", "没有触发的条款；未核查的事项见第七部分。"):
        maker.rows(
            "s.findings", CLAUSES, ("依据条款", "条文", "空间关系与数值", "符合性结论"),
            ("law", "quote", "measured", "suggestion"), whole=False,
        )  # fmt: skip
    with maker.when("s.line"):
        maker.head("五、线路分段（按桩号）")
        lines(maker, 2)
    with maker.when("not s.line"):
        maker.head("五、线路分段（按桩号）")
        maker.say("不是线性工程，或者所用图层中没有被穿越的要素。")
    maker.head("六、环境保护目标")
    receptors(maker)
    maker.head("七、未核查及待补充")
    open_matters(maker)
    maker.head("八、依据与数据")
    maker.pairs("run.settings")
    sources(maker)
    maker.head("九、有效期与重新核查")
    validity(maker)
    maps(maker, "十、附图")
    end(maker)
    return maker.document


TEMPLATES = {"screening.docx": screening, "conformity.docx": conformity}


def main(folder: Path) -> None:
    """Write the templates."""
    folder.mkdir(exist_ok=True)
    for name, make in TEMPLATES.items():
        make().save(str(folder / name))
    print(f"{folder}: {', '.join(TEMPLATES)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

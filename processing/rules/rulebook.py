"""The rule book: packs, rules, traces and codes as headed lists and tables, for Markdown and HTML alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .model import LEGAL_NATURES, Pack, Rule
from .plain_words import STATUSES, VERDICTS, feature_words, industries, place_words, project_words
from .traces import traces

TITLE = "规则总表"
FOREWORD = (
    "本表由规则包自动生成，请勿手工修改；重新生成：make rules。",
    "条文以官方公布的文本为准。结论为初步筛查意见；规划和规范性文件的结论至多为触及限制（自然资发〔2022〕142号除外，"
    "其理由见该规则包），征求意见稿和期满文件至多为提示。",
    "“未填则提问”：该项没有填写时，本条列为未判定并给出问题。例外没有答复时，结论保留并注明例外待核。",
)


@dataclass(frozen=True)
class Section:
    """A heading with pairs of name and words, a quotation, and a table."""

    title: str
    level: int
    anchor: str = ""
    quote: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = field(default=())


def rulebook(packs: Sequence[Pack]) -> list[Section]:
    """Return the sections of the rule book, in order."""
    packs = sorted(packs, key=_order)
    sections = [_contents(packs)]
    for pack in packs:
        sections.append(_pack(pack))
        sections += [_rule(rule, pack) for rule in pack.rules]
    return [*sections, _statements(packs), _rows(), _codes()]


def _order(pack: Pack) -> tuple[int, str, str]:
    """Return the place of a text among the others: by its kind, name and day."""
    return LEGAL_NATURES.index(pack.legal_nature), pack.title, str(pack.in_force_from)


def _contents(packs: Sequence[Pack]) -> Section:
    rows = tuple(
        (
            pack.title,
            pack.legal_nature,
            period(pack.in_force_from, pack.in_force_to),
            _scope(pack),
            str(len(pack.rules)),
        )
        for pack in packs
    )
    return Section("规则包", 2, "packs", columns=("文件", "性质", "施行", "适用范围", "规则数"), rows=rows)


def _scope(pack: Pack) -> str:
    parts = [pack.basin or "", f"行政区代码以 {'、'.join(pack.counties)} 开头" if pack.counties else ""]
    return "；".join(filter(None, parts)) or "全国"


def period(first: object, last: object) -> str:
    """Return the days between which something holds, in words."""
    return f"{f'{first} 起' if first else '起日未见'}{f'，至 {last}' if last else ''}"


def _pack(pack: Pack) -> Section:
    pairs = [("制定机关", pack.issuer), ("文号", pack.number), ("性质", pack.legal_nature)]
    pairs += [("施行", period(pack.in_force_from, pack.in_force_to)), ("适用范围", _scope(pack))]
    pairs += [("结论不受性质限制的理由", pack.cap_exempt_reason)]
    return Section(f"《{pack.title}》", 2, pack.id, pairs=tuple(pair for pair in pairs if pair[1]))


def _rule(rule: Rule, pack: Pack) -> Section:
    pairs = [
        ("条款", rule.citation),
        ("施行", period(rule.from_ or pack.in_force_from, rule.to or pack.in_force_to)),
        ("位置", "；".join(filter(None, (place_words(rule), feature_words(rule))))),
        ("项目", project_words(rule.project)),
        ("结论", VERDICTS[rule.verdict] + ("（逐条对照单元准入清单，至多为此）" if rule.access_list else "")),
    ]
    for each in rule.exceptions:
        after = VERDICTS[each.verdict] if each.verdict else "本条不涉及"
        pairs.append(("例外", f"{each.question} 答是：{after}。"))
    pairs += [
        ("提问", rule.question.zh),
        ("主管部门", rule.department),
        ("状态", STATUSES[rule.status]),
        ("来源", "、".join(rule.sources)),
        ("说明", rule.note),
    ]
    title = f"{rule.id} {rule.clause}：{VERDICTS[rule.verdict]}"
    return Section(title, 3, rule.id, rule.text, tuple(pair for pair in pairs if pair[1]))


def _statements(packs: Sequence[Pack]) -> Section:
    ids = [rule.id for pack in packs for rule in pack.rules]
    rows = tuple(
        (trace.id, trace.quote, "、".join(trace.carried_by(ids)) or f"不作规则：{trace.reason}", trace.differs)
        for trace in traces()[0]
    )
    columns = ("编号", "政策文件的表述", "承担的规则", "与法律的不同（按法律执行）")
    return Section("政策文件逐条对应", 2, "statements", columns=columns, rows=rows)


def _rows() -> Section:
    rows = tuple((trace.id, trace.reason) for trace in traces()[1])
    return Section("不是条文的项", 2, "rows", columns=("编号", "理由"), rows=rows)


def _codes() -> Section:
    rows = tuple(industries().items())
    return Section("所用国民经济行业代码（GB/T 4754-2017）", 2, "industries", columns=("代码", "名称"), rows=rows)

"""What others must say before a site can be settled: the applicant once (补正清单), and each department (会商单)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from ..engine.words import CONDITION_OPEN, Certainty, Outcome, RoleState, Verdict
from .chemistry import UNKNOWN
from .finding import order
from .finding_names import RULE_NAMES
from .model import AskRow, Consultation, Entry, FindingPaper, RunPaper
from .values import records, shown

_BASIC = (
    ("name", "请填写项目名称。"),
    ("nature", "请填写建设性质（新建、改建、扩建、技术改造、迁建、现有）。"),
    ("industry", "请填写国民经济行业代码（GB/T 4754，到小类）。"),
)
_PROJECT, _EXCEPTION, _SHAPE = "项目信息", "例外情形", "用地范围"
_ASK = {
    Verdict.PROHIBITED: "请核实地块与该要素的位置关系和界线，并就该条款是否适用提出书面意见。",
    Verdict.NEEDS_REVIEW: "请就该情形的论证要求和办理程序提出书面意见。",
    Verdict.RESTRICTED: "请就该情形的限制要求和可行的避让、减缓措施提出书面意见。",
    Verdict.UNDETERMINED: "请就该事项提供判定所需的资料或者书面意见。",
}
_BORDER = "结果在数据精度范围内，请提供法定界线成果核实。"
_HINT = "所用图层不是法定边界，请提供法定边界成果。"
GENERAL = "牵头"
# What a standing question of a rule asks, by the column of the site that answers it.
_ANSWERED_BY = {
    "建设性质是否为": "nature",
    "排污口": "has_outfall",
    "是否包含尾矿库": "is_tailings_pond",
    "项目是否排放污染物": "discharges_pollutants",
    "项目是否对水体污染严重": "heavy_polluter",
    "是否扰动地表": "disturbs_soil",
    "生产过程是否发生化学反应": "chemical_reaction",
    "是否新建可能造成土壤污染": "may_pollute_soil",
    "是否可能造成土壤污染": "may_pollute_soil",
    "是否从事河道采砂": "is_sand_mining",
}


def corrections(
    findings: pd.DataFrame, attributes: Mapping[str, Any], chemistry: Sequence[Entry], bare_point: bool
) -> tuple[AskRow, ...]:
    """Return everything that the applicant can supply, each once, with the rules that wait for it.

    Parameters
    ----------
    findings : DataFrame
        `tables.FINDINGS` of the site.
    attributes : mapping
        Of the site.
    chemistry : sequence of Entry
        The evidence of a chemical project, empty for another.
    bare_point : bool
        Whether the site is a point without any extent.
    """
    asked: dict[tuple[str, str], list[str]] = {}
    for name, words in _BASIC:
        if not shown(attributes.get(name)):
            asked.setdefault((_PROJECT, words), [])
    for row in records(findings):
        is_open = row.outcome == Outcome.UNDETERMINED or row.condition == CONDITION_OPEN
        if is_open and row.question:
            kind = _EXCEPTION if row.condition == CONDITION_OPEN else _PROJECT
            asked.setdefault((kind, row.question), []).append(RULE_NAMES.get(row.rule_id, row.rule_id))
    for entry in chemistry:
        if entry.value == UNKNOWN and entry.label.zh in ("主要原料", "产品", "是否有化学反应"):
            asked.setdefault((_PROJECT, f"请填写{entry.label.zh.removeprefix('是否')}（化工项目的判定依据）。"), [])
    if bare_point:
        asked.setdefault((_SHAPE, "请提供用地红线（界址点坐标），目前仅按点位初筛。"), [])
    return tuple(
        AskRow(kind, words, "、".join(dict.fromkeys(rules)) or "基本信息") for (kind, words), rules in asked.items()
    )


def consultations(
    findings: Sequence[tuple[FindingPaper, Mapping[str, str]]],
    gaps: Iterable[tuple[str, str]],
    attributes: Mapping[str, Any],
) -> tuple[Consultation, ...]:
    """Return what to ask of each department, the gravest first.

    Parameters
    ----------
    findings : sequence of (finding, rule)
        Of the site, with the row of `tables.RULES`.
    gaps : iterable of (department, matter)
        Layers that were not at hand, from `missing_layers`.
    attributes : mapping
        Of the site; what they answer is not asked again.
    """
    groups: dict[str, list[AskRow]] = {}
    ranks: dict[str, int] = {}
    for finding, rule in findings:
        if finding.verdict not in _ASK:
            continue
        department = rule.get("department") or GENERAL
        further = _unanswered(rule.get("question", ""), attributes) if finding.verdict == Verdict.NEEDS_REVIEW else ""
        asked = [finding.question or further, _ASK[Verdict(finding.verdict)]]
        asked += [_BORDER] if finding.certainty == Certainty.BORDERLINE else []
        asked += [_HINT] if finding.certainty == Certainty.INDICATIVE else []
        matter = f"{finding.words}　{finding.rule_id}　{finding.subject}"
        groups.setdefault(department, []).append(AskRow(matter, "\n".join(filter(None, asked)), finding.citation))
        ranks[department] = min(ranks.get(department, 9), order(finding.verdict))
    for department, matter in gaps:
        groups.setdefault(department, []).append(AskRow(matter, "请提供该图层，或者书面说明本辖区无此类要素。", "—"))
    ordered = sorted(groups, key=lambda name: (ranks.get(name, 9), name))
    return tuple(
        Consultation(f"{name}主管部门" if name != GENERAL else "牵头部门", tuple(groups[name])) for name in ordered
    )


def _unanswered(question: str, attributes: Mapping[str, Any]) -> str:
    """Return the parts of a standing question that no attribute of the site answers."""
    asked = re.findall("[^？]+？?", question)
    return "".join(part for part in asked if not any(shown(attributes.get(name)) for name in _columns(part)))


def _columns(question: str) -> list[str]:
    return [name for words, name in _ANSWERED_BY.items() if words in question]


def missing_layers(layers: pd.DataFrame, rules: pd.DataFrame, names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the roles that are not held or unusable, each at the department of the rules that rest on it."""
    lacking = layers[layers["state"].isin((RoleState.NOT_HELD, RoleState.UNUSABLE))]
    asked: dict[str, Counter[str]] = {}
    for role, department in zip(rules["role"], rules["department"], strict=True):
        asked.setdefault(role, Counter())[department or GENERAL] += 1
    grouped: dict[str, list[str]] = {}
    for role in dict.fromkeys(lacking["role"]):
        if role in asked:
            grouped.setdefault(asked[role].most_common(1)[0][0], []).append(names.get(role, role))
    return tuple((department, f"未取得图层：{'、'.join(roles)}") for department, roles in grouped.items())


def validity(run: RunPaper, layers: pd.DataFrame, rules: pd.DataFrame, as_of: str) -> tuple[str, ...]:
    """Return when a paper must be made anew, with the dates that are known."""
    told = [f"本表所列依据和数据以基准日 {as_of or '未填'} 为准，出现下列情形之一的，应当重新核查："]
    ends = layers[(layers["valid_to"] != "") & (layers["valid_to"] >= as_of)]
    if len(ends):
        end = str(ends["valid_to"].min())
        names = "、".join(dict.fromkeys(ends.loc[ends["valid_to"] == end, "role_name"]))
        listed = names if names.count("、") < 4 else "、".join(names.split("、")[:4]) + " 等"
        told.append(f"{end} 以后（图层或者“无此类要素”的书面说明有效期届满：{listed}）；")
    later = rules[(rules["to"] != "") & (rules["to"] >= as_of)]
    for end, group in ((str(key), rows) for key, rows in later.groupby("to")):
        titles = "、".join(f"《{title}》" for title in dict.fromkeys(group["pack_title"]) if title)
        told.append(f"{end} 以后（{titles}的有关条款不再施行）；")
    coming = rules[(rules["from"] != "") & (rules["from"] > as_of)]
    for start, group in ((str(key), rows) for key, rows in coming.groupby("from")):
        titles = "、".join(f"《{title}》" for title in dict.fromkeys(group["pack_title"]) if title)
        told.append(f"{start} 起（{titles}的有关条款开始施行）；")
    told.append("生态保护红线、环境管控单元及其准入清单、岸线或者其他所用图层更新；")
    told.append("所列法律、法规、规划或者规范性文件修改、废止，或者待核文本核对完毕；")
    told.append("项目的位置、范围、性质、规模、行业、原料、产品或者施工方式改变，或者本表所列问题得到答复；")
    told.append("重新核查后数据校验码与本表不同的，以新表为准。")
    return (told[0], *(f"（{place}）{text}" for place, text in enumerate(told[1:], 1)))

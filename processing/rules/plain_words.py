"""Rules in Chinese words: place, features and project predicates as a reader who knows no TOML reads them."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from ...layers.role import role
from ...layers.site_columns import site_columns
from .model import Rule
from .predicates import (
    All,
    Any_,
    Declared,
    Denied,
    Elapsed,
    Flag,
    Geometry,
    Industry,
    LandUse,
    Measure,
    Nature,
    Not,
    Predicate,
    Quantity,
)

VERDICTS = {"prohibited": "触及禁止", "needs_review": "需论证", "restricted": "触及限制", "notice": "提示"}
STATUSES = {
    "ready": "条文已与原文核对",
    "partial": "条文或其细目部分未核对",
    "hold": "待核文本：不参与判定，列入缺口",
}
GEOMETRIES = {"point": "点", "line": "线", "polygon": "面"}
OPERATORS = {"<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于", "==": "等于"}


@cache
def industries() -> dict[str, str]:
    """Return the names of the GB/T 4754-2017 codes that packs use, by code."""
    with Path(__file__).with_name("industries.toml").open("rb") as file:
        return {str(code): str(name) for code, name in tomllib.load(file).items()}


def place_words(rule: Rule) -> str:
    """Return how a site must lie to the layer of a rule."""
    name = role(rule.layer).name.zh
    if rule.layer == "district":
        return "区域内任何位置"
    words = {
        "intersects": f"与{name}重叠",
        "crosses": f"线路穿越{name}",
        "not_within": f"不全部位于{name}以内",
        "multiple": f"跨一个以上{name}",
        "within_m": f"距{name}不超过 {rule.place.value or 0:g} 米",
        "share": f"占地块 {100 * (rule.place.value or 0):g}% 以上位于{name}内",
    }
    return words[rule.place.kind]


def feature_words(rule: Rule) -> str:
    """Return of which kind a feature must be; empty for any."""
    parts = []
    for name, values in rule.feature.items():
        field = role(rule.layer).fields[name]
        spelt: dict[str, str] = {}
        for written, value in field.values.items():
            if not written.isascii():
                spelt.setdefault(value, written)
        parts.append(f"{field.aliases[0]}为" + "、".join(spelt.get(value, value) for value in values))
    return "；".join(parts)


def project_words(predicate: Predicate | None) -> str:
    """Return what a project must be."""
    return "任何项目" if predicate is None else _words(predicate)


def _words(node: Predicate) -> str:  # noqa: PLR0911, PLR0912 - one per kind of node
    match node:
        case All(parts):
            return "，且".join(_inner(part) for part in parts)
        case Any_(parts):
            return "，或者".join(_inner(part) for part in parts)
        case Not(Declared(name)):
            return f"{_column(name)}未填是"
        case Not(Denied(name)):
            return f"{_column(name)}未填否"
        case Not(part):
            return f"不是：{_inner(part)}"
        case Nature(words):
            return "建设性质为" + "、".join(words)
        case Industry(prefixes, excluded):
            less = f"，不含{_codes(excluded)}" if excluded else ""
            return f"行业为{_codes(prefixes)}{less}"
        case Flag(name):
            return f"{_column(name)}为是（未填则提问）"
        case Declared(name):
            return f"{_column(name)}已填是"
        case Denied(name):
            return f"{_column(name)}已填否"
        case Quantity(name, op, value):
            return f"{_column(name)}{OPERATORS[op]} {value:g}"
        case Elapsed(since, until, years):
            return f"自{_column(since)}至{_column(until)}超过 {years} 年"
        case LandUse(words):
            return "用地性质含“" + "”“".join(words) + "”"
        case Measure(words):
            return "修复措施含" + "、".join(words) + "（未填则提问）"
        case Geometry(kinds):
            return "以" + "、".join(GEOMETRIES[kind] for kind in kinds) + "表示"


def _inner(node: Predicate) -> str:
    return f"（{_words(node)}）" if isinstance(node, All | Any_) and len(node.parts) > 1 else _words(node)


def _codes(codes: tuple[str, ...]) -> str:
    return "、".join(f"{code} {industries()[code]}" if code in industries() else code for code in codes)


@cache
def _columns() -> dict[str, str]:
    return {column.name: column.text.zh for column in site_columns()}


def _column(name: str) -> str:
    return f"“{_columns()[name]}”"

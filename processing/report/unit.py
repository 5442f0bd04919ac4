"""A control unit with its access list, as the table of an EIA form wants it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from .figures import area, metres, percent
from .model import FindingPaper, ItemRow, UnitPaper
from .project import MISSING, written
from .values import records

ALL_UNITS = "*"
CLASS_TEXTS = {"1": "优先保护单元", "2": "重点管控单元", "3": "一般管控单元"}
LEVELS = ("全市", "市级", "区县", "单元")  # from the general to the particular
DIMENSIONS = ("空间布局约束", "污染物排放管控", "环境风险防控", "资源")
TO_FILL = "（请补充具体情况）"
SUGGEST_OPEN = "建议：由编制单位逐条对照填写"


def unit_paper(
    unit: Any, items: pd.DataFrame, attributes: Mapping[str, Any], findings: tuple[FindingPaper, ...]
) -> UnitPaper:
    """Return one unit of a site with its items.

    Parameters
    ----------
    unit : named tuple
        A row of `tables.UNITS`.
    items : DataFrame
        `tables.UNIT_ITEMS` of the run; items of the county and of unit ``*`` concern it too.
    attributes : mapping
        Of the site.
    findings : tuple of FindingPaper
        Of the site; those that name the unit and an item prefill its conclusion.
    """
    rows = items_of(unit.unit_code, items)
    situation = _situation(unit, attributes)
    return UnitPaper(
        code=unit.unit_code,
        name=unit.unit_name,
        kind=CLASS_TEXTS.get(unit.unit_class, unit.unit_class),
        area=_size(unit),
        share=percent(unit.overlap_share),
        items=tuple(
            ItemRow(row.level, row.dimension, row.requirement, situation, _suggestion(row, unit.unit_code, findings))
            for row in records(rows)
        ),
    )


def items_of(unit_code: str, items: pd.DataFrame) -> pd.DataFrame:
    """Return the list items that hold in a unit: its own, those of its county and of all, by level and dimension."""
    rows = items[items["unit_code"].isin((unit_code, ALL_UNITS, unit_code[2:8]))]
    places = [(_place(LEVELS, row.level), _place(DIMENSIONS, row.dimension)) for row in records(rows)]
    return rows.iloc[sorted(range(len(rows)), key=places.__getitem__)]


def _place(order: tuple[str, ...], text: str) -> int:
    return next((place for place, start in enumerate(order) if text.startswith(start)), len(order))


def _size(unit: Any) -> str:
    return metres(unit.length_m) if unit.length_m > 0 and not unit.overlap_m2 > 0 else area(unit.overlap_m2)


def _situation(unit: Any, attributes: Mapping[str, Any]) -> str:
    nature, industry = (written(attributes, name) or MISSING for name in ("nature", "industry"))
    return f"建设性质：{nature}；行业代码：{industry}；位于本单元 {_size(unit)}。{TO_FILL}"


def _suggestion(item: Any, unit_code: str, findings: tuple[FindingPaper, ...]) -> str:
    words = item_words(item.dimension, item.requirement)
    for finding in findings:
        if finding.feature_id == unit_code and words in finding.note:
            return f"建议：{finding.words}，见 {finding.rule_id}"
    return SUGGEST_OPEN


def item_words(dimension: str, requirement: str) -> str:
    """Return the words by which the engine's note of a finding names a list item."""
    return f"{dimension}：{requirement}"

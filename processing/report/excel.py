"""The Excel book of one run: every table that a reader sorts, filters and counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook

from ...layers.progress import Progress
from ..engine import tables
from ..engine.table import Column, Table
from ..engine.words import DISCLAIMER, PAPER_TITLE, SEAL_LABEL, Verdict
from .figures import BEARING_DECIMALS, METRE_DECIMALS, PERCENT_DECIMALS, SQUARE_METRE_DECIMALS, cell_format, whole_share
from .opinion import CLEAR_IN_PART, words_of
from .palette import look_key, looks
from .paper import Papers
from .sheets import Head, Value, add_sheet, clearing
from .wording import heading, in_words

_WIDTHS = {
    "site_id": 14.0, "project_id": 14.0, "rule_id": 17.0, "outcome": 12.0, "verdict": 12.0, "condition": 12.0,
    "certainty": 12.0, "completeness": 12.0, "relation": 12.0, "state": 14.0, "bank_def": 16.0, "unit_class": 16.0,
    "legal_nature": 14.0, "department": 16.0, "vintage": 13.0, "valid_to": 13.0, "from": 13.0, "to": 13.0,
    "unit_name": 36.0, "text": 60.0, "requirement": 60.0, "note": 40.0, "question": 40.0, "questions": 40.0,
    "cause": 45.0, "cure": 45.0, "basis": 30.0, "verdict_zh": 34.0, "citation": 34.0, "rule_ids": 34.0, "roles": 34.0,
}  # fmt: skip
_GAPS = replace(tables.GAPS, columns=tuple(c for c in tables.GAPS.columns if not c.name.endswith("_en")))
_SHEETS = (
    ("结论", tables.VERDICTS),
    ("发现", tables.FINDINGS),
    ("管控单元", tables.UNITS),
    ("准入清单", tables.UNIT_ITEMS),
    ("各图层核查", tables.ROLES),
    ("空间事实", tables.FACTS),
    ("线路分段", tables.STRETCHES),
    ("分日判定", tables.DAYS),
    ("已答问题", tables.ANSWERS),
    ("复核意见", tables.REVIEWS),
    ("未核查", _GAPS),
    ("规则", tables.RULES),
    ("数据", tables.LAYERS),
)
MOST_FACTS = 200_000  # beyond, a book of facts opens in minutes and is read by nobody
LEGAL_LIMITS_M = (1000.0, 3000.0, 5000.0)  # of the bank rules: a fact knows no rule and must not round across one
_PLAIN = {"limit_m": "General", "accuracy_m": "General"} | dict.fromkeys(
    ("site_lon", "site_lat", "feature_lon", "feature_lat"), "0.0000000"
)
_OF_THE_RULE = ("citation", "legal_nature", "department")
_STEP_ROWS = 2_000


def write(path: Path, papers: Papers, progress: Progress | None = None) -> None:
    """Write the book of a run.

    Parameters
    ----------
    path : Path
        The file to write.
    papers : Papers
        The papers of the run.
    progress : Progress, optional
        Told, and asked whether to stop, every 2,000 rows.
    """
    source, progress = papers.source, progress or Progress()
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = PAPER_TITLE, "EcoRedline"
    foot = f"{SEAL_LABEL}：{source.seal}　{DISCLAIMER}"
    rules = source.rules.set_index("rule_id")
    limits = sorted({*LEGAL_LIMITS_M, *source.findings["limit_m"].dropna()})
    told = {table.name: _kept(table, getattr(source, table.name)) for _, table in _SHEETS}
    total = sum(map(len, told.values())) or 1
    done = 0
    with clearing(book):
        for title, table in _SHEETS:
            columns = table.columns
            extra: Callable[[Any], list[str]] | None = None
            if table is tables.FINDINGS:
                columns += tuple(tables.RULES.column(name) for name in _OF_THE_RULE)
                extra = _rule_texts(rules)
            frame = told[table.name]
            rows = _rows(table, frame, papers.role_names, extra, limits)
            add_sheet(book, title, [_head(column) for column in columns], _told(rows, done, total, progress), foot)
            done += len(frame)
        add_sheet(book, "说明", [Head("项目", 24.0), Head("内容", 110.0)], _notes(papers), foot)
        book.save(path)


def _kept(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table as the book holds it: of too many facts none, which the notes say."""
    return frame.iloc[:0] if table is tables.FACTS and len(frame) > MOST_FACTS else frame


def _told(rows: Iterator[list[Value]], done: int, total: int, progress: Progress) -> Iterator[list[Value]]:
    for place, row in enumerate(rows):
        if place % _STEP_ROWS == 0:
            progress.step(min((done + place) / total, 1.0))
        yield row


def _head(column: Column) -> Head:
    unit = f"（{column.unit}）" if column.unit else ""
    words = heading(column)
    return Head(f"{words.zh}{unit}\n{words.en}", _WIDTHS.get(column.name, 20.0 if column.kind == "text" else 14.0))


def _rows(
    table: Table,
    frame: pd.DataFrame,
    roles: Mapping[str, str],
    extra: Callable[[Any], list[str]] | None,
    limits: Sequence[float],
) -> Iterator[list[Value]]:
    names = table.names
    for cells in frame[names].itertuples(index=False, name=None):
        row = dict(zip(names, cells, strict=True))
        look = look_key(row["verdict"], row.get("completeness", "complete")) if "verdict" in row else ""
        values = [_value(column, row, roles, look, limits) for column in table.columns]
        if table is tables.VERDICTS:
            values[names.index("verdict_zh")] = Value(words_of(row), look=look)
        yield values + [Value(text) for text in (extra(row) if extra else ())]


def _value(
    column: Column, row: Mapping[str, Any], roles: Mapping[str, str], look: str, limits: Sequence[float]
) -> Value:
    value = row[column.name]
    if column.kind == "bool":
        return Value("是" if value else "否")
    if column.kind == "int":
        return Value(None if pd.isna(value) else int(value), "0")
    if column.kind == "float":
        return Value(float(value), _format(column, row, limits))
    return Value(in_words(column.name, value, roles), look=look if column.name == "verdict" else "")


def _format(column: Column, row: Mapping[str, Any], limits: Sequence[float]) -> str:
    name, value = column.name, row[column.name]
    if name in _PLAIN:
        return _PLAIN[name]
    if name.endswith("_share"):
        return cell_format(whole_share(value), PERCENT_DECIMALS, (1.0,), scale=100)
    if column.unit == "m²":
        return cell_format(value, SQUARE_METRE_DECIMALS, (1.0,))
    if name == "distance_m":
        return cell_format(value, METRE_DECIMALS, (row["limit_m"],) if "limit_m" in row else limits)
    return cell_format(value, BEARING_DECIMALS if column.unit == "°" else METRE_DECIMALS)


def _rule_texts(rules: pd.DataFrame) -> Callable[[Any], list[str]]:
    held = rules[list(_OF_THE_RULE)].to_dict("index")
    return lambda row: [held.get(row["rule_id"], {}).get(name, "") for name in _OF_THE_RULE]


def _notes(papers: Papers) -> Iterator[list[Value]]:
    run = papers.run
    lines = [("表名", PAPER_TITLE), (SEAL_LABEL, run.seal)]
    lines += [(entry.label.zh, entry.value) for entry in run.settings]
    lines += [("核查清单未列入的图层", f"{name}：{reason}") for name, reason in run.dropped]
    lines.append(("各图层核查", "只列有重叠的图层；各图层是否取得见“数据”，未核查的事项见“未核查”。"))
    n_facts = len(papers.source.facts)
    if n_facts > MOST_FACTS:
        words = f"共 {n_facts} 行，超过 {MOST_FACTS} 行，本册不列；见卷宗 dossier.gpkg 的 facts 表。"
        lines.append(("空间事实", words))
    lines += [("说明", statement.zh) for statement in run.statements]
    yield from ([Value(label), Value(text)] for label, text in lines)
    for key, look in looks().items():
        words = CLEAR_IN_PART if key not in set(Verdict) else Verdict(key).text.zh
        yield [Value("结论图例"), Value(f"{look.symbol} {words}", look=key)]
    yield [Value("声明"), Value(DISCLAIMER)]

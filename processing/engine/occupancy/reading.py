"""Banks and uses as they come, made fit for referencing; what cannot be counted once is refused by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ....layers.columns import match_columns
from ....layers.coordinates import accept, to_lonlat
from ....layers.errors import SourceError
from ....layers.quality import check_finite
from ....layers.role import role
from ....layers.shaped import require_shapes
from ....layers.texts import Text
from ....layers.values import as_text
from .bank import Bank
from .uses import rank_of, uses

USE_FIELDS: dict[str, tuple[str, ...]] = {
    "code": ("编码", "编号", "代码", "AXLYBM"),
    "name": ("名称", "AXLYMC"),
    "use": ("利用类型", "利用现状", "用途", "岸线用途", "LYLX"),
    "river": ("河流", "河流名称", "河名", "HLMC", "RIVERNAME"),
    "side": ("岸别", "左右岸", "AB"),
    "investment": ("投资万元", "投资（万元）", "投资额", "投资"),
}
AREA_FIELDS: dict[str, tuple[str, ...]] = {
    "code": ("GNQBM", "编码", "编号", "代码"),
    "name": ("GNQMC", "功能区名称", "名称", "岸段名称"),
    "zone": ("功能区类型", "岸线功能区类型", "GNQLX"),
    "river": USE_FIELDS["river"],
    "side": USE_FIELDS["side"],
}
SIDES = role("bank_line").fields["side"]
SIDE_WORDS = {"left": "左岸", "right": "右岸"}


@dataclass(frozen=True)
class Placed:
    """One use or one area: what it is, where, and to which bank it says it belongs."""

    id: str
    name: str
    geometry: shapely.Geometry
    river: str
    side: str
    rank: int = -1
    kind: str = ""
    investment: float = np.nan


def read_banks(frame: gpd.GeoDataFrame, bank_def: str) -> list[Bank]:
    """Return the lines of one bank definition, in the order they come.

    Raises
    ------
    SourceError
        No line is left, a feature is no line, or two banks run along the same line.
    """
    where = str(Text("岸线", "Banks"))
    table, geoms = _taken(frame, where, {k: v.aliases for k, v in role("bank_line").fields.items()})
    specs = role("bank_line").fields
    for name in ("river_class", "bank_def", "side"):
        table[name] = [None if text is None else (specs[name].canonical(text) or text) for text in table[name]]
    bank_def = (specs["bank_def"].canonical(bank_def) or bank_def) if bank_def else ""
    told = sorted({word for word in table["bank_def"] if word})
    if bank_def and bank_def not in told and len(geoms):
        raise _no_such_definition(bank_def, told)
    if not bank_def and len(told) > 1:
        listed = "、".join(told)
        raise SourceError(
            Text(f"岸线有多种定义：{listed}", f"There are several bank definitions: {listed}"),
            Text("同一河岸按两种定义各算一次会重复计算。", "The same bank would count once for each."),
            Text("请选定一种岸线定义。", "Choose one of them."),
        )
    keep = np.array([not word or not bank_def or word == bank_def for word in table["bank_def"]], dtype=bool)
    found: list[Bank] = []
    lengths: dict[tuple[str, ...], float] = {}
    for n in np.flatnonzero(keep):
        row = {name: str(values[n] or "") for name, values in table.items()}
        if shapely.get_dimensions(geoms[n]) != 1:
            raise _refused(where, [_called(row, n)], Text("不是线要素", "no line"), LINES)
        name = row["name"] or f"{row['river']}{SIDE_WORDS.get(row['side'], '')}" or f"#{n + 1}"
        key = (row["river"], row["side"], row["bank_def"], name)
        for part in shapely.get_parts(shapely.line_merge(geoms[n])):
            before = lengths.get(key, 0.0)
            bank = Bank(
                row["river"], row["river_class"], row["side"], row["bank_def"], name,
                row["river_class"] == "mainstem", part, before,
            )  # fmt: skip
            lengths[key] = before + bank.length_m
            found.append(bank)
    if not len(geoms):
        raise SourceError(
            Text("岸线图层没有要素", "The layer of banks is empty"),
            remedy=Text("请选择有岸线的图层。", "Choose a layer that holds banks."),
        )
    _check_once(found)
    return found


def _no_such_definition(bank_def: str, told: Sequence[str]) -> SourceError:
    """Return the refusal of a definition that no bank has: without it every line would count, or none."""
    listed = "、".join(told)
    return SourceError(
        Text(f"岸线图层中没有定义为“{bank_def}”的岸线", f"No bank is defined as {bank_def!r}"),
        Text(f"图层中的岸线定义有：{listed}", f"The definitions there are: {listed}")
        if told
        else Text("图层中的岸线均未注明定义", "No bank says its definition"),
        Text(
            "请改填其中一种，或留空（图层只有一种定义时）。",
            "Choose one of them, or leave it empty where there is one.",
        )
        if told
        else Text("请留空，或为岸线补填“岸线定义”。", "Leave it empty, or fill in the column bank_def."),
    )


def _check_once(banks: Sequence[Bank]) -> None:
    """Refuse banks that run along one another: their metres would count twice."""
    lines = np.array([bank.line for bank in banks], dtype=object)
    near = shapely.STRtree(lines)
    for first, second in zip(*near.query(lines, predicate="intersects"), strict=True):
        if first < second and shapely.length(shapely.intersection(lines[first], lines[second])) > 0.0:
            raise _refused(
                str(Text("岸线", "Banks")),
                [banks[first].name, banks[second].name],
                Text("有一段完全重合，长度会重复计算", "share a stretch, which would count twice"),
                Text("请删去重复的岸线，或选定一种岸线定义。", "Remove the repeated line, or choose one definition."),
            )
    for bank in banks:
        if not shapely.is_simple(bank.line):
            raise _refused(
                str(Text("岸线", "Banks")),
                [bank.name],
                Text("线自相交，桩号不唯一", "crosses itself, so that stations are not unique"),
                Text("请修正该线。", "Correct the line."),
            )


def read_uses(frame: gpd.GeoDataFrame) -> list[Placed]:
    """Return the uses, lines or polygons.

    Raises
    ------
    SourceError
        There is no column of uses, or a word in it is none of those known.
    """
    where = str(Text("岸线利用", "Uses"))
    table, geoms = _taken(frame, where, USE_FIELDS)
    if all(word is None for word in table["use"]) and len(geoms):
        raise SourceError(
            Text("岸线利用图层没有“利用类型”", "The layer of uses has no column of uses"),
            remedy=Text(f"请加一列“利用类型”，填：{_words()}。", f"Add a column `use`: {_words()}."),
        )
    found = []
    for n, geometry in enumerate(geoms):
        row = {name: str(values[n] or "") for name, values in table.items()}
        rank = rank_of(row["use"])
        if rank is None:
            raise _refused(
                where,
                [_called(row, n)],
                Text(f"利用类型“{row['use']}”无法识别", f"the use {row['use']!r} is not known"),
                Text(f"请填：{_words()}。", f"Write one of: {_words()}."),
            )
        if shapely.get_dimensions(geometry) == 0:
            raise _refused(where, [_called(row, n)], Text("是点要素", "is a point"), LINES)
        found.append(
            Placed(row["code"] or str(n + 1), row["name"], geometry, row["river"], _side(row["side"]), rank,
                   investment=_money(row["investment"], where, _called(row, n)))
        )  # fmt: skip
    return found


def read_areas(frame: gpd.GeoDataFrame, where: Text) -> list[Placed]:
    """Return the polygons of function zones or reaches."""
    table, geoms = _taken(frame, str(where), AREA_FIELDS)
    zones = role("bank_function_zone").fields["zone"]
    found = []
    for n, geometry in enumerate(geoms):
        row = {name: str(values[n] or "") for name, values in table.items()}
        if shapely.get_dimensions(geometry) != 2:
            raise _refused(str(where), [_called(row, n)], Text("不是面要素", "is no polygon"), POLYGONS)
        name = row["name"] or row["code"] or str(n + 1)
        kind = zones.word(zones.canonical(row["zone"]) or row["zone"]) if row["zone"] else ""
        found.append(Placed(row["code"] or str(n + 1), name, geometry, row["river"], _side(row["side"]), kind=kind))
    return found


def _taken(
    frame: gpd.GeoDataFrame, where: str, wanted: Mapping[str, Iterable[str]]
) -> tuple[dict[str, list[str | None]], NDArray[np.object_]]:
    """Return the wanted columns as text and the geometry in EPSG:4490."""
    require_shapes(frame, Text(where, where), SourceError)
    geoms = np.asarray(frame.geometry.array, dtype=object)
    rows = np.arange(1, len(geoms) + 1).astype(object)
    gone = shapely.is_missing(geoms) | shapely.is_empty(geoms)
    if gone.any():
        raise _refused(where, [str(row) for row in rows[gone]], Text("没有几何", "has no geometry"), LINES)
    check_finite(geoms, rows, where, SourceError)
    bounds = shapely.total_bounds(geoms) if len(geoms) else [np.nan] * 4
    crs = accept(frame.crs, None, (bounds[0], bounds[1], bounds[2], bounds[3]), where, SourceError)
    columns = [str(column) for column in frame.columns if column != frame.geometry.name]
    found = match_columns(
        wanted, columns, where, SourceError, lambda field, _: Text(f"请只留一列作为 {field}。", f"Leave one {field}.")
    )
    table: dict[str, list[str | None]] = {}
    for name in wanted:
        table[name] = as_text(frame[found[name]].to_numpy()) if name in found else list[str | None]([None] * len(geoms))
    shapes = np.asarray(to_lonlat(shapely.force_2d(geoms), crs), dtype=object)
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken])
    return table, shapes


def _side(word: str) -> str:
    return (SIDES.canonical(word) or word) if word else ""


def _money(text: str, where: str, called: str) -> float:
    if not text:
        return np.nan
    value = float(pd.to_numeric(text.replace(",", ""), errors="coerce"))
    if not np.isfinite(value) or value < 0.0:
        raise _refused(
            where,
            [called],
            Text(f"投资“{text}”不是数字", f"the investment {text!r} is no number"),
            Text("单位为万元，未知时留空。", "In 10,000 yuan; leave it empty where unknown."),
        )
    return value


def _called(row: Mapping[str, str], n: int) -> str:
    return f"{n + 1} ({row.get('code') or row.get('name') or '-'})"


def _words() -> str:
    return "、".join(use.text.zh for use in uses()[:-1])


LINES = Text("请改为线要素（岸线）或线、面要素（利用）。", "Give lines (banks), or lines or polygons (uses).")
POLYGONS = Text("请改为面要素。", "Give polygons.")


def _refused(where: str, called: Sequence[str], what: Text, remedy: Text) -> SourceError:
    listed = ", ".join(called[:5])
    return SourceError(Text(f"{where}：{listed} {what.zh}", f"{where}: {listed} {what.en}"), remedy=remedy)

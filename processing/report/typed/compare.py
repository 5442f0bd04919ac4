"""Lays every typed value against the computed one; a row that cannot be laid against anything is listed as such."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ....layers.errors import SourceError
from ....layers.texts import Text
from ..figures import area as area_words
from ..figures import metres
from .computed import Computed, role_in
from .quantities import Quantity, codes, heading_and_unit, plain, quantity, words
from .tables_read import TypedRow, rows_of_file, rows_of_sites

COLUMNS = ("place", "site_id", "item", "typed", "computed", "difference", "tolerance", "result", "note")
AGREES = Text("一致", "agrees")
DIFFERS = Text("不一致", "differs")
UNREAD = Text("无法识读", "cannot be read")
UNKNOWN = Text("无法比对", "cannot be compared")
UNMATCHED = Text("未匹配到地块", "no such site")
UNIT_ROLES = {"ZH": "control_unit", "YS": "element_zone"}
NO_SITE = "该行没有地块编号或者项目名称"
NOTHING = Text("没有可比对的内容", "nothing to compare")


@dataclass(frozen=True)
class Tolerances:
    """By how much a typed figure may differ, besides half a unit of its last digit.

    Attributes
    ----------
    area_share : float
        Of the computed area or length; plane areas of a 3-degree zone differ by up to 0.2 %.
    area_m2, distance_m : float
        The least tolerance of areas, and that of distances.
    """

    area_share: float = 0.005
    area_m2: float = 1.0
    distance_m: float = 1.0


@dataclass(frozen=True)
class _Figure:
    """A computed figure with the limits that no typed one may lie across, and a note."""

    value: float
    kind: str
    limits: Sequence[float] = ()
    note: str = ""


def check_typed(
    screening: Any, table: Path | None = None, tolerances: Tolerances = Tolerances(), secrecy: bool = False
) -> pd.DataFrame:
    """Return every typed unit code, area, length and distance beside the computed one.

    Parameters
    ----------
    screening : Screening
        A finished run or an opened dossier.
    table : Path, optional
        xlsx, docx or csv; without it the columns carried with the sites are read.
    tolerances : Tolerances
    secrecy : bool
        Tell no distance to a controlled layer and no length in it.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`: place in the table, site, item, typed and computed value, difference and tolerance
        (m² or m, NaN where there is none), result and note. A row of the table of which nothing could be
        compared has one row here that says so.

    Raises
    ------
    SourceError
        If the table cannot be read, or without one no site carries anything typed.
    """
    computed = Computed(screening)
    rows = rows_of_sites(screening.sites) if table is None else rows_of_file(table)
    checker = _Checker(computed, tolerances, secrecy)
    found = [line for row in rows for line in checker.row(row)] + list(checker.whole())
    if table is None and not found:
        raise SourceError(
            Text(
                "没有可以比对的内容：卷宗的地块没有带入填报数值",
                "There is nothing to compare: no site of the dossier carries typed figures",
            ),
            Text(
                "没有指定填报表，地块的属性列中也没有管控单元编码、面积、长度或者距离。",
                "No table was given, and no column of the sites holds a unit code, an area, a length or a distance.",
            ),
            Text("请指定填报表（xlsx、docx 或 csv）。", "Give a typed table (xlsx, docx or csv)."),
        )
    return pd.DataFrame(found, columns=list(COLUMNS))


class _Checker:
    def __init__(self, computed: Computed, tolerances: Tolerances, secrecy: bool) -> None:
        self._computed, self._tolerances = computed, tolerances
        self._closed = computed.controlled if secrecy else set()
        self._named: dict[str, list[str]] = {}
        self._above = ""  # the site that a document named last

    def row(self, row: TypedRow) -> Iterator[dict[str, Any]]:
        """Yield what is to be said of one row, at least one line."""
        site_id, why = self._site(row)
        if site_id or why != NO_SITE:
            self._above = site_id
        elif row.follows:
            site_id = self._above
        if not site_id:
            yield _line(
                row.place,
                "",
                "",
                "；".join(f"{h}：{t}" for h, t in row.cells.items())[:200],
                result=UNMATCHED,
                note=why,
            )
            return
        lines = [line for heading, text in row.cells.items() for line in self._cell(row, site_id, heading, text)]
        if not lines:
            lines = [_line(row.place, site_id, "", "；".join(row.cells)[:200], result=NOTHING)]
        yield from lines

    def _site(self, row: TypedRow) -> tuple[str, str]:
        heads = {heading: heading_and_unit(heading, "area")[0].lower() for heading in row.cells}
        known, names = set(self._computed.ids), words()["headings"]
        for heading, text in row.cells.items():
            if any(word in heads[heading] for word in names["site"]):
                return (text, "") if text in known else ("", f"地块编号 {text} 不在本次筛查中")
        for heading, text in row.cells.items():
            if any(word in heads[heading] for word in names["name"]):
                ids = self._computed.names.get(plain(text), [])
                if len(ids) == 1:
                    return ids[0], ""
                return (
                    "",
                    f"项目名称 {text} 对应 {len(ids)} 个地块，请补充地块编号" if ids else f"没有名为 {text} 的地块",
                )
        if len(known) == 1:
            return next(iter(known)), ""
        return "", NO_SITE

    def _cell(self, row: TypedRow, site_id: str, heading: str, text: str) -> Iterator[dict[str, Any]]:
        found = codes(text)
        named = words()["headings"]
        head = heading_and_unit(heading.split("#", maxsplit=1)[0], "area")[0].lower()
        if found or (any(word in head for word in named["unit"]) and "名称" not in head and "类型" not in head):
            if "面积" not in head:
                yield self._codes(row, site_id, heading, text, found)
            return
        if any(word in head for word in named["distance"]) and "面积" not in head:
            yield self._figure(row, site_id, heading, text, "length", self._distance(row, site_id, head))
        elif any(word in head for word in named["area"]):
            yield self._figure(row, site_id, heading, text, "area", self._area(row, site_id, head))
        elif any(word in head for word in named["length"]):
            yield self._figure(row, site_id, heading, text, "length", self._length(site_id, head))

    def _codes(self, row: TypedRow, site_id: str, heading: str, text: str, found: list[str]) -> dict[str, Any]:
        computed = self._computed.codes(site_id)
        prefix = {code[:2] for code in found} or {"ZH"}
        wanted = [code for code in computed if code[:2] in prefix]
        shown = "、".join(wanted) or "无"
        unknown = self._known_units(prefix)
        if unknown:
            return _line(row.place, site_id, heading, text, result=UNKNOWN, note=unknown)
        if not found:
            return _line(
                row.place, site_id, heading, text, shown, result=UNREAD, note="没有 ZH 加 11 位或 YS 加 13 位数字的编码"
            )
        if row.follows:  # a paper may name its units one by one: what is missing is asked of the whole
            self._named.setdefault(site_id, []).extend(found)
            wanted_here = [code for code in wanted if code in found]
        else:
            wanted_here = wanted
        note = _unlike(found, wanted_here)
        return _line(row.place, site_id, heading, text, shown, result=DIFFERS if note else AGREES, note=note)

    def whole(self) -> Iterator[dict[str, Any]]:
        """Yield, for every site of a paper that names unit codes, whether the paper names them all."""
        for site_id, named in self._named.items():
            found = [code for code in dict.fromkeys(named) if code.startswith("ZH")]
            if self._known("control_unit"):
                continue
            wanted = [code for code in self._computed.codes(site_id) if code.startswith("ZH")]
            note = _unlike(found, wanted)
            told, computed = "、".join(found), "、".join(wanted) or "无"
            yield _line("全文", site_id, "管控单元编码", told, computed, result=DIFFERS if note else AGREES, note=note)

    def _area(self, row: TypedRow, site_id: str, head: str) -> _Figure | str:
        role = role_in(head)
        typed = codes("；".join(row.cells.values()))
        if role == "control_unit" or ("单元" in head and typed):
            if len(typed) != 1:
                return "同一行没有唯一的单元编码"
            return self._known_units({typed[0][:2]}) or _Figure(self._computed.unit_area(site_id, typed[0]), "area")
        if role:
            return self._known(role) or _Figure(self._computed.overlap(site_id, role)[0], "area")
        if any(word in head for word in words()["inside"]["words"]):
            return "标题没有写明是哪个图层"
        if self._computed.area[site_id] <= 0:
            return "该地块不是面，没有面积"
        return _Figure(self._computed.area[site_id], "area")

    def _length(self, site_id: str, head: str) -> _Figure | str:
        role = role_in(head)
        if role:
            return self._hidden(role) or _Figure(self._computed.overlap(site_id, role)[1], "length")
        if self._computed.length[site_id] <= 0:
            return "该地块不是线，没有长度"
        return _Figure(self._computed.length[site_id], "length")

    def _distance(self, row: TypedRow, site_id: str, head: str) -> _Figure | str:
        role, feature = role_in(head), ""
        names = words()["headings"]
        for heading, text in row.cells.items():
            plainly = heading_and_unit(heading, "length")[0]
            if plainly in names["feature"] and not any(word in plainly for word in names["name"]):
                feature = text
        if feature and role in ("", "sensitive_receptor"):
            role = "sensitive_receptor"
        elif not role:
            return "标题没有写明到哪个图层的距离"
        why = self._hidden(role)
        if why:
            return why
        value = self._computed.distance(site_id, role, feature)
        if math.isnan(value):
            return f"图层中没有“{feature}”，或者超出核算距离" if feature else "超出核算距离，没有计算值"
        return _Figure(value, "distance", self._computed.limits(site_id, role))

    def _known(self, role: str) -> str:
        """Return why a role has no figures; empty where it has."""
        return "" if role in self._computed.loaded | self._computed.absent else "该图层未取得，没有计算值"

    def _known_units(self, prefixes: Iterable[str]) -> str:
        """Return why the units of some prefixes of codes are not known; empty where they are."""
        return next((why for prefix in sorted(prefixes) if (why := self._known(UNIT_ROLES[prefix]))), "")

    def _hidden(self, role: str) -> str:
        return "受控数据模式下不列该图层的距离和长度" if role in self._closed else self._known(role)

    def _figure(
        self, row: TypedRow, site_id: str, heading: str, text: str, kind: str, figure: _Figure | str
    ) -> dict[str, Any]:
        unit = heading_and_unit(heading.split("#", maxsplit=1)[0], kind)[1]
        typed = quantity(text, kind, unit)
        if isinstance(figure, str):
            return _line(row.place, site_id, heading, text, result=UNKNOWN, note=figure)
        words_of = area_words(figure.value) if kind == "area" else metres(figure.value, figure.limits)
        if typed is None:
            return _line(row.place, site_id, heading, text, words_of, result=UNREAD, note="不是一个带已知单位的数")
        return self._judge(row, site_id, heading, text, figure, typed, words_of)

    def _judge(
        self, row: TypedRow, site_id: str, heading: str, text: str, figure: _Figure, typed: Quantity, words_of: str
    ) -> dict[str, Any]:
        by_share = max(self._tolerances.area_share * figure.value, self._tolerances.area_m2)
        tolerance = typed.rounding + (self._tolerances.distance_m if figure.kind == "distance" else by_share)
        difference = typed.value - figure.value
        across = [limit for limit in figure.limits if (typed.value > limit) != (figure.value > limit)]
        notes = [] if typed.unit_written else [f"未注单位，按 {typed.unit} 比对"]
        notes += [f"与计算值分处规定距离 {limit:g} m 两侧" for limit in across]
        agrees = abs(difference) <= tolerance and not across
        return _line(
            row.place, site_id, heading, text, words_of, difference, tolerance,
            AGREES if agrees else DIFFERS, "；".join(notes),
        )  # fmt: skip


def _unlike(found: Sequence[str], wanted: Sequence[str]) -> str:
    """Return which codes are typed too many and too few, or empty text."""
    extra, missing = [c for c in found if c not in wanted], [c for c in wanted if c not in found]
    notes = [f"多填 {'、'.join(extra)}"] if extra else []
    return "；".join(notes + ([f"漏填 {'、'.join(missing)}"] if missing else []))


def _line(
    place: str, site_id: str, item: str, typed: str, computed: str = "", difference: float = math.nan,
    tolerance: float = math.nan, result: Text = AGREES, note: str = "",
) -> dict[str, Any]:  # fmt: skip
    values = (place, site_id, item, typed, computed, difference, tolerance, result.zh, note)
    return dict(zip(COLUMNS, values, strict=True))

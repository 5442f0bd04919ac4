"""A role as a row of the table of layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ...layers.role import role
from ...layers.sources import Absence, LayerSet, LayerSource
from ...layers.superseded import superseded
from ...layers.texts import EMPTY, Text

READY, ABSENT, NOT_HELD, BROKEN, OLD = "✔", "∅", "…", "✖", "⚠"
SUPERSEDED = Text("已被取代", "superseded")
NONE_HERE = Text("无此类要素", "none here")
NONE_LONG = Text("已确认：本辖区无此类要素", "confirmed: there is none in this district")
AUTHORITIES = {
    "statutory": Text("法定（官方矢量、勘界成果）", "statutory"),
    "derived": Text("整理", "derived"),
    "indicative": Text("示意", "indicative"),
}


@dataclass(frozen=True)
class RoleRow:
    """What the table shows of a role."""

    role: str
    name: Text
    symbol: str
    state: Text
    source: str
    details: tuple[str, ...]
    ready: bool
    rank: int


def row_of(role_id: str, layer_set: LayerSet | None, checked: Mapping[str, Text], day: date) -> RoleRow:
    """Return the row of a role.

    Parameters
    ----------
    checked : mapping
        Role to what is wrong with its source, for those that were looked at and cannot be read.
    day : date
        The day whose data apply.
    """
    name = role(role_id).name
    sources = layer_set.of(role_id) if layer_set else ()
    absence = layer_set.absence(role_id) if layer_set else None
    if sources:
        trouble = checked.get(role_id, EMPTY)
        labels = "；".join(source.layer or Path(source.source).name for source in sources)
        details = [line for source in sources for line in _details(source)]
        if str(trouble):
            broken = Text("不可用", "unusable")
            return RoleRow(role_id, name, BROKEN, broken, labels, (str(trouble), *details), False, 0)
        old = _given_way(sources, day)
        if old:
            return RoleRow(role_id, name, OLD, SUPERSEDED, labels, (*old, *details), True, 1)
        ready = Text("已就绪", "ready")
        return RoleRow(role_id, name, READY, ready, labels, tuple(details), True, 2)
    if absence is not None and absence.state == "absent_confirmed":
        lines = _confirmed(absence)
        if absence.valid_to is not None and absence.valid_to < day:
            expired = Text("确认已过期", "confirmation expired")
            return RoleRow(role_id, name, NOT_HELD, expired, absence.by, lines, False, 3)
        return RoleRow(role_id, name, ABSENT, NONE_HERE, absence.by, (str(NONE_LONG), *lines), True, 4)
    return RoleRow(role_id, name, NOT_HELD, Text("未取得", "not held"), "", (), False, 3)


def _given_way(sources: tuple[LayerSource, ...], day: date) -> tuple[str, ...]:
    """Return why sources of a role are superseded on a day, one line each; empty where all are of their time."""
    told = [(source.label, superseded(source, sources, day)) for source in sources]
    return tuple(f"{label}：{why}" for label, why in told if why != EMPTY)


def _details(source: LayerSource) -> list[str]:
    accuracy = Text("精度", "accuracy")
    assumed = str(Text("（未注明，按此取值）", " (assumed)")) if source.accuracy_assumed else ""
    vintage = source.vintage.isoformat() if source.vintage else str(Text("未注明", "not given"))
    data = f"{Text('数据时点', 'vintage')} {vintage} · {accuracy} {source.accuracy_m:g} m{assumed}"
    lines = [source.label, f"{data} · {AUTHORITIES[source.authority]}"]
    if source.fields:
        lines.append(f"{Text('字段', 'fields')} " + "，".join(f"{k} = {v}" for k, v in source.fields.items()))
    return lines


def _confirmed(absence: Absence) -> tuple[str, ...]:
    day = absence.day.isoformat() if absence.day else ""
    until = absence.valid_to.isoformat() if absence.valid_to else ""
    return (
        f"{Text('确认', 'confirmed by')}：{absence.by} {day}",
        f"{Text('依据', 'basis')}：{absence.basis}",
        f"{Text('有效期至', 'valid to')} {until}",
    )

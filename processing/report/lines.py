"""A line project by stake: where it enters and leaves, how long it runs per unit and bank side, how it is laid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ...layers.line_modes import ModeStretch, mode_stretches, stake, stake_of
from .figures import metres
from .model import LinePaper
from .values import records, shown

UNDECLARED = "未申报"
ROUNDED_M = 1.0  # declared stretches end at whole metres
UNREAD = "（“线路分段”无法识读，敷设方式按未申报列出）"
_UNIT, _BANK = "control_unit", "bank_line"
_LEFT_OUT = ("district", "basin")  # where the whole line lies says nothing of it


def line_paper(stretches: pd.DataFrame, attributes: Mapping[str, Any], names: Mapping[str, str]) -> LinePaper | None:
    """Return the tables of a line project; None for any other.

    Parameters
    ----------
    stretches : DataFrame
        `tables.STRETCHES` of the site.
    attributes : mapping
        Of the site: ``segments`` and ``stake_start``.
    names : mapping
        Name per role.
    """
    rows = [row for row in records(stretches) if row.role not in _LEFT_OUT]
    if not rows:
        return None
    letters, start = stake_of(shown(attributes.get("stake_start")))
    text = shown(attributes.get("segments"))
    modes = mode_stretches(text, start)
    passages = tuple(
        (
            stake(start + row.from_m, letters),
            stake(start + row.to_m, letters),
            names.get(row.role, row.role),
            (f"{row.side}：" if row.side else "") + (row.feature_name or row.feature_id),
            metres(row.length_m),
            _laid(row.from_m, row.to_m, modes or ()),
        )
        for row in sorted(rows, key=lambda row: (row.from_m, row.role != _UNIT, row.role, row.to_m))
    )
    return LinePaper(
        passages=passages,
        by_unit=_totals([(row.feature_id, row) for row in rows if row.role == _UNIT], modes or ()),
        by_side=_totals([(_side(row), row) for row in rows if row.role == _BANK and row.side], modes or ()),
        note=UNREAD if text and modes is None else "",
    )


def _side(row: Any) -> str:
    return f"{row.side}（{row.feature_name or row.feature_id}）"


def _laid(begin: float, end: float, modes: Sequence[ModeStretch]) -> str:
    laid = _lengths(begin, end, modes)
    return next(iter(laid), "") if len(laid) < 2 else _told(laid)


def _told(laid: Mapping[str, float]) -> str:
    return "；".join(f"{mode} {metres(length)}" for mode, length in laid.items())


def _lengths(begin: float, end: float, modes: Sequence[ModeStretch]) -> dict[str, float]:
    """Return the metres per mode of a stretch; what no mode covers is undeclared."""
    out: dict[str, float] = {}
    for each in modes:
        shared = min(end, each.to_m) - max(begin, each.from_m)
        if shared > 0:
            out[each.mode] = out.get(each.mode, 0.0) + shared
    rest = end - begin - sum(out.values())
    if rest > ROUNDED_M or (rest > 0 and not out):
        out[UNDECLARED] = rest
    elif rest > 0:
        out[next(reversed(out))] += rest
    return out


def _totals(rows: Sequence[tuple[str, Any]], modes: Sequence[ModeStretch]) -> tuple[tuple[str, str, str], ...]:
    """Return (key, length, lengths by mode), summed over the stretches of a key."""
    sums: dict[str, dict[str, float]] = {}
    for key, row in rows:
        for mode, length in _lengths(row.from_m, row.to_m, modes).items():
            held = sums.setdefault(key, {})
            held[mode] = held.get(mode, 0.0) + length
    return tuple((key, metres(sum(held.values())), _told(held)) for key, held in sums.items())

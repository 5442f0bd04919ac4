"""环境保护目标表: what lies around a site, in which of the 16 winds, how far from its boundary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ...layers.role import roles
from .figures import NOTHING, degrees_minutes, metres, sixteen_winds
from .model import ReceptorPaper, ReceptorRow
from .values import records

ROLE = "sensitive_receptor"
NAMELESS = "（未命名）"


def receptor_paper(facts: pd.DataFrame, radii: Sequence[float], state: str, secrecy: bool) -> ReceptorPaper:
    """Return the table of a site.

    Parameters
    ----------
    facts : DataFrame
        `tables.FACTS` of the site.
    radii : sequence of float
        Rings in m, ascending.
    state : str
        What is said of the layer where it is not loaded; empty where it is.
    secrecy : bool
        Leave the coordinates out.
    """
    if state:
        return ReceptorPaper((), f"环境保护目标图层{state}，本表须由编制单位调查填写。")
    most = max(radii, default=0.0)
    near = facts[(facts["role"] == ROLE) & (facts["distance_m"] <= most)]
    rows = tuple(_row(row, radii, secrecy) for row in records(near.sort_values(["distance_m", "feature_name"])))
    note = f"列出厂界外 {most:g} m 以内、图层所载的目标；保护对象、规模和环境功能区由编制单位补充。"
    reach = roles()[ROLE].reach_m
    if most > reach:
        note += f"卷宗只核算到 {reach:g} m，更远的目标未列。"
    if not rows:
        note = f"厂界外 {most:g} m 以内，图层中没有环境保护目标；" + note.partition("；")[2]
    return ReceptorPaper(rows, note)


def _row(row: Any, radii: Sequence[float], secrecy: bool) -> ReceptorRow:
    ring = next(radius for radius in radii if row.distance_m <= radius)
    inside = not row.distance_m > 0
    known = not secrecy and row.feature_lon == row.feature_lon
    return ReceptorRow(
        name=row.feature_name or row.feature_id or NAMELESS,
        wind="厂界内" if inside else sixteen_winds(row.bearing_deg),
        distance=metres(0.0 if inside else row.distance_m, radii),
        ring=f"{ring:g} m 以内",
        place=f"{degrees_minutes(row.feature_lon)}\n{degrees_minutes(row.feature_lat)}" if known else NOTHING,
    )

"""Sums over the chainage table: in all, by river, bank, side, reach and function zone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ....layers.texts import Text
from .reading import SIDE_WORDS
from .tables import SUMMARY
from .uses import uses

LEVELS = (
    ("total", Text("合计", "in all")),
    ("main_channel", Text("主航道", "main channel")),
    ("river", Text("河流", "river")),
    ("side", Text("岸别", "side")),
    ("bank", Text("岸线", "bank")),
    ("reach", Text("岸段", "reach")),
    ("zone_kind", Text("功能区类型", "kind of function zone")),
    ("zone", Text("岸线功能区", "function zone")),
)


def summary_of(segments: pd.DataFrame) -> pd.DataFrame:
    """Return one row per group of each level; groups without a name hold what has none."""
    rows = []
    for level, text in LEVELS:
        keys = _keys(segments, level)
        for name in dict.fromkeys(keys):
            rows.append({"level": level, "level_zh": text.zh, "name": name, **_sums(segments[keys == name])})
    return SUMMARY.frame(pd.DataFrame(rows))


def _keys(segments: pd.DataFrame, level: str) -> pd.Series:
    if level == "total":
        return pd.Series("合计", index=segments.index)
    if level == "main_channel":
        return segments["main_channel"].map({True: "主航道岸线", False: "其他岸线"})
    if level == "side":
        return segments["side"].map(lambda side: SIDE_WORDS.get(side, side or "未填"))
    if level in ("reach", "zone", "zone_kind") and not (segments[level] != "").any():
        return pd.Series([], dtype=object)
    return segments[level].replace("", "未填")


def _sums(part: pd.DataFrame) -> dict[str, float]:
    counted = part[part["counted"]]
    by_use = counted.groupby("use")["length_m"].sum()
    length = float(counted["length_m"].sum())
    known = counted[counted["investment"].notna()]
    developed = float(by_use.reindex([use.id for use in uses() if use.developed]).sum())
    harbour = float(by_use.reindex([use.id for use in uses() if use.wharf_storage]).sum())
    invested = float(known["length_m"].sum())
    money = float(known["investment"].sum()) if len(known) else np.nan
    return {
        "length_m": length,
        "main_channel_m": float(counted.loc[counted["main_channel"], "length_m"].sum()),
        "developed_m": developed,
        "developed_share": developed / length if length else np.nan,
        "wharf_storage_m": harbour,
        "wharf_storage_share": harbour / length if length else np.nan,
        **{f"{use.id}_m": float(by_use.get(use.id, 0.0)) for use in uses()},
        "investment": money,
        "invested_m": invested,
        "investment_per_km": money / (invested / 1000.0) if invested else np.nan,
        "not_counted_m": float(part.loc[~part["counted"], "length_m"].sum()),
    }

"""What figures of two dates say of an area, and what they cannot say, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ....layers.texts import Text

FEW_CELLS = 10.0
MOST_UNKNOWN = 0.5
_LESS = ("不足一个像元", "less than a cell")


def statement(row: Mapping[str, Any] | pd.Series) -> Text:
    """Return what a row of ``tables.ACCEPTANCE`` says."""
    start, end, covered = row["date_from"], row["date_to"], float(row["covered_share"])
    if not covered > 0.0 or math.isnan(float(row["fvc_change"])):
        return Text(
            f"{start} 与 {end} 之间没有可比的数据，不能说明变化。",
            f"There are no data to compare between {start} and {end}; nothing can be said of change.",
        )
    # Adding 0 makes -0 a 0.
    before, after, change = (round(100.0 * float(row[key]), 1) + 0 for key in ("fvc_from", "fvc_to", "fvc_change"))
    zh = f"{start} 至 {end}，平均植被覆盖度由 {before:.1f}% 变为 {after:.1f}%"
    en = f"From {start} to {end} mean cover went from {before:.1f} % to {after:.1f} %"
    zh += f"（同一范围可比部分 {change:+.1f} 个百分点）；"
    en += f" ({change:+.1f} points over the part that both dates show); "
    gain, loss = float(row["gain_share"]), float(row["loss_share"])
    if math.isnan(gain):
        zh += "稳定地面不足，变化是否显著无法判断；"
        en += "without enough stable ground nothing can be said of significance; "
    else:
        zh += f"{100 * gain:.0f}% 的可比面积植被显著增加，{100 * loss:.0f}% 显著减少；"
        en += f"vegetation rose significantly on {100 * gain:.0f} % of it and fell on {100 * loss:.0f} %; "
    zh += f"可比部分占地块的 {100 * covered:.0f}%。"
    en += f"that part is {100 * covered:.0f} % of the area."
    if covered < MOST_UNKNOWN:
        zh += "可比部分不足一半，不宜代表整个地块。"
        en += " Under half of the area, it should not stand for all of it."
    around = float(row["fvc_around"])
    if not math.isnan(around):
        zh += f"{end} 周边 20 至 250 米的覆盖度为 {100 * around:.0f}%。"
        en += f" The ground 20 to 250 m around it had {100 * around:.0f} % at {end}."
    return Text(zh, en)


def limits(cells: float, cell_area: float) -> Text:
    """Return what such data cannot show; `cells`: the size of the area in cells, `cell_area`: in units of the plane."""
    zh = (
        "影像只反映绿色植被覆盖，不能说明植物种类和成活情况、覆土和土壤质量、边坡稳定、污染状况，"
        "也不能说明变化是否由修复措施引起；以上须现场核查。"
    )
    en = (
        "Images show green cover only: not species or survival, soil, stability of faces or pollution, nor whether the "
        "measures caused the change. All that needs a look in the field."
    )
    if cells < FEW_CELLS:
        held, held_en = (f"约 {cells:.0f} 个像元", f"about {cells:.0f} cells") if cells >= 1.0 else _LESS
        zh += f"地块只有{held}，数值受周边混合像元影响很大。"
        en += f" The area holds only {held_en}, so its figures lean heavily on what lies around."
    elif cell_area > 1.0:
        side = math.sqrt(cell_area)
        zh += f"像元约 {side:.0f} 米，更小的裸露或成片枯死看不出。"
        en += f" A cell is about {side:.0f} m; smaller bare or dead spots do not show."
    return Text(zh, en)

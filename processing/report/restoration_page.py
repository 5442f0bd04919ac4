"""What a page of before and after says of one area, for every format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ..engine.restoration.pictures import Picture, histogram_picture
from ..engine.restoration.proof import Proof
from ..engine.restoration.tables import ACCEPTANCE
from .values import shown as printable

TITLE = "生态修复前后对比表"
FIGURES = ("area_m2", "fvc_from", "fvc_to", "fvc_change", "gain_share", "loss_share", "covered_share", "fvc_trend",
           "fvc_around", "slope_mean", "slope_over25_share")  # fmt: skip
NO_DATA = "无数据"
LEAST_SHOWN = 0.05  # what one decimal shows
_SHARES = {"fvc_from", "fvc_to", "gain_share", "loss_share", "covered_share", "fvc_around", "slope_over25_share"}
_POINTS = {"fvc_change": "个百分点", "fvc_trend": "个百分点/年"}


@dataclass(frozen=True)
class Grid:
    """A small table with its title; every row begins with its heading."""

    title: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Page:
    """Everything on one page, in order.

    Attributes
    ----------
    heading : str
    pictures : tuple of (Picture, str)
        With their captions; empty where the images do not show the area.
    legend : str
    figures : tuple of (str, str)
        Heading and value.
    classes, trend : Grid
    bars : Picture or None
    bars_title : str
    says, cannot : str
    """

    heading: str
    pictures: tuple[tuple[Picture, str], ...]
    legend: str
    figures: tuple[tuple[str, str], ...]
    classes: Grid
    bars: Picture | None
    bars_title: str
    trend: Grid
    says: str
    cannot: str


def page_of(proof: Proof, name: str) -> Page:
    """Return the page of one area."""
    figures = proof.figures
    start, end = str(figures["date_from"]), str(figures["date_to"])
    kinds, trend = proof.classes, proof.trend
    pictures: tuple[tuple[Picture, str], ...] = ()
    legend = "影像未覆盖本地块。"
    if proof.before is not None and proof.after is not None and proof.change is not None:
        pictures = (
            (proof.before, f"修复前 {start}"),
            (proof.after, f"修复后 {end}"),
            (proof.change, "变化（绿增、红减、灰无数据）"),
        )
        legend = "前两幅为近红外假彩色，红色为植物，黄线为地块边界；两期亮度一致，上北下南。"
    return Page(
        printable(f"{TITLE}　{proof.site_id}" + (f"　{name}" if name else "")),
        pictures,
        legend,
        tuple((ACCEPTANCE.column(key).heading.zh, shown(key, figures[key])) for key in FIGURES),
        Grid(
            "各级植被覆盖度的面积（有数据部分，平方米）",
            (
                ("覆盖度（%）", *map(str, kinds["class"])),
                (start, *_numbers(kinds["area_from_m2"], "{:.0f}")),
                (end, *_numbers(kinds["area_to_m2"], "{:.0f}")),
            ),
        ),
        histogram_picture(proof.histogram) if np.isfinite(proof.histogram).any() else None,
        "植被覆盖度分布（横轴 0 至 100%，灰为修复前，绿为修复后）",
        Grid(
            "各时相平均植被覆盖度",
            (
                ("时相", *map(str, trend["date"])),
                ("平均覆盖度", *_numbers(trend["fvc_mean"], "{:.1%}")),
                ("有数据面积比例", *_numbers(trend["covered_share"], "{:.1%}")),
            ),
        ),
        f"数据说明：{proof.says.zh}",
        f"不能说明：{proof.cannot.zh}",
    )


def _numbers(values: Iterable[float], form: str) -> list[str]:
    return [form.format(value) if np.isfinite(value) else NO_DATA for value in values]


def shown(name: str, value: object) -> str:
    """Return a figure of the acceptance table as a page shows it."""
    number = float(value) if isinstance(value, int | float) else np.nan
    scale = 100 if name in _SHARES or name in _POINTS else 1
    number = 0.0 if abs(number) * scale < LEAST_SHOWN else number  # no minus before a zero
    if not np.isfinite(number):
        return NO_DATA
    if name in _SHARES:
        return f"{100 * number:.1f}%"
    if name in _POINTS:
        return f"{100 * number:+.1f} {_POINTS[name]}"
    return f"{number:,.1f} {ACCEPTANCE.column(name).unit}".replace(",", " ").strip()

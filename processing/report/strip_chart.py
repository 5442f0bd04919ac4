"""The strip chart of banks: every bank as a band along its stations, coloured by use. SVG, no library needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import pandas as pd

from ...layers.texts import Text
from ..engine.occupancy.occupancy import MOUTH
from ..engine.occupancy.uses import Use, uses
from ..engine.words import DISCLAIMER

WIDTH, LEFT, RIGHT = 1800.0, 250.0, 60.0
TOP, ROW, BAND, ZONE_BAND = 176.0, 122.0, 30.0, 9.0
FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, sans-serif"
MOUTH_COLOUR = "#ffffff"
ZONE_COLOURS = {
    "岸线保护区": "#2e7d5b",
    "岸线保留区": "#8fc1a9",
    "岸线控制利用区": "#e3b35c",
    "岸线开发利用区": "#c8553d",
}
OTHER_ZONE = "#b8bec4"
INK, SOFT = "#263238", "#607d8b"
LETTER = 12.0


@dataclass(frozen=True)
class Scale:
    """Metres of one bank to the x of the page."""

    first_m: float
    per_m: float

    def x(self, station_m: float) -> float:
        """Return where a station stands."""
        return LEFT + (station_m - self.first_m) * self.per_m


def strip_chart(segments: pd.DataFrame, summary: pd.DataFrame) -> str:
    """Return the chart of a chainage table as SVG.

    Parameters
    ----------
    segments, summary : DataFrame
        As `engine.occupancy.occupancy` gives them.
    """
    banks = [part for _, part in segments.groupby("bank", sort=False) if part["counted"].any()]
    spans = [_span(part) for part in banks]
    per_m = (WIDTH - LEFT - RIGHT) / max(last - first for first, last in spans)
    out = [*_head(summary.iloc[0])]
    for n, (part, (first, last)) in enumerate(zip(banks, spans, strict=True)):
        out += _bank(part, Scale(first, per_m), last, TOP + n * ROW)
    height = TOP + len(banks) * ROW + 64
    out += _legend(segments, height - 46)
    body = "\n".join(out)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {WIDTH:.0f} {height:.0f}" font-family="{FONT}">\n'
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n{body}\n</svg>\n'
    )


def _span(part: pd.DataFrame) -> tuple[float, float]:
    counted = part[part["counted"]]
    return float(counted["from_m"].min()), float(counted["to_m"].max())


def _head(total: pd.Series) -> list[str]:
    """Return title and the sums of all banks."""
    figures = (
        (Text("岸线总长", "bank"), _km(total["length_m"])),
        (Text("主航道岸线", "main channel"), _km(total["main_channel_m"])),
        (Text("已开发岸线", "developed"), f"{_km(total['developed_m'])}（{total['developed_share']:.1%}）"),
        (
            Text("码头及仓储占用", "wharves and storage"),
            f"{_km(total['wharf_storage_m'])}（{total['wharf_storage_share']:.1%}）",
        ),
        (Text("每公里投资", "investment per km"), _money(total["investment_per_km"])),
        (Text("利用未填", "use not stated"), _km(total["unstated_m"])),
    )
    out = [_text(LEFT, 46, str(Text("岸线利用带状图", "Strip chart of bank uses")), 26, INK, weight="bold")]
    step = (WIDTH - LEFT - RIGHT) / len(figures)
    for n, (name, value) in enumerate(figures):
        out.append(_text(LEFT + n * step, 84, str(name), 13, SOFT))
        out.append(_text(LEFT + n * step, 108, value, 18, INK))
    return out


def _bank(part: pd.DataFrame, scale: Scale, last_m: float, y: float) -> list[str]:
    """Return one bank: name, band of uses, band of function zones, stations, names of uses."""
    length = float(part.loc[part["counted"], "length_m"].sum())
    out = [
        _text(24, y + 14, _short(str(part["bank"].iloc[0]), 15), 15, INK, weight="bold"),
        _text(24, y + 34, _km(length), 13, SOFT),
    ]
    colours = {use.id: use.colour for use in uses()}
    labels: list[tuple[float, float, str]] = []
    for row in part.to_dict("records"):
        if not row["counted"] and row["use_zh"] != MOUTH.zh:
            continue
        x, width = scale.x(row["from_m"]), row["length_m"] * scale.per_m
        fill = colours.get(row["use"], MOUTH_COLOUR)
        dash = "" if row["counted"] else f' stroke="{SOFT}" stroke-dasharray="3 3" stroke-width="0.8"'
        title = f"{row['use_zh']} {row['use_name']} {_stake(row['from_m'])}—{_stake(row['to_m'])}"
        out.append(_rect(x, y, width, BAND, fill, dash, title))
        if row["zone_kind"]:
            colour = ZONE_COLOURS.get(row["zone_kind"], OTHER_ZONE)
            out.append(_rect(x, y + BAND + 3, width, ZONE_BAND, colour, "", row["zone"]))
        if row["use_name"]:
            labels.append((x, x + width, row["use_name"]))
    return [*out, *_stations(scale, last_m, y), *_names(labels, y)]


def _stations(scale: Scale, last_m: float, y: float) -> list[str]:
    """Return a tick at both ends and at every kilometre that leaves room for its number."""
    ends = [scale.first_m, last_m]
    room = 4.8 * LETTER
    kilometres = [1000.0 * k for k in range(int(scale.first_m // 1000) + 1, int(last_m // 1000) + 1)]
    step = max(1, round(room / max(1000.0 * scale.per_m, 1e-9) + 0.5))
    shown = [k for k in kilometres[::step] if all(abs(scale.x(k) - scale.x(end)) > room for end in ends)]
    base = y + BAND + ZONE_BAND + 8
    out = []
    drawn = -1e9
    for station in sorted([*shown, *ends]):
        x = scale.x(station)
        out.append(f'<path d="M{x:.1f} {base:.1f}v5" stroke="{SOFT}" stroke-width="1"/>')
        if x - drawn > room:
            out.append(_text(x, base + 18, _stake(station), 11, SOFT, anchor="middle"))
            drawn = x
    return out


def _names(labels: Sequence[tuple[float, float, str]], y: float) -> list[str]:
    """Return the names of uses above their band, in two rows, where they find room; a name stands once."""
    joined: dict[str, tuple[float, float]] = {}
    for start, end, name in labels:
        first, last = joined.get(name, (start, end))
        joined[name] = (min(first, start), max(last, end))
    free = [-1e9, -1e9]
    out = []
    for name, (start, end) in sorted(joined.items(), key=lambda item: item[1]):
        text = _short(name.replace("（虚构）", ""), 14)
        middle, half = (start + end) / 2, sum(LETTER if ord(c) > 255 else 0.6 * LETTER for c in text) / 2
        middle = min(max(middle, LEFT + half), WIDTH - 12 - half)
        row = next((row for row in (0, 1) if middle - half > free[row] + 6), None)
        if row is None:
            continue
        free[row] = middle + half
        at = y - 7 - 16 * row
        out.append(_text(middle, at, text, LETTER, INK, anchor="middle"))
        if row:
            out.append(f'<path d="M{(start + end) / 2:.1f} {at + 4:.1f}V{y:.1f}" stroke="{SOFT}" stroke-width="0.6"/>')
    return out


def _legend(segments: pd.DataFrame, y: float) -> list[str]:
    """Return swatches of what the chart shows, and the last line."""
    there = set(segments["use"])
    shown: list[Use] = [use for use in uses() if use.id in there]
    zones = [kind for kind in ZONE_COLOURS if kind in set(segments["zone_kind"])]
    entries = [(str(use.text), use.colour, BAND / 2) for use in shown]
    entries += [(kind, ZONE_COLOURS[kind], ZONE_BAND) for kind in zones]
    if (segments["use_zh"] == MOUTH.zh).any():
        entries.append((str(Text("河口（不计入）", "mouth, not counted")), MOUTH_COLOUR, BAND / 2))
    x, out = LEFT, []
    for name, colour, height in entries:
        frame = f' stroke="{SOFT}" stroke-width="0.8"' if colour == MOUTH_COLOUR else ""
        out.append(_rect(x, y - height + 2, 22, height, colour, frame, name))
        out.append(_text(x + 28, y, name, 13, INK))
        x += 50 + sum(13 if ord(c) > 255 else 7.5 for c in name)
    return [*out, _text(LEFT, y + 30, DISCLAIMER, 11, SOFT)]


def _rect(x: float, y: float, width: float, height: float, fill: str, more: str, title: str) -> str:
    return (
        f'<rect x="{x:.2f}" y="{y:.2f}" width="{max(width, 0.4):.2f}" height="{height:.2f}" fill="{fill}"{more}>'
        f"<title>{escape(title)}</title></rect>"
    )


def _text(x: float, y: float, text: str, size: float, colour: str, anchor: str = "start", weight: str = "") -> str:
    bold = f' font-weight="{weight}"' if weight else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{colour}" text-anchor="{anchor}"{bold}>'
        f"{escape(text)}</text>"
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _km(metres: float) -> str:
    return f"{metres / 1000.0:.3f} km"


def _money(value: float) -> str:
    return "—" if pd.isna(value) else f"{value:,.0f} " + str(Text("万元", "×10⁴ yuan"))


def _stake(station_m: float) -> str:
    """Return a station as a stake, ``K3+450``; whole metres, never rounded up to the next kilometre."""
    metres = int(station_m)
    return f"K{metres // 1000}+{metres % 1000:03d}"

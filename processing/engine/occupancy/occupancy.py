"""Bank length by use: every metre of bank counted once, whatever overlaps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ....layers.coordinates import TARGET
from ....layers.errors import SourceError
from ....layers.geodesy.joined import join
from ....layers.progress import Progress
from ....layers.texts import Text
from .bank import Bank, Floats
from .reading import Placed, read_areas, read_banks, read_uses
from .referencing import Stretch, label, mouths, outside, place_uses
from .summary import summary_of
from .tables import SEGMENTS
from .uses import uses

REACH_M = 300.0
ZONE_REACH_M = 150.0
SNAP_M = 0.01
MOUTH = Text("河口", "mouth of another river")
BEYOND = Text("范围外", "beyond the extent")

Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Occupancy:
    """The chainage table (EPSG:4490 lines) and its sums, as `tables` declares them."""

    segments: gpd.GeoDataFrame
    summary: pd.DataFrame


def occupancy(
    banks: gpd.GeoDataFrame,
    uses_of_bank: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame | None = None,
    reaches: gpd.GeoDataFrame | None = None,
    extent: gpd.GeoDataFrame | None = None,
    bank_def: str = "",
    reach_m: float = REACH_M,
    progress: Progress | None = None,
) -> Occupancy:
    """Return what each stretch of bank is used for, by linear referencing on the CGCS2000 ellipsoid.

    Parameters
    ----------
    banks : GeoDataFrame
        Lines, columns as of role ``bank_line``; an island is a closed line of its own.
    uses_of_bank : GeoDataFrame
        Lines or polygons beside the bank with a column of uses; river, side, name, investment
        (10,000 yuan) where known. The bank a use faces runs from its first to its last station.
    zones, reaches : GeoDataFrame, optional
        Polygons of bank function zones, and of reaches; each stretch takes the nearest.
    extent : GeoDataFrame, optional
        Polygons; bank beyond them is listed and not counted.
    bank_def : str, optional
        The bank definition that counts, where `banks` holds several.
    reach_m : float
        How far a use may stand from its bank, m.
    progress : Progress, optional

    Returns
    -------
    Occupancy
        Stations are metres from the start of each line, and run on where one bank comes in
        pieces. Where uses overlap the stronger one of uses.toml counts, of equal ones the first of
        the input; the others are named in ``also``.
        Bank across the mouth of another river (between the ends of that river's two banks) is
        listed as such and not counted. The lengths of all segments add up to the lines to 1 µm;
        ends nearer to each other than 1 cm are taken for one.

    Raises
    ------
    SourceError
        What cannot be counted once: no lines, none within the extent, lines that coincide or cross themselves, a use
        without a bank.
    """
    progress = progress or Progress()
    lines = read_banks(banks, bank_def)
    placed = read_uses(uses_of_bank)
    progress.step(0.2, Text("正在沿岸线定位利用", "Placing uses along the banks"))
    stretches = place_uses(lines, placed, reach_m)
    progress.step(0.4, Text("正在定位功能区和岸段", "Placing zones and reaches"))
    zone_areas = read_areas(zones, Text("岸线功能区", "Function zones")) if zones is not None else []
    reach_areas = read_areas(reaches, Text("岸段", "Reaches")) if reaches is not None else []
    in_zone, in_reach = label(lines, zone_areas, ZONE_REACH_M), label(lines, reach_areas, ZONE_REACH_M)
    aside = [(stretch, MOUTH) for stretch in mouths(lines)]
    if extent is not None:
        area = join(np.array([each.geometry for each in read_areas(extent, Text("统计范围", "Extent"))], dtype=object))
        shapely.prepare(area)
        aside = [(stretch, BEYOND) for stretch in outside(lines, area)] + aside
    progress.step(0.8, Text("正在汇总", "Adding up"))
    rows: list[dict[str, object]] = []
    for b, bank in enumerate(lines):
        mine = [[s for s in found if s.bank == b] for found in (stretches, in_zone, in_reach)]
        off = [(s, why) for s, why in aside if s.bank == b]
        rows += _segments(bank, placed, zone_areas, reach_areas, mine, off)
    if not any(row["counted"] for row in rows):
        raise SourceError(
            Text("统计范围内没有岸线", "There is no bank within the extent"),
            remedy=Text("请核对范围图层的位置和坐标系。", "Check where the extent lies, and its coordinate system."),
        )
    frame = pd.DataFrame(rows)
    frame["investment"] = _investment(frame, placed)
    table = SEGMENTS.frame(frame)
    segments = gpd.GeoDataFrame(table, geometry=frame["geometry"].to_numpy(), crs=TARGET)
    progress.step(1.0)
    return Occupancy(segments, summary_of(table))


def _segments(
    bank: Bank,
    placed: Sequence[Placed],
    zones: Sequence[Placed],
    reaches: Sequence[Placed],
    mine: Sequence[Sequence[Stretch]],
    aside: Sequence[tuple[Stretch, Text]],
) -> list[dict[str, object]]:
    """Return the rows of one bank: cut at every change, joined where nothing changes."""
    on, in_zone, in_reach = mine
    every = [*on, *in_zone, *in_reach, *(stretch for stretch, _ in aside)]
    cuts = _cuts(bank.length_m, np.array([end for stretch in every for end in (stretch.from_m, stretch.to_m)]))
    middles = (cuts[:-1] + cuts[1:]) / 2
    winner, others = _winners(middles, on, placed)
    zone = _at(middles, in_zone)
    reach = _at(middles, in_reach)
    off = _at(middles, [Stretch(0, s.from_m, s.to_m, k) for k, (s, _) in enumerate(aside)])
    reasons = [aside[k][1].zh if k >= 0 else "" for k in off]
    keys = list(zip(winner.tolist(), others, zone.tolist(), reach.tolist(), reasons, strict=True))
    rows: list[dict[str, object]] = []
    start = 0
    for n in range(1, len(keys) + 1):
        if n < len(keys) and keys[n] == keys[start]:
            continue
        rows.append(_row(bank, cuts[start], cuts[n], keys[start], placed, zones, reaches))
        start = n
    return rows


def _cuts(length_m: float, ends: Floats) -> Floats:
    """Return the stations at which something changes, from 0 to the length; nearer than `SNAP_M` they are one."""
    inner = np.unique(ends[(ends > SNAP_M) & (ends < length_m - SNAP_M)])
    kept: list[float] = []
    for end in inner.tolist():
        if not kept or end - kept[-1] >= SNAP_M:
            kept.append(end)
    return np.array([0.0, *kept, length_m])


def _winners(middles: Floats, on: Sequence[Stretch], placed: Sequence[Placed]) -> tuple[Ints, list[str]]:
    """Return the use that counts at each station, -1 for none, and the others there."""
    winner = np.full(len(middles), -1, dtype=np.intp)
    there: list[list[int]] = [[] for _ in middles]
    for stretch in sorted(on, key=lambda each: (placed[each.what].rank, each.what)):
        first, last = np.searchsorted(middles, [stretch.from_m, stretch.to_m])
        for at in range(int(first), int(last)):
            there[at].append(stretch.what)
    others = []
    for at, found in enumerate(there):
        distinct = list(dict.fromkeys(found))
        if distinct:
            winner[at] = distinct[0]
        others.append("、".join(f"{uses()[placed[n].rank].text.zh} {placed[n].id}" for n in distinct[1:]))
    return winner, others


def _at(middles: Floats, stretches: Sequence[Stretch]) -> Ints:
    """Return what lies at each station, of several the first; -1 for nothing."""
    out = np.full(len(middles), -1, dtype=np.intp)
    for stretch in reversed(stretches):
        out[(middles > stretch.from_m) & (middles < stretch.to_m)] = stretch.what
    return out


def _row(
    bank: Bank,
    from_m: float,
    to_m: float,
    key: tuple[int, str, int, int, str],
    placed: Sequence[Placed],
    zones: Sequence[Placed],
    reaches: Sequence[Placed],
) -> dict[str, object]:
    winner, others, zone, reach, aside = key
    use = uses()[placed[winner].rank if winner >= 0 else -1]
    counted = not aside
    return {
        "bank": bank.name,
        "river": bank.river,
        "river_class": bank.river_class,
        "side": bank.side,
        "bank_def": bank.bank_def,
        "main_channel": bank.main_channel,
        "from_m": bank.offset_m + from_m,
        "to_m": bank.offset_m + to_m,
        "length_m": to_m - from_m,
        "counted": counted,
        "use": use.id if counted else "",
        "use_zh": use.text.zh if counted else aside,
        "use_id": placed[winner].id if counted and winner >= 0 else "",
        "use_name": placed[winner].name if counted and winner >= 0 else "",
        "also": others if counted else "",
        "reach": reaches[reach].name if reach >= 0 else "",
        "zone": zones[zone].name if zone >= 0 else "",
        "zone_kind": zones[zone].kind if zone >= 0 else "",
        "geometry": bank.piece(from_m, to_m),
        "placed": winner if counted else -1,
    }


def _investment(frame: pd.DataFrame, placed: Sequence[Placed]) -> Floats:
    """Return the investment of each segment: that of its use, spread over the bank that counts for the use."""
    which = frame["placed"].to_numpy()
    length = frame["length_m"].to_numpy(dtype=np.float64)
    money = np.full(len(frame), np.nan)
    for n, use in enumerate(placed):
        mine = which == n
        if np.isfinite(use.investment) and mine.any():
            money[mine] = use.investment * length[mine] / length[mine].sum()
    return money

"""Where uses, zones, mouths and borders begin and end along a bank, as stations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.errors import SourceError
from ....layers.texts import Text
from .bank import Bank, Floats
from .reading import SIDE_WORDS, Placed

STEP_M = 5.0
MOUTH_M = 2.0
SHARP_M = 1e-4


@dataclass(frozen=True)
class Stretch:
    """From one station of a bank to another, m, with what is there."""

    bank: int
    from_m: float
    to_m: float
    what: int


def place_uses(banks: Sequence[Bank], placed: Sequence[Placed], reach_m: float) -> list[Stretch]:
    """Return the stretches of each use: from the first to the last station that any part of it faces.

    A use goes to the banks of the river and side that it names, else to the nearest. A part of a use
    that passes from one bank to the next is divided where the nearest bank changes.

    Raises
    ------
    SourceError
        A use names a bank that is not there, or stands farther than `reach_m` from every bank.
    """
    out: list[Stretch] = []
    for n, use in enumerate(placed):
        mine = [b for b, bank in enumerate(banks) if _belongs(use, bank)]
        if not mine:
            called = f"{use.id} {use.name}（{use.river}{SIDE_WORDS.get(use.side, use.side)}）"
            raise SourceError(
                Text(f"岸线利用 {called}：没有这条河流或岸别的岸线", f"Use {called}: no bank of this river and side"),
                remedy=Text("请核对河流名称和岸别。", "Check river and side."),
            )
        for part in shapely.get_parts(use.geometry):
            out += [Stretch(b, start, end, n) for b, start, end in _faced(banks, mine, part, use, reach_m)]
    return out


def _belongs(use: Placed, bank: Bank) -> bool:
    return (not use.river or use.river == bank.river) and (not use.side or use.side == bank.side)


def _faced(
    banks: Sequence[Bank], mine: Sequence[int], part: shapely.Geometry, use: Placed, reach_m: float
) -> list[tuple[int, float, float]]:
    """Return bank, first and last station of one part of a use."""
    stations, away = [], []
    for b in mine:
        flat = shapely.get_coordinates(shapely.segmentize(banks[b].flatten(part), STEP_M))
        at, distance = banks[b].stations(flat)
        stations.append(at)
        away.append(distance)
    distances = np.array(away)
    nearest = np.argmin(distances, axis=0)
    if float(distances.min()) > reach_m:
        raise SourceError(
            Text(
                f"岸线利用 {use.id} {use.name}：距岸线超过 {reach_m:g} m",
                f"Use {use.id} {use.name}: farther than {reach_m:g} m from every bank",
            ),
            remedy=Text("请核对位置，或加大最大距离。", "Check its place, or allow a greater distance."),
        )
    out = []
    for k, b in enumerate(mine):
        here = nearest == k
        # The neighbours of a change count for both banks: a foot beyond a bank's end is the end itself.
        here[1:] |= (nearest[:-1] == k) & (nearest[1:] != k)
        here[:-1] |= (nearest[1:] == k) & (nearest[:-1] != k)
        if (nearest == k).any():
            out += [(b, start, end) for start, end in _hull(banks[b], stations[k][here])]
    return out


def _hull(bank: Bank, stations: Floats) -> list[tuple[float, float]]:
    """Return from the first to the last station; round an island it may pass the start."""
    if not bank.closed:
        return [(float(stations.min()), float(stations.max()))] if np.ptp(stations) > 0.0 else []
    whole = bank.length_m
    turned = np.unwrap(stations, period=whole)
    start, end = float(turned.min()), float(turned.max())
    if end - start >= whole:
        return [(0.0, whole)]
    start, end = start % whole, start % whole + end - start
    if end <= whole:
        return [(start, end)] if end > start else []
    return [(start, whole), (0.0, end - whole)]


def mouths(banks: Sequence[Bank]) -> list[Stretch]:
    """Return the stretches of banks that cross the mouth of another river: between the ends of its two banks."""
    out = []
    for b, bank in enumerate(banks):
        ends: dict[str, list[tuple[float, int]]] = {}
        for o, other in enumerate(banks):
            if other.river == bank.river or not other.river:
                continue
            xy = shapely.get_coordinates(bank.flatten(other.line))[[0, -1]]
            stations, away = bank.stations(xy)
            ends.setdefault(other.river, []).extend((float(s), o) for s in stations[away < MOUTH_M])
        for found in ends.values():
            if len(found) == 2 and found[0][1] != found[1][1]:
                start, end = sorted(station for station, _ in found)
                out.append(Stretch(b, start, end, -1))
    return out


def outside(banks: Sequence[Bank], extent: shapely.Geometry) -> list[Stretch]:
    """Return the stretches of banks beyond an area (EPSG:4490)."""
    out = []
    for b, bank in enumerate(banks):
        crossings = shapely.get_coordinates(bank.flatten(shapely.intersection(bank.line, shapely.boundary(extent))))
        cuts = np.unique(np.concatenate(([0.0, bank.length_m], bank.stations(crossings)[0])))
        middles = bank.at((cuts[:-1] + cuts[1:]) / 2)
        beyond = ~shapely.contains_xy(extent, middles)
        out += [Stretch(b, cuts[n], cuts[n + 1], -1) for n in np.flatnonzero(beyond)]
    return out


def label(banks: Sequence[Bank], areas: Sequence[Placed], reach_m: float) -> list[Stretch]:
    """Return which area each stretch of bank belongs to: the nearest one within reach, cut where it changes.

    Areas that share a border leave no gap: between two corners the change is found to 0.1 mm.
    """
    out: list[Stretch] = []
    for b, bank in enumerate(banks):
        mine = np.array([n for n, area in enumerate(areas) if _belongs(area, bank)], dtype=np.intp)
        if not len(mine):
            continue
        flat = np.array([bank.flatten(areas[n].geometry) for n in mine], dtype=object)
        tree = shapely.STRtree(flat)

        def nearest(stations: Floats, bank: Bank = bank, tree: shapely.STRtree = tree) -> NDArray[np.intp]:
            points = bank.flat_at(stations)
            hit = np.full(len(stations), -1, dtype=np.intp)
            at, area = tree.query_nearest(points, max_distance=reach_m, all_matches=True)
            # Of areas equally near the first of the input counts.
            for place, which in sorted(zip(at.tolist(), area.tolist(), strict=True), reverse=True):
                hit[place] = which
            return hit

        corners = bank.stations(shapely.get_coordinates(flat))
        near = corners[0][corners[1] <= reach_m]
        cuts = np.unique(np.concatenate(([0.0, bank.length_m], bank.vertices_m, near)))
        cuts = _sharpened(cuts[np.concatenate(([True], np.diff(cuts) > SHARP_M))], nearest)
        if cuts[-1] != bank.length_m:
            cuts = np.append(cuts, bank.length_m)
        labels = nearest((cuts[:-1] + cuts[1:]) / 2)
        edges = np.flatnonzero(np.diff(labels) != 0) + 1
        starts = np.concatenate(([0], edges))
        stops = np.concatenate((edges, [len(labels)]))
        out += [
            Stretch(b, float(cuts[start]), float(cuts[stop]), int(mine[labels[start]]))
            for start, stop in zip(starts, stops, strict=True)
            if labels[start] >= 0
        ]
    return out


def _sharpened(cuts: Floats, ask: Callable[[Floats], NDArray[np.intp]]) -> Floats:
    """Return cuts with one more wherever the nearest area changes between two of them."""
    low, high = cuts[:-1] + SHARP_M / 4, cuts[1:] - SHARP_M / 4
    first, last = ask(low), ask(high)
    change = np.flatnonzero(first != last)
    lo, hi, want = low[change], high[change], first[change]
    for _ in range(40):
        if not len(change) or float((hi - lo).max()) < SHARP_M / 2:
            break
        middle = (lo + hi) / 2
        same = ask(middle) == want
        lo, hi = np.where(same, middle, lo), np.where(same, hi, middle)
    out: Floats = np.unique(np.concatenate((cuts, (lo + hi) / 2)))
    return out

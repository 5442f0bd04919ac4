"""The table of boundary points: how many stand side by side, and in which order."""

from __future__ import annotations

from collections.abc import Callable

from .corners import Corners

NUMBER, NORTHING, EASTING = "J000", "0000000.000", "000000.000"
MOST_GROUPS = 3


def corner_columns(measure: Callable[[str], float], width_mm: float, points: int) -> list[tuple[float, ...]]:
    """Return the widths of number, northing and easting of each group of columns that stands side by side.

    Parameters
    ----------
    measure : callable
        Width of a cell with a text, millimetres.
    width_mm : float
        Room.
    points : int
        How many points there are at most, or are wanted.
    """
    group = (measure(NUMBER), measure(NORTHING), measure(EASTING))
    side_by_side = max(1, min(int(width_mm / sum(group)), MOST_GROUPS, points))
    spread = min(width_mm / side_by_side / sum(group), 1.6)
    return [tuple(part * spread for part in group)] * side_by_side


def corner_rows(listed: Corners, groups: int) -> list[tuple[str, ...]]:
    """Return the rows of the table, points running down each group of columns before the next."""
    points = listed.points
    cells = [
        (name, f"{x:.3f}", f"{y:.3f}") for name, x, y in zip(points["name"], points["x"], points["y"], strict=True)
    ]
    deep = -(-len(cells) // groups) if cells else 0
    rows = []
    for row in range(deep):
        line: tuple[str, ...] = ()
        for group in range(groups):
            place = group * deep + row
            line += cells[place] if place < len(cells) else ("", "", "")
        rows.append(line)
    return rows

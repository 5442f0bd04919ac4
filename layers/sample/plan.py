"""The drawing board of the invented district: where its border, rivers and ridges run.

All coordinates are metres east and north of 106.5°E 29.4°N, before the noise that roughens them.
Nothing here follows a real boundary.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .outline import Points

LON_0, LAT_0 = 106.5, 29.4
COUNTY, COUNTY_NAME = "500199", "虚构示范区"
NEIGHBOUR, NEIGHBOUR_NAME = "500198", "虚构邻区"
DISTRICT_M2 = 102.80e6
RED_LINE_M2 = 9.27e6
# How far the drawing reaches: west, south, east, north.
FRAME = (-8200.0, -9600.0, 8200.0, 9600.0)


def _km(*pairs: tuple[float, float]) -> Points:
    return np.array(pairs, dtype=float) * 1000.0


class River(NamedTuple):
    """One river: its axis from spring to mouth and half its width, m."""

    key: str
    name: str
    river_class: str
    axis: Points
    half_width: float


MAINSTEM = River(
    "mainstem",
    "虚江（虚构）",
    "mainstem",
    _km(
        (-3.6, -9.9), (-2.75, -8.3), (-1.7, -6.9), (-1.15, -5.4), (-0.1, -4.15), (1.5, -3.85), (2.55, -2.95),
        (2.35, -1.65), (2.15, -0.45), (3.2, 0.55), (4.7, 0.75), (6.3, 1.4), (8.6, 1.2),
    ),
    360.0,
)  # fmt: skip
MAJOR = River(
    "major",
    "虚陵江（虚构）",
    "major_tributary",
    _km(
        (-0.6, 10.2), (0.4, 8.6), (0.75, 7.2), (1.9, 6.35), (2.9, 5.5), (2.95, 4.4), (3.75, 3.5),
        (4.5, 2.75), (4.85, 1.75),
        (5.0, 0.85),
    ),
    150.0,
)  # fmt: skip
NORTH_BROOK = River(
    "north_brook",
    "虚溪河（虚构）",
    "tributary",
    _km(
        (-2.9, 5.2),
        (-2.75, 4.2),
        (-2.1, 3.4),
        (-1.95, 2.5),
        (-1.0, 1.9),
        (-0.2, 1.25),
        (0.8, 1.0),
        (1.5, 0.3),
        (2.2, -0.1),
    ),
    19.0,
)
SOUTH_BROOK = River(
    "south_brook",
    "构溪河（虚构）",
    "tributary",
    _km(
        (-4.0, -1.35),
        (-3.55, -1.8),
        (-3.4, -2.6),
        (-2.75, -3.2),
        (-2.6, -4.0),
        (-1.9, -4.35),
        (-1.5, -5.0),
        (-1.0, -5.3),
    ),
    15.0,
)
RIVERS = (MAINSTEM, MAJOR, NORTH_BROOK, SOUTH_BROOK)

# Going round against the clock; the north-eastern reach runs in the middle of the major tributary.
BORDER = _km(
    (-5.0, -5.0), (-4.1, -6.4), (-2.6, -6.8), (-1.1, -7.2), (0.6, -6.6), (2.2, -5.9), (3.9, -5.2),
    (5.0, -3.8), (5.3, -2.2),
    (5.05, -0.6), (5.1, 0.6), (4.85, 1.75), (4.5, 2.75), (3.75, 3.5), (2.95, 4.4), (2.9, 5.5), (1.9, 6.35), (0.75, 6.8),
    (-0.9, 6.3), (-2.3, 6.75), (-3.9, 6.2), (-4.7, 4.8), (-5.35, 3.2), (-4.95, 1.4), (-5.4, -0.4),
    (-5.05, -1.9), (-5.5, -3.4),
)  # fmt: skip

# Ridge axes with their half width and height; the western one runs on into the neighbour.
RIDGES = (
    (_km((-4.0, 9.4), (-4.15, 6.5), (-4.35, 4.2), (-4.2, 1.8), (-4.55, -0.6), (-4.5, -3.2),
    (-4.9, -6.0), (-5.3, -9.4)), 470.0, 1.0),
    (_km((3.6, -5.6), (3.95, -4.2), (4.3, -2.8), (4.45, -1.6)), 500.0, 1.3),
    (_km((0.35, 3.0), (0.9, 3.9), (1.05, 4.7)), 360.0, 0.82),
    (_km((-6.9, 4.6), (-6.6, 1.2), (-7.0, -3.0)), 380.0, 0.8),
)  # fmt: skip

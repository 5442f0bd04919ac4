"""The water between the two bank lines of a river."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.features import Features

Objects = NDArray[np.object_]

BANK_LINE = "bank_line"
CENTRE_LINE = "河道中心线"
ONE_RIVER = ("river", "river_class", "bank_def")
SIDES = {"left": "左岸", "right": "右岸"}


def is_centre_line(banks: Features) -> NDArray[np.bool_]:
    """Tell which features are centre lines, which are never more than indicative."""
    if "bank_def" not in banks.columns:
        return np.zeros(len(banks), dtype=bool)
    return np.asarray(banks.columns["bank_def"] == CENTRE_LINE, dtype=bool)


def rivers(banks: Features) -> NDArray[np.int64]:
    """Return a number per feature that all features of one river share, -1 where no bank of it names its side."""
    out = np.full(len(banks), -1, dtype=np.int64)
    known: dict[tuple[object, ...], int] = {}
    keys = np.array([known.setdefault(key, len(known)) for key in banks.keys(ONE_RIVER)], dtype=np.int64)
    sided = np.unique(keys[banks.filled("side")])
    named = banks.filled("river") & np.isin(keys, sided)
    out[named] = keys[named]
    return out


def water_bodies(banks: Features, surface: Objects) -> Objects:
    """Return the surfaces with the water between both banks of one river added at its first left bank.

    Rivers with lines of one side only, or whose sides do not join to one line each, get
    none: whether a site is in their water stays unknown.

    Parameters
    ----------
    banks : Features
        Features of a bank layer.
    surface : ndarray of object
        Surface of each feature, None where it is a line.
    """
    out = surface.copy()
    lines = shapely.is_missing(surface) & banks.filled("side") & banks.filled("river")
    if not lines.any():
        return out
    number, side = rivers(banks), banks.columns["side"]
    for river in np.unique(number[lines]):
        of = lines & (number == river)
        left, right = np.flatnonzero(of & (side == "left")), np.flatnonzero(of & (side == "right"))
        water = _between(banks.geometry[left], banks.geometry[right])
        if water is not None:
            out[left[0]] = water
    return out


def _between(left: Objects, right: Objects) -> shapely.Geometry | None:
    if not len(left) or not len(right):
        return None
    a, b = (shapely.line_merge(shapely.union_all(side)) for side in (left, right))
    if not (isinstance(a, shapely.LineString) and isinstance(b, shapely.LineString)):
        return None
    up, down = shapely.get_coordinates(a), shapely.get_coordinates(b)
    same_way = np.hypot(*(up[0] - down[0])) + np.hypot(*(up[-1] - down[-1]))
    against = np.hypot(*(up[0] - down[-1])) + np.hypot(*(up[-1] - down[0]))
    ring = np.concatenate([up, down[::-1] if same_way < against else down])
    water = shapely.make_valid(shapely.Polygon(ring), method="structure")
    return water if shapely.get_dimensions(water) == 2 else None

"""Bank lines that are centre lines: their distance counts from the bank, half the width away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .facts import Facts
from .overlap import CODE
from .water import is_centre_line, rivers
from .words import Relation

Floats = NDArray[np.float64]

# A centre line without half width says little about the bank; the widest reaches of the
# Yangtze in Chongqing, in the Three Gorges reservoir, are about two kilometres across.
UNKNOWN_HALF_WIDTH_M = 1_000.0


def half_widths(banks: pd.DataFrame) -> Floats:
    """Return the half width of each feature, m: 0 unless it is a centre line, NaN where one is not given."""
    centre = is_centre_line(banks)
    given = pd.to_numeric(banks["half_width_m"]) if "half_width_m" in banks else pd.Series(np.nan, index=banks.index)
    return np.where(centre, given.to_numpy(dtype=np.float64), 0.0)


def lacks_other_side(banks: pd.DataFrame, surface: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell which bank lines name their side while the water between both sides of their river could not be made."""
    if "side" not in banks or "river" not in banks:
        return np.zeros(len(banks), dtype=bool)
    number = rivers(banks)
    with_water = number[~shapely.is_missing(surface)]
    return np.asarray(banks["side"].notna()) & ((number < 0) | ~np.isin(number, with_water))


def from_centre_line(facts: Facts, half_width: Floats) -> Facts:
    """Return facts whose distances count from the bank: less half the width, 0 in the water."""
    width = np.nan_to_num(half_width[facts.feature])
    near = width > 0
    distance = np.where(near, np.maximum(facts.distance_m - width, 0.0), facts.distance_m)
    in_water = near & (distance == 0)
    return replace(facts, distance_m=distance, relation=np.where(in_water, CODE[Relation.OVERLAPS], facts.relation))

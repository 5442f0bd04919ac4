"""Bank lines that are centre lines: their distance counts from the bank, half the width away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..words import Relation
from .facts import Facts
from .overlap import CODE

Floats = NDArray[np.float64]


def from_centre_line(facts: Facts, half_width: Floats) -> Facts:
    """Return facts whose distances count from the bank: less half the width, 0 in the water."""
    width = np.nan_to_num(half_width[facts.feature])
    near = width > 0
    distance = np.where(near, np.maximum(facts.distance_m - width, 0.0), facts.distance_m)
    in_water = near & (distance == 0)
    return replace(facts, distance_m=distance, relation=np.where(in_water, CODE[Relation.OVERLAPS], facts.relation))

"""Classes of slope, vegetation cover and aspect, and the names under which their shares are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ....layers.texts import Text
from .coverage import Floats, Ints

STEEP_DEG = 25.0


@dataclass(frozen=True)
class Scheme:
    """Classes between breaks.

    Attributes
    ----------
    prefix : str
        Before the name of a class in an indicator.
    breaks : tuple of float
    names : tuple of str
        One more than breaks.
    upper : {"in", "out"}
        Whether a value equal to a break belongs to the class below it.
    title : Text
    """

    prefix: str
    breaks: tuple[float, ...]
    names: tuple[str, ...]
    upper: Literal["in", "out"]
    title: Text

    def of(self, value: Floats) -> Ints:
        """Return the class of each value, -1 for NaN."""
        side: Literal["left", "right"] = "left" if self.upper == "in" else "right"
        kind = np.searchsorted(np.array(self.breaks), value, side=side).astype(np.int64)
        kind[~np.isfinite(value)] = -1
        return kind

    def indicator(self, kind: int) -> str:
        """Return the name of the indicator that gives the share of a class."""
        return f"{self.prefix}:{self.names[kind]}"


LAND_SLOPE = Scheme(
    "slope_class_share:land",
    (2.0, 6.0, 15.0, 25.0),
    ("<=2", "2-6", "6-15", "15-25", ">25"),
    "in",
    Text("坡度分级（国土调查）", "Slope classes of the land survey"),
)
EROSION_SLOPE = Scheme(
    "slope_class_share:sl190",
    (5.0, 8.0, 15.0, 25.0, 35.0),
    ("<5", "5-8", "8-15", "15-25", "25-35", ">=35"),
    "out",
    Text("坡度分级（SL 190）", "Slope classes of SL 190"),
)
FVC = Scheme(
    "fvc_class_share",
    (0.30, 0.45, 0.60, 0.75),
    ("<30", "30-45", "45-60", "60-75", ">=75"),
    "out",
    Text("植被覆盖度分级（%）", "Classes of vegetation cover (%)"),
)
ASPECTS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


def aspect_class(aspect: Floats) -> Ints:
    """Return which of the eight directions an aspect (degrees) faces, -1 where the ground is level."""
    there = np.isfinite(aspect)
    kind = np.full(len(aspect), -1, dtype=np.int64)
    kind[there] = np.floor((aspect[there] + 22.5) / 45.0).astype(np.int64) % 8
    return kind

"""What the features of a layer are, whatever the sites: of which kind, how sure, how wide a river."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.features import Features, LayerData, filled
from ..truth import FALSE, TRUE, UNKNOWN, Truth
from .water import BANK_LINE, is_centre_line, rivers

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# A centre line without half width says little about the bank; the widest reaches of the
# Yangtze in Chongqing, in the Three Gorges reservoir, are about two kilometres across.
UNKNOWN_HALF_WIDTH_M = 1_000.0

# A class of features that the law counts among another: 重要支流 is a 支流 (长江保护法 26).
NESTED = {("river_class", "tributary"): ("major_tributary",)}


class Traits:
    """Traits of n features.

    Parameters
    ----------
    data : LayerData
    surface : ndarray of object, shape (n,)
        As `PreparedLayer.surface`.

    Attributes
    ----------
    indicative : ndarray of bool
        Features that can only hint: of an indicative layer, or centre lines.
    half_width_m : ndarray
        Half width of the river at a centre line, NaN where it is not given; 0 of everything else.
    miss_m : ndarray
        By how much more than the band a bank may be nearer, since its half width is unknown.
    water_m : ndarray
        Up to which distance from a bank a site may lie in the water, since the other bank is not known.
    wide_m : ndarray
        By how much farther than a limit each has to be looked for.
    """

    def __init__(self, data: LayerData, surface: NDArray[np.object_]) -> None:
        self._features = banks = data.features
        self.indicative: Bools = np.full(len(banks), data.source.authority == "indicative")
        self.half_width_m, self.miss_m, self.water_m = (np.zeros(len(banks)) for _ in range(3))
        if data.role.id == BANK_LINE:
            self.indicative |= is_centre_line(banks)
            self.half_width_m = _half_widths(banks)
            self.miss_m = np.where(np.isnan(self.half_width_m), UNKNOWN_HALF_WIDTH_M, 0.0)
            self.water_m = np.where(_lacks_other_side(banks, surface), 2 * UNKNOWN_HALF_WIDTH_M, 0.0)
        self.wide_m: Floats = np.nan_to_num(self.half_width_m) + self.miss_m
        self._kinds: dict[tuple[tuple[str, tuple[str, ...]], ...], Truth] = {}
        self._texts: dict[str, NDArray[np.object_]] = {}

    def texts(self, name: str) -> NDArray[np.object_]:
        """Return a field of the features as text, empty where it is not filled or there is no such field."""
        if name not in self._texts:
            there = self._features.filled(name)
            texts = np.full(len(there), "", dtype=object)
            texts[there] = [str(value) for value in self._features.columns[name][there]] if there.any() else ""
            self._texts[name] = texts
        return self._texts[name]

    @cached_property
    def definitions(self) -> frozenset[str]:
        """Which definitions of the bank the features of rivers go by; none where no feature says so."""
        if not {"bank_def", "river"} <= self._features.columns.keys():
            return frozenset()
        return frozenset(self.texts("bank_def").tolist())

    @cached_property
    def names(self) -> NDArray[np.object_]:
        """What each feature is called: its name, else its river."""
        name = self.texts("name")
        return np.where(name == "", self.texts("river"), name).astype(object)

    def of_kind(self, wanted: Mapping[str, tuple[str, ...]]) -> Truth:
        """Return per feature whether it is of the kind a rule speaks of; unknown where its field is not filled."""
        key = tuple(sorted((name, tuple(values)) for name, values in wanted.items()))
        if key not in self._kinds:
            self._kinds[key] = self._of_kind(wanted)
        return self._kinds[key]

    def _of_kind(self, wanted: Mapping[str, tuple[str, ...]]) -> Truth:
        out = np.full(len(self._features), TRUE)
        for name, values in wanted.items():
            if name not in self._features.columns:
                return np.minimum(out, UNKNOWN)
            accepted = {*values, *(inner for v in values for inner in NESTED.get((name, v), ()))}
            column = self._features.columns[name]
            known = np.array([value in accepted for value in column.tolist()], dtype=bool)
            out = np.minimum(out, np.where(filled(column), np.where(known, TRUE, FALSE), UNKNOWN))
        return out


def _half_widths(banks: Features) -> Floats:
    given = banks.columns.get("half_width_m", np.full(len(banks), np.nan))
    return np.where(is_centre_line(banks), given.astype(np.float64), 0.0)


def _lacks_other_side(banks: Features, surface: NDArray[np.object_]) -> Bools:
    """Tell which bank lines name their side while the water between both sides of their river could not be made."""
    if "river" not in banks.columns:
        return np.zeros(len(banks), dtype=bool)
    number = rivers(banks)
    with_water = number[~shapely.is_missing(surface)]
    return banks.filled("side") & ((number < 0) | ~np.isin(number, with_water))

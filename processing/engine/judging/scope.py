"""Where and when a text applies: its dates, its counties, its basin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ...rules.model import Pack, Rule
from ..facts.layer_facts import LayerFacts
from ..truth import FALSE, TRUE, UNKNOWN, Truth

# Provinces that lie in a basin as a whole (长江保护法 2 names 重庆市 without reserve).
WHOLLY_IN = {"长江流域": ("50",)}


def in_force(rule: Rule, pack: Pack, day: date) -> bool:
    """Return whether a rule holds on a day: the first and the last day of a text count."""
    starts = [d for d in (rule.from_, pack.in_force_from) if d is not None]
    ends = [d for d in (rule.to, pack.in_force_to) if d is not None]
    return all(day >= d for d in starts) and all(day <= d for d in ends)


Touched = tuple[NDArray[np.int64], NDArray[np.str_]]


class Places:
    """In which counties and basins the sites lie.

    Parameters
    ----------
    districts, basins : sequence of LayerFacts
        Facts of the roles ``district`` and ``basin``, empty where they are not loaded.
    n_sites : int
    """

    def __init__(self, districts: Sequence[LayerFacts], basins: Sequence[LayerFacts], n_sites: int) -> None:
        self._n = n_sites
        self._counties = [_touched(layer, "code") for layer in districts]
        self._basins = [_touched(layer, "name") for layer in basins]
        self._known: dict[tuple[tuple[str, ...], str | None], Truth] = {}

    def scope(self, pack: Pack) -> Truth:
        """Return whether the pack applies at each site; unknown where nothing tells."""
        key = tuple(pack.counties), pack.basin
        if key not in self._known:
            self._known[key] = self._scope(pack)
        return self._known[key]

    def _scope(self, pack: Pack) -> Truth:
        truth = np.full(self._n, TRUE)
        if pack.counties:
            truth = np.minimum(truth, self._in(self._counties, lambda code: code.startswith(pack.counties)))
        if pack.basin:
            truth = np.minimum(truth, self._in_basin(pack.basin))
        return truth

    def _in_basin(self, basin: str) -> Truth:
        if self._basins:
            return self._in(self._basins, lambda name: name == basin, outside=FALSE)
        provinces = WHOLLY_IN.get(basin, ())
        inside = self._in(self._counties, lambda code: bool(provinces) and code.startswith(provinces))
        return np.where(inside == TRUE, TRUE, UNKNOWN)

    def _in(self, touched: Sequence[Touched], test: Callable[[str], bool], outside: np.int8 = UNKNOWN) -> Truth:
        """Return TRUE where a touched feature passes; UNKNOWN or `outside` where no feature is touched."""
        if not touched:
            return np.full(self._n, UNKNOWN)
        some, passed, unnamed = (np.zeros(self._n, dtype=bool) for _ in range(3))
        for site, values in touched:
            some[site] = True
            unnamed[site[values == ""]] = True
            words, codes = np.unique(values, return_inverse=True)
            passed[site[np.array([test(w) for w in words], dtype=bool)[codes]]] = True
        return np.select([passed, unnamed, some], [TRUE, UNKNOWN, FALSE], outside)


def _touched(layer: LayerFacts, column: str) -> Touched:
    met = layer.facts.take(layer.facts.met)
    frame = layer.layer.data.frame
    values = frame[column].fillna("").astype(str).to_numpy(dtype=str) if column in frame else np.full(len(frame), "")
    return met.site, values[met.feature]

"""Project predicates in three-valued logic over all sites at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property, reduce

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....layers.site_columns import site_columns
from ...rules.predicates import (
    All,
    Any_,
    Declared,
    Denied,
    Elapsed,
    Flag,
    Geometry,
    Industry,
    LandUse,
    Measure,
    Nature,
    Not,
    Predicate,
    Quantity,
)
from ..truth import FALSE, TRUE, UNKNOWN, Truth

_COMPARE: dict[str, Callable[[NDArray[np.float64], float], NDArray[np.bool_]]] = {
    "<": lambda a, b: np.asarray(a < b),
    "<=": lambda a, b: np.asarray(a <= b),
    ">": lambda a, b: np.asarray(a > b),
    ">=": lambda a, b: np.asarray(a >= b),
    "==": lambda a, b: np.asarray(a == b),
}


class Attributes:
    """The attributes of the sites, each read once and kept for all rules.

    Parameters
    ----------
    sites : GeoDataFrame
        As `layers.sites.normalise` gives them.
    kinds : ndarray of str
        ``point``, ``line`` or ``polygon`` per site, as drawn.
    """

    def __init__(self, sites: gpd.GeoDataFrame, kinds: NDArray[np.str_]) -> None:
        self._sites = sites
        self._kinds = kinds
        self._words: dict[str, tuple[NDArray[np.int64], list[str]]] = {}
        self._known: dict[int, tuple[Predicate, Truth]] = {}

    def __len__(self) -> int:
        return len(self._kinds)

    def evaluate(self, predicate: Predicate | None) -> Truth:
        """Return `FALSE`, `UNKNOWN` or `TRUE` per site; no predicate concerns every project."""
        if predicate is None:
            return np.full(len(self), TRUE)
        # Known by the object: `law.Law` makes one of equal ones, and hashing a predicate takes longer than asking it.
        known = self._known.get(id(predicate))
        if known is None:
            known = self._known[id(predicate)] = predicate, self._evaluate(predicate)
        return known[1]

    def _evaluate(self, predicate: Predicate) -> Truth:  # noqa: PLR0911, PLR0912 - one per kind of node
        match predicate:
            case All(parts):
                return reduce(np.minimum, [self.evaluate(part) for part in parts])
            case Any_(parts):
                return reduce(np.maximum, [self.evaluate(part) for part in parts])
            case Not(part):
                return np.asarray(TRUE - self.evaluate(part))
            case Nature(any_of):
                return self._by_word("nature", lambda word: bool(set(word.split(";")) & set(any_of)))
            case Industry(prefixes, excluded):
                return self._by_word("industry", lambda code: industry_truth(code, prefixes, excluded))
            case LandUse(words):
                return self._by_word("land_use", lambda use: any(word in use for word in words))
            case Measure(any_of):
                return self._by_word("measures", lambda word: bool(set(word.split(";")) & set(any_of)))
            case Geometry(kinds):
                return np.where(np.isin(self._kinds, kinds), TRUE, FALSE)
            case Flag(name):
                return self.flag(name)
            case Declared(name):
                return np.where(self.flag(name) == TRUE, TRUE, FALSE)
            case Denied(name):
                return np.where(self.flag(name) == FALSE, TRUE, FALSE)
            case Quantity(name, op, value):
                return self._quantity(name, op, value)
            case Elapsed(since, until, years):
                pairs = zip(self.text(since), self.text(until), strict=True)
                return np.array([TRUE if _longer(a, b, years) else FALSE for a, b in pairs], dtype=np.int8)

    def flag(self, name: str) -> Truth:
        """Return the truth of a flag column; unknown where it is missing or not filled."""
        known = self._flags.get(name)
        if known is not None:
            return known
        return self._truth_of(name) if name in self._sites else np.full(len(self), UNKNOWN)

    @cached_property
    def _flags(self) -> dict[str, Truth]:
        """Every flag that the sites have, in one go: column by column a single site would wait for the frame."""
        names = [column.name for column in site_columns() if column.kind == "flag" and column.name in self._sites]
        truth = _truth(self._sites[names].to_numpy(dtype=object)) if names else np.empty((len(self), 0), dtype=np.int8)
        return {name: truth[:, i] for i, name in enumerate(names)}

    def _truth_of(self, name: str) -> Truth:
        return _truth(self._sites[name].to_numpy(dtype=object))

    def text(self, name: str) -> NDArray[np.object_]:
        """Return a text column, None where it is missing or not filled."""
        codes, words = self._factors(name)
        return np.array([*words, None], dtype=object)[codes]

    def _factors(self, name: str) -> tuple[NDArray[np.int64], list[str]]:
        if name not in self._words:
            values = self._sites[name].to_numpy(dtype=object) if name in self._sites else np.full(len(self), None)
            known: dict[str, int] = {}
            codes = [
                -1 if missing or value == "" else known.setdefault(value, len(known))
                for value, missing in zip(values.tolist(), pd.isna(values).tolist(), strict=True)
            ]
            self._words[name] = np.array(codes, dtype=np.int64), list(known)
        return self._words[name]

    def _by_word(self, name: str, test: Callable[[str], bool | np.int8]) -> Truth:
        """Test each distinct text once; unknown where there is none."""
        codes, words = self._factors(name)
        truths = [np.int8(t) if isinstance(t := test(str(w)), np.int8) else TRUE if t else FALSE for w in words]
        return np.array([*truths, UNKNOWN], dtype=np.int8)[codes]

    def _quantity(self, name: str, op: str, value: float) -> Truth:
        if name not in self._sites:
            return np.full(len(self), UNKNOWN)
        numbers = pd.to_numeric(self._sites[name], errors="coerce").to_numpy(dtype=np.float64)
        holds = np.where(_COMPARE[op](numbers, value), TRUE, FALSE)
        return np.where(np.isnan(numbers), UNKNOWN, holds)


def _truth(values: NDArray[np.object_]) -> Truth:
    out = np.full(values.shape, UNKNOWN)
    out[values == True] = TRUE  # noqa: E712 - elementwise
    out[values == False] = FALSE  # noqa: E712
    return out


def _longer(since: object, until: object, years: int) -> bool:
    """Return whether more than so many years lie between two days; 29 February counts as 1 March."""
    if since is None or until is None:
        return False
    first, last = (day if isinstance(day, date) else date.fromisoformat(str(day)[:10]) for day in (since, until))
    try:
        limit = first.replace(year=first.year + years)
    except ValueError:
        limit = date(first.year + years, 3, 1)
    return last > limit


def industry_truth(codes: str, prefixes: tuple[str, ...], excluded: tuple[str, ...]) -> np.int8:
    """Return whether one of a site's GB/T 4754 codes, joined by ";", is under a prefix and under no exclusion.

    A code too short to tell (``C26`` against ``C2672``) is unknown.
    """

    def under(code: str, words: tuple[str, ...]) -> np.int8:
        if any(code.startswith(word) for word in words):
            return TRUE
        return UNKNOWN if any(word.startswith(code) for word in words) else FALSE

    return max(min(under(code, prefixes), np.int8(TRUE - under(code, excluded))) for code in codes.split(";"))

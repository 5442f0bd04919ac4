"""Findings as arrays, before they become a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..words import Certainty, Verdict

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

CERTAINTIES = tuple(Certainty)
FIRM, BORDERLINE, INDICATIVE = range(3)

NO_NOTE = ""


def rank(verdict: str) -> int:
    """Return the rank of a verdict, 0 the worst."""
    return Verdict(verdict).rank


@dataclass(frozen=True)
class Rows:
    """Findings: one rule for one site on one fact each.

    ``layer`` is a position among the layers of the chunk and ``row`` the fact in it, -1
    where no single fact stands for the finding; ``rule`` a position in `Basis.rules`;
    ``verdict`` a rank and ``certainty`` a position in `CERTAINTIES`.
    """

    site: Indices
    rule: Indices
    layer: Indices
    row: Indices
    reason: NDArray[np.uint8]
    verdict: Indices
    certainty: Indices
    open_exception: NDArray[np.bool_]
    limit_m: Floats
    margin_m: Floats
    note: NDArray[np.object_]
    question: NDArray[np.object_]
    feature_id: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.site)

    def take(self, rows: Indices | NDArray[np.bool_]) -> Rows:
        """Return those rows."""
        return Rows(*(values[rows] for values in vars(self).values()))

    def with_(self, **changes: Any) -> Rows:
        """Return the rows with some columns replaced."""
        return replace(self, **changes)


def blank(site: Indices, rule: int, layer: Indices, row: Indices, reason: NDArray[np.uint8]) -> Rows:
    """Return rows with nothing judged yet."""
    n = len(site)
    none = np.full(n, np.nan)
    empty = np.full(n, "", dtype=object)
    return Rows(
        site, np.full(n, rule), layer, row, reason, np.full(n, Verdict.CLEAR.rank), np.full(n, FIRM),
        np.zeros(n, dtype=bool), none, none, empty, empty, empty,
    )  # fmt: skip


NONE = blank(*(np.empty(0, dtype=np.int64), 0), *(np.empty(0, dtype=np.int64),) * 2, np.empty(0, dtype=np.uint8))


def join(parts: Sequence[Rows]) -> Rows:
    """Return the rows of all parts."""
    filled = [part for part in parts if len(part)]
    if len(filled) <= 1:
        return filled[0] if filled else NONE
    return Rows(*(np.concatenate([getattr(p, f.name) for p in filled]) for f in fields(Rows)))

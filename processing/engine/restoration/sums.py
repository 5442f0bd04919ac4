"""Sums over the cells of each area, fed window by window."""

from __future__ import annotations

import numpy as np

from .cells import Cells
from .coverage import Floats, Ints


class Sums:
    """Coverage-weighted mean and the extremes of `n` areas; cells without a value do not count.

    Attributes
    ----------
    weight, total : ndarray of float64, shape (n,)
        Cells with a value, and value times share.
    least, most : ndarray of float64
        Extremes of all cells met; ±inf where there are none.
    """

    def __init__(self, n: int) -> None:
        self.weight, self.total = np.zeros(n), np.zeros(n)
        self.least, self.most = np.full(n, np.inf), np.full(n, -np.inf)

    def add(self, cells: Cells, value: Floats) -> None:
        """Add the values of the cells of a window."""
        owner, weight, k = cells.owner, cells.weight, len(cells.areas)
        there = np.isfinite(value)
        if not there.all():
            owner, weight, value = owner[there], weight[there], value[there]
        self.weight[cells.areas] += np.bincount(owner, weight, minlength=k)
        self.total[cells.areas] += np.bincount(owner, weight * value, minlength=k)
        if not len(owner):
            return
        first = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))
        held = cells.areas[owner[first]]
        self.least[held] = np.minimum(self.least[held], np.minimum.reduceat(value, first))
        self.most[held] = np.maximum(self.most[held], np.maximum.reduceat(value, first))

    @property
    def mean(self) -> Floats:
        """The weighted mean; NaN without cells."""
        return ratio(self.total, self.weight)


class Shares:
    """How much of each of `n` areas lies in each of `k` classes."""

    def __init__(self, n: int, k: int) -> None:
        self.cells = np.zeros((n, k))

    def add(self, cells: Cells, kind: Ints) -> None:
        """Add cells by class; a negative class does not count."""
        owner, weight, k = cells.owner, cells.weight, self.cells.shape[1]
        there = kind >= 0
        if not there.all():
            owner, weight, kind = owner[there], weight[there], kind[there]
        flat = np.bincount(owner * k + kind, weight, minlength=len(cells.areas) * k)
        self.cells[cells.areas] += flat.reshape(-1, k)

    @property
    def weight(self) -> Floats:
        """Cells that have a class."""
        out: Floats = self.cells.sum(axis=1)
        return out

    def share(self, kind: int) -> Floats:
        """Return the share of a class among the cells that have one; NaN without any."""
        return ratio(self.cells[:, kind], self.weight)


def ratio(part: Floats, whole: Floats) -> Floats:
    """Return part / whole, NaN where the whole is 0."""
    out: Floats = np.full(len(whole), np.nan)
    np.divide(part, whole, out=out, where=whole > 0.0)
    return out

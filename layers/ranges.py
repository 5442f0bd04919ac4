"""Counts spelled out: arithmetic over groups of unequal size without a loop."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Indices = NDArray[np.int64]


def repeats(count: ArrayLike) -> tuple[Indices, Indices]:
    """Return, for items of which there are so many each, one item's after the other's, whose each is and its number.

    Parameters
    ----------
    count : array of int, shape (n,)

    Returns
    -------
    item, nth : ndarray of int64, shape (count.sum(),)
        ``count = [2, 0, 3]`` gives ``[0, 0, 2, 2, 2]`` and ``[0, 1, 0, 1, 2]``.
    """
    count = np.asarray(count, dtype=np.int64)
    item = np.repeat(np.arange(len(count), dtype=np.int64), count)
    nth = np.arange(len(item), dtype=np.int64) - np.repeat(np.cumsum(count) - count, count)
    return item, nth

"""Spreads array work over threads: GEOS calls on arrays leave Python's lock.

No prepared geometry is ever shared: its index is built lazily and without a lock, which
kills the process.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Objects = NDArray[np.object_]
Value = TypeVar("Value", bound=np.generic)
MOST_THREADS = 8
WORTH_SPLITTING = 2_000


def count() -> int:
    """Return how many threads this process may use."""
    return min(MOST_THREADS, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def spread(function: Callable[[Objects], NDArray[Value]], values: Objects) -> NDArray[Value]:
    """Return ``function(values)`` for an elementwise function, computed in several threads."""
    if len(values) < WORTH_SPLITTING or count() == 1:
        return function(values)
    with ThreadPoolExecutor(count()) as pool:
        return np.concatenate(list(pool.map(function, np.array_split(values, 4 * count()))))

"""Spreads array work over threads: GEOS calls on arrays leave Python's lock.

No prepared geometry is ever shared: its index is built lazily and without a lock, which
kills the process.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Objects = NDArray[np.object_]
MOST_THREADS = 8
WORTH_SPLITTING = 2_000


def count() -> int:
    """Return how many threads this process may use."""
    return min(MOST_THREADS, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def spread(function: Callable[[Objects], NDArray[np.generic]], values: Objects) -> NDArray[np.generic]:
    """Return ``function(values)`` for an elementwise function, computed in several threads."""
    if len(values) < WORTH_SPLITTING or count() == 1:
        return function(values)
    with ThreadPoolExecutor(count()) as pool:
        return np.concatenate(list(pool.map(function, np.array_split(values, 4 * count()))))


Item = TypeVar("Item")
Result = TypeVar("Result")


def in_order(function: Callable[[Item], Result], items: Iterable[Item]) -> Generator[Result, None, None]:
    """Yield ``function(item)`` for each item in their order, a few of them computed ahead in threads.

    At most one result more than there are threads waits to be taken, so that memory stays flat.
    """
    if count() == 1:
        yield from map(function, items)
        return
    waiting: deque[Future[Result]] = deque()
    pool = ThreadPoolExecutor(count())
    try:
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) > count():
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)

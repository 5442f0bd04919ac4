"""Chunks judged by threads of this process or by processes of their own, in order."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import Any, TypeVar

from .threads import in_order

Item = TypeVar("Item")
Result = TypeVar("Result")

# What forked processes run: they inherit it with everything that it holds.
_TASK: dict[str, Callable[[Any], Any]] = {}


def judged_in_order(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    workers: int,
    begin: Callable[[], None] = lambda: None,
) -> Generator[Result, None, None]:
    """Yield ``function(item)`` for each item in order.

    Parameters
    ----------
    workers : int
        More than 1 forks processes, which share the prepared layers with this one. Where that
        cannot be (Windows, or inside the QGIS executable, whose windows and locks a fork would
        copy) the threads of this process do the work; results are the same.
    begin : callable, optional
        Called first in each process.
    """
    if len(items) <= 1:
        yield from map(function, items)
        return
    if workers <= 1 or not can_fork():
        yield from in_order(function, items)
        return
    # The first chunk makes the indices of the layers, which the others then inherit instead of making their own.
    yield function(items[0])
    _TASK.update(judge=function, begin=lambda _: begin())
    waiting: deque[Future[Result]] = deque()
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("fork"), _begin)
    try:
        for item in items[1:]:
            waiting.append(pool.submit(_run, item))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        _TASK.clear()


def can_fork() -> bool:
    """Return whether this process may be forked: plain Python on a system that forks, and no QGIS in it."""
    return hasattr(os, "fork") and sys.platform != "darwin" and "qgis.core" not in sys.modules


def _begin() -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _TASK["begin"](None)


def _end_with_parent() -> None:
    """End this process with the one that forked it, however that ends: it would wait for work forever."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def _run(item: Any) -> Any:
    return _TASK["judge"](item)

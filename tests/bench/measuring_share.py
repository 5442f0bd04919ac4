"""How much of judging sites is measuring them: CPU time of this thread within the functions that measure."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import numpy as np
from ecoredline.processing.engine import run
from ecoredline.processing.engine.facts.layer_facts import LayerFacts
from ecoredline.processing.engine.judging import within
from ecoredline.processing.engine.judging.basis import Basis
from ecoredline.processing.engine.judging.chunk import Chunk
from ecoredline.processing.engine.site_source import SiteSource

MEASURES = (  # facts, depths, shares within a limit, sums over the features of a role, stretches
    (run, "make_chunk"),
    (LayerFacts, "depths"),
    (within, "size_beyond"),
    (Chunk, "united"),
    (run, "stretches_table"),
)


class Watch:
    """Adds up the CPU seconds of the outermost of the calls that it watches."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._running = False

    def over(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, watched."""

        def watched(*given: Any, **named: Any) -> Any:
            if self._running:
                return function(*given, **named)
            self._running, start = True, time.thread_time()
            try:
                return function(*given, **named)
            finally:
                self.seconds += time.thread_time() - start
                self._running = False

        return watched


def measuring_and_all(source: SiteSource, basis: Basis, size: int) -> tuple[float, float]:
    """Return the CPU seconds of measuring sites, and of that with rules, tables and digests."""
    watch, n = Watch(), len(source.ids)
    with _watched(watch):
        start = time.thread_time()
        for first in range(0, n, size):
            run.judge_part(source.read(np.arange(first, min(first + size, n))), basis)
        return watch.seconds, time.thread_time() - start


@contextmanager
def _watched(watch: Watch) -> Iterator[None]:
    with ExitStack() as stack:
        for owner, name in MEASURES:
            stack.enter_context(patch.object(owner, name, watch.over(getattr(owner, name))))
        yield

"""The same kinds of rounds over and over: nothing breaks, nothing differs, memory stays.

    make soak ARGS="--minutes 30"

Memory is what the process holds after each turn of all kinds of rounds, once unused blocks are given back. After two
turns that fill caches, the least that it holds in the last third of the turns may exceed the least in the first third
by 5 %: what leaks raises the least, a busy machine only the peaks. Turns are counted, not minutes: each third has some.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gc
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from screening import ROUNDS

ALLOWED = 1.05
WARM_UP, LEAST_OF_A_THIRD = 2, 2


def resident_mb() -> float:
    """Return what the process holds, MB."""
    gc.collect()
    with contextlib.suppress(AttributeError):  # another C library than glibc
        ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def growth(turns: Sequence[float]) -> float:
    """Return by which share the floor of the last third lies above that of the first, warm-up left out."""
    judged = turns[WARM_UP:]
    third = len(judged) // 3
    return min(judged[-third:]) / min(judged[:third]) - 1


def main() -> int:
    """Run rounds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    end = time.monotonic() + 60 * options.minutes
    rng = np.random.default_rng(options.seed)
    turns: list[float] = []
    pairs = 0
    while time.monotonic() < end or len(turns) < WARM_UP + 3 * LEAST_OF_A_THIRD:
        for on_grid in (False, True):
            for make in ROUNDS:
                pairs += make(rng, on_grid)
        turns.append(resident_mb())
    grown = growth(turns)
    shown = f"from {turns[0]:.0f} to {turns[-1]:.0f} MB, at most {max(turns):.0f}, floor {100 * grown:+.1f} %"
    print(f"{2 * len(ROUNDS) * len(turns)} rounds in {len(turns)} turns, {pairs:,} pairs equal; memory {shown}")
    if grown > ALLOWED - 1:
        print(f"memory grew by {100 * grown:.1f} %")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

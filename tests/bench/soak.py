"""The same kinds of rounds over and over: nothing breaks, nothing differs, memory stays.

    make soak ARGS="--minutes 30"

Memory is what the process holds once unused blocks are given back; the peak of the last third may exceed that of
the second third by 5 % (the first third fills caches).
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gc
import sys
import time
from pathlib import Path

import numpy as np
from screening import ROUNDS

ALLOWED = 1.05


def resident_mb() -> float:
    """Return what the process holds, MB."""
    gc.collect()
    with contextlib.suppress(AttributeError):  # another C library than glibc
        ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def main() -> int:
    """Run rounds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    start, length = time.monotonic(), 60 * options.minutes
    rng = np.random.default_rng(options.seed)
    peaks = [0.0, 0.0, 0.0]
    rounds = pairs = 0
    while time.monotonic() - start < length:
        for on_grid in (False, True):
            for make in ROUNDS:
                pairs += make(rng, on_grid)
                rounds += 1
        third = min(2, int(3 * (time.monotonic() - start) / length))
        peaks[third] = max(peaks[third], resident_mb())
    growth = peaks[2] / peaks[1] - 1 if peaks[1] and peaks[2] else 0.0
    print(f"{rounds} rounds, {pairs:,} pairs equal; memory by thirds {', '.join(f'{p:.0f}' for p in peaks)} MB")
    if growth > ALLOWED - 1:
        print(f"memory grew by {100 * growth:.1f} %")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

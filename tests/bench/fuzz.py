"""Random rounds against the reference until the time is over; stops at the first difference and says its seed.

make fuzz ARGS="--minutes 30"
make fuzz ARGS="--seed 123456789"      one round again
"""

from __future__ import annotations

import argparse
import secrets
import sys
import time
import traceback

import numpy as np
from screening import ROUNDS


def one(seed: int) -> int:
    """Run the round of a seed; return how many pairs it held."""
    rng = np.random.default_rng(seed)
    # Rounds without distances are quick, and made more often.
    choice = rng.choice(len(ROUNDS), p=[0.6, 0.15, 0.15, 0.1])
    return ROUNDS[choice](rng, bool(rng.integers(2)))


def main() -> int:
    """Run rounds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    end = time.monotonic() + 60 * options.minutes
    rounds = pairs = 0
    while rounds == 0 or (options.seed is None and time.monotonic() < end):
        seed = secrets.randbits(40) if options.seed is None else options.seed
        try:
            pairs += one(seed)
        except Exception:
            traceback.print_exc()
            print(f'differs: make fuzz ARGS="--seed {seed}"')
            return 1
        rounds += 1
    print(f"{rounds} rounds, {pairs:,} pairs, all equal to the reference")
    return 0


if __name__ == "__main__":
    sys.exit(main())

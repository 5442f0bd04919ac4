"""Runs with `out` killed at random moments: each, run again, comes to the same result as a run that nothing disturbed.

    make soak ARGS="--minutes 30"      50 moments after the rounds
    make python ARGS="tests/bench/kills.py --moments 50 --seed 7"

Each moment is drawn evenly from the length of an undisturbed run, beginning to renaming; of a few moments a second
kill falls into the run that goes on.
"""

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
from ecoredline.processing.engine import Screening, open_dossier
from ecoredline.processing.engine.tables import TABLES
from load import make
from places import Load

AS_OF = date(2026, 11, 1)
SCALE, SITES, CHUNK = 0.005, 200, 16
GIVE_UP_S = 300.0


def screened(load: Load, sites: Path, out: Path, workers: int = 1) -> None:
    """Screen the sites of a load into a folder, in small chunks."""
    module = importlib.import_module("ecoredline.processing.engine.screen")
    with mock.patch.object(module, "CHUNK", CHUNK):
        module.screen(sites, load.layer_set, as_of=AS_OF, out=out, workers=workers)


def in_child(load: Load, sites: Path, out: Path, workers: int, killed_after_s: float | None = None) -> None:
    """Screen in a process of its own, and kill it after some seconds."""
    child = multiprocessing.get_context("fork").Process(target=screened, args=(load, sites, out, workers))
    child.start()
    child.join(GIVE_UP_S if killed_after_s is None else killed_after_s)
    child.kill()
    child.join()
    if killed_after_s is None and child.exitcode != 0:
        raise AssertionError(f"a run that nothing disturbed ended with {child.exitcode}")


def differences(one: Screening, other: Screening) -> list[str]:
    """Return the names of the tables, and of the seal, in which two dossiers differ."""
    found = [] if one.seal.number == other.seal.number else ["seal"]
    for name in (*(table.name for table in TABLES), "sites", "outcomes"):
        a, b = (pd.DataFrame(each.read(name)) for each in (one, other))
        if not a.astype(str).equals(b.astype(str)):
            found.append(name)
    return found


def survive(load: Load, sites: Path, folder: Path, moments: int, seed: int, workers: int = 1) -> list[str]:
    """Kill runs at random moments and go on; return what went wrong."""
    rng = np.random.default_rng(seed)
    start = time.monotonic()
    in_child(load, sites, folder / "whole", workers)
    length = time.monotonic() - start
    whole, wrong = open_dossier(folder / "whole"), []
    for moment in range(moments):
        out, told = folder / f"killed-{moment}", []
        for killed_after in rng.uniform(0, length, 1 + moment % 3 // 2):
            told.append(f"{killed_after:.3f} s")
            in_child(load, sites, out, workers, killed_after)
            if out.exists() and differences(whole, open_dossier(out)):
                wrong.append(f"killed after {told[-1]}: a part looks whole")
        in_child(load, sites, out, workers)
        wrong += [f"killed after {', '.join(told)}: {name} differs" for name in differences(whole, open_dossier(out))]
        left = [path.name for path in folder.iterdir() if path.name.startswith(f"{out.name}.")]
        wrong += [f"killed after {', '.join(told)}: {name} is left" for name in left]
    return wrong


def main() -> int:
    """Kill runs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moments", type=int, default=50)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--workers", type=int, default=1, help="processes of each run; only the first is killed")
    options = parser.parse_args()
    load = make(SCALE, [SITES])
    with tempfile.TemporaryDirectory(prefix="ecoredline-kills-") as name:
        wrong = survive(load, load.sites(SITES), Path(name), options.moments, options.seed, options.workers)
    print("\n".join(wrong) or f"{options.moments} killed runs came to the same result (seed {options.seed})")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

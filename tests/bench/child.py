"""The frame of every measured process: load, once cold, once warm, outputs and times written."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from outputs import Excuse, Outputs
from places import Load

MISSING = 77  # exit status of a tool that this machine does not have
COLD_ONLY_S = 60.0  # who takes longer is not asked twice
State = TypeVar("State")


@dataclass(frozen=True)
class Task:
    """What a child is to do: which load, how many sites, whether it gets polygons cut in pieces."""

    load: Load
    n: int
    out: Path
    pieces: bool


def task() -> Task:
    """Read the task from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, required=True)
    parser.add_argument("--sites", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True, help="outputs, .npz; times go beside it as .json")
    parser.add_argument("--pieces", action="store_true")
    options = parser.parse_args()
    return Task(Load(options.scale), options.sites, options.out, options.pieces)


def missing(what: str) -> None:
    """End, telling that the tool is not here."""
    print(what)
    sys.exit(MISSING)


def measure(
    task: Task,
    version: str,
    prepare: Callable[[Task], State],
    facts: Callable[[State], Outputs],
    excuse: Excuse,
) -> None:
    """Make the facts twice, and write the last outputs and all times.

    Parameters
    ----------
    prepare : callable
        Brings layers and sites into the form that suits the tool best; not counted.
    facts : callable
        What is measured.
    excuse : Excuse
        By how much its way of measuring may differ from ours.
    """
    start = time.perf_counter()
    state = prepare(task)
    ready = time.perf_counter()
    outputs = facts(state)
    cold = time.perf_counter() - ready
    warm = None
    if cold <= COLD_ONLY_S:
        again = time.perf_counter()
        outputs = facts(state)
        warm = time.perf_counter() - again
    outputs.write(task.out)
    times = {"version": version, "prepare_s": ready - start, "cold_s": cold, "warm_s": warm, "excuse": asdict(excuse)}
    task.out.with_suffix(".json").write_text(json.dumps(times))

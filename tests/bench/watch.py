"""A child process, run whole: its wall time and the peak memory of everything it started."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

EVERY_S = 0.25
MOST_MB = 10_000  # what a tool may take of a machine that others use too


@dataclass(frozen=True)
class Ended:
    """How a child ended: its status, seconds, the peak of its tree in MB, and what it said."""

    status: int
    wall_s: float
    peak_mb: float
    said: str


def run(command: Sequence[str | Path], env: Mapping[str, str], cwd: Path, limit_s: float) -> Ended:
    """Run a command in a process group of its own; nothing of it outlives this call."""
    start = time.perf_counter()
    child = subprocess.Popen(
        [str(word) for word in command],
        env=dict(env),
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(child, peak), daemon=True)
    watcher.start()
    try:
        said, _ = child.communicate(timeout=limit_s)
    except BaseException as error:
        _stop(child)
        if not isinstance(error, subprocess.TimeoutExpired):
            raise
        said = f"stopped after {limit_s:.0f} s"
    wall = time.perf_counter() - start
    watcher.join()
    if peak[0] > 1e6 * MOST_MB:
        said = f"stopped above {MOST_MB} MB"
    return Ended(child.returncode, wall, peak[0] / 1e6, said)


def _stop(child: subprocess.Popen[str]) -> None:
    """Ask the child to end, so that it can stop what it started; then make it."""
    child.terminate()
    try:
        child.wait(timeout=20)
    except subprocess.TimeoutExpired:
        for pid in reversed(tree(child.pid)):
            _kill(pid)
        child.wait()


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _watch(child: subprocess.Popen[str], peak: list[float]) -> None:
    while child.poll() is None:
        peak[0] = max(peak[0], sum(memory(pid) for pid in tree(child.pid)))
        if peak[0] > 1e6 * MOST_MB:
            child.terminate()
        time.sleep(EVERY_S)


def tree(root: int) -> list[int]:
    """Return a process and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            parent = _parent(entry)
            if parent is not None:
                children.setdefault(parent, []).append(int(entry.name))
    found, left = [], [root]
    while left:
        pid = left.pop()
        found.append(pid)
        left += children.get(pid, [])
    return found


def _parent(entry: Path) -> int | None:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return None


def memory(pid: int) -> float:
    """Return the bytes that a process takes, shared pages counted in part; 0 once it has ended."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return 1024.0 * float(line.split()[1])
        return 0.0
    except (OSError, ValueError):
        return 0.0

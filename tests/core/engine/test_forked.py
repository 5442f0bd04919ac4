"""What runs in several processes, tried in a Python without QGIS."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from ecoredline.processing.engine.workers import can_fork

RUNS = Path(__file__).absolute().with_name("forked_runs.py")
ROOT = RUNS.parents[3]


def test_runs_in_several_processes() -> None:
    # Neither the plugin of pytest for QGIS nor the conftest of the tests, which both import it.
    command = [sys.executable, "-W", "ignore", "-m", "pytest", "-q", "--noconftest", "-p", "no:pytest_qgis"]
    path = [ROOT / "build" / "dev", RUNS.parent, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
    command += ["-p", "no:cacheprovider", str(RUNS)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]


def test_a_python_that_hosts_qgis_is_not_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "qgis.core", sys.modules[__name__])
    assert not can_fork()

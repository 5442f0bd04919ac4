"""Runs of `qgis_process` with the plugin, as a user types them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).absolute().parent.parent.parent

# Without the environment of the Makefile there may be no QGIS, and core tests run alone; under it QGIS must be there.
if shutil.which("qgis_process") is None and "ECOREDLINE_GUARD" not in os.environ:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def run():
    """Run an algorithm and return the finished process."""

    def call(algorithm: str, guard: bool = True, **parameters: object) -> subprocess.CompletedProcess[str]:
        words = ["qgis_process", "run", f"ecoredline:{algorithm}", "--"]
        words += [f"{name}={value}" for name, value in parameters.items()]
        bare = ["env", f"PYTHONPATH={_without_guard()}"] if not guard else []
        command = [str(ROOT / ".ci" / "with"), *bare, *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)

    return call


def _without_guard() -> str:
    site = next((ROOT / "build" / "venv" / "lib").glob("python3*/site-packages"))
    return os.pathsep.join([str(ROOT / "build" / "dev"), str(site)])

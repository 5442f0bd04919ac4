"""In the real window: the plugin enabled and disabled ten times leaves nothing behind, and starts fast and light."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).absolute().parent.parent.parent
SCRIPT = ROOT / "tests" / "gui" / "comes_and_goes.py"
MOST_MS = 100  # of the processor, which a busy machine does not stretch

pytestmark = pytest.mark.skipif(
    shutil.which("xvfb-run") is None and "ECOREDLINE_GUARD" not in os.environ, reason="no QGIS, or no display for it"
)


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    """What the script says, run in a profile of its own with the bytecode that a second start finds."""
    home = tmp_path_factory.mktemp("window")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"QT_QPA_PLATFORM": "xcb", "PYTHONPYCACHEPREFIX": str(home / "bytecode"), "LC_ALL": "C.UTF-8"}
    for folder in ("plugin", "layers", "processing"):
        place = ROOT / "build" / "dev" / "ecoredline" / folder
        subprocess.run([sys.executable, "-m", "compileall", "-q", str(place)], env=environment, check=True)
    options = ["--nologo", "--noversioncheck", "--profiles-path", str(home), "--code", str(SCRIPT)]
    command = ["xvfb-run", "-a", str(ROOT / ".ci" / "with"), "qgis", *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("ANSWER ")]
    assert lines, done.stdout[-2000:] + done.stderr[-2000:]
    told = json.loads(lines[-1].removeprefix("ANSWER "))
    assert "error" not in told, told
    return told


def test_ten_times_on_and_off_leaves_nothing(answer):
    assert len(answer["ms"]) == 10
    assert answer["left"] == {}


def test_the_comparison_sees_what_the_plugin_adds(answer):
    """Else an empty difference would say nothing."""
    expected = {"actions", "docks", "functions", "items on the canvas", "listeners of the project", "locator filters"}
    assert expected | {"map tool", "menus", "modules", "providers"} <= set(answer["added"])


def test_start_is_fast_and_loads_nothing_heavy(answer):
    (_, loading), (_, starting) = answer["ms"][0]
    print(f"start: {answer['ms'][0]} ms")
    assert loading + starting < MOST_MS
    assert answer["heavy"] == []


def test_no_translator_is_installed():
    """Texts carry both languages, so there is none to take out."""
    for path in (ROOT / "plugin").rglob("*.py"):
        assert "QTranslator" not in path.read_text(encoding="utf-8"), path

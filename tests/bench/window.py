"""From mouse-up to the banner in the real window of QGIS under Xvfb, on the load of the benchmarks once it is loaded.

build/venv/bin/python tests/bench/window.py                  the full load, red line of 5 million vertices
build/venv/bin/python tests/bench/window.py --scale 0.02 --times 3
build/venv/bin/python tests/bench/window.py --shown          with the layers on the map as well
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import pyogrio
from load import make
from places import ROOT

LIMIT_S = 1.0
SITES = 1_000
MOVED = 0.0005  # degrees, about 50 m
SCRIPT = ROOT / "tests" / "gui" / "mouse_up.py"


def places(file: Path, times: int) -> list[tuple[float, float]]:
    """Return points spread over the sites of a file, one to load at, then for each time one and its neighbour."""
    points = pyogrio.read_dataframe(file).geometry.representative_point()
    step = max(1, len(points) // (times + 1))
    first, *others = [(point.x, point.y) for point in points[::step]][: times + 1]
    return [first, *((x + moved, y) for x, y in others for moved in (0.0, MOVED))]


def run(options: argparse.Namespace, home: Path) -> list[dict[str, object]]:
    """Start QGIS, let the script draw, and return what it measured."""
    load = make(options.scale, [SITES])
    place = home / "profiles" / "default" / "QGIS"
    place.mkdir(parents=True)
    (place / "QGIS3.ini").write_text("[PythonPlugins]\necoredline=true\n", encoding="utf-8")
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "xcb",
        "LC_ALL": "C.UTF-8",
        "ECOREDLINE_HANDS": str(SCRIPT.parent),
        "ECOREDLINE_LAYER_SET": str(load.layer_set),
        "ECOREDLINE_PLACES": json.dumps(places(load.sites(SITES), options.times)),
        "ECOREDLINE_SHOWN": "1" if options.shown else "",
    }
    window = ["qgis", "--nologo", "--noversioncheck", "--profiles-path", str(home), "--code", str(SCRIPT)]
    command = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24", str(ROOT / ".ci" / "with"), *window]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("ANSWER ")]
    answer = json.loads(lines[-1].removeprefix("ANSWER ")) if lines else {"fault": done.stderr[-4000:]}
    if "fault" in answer:
        sys.exit(str(answer["fault"]))
    took: list[dict[str, object]] = answer["took"]
    return took


def main() -> None:
    """Measure, print every figure, and fail where the middle one is over the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--shown", action="store_true")
    options = parser.parse_args()
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="ecoredline-window-") as name:
        took = run(options, Path(name))
    for n, one in enumerate(took):
        kind = ("moved by 50 m", "new place")[n % 2] if n else "first, layers read"
        print(f"{kind}: {one['s']:.3f} s, of it the engine {one['engine_s']:.3f} s, {one['verdict']}")
    middle = 0.0
    for kind, times in (("new place", took[1::2]), ("moved by 50 m", took[2::2])):
        warm = sorted(float(str(one["s"])) for one in times)
        middle = max(middle, median(warm))
        print(f"mouse-up to banner, {kind}: least {warm[0]:.3f} s, middle {median(warm):.3f} s, most {warm[-1]:.3f} s")
    print(f"load of the machine before and after: {before:.1f}, {os.getloadavg()[0]:.1f}; {os.cpu_count()} cores")
    sys.exit(middle > LIMIT_S)


if __name__ == "__main__":
    main()

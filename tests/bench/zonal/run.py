"""Areas on a large DEM: this product beside exactextract, QGIS zonal statistics and rasterstats, in one run.

Peers give mean, least and most of the heights; ours gives slope, its classes, relief, height and aspect in one pass.
The means are compared: QGIS and rasterstats count a cell wholly or not at all, so theirs differ.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).absolute().parents[1]))
import watch
from raster_load import areas, dem

HERE = Path(__file__).absolute().parent
ROOT = HERE.parents[2]
LIMIT_S = 3600.0
QGIS_PYTHON = "/usr/bin/python3"
MODES = {"QGIS": ("heights",), "QGIS, slope too": ("slope",), "QGIS, cells cut in 64": ("fine",)}


def commands() -> dict[str, tuple[str, ...]]:
    """Return how each tool is started."""
    bench = str(ROOT / "build" / "bench" / "venv" / "bin" / "python")
    return {
        "EcoRedline": (sys.executable, str(HERE / "ours.py")),
        "exactextract": (bench, str(HERE / "peer_exactextract.py")),
        "QGIS": (QGIS_PYTHON, str(HERE / "peer_qgis.py")),
        "QGIS, slope too": (QGIS_PYTHON, str(HERE / "peer_qgis.py")),
        "QGIS, cells cut in 64": (QGIS_PYTHON, str(HERE / "peer_qgis.py")),
        "rasterstats": (bench, str(HERE / "peer_rasterstats.py")),
    }


def environment(tool: str) -> dict[str, str]:
    """Return the environment of a tool: ours has the product on its path, peers have their own."""
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG", "TMPDIR")}
    if tool == "EcoRedline":
        kept["PYTHONPATH"] = str(ROOT / "build" / "dev")
    return kept


def main() -> None:
    """Run all tools and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=20_000, help="cells a side")
    parser.add_argument("--areas", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "bench" / "zonal")
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    heights, shapes = dem(options.folder, options.size), areas(options.folder, options.size, options.areas)
    rows: dict[str, dict[str, float | str]] = {}
    means: dict[str, np.ndarray] = {}
    for tool, command in commands().items():
        if options.only and tool not in options.only:
            continue
        out = options.folder / f"{tool.replace(' ', '-')}.npy"
        out.unlink(missing_ok=True)
        words = (*command, heights, shapes, out, *MODES.get(tool, ()))
        before = os.times()
        ended = watch.run(words, environment(tool), options.folder, LIMIT_S)
        after = os.times()
        # Beside the seconds, which a busy machine stretches: what the processor did, start of the tool included.
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        seconds = [float(line.split()[1]) for line in ended.said.splitlines() if line.startswith("seconds ")]
        if ended.status != 0 or not seconds:
            rows[tool] = {"said": ended.said[-400:], "peak_mb": ended.peak_mb}
            continue
        means[tool] = np.load(out)
        rows[tool] = {"seconds": seconds[0], "cpu_s": cpu, "peak_mb": ended.peak_mb}
    ours = rows.get("EcoRedline", {}).get("seconds")
    for tool, row in rows.items():
        if isinstance(ours, float) and "seconds" in row:
            row["times_ours"] = float(row["seconds"]) / ours
            row["largest_difference_m"] = float(np.nanmax(np.abs(means[tool] - means["EcoRedline"])))
        print(tool, json.dumps(row))
    print(f"{options.areas} areas, {options.size} x {options.size} cells, load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()

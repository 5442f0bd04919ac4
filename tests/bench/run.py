"""Runs the engine and its peers over one load, interleaved, and writes RESULTS.md.

make bench                                        every tool at 1,000 and 10,000 sites, the fast ones at 100,000,
                                                  a whole command up to 1,000,000
make bench ARGS="--sizes 1000 --tools ours postgis"
make bench ARGS="--scale 0.02 --sizes 1000 --out build/bench/small.md"
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import watch
from child import MISSING
from load import make
from outputs import Comparison, Excuse, Outputs, compare
from places import FOLDER, REACH_M, ROOT, Load
from results import page

HERE = Path(__file__).parent
OURS = ROOT / "build" / "venv" / "bin" / "python"
PEERS = FOLDER / "venv" / "bin" / "python"
SYSTEM = Path("/usr/bin/python3")
SIZES = (1_000, 10_000, 100_000, 1_000_000)
ROUNDS = {1_000: 3}
LIMIT_S = 3_600.0


@dataclass(frozen=True)
class Tool:
    """A tool: how it is called, and up to how many sites it is asked in a full run."""

    name: str
    label: str
    python: Path
    script: str
    options: tuple[str, ...] = ()
    most: int = 100_000
    switches: tuple[tuple[str, str], ...] = ()


CUT, BOTH = "banks cut", "polygons and banks cut by our cutter"
TOOLS = (
    Tool("ours", "EcoRedline", OURS, "ours.py"),
    Tool(
        "ours-geos", "EcoRedline without its compiled loops", OURS, "ours.py", switches=(("ECOREDLINE_KERNEL", "off"),)
    ),
    Tool("postgis", "PostGIS, ST_Subdivide 128, covered-by shortcut, KNN in a plane", PEERS, "peers/postgis.py"),
    Tool("duckdb", f"DuckDB spatial, {CUT}", PEERS, "peers/duckdb_spatial.py"),
    Tool("duckdb-pieces", f"DuckDB spatial, {BOTH}", PEERS, "peers/duckdb_spatial.py", ("--pieces",), 10_000),
    Tool("sedonadb", f"SedonaDB, {CUT}", PEERS, "peers/sedona_db.py"),
    Tool("sedonadb-pieces", f"SedonaDB, {BOTH}", PEERS, "peers/sedona_db.py", ("--pieces",), 10_000),
    Tool("geopandas", "geopandas overlay + sjoin_nearest", PEERS, "peers/geopandas_overlay.py", (), 10_000),
    Tool("geopandas-pieces", f"geopandas, {BOTH}", PEERS, "peers/geopandas_overlay.py", ("--pieces",), 10_000),
    Tool("qgis", "QGIS calculatevectoroverlaps + joinbynearest", SYSTEM, "peers/qgis_toolbox.py", (), 10_000),
)
PRODUCT = {  # mode: the most sites that it is asked for in a full run
    "screen": 100_000,
    "command": 1_000_000,
    "processes": 100_000,
    "prepared": 100_000,
    "plain": 100_000,
    "one": 10_000,
    "cold_arrays": 10_000,
    "cold_screen": 10_000,
    "qgis_process": 100_000,
}


@dataclass
class Runs:
    """All rounds of one tool at one size."""

    tool: Tool
    n: int
    version: str = ""
    prepare_s: list[float] = field(default_factory=list)
    cold_s: list[float] = field(default_factory=list)
    warm_s: list[float] = field(default_factory=list)
    wall_s: list[float] = field(default_factory=list)
    peak_mb: list[float] = field(default_factory=list)
    problem: str = ""
    outputs: Path | None = None
    excuse: Excuse | None = None
    comparison: Comparison | None = None

    @property
    def cold(self) -> float:
        """Median seconds of the first run in a process."""
        return median(self.cold_s)

    @property
    def warm(self) -> float | None:
        """Median seconds of the second run, None where it was not made."""
        return median(self.warm_s) if self.warm_s else None


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of children: the package and the frame importable, temporary files of their own."""
    path = [ROOT / "build" / "dev", HERE]
    drop = ("QGIS_", "PYTHON", "GDAL_", "PROJ_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(drop)}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(folder),
        "QT_QPA_PLATFORM": "offscreen",
    }


def run_tool(runs: Runs, load: Load, folder: Path) -> None:
    """Run a tool once and add what it took."""
    out = folder / f"{runs.tool.name}-{runs.n}.npz"
    command = [runs.tool.python, HERE / runs.tool.script, "--scale", f"{load.scale:g}", "--sites", str(runs.n)]
    if not runs.tool.python.exists():
        runs.problem = f"no {runs.tool.python.relative_to(ROOT)}"
        return
    around = environment(folder) | dict(runs.tool.switches)
    ended = watch.run([*command, "--out", out, *runs.tool.options], around, folder, LIMIT_S)
    if ended.status == MISSING:
        runs.problem = f"skipped: {ended.said.strip().splitlines()[-1]}"
    elif ended.said.startswith("stopped"):
        runs.problem = ended.said
    elif ended.status != 0:
        runs.problem = f"failed with status {ended.status}: {' '.join(ended.said.split()[-40:])}"
    else:
        times = json.loads(out.with_suffix(".json").read_text())
        runs.version, runs.excuse, runs.outputs = times["version"], Excuse(**times["excuse"]), out
        runs.prepare_s.append(times["prepare_s"])
        runs.cold_s.append(times["cold_s"])
        runs.warm_s += [] if times["warm_s"] is None else [times["warm_s"]]
        runs.wall_s.append(ended.wall_s)
        runs.peak_mb.append(ended.peak_mb)
    warm = f"{runs.warm_s[-1]:.3g} s" if runs.warm_s else "–"
    said = (
        runs.problem
        or f"prepared {runs.prepare_s[-1]:.3g} s, cold {runs.cold_s[-1]:.3g} s, warm {warm}, {ended.peak_mb:.0f} MB"
    )
    print(f"{runs.n:>7} {runs.tool.name}: {said}", flush=True)


def run_product(mode: str, n: int, load: Load, folder: Path) -> dict[str, float]:
    """Run one mode of the product and return its figures, with wall_s and peak_mb; with nothing else if it failed."""
    out = folder / f"product-{mode}-{n}.json"
    command: list[str | Path] = [OURS, HERE / "product.py", mode, "--scale", f"{load.scale:g}", "--sites", str(n)]
    command += ["--folder", folder, "--out", out]
    if mode == "qgis_process":
        places = {"SITES": load.sites(n), "LAYER_SET": load.layer_set, "DOSSIER": folder / f"dossier-qgis-{n}"}
        command = [ROOT / ".ci" / "with", mode, "run", "ecoredline:screenprojects", "--AS_OF=2026-11-01"]
        command += [f"--{name}={place}" for name, place in places.items()]
    ended = watch.run(command, environment(folder), folder, LIMIT_S)
    figures = json.loads(out.read_text()) if ended.status == 0 and out.exists() else {}
    if ended.status != 0:
        print(ended.said[-2_000:], file=sys.stderr)
    print(f"{n:>7} {mode}: {figures}, process {ended.wall_s:.3g} s", flush=True)
    return {**figures, "wall_s": ended.wall_s, "peak_mb": ended.peak_mb, "status": float(ended.status)}


def compared(all_runs: list[Runs]) -> None:
    """Compare the outputs of every tool with ours at the same size."""
    for n in {runs.n for runs in all_runs}:
        ours = next((r for r in all_runs if r.n == n and r.tool.name == "ours" and r.outputs), None)
        for runs in all_runs:
            if ours is not None and runs.n == n and runs is not ours and runs.outputs and runs.excuse:
                mine, theirs = Outputs.read(Path(str(ours.outputs))), Outputs.read(runs.outputs)
                runs.comparison = compare(theirs, mine, runs.excuse, REACH_M)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--tools", nargs="+", choices=[tool.name for tool in TOOLS], default=None)
    parser.add_argument("--product", nargs="*", choices=PRODUCT, default=None)
    parser.add_argument("--rounds", type=int, default=0, help="rounds at every size; else 3 at 1,000, 1 at others")
    parser.add_argument("--out", type=Path, default=HERE / "RESULTS.md")
    return parser.parse_args()


def write(path: Path, text: str) -> None:
    """Put a file in its place whole."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


def main() -> None:
    """Run everything asked for."""
    options = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    load = make(options.scale, options.sizes)
    with tempfile.TemporaryDirectory(prefix="ecoredline-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # a server that runs as another user finds its folder in it
        all_runs, product = [], {}
        for n in options.sizes:
            asked = options.tools or [tool.name for tool in TOOLS]
            tools = [tool for tool in TOOLS if tool.name in asked and n <= tool.most]
            of_size = [Runs(tool, n) for tool in tools]
            for _ in range(options.rounds or ROUNDS.get(n, 1)):
                for runs in of_size:
                    if not runs.problem:
                        run_tool(runs, load, folder)
            all_runs += of_size
            modes = PRODUCT if options.product is None else options.product
            for mode in (mode for mode in modes if n <= PRODUCT[mode]):
                product[mode, n] = run_product(mode, n, load, folder)
            compared(all_runs)
            write(options.out, page(load, all_runs, product))
    print(options.out)
    wrong = [r for r in all_runs if r.comparison is not None and not r.comparison.equal]
    sys.exit(1 if wrong or any(r.problem.startswith("failed") for r in all_runs) else 0)


if __name__ == "__main__":
    main()

"""What the product takes beyond the facts: rules, a whole command, one site; one mode a process.

``screen``   layers read and prepared, facts of all sites, then `screen()` with all rules, each timed.
``command``  sites and layers from files, the dossier to a folder: the whole process is the measure.
``processes``  the same with as many processes as there are cores.
``prepared`` a command with layers that an earlier run has prepared in a folder.
``plain``    the same sites, layers and tables read and written by pyogrio and nothing else: the yardstick.
``one``      one site after the other over layers in memory: facts, facts judged, and all of `Session.screen()`.
``cold_arrays``, ``cold_screen``   one site in a process of its own, on a prepared folder: its whole life, ten times.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from ecoredline.layers.progress import Progress
from ecoredline.layers.sites import read
from ecoredline.processing.engine import screen, threads
from ecoredline.processing.engine.judging.basis import load_basis
from ecoredline.processing.engine.judging.chunk import make_chunk
from ecoredline.processing.engine.judging.judge import judge
from ecoredline.processing.engine.screen import near, where
from ecoredline.processing.engine.session import Session
from ecoredline.processing.engine.site_source import site_source
from ecoredline.processing.engine.threads import in_order
from measuring_share import measuring_and_all
from places import Load

AS_OF = date(2026, 11, 1)
CHUNK = 2_000
ONES = 200
STARTS = 10


def timed(function: Callable[[], Any]) -> tuple[float, Any]:
    """Return seconds and result."""
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def basis_of(load: Load, sites: Any = None) -> Any:
    """Return layers made ready, whole or as for some sites, law, profile."""
    box, seek = (None, None) if sites is None else (near(source := site_source(sites)), where(source))
    return load_basis(load.layer_set, None, None, None, AS_OF, False, box, Progress(), None, seek)


def screen_mode(load: Load, n: int, _folder: Path) -> dict[str, float]:
    """Time the parts of a screening one after the other."""
    read_s, intake = timed(lambda: read(load.sites(n)))
    frame = intake.sites
    basis_s, basis = timed(lambda: basis_of(load, frame))

    def chunks(basis: Any = basis) -> int:
        parts = (frame.iloc[i : i + CHUNK].reset_index(drop=True) for i in range(0, len(frame), CHUNK))
        return sum(len(chunk) for chunk in in_order(lambda part: make_chunk(part, basis), parts))

    cold_s, _ = timed(chunks)
    facts_s, _ = timed(chunks)
    measuring_s, judging_s = measuring_and_all(site_source(frame), basis, CHUNK)
    del basis
    screen_s, _ = timed(lambda: screen(frame, load.layer_set, as_of=AS_OF))
    return {
        "sites_s": read_s,
        "layers_s": basis_s,
        "facts_cold_s": cold_s,
        "facts_s": facts_s,
        "screen_s": screen_s,
        "screen_less_layers_to_facts": (screen_s - basis_s) / cold_s,
        "judging_to_measuring_cpu": judging_s / measuring_s,
    }


def command_mode(workers: int, load: Load, n: int, folder: Path) -> dict[str, float]:
    """Screen from file to folder, in this process or in several."""
    out = folder / (f"dossier-{n}" if workers == 1 else f"dossier-processes-{n}")
    seconds, _ = timed(lambda: screen(load.sites(n), load.layer_set, as_of=AS_OF, workers=workers, out=out))
    return {"inside_s": seconds}


def prepared_mode(load: Load, n: int, folder: Path) -> dict[str, float]:
    """Screen from file to folder, the layers prepared by an earlier run."""
    few = read(load.sites(n)).sites.iloc[:1]
    kept = folder / "prepared-for-command"
    screen(few, load.layer_set, as_of=AS_OF, prepared=kept)
    out = folder / f"dossier-prepared-{n}"
    seconds, _ = timed(lambda: screen(load.sites(n), load.layer_set, as_of=AS_OF, out=out, prepared=kept))
    return {"inside_s": seconds}


def plain_mode(load: Load, n: int, folder: Path) -> dict[str, float]:
    """Read what a command reads and write what it wrote, by pyogrio alone."""
    dossier = folder / f"dossier-{n}" / "dossier.gpkg"
    tables = {name: pyogrio.read_dataframe(dossier, layer=name) for name, _ in pyogrio.list_layers(dossier)}

    def work() -> None:
        pyogrio.read_dataframe(load.sites(n))
        for name, _ in pyogrio.list_layers(load.layers):
            pyogrio.read_dataframe(load.layers, layer=name)
        path = folder / f"plain-{n}.gpkg"
        path.unlink(missing_ok=True)
        for name, table in tables.items():
            pyogrio.write_dataframe(table, path, layer=name)

    return {"inside_s": timed(work)[0]}


def one_mode(load: Load, n: int, _folder: Path) -> dict[str, float]:
    """Time single sites, warm: their facts, their facts with all rules judged, and whole screenings in a session."""
    frame = read(load.sites(n)).sites
    ones = [frame.iloc[row : row + 1].reset_index(drop=True) for row in range(min(ONES, len(frame)))]
    facts, judged = _single_facts(load, frame, ones)
    session = Session(load.layer_set)
    session.screen(frame, as_of=AS_OF)
    whole = [1000 * timed(lambda site=site: session.screen(site, as_of=AS_OF))[0] for site in ones]
    return {**_spread("facts", facts), **_spread("judged", judged), **_spread("screen", whole)}


def _single_facts(load: Load, frame: Any, ones: list[Any]) -> tuple[list[float], list[float]]:
    basis = basis_of(load)
    make_chunk(frame, basis)
    facts, judged = [], []
    for site in ones:
        seconds, chunk = timed(lambda site=site: make_chunk(site, basis))
        facts.append(1000 * seconds)
        judged.append(1000 * (seconds + timed(lambda chunk=chunk: judge(chunk, AS_OF))[0]))
    return facts, judged


def _spread(name: str, milliseconds: list[float]) -> dict[str, float]:
    """Return median and 95th percentile."""
    return {f"{name}_p{p}_ms": float(np.percentile(milliseconds, p)) for p in (50, 95)}


def cold_mode(what: str, load: Load, n: int, folder: Path) -> dict[str, float]:
    """Time whole processes that answer for one site each; the layers lie prepared in a folder."""
    sites = shapely.to_wkb(read(load.sites(n)).sites.geometry.array[:STARTS], hex=True).tolist()
    command = [sys.executable, "-W", "ignore", str(Path(__file__).with_name("cold.py")), what]
    command += [str(load.layer_set), str(folder / "prepared")]

    def start(site: str) -> int:
        return int(subprocess.run([*command, site], check=True, capture_output=True, text=True).stdout)

    prepare_s, _ = timed(lambda: start(sites[0]))
    answers = [timed(lambda site=site: start(site)) for site in sites]
    seconds = [took for took, _ in answers]
    return {
        "first_s": prepare_s,
        "cold_p50_s": float(np.median(seconds)),
        "cold_most_s": max(seconds),
        "facts": float(sum(count for _, count in answers)),
    }


MODES = {
    "screen": screen_mode,
    "command": partial(command_mode, 1),
    "processes": partial(command_mode, threads.count()),
    "prepared": prepared_mode,
    "plain": plain_mode,
    "one": one_mode,
    "cold_arrays": partial(cold_mode, "arrays"),
    "cold_screen": partial(cold_mode, "screen"),
}


def main() -> None:
    """Run one mode and write its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mode", choices=MODES)
    parser.add_argument("--scale", type=float, required=True)
    parser.add_argument("--sites", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="where dossiers go")
    parser.add_argument("--out", type=Path, required=True, help="figures, .json")
    options = parser.parse_args()
    figures = MODES[options.mode](Load(options.scale), options.sites, options.folder)
    options.out.write_text(json.dumps(figures))


if __name__ == "__main__":
    main()

"""Pages per minute and memory of `export_maps`: 100 invented sites × 2 maps, in a QGIS without a screen.

.ci/with /usr/bin/python3 tests/bench/map_pages.py FOLDER [SITES]

FOLDER holds the sample district (``sampledistrict``); the pages go into a temporary folder. The sites are those of the
sample, and again moved by some hundred metres until there are enough. Memory is the resident set after each tenth of
the pages; it is flat when the last half does not grow.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from ecoredline.layers.layerset import load
from ecoredline.processing.engine import screen
from ecoredline.processing.maps import export_maps
from qgis.core import QgsApplication

MAPS = ("overview", "bank_distance")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def resident_mib() -> float:
    """Return the resident set of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE / 2**20


def many(sites: gpd.GeoDataFrame, wanted: int) -> gpd.GeoDataFrame:
    """Return so many sites: those given, and again moved aside."""
    rng = np.random.default_rng(7)
    parts, made = [], 0
    while made < wanted:
        part = sites.head(wanted - made).copy()
        if parts:
            x, y = rng.uniform(-0.004, 0.004, 2)
            part["geometry"] = part.geometry.translate(x, y)
            part["site_id"] = [f"{site_id}-{len(parts)}" for site_id in part["site_id"]]
        parts.append(part)
        made += len(part)
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=sites.crs)


def main(folder: Path, wanted: int) -> None:
    """Draw the pages and print the figures."""
    sites = many(pyogrio.read_dataframe(folder / "sites.gpkg"), wanted)
    layers = load(folder / "district.toml")
    screening = screen(sites, layers)
    states: dict[str, int] = {}
    sizes = [resident_mib()]

    def told(result: object) -> None:
        state = str(getattr(result, "state", ""))
        states[state] = states.get(state, 0) + 1
        if sum(states.values()) % max(1, len(sites) * len(MAPS) // 10) == 0:
            gc.collect()
            sizes.append(resident_mib())

    with tempfile.TemporaryDirectory() as out:
        start, used = time.perf_counter(), time.process_time()
        export_maps(screening, layers, Path(out), templates=MAPS, told=told)
        took, used = time.perf_counter() - start, time.process_time() - used
        weight = sum(file.stat().st_size for file in Path(out).iterdir())
    pages = sum(states.values())
    print(f"{pages} pages in {took:.0f} s: {60 * pages / took:.0f} pages/min; {60 * pages / used:.0f} per CPU minute")
    print(f"{weight / pages / 1024:.0f} KiB a page; {states}")
    print("resident MiB:", " ".join(f"{size:.0f}" for size in sizes))


if __name__ == "__main__":
    application = QgsApplication([], True)
    application.initQgis()
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100)

"""A shapefile of 200 MB: progress, cancel, bounded memory. Part of `make soak` (ECOREDLINE_BIG=1)."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import geopandas as gpd
import numpy as np
import pytest
import shapely
from ecoredline.layers.errors import Cancelled
from ecoredline.layers.progress import Progress
from ecoredline.layers.sites import read

READING = """
import json, resource, sys, time
from ecoredline.layers.progress import Progress
from ecoredline.layers.sites import read
told, moments = [], [time.monotonic()]
def report(share, text):
    told.append(share)
    moments.append(time.monotonic())
intake = read(sys.argv[1], progress=Progress(report))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
gap = max(b - a for a, b in zip(moments, moments[1:]))
print(json.dumps([len(intake.sites), peak, len(told), gap, told == sorted(told)]))
"""


@pytest.mark.skipif("ECOREDLINE_BIG" not in os.environ, reason="takes half a minute: make soak, or ECOREDLINE_BIG=1")
@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is counted as Linux counts it")
def test_a_shapefile_of_200_megabytes(tmp_path):
    n, corners = 8_000, 1_600
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    centres = np.random.default_rng(1).uniform((105.5, 28.5), (109.5, 31.5), (n, 2))
    xy = np.empty((n, corners + 1, 2))
    xy[:, :corners] = centres[:, None] + 0.004 * np.column_stack([np.cos(angles), np.sin(angles)])
    xy[:, corners] = xy[:, 0]
    path = tmp_path / "big.shp"
    gpd.GeoDataFrame({"name": [f"甲{i}" for i in range(n)]}, geometry=shapely.polygons(xy), crs=4490).to_file(path)
    size = path.stat().st_size
    assert size > 200e6
    command = [sys.executable, "-W", "ignore", "-c", READING, str(path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    sites, peak, told, gap, rising = json.loads(done.stdout)
    assert sites == n
    assert peak < 6 * size  # measured: 4.4, libraries included
    assert told > 50
    assert rising
    assert gap < 10
    calls = iter(range(1000))
    with pytest.raises(Cancelled):
        read(path, progress=Progress(cancelled=lambda: next(calls) > 5))

"""exactextract: coverage-weighted mean, least and most of the heights, in C++ with a cell cache of its own."""

from __future__ import annotations

import sys
import time

import geopandas as gpd
import numpy as np
from exactextract import exact_extract

dem, areas, out = sys.argv[1:4]
frame = gpd.read_file(areas)
start = time.perf_counter()
table = exact_extract(dem, frame, ["mean", "min", "max"], output="pandas", strategy="feature-sequential")
print(f"seconds {time.perf_counter() - start:.3f}")
np.save(out, table["mean"].to_numpy())

"""rasterstats: mean, least and most of the heights of cells whose middles lie inside."""

from __future__ import annotations

import sys
import time

import geopandas as gpd
import numpy as np
from rasterstats import zonal_stats

dem, areas, out = sys.argv[1:4]
frame = gpd.read_file(areas)
start = time.perf_counter()
stats = zonal_stats(frame, dem, stats=["mean", "min", "max"])
print(f"seconds {time.perf_counter() - start:.3f}")
np.save(out, np.array([np.nan if each["mean"] is None else each["mean"] for each in stats]))

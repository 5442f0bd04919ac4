"""This product: slope, classes, share of 25° and more, relief, height and aspect of every area."""

from __future__ import annotations

import sys
import time

import geopandas as gpd
import numpy as np
from ecoredline.processing.engine.restoration import indicators

dem, areas, out = sys.argv[1:4]
frame = gpd.read_file(areas)
start = time.perf_counter()
table = indicators(frame, dem)
print(f"seconds {time.perf_counter() - start:.3f}")
mean = table[table["indicator"] == "height_mean"].set_index("site_id")["value"]
np.save(out, mean.loc[frame["site_id"]].to_numpy())

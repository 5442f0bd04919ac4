"""QGIS zonal statistics, which counts a cell wholly or not at all.

heights: mean, least and most of the heights. slope: those, and mean and most of a slope raster that is computed first,
as ours gives both. fine: the heights on cells cut into 8 × 8, which comes near the exact share of a cell.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, "/usr/share/qgis/python/plugins")
from qgis.analysis import QgsNativeAlgorithms
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsProcessingUtils

FINER = 8
dem, areas, out, mode = sys.argv[1:5]
application = QgsApplication([], False)
application.initQgis()
provider = QgsNativeAlgorithms()
QgsApplication.processingRegistry().addProvider(provider)
context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)


def run(algorithm: str, **parameters: object) -> str:
    found = QgsApplication.processingRegistry().createAlgorithmById(f"native:{algorithm}")
    result, fine = found.run(parameters, context, feedback)
    assert fine, feedback.textLog()
    return str(result["OUTPUT"])


def zonal(raster: str, prefix: str) -> str:
    return run(
        "zonalstatisticsfb", INPUT=areas, INPUT_RASTER=raster, RASTER_BAND=1, COLUMN_PREFIX=prefix,
        STATISTICS=[2, 5, 6], OUTPUT="memory:",
    )  # fmt: skip


with tempfile.TemporaryDirectory(dir=Path(out).parent) as folder:
    if mode == "fine":
        vrt = str(Path(folder) / "fine.vrt")
        size = f"{100 * FINER}%"
        subprocess.run(
            ["gdal_translate", "-q", "-of", "VRT", "-outsize", size, size, "-r", "nearest", dem, vrt], check=True
        )
        dem = vrt
    start = time.perf_counter()
    heights = zonal(dem, "z_")
    if mode == "slope":
        zonal(run("slope", INPUT=dem, Z_FACTOR=1.0, OUTPUT=str(Path(folder) / "slope.tif")), "s_")
    print(f"seconds {time.perf_counter() - start:.3f}")
    layer = QgsProcessingUtils.mapLayerFromString(heights, context)
    values = [feature["z_mean"] for feature in layer.getFeatures()]
np.save(out, np.array([np.nan if value is None else float(value) for value in values]))
layer = context = None  # alive at the end of QGIS they would crash it
application.exitQgis()

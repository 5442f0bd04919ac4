"""QGIS zonal statistics: mean, least and most of the heights of cells whose middles lie inside."""

from __future__ import annotations

import os
import sys
import time

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, "/usr/share/qgis/python/plugins")
from qgis.analysis import QgsNativeAlgorithms
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsProcessingUtils

dem, areas, out = sys.argv[1:4]
application = QgsApplication([], False)
application.initQgis()
provider = QgsNativeAlgorithms()
QgsApplication.processingRegistry().addProvider(provider)
context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
algorithm = QgsApplication.processingRegistry().createAlgorithmById("native:zonalstatisticsfb")
parameters = {
    "INPUT": areas, "INPUT_RASTER": dem, "RASTER_BAND": 1, "COLUMN_PREFIX": "z_", "STATISTICS": [2, 5, 6],
    "OUTPUT": "memory:",
}  # fmt: skip
start = time.perf_counter()
result, fine = algorithm.run(parameters, context, feedback)
print(f"seconds {time.perf_counter() - start:.3f}")
assert fine, feedback.textLog()
layer = QgsProcessingUtils.mapLayerFromString(result["OUTPUT"], context)
values = [feature["z_mean"] for feature in layer.getFeatures()]
np.save(out, np.array([np.nan if value is None else float(value) for value in values]))
del layer, context
application.exitQgis()

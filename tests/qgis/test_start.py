"""A start of QGIS with the plugin loads none of the heavy libraries."""

from __future__ import annotations

import subprocess
import sys

START = """
import sys
from qgis.core import QgsApplication
application = QgsApplication([], False)
application.initQgis()
sys.path.append(QgsApplication.pkgDataPath() + "/python/plugins")
import ecoredline
plugin = ecoredline.classFactory(None)
{call}
print("heavy:", *sorted(name for name in {heavy} if name in sys.modules))
print("algorithms:", len(QgsApplication.processingRegistry().providerById("ecoredline").algorithms()))
plugin.unload()
application.exitQgis()
"""
HEAVY = ("geopandas", "pandas", "rasterio", "fiona", "pyogrio", "docx", "openpyxl", "scipy")


def start(call: str) -> list[str]:
    code = START.format(call=call, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_start_is_light(qgis):
    from ecoredline.processing.algorithms.provider import ALGORITHMS

    heavy, algorithms = start("plugin.initProcessing()")[-2:]
    assert heavy.strip() == "heavy:"
    assert algorithms == f"algorithms: {len(ALGORITHMS)}"


def test_the_check_sees_a_heavy_import(qgis):
    heavy, _ = start("plugin.initProcessing(); import geopandas")[-2:]
    assert "geopandas" in heavy

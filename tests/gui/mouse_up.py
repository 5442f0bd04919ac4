"""Runs inside the real window of QGIS: from mouse-up to the banner on the load of the benchmarks.

Started by tests/bench/window.py. ECOREDLINE_LAYER_SET, ECOREDLINE_PLACES (JSON, longitude and latitude of each),
ECOREDLINE_SHOWN (the layers stand on the map as well), ECOREDLINE_HANDS; the answer is one line of JSON.
"""

import json
import os
import sys
import time
import traceback

from qgis.core import QgsCoordinateReferenceSystem, QgsProject
from qgis.PyQt.QtWidgets import QApplication
from qgis.utils import iface

sys.path.insert(0, os.environ["ECOREDLINE_HANDS"])
from hands import conduct, draw, idle, look_at, until

VIEW, HALF = 0.02, 0.002  # degrees: about 4 km in view, a site of about 400 m


def measured():
    """Draw at every place; the first waits for the layers, the others find them loaded."""
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:4490"))
    iface.mainWindow().resize(1500, 950)
    dock, told = conduct(), []
    idle(dock)
    assert dock.workspace.open_layer_set(os.environ["ECOREDLINE_LAYER_SET"])
    idle(dock)
    if os.environ.get("ECOREDLINE_SHOWN"):
        dock.layers.show_on_map()
    engine, screen = [], dock.engine.screen

    def timed(question, progress):
        start = time.perf_counter()
        try:
            return screen(question, progress)
        finally:
            engine.append(time.perf_counter() - start)

    dock.engine.screen = timed
    dock.live.told.connect(lambda _run: told.append(time.perf_counter()))  # after the dock itself, which came first
    took = []
    for lon, lat in json.loads(os.environ["ECOREDLINE_PLACES"]):
        for id_ in dock.workspace.sites.ids():
            dock.workspace.sites.remove(id_)
        idle(dock)
        look_at(lon - VIEW, lat - VIEW, lon + VIEW, lat + VIEW)
        told.clear()
        engine.clear()
        draw(dock, "polygon", [(lon + x * HALF, lat + y * HALF) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))])
        start = time.perf_counter()  # the right button is up
        until(lambda: told, "the banner", 300)
        run = dock.panel.result.run
        verdict = next(iter(run.sites.values())).verdict
        took.append({"s": told[0] - start, "engine_s": engine[-1], "verdict": verdict})
        print(took[-1], file=sys.stderr, flush=True)
        idle(dock)
    return took


try:
    ANSWER = {"took": measured()}
except BaseException:
    ANSWER = {"fault": traceback.format_exc()}
print("ANSWER " + json.dumps(ANSWER), flush=True)
QApplication.processEvents()
os._exit(0)

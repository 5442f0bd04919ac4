"""Runs inside the real window of QGIS: the plugin comes and goes ten times. Prints one line of JSON and ends QGIS.

xvfb-run -a .ci/with qgis --nologo --noversioncheck --profiles-path FOLDER --code tests/gui/comes_and_goes.py
"""

import gc
import json
import os
import sys
import threading
import time
import traceback
from collections import Counter
from itertools import pairwise

from qgis.core import QgsApplication, QgsExpression, QgsLocator, QgsProject
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QDockWidget, QMenu, QToolBar
from qgis.utils import iface, loadPlugin, plugins, startPlugin, unloadPlugin, updateAvailablePlugins

NAME, TIMES = "ecoredline", 10
HEAVY = ("geopandas", "pandas", "docx", "openpyxl", "scipy", "osgeo.ogr", "jinja2")
SIGNALS = ("readProject", "cleared", "dirtySet", "writeProject", "layersAdded", "layerWillBeRemoved", "layersRemoved")


def settle():
    """Let what is to be deleted later be deleted."""
    for _ in range(5):
        QgsApplication.sendPostedEvents(None, 52)  # DeferredDelete
        QgsApplication.processEvents()


def wait():
    """Wait for tasks to end."""
    end = time.monotonic() + 60
    while QgsApplication.taskManager().countActiveTasks() and time.monotonic() < end:
        QgsApplication.processEvents()
    settle()


def begin_to_draw(conduct):
    """Leave a polygon half drawn: the tool is set and its rubber band on the canvas."""
    conduct.sites.draw("polygon")
    viewport = iface.mapCanvas().viewport()
    for x, y in ((60, 60), (120, 60), (120, 120)):
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
        QgsApplication.processEvents()


def names(kind):
    """Count the objects of a kind below the window by name and title.

    Separators that stand nowhere are QGIS's own: it takes the one before the first plugin off the menu and keeps it.
    """
    found = iface.mainWindow().findChildren(kind)
    if kind is QAction:
        found = [each for each in found if not each.isSeparator() or each.associatedWidgets()]
    return dict(
        Counter(f"{each.objectName()}|{each.text() if kind is QAction else each.windowTitle()}" for each in found)
    )


def state():
    """Return everything that a plugin may leave behind."""
    project, canvas = QgsProject.instance(), iface.mapCanvas()
    found = (each for each in iface.mainWindow().findChildren(QObject) if each.metaObject().className() == "QgsLocator")
    locator = sip.cast(next(found), QgsLocator)
    return {
        "actions": names(QAction),
        "docks": names(QDockWidget),
        "toolbars": names(QToolBar),
        "menus": names(QMenu),
        "top windows": dict(Counter(type(each).__name__ for each in QgsApplication.topLevelWidgets())),
        "objects of the application": len(QgsApplication.instance().findChildren(QObject)),
        "providers": sorted(each.id() for each in QgsApplication.processingRegistry().providers()),
        "functions": sorted(each.name() for each in QgsExpression.Functions()),
        "locator filters": sorted(each.name() for each in locator.filters()),
        "items on the canvas": dict(Counter(type(each).__name__ for each in canvas.scene().items())),
        "map tool": type(canvas.mapTool()).__name__,
        "layers": sorted(project.mapLayers()),
        "layer tree": [each.name() for each in project.layerTreeRoot().children()],
        "listeners of the project": {name: project.receivers(getattr(project, name)) for name in SIGNALS},
        "listeners of the canvas": canvas.receivers(canvas.extentsChanged),
        "tasks": QgsApplication.taskManager().count(),
        # Python calls a thread of QGIS's pool, which stays, a dummy
        "threads": sorted(each.name for each in threading.enumerate() if not each.name.startswith("Dummy")),
        "path": [entry for entry in sys.path if NAME in entry],
        # QGIS unloads modules and forgets the packages around them
        "modules": sorted(
            name for name, each in sys.modules.items() if name.split(".")[0] == NAME and not hasattr(each, "__path__")
        ),
    }


def difference(before, after):
    """Return what is not the same, briefly."""
    if isinstance(before, dict):
        return {key: [before.get(key), after.get(key)] for key in before | after if before.get(key) != after.get(key)}
    if isinstance(before, list):
        return [sorted(set(before) - set(after)), sorted(set(after) - set(before))]
    return [before, after]


def run():
    """Come and go, and tell what is left and how long it took."""
    updateAvailablePlugins()
    settle()
    before, took, here = state(), [], {}
    for turn in range(TIMES):
        heavy_before = {name for name in HEAVY if name in sys.modules}
        gc.collect()
        marks = [(time.perf_counter(), time.process_time())]
        done = loadPlugin(NAME)
        marks.append((time.perf_counter(), time.process_time()))
        done = done and startPlugin(NAME)
        marks.append((time.perf_counter(), time.process_time()))
        took.append([[round(1000 * (b - a), 1) for a, b in zip(one, two, strict=True)] for one, two in pairwise(marks)])
        if not done:
            return {"error": "the plugin did not start"}
        if turn == 0:
            heavy = sorted(name for name in HEAVY if name in sys.modules and name not in heavy_before)
        settle()
        plugins[NAME].desk.open_dock()
        begin_to_draw(plugins[NAME].desk.dock.conduct)
        if turn % 2:  # every other time it goes while work is under way
            wait()
        here = state()
        unloadPlugin(NAME)
        wait()
        settle()
    after = state()
    return {
        "left": {key: difference(before[key], after[key]) for key in before if before[key] != after[key]},
        "added": sorted(key for key in before if before[key] != here[key]),
        "ms": took,  # per turn: loading and starting, each by the clock and of the processor
        "heavy": heavy,
    }


try:
    answer = run()
except Exception:
    answer = {"error": traceback.format_exc()}
print("ANSWER " + json.dumps(answer, ensure_ascii=False), flush=True)
os._exit(0)

"""Work in the pooled threads of QGIS: coordinate systems may be used again and again, errors come through."""

from __future__ import annotations

import subprocess
import sys
import threading

REPEATED = """
import os
from qgis.core import QgsApplication, QgsTask
from ecoredline.processing.algorithms.own_thread import in_own_thread
import pyproj
application = QgsApplication([], False)
application.initQgis()
QgsApplication.taskManager()

def job():
    crs = pyproj.CRS.from_user_input("EPSG:4490")
    return pyproj.CRS.from_user_input(crs.to_wkt()).name

class Task(QgsTask):
    name = ""
    def run(self):
        self.name = {call}
        return True

for _ in range(4):
    task = Task("t", QgsTask.Flag.CanCancel)
    QgsApplication.taskManager().addTask(task)
    while not task.name:
        application.processEvents()
    print(task.name, flush=True)
    for _ in range(50):
        application.processEvents()
os._exit(0)
"""


def repeated(call: str) -> subprocess.CompletedProcess[str]:
    code = REPEATED.format(call=call)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)


def test_the_second_job_in_a_pooled_thread_is_as_good_as_the_first(qgis):
    done = repeated("in_own_thread(job)")
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split("\n")[:4] == ["China Geodetic Coordinate System 2000"] * 4


def test_in_the_main_thread_the_job_is_called_there(qgis):
    from ecoredline.processing.algorithms.own_thread import in_own_thread

    assert in_own_thread(threading.current_thread) is threading.current_thread()


def test_an_error_comes_through_from_another_thread(qgis):
    from ecoredline.processing.algorithms.own_thread import in_own_thread
    from qgis.PyQt.QtCore import QThread

    class Pooled(QThread):
        error = None

        def run(self):
            try:
                in_own_thread(lambda: 1 // 0)
            except ZeroDivisionError as error:
                self.error = error

    thread = Pooled()
    thread.start()
    assert thread.wait(10_000)
    assert isinstance(thread.error, ZeroDivisionError)

"""A Python thread of its own for work that QGIS starts in one of its pooled threads.

pyproj (3.7) keeps a pointer to its context per thread of the system, but frees the context with the Python state of
that thread. A pooled thread of QGIS gets a new Python state each time it enters Python, so the second job in it would
use a freed context and bring QGIS down. A thread that Python itself starts has one state from birth to death.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtCore import QCoreApplication, QThread


def in_own_thread(job: Callable[[], Any]) -> Any:
    """Return what a job returns, or raise what it raises; in the main thread it is called directly."""
    application = QCoreApplication.instance()
    if application is None or QThread.currentThread() == application.thread():
        return job()
    outcome: list[Any] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(job())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="ecoredline", daemon=True)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return outcome[0]

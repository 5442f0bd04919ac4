"""Work off the main thread: QgsTasks that report, can be stopped, and end in one of three ways."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from typing import Any

from qgis.core import QgsApplication, QgsTask
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..layers.errors import Cancelled, EcoRedlineError
from ..layers.progress import Progress
from ..layers.texts import Text

Job = Callable[[Progress], Any]
FLAGS = QgsTask.Flag.CanCancel | QgsTask.Flag.Silent  # the plugin itself says what came of it


class UnexpectedError(EcoRedlineError):
    """Something that the product did not foresee; the details are for whoever mends it."""

    def __init__(self, error: BaseException) -> None:
        told = f"{type(error).__name__}: {error}"
        super().__init__(
            Text("程序内部出错，本次操作未完成", "An internal error: this was not finished"),
            Text(told, told),
            Text("请复制“详情”并反馈；数据未被改动。", "Copy the details and report them; no data was changed."),
        )
        self.details = "".join(traceback.format_exception(error))


class Work(QgsTask):
    """One job in a thread of QGIS.

    Parameters
    ----------
    title : Text
        Shown in the task manager.
    job : callable
        Runs in the thread, takes a `Progress`, returns a value; touches nothing of the window.
    quiet : bool
        Whether it stays out of the task list, as what follows every move of the mouse does.
    """

    said = pyqtSignal(str)

    def __init__(self, title: Text, job: Job, quiet: bool = False) -> None:
        super().__init__(f"EcoRedline: {title}", FLAGS | QgsTask.Flag.Hidden if quiet else FLAGS)
        self.title = title
        self.value: Any = None
        self.error: EcoRedlineError | None = None
        self.ended: Callable[[Work], None] | None = None
        self._job = job
        self._over = threading.Event()

    def run(self) -> bool:
        """Do the job; QGIS calls this in a thread."""
        try:
            return self._run()
        finally:
            self._over.set()

    def _run(self) -> bool:
        from ..processing.algorithms.own_thread import in_own_thread
        from ..processing.algorithms.runtime import probe

        if self.isCanceled():
            return False
        try:
            probe()
            self.value = in_own_thread(lambda: self._job(Progress(self._report, self.isCanceled)))
        except Cancelled:
            return False
        except EcoRedlineError as error:
            self.error = error
            return False
        except Exception as error:  # a thread of QGIS must not end in an exception
            self.error = UnexpectedError(error)
            return False
        return not self.isCanceled()

    def wait(self, seconds: float) -> None:
        """Wait in the main thread until the job has let go; a job that never began is not waited for."""
        if self.status() == QgsTask.TaskStatus.Running:
            self._over.wait(seconds)

    def finished(self, ok: bool) -> None:
        """Hand over to whoever waits; QGIS calls this in the main thread."""
        ended, self.ended = self.ended, None
        if ended is not None:
            ended(self)

    def _report(self, share: float, text: Text | None) -> None:
        self.setProgress(100 * share)
        if text is not None:
            self.said.emit(str(text))


class Works(QObject):
    """The works of the plugin that are under way.

    Signals tell a status line: `began` with the work, `over` with the same work.
    """

    began = pyqtSignal(object)
    over = pyqtSignal(object)

    def __init__(self, failed: Callable[[EcoRedlineError], None]) -> None:
        super().__init__()
        self._failed = failed
        self._running: list[Work] = []

    def start(
        self,
        title: Text,
        job: Job,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[EcoRedlineError], None] | None = None,
        stopped: Callable[[], None] | None = None,
        quiet: bool = False,
    ) -> Work:
        """Start a job; exactly one of `done`, `failed`, `stopped` is called afterwards, in the main thread.

        Parameters
        ----------
        quiet : bool
            Not shown in the status line, such as live screening.
        """
        work = Work(title, job, quiet)
        self._running.append(work)

        def ended(one: Work) -> None:
            if one not in self._running:
                return
            self._running.remove(one)
            self.over.emit(one)
            if one.error is not None and not one.isCanceled():
                (failed or self._failed)(one.error)
            elif one.isCanceled():
                if stopped is not None:
                    stopped()
            elif done is not None:
                done(one.value)

        work.ended = ended
        if not quiet:
            self.began.emit(work)
        QgsApplication.taskManager().addTask(work)
        return work

    def stop(self) -> None:
        """Stop everything and wait until no thread of ours is running; nobody is told of it."""
        running, self._running = self._running, []
        for work in running:
            work.ended = None
            work.cancel()
        for work in running:
            work.wait(10.0)

    def __len__(self) -> int:
        return len(self._running)

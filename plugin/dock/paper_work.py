"""What step 3 does with runs: keep, open, compare, review, export."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import Qgis, QgsProject
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QDialog

from ...layers.progress import Progress
from ...layers.texts import Text
from ..engine import engine_open
from ..exporting import Exported, export
from ..runs import KeptRun, forget, kept_runs, new_folder, remember
from .compare_dialog import CompareDialog
from .export_dialog import ExportDialog
from .panel import RESULT
from .review_dialog import ReviewDialog
from .told import RunTold, SiteTold

if TYPE_CHECKING:
    from .conduct import Conduct

KEEP = Text("留存本次筛查", "Keeping this run")
OPEN = Text("打开卷宗", "Opening the dossier")
REVIEW = Text("写入复核意见", "Writing the review")
EXPORT = Text("导出文书附图", "Exporting papers and maps")


class PaperWork:
    """Acts on runs as wholes.

    Attributes
    ----------
    folders : dict
        The dossier of each run that was kept or opened, by its seal and time.
    """

    def __init__(self, conduct: Conduct) -> None:
        self.conduct = conduct
        self.folders: dict[tuple[str, str], Path] = {}
        step = conduct.panel.result
        step.keep_wanted.connect(self.keep)
        step.export_wanted.connect(self.export)
        step.review_wanted.connect(self.review)
        step.runs.open_wanted.connect(self.open_run)
        step.runs.forget_wanted.connect(self.forget_run)
        step.runs.compare_wanted.connect(self.compare)
        QgsProject.instance().readProject.connect(self.show_runs)
        QgsProject.instance().cleared.connect(self.show_runs)

    def close(self) -> None:
        """Stop listening to the project."""
        QgsProject.instance().readProject.disconnect(self.show_runs)
        QgsProject.instance().cleared.disconnect(self.show_runs)

    def keep(self) -> None:
        """Write the run in view as a dossier and remember it in the project."""
        run = self.conduct.panel.result.run
        if run is not None and _key(run) not in self.folders:
            self._keep(run, self._say_kept)

    def _keep(self, run: RunTold, then: Any) -> None:
        folder = new_folder(QgsProject.instance())
        self.conduct.works.start(KEEP, partial(_write, run, folder), partial(self._kept, run, then))

    def _kept(self, run: RunTold, then: Any, folder: Path) -> None:
        self.folders[_key(run)] = folder
        remember(QgsProject.instance(), KeptRun(str(folder), run.made_at, run.as_of, len(run.sites), _counted(run)))
        self.show_runs()
        then(folder)

    def _say_kept(self, folder: Path) -> None:
        self.conduct.desk.messages.show(Text("已留存", "Kept"), Text(str(folder), str(folder)))

    def show_runs(self, *_: object) -> None:
        """Fill in the list of kept runs."""
        self.conduct.panel.result.runs.show_runs(kept_runs(QgsProject.instance()))

    def open_run(self, folder: str) -> None:
        """Show a kept run as it was."""
        self.conduct.works.start(OPEN, partial(engine_open, folder), partial(self._opened, Path(folder)))

    def _opened(self, folder: Path, run: RunTold) -> None:
        self.folders[_key(run)] = folder
        self.conduct.marks.clear()
        self.conduct.panel.result.show_run(run)
        self.conduct.panel.go(RESULT)

    def forget_run(self, folder: str) -> None:
        """Take a run off the list."""
        forget(QgsProject.instance(), folder)
        self.show_runs()

    def compare(self, older: str, newer: str) -> None:
        """Lay two kept runs side by side."""

        def job(progress: Progress) -> tuple[RunTold, RunTold]:
            return engine_open(older, progress), engine_open(newer, progress)

        self.conduct.works.start(OPEN, job, self._compared)

    def _compared(self, runs: tuple[RunTold, RunTold]) -> None:
        CompareDialog(*runs, self.conduct.panel.window()).exec()

    def review(self) -> None:
        """Take down what a person makes of the verdict in view; the run is kept first."""
        run, site = self.conduct.panel.result.run, self.conduct.panel.result.site()
        if run is None or site is None:
            return
        dialog = ReviewDialog(site, self.conduct.panel.window())
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        given = dialog.given()
        write = partial(self._write_review, run, site, given)
        if _key(run) in self.folders:
            write(self.folders[_key(run)])
        else:
            self._keep(run, write)

    def _write_review(self, run: RunTold, site: SiteTold, given: tuple[str, str, str], folder: Path) -> None:
        def job(_progress: Progress) -> tuple[dict[str, str], ...]:
            from ...processing.engine.dossier.reviewing import add_review

            reviews = add_review(folder, site.site_id, *given)
            return tuple(reviews[reviews["site_id"] == site.site_id].to_dict("records"))

        self.conduct.works.start(REVIEW, job, partial(self._reviewed, run, site.site_id))

    def _reviewed(self, run: RunTold, site_id: str, reviews: tuple[dict[str, str], ...]) -> None:
        result = self.conduct.panel.result
        sites = {id_: replace(site, reviews=reviews) if id_ == site_id else site for id_, site in run.sites.items()}
        if result.run is not None and _key(result.run) == _key(run):
            result.show_run(replace(run, sites=sites))

    def export(self) -> None:
        """Ask what to hand out, and write it."""
        run, layer_set = self.conduct.panel.result.run, self.conduct.workspace.layer_set
        if run is None:
            return
        dialog = ExportDialog(layer_set is not None, len(run.sites), self.conduct.panel.window())
        if dialog.exec() == QDialog.DialogCode.Accepted:
            order, folder = dialog.order(), self.folders.get(_key(run))
            job = partial(export, run, folder, layer_set, order)
            self.conduct.works.start(EXPORT, job, self._exported)

    def _exported(self, done: Exported) -> None:
        where = Text(str(done.folder), str(done.folder))
        for fault in done.faults:
            headline = Text("文书已导出，但附图未全部绘成", "The papers are written, but not all maps could be drawn")
            self.conduct.desk.messages.show(headline, fault.cause, fault.remedy, Qgis.MessageLevel.Warning)
        if done.noticed:
            listed = "\n".join(done.noticed)
            headline = Text("附图自检发现问题，已写在相应页上", "The map check found faults, marked on their pages")
            remedy = Text(
                "请按所列逐页处理，或换更大的图幅导出。", "See to the pages listed, or export a larger sheet."
            )
            self.conduct.desk.messages.show(headline, Text(listed, listed), remedy, Qgis.MessageLevel.Warning)
        if not (done.faults or done.noticed):
            self.conduct.desk.messages.show(Text("已导出", "Exported"), where)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(done.folder)))


def _key(run: RunTold) -> tuple[str, str]:
    return run.seal, run.made_at


def _write(run: RunTold, folder: Path, progress: Progress) -> Path:
    from ...processing.engine import write_dossier

    progress.step(0.1)
    folder.parent.mkdir(parents=True, exist_ok=True)
    write_dossier(run.screening, folder)
    return folder


def _counted(run: RunTold) -> str:
    from ...processing.engine.words import VERDICT_TEXTS, Verdict

    counts = {v: sum(site.verdict == v for site in run.sites.values()) for v in Verdict}
    return "，".join(f"{VERDICT_TEXTS[v]} {n}" for v, n in counts.items() if n)

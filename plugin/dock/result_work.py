"""What step 3 does: marks on the map, answers, reviews, kept runs, export."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import QgsProject
from qgis.PyQt.QtWidgets import QDialog

from ...layers.progress import Progress
from ...layers.texts import Text
from ..engine import engine_open
from ..marks import Shapes
from ..runs import KeptRun, forget, kept_runs, new_folder, remember
from .answer_dialog import AnswerDialog
from .figures import bearing, metres
from .panel import RESULT, SITE
from .told import Finding, RunTold

if TYPE_CHECKING:
    from ...processing.engine.asking import Question
    from .conduct import Conduct

LOOK = Text("在地图上定位", "Finding it on the map")
KEEP = Text("留存本次筛查", "Keeping this run")
OPEN = Text("打开卷宗", "Opening the dossier")


class ResultWork:
    """Acts on the run in view."""

    def __init__(self, conduct: Conduct) -> None:
        self.conduct = conduct
        step = conduct.panel.result
        step.finding_chosen.connect(self.show_finding)
        step.site_chosen.connect(lambda _id: conduct.marks.clear())
        step.keep_wanted.connect(self.keep)
        step.points.role_wanted.connect(conduct.layers.choose)
        step.points.fill_wanted.connect(self.fill_in)
        step.points.answer_wanted.connect(self.answer)
        step.runs.open_wanted.connect(self.open_run)
        step.runs.forget_wanted.connect(self.forget_run)
        QgsProject.instance().readProject.connect(self.show_runs)
        QgsProject.instance().cleared.connect(self.show_runs)

    def close(self) -> None:
        """Stop listening to the project."""
        QgsProject.instance().readProject.disconnect(self.show_runs)
        QgsProject.instance().cleared.disconnect(self.show_runs)

    def show_finding(self, finding: Finding) -> None:
        """Zoom to a finding and draw its overlap, shortest line and ring."""
        run, site = self.conduct.panel.result.run, self.conduct.panel.result.site()
        if run is None or site is None:
            return
        layer_set = self.conduct.workspace.layer_set

        def job(_progress: Progress) -> Shapes:
            from ...processing.algorithms.finding_shapes import finding_shapes

            found = finding_shapes(
                run.screening, layer_set, site.site_id, finding.role, finding.feature_id, finding.limit_m, finding.pair
            )
            return Shapes(found.overlap, found.line, found.ring, found.site)

        self.conduct.works.start(LOOK, job, partial(self._mark, run, finding), quiet=True)

    def _mark(self, run: RunTold, finding: Finding, shapes: Shapes) -> None:
        if self.conduct.panel.result.run is not run:  # another result came meanwhile
            return
        from ...processing.report.palette import looks

        label = ""
        if finding.distance_m > 0:
            label = metres(finding.distance_m, finding.limit_m)
            if finding.bearing_deg == finding.bearing_deg:
                label += f"  {bearing(finding.bearing_deg)}"
        self.conduct.marks.show(shapes, label, looks()[finding.verdict].colour)

    def fill_in(self, column: str) -> None:
        """Lead to a field of the form of the site in view."""
        self.conduct.panel.go(SITE)
        self.conduct.panel.site.choose(self.conduct.panel.result.site_id())
        self.conduct.panel.site.fill_in(column)

    def answer(self, question: Question) -> None:
        """Ask a person, and screen again with the answer."""
        dialog = AnswerDialog(question, self.conduct.panel.window())
        if dialog.exec() == QDialog.DialogCode.Accepted:
            site_id = self.conduct.panel.result.site_id()
            self.conduct.workspace.answer(site_id, question.rule_id, question.text.zh, dialog.given())

    def keep(self) -> None:
        """Write the run in view as a dossier and remember it in the project."""
        run = self.conduct.panel.result.run
        if run is None:
            return
        folder = new_folder(QgsProject.instance())
        self.conduct.works.start(KEEP, partial(_write, run, folder), partial(self._kept, run))

    def _kept(self, run: RunTold, folder: Path) -> None:
        remember(QgsProject.instance(), KeptRun(str(folder), run.made_at, run.as_of, len(run.sites), _counted(run)))
        self.show_runs()
        self.conduct.desk.messages.show(Text("已留存", "Kept"), Text(str(folder), str(folder)))

    def show_runs(self, *_: object) -> None:
        """Fill in the list of kept runs."""
        self.conduct.panel.result.runs.show_runs(kept_runs(QgsProject.instance()))

    def open_run(self, folder: str) -> None:
        """Show a kept run as it was."""
        self.conduct.works.start(OPEN, partial(engine_open, folder), self._opened)

    def _opened(self, run: RunTold) -> None:
        self.conduct.marks.clear()
        self.conduct.panel.result.show_run(run)
        self.conduct.panel.go(RESULT)

    def forget_run(self, folder: str) -> None:
        """Take a run off the list."""
        forget(QgsProject.instance(), folder)
        self.show_runs()


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

"""What step 3 does on the map and in the run in view: marks, answers, all rules, results as layers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from qgis.PyQt.QtWidgets import QDialog

from ...layers.progress import Progress
from ...layers.texts import Text
from ..layer_tree import show_frames
from ..marks import Shapes
from .answer_dialog import AnswerDialog
from .figures import bearing, metres
from .outcomes_dialog import OutcomesDialog, Row, outcome_rows
from .panel import SITE
from .told import Finding, RunTold, SiteTold

if TYPE_CHECKING:
    from ...processing.engine.dossier.asking import Question
    from .conduct import Conduct

LOOK = Text("在地图上定位", "Finding it on the map")
RULES = Text("列出逐条结果", "Listing all rules")
TO_MAP = Text("结果加入地图", "Result to the map")
RINGS = Text("绘制岸线环", "Drawing rings around banks")


class ResultWork:
    """Acts on the run in view."""

    def __init__(self, conduct: Conduct) -> None:
        self.conduct = conduct
        step = conduct.panel.result
        step.finding_chosen.connect(self.show_finding)
        step.site_chosen.connect(self._site_chosen)
        step.outcomes_wanted.connect(self.list_outcomes)
        step.map_wanted.connect(self.to_map)
        step.rings_wanted.connect(self.rings)
        step.day_chosen.connect(conduct.workspace.set_day)
        step.points.role_wanted.connect(conduct.layers.choose)
        step.points.fill_wanted.connect(self.fill_in)
        step.points.answer_wanted.connect(self.answer)

    def _site_chosen(self, site_id: str) -> None:
        self.conduct.marks.clear()
        if site_id:
            self.conduct.panel.site.choose(site_id)

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
        site_id = self.conduct.panel.result.site_id()
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.conduct.workspace.answer(site_id, question.rule_id, question.text.zh, dialog.given())

    def list_outcomes(self) -> None:
        """Show every rule with its outcome for the site in view."""
        run, site = self.conduct.panel.result.run, self.conduct.panel.result.site()
        if run is not None and site is not None:
            job = lambda _progress: outcome_rows(run, site.site_id)  # noqa: E731
            self.conduct.works.start(RULES, job, partial(self._listed, site))

    def _listed(self, site: SiteTold, rows: tuple[Row, ...]) -> None:
        OutcomesDialog(site, rows, self.conduct.panel.window()).exec()

    def to_map(self) -> None:
        """Add the result as layers, in one group at the top of the tree."""
        run, layer_set = self.conduct.panel.result.run, self.conduct.workspace.layer_set
        if run is None:
            return

        def job(progress: Progress) -> object:
            from ...processing.algorithms.run_frames import frames_of_run

            return frames_of_run(run.screening, layer_set, progress)

        title = Text(f"筛查结果 {run.as_of}", f"Screening {run.as_of}")
        self.conduct.works.start(TO_MAP, job, partial(show_frames, f"{title} {run.seal[:6]}"))

    def rings(self) -> None:
        """Add rings at 1, 3 and 5 km around the banks of each river near the sites."""
        run, layer_set = self.conduct.panel.result.run, self.conduct.workspace.layer_set
        if run is None or layer_set is None:
            return

        def job(progress: Progress) -> object:
            from ...processing.algorithms.run_frames import rings_per_river

            drawn = rings_per_river(run.screening, layer_set, progress)
            return {f"bank_rings:{river or '—'}": drawn[drawn["river"] == river] for river in drawn["river"].unique()}

        title = Text("岸线 1/3/5 公里环", "Bank rings 1/3/5 km")
        self.conduct.works.start(RINGS, job, partial(show_frames, str(title)))

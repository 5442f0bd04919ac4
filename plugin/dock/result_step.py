"""Step 3, result: banner, findings, what is open, earlier runs."""

from __future__ import annotations

from datetime import date

from qgis.PyQt.QtCore import QDate, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QTabWidget, QVBoxLayout, QWidget

from ...layers.errors import EcoRedlineError
from ...layers.texts import Text
from .banner import Banner
from .controls import button, named
from .fields import show_day
from .findings_view import FindingsView
from .open_points import OpenPoints
from .runs_view import RunsView
from .told import Finding, RunTold, SiteTold

NO_RESULT = Text("尚无结果", "No result yet")
HOW = Text("请先选定图层，再绘制或导入地块。", "Choose layers, then draw or import a site.")
STALE = Text("筛查未完成", "The screening was not finished")


class ResultStep(QWidget):
    """Shows a run, one site at a time.

    Signals
    -------
    finding_chosen
        With a `Finding` of the site in view.
    keep_wanted, export_wanted, review_wanted, outcomes_wanted, map_wanted, rings_wanted
        What the buttons stand for.
    """

    finding_chosen = pyqtSignal(object)
    site_chosen = pyqtSignal(str)
    keep_wanted = pyqtSignal()
    export_wanted = pyqtSignal()
    review_wanted = pyqtSignal()
    outcomes_wanted = pyqtSignal()
    map_wanted = pyqtSignal()
    rings_wanted = pyqtSignal()
    day_chosen = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run: RunTold | None = None
        self._showing = False
        self.picker = QComboBox()
        named(self.picker, "site_picker", Text("查看的地块", "Site in view"))
        self.picker.currentIndexChanged.connect(self._picked)
        self.banner = Banner(self)
        self.findings = FindingsView(self)
        self.findings.chosen.connect(self.finding_chosen)
        self.points = OpenPoints(self)
        self.runs = RunsView(self)
        self.tabs = QTabWidget()
        named(self.tabs, "result_tabs", Text("结果分页", "Parts of the result"))
        self.tabs.addTab(self.findings, "")
        self.tabs.addTab(self.points, "")
        self.tabs.addTab(self.runs, str(Text("历次筛查", "Runs")))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addLayout(self._top())
        layout.addWidget(self.banner)
        layout.addWidget(self.tabs, 1)
        layout.addLayout(self._buttons())
        self._titles()
        self.show_nothing()

    def _top(self) -> QHBoxLayout:
        from qgis.gui import QgsDateEdit

        label = Text("基准日", "As of")
        self.day = QgsDateEdit()
        self.day.setAllowNull(True)
        self.day.setNullRepresentation(str(Text("今天", "today")))
        self.day.setDisplayFormat("yyyy-MM-dd")
        named(self.day, "as_of", label, Text("所依据法律和数据的日期", "The day whose law and data apply"))
        self.day.clear()
        self.day.dateValueChanged.connect(self._day)
        name = QLabel(str(label))
        name.setBuddy(self.day)
        row = QHBoxLayout()
        row.addWidget(self.picker, 1)
        row.addStretch(0)
        row.addWidget(name)
        row.addWidget(self.day)
        return row

    def _day(self, day: QDate) -> None:
        if not self._showing:
            self.day_chosen.emit(None if self.day.isNull() or not day.isValid() else day.toPyDate())

    def show_day(self, day: date | None) -> None:
        """Show the day that is chosen, without telling of it."""
        self._showing = True  # the widget needs its own signals to show that it is today
        show_day(self.day, day)
        self._showing = False

    def _buttons(self) -> QGridLayout:
        grid = QGridLayout()
        rows = (
            ("keep", Text("留存本次筛查", "Keep this run"), self.keep_wanted),
            ("export", Text("导出文书附图…", "Export papers…"), self.export_wanted),
            ("review", Text("人工复核意见…", "Review…"), self.review_wanted),
            ("outcomes", Text("逐条规则结果…", "All rules…"), self.outcomes_wanted),
            ("to_map", Text("结果加入地图", "Result to the map"), self.map_wanted),
            ("rings", Text("岸线 1/3/5 公里环", "Bank rings 1/3/5 km"), self.rings_wanted),
        )
        self.actions = {name: button(name, text, signal.emit) for name, text, signal in rows}
        for n, each in enumerate(self.actions.values()):
            grid.addWidget(each, n // 2, n % 2)
        return grid

    def show_run(self, run: RunTold, site_id: str = "") -> None:
        """Show a run with the site of that id in view, else the one that was."""
        before = site_id or self.site_id()
        self.run = run
        self.picker.blockSignals(True)
        self.picker.clear()
        for site in run.sites.values():
            self.picker.addItem(f"{site.site_id}  {site.name}  {site.words}".replace("  ", " "), site.site_id)
        self.picker.setCurrentIndex(max(self.picker.findData(before), 0))
        self.picker.setVisible(len(run.sites) > 1)
        self.picker.blockSignals(False)
        self._show()

    def show_site(self, site_id: str) -> None:
        """Bring a site of the run into view."""
        at = self.picker.findData(site_id)
        if at >= 0:
            self.picker.setCurrentIndex(at)

    def show_nothing(self) -> None:
        """Show that there is nothing to show."""
        self.run = None
        self.picker.clear()
        self.picker.setVisible(False)
        self.banner.clear(NO_RESULT, HOW)
        self._clear()

    def show_error(self, error: EcoRedlineError) -> None:
        """Show that the screening failed; no earlier verdict stays in view."""
        self.run = None
        self.banner.clear(STALE, error.message)
        self._clear()

    def wait(self) -> None:
        """Show that a new result is on its way."""
        if self.run is not None:
            self.banner.wait()

    def site_id(self) -> str:
        """Return the id of the site in view, or empty text."""
        return str(self.picker.currentData() or "")

    def site(self) -> SiteTold | None:
        """Return the site in view."""
        return self.run.sites.get(self.site_id()) if self.run is not None else None

    def _picked(self, *_: object) -> None:
        self._show()
        self.site_chosen.emit(self.site_id())

    def _show(self) -> None:
        site = self.site()
        if self.run is None or site is None:
            return
        self.banner.show_site(self.run, site)
        self.findings.show_site(site)
        self.points.show_site(self.run, site)
        self._titles()
        for each in self.actions.values():
            each.setEnabled(True)

    def _clear(self) -> None:
        self.findings.show_site(None)
        self.points.show_site(None, None)
        self._titles()
        for each in self.actions.values():
            each.setEnabled(False)

    def _titles(self) -> None:
        self.tabs.setTabText(0, f"{Text('发现', 'Findings')} {len(self.findings.findings)}")
        self.tabs.setTabText(1, f"{Text('待补充', 'To complete')} {len(self.points.cards)}")

    def finding(self) -> Finding | None:
        """Return the finding that is chosen."""
        return self.findings.current()

"""The dock 红线筛查: three steps above a status line."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QButtonGroup, QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from ...layers.texts import Text
from ..work import Work, Works
from ..workspace import Workspace
from .controls import button, tool, words
from .layers_step import LayersStep
from .result_step import ResultStep
from .site_step import SiteStep

STEPS = (
    (Text("1 图层", "1 Layers"), "mActionAddLayer.svg"),
    (Text("2 地块", "2 Site"), "mActionCapturePolygon.svg"),
    (Text("3 结果", "3 Result"), "mActionIdentify.svg"),
)
LAYERS, SITE, RESULT = range(3)


class Panel(QWidget):
    """What the dock holds."""

    def __init__(self, workspace: Workspace, works: Works, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ecoredline_panel")
        self.layers, self.site, self.result = LayersStep(workspace), SiteStep(workspace), ResultStep()
        self.stack = QStackedWidget()
        self.steps = []
        row, group = QHBoxLayout(), QButtonGroup(self)
        row.setSpacing(2)
        for n, ((text, theme), page) in enumerate(zip(STEPS, (self.layers, self.site, self.result), strict=True)):
            made = tool(f"step_{n + 1}", text, theme, checkable=True)
            group.addButton(made, n)
            row.addWidget(made, 1)
            self.steps.append(made)
            self.stack.addWidget(page)
        group.idClicked.connect(self.go)
        self.help = tool("help", Text("帮助", "Help"), "mActionHelpContents.svg", tip=Text("打开帮助", "Open the help"))
        self.help.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        row.addWidget(self.help)
        self.said = words("", "status")
        self.bar = QProgressBar()
        self.bar.setMaximumHeight(14)
        self.bar.setAccessibleName(str(Text("进度", "Progress")))
        self.cancel = button("cancel", Text("取消", "Cancel"), self._cancel)
        self.status = QWidget()
        line = QHBoxLayout(self.status)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.said, 2)
        line.addWidget(self.bar, 2)
        line.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addLayout(row)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.status)
        self.setMinimumWidth(380)
        self._work: Work | None = None
        works.began.connect(self._began)
        works.over.connect(self._over)
        self.status.setVisible(False)
        self.go(LAYERS)

    def go(self, step: int) -> None:
        """Show a step."""
        self.stack.setCurrentIndex(step)
        self.steps[step].setChecked(True)

    def step(self) -> int:
        """Return the step in view."""
        return self.stack.currentIndex()

    def _began(self, work: Work) -> None:
        self._work = work
        self.said.setText(str(work.title))
        self.bar.setRange(0, 100)
        self.bar.setValue(0)
        self.status.setVisible(True)
        self.cancel.setEnabled(True)
        work.progressChanged.connect(lambda share: self.bar.setValue(round(share)))
        work.said.connect(self.said.setText, Qt.ConnectionType.QueuedConnection)

    def _over(self, work: Work) -> None:
        if work is self._work:
            self._work = None
            self.status.setVisible(False)

    def _cancel(self) -> None:
        if self._work is not None:
            self.cancel.setEnabled(False)
            self.said.setText(str(Text("正在取消…", "Cancelling…")))
            self._work.cancel()

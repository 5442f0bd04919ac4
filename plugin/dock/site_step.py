"""Step 2, site: draw, take, paste or open it, and say what the rules in question need to know."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...layers.texts import Text
from ..workspace import Workspace
from .controls import button, named, tool, words
from .site_form import SiteForm
from .told import RunTold

SITE = Qt.ItemDataRole.UserRole
HOW = Text(
    "绘制后右键结束；可用捕捉、追踪和高级数字化。",
    "A right click ends the drawing; snapping, tracing and advanced digitising work.",
)


class SiteStep(QWidget):
    """Buttons that bring sites, the list of sites, and the form of the one that is chosen.

    Signals
    -------
    draw_wanted
        With ``polygon``, ``line`` or ``point``; empty text ends drawing.
    selection_wanted, paste_wanted, file_wanted
        What the buttons stand for.
    edit_wanted
        Edit the shape of the site of that id.
    """

    draw_wanted = pyqtSignal(str)
    selection_wanted = pyqtSignal()
    paste_wanted = pyqtSignal()
    file_wanted = pyqtSignal()
    edit_wanted = pyqtSignal(str)
    site_chosen = pyqtSignal(str)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.draw_tools: dict[str, QToolButton] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addLayout(self._draw_row())
        layout.addLayout(self._bring_row())
        layout.addWidget(words(str(HOW)))
        self.list = QTreeWidget()
        named(self.list, "sites", Text("项目地块", "Project sites"))
        self.list.setHeaderLabels(
            [str(Text("编号", "Id")), str(Text("名称", "Name")), str(Text("初筛意见", "Verdict"))]
        )
        self.list.setRootIsDecorated(False)
        self.list.currentItemChanged.connect(self._chosen)
        upper = QWidget()
        above = QVBoxLayout(upper)
        above.setContentsMargins(0, 0, 0, 0)
        above.addWidget(self.list)
        above.addLayout(self._site_row())
        self.form = SiteForm()
        self.form.changed.connect(self._write)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.form)
        self.scroll = scroll
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(upper)
        splitter.addWidget(scroll)
        splitter.setStretchFactor(1, 3)
        layout.addWidget(splitter, 1)
        workspace.sites.changed.connect(self.refresh)
        self.refresh()

    def _draw_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        kinds = (
            ("polygon", Text("画面", "Polygon"), "mActionCapturePolygon.svg"),
            ("line", Text("画线", "Line"), "mActionCaptureLine.svg"),
            ("point", Text("画点", "Point"), "mActionCapturePoint.svg"),
        )
        for kind, text, theme in kinds:
            made = tool(f"draw_{kind}", text, theme, checkable=True)
            made.clicked.connect(lambda checked, kind=kind: self.draw_wanted.emit(kind if checked else ""))
            self.draw_tools[kind] = made
            row.addWidget(made)
        return row

    def _bring_row(self) -> QGridLayout:
        grid = QGridLayout()
        selected = Text("用所选要素", "Use selection")
        tip = Text("取当前图层中选中的要素", "Takes the features selected in the active layer")
        grid.addWidget(button("use_selection", selected, self.selection_wanted.emit, tip), 0, 0)
        grid.addWidget(button("paste", Text("粘贴坐标…", "Paste…"), self.paste_wanted.emit), 0, 1)
        grid.addWidget(button("open_sites", Text("打开文件…", "Open file…"), self.file_wanted.emit), 0, 2)
        return grid

    def _site_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.edit = button("edit_shape", Text("修改图形", "Edit shape"), lambda: self.edit_wanted.emit(self.site_id()))
        self.remove = button("remove_site", Text("移除", "Remove"), lambda: self.workspace.sites.remove(self.site_id()))
        row.addWidget(self.edit)
        row.addWidget(self.remove)
        row.addStretch(1)
        return row

    def site_id(self) -> str:
        """Return the id of the chosen site, or empty text."""
        item = self.list.currentItem()
        return str(item.data(0, SITE)) if item is not None else ""

    def choose(self, site_id: str) -> None:
        """Choose a site in the list."""
        for i in range(self.list.topLevelItemCount()):
            if self.list.topLevelItem(i).data(0, SITE) == site_id:
                self.list.setCurrentItem(self.list.topLevelItem(i))

    def drawing(self, kind: str) -> None:
        """Show which tool is at work; empty text: none."""
        for name, made in self.draw_tools.items():
            made.setChecked(name == kind)

    def refresh(self) -> None:
        """Bring the list in line with the sites."""
        before, ids = self.site_id(), self.workspace.sites.ids()
        shown = [self.list.topLevelItem(i).data(0, SITE) for i in range(self.list.topLevelItemCount())]
        self.list.blockSignals(True)
        if ids != shown:
            verdicts = {s: self.list.topLevelItem(i).text(2) for i, s in enumerate(shown)}
            self.list.clear()
            for id_ in ids:
                item = QTreeWidgetItem([id_, "", verdicts.get(id_, "")])
                item.setData(0, SITE, id_)
                self.list.addTopLevelItem(item)
        for i, id_ in enumerate(ids):
            self.list.topLevelItem(i).setText(1, self.workspace.sites.attributes(id_).get("name", ""))
        self.list.resizeColumnToContents(0)
        self.list.blockSignals(False)
        if ids:
            self.choose(before if before in ids else ids[-1])
        self._chosen()

    def show_run(self, run: RunTold | None) -> None:
        """Put verdicts beside the sites, and let the form ask what the rules in question need."""
        from ...processing.report.palette import looks

        for i in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(i)
            site = run.sites.get(str(item.data(0, SITE))) if run is not None else None
            item.setText(2, f"{looks()[site.look].symbol} {site.words}" if site is not None else "")
        asked: Mapping[str, tuple[str, ...]] = {}
        site = run.sites.get(self.site_id()) if run is not None else None
        if site is not None and site.asked is not None:
            asked = site.asked.columns
        self.form.ask(asked)

    def fill_in(self, column: str) -> None:
        """Lead to a field of the form."""
        widget = self.form.lead_to(column)
        if widget is not None:
            self.scroll.ensureWidgetVisible(widget)

    def _chosen(self, *_: object) -> None:
        id_ = self.site_id()
        self.edit.setEnabled(bool(id_))
        self.remove.setEnabled(bool(id_))
        self.form.show_site(id_, self.workspace.sites.attributes(id_) if id_ else {})
        if id_:
            self.site_chosen.emit(id_)

    def _write(self, site_id: str, values: dict[str, str]) -> None:
        self.workspace.sites.write(site_id, values)

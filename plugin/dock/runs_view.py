"""Runs that were kept: date, day of the law, how many sites came to what; two of them can be laid side by side."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QAbstractItemView, QGridLayout, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from ...layers.texts import Text
from ..runs import KeptRun
from .controls import button, named, words

FOLDER = Qt.ItemDataRole.UserRole
HOW = Text("选中一次可查看，选中两次可并排比较。", "Choose one to see it, two to lay them side by side.")


class RunsView(QWidget):
    """The list of kept runs.

    Signals
    -------
    open_wanted, forget_wanted
        With the folder of a run.
    compare_wanted
        With two folders, the older first.
    """

    open_wanted = pyqtSignal(str)
    forget_wanted = pyqtSignal(str)
    compare_wanted = pyqtSignal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QTreeWidget()
        named(self.list, "runs", Text("留存的筛查", "Kept runs"))
        self.list.setHeaderLabels(
            [
                str(Text("时间", "Made")),
                str(Text("基准日", "As of")),
                str(Text("地块", "Sites")),
                str(Text("结论", "Verdicts")),
            ]
        )
        self.list.setRootIsDecorated(False)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.itemSelectionChanged.connect(self._allow)
        self.list.itemActivated.connect(lambda item, _column: self.open_wanted.emit(item.data(0, FOLDER)))
        self.open = button("open_run", Text("查看", "Open"), lambda: self._one(self.open_wanted))
        self.compare = button("compare_runs", Text("并排比较", "Side by side"), self._two)
        self.forget = button(
            "forget_run", Text("移出列表", "Take off the list"), lambda: self._one(self.forget_wanted),
            Text("卷宗文件夹保留在磁盘上", "The dossier stays on the disk"),
        )  # fmt: skip
        grid = QGridLayout()
        for column, each in enumerate((self.open, self.compare, self.forget)):
            grid.addWidget(each, 0, column)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(words(str(HOW)))
        layout.addWidget(self.list, 1)
        layout.addLayout(grid)
        self._allow()

    def show_runs(self, runs: tuple[KeptRun, ...]) -> None:
        """Fill in the runs, the latest first."""
        self.list.clear()
        for run in reversed(runs):
            item = QTreeWidgetItem([run.made_at[:16].replace("T", " "), run.as_of, str(run.n_sites), run.verdicts])
            item.setData(0, FOLDER, run.folder)
            item.setToolTip(3, f"{run.verdicts}\n{run.folder}")
            self.list.addTopLevelItem(item)
        for column in range(3):
            self.list.resizeColumnToContents(column)
        self._allow()

    def _chosen(self) -> list[str]:
        items = sorted(self.list.selectedItems(), key=self.list.indexOfTopLevelItem, reverse=True)
        return [str(item.data(0, FOLDER)) for item in items]

    def _allow(self) -> None:
        n = len(self._chosen())
        self.open.setEnabled(n == 1)
        self.forget.setEnabled(n == 1)
        self.compare.setEnabled(n == 2)

    def _one(self, signal: pyqtSignal) -> None:
        signal.emit(self._chosen()[0])

    def _two(self) -> None:
        older, newer = self._chosen()
        self.compare_wanted.emit(older, newer)

"""Step 1, layers: every role with what plays it, its state, and what a missing one leaves open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...layers.profile import CheckProfile, load_profile
from ...layers.role import role, roles
from ...layers.texts import Text
from ..workspace import Workspace
from .check_choice import CheckChoice
from .controls import button, named, words
from .role_states import RoleRow, row_of

REQUIRED = Text("必查图层", "Required layers")
OPTIONAL = Text("选查图层", "Optional layers")
OTHERS = Text("其他图层", "Other layers")
ROLE = Qt.ItemDataRole.UserRole
FILTER = Text("图层配置 (*.toml)", "Layer sets (*.toml)")


class LayersStep(QWidget):
    """The table of roles.

    Signals
    -------
    sample_wanted, choose_wanted, absent_wanted, not_held_wanted, guess_wanted
        What the buttons stand for; those of one role carry its id.
    """

    sample_wanted = pyqtSignal()
    show_wanted = pyqtSignal()
    guess_wanted = pyqtSignal()
    choose_wanted = pyqtSignal(str)
    absent_wanted = pyqtSignal(str)
    not_held_wanted = pyqtSignal(str)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.checked: Mapping[str, Text] = {}
        self.rules_of: Mapping[str, tuple[str, ...]] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        self.title = words("", "layer_set", heavy=True)
        layout.addWidget(self.title)
        layout.addLayout(self._buttons())
        self.check = CheckChoice(workspace)
        layout.addWidget(self.check)
        self.tree = self._tree()
        layout.addWidget(self.tree, 1)
        self.about = words("", "role_about")
        layout.addWidget(self.about)
        layout.addLayout(self._role_buttons())
        workspace.layers_changed.connect(self.refresh)
        workspace.day_changed.connect(self.refresh)
        self.refresh()

    def _buttons(self) -> QGridLayout:
        grid = QGridLayout()
        open_ = Text("打开图层配置…", "Open layer set…")
        save = Text("另存为…", "Save as…")
        sample = Text("用虚构示范区试一试", "Try with the invented district")
        guess = Text("识别工程中的图层…", "Recognise layers…")
        tip = Text("生成虚构数据并加载，无真实边界", "Makes and loads invented data; no real boundary is in it")
        self.sample_button = button("sample", sample, self.sample_wanted.emit, tip)
        self.open_button = button("open_layer_set", open_, self._open)
        self.save_button = button("save_layer_set", save, self._save)
        self.guess_button = button("guess", guess, self.guess_wanted.emit)
        self.show_button = button("show_layers", Text("在地图上显示", "Show on the map"), self.show_wanted.emit)
        grid.addWidget(self.sample_button, 0, 0, 1, 2)
        grid.addWidget(self.open_button, 1, 0)
        grid.addWidget(self.save_button, 1, 1)
        grid.addWidget(self.guess_button, 2, 0)
        grid.addWidget(self.show_button, 2, 1)
        return grid

    def _tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        named(tree, "roles", Text("图层角色", "Layer roles"))
        tree.setHeaderLabels([str(Text("图层角色", "Role")), str(Text("状态", "State")), str(Text("来源", "Source"))])
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setAlternatingRowColors(True)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(2, 96)
        tree.currentItemChanged.connect(self._show_role)
        tree.itemActivated.connect(lambda item, _column: self._of_role(self.choose_wanted.emit))
        return tree

    def _role_buttons(self) -> QGridLayout:
        grid = QGridLayout()
        self.choose = button(
            "choose_source", Text("选择图层…", "Choose layer…"), lambda: self._of_role(self.choose_wanted.emit)
        )
        self.absent = button(
            "absent", Text("本辖区无此类要素…", "None here…"), lambda: self._of_role(self.absent_wanted.emit)
        )
        self.not_held = button("not_held", Text("未取得", "Not held"), lambda: self._of_role(self.not_held_wanted.emit))
        for column, each in enumerate((self.choose, self.absent, self.not_held)):
            grid.addWidget(each, 0, column)
            each.setEnabled(False)
        return grid

    def current_role(self) -> str:
        """Return the role chosen in the table, or empty text."""
        item = self.tree.currentItem()
        return str(item.data(0, ROLE) or "") if item is not None else ""

    def choose_role(self, role_id: str) -> None:
        """Bring a role into view."""
        for item in self._items():
            if item.data(0, ROLE) == role_id:
                self.tree.setCurrentItem(item)
                self.tree.scrollToItem(item)

    def refresh(self) -> None:
        """Fill the table anew."""
        chosen = self.current_role()
        self.check.refresh()
        layer_set = self.workspace.layer_set
        profile = self._profile()
        title = (
            Text("尚未选择图层配置", "No layer set yet") if layer_set is None else Text(layer_set.name, layer_set.name)
        )
        unsaved = "" if self.workspace.saved else str(Text("（未另存为文件）", " (not saved as a file)"))
        self.title.setText(f"{title}{unsaved}")
        self.save_button.setEnabled(layer_set is not None)
        self.show_button.setEnabled(layer_set is not None)
        self.tree.clear()
        others = [id_ for id_ in roles() if id_ not in {*profile.required, *profile.optional}]
        for heading, ids in ((REQUIRED, profile.required), (OPTIONAL, profile.optional), (OTHERS, others)):
            top = QTreeWidgetItem([f"{heading}（{len(ids)}）"])
            top.setFirstColumnSpanned(True)
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.tree.addTopLevelItem(top)
            top.setFirstColumnSpanned(True)
            rows = [row_of(id_, layer_set, self.checked, self._day()) for id_ in ids]
            for row in sorted(rows, key=lambda one: one.rank):
                top.addChild(_item(row))
            top.setExpanded(heading is not OTHERS)
        if chosen:
            self.choose_role(chosen)

    def _items(self) -> list[QTreeWidgetItem]:
        tops = [self.tree.topLevelItem(i) for i in range(self.tree.topLevelItemCount())]
        return [top.child(i) for top in tops for i in range(top.childCount())]

    def _day(self) -> date:
        return self.workspace.as_of or date.today()

    def _profile(self) -> CheckProfile:
        from ...layers.errors import EcoRedlineError
        from .. import settings

        layer_set = self.workspace.layer_set
        try:
            chosen = self.workspace.profile or settings.read().profile
            return load_profile(chosen or (layer_set.profile if layer_set else None))
        except EcoRedlineError as error:
            self.workspace.failed.emit(error)
            return load_profile(None)

    def _show_role(self, *_: object) -> None:
        role_id = self.current_role()
        for each in (self.choose, self.absent, self.not_held):
            each.setEnabled(bool(role_id))
        if not role_id:
            self.about.setText("")
            return
        row = row_of(role_id, self.workspace.layer_set, self.checked, self._day())
        lines = [f"{role(role_id).name}：{row.state}", *row.details]
        ids = self.rules_of.get(role_id, ())
        if ids and not row.ready:
            shown = "、".join(ids[:8]) + ("…" if len(ids) > 8 else "")
            lines.append(
                str(
                    Text(
                        f"缺此图层，{len(ids)} 条规则无法判定：{shown}",
                        f"Without it {len(ids)} rules stay open: {shown}",
                    )
                )
            )
        self.about.setText("\n".join(lines))

    def _of_role(self, tell: Callable[[str], None]) -> None:
        if role_id := self.current_role():
            tell(role_id)

    def _open(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.open_button.text(), "", str(FILTER))
        if path:
            self.workspace.open_layer_set(path)

    def _save(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, self.save_button.text(), "", str(FILTER))
        if path:
            self.workspace.save_layer_set(Path(path).with_suffix(".toml"))


def _item(row: RoleRow) -> QTreeWidgetItem:
    item = QTreeWidgetItem([str(row.name), f"{row.symbol} {row.state}", row.source])
    item.setData(0, ROLE, row.role)
    for column in range(3):
        item.setToolTip(column, "\n".join([str(row.name), str(row.state), *row.details]))
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{row.name}，{row.state}，{row.source}")
    return item

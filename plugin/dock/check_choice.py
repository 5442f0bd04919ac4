"""Which roles are checked and how open points count: the check profile and strictness, for this project."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QFileDialog, QHBoxLayout, QWidget

from ...layers.errors import EcoRedlineError
from ...layers.profile import FOLDER, load_profile
from ...layers.texts import Text
from ..workspace import Workspace
from .controls import named, words

PROFILE = Text("核查清单", "Check profile")
BY_DEFAULT = Text("按选项和图层配置", "As options and layer set say")
FILE = Text("其他文件…", "Another file…")
FILTER = Text("核查清单 (*.toml)", "Check profiles (*.toml)")
STRICT = Text("严格", "Strict")
STRICT_TIP = Text("任何未决事项都使地块作“未判定”", "Every open point leaves a site undetermined")
ASK = "\0file"


class CheckChoice(QWidget):
    """A list of profiles and a tick; what is chosen goes to the workspace at once."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.profile = QComboBox()
        named(self.profile, "profile", PROFILE)
        self.profile.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.strict = QCheckBox(str(STRICT))
        named(self.strict, "strict", STRICT, STRICT_TIP)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        label = words(str(PROFILE))
        label.setWordWrap(False)
        label.setBuddy(self.profile)
        row.addWidget(label)
        row.addWidget(self.profile, 1)
        row.addWidget(self.strict)
        self.refresh()
        self.profile.activated.connect(self._chosen)
        self.strict.toggled.connect(lambda on: self.workspace.set_check(self.workspace.profile, on))

    def refresh(self) -> None:
        """Show what the workspace holds."""
        self.profile.clear()
        self.profile.addItem(str(BY_DEFAULT), "")
        for path in sorted(FOLDER.glob("*.toml")):
            self.profile.addItem(str(load_profile(path.stem).name), path.stem)
        held = self.workspace.profile
        if self.profile.findData(held) < 0:
            self.profile.addItem(_name(held), held)
        self.profile.addItem(str(FILE), ASK)
        self.profile.setCurrentIndex(self.profile.findData(held))
        self.profile.setToolTip(held)
        self.strict.blockSignals(True)
        self.strict.setChecked(self.workspace.strict)
        self.strict.blockSignals(False)

    def choose_file(self, path: str) -> None:
        """Take a profile of one's own; one that cannot be read is told and not taken."""
        try:
            load_profile(path)
        except EcoRedlineError as error:
            self.workspace.failed.emit(error)
            self.refresh()
            return
        self.workspace.set_check(path, self.workspace.strict)

    def _chosen(self, _index: int) -> None:
        chosen = self.profile.currentData()
        if chosen != ASK:
            self.workspace.set_check(chosen, self.workspace.strict)
            return
        self.refresh()
        path, _ = QFileDialog.getOpenFileName(self, str(PROFILE), "", str(FILTER))
        if path:
            self.choose_file(path)


def _name(path: str) -> str:
    try:
        return str(load_profile(path).name)
    except EcoRedlineError:
        return f"⚠ {path}"

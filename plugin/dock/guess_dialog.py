"""Layers of the QGIS project that look like a role: shown as a guess, taken only where a person ticks it."""

from __future__ import annotations

from qgis.core import QgsVectorLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QComboBox, QDialog, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from ...layers.role import role
from ...layers.role_guess import guess
from ...layers.sources import LayerSource
from ...layers.texts import Text
from ..site_layers import KINDS
from .controls import accept_button, dialog_buttons, named, words
from .role_dialog import place_of, project_layers

TITLE = Text("识别工程中的图层", "Recognise layers of the project")
HOW = Text(
    "以下为按图层名和字段的猜测，请逐条核对；数据时点、精度和性质随后在“选择图层”中填写。",
    "Guessed by name and fields: check each one. Vintage, accuracy and authority are given later for each role.",
)
NONE = Text("没有图层的名称或字段与任何角色相符。", "No layer fits a role by name or fields.")


class GuessDialog(QDialog):
    """A table of layers, each with a tick and a choice of roles."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ecoredline_guess_dialog")
        self.setWindowTitle(str(TITLE))
        self.resize(620, 420)
        layout = QVBoxLayout(self)
        self.table = QTreeWidget()
        named(self.table, "guesses", TITLE)
        self.table.setHeaderLabels([str(Text("图层", "Layer")), str(Text("角色", "Role"))])
        self.table.setRootIsDecorated(False)
        self.table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.rows: list[tuple[QTreeWidgetItem, QComboBox, tuple[str, str | None]]] = []
        for layer in project_layers():
            self._offer(layer)
        layout.addWidget(words(str(HOW if self.rows else NONE)))
        layout.addWidget(self.table, 1)
        self.buttons = dialog_buttons(self, Text("采用所勾选的", "Take those ticked"))
        accept_button(self.buttons).setEnabled(bool(self.rows))
        layout.addWidget(self.buttons)

    def _offer(self, layer: QgsVectorLayer) -> None:
        place, kind = place_of(layer), KINDS.get(layer.geometryType(), "")
        names = (layer.name(), place[1] or "") if place else ()
        found = {one.role: one.score for name in names for one in guess(name, layer.fields().names(), kind)}
        if not found or place is None:
            return
        item = QTreeWidgetItem([layer.name()])
        item.setToolTip(0, layer.source())
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(0, Qt.CheckState.Unchecked)
        self.table.addTopLevelItem(item)
        combo = QComboBox()
        for id_ in sorted(found, key=lambda id_: -found[id_]):
            combo.addItem(str(role(id_).name), id_)
        named(combo, f"guess_{len(self.rows)}", Text(f"{layer.name()} 的角色", f"role of {layer.name()}"))
        self.table.setItemWidget(item, 1, combo)
        self.rows.append((item, combo, place))

    def sources(self) -> list[LayerSource]:
        """Return what was ticked."""
        ticked = [row for row in self.rows if row[0].checkState(0) == Qt.CheckState.Checked]
        return [
            LayerSource(str(combo.currentData()), place[0], place[1], accuracy_assumed=True)
            for _, combo, place in ticked
        ]

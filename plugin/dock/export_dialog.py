"""What to hand out of a run: papers, maps, where to."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...layers.texts import Text
from .. import settings
from ..exporting import Order
from ..file_field import name_controls
from ..runs import home
from .controls import accept_button, dialog_buttons, named

TITLE = Text("导出文书附图", "Export papers and maps")
KINDS = (
    ("docx", Text("Word：初步筛查意见表", "Word: screening paper"), True),
    ("xlsx", Text("Excel：全部发现与数值", "Excel: all findings and figures"), True),
    ("html", Text("HTML：离线网页", "HTML: offline page"), True),
    ("maps", Text("附图 PNG（同时放入 Word）", "Maps as PNG, also placed into Word"), True),
    ("pdf", Text("附图 PDF", "Maps as PDF"), False),
)
SECRECY = Text("按涉密要求隐去受控数据", "Hide controlled data for secrecy")
WHICH = Text("附图（勾选）", "Maps, as ticked")
FEW = 5  # sites for which the whole set is ticked; for more, the overview
OVERVIEW = "overview"


class ExportDialog(QDialog):
    """Ticks and a folder.

    Parameters
    ----------
    can_draw : bool
        Whether the layers are at hand.
    n_sites : int
        How many sites will be written.
    """

    def __init__(self, can_draw: bool, n_sites: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ecoredline_export_dialog")
        self.setWindowTitle(str(TITLE))
        self.setMinimumWidth(480)
        layout, form = QVBoxLayout(self), QFormLayout()
        self.ticks: dict[str, QCheckBox] = {}
        for name, text, on in KINDS:
            tick = QCheckBox(str(text))
            named(tick, f"export_{name}", text)
            possible = can_draw or name not in ("maps", "pdf")
            tick.setEnabled(possible)
            tick.setChecked(on and possible)
            tick.toggled.connect(self._allow)
            layout.addWidget(tick)
            self.ticks[name] = tick
        self.templates = self._template_list(n_sites)
        self.templates.setEnabled(can_draw)
        label = QLabel(str(WHICH))
        label.setBuddy(self.templates)
        layout.addWidget(label)
        layout.addWidget(self.templates)
        self.secrecy = QCheckBox(str(SECRECY))
        named(self.secrecy, "export_secrecy", SECRECY)
        self.secrecy.setChecked(settings.read().secrecy)
        layout.addWidget(self.secrecy)
        self.folder = QgsFileWidget()
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.folder.setFilePath(str(home() / "papers" / f"{datetime.now():%Y%m%d-%H%M%S}"))
        label = Text("输出文件夹", "Folder")
        named(self.folder, "export_folder", label)
        named(self.folder.lineEdit(), "export_folder_line", label)
        name_controls(self.folder, label)
        self.folder.fileChanged.connect(self._allow)
        form.addRow(str(label), self.folder)
        layout.addLayout(form)
        self.buttons = dialog_buttons(self, Text("导出", "Export"))
        layout.addWidget(self.buttons)

    def _template_list(self, n_sites: int) -> QListWidget:
        from ...processing.maps.catalogue import templates

        offered = QListWidget()
        named(offered, "export_templates", WHICH)
        for id_, template in templates().items():
            item = QListWidgetItem(str(template.title))
            item.setData(Qt.ItemDataRole.UserRole, id_)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            ticked = n_sites <= FEW or id_ == OVERVIEW
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            offered.addItem(item)
        offered.setMinimumHeight(offered.sizeHintForRow(0) * offered.count() + 2 * offered.frameWidth())
        offered.itemChanged.connect(self._allow)
        return offered

    def _chosen(self) -> tuple[str, ...]:
        items = [self.templates.item(row) for row in range(self.templates.count())]
        return tuple(
            item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() == Qt.CheckState.Checked
        )

    def _allow(self, *_: object) -> None:
        drawn = bool(self._chosen())
        some = any(tick.isChecked() and (drawn or name not in ("maps", "pdf")) for name, tick in self.ticks.items())
        accept_button(self.buttons).setEnabled(some and bool(self.folder.filePath()))

    def order(self) -> Order:
        """Return what is wanted."""
        formats = tuple(name for name in ("docx", "xlsx", "html") if self.ticks[name].isChecked())
        templates = self._chosen()
        return Order(
            Path(self.folder.filePath()),
            formats,
            self.ticks["maps"].isChecked() and bool(templates),
            self.ticks["pdf"].isChecked() and bool(templates),
            self.secrecy.isChecked(),
            templates,
        )

"""本辖区无此类要素: who confirmed it, on which basis, on which day."""

from __future__ import annotations

from qgis.gui import QgsDateEdit
from qgis.PyQt.QtCore import QDate
from qgis.PyQt.QtWidgets import QDialog, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from ...layers.role import role
from ...layers.sources import Absence
from ...layers.texts import Text
from .controls import accept_button, dialog_buttons, named, words

TITLE = Text("确认本辖区无此类要素", "Confirm that there is none here")
HOW = Text(
    "仅在有据可查时填写；确认自当日起一年内有效，之后按未取得处理。",
    "Only with a basis that can be looked up; a confirmation holds for a year and then counts as not held.",
)


class AbsentDialog(QDialog):
    """Name, basis and day; all are needed."""

    def __init__(self, role_id: str, before: Absence | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.role_id = role_id
        self.setObjectName("ecoredline_absent_dialog")
        self.setWindowTitle(f"{TITLE} · {role(role_id).name}")
        self.setMinimumWidth(440)
        layout, form = QVBoxLayout(self), QFormLayout()
        layout.addWidget(words(str(HOW)))
        self.by, self.basis, self.day = QLineEdit(), QLineEdit(), QgsDateEdit()
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setDate(QDate.currentDate())
        self.day.setMaximumDate(QDate.currentDate())
        for label, field, name in (
            (Text("确认单位或人", "Confirmed by"), self.by, "absent_by"),
            (Text("依据", "Basis"), self.basis, "absent_basis"),
            (Text("日期", "Day"), self.day, "absent_day"),
        ):
            named(field, name, label)
            form.addRow(str(label), field)
        layout.addLayout(form)
        self.buttons = dialog_buttons(self, Text("确认", "Confirm"))
        layout.addWidget(self.buttons)
        if before is not None:
            self.by.setText(before.by)
            self.basis.setText(before.basis)
        self.by.textChanged.connect(self._allow)
        self.basis.textChanged.connect(self._allow)
        self._allow()

    def _allow(self, *_: object) -> None:
        ready = bool(self.by.text().strip()) and bool(self.basis.text().strip())
        accept_button(self.buttons).setEnabled(ready)

    def absence(self) -> Absence:
        """Return what was confirmed, valid for a year."""
        day = self.day.date()
        until = day.addYears(1).toPyDate()
        who, basis = self.by.text().strip(), self.basis.text().strip()
        return Absence(self.role_id, "absent_confirmed", who, basis, day.toPyDate(), until)

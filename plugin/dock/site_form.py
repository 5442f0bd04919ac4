"""The form of a site: what every rule needs first, then what the rules in question ask for, the rest on demand."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QFormLayout, QGroupBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from ...layers.site_columns import SiteColumn, site_columns
from ...layers.texts import Text
from .fields import Field, field_of

FIRST = ("name", "project_id", "nature", "industry", "land_use", "accepted_on", "decided_on")
NEVER = ("site_id", "coordinate_note")
ASKED = Text("规则还需知道", "The rules also need to know")
MORE = Text("更多项目信息", "More about the project")
FIND = Text("查找…", "Find…")
TYPING_MS = 350


class SiteForm(QWidget):
    """Fields of one site.

    Signals
    -------
    changed
        With the id of the site and the columns that were changed: column to text, empty text for nothing given.
    """

    changed = pyqtSignal(str, dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.site_id = ""
        self.fields: dict[str, Field] = {}
        self._labels: dict[str, QLabel] = {}
        self._pending: dict[str, str] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._send)
        columns = {column.name: column for column in site_columns() if column.name not in NEVER}
        self.asked_box, self.more_box = QGroupBox(str(ASKED)), QGroupBox(str(MORE))
        self.more_box.setCheckable(True)
        self.more_box.setFlat(True)
        self.more_box.setChecked(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 6, 0)
        self._first, self._asked, self._more = QFormLayout(), QFormLayout(self.asked_box), QFormLayout()
        for form in (self._first, self._asked, self._more):
            form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
            form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        inner = QWidget()
        self.find = QLineEdit()
        self.find.setPlaceholderText(str(FIND))
        self.find.setAccessibleName(str(FIND))
        self.find.setClearButtonEnabled(True)
        self.find.textChanged.connect(self._filter)
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.find)
        inside.addLayout(self._more)
        QVBoxLayout(self.more_box).addWidget(inner)
        self.more_box.toggled.connect(inner.setVisible)
        inner.setVisible(False)
        layout.addLayout(self._first)
        layout.addWidget(self.asked_box)
        layout.addWidget(self.more_box)
        layout.addStretch(1)
        for name in FIRST:
            self._add(columns.pop(name), self._first)
        for column in columns.values():
            self._add(column, self._more)
        self.asked_box.setVisible(False)

    def _add(self, column: SiteColumn, form: QFormLayout) -> None:
        field = field_of(column)
        field.edited.connect(lambda text, name=column.name: self._edited(name, text))
        label = QLabel(str(column.text))
        label.setBuddy(field.widget)
        label.setWordWrap(True)
        self.fields[column.name] = field
        self._labels[column.name] = label
        form.addRow(label, field.widget)

    def show_site(self, site_id: str, values: Mapping[str, str]) -> None:
        """Fill in what is known of a site; a field that is being typed into is left alone."""
        self._send()
        other, self.site_id = site_id != self.site_id, site_id
        self.setEnabled(bool(site_id))
        for name, field in self.fields.items():
            if other or not field.has_focus():
                field.show(values.get(name, ""))

    def ask(self, columns: Mapping[str, tuple[str, ...]]) -> None:
        """Bring the fields on which open rules hang to the front."""
        wanted = [name for name in columns if name in self.fields and name not in FIRST]
        for name, field in self.fields.items():
            bold = name in columns
            font = self._labels[name].font()
            if font.bold() != bold:
                font.setBold(bold)
                self._labels[name].setFont(font)
            if name in FIRST:
                continue
            target = self._asked if name in wanted else self._more
            if field.has_focus() and target is self._more:
                continue  # it was just answered: it goes when the hand has left it
            if self._home(name) is not target:
                self._move(name, target)
        self.asked_box.setVisible(self._asked.rowCount() > 0)

    def _home(self, name: str) -> QFormLayout:
        return self._asked if self._asked.indexOf(self.fields[name].widget) >= 0 else self._more

    def _move(self, name: str, target: QFormLayout) -> None:
        self._home(name).takeRow(self.fields[name].widget)
        target.addRow(self._labels[name], self.fields[name].widget)
        self._labels[name].show()
        self.fields[name].widget.show()

    def lead_to(self, column: str) -> QWidget | None:
        """Put the cursor into a field and return it."""
        if column not in self.fields:
            return None
        if column not in FIRST and self._home(column) is self._more:
            self.more_box.setChecked(True)
        widget = self.fields[column].focus_widget()
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        return widget

    def _filter(self, text: str) -> None:
        wanted = text.strip().casefold()
        for name, field in self.fields.items():
            if name not in FIRST and self._home(name) is self._more:
                seen = wanted in str(self._labels[name].text()).casefold() or wanted in name
                self._labels[name].setVisible(seen)
                field.widget.setVisible(seen)

    def _edited(self, name: str, text: str) -> None:
        self._pending[name] = text
        self._timer.start(0 if self.fields[name].at_once else TYPING_MS)

    def _send(self) -> None:
        self._timer.stop()
        if self._pending and self.site_id:
            pending, self._pending = self._pending, {}
            self.changed.emit(self.site_id, pending)
        self._pending = {}

"""Fields of the form, one kind per kind of site column; each gives and takes text as the sites hold it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import QDate, QObject, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QToolButton,
    QWidget,
)

from ...layers.project_words import NATURES, date_of, flag_of_word, nature_of
from ...layers.site_columns import SiteColumn
from ...layers.texts import Text
from .controls import named
from .industry_picker import IndustryPicker

if TYPE_CHECKING:
    from qgis.gui import QgsDateEdit

OPEN, YES, NO = Text("未填", "not given"), Text("是", "yes"), Text("否", "no")
NATURE_TEXTS = {
    "新建": Text("新建（迁建）", "new"),
    "改建": Text("改建", "rebuilt"),
    "扩建": Text("扩建", "expanded"),
    "技术改造": Text("技术改造", "upgraded"),
    "现有": Text("现有", "existing"),
    "未批先建": Text("未批先建", "built unapproved"),
    "生态修复": Text("生态修复", "restoration"),
}
DATE_HINT = Text("年-月-日，如 2026-03-01", "year-month-day, such as 2026-03-01")


class Field(QObject):
    """One field.

    Attributes
    ----------
    widget : QWidget
        What stands in the form.
    at_once : bool
        Whether a change holds at once, as of a tick, or after typing has paused.
    """

    edited = pyqtSignal(str)
    at_once = True

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.widget = widget

    def show(self, text: str) -> None:
        """Show a value without telling of it."""

    def focus_widget(self) -> QWidget:
        """Return what takes the cursor."""
        return self.widget

    def has_focus(self) -> bool:
        """Tell whether the field, or a part of it, has the cursor."""
        now = self.widget.window().focusWidget()
        return now is not None and (now is self.widget or self.widget.isAncestorOf(now))


class LineField(Field):
    """A line of text, number or date."""

    at_once = False

    def __init__(self, line: QLineEdit | None = None, hint: str = "") -> None:
        super().__init__(line or QLineEdit())
        self.widget.setPlaceholderText(hint)
        self.widget.textEdited.connect(self.edited)

    def show(self, text: str) -> None:
        """Show a value without telling of it."""
        if self.widget.text() != text:
            self.widget.setText(text)


def show_day(edit: QgsDateEdit, day: date | None) -> None:
    """Show a day, or that none is given."""
    if day is not None:
        edit.setDate(QDate(day.year, day.month, day.day))
    elif not edit.isNull():
        edit.clear()


class DateField(Field):
    """A day, typed or picked from a calendar; nothing is given until it is whole."""

    def __init__(self) -> None:
        from qgis.gui import QgsDateEdit

        edit = QgsDateEdit()
        edit.setAllowNull(True)
        edit.setNullRepresentation(str(OPEN))
        edit.setDisplayFormat("yyyy-MM-dd")
        edit.setToolTip(str(DATE_HINT))
        edit.clear()
        super().__init__(edit)
        self._showing = False
        edit.dateValueChanged.connect(self._tell)

    def _tell(self, day: QDate) -> None:
        if self._showing:
            return
        self.edited.emit("" if self.widget.isNull() or not day.isValid() else day.toString(Qt.DateFormat.ISODate))

    def show(self, text: str) -> None:
        """Show a value without telling of it."""
        self._showing = True  # the widget needs its own signals to show that nothing is given
        show_day(self.widget, date_of(text) if text else None)
        self._showing = False


class FlagField(Field):
    """Yes, no, or not given: three states, none of which is taken for another."""

    def __init__(self) -> None:
        box = QComboBox()
        for text, value in ((OPEN, ""), (YES, "是"), (NO, "否")):
            box.addItem(str(text), value)
        super().__init__(box)
        box.activated.connect(lambda _index: self.edited.emit(str(box.currentData())))

    def show(self, text: str) -> None:
        """Show a value without telling of it."""
        truth = flag_of_word(text) if text else None
        self.widget.setCurrentIndex({None: 0, True: 1, False: 2}[truth])


class NatureField(Field):
    """Several ticks: a project may be rebuilt and expanded at once."""

    def __init__(self) -> None:
        super().__init__(QWidget())
        grid = QGridLayout(self.widget)
        grid.setContentsMargins(0, 0, 0, 0)
        self.ticks: dict[str, QCheckBox] = {}
        for n, word in enumerate(NATURES):
            text = NATURE_TEXTS.get(word, Text(word, word))
            tick = QCheckBox(str(text))
            named(tick, f"nature_{n}", Text(f"建设性质：{word}", f"nature: {text.en}"))
            tick.clicked.connect(self._tell)
            grid.addWidget(tick, n // 3, n % 3)
            self.ticks[word] = tick

    def _tell(self, *_: object) -> None:
        self.edited.emit(";".join(word for word, tick in self.ticks.items() if tick.isChecked()))

    def show(self, text: str) -> None:
        """Show a value without telling of it."""
        given = set((nature_of(text) or "").split(";")) if text else set()
        for word, tick in self.ticks.items():
            tick.setChecked(word in given)

    def focus_widget(self) -> QWidget:
        """Return what takes the cursor."""
        return self.ticks[NATURES[0]]


class IndustryField(Field):
    """Codes of GB/T 4754, found by code or by name."""

    def __init__(self) -> None:
        holder = QWidget()
        super().__init__(holder)
        self.picker = IndustryPicker()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.picker, 1)
        self.list = QToolButton()
        self.list.setText("…")
        named(self.list, "industry_list", Text("行业代码列表", "List of industries"))
        self.list.clicked.connect(self.picker.show_all)
        row.addWidget(self.list)
        self.picker.chosen.connect(self.edited)

    def show(self, text: str) -> None:
        """Show a value without telling of it."""
        self.picker.show_code(text)

    def focus_widget(self) -> QWidget:
        """Return what takes the cursor."""
        return self.picker


def field_of(column: SiteColumn) -> Field:
    """Return the field for a column."""
    kinds = {"flag": FlagField, "date": DateField, "nature": NatureField, "industry": IndustryField}
    hint = str(Text("0-1200 桥梁;1200-3400 隧道", "0-1200 桥梁;1200-3400 隧道")) if column.kind == "segments" else ""
    made = kinds[column.kind]() if column.kind in kinds else LineField(hint=hint)
    named(made.focus_widget() if column.kind == "industry" else made.widget, f"field_{column.name}", column.text)
    return made

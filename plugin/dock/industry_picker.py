"""The industry of a project, found by code or by Chinese name."""

from __future__ import annotations

from qgis.PyQt.QtCore import QStringListModel, Qt, pyqtSignal
from qgis.PyQt.QtGui import QPalette
from qgis.PyQt.QtWidgets import QCompleter, QLineEdit, QWidget

from ...layers.project_words import industry_of
from ...layers.texts import Text

HINT = Text("代码或名称，如 C2614、有机化学原料", "code or Chinese name, such as C2614")
WRONG = Text("不是 GB/T 4754-2017 的代码，按未填处理", "no code of GB/T 4754-2017, taken as not given")


class IndustryPicker(QLineEdit):
    """A line that completes codes and names, and takes any code of the standard, several joined by ";".

    Signals
    -------
    chosen
        With the codes as the engine knows them; empty text where none is given. A text that is no code is told
        beside the line and given on as it stands, so that it reads as not filled in.
    """

    chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from ...processing.rules.plain_words import industries

        self.names = industries()
        self.setPlaceholderText(str(HINT))
        self.setClearButtonEnabled(True)
        completer = QCompleter(self)
        completer.setModel(QStringListModel([f"{code} {name}" for code, name in self.names.items()], completer))
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setMaxVisibleItems(12)
        completer.activated.connect(self._take)
        self.setCompleter(completer)
        self.editingFinished.connect(self._finish)
        self._shown = ""

    def show_code(self, text: str) -> None:
        """Show codes, with the name of one that is known."""
        self._shown = text
        codes = industry_of(text) if text else None
        shown = f"{codes} {self.names[codes]}" if codes in self.names else codes or text
        if self.text() != shown:
            self.setText(shown)
        self._mark(bool(text) and codes is None)

    def show_all(self) -> None:
        """Open the whole list."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.completer().setCompletionPrefix("")
        self.completer().complete()

    def _take(self, line: str) -> None:
        self.setText(line)
        self._finish()

    def _finish(self) -> None:
        text = self.text().strip()
        value = (industry_of(text) or text) if text else ""
        if value != self._shown:
            self._shown = value
            self.chosen.emit(value)
        self._mark(bool(text) and industry_of(text) is None)

    def _mark(self, wrong: bool) -> None:
        palette = QPalette()
        if wrong:
            palette.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.red)
        self.setPalette(palette)
        self.setToolTip(str(WRONG if wrong else HINT))
        self.setAccessibleDescription(str(WRONG if wrong else HINT))

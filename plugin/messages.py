"""The one door through which the plugin speaks: message bar and log, always headline, cause and next step."""

from __future__ import annotations

from functools import partial

from qgis.core import Qgis, QgsApplication
from qgis.gui import QgisInterface, QgsMessageBar
from qgis.PyQt.QtGui import QFontDatabase
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from ..layers.errors import EcoRedlineError
from ..layers.texts import EMPTY, Text

TAG = "EcoRedline"
LASTING = (Qgis.MessageLevel.Warning, Qgis.MessageLevel.Critical)
DETAILS = Text("详情", "Details")


class Messages:
    """Says one thing in the message bar and, in full, in the log.

    Parameters
    ----------
    iface : QgisInterface or None
        Without one (`qgis_process`) only the log is written.
    """

    def __init__(self, iface: QgisInterface | None) -> None:
        self.iface = iface

    def show(
        self,
        headline: Text,
        cause: Text = EMPTY,
        remedy: Text = EMPTY,
        level: Qgis.MessageLevel = Qgis.MessageLevel.Info,
        details: str = "",
    ) -> None:
        """Show a headline with its cause and remedy; warnings and errors stay until closed, with copyable details."""
        parts = [str(part) for part in (headline, cause, remedy) if str(part)]
        QgsApplication.messageLog().logMessage("\n".join([*parts, details] if details else parts), TAG, level)
        if self.iface is None:
            return
        bar, shown = self.iface.messageBar(), " ".join(parts[1:])
        if level not in LASTING:
            bar.pushMessage(parts[0], shown, level, -1)
            return
        item = QgsMessageBar.createMessage(parts[0], shown)
        button = QPushButton(str(DETAILS), item)
        button.setObjectName("ecoredline_details")
        full = "\n".join([*parts, "", details] if details else parts)
        button.clicked.connect(partial(self._show_details, parts[0], full))
        item.layout().addWidget(button)
        bar.pushWidget(item, level, 0)

    def error(self, error: EcoRedlineError) -> None:
        """Show an error of the product."""
        details = getattr(error, "details", "")
        self.show(error.message, error.cause, error.remedy, Qgis.MessageLevel.Critical, details)

    def _show_details(self, headline: str, full: str) -> None:
        window = self.iface.mainWindow() if self.iface is not None else None
        DetailsDialog(headline, full, window).exec()


class DetailsDialog(QDialog):
    """The whole message as text that can be selected, with a button that copies it."""

    def __init__(self, headline: str, full: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{TAG} · {DETAILS}")
        self.resize(640, 360)
        layout = QVBoxLayout(self)
        label = QLabel(headline, self)
        label.setWordWrap(True)
        layout.addWidget(label)
        self.text = QPlainTextEdit(full, self)
        self.text.setReadOnly(True)
        self.text.setAccessibleName(str(DETAILS))
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont))
        layout.addWidget(self.text)
        buttons = QDialogButtonBox(self)
        buttons.addButton(str(Text("关闭", "Close")), QDialogButtonBox.ButtonRole.RejectRole)
        self.copy = buttons.addButton(str(Text("复制", "Copy")), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.clicked.connect(lambda: QgsApplication.clipboard().setText(self.text.toPlainText()))
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

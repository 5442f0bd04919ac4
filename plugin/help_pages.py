"""The help: one page per language beside this file, opened in the browser of the system, without a network."""

from __future__ import annotations

from pathlib import Path

from qgis.core import Qgis
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices, QIcon
from qgis.PyQt.QtWidgets import QAction

from ..layers.texts import Text, language
from .desk import ICON, MENU, Desk

FOLDER = Path(__file__).parent / "help"


def page(anchor: str = "") -> QUrl:
    """Return the page in the language in use, at a heading of it."""
    url = QUrl.fromLocalFile(str(FOLDER / f"{language()}.html"))
    if anchor:
        url.setFragment(anchor)
    return url


def open_page(desk: Desk, anchor: str = "") -> None:
    """Open the help, at a heading of it; where the system has no browser, say where the page lies."""
    url = page(anchor)
    if not QDesktopServices.openUrl(url):
        path = url.toLocalFile()
        desk.messages.show(
            Text("无法打开浏览器", "No browser could be opened"),
            remedy=Text(f"帮助页在：{path}", f"The help page is {path}"),
            level=Qgis.MessageLevel.Warning,
        )


class HelpPart:
    """Menu entries for the help, under the plugin and under Help → Plugins."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.action: QAction | None = None

    def load(self) -> None:
        """Add the entries."""
        self.action = QAction(
            QIcon(str(ICON)), str(Text("红线筛查帮助", "Help on EcoRedline")), self.desk.iface.mainWindow()
        )
        self.action.setObjectName("ecoredline_help")
        self.action.triggered.connect(lambda: open_page(self.desk))
        self.desk.iface.addPluginToMenu(MENU, self.action)
        self.desk.iface.pluginHelpMenu().addAction(self.action)

    def unload(self) -> None:
        """Take the entries out."""
        if self.action is not None:
            self.desk.iface.removePluginMenu(MENU, self.action)
            self.desk.iface.pluginHelpMenu().removeAction(self.action)
            self.action.deleteLater()
            self.action = None

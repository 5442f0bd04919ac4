"""The part of the plugin that is the dock: it builds it when it is first shown, and takes it out again."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from qgis.core import QgsVectorLayer
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from ...layers.texts import Text
from ..desk import ICON, MENU, Desk
from ..help_pages import open_page

if TYPE_CHECKING:
    from .conduct import Conduct

TITLE = Text("红线筛查", "Red line screening")
HEADINGS = ("steps", "steps", "words")  # of the help, by step


class DockPart:
    """Adds a menu entry and a toolbar button that show and hide the dock.

    Attributes
    ----------
    conduct : Conduct or None
        What stands behind the dock; None until it is first shown, so that a start of QGIS costs nothing.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.action: QAction | None = None
        self.dock: QgsDockWidget | None = None
        self.conduct: Conduct | None = None

    def load(self) -> None:
        """Add entry and button."""
        self.action = QAction(QIcon(str(ICON)), str(TITLE), self.desk.iface.mainWindow())
        self.action.setObjectName("ecoredline_dock")
        self.action.setCheckable(True)
        self.action.triggered.connect(self._toggle)
        self.desk.iface.addPluginToMenu(MENU, self.action)
        self.desk.iface.addToolBarIcon(self.action)
        self.desk.dock = self

    def unload(self) -> None:
        """Take out dock, entry and button; running work is stopped first."""
        self.desk.dock = None
        if self.conduct is not None:
            self.conduct.close()
            self.conduct = None
        if self.dock is not None:
            with suppress(RuntimeError):  # QGIS may have deleted it on its way out
                self.desk.iface.removeDockWidget(self.dock)
                self.dock.deleteLater()
            self.dock = None
        if self.action is not None:
            self.desk.iface.removeToolBarIcon(self.action)
            self.desk.iface.removePluginMenu(MENU, self.action)
            self.action.deleteLater()
            self.action = None

    def open(self) -> Conduct:
        """Show the dock and return what stands behind it."""
        if self.conduct is None:
            from .conduct import Conduct

            self.conduct = Conduct(self.desk)
            self.dock = QgsDockWidget(str(TITLE), self.desk.iface.mainWindow())
            self.dock.setObjectName("ecoredline_dock_widget")
            self.dock.setWidget(self.conduct.panel)
            self.conduct.panel.help.clicked.connect(lambda: open_page(self.desk, HEADINGS[self.conduct.panel.step()]))
            self.dock.visibilityChanged.connect(self._seen)
            self.desk.iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
            self.conduct.begin()
        self.dock.setUserVisible(True)
        self.action.setChecked(True)
        return self.conduct

    def screen_selection(self, layer: QgsVectorLayer) -> None:
        """Show the dock with the selected features of a layer as sites."""
        self.open().sites.take_selection(layer)

    def _toggle(self, on: bool) -> None:
        if on:
            self.open()
        elif self.dock is not None:
            self.dock.setUserVisible(False)

    def _seen(self, visible: bool) -> None:
        if self.action is not None:
            self.action.setChecked(visible)

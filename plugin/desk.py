"""What the parts of the plugin share: the window of QGIS, the message door, and the dock once it stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from qgis.core import QgsVectorLayer
from qgis.gui import QgisInterface
from qgis.PyQt.QtWidgets import QMenu

from . import settings
from .messages import Messages

if TYPE_CHECKING:
    from ..layers.sources import LayerSet
    from .dock.part import DockPart

ICON = Path(__file__).parent.parent / "styles" / "icon.svg"
MENU = "EcoRedline 生态红线筛查"


class Part(Protocol):
    """One thing that the plugin adds to QGIS: it comes whole and goes whole."""

    def load(self) -> None:
        """Add everything to the window; called once, in the order of `main.PARTS`."""

    def unload(self) -> None:
        """Take out everything that `load` added; called in reverse order, also where `load` failed half-way."""


class Desk:
    """Handed to every part.

    Parameters
    ----------
    iface : QgisInterface

    Attributes
    ----------
    messages : Messages
        The one door for what is said to the user.
    dock : DockPart or None
        The dock 红线筛查; None before it is loaded and after it is unloaded.
    """

    def __init__(self, iface: QgisInterface) -> None:
        self.iface = iface
        self.messages = Messages(iface)
        self.dock: DockPart | None = None

    def close(self) -> None:
        """Delete the emptied submenu of the plugin, which QGIS takes off the menu and keeps for ever."""
        for menu in self.iface.mainWindow().findChildren(QMenu):
            if menu.title() == MENU and menu.isEmpty():
                menu.deleteLater()

    def layer_set(self) -> LayerSet | Path | None:
        """Return what the dock works with where no file holds it yet, else the file of project or settings."""
        conduct = self.dock.conduct if self.dock is not None else None
        if conduct is not None and not conduct.workspace.saved:
            return conduct.workspace.layer_set
        return settings.layer_set_in_effect()

    def open_dock(self) -> None:
        """Show the dock."""
        if self.dock is not None:
            self.dock.open()

    def screen_selection(self, layer: QgsVectorLayer) -> None:
        """Open the dock with the selected features of a layer as sites, and screen them."""
        if self.dock is not None:
            self.dock.screen_selection(layer)

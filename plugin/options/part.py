"""The part that adds a page to Settings → Options."""

from __future__ import annotations

from qgis.gui import QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QWidget

from ...processing.algorithms.defaults import DEFAULTS
from .. import settings
from ..desk import ICON, Desk

TITLE = "EcoRedline"


class Factory(QgsOptionsWidgetFactory):
    """Makes the page each time the options dialog opens."""

    def __init__(self) -> None:
        super().__init__(TITLE, QIcon(str(ICON)))

    def createWidget(self, parent: QWidget | None) -> QgsOptionsPageWidget:
        """Return a new page; loaded only now, so that the plugin starts light."""
        from .page import OptionsPage

        return OptionsPage(parent)


def prefilled() -> dict[str, object]:
    """Return what the dialogs of Processing start with, by parameter."""
    chosen, layer_set = settings.read(), settings.layer_set_in_effect()
    texts = {"LAYER_SET": str(layer_set or ""), "PROFILE": chosen.profile, "RULE_PACKS": chosen.packs}
    return {**{name: text for name, text in texts.items() if text}, "SECRECY": chosen.secrecy}


class OptionsPart:
    """Registers the factory of the page, and has the dialogs of Processing start with what was chosen there."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.factory: Factory | None = None

    def load(self) -> None:
        """Register the page."""
        self.factory = Factory()
        self.desk.iface.registerOptionsWidgetFactory(self.factory)
        DEFAULTS.come_from(prefilled)

    def unload(self) -> None:
        """Take the page out."""
        DEFAULTS.come_from(None)
        if self.factory is not None:
            self.desk.iface.unregisterOptionsWidgetFactory(self.factory)
            self.factory = None

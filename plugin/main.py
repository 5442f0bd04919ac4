"""The plugin as QGIS sees it: it wires, and takes every wire out again."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsApplication
from qgis.gui import QgisInterface

from ..layers import texts
from ..layers.vendored import close_vendor
from ..processing.algorithms.provider import EcoRedlineProvider
from . import language
from .desk import Desk, Part
from .dock.part import DockPart
from .expressions.part import ExpressionFunctions
from .help_pages import HelpPart
from .layer_action import LayerAction
from .locator.part import LocatorPart
from .options.part import OptionsPart
from .screening_dialog import ScreeningDialog

# loaded in this order, unloaded in reverse
PARTS: tuple[Callable[[Desk], Part], ...] = (
    DockPart,
    ScreeningDialog,
    ExpressionFunctions,
    OptionsPart,
    LayerAction,
    LocatorPart,
    HelpPart,
)


class EcoRedlinePlugin:
    """Adds the provider and, where there is a window, every part.

    Parameters
    ----------
    iface : QgisInterface or None
        None under `qgis_process`, which has no window.
    """

    def __init__(self, iface: QgisInterface | None) -> None:
        self.iface = iface
        self.provider: EcoRedlineProvider | None = None
        self.desk: Desk | None = None
        self.parts: list[Part] = []

    def initProcessing(self) -> None:
        """Choose the language and add the provider; `qgis_process` calls nothing else."""
        texts.use(language.code())
        self.provider = EcoRedlineProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self) -> None:
        """Add everything that the window shows."""
        self.initProcessing()
        self.desk = Desk(self.iface)
        for part in PARTS:
            made = part(self.desk)
            self.parts.append(made)
            made.load()

    def unload(self) -> None:
        """Take out what `initGui` and `initProcessing` added."""
        while self.parts:
            self.parts.pop().unload()
        if self.desk is not None:
            self.desk.close()
            self.desk = None
        close_vendor()
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None

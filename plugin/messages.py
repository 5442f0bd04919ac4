"""The one door through which the plugin speaks: message bar and log, always headline, cause and next step."""

from __future__ import annotations

from qgis.core import Qgis, QgsApplication
from qgis.gui import QgisInterface

from ..layers.errors import EcoRedlineError
from ..layers.texts import EMPTY, Text

TAG = "EcoRedline"
LASTING = (Qgis.MessageLevel.Warning, Qgis.MessageLevel.Critical)


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
    ) -> None:
        """Show a headline with its cause and remedy; warnings and errors stay until they are closed."""
        parts = [str(part) for part in (headline, cause, remedy) if str(part)]
        QgsApplication.messageLog().logMessage("\n".join(parts), TAG, level)
        if self.iface is not None:
            duration = 0 if level in LASTING else -1
            self.iface.messageBar().pushMessage(parts[0], " ".join(parts[1:]), level, duration)

    def error(self, error: EcoRedlineError) -> None:
        """Show an error of the product."""
        self.show(error.message, error.cause, error.remedy, Qgis.MessageLevel.Critical)

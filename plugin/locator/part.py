"""The part that adds the locator filter."""

from __future__ import annotations

from ..desk import Desk
from .filter import PlaceFilter


class LocatorPart:
    """Registers the filter with the locator bar."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.filter: PlaceFilter | None = None

    def load(self) -> None:
        """Register the filter."""
        self.filter = PlaceFilter(self.desk)
        self.desk.iface.registerLocatorFilter(self.filter)

    def unload(self) -> None:
        """Take the filter out; QGIS owns and deletes it."""
        if self.filter is not None:
            self.desk.iface.deregisterLocatorFilter(self.filter)
            self.filter = None

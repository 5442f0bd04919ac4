"""The locator filter: sites of the newest run and control units, looked for in a thread of the locator."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeedback,
    QgsGeometry,
    QgsLocatorContext,
    QgsLocatorFilter,
    QgsLocatorResult,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtGui import QIcon

from ...layers.texts import Text
from .. import runs
from ..desk import ICON, Desk

if TYPE_CHECKING:
    from ...layers.sources import LayerSet
    from .search import Place

NAME = "ecoredline"
PREFIX = "eco"
LEAST = 2  # signs: one alone is found in almost every id
SITES = Text("最近一次筛查的地块", "Sites of the newest run")
SPARE = 1.5
LEAST_DEGREES = 0.002  # about 200 m, so that a point is not zoomed to nothing


class PlaceFilter(QgsLocatorFilter):
    """Finds places by id, name or unit code and zooms to them.

    Parameters
    ----------
    desk : Desk
        Whose map is zoomed.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.run: Path | None = None
        self.layer_set: LayerSet | Path | None = None

    def clone(self) -> QgsLocatorFilter:
        """Return a copy for one search."""
        return PlaceFilter(self.desk)

    def name(self) -> str:
        """Return the id of the filter."""
        return NAME

    def displayName(self) -> str:
        """Return the heading of its results."""
        return str(Text("EcoRedline：地块与管控单元", "EcoRedline: sites and control units"))

    def prefix(self) -> str:
        """Return what is typed to ask this filter alone."""
        return PREFIX

    def priority(self) -> QgsLocatorFilter.Priority:
        """Return how soon it is asked: files are read, so not at once."""
        return QgsLocatorFilter.Priority.Low

    def prepare(self, string: str, context: QgsLocatorContext) -> list[str]:
        """Look up in the main thread where is to be searched; project and settings belong there."""
        kept = runs.kept_runs(QgsProject.instance())
        self.run = Path(kept[-1].folder) if kept else None
        self.layer_set = self.desk.layer_set()
        return []

    def fetchResults(self, string: str, context: QgsLocatorContext, feedback: QgsFeedback) -> None:
        """Search in the background; QGIS cancels it when more is typed."""
        if len(string.strip()) < LEAST:
            return
        from ...layers.role import role
        from .search import find_sites, find_units

        if self.run is not None:
            for place in find_sites(self.run, string, feedback.isCanceled):
                self._found(place, str(SITES), feedback)
        if self.layer_set is not None:
            for place in find_units(self.layer_set, string, feedback.isCanceled):
                self._found(place, str(role(place.kind).name), feedback)

    def _found(self, place: Place, group: str, feedback: QgsFeedback) -> None:
        if feedback.isCanceled():
            return
        result = QgsLocatorResult(self, place.title, [*place.box, place.crs])  # a list crosses threads as plain values
        result.description = place.detail
        result.group = group
        result.icon = QIcon(str(ICON))
        self.resultFetched.emit(result)

    def triggerResult(self, result: QgsLocatorResult) -> None:
        """Zoom to the place and flash it."""
        west, south, east, north, wkt = result.userData
        system = QgsCoordinateReferenceSystem.fromWkt(wkt)
        if not isfinite(west) or not system.isValid():
            return
        canvas = self.desk.iface.mapCanvas()
        degrees, box = QgsCoordinateReferenceSystem("EPSG:4490"), QgsRectangle(west, south, east, north)
        context = QgsProject.instance().transformContext()
        try:
            shown = QgsCoordinateTransform(system, degrees, context).transformBoundingBox(box)
            shown.grow(max(max(shown.width(), shown.height()) * SPARE, LEAST_DEGREES) / 2)
            to_map = QgsCoordinateTransform(degrees, canvas.mapSettings().destinationCrs(), context)
            shown = to_map.transformBoundingBox(shown)
        except QgsCsException:  # nowhere on this map
            return
        canvas.setExtent(shown)
        canvas.refresh()
        canvas.flashGeometries([QgsGeometry.fromRect(box)], system)

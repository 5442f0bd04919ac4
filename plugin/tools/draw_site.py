"""The map tool that draws a site: QGIS's own capture, with snapping, tracing and advanced digitising."""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsPolygon,
    QgsProject,
    QgsVectorLayer,
)
from qgis.gui import QgisInterface, QgsMapMouseEvent, QgsMapToolCapture
from qgis.PyQt.QtCore import Qt, pyqtSignal

from ..site_layers import CRS

MODES = {
    "polygon": QgsMapToolCapture.CaptureMode.CapturePolygon,
    "line": QgsMapToolCapture.CaptureMode.CaptureLine,
    "point": QgsMapToolCapture.CaptureMode.CapturePoint,
}


class DrawSite(QgsMapToolCapture):
    """Draws one polygon, line or point after another.

    Signals
    -------
    drawn
        With a geometry in EPSG:4490.
    refused
        What was drawn has no place on earth, or no area.
    """

    drawn = pyqtSignal(QgsGeometry)
    refused = pyqtSignal()

    def __init__(self, iface: QgisInterface, kind: str) -> None:
        super().__init__(iface.mapCanvas(), iface.cadDockWidget(), MODES[kind])
        self.kind = kind

    def capabilities(self) -> QgsMapToolCapture.Capabilities:
        """Curves are no corners of a plot."""
        return QgsMapToolCapture.Capabilities()

    def supportsTechnique(self, technique: object) -> bool:
        """Straight edges and streams of them."""
        from qgis.core import Qgis

        return technique in (Qgis.CaptureTechnique.StraightSegments, Qgis.CaptureTechnique.Streaming)

    def cadCanvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Take what is finished by this click; the tool itself forgets it. QGIS calls this.

        Its own `geometryCaptured` is private and never reaches Python.
        """
        shape = self._finished(event)
        super().cadCanvasReleaseEvent(event)
        if shape is not None:
            self._take(shape)

    def _finished(self, event: QgsMapMouseEvent) -> QgsGeometry | None:
        """Return what the click ends, in the system of `_crs`, or None while the drawing goes on."""
        if self.kind == "point":
            left = event.button() == Qt.MouseButton.LeftButton
            return QgsGeometry.fromPointXY(event.mapPoint()) if left else None
        if event.button() != Qt.MouseButton.RightButton or self.size() < (3 if self.kind == "polygon" else 2):
            return None
        line = self.captureCurve().curveToLine()
        if self.kind == "line":
            return QgsGeometry(line)
        line.close()
        polygon = QgsPolygon()
        polygon.setExteriorRing(line)
        return QgsGeometry(polygon)

    def _crs(self) -> QgsCoordinateReferenceSystem:
        """Return the system of what was captured: that of the active vector layer, as QGIS does, else of the map."""
        layer = self.layer()
        if self.kind != "point" and isinstance(layer, QgsVectorLayer):
            return layer.crs()
        return self.canvas().mapSettings().destinationCrs()

    def _take(self, shape: QgsGeometry) -> None:
        way = QgsCoordinateTransform(self._crs(), QgsCoordinateReferenceSystem(CRS), QgsProject.instance())
        try:
            shape.transform(way)
        except QgsCsException:
            self.refused.emit()
            return
        flat = shape.get()
        flat.dropZValue()
        flat.dropMValue()
        if shape.isEmpty() or (self.kind == "polygon" and shape.area() == 0):
            self.refused.emit()
            return
        self.drawn.emit(shape)

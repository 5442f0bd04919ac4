"""What a click on a finding draws on the map: the overlap, the shortest line with its figures, the limit's ring."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
)
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem, QgsRubberBand
from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QColor, QFont, QFontMetricsF, QPainter

from .site_layers import CRS

HALO = QColor(255, 255, 255, 230)


@dataclass(frozen=True)
class Shapes:
    """WKB in EPSG:4490, each may be None."""

    overlap: bytes | None = None
    line: bytes | None = None
    ring: bytes | None = None
    site: bytes | None = None


class Marks:
    """The marks of one finding; a new finding takes the place of the one before.

    Parameters
    ----------
    canvas : QgsMapCanvas
    """

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self.canvas = canvas
        self._items: list[QgsMapCanvasItem] = []

    def clear(self) -> None:
        """Take all marks away."""
        for item in self._items:
            self.canvas.scene().removeItem(item)
        self._items.clear()

    def show(self, shapes: Shapes, label: str, colour: str) -> None:
        """Draw the marks, zoom to what matters and flash the overlap or the line."""
        self.clear()
        self._band(shapes.ring, Qgis.GeometryType.Line, colour, 1.5, dashed=True)
        overlap = self._band(shapes.overlap, Qgis.GeometryType.Polygon, colour, 2.0)
        line = self._band(shapes.line, Qgis.GeometryType.Line, colour, 2.5)
        if line is not None and label:
            middle = line.interpolate(line.length() / 2).asPoint() if line.length() > 0 else line.vertexAt(0)
            self._items.append(Label(self.canvas, QgsPointXY(middle.x(), middle.y()), label, colour))
        site = self._band(shapes.site, Qgis.GeometryType.Polygon, colour, 2.0) if not (overlap or line) else None
        target = overlap or line or site
        if target is not None:
            self._zoom([shape for shape in (target, geometry_of(shapes.site)) if shape is not None])
            self.canvas.flashGeometries([target], QgsCoordinateReferenceSystem(CRS), QColor(colour))

    def _band(
        self, wkb: bytes | None, kind: Qgis.GeometryType, colour: str, width: float, dashed: bool = False
    ) -> QgsGeometry | None:
        shape = geometry_of(wkb)
        if shape is None or shape.isEmpty():
            return None
        kind = shape.type() if kind == Qgis.GeometryType.Polygon else kind
        band = band_of(self.canvas, shape, kind, colour, width, 70, dashed)
        self._items.append(band)
        return shape

    def _zoom(self, shapes: list[QgsGeometry]) -> None:
        box = QgsRectangle()
        for shape in shapes:
            box.combineExtentWith(shape.boundingBox())
        if (frame := frame_of(self.canvas, box)) is not None:
            self.canvas.zoomToFeatureExtent(frame)


def band_of(
    canvas: QgsMapCanvas,
    shape: QgsGeometry,
    kind: Qgis.GeometryType,
    colour: str,
    width: float,
    opacity: int,
    dashed: bool,
) -> QgsRubberBand:
    """Return a mark on the map: a shape in EPSG:4490 with a halo, its fill of an opacity from 0 to 255."""
    band = QgsRubberBand(canvas, kind)
    band.setToGeometry(shape, QgsCoordinateReferenceSystem(CRS))
    band.setStrokeColor(QColor(colour))
    band.setSecondaryStrokeColor(HALO)
    fill = QColor(colour)
    fill.setAlpha(opacity)
    band.setFillColor(fill)
    band.setWidth(width)
    if dashed:
        band.setLineStyle(Qt.PenStyle.DashLine)
    return band


def frame_of(canvas: QgsMapCanvas, box: QgsRectangle) -> QgsRectangle | None:
    """Return a box in EPSG:4490 as one of the map's system, with room about it; None where that system has no place."""
    crs = canvas.mapSettings().destinationCrs()
    try:
        frame = QgsCoordinateTransform(
            QgsCoordinateReferenceSystem(CRS), crs, QgsProject.instance()
        ).transformBoundingBox(box)
    except QgsCsException:
        return None
    if frame.width() == 0 and frame.height() == 0:
        frame.grow(0.001 if crs.isGeographic() else 100)
    frame.scale(1.6)
    return frame


def geometry_of(wkb: bytes | None) -> QgsGeometry | None:
    """Return WKB as a geometry, None for nothing."""
    if not wkb:
        return None
    shape = QgsGeometry()
    shape.fromWkb(wkb)
    return shape


class Label(QgsMapCanvasItem):
    """A line of text beside a point in EPSG:4490, legible on any ground; later rows stand below the first."""

    def __init__(self, canvas: QgsMapCanvas, at: QgsPointXY, text: str, colour: str, row: int = 0) -> None:
        super().__init__(canvas)
        self._canvas, self._text, self._colour = canvas, text, QColor(colour)
        self._at, self._row = at, row
        self._font = QFont(canvas.font())
        self._font.setBold(True)
        self.setZValue(1000)
        self.setVisible(True)
        self.updatePosition()

    def updatePosition(self) -> None:
        """Follow the map."""
        crs = self._canvas.mapSettings().destinationCrs()
        try:
            point = QgsCoordinateTransform(QgsCoordinateReferenceSystem(CRS), crs, QgsProject.instance()).transform(
                self._at
            )
        except QgsCsException:
            return
        self.setPos(self.toCanvasCoordinates(point))

    def boundingRect(self) -> QRectF:
        """Return the place that the text takes."""
        size = QFontMetricsF(self._font).boundingRect(self._text)
        height = size.height() + 8
        return QRectF(6, 2 - height + self._row * (height + 2), size.width() + 12, height)

    def paint(self, painter: QPainter, *_: object) -> None:
        """Draw the text on a light ground."""
        box = self.boundingRect()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(HALO)
        painter.setPen(self._colour)
        painter.drawRoundedRect(box, 3, 3)
        painter.setFont(self._font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._text)

"""Where a site would lie in each coordinate system that fits it: rectangles on the map while the dialog asks."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsPointXY,
    QgsRectangle,
)
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QStackedWidget, QWidget

from ..marks import Label, band_of, frame_of, geometry_of
from ..site_layers import CRS

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#7f6000", "#444444", "#e69f00")
MOST = len(COLOURS)
IN_VIEW = 0.02  # a candidate of less than this share is marked, but the map does not widen to the end of the world


class CandidateMarks:
    """The rectangles of one question; they go with it, and the map returns to where it was.

    Parameters
    ----------
    canvas : QgsMapCanvas
    """

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self.canvas = canvas
        self.items: list[QgsMapCanvasItem] = []
        self.shapes: list[QgsGeometry | None] = []
        self._before: QgsRectangle | None = None

    def show(self, candidates: Sequence[tuple[str, float, bytes]]) -> None:
        """Mark word, share and extent (WKB in EPSG:4490) of every candidate, numbered as in the list.

        Those beyond `MOST` stand in the list alone.
        """
        self._remove()
        box = QgsRectangle()
        for n, (word, score, extent) in enumerate(candidates[:MOST]):
            shape = geometry_of(extent)
            self.shapes.append(None if shape is None or shape.isEmpty() else shape)
            if self.shapes[n] is None:
                continue
            self._mark(shape, f"{n + 1}  {word}（{score:.0%}）", COLOURS[n], n)
            if n == 0 or score >= IN_VIEW:
                box.combineExtentWith(shape.boundingBox())
        if self.items:
            self._to_front()
            self._zoom(box)

    def point_out(self, number: int) -> None:
        """Flash a candidate, counted from 0."""
        if 0 <= number < len(self.shapes) and self.shapes[number] is not None:
            self.canvas.flashGeometries(
                [self.shapes[number]], QgsCoordinateReferenceSystem(CRS), QColor(COLOURS[number])
            )

    def clear(self, back: bool) -> None:
        """Take all marks off the map; where nothing was chosen the map goes back to where it was."""
        self._remove()
        if back and self._before is not None:
            self.canvas.setExtent(self._before)
            self.canvas.refresh()
        self._before = None

    def _to_front(self) -> None:
        """Put the map in the place of the welcome page, which a project without layers shows."""
        page: QWidget | None = self.canvas
        while page is not None:
            stack = page.parentWidget()
            if isinstance(stack, QStackedWidget):
                stack.setCurrentWidget(page)
            page = stack

    def _remove(self) -> None:
        for item in self.items:
            self.canvas.scene().removeItem(item)
        self.items.clear()
        self.shapes.clear()

    def _mark(self, shape: QgsGeometry, text: str, colour: str, row: int) -> None:
        band = band_of(self.canvas, shape, Qgis.GeometryType.Polygon, colour, 2, 40, dashed=True)
        corner = shape.boundingBox()
        self.items.append(band)
        at = QgsPointXY(corner.xMaximum(), corner.yMaximum())
        self.items.append(Label(self.canvas, at, text, colour, row))  # systems a few metres apart: texts below another

    def _zoom(self, box: QgsRectangle) -> None:
        if self._before is None:
            self._before = self.canvas.extent()
        frame = frame_of(self.canvas, box)
        if frame is None:
            return
        # The texts stand to the right, and so does the dialog.
        frame.setXMaximum(frame.xMaximum() + 0.8 * frame.width())
        self.canvas.zoomToFeatureExtent(frame)

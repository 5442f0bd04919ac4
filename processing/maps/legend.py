"""The legend of a page: what is seen, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsLayoutExporter,
    QgsLayoutItemLegend,
    QgsLegendRenderer,
    QgsLegendStyle,
    QgsPrintLayout,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QRectF, QSize, QSizeF

from ...layers.texts import Text
from .errors import NoRoomError
from .fonts import with_family
from .sheet import SMALLEST_PT, item

_SIZES = (1.0, 0.93, 0.87, 0.8, 0.73, 0.67, 0.62)  # shares of the sheet's own size
_COLUMNS = (1, 2, 3)
_ROUGH_DPI = 60
_GROWTH_MM = 0.5  # by which a legend may grow between a painting as a picture and the file
_STYLES = (
    QgsLegendStyle.Style.Title,
    QgsLegendStyle.Style.Group,
    QgsLegendStyle.Style.Subgroup,
    QgsLegendStyle.Style.SymbolLabel,
)


def fill_legend(
    layout: QgsPrintLayout, layers: list[QgsVectorLayer], family: str, width: float, heights: Sequence[float]
) -> float:
    """List the layers, first on top, in the largest size at which the legend fits; return its height.

    Parameters
    ----------
    width : float
        Room in millimetres.
    heights : sequence of float
        Rooms in millimetres: the second is tried where the legend does not fit the first at any size.

    Raises
    ------
    NoRoomError
        It does not fit at the smallest readable size.
    """
    legend: QgsLayoutItemLegend = item(layout, "legend")
    legend.setLinkedMap(item(layout, "map"))
    root = legend.model().rootGroup()
    root.clear()
    for layer in layers:
        node = root.addLayer(layer)
        categorized = isinstance(layer.renderer(), QgsCategorizedSymbolRenderer)
        style = QgsLegendStyle.Style.Hidden if categorized else QgsLegendStyle.Style.SymbolLabel
        QgsLegendRenderer.setNodeLegendStyle(node, style)
    legend.setSplitLayer(True)
    _paint(layout, legend, _ROUGH_DPI)  # before its first painting QGIS does not know its size
    largest = legend.style(QgsLegendStyle.Style.SymbolLabel).textFormat().size()
    symbol, wide = legend.symbolHeight(), legend.symbolWidth()
    above = legend.style(QgsLegendStyle.Style.Symbol).margin(QgsLegendStyle.Side.Top)

    def drawn(columns: int, share: float) -> QRectF:
        legend.setSymbolHeight(share * symbol)
        legend.setSymbolWidth(share * wide)
        _set(legend, columns, max(share * largest, SMALLEST_PT), share * above, family)
        return QRectF(legend.rect())

    for height, share, columns in product(heights, _SIZES, _COLUMNS):
        room = QSizeF(width - _GROWTH_MM, height - _GROWTH_MM)
        if _fits(drawn(columns, share), room) and _fits(_as_printed(layout, legend), room):
            return float(legend.rect().height())
    drawn(1, 1.0)
    raise NoRoomError(
        Text("图例放不进图例区", "the legend does not fit its box"),
        remedy=Text("请选用更大的图幅，或在模板中放大图例区。", "Choose a larger sheet, or enlarge its panels."),
    )


def _set(legend: QgsLayoutItemLegend, columns: int, size: float, above: float, family: str) -> None:
    legend.setColumnCount(columns)
    for kind in _STYLES:
        style = legend.style(kind)
        style.setTextFormat(with_family(style.textFormat(), family, size))
        legend.setStyle(kind, style)
    symbol = legend.style(QgsLegendStyle.Style.Symbol)
    symbol.setMargin(QgsLegendStyle.Side.Top, above)
    legend.setStyle(QgsLegendStyle.Style.Symbol, symbol)
    legend.adjustBoxSize()


def _fits(box: QRectF, room: QSizeF) -> bool:
    return box.width() <= room.width() and box.height() <= room.height()


def _as_printed(layout: QgsPrintLayout, legend: QgsLayoutItemLegend) -> QRectF:
    """Return the box that the legend takes at the resolution of the page, which rounds the widths of letters."""
    _paint(layout, legend, layout.renderContext().dpi())
    return QRectF(legend.rect())


def _paint(layout: QgsPrintLayout, legend: QgsLayoutItemLegend, dpi: float) -> None:
    QgsLayoutExporter(layout).renderRegionToImage(legend.sceneBoundingRect(), QSize(), dpi)

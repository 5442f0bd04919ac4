"""The legend of a page: what is seen, and nothing else."""

from __future__ import annotations

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsLayoutExporter,
    QgsLayoutItemLegend,
    QgsLegendRenderer,
    QgsLegendStyle,
    QgsPrintLayout,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize

from ...layers.texts import Text
from .errors import MapError
from .fonts import with_family
from .sheet import item

_SIZES_PT = (7.5, 7.0, 6.5, 6.0, 5.5)
_COLUMNS = (1, 2)
_ROUGH_DPI = 60
_STYLES = (
    QgsLegendStyle.Style.Title,
    QgsLegendStyle.Style.Group,
    QgsLegendStyle.Style.Subgroup,
    QgsLegendStyle.Style.SymbolLabel,
)


def fill_legend(layout: QgsPrintLayout, layers: list[QgsVectorLayer], family: str) -> None:
    """List the layers, first on top, in the largest size at which the legend fits its box.

    Raises
    ------
    MapError
        It does not fit at the smallest readable size.
    """
    legend: QgsLayoutItemLegend = item(layout, "legend")
    width, height = legend.rect().width(), legend.rect().height()
    legend.setLinkedMap(item(layout, "map"))
    root = legend.model().rootGroup()
    root.clear()
    for layer in layers:
        node = root.addLayer(layer)
        categorized = isinstance(layer.renderer(), QgsCategorizedSymbolRenderer)
        style = QgsLegendStyle.Style.Hidden if categorized else QgsLegendStyle.Style.SymbolLabel
        QgsLegendRenderer.setNodeLegendStyle(node, style)
    legend.setSplitLayer(True)
    _paint_once(layout, legend)
    for columns in _COLUMNS:
        for size in _SIZES_PT:
            _set(legend, columns, size, family)
            if legend.rect().width() <= width and legend.rect().height() <= height:
                return
    raise MapError(
        Text("图例放不进图例区", "the legend does not fit its box"),
        remedy=Text("请在模板中放大图例区。", "Enlarge the legend in the template."),
    )


def _set(legend: QgsLayoutItemLegend, columns: int, size: float, family: str) -> None:
    legend.setColumnCount(columns)
    for kind in _STYLES:
        style = legend.style(kind)
        style.setTextFormat(with_family(style.textFormat(), family, size))
        legend.setStyle(kind, style)
    legend.adjustBoxSize()


def _paint_once(layout: QgsPrintLayout, legend: QgsLayoutItemLegend) -> None:
    """Paint the legend in rough: before its first painting QGIS does not know its size."""
    QgsLayoutExporter(layout).renderRegionToImage(legend.sceneBoundingRect(), QSize(), _ROUGH_DPI)

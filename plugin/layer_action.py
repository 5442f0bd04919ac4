"""The part that adds “screen the selected features” to the menu of vector layers."""

from __future__ import annotations

from qgis.core import Qgis, QgsVectorLayer
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from ..layers.texts import Text
from .desk import ICON, Desk

TITLE = Text("筛查所选要素", "Screen the selected features")


class LayerAction:
    """An entry in the menu that a layer shows in the layer tree."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.action: QAction | None = None

    def load(self) -> None:
        """Add the entry to every vector layer, those that come later included."""
        self.action = QAction(QIcon(str(ICON)), str(TITLE), self.desk.iface.mainWindow())
        self.action.setObjectName("ecoredline_screen_selection")
        self.action.triggered.connect(self.screen)
        self.desk.iface.addCustomActionForLayerType(self.action, "", Qgis.LayerType.Vector, True)

    def unload(self) -> None:
        """Take the entry out."""
        if self.action is not None:
            self.desk.iface.removeCustomActionForLayerType(self.action)
            self.action.deleteLater()
            self.action = None

    def screen(self) -> None:
        """Hand the selected features of the layer to the dock, or say what is missing."""
        layer = self.desk.iface.activeLayer()
        if not isinstance(layer, QgsVectorLayer) or not layer.isSpatial():
            self.desk.messages.show(
                Text("没有可筛查的图层", "No layer to screen"),
                remedy=Text(
                    "请在图层列表中选择一个带几何的矢量图层。", "Choose a vector layer with geometry in the layer tree."
                ),
                level=Qgis.MessageLevel.Warning,
            )
            return
        if not layer.selectedFeatureCount():
            self.desk.messages.show(
                Text(f"图层“{layer.name()}”没有选中的要素", f"Nothing is selected in the layer “{layer.name()}”"),
                remedy=Text(
                    "请先用选择工具选中要筛查的地块。", "Select the sites first, with any of the selection tools."
                ),
                level=Qgis.MessageLevel.Warning,
            )
            return
        self.desk.screen_selection(layer)

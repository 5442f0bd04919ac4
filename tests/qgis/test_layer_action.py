"""The entry in the menu of layers hands the selection over, or says what is missing."""

from __future__ import annotations

import pytest


class Tree:
    """What the part asks of the window."""

    def __init__(self):
        from qgis.PyQt.QtWidgets import QMainWindow

        self.window, self.actions, self.layer = QMainWindow(), [], None

    def mainWindow(self):
        return self.window

    def activeLayer(self):
        return self.layer

    def addCustomActionForLayerType(self, action, menu, kind, all_layers):
        from qgis.core import Qgis

        assert kind == Qgis.LayerType.Vector and all_layers
        self.actions.append(action)

    def removeCustomActionForLayerType(self, action):
        self.actions.remove(action)


class Desk:
    def __init__(self):
        self.iface, self.screened, self.said = Tree(), [], []
        self.messages = self
        self.screen_selection = self.screened.append

    def show(self, headline, cause="", remedy="", level=None):
        assert str(remedy)
        self.said.append(str(headline))


@pytest.fixture
def part(qgis):
    from ecoredline.plugin.layer_action import LayerAction

    made = LayerAction(Desk())
    made.load()
    yield made
    made.unload()
    assert made.desk.iface.actions == []


def layer_with(selected, kind="Polygon"):
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    layer = QgsVectorLayer(f"{kind}?crs=EPSG:4490" if kind else "NoGeometry", "一批地块", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromWkt("POLYGON((106 29, 106.1 29, 106.1 29.1, 106 29))"))
    layer.dataProvider().addFeature(feature)
    if selected:
        layer.selectAll()
    return layer


def test_selection_is_handed_over(part):
    part.desk.iface.layer = layer_with(selected=True)
    part.action.trigger()
    assert part.desk.screened == [part.desk.iface.layer] and part.desk.said == []
    part.desk.screened.clear()
    part.desk.iface.layer = None


@pytest.mark.parametrize("case", ["no layer", "no selection", "no geometry"])
def test_what_is_missing_is_said(part, case):
    layers = {"no selection": lambda: layer_with(False), "no geometry": lambda: layer_with(True, "")}
    part.desk.iface.layer = layers[case]() if case in layers else None
    part.action.trigger()
    assert part.desk.screened == [] and len(part.desk.said) == 1
    part.desk.iface.layer = None

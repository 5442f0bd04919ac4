"""Groups of the layer tree that the plugin adds; nothing else in the tree is touched."""

from __future__ import annotations

from qgis.core import QgsLayerTreeGroup, QgsProject, QgsVectorLayer
from qgis.gui import QgisInterface

from ..layers.role import role
from ..layers.sources import LayerSet, LayerSource
from ..processing.algorithms.styling import STYLES
from .site_layers import KINDS

SET_PROPERTY = "ecoredline/layer_set"
BOTTOM_FIRST = ("basin", "district", "land_use", "control_unit", "element_zone", "river_mgmt_range")
SHOWN = ("district", "red_line", "control_unit", "bank_line", "water_source", "protected_area", "permanent_farmland")


def show_layer_set(iface: QgisInterface, layer_set: LayerSet) -> list[str]:
    """Add the layers of a layer set as one group below all others; return the names of those that cannot be opened.

    A group of the same layer set that stands there already is left as the user has it.
    """
    project = QgsProject.instance()
    root = project.layerTreeRoot()
    key = str(layer_set.path or layer_set.name)
    if any(group.customProperty(SET_PROPERTY) == key for group in root.findGroups()):
        return []
    group = QgsLayerTreeGroup(layer_set.name)
    group.setCustomProperty(SET_PROPERTY, key)
    missing = []
    for source in sorted(layer_set.sources, key=_depth, reverse=True):
        layer = _layer(source)
        if not layer.isValid():
            missing.append(role(source.role).name.zh)
            continue
        project.addMapLayer(layer, False)
        group.addLayer(layer).setItemVisibilityChecked(source.role in SHOWN)
        group.children()[-1].setExpanded(False)
    root.addChildNode(group)
    _zoom(iface, group)
    return missing


def _depth(source: LayerSource) -> int:
    return BOTTOM_FIRST.index(source.role) if source.role in BOTTOM_FIRST else len(BOTTOM_FIRST)


def _layer(source: LayerSource) -> QgsVectorLayer:
    uri = f"{source.source}|layername={source.layer}" if source.layer else source.source
    layer = QgsVectorLayer(uri, role(source.role).name.zh, "ogr")
    if layer.isValid():
        kind = KINDS.get(layer.geometryType(), "polygon")
        own = STYLES / (f"{source.role}.qml" if kind == role(source.role).geometry[0] else f"{source.role}_{kind}.qml")
        layer.loadNamedStyle(str(own if own.exists() else STYLES / f"other_{kind}.qml"))
        layer.setReadOnly(True)
        if source.where:
            layer.setSubsetString(source.where)
    return layer


def _zoom(iface: QgisInterface, group: QgsLayerTreeGroup) -> None:
    """Show the district where it is there, else everything, unless the user has other layers already."""
    project = QgsProject.instance()
    own = {layer.layerId() for layer in group.findLayers()}
    others = [layer for id_, layer in project.mapLayers().items() if id_ not in own and layer.featureCount() > 0]
    if others or not own:
        return
    layers = [node.layer() for node in group.findLayers()]
    district = [layer for layer in layers if layer.name() == role("district").name.zh]
    iface.setActiveLayer((district or layers)[0])
    iface.zoomToActiveLayer()

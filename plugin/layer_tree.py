"""Groups of the layer tree that the plugin adds; nothing else in the tree is touched."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsLayerTreeGroup, QgsProject, QgsVectorLayer
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import QTimer

from ..layers.role import role
from ..layers.sources import LayerSet, LayerSource
from ..layers.texts import Text
from ..processing.algorithms.styling import STYLES
from .site_layers import KINDS

SET_PROPERTY = "ecoredline/layer_set"
BOTTOM_FIRST = ("basin", "district", "land_use", "control_unit", "element_zone", "river_mgmt_range")
VIEW_KEPT_MS = 200  # QGIS sets the view up with the next turn of its event loop
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


def keep_view(iface: QgisInterface) -> None:
    """Keep QGIS from zooming to, and taking the CRS of, the first layer of a project, which is about to be added."""
    bridge = iface.layerTreeCanvasBridge()
    if bridge.autoSetupOnFirstLayer():
        bridge.setAutoSetupOnFirstLayer(False)
        QTimer.singleShot(VIEW_KEPT_MS, lambda: bridge.setAutoSetupOnFirstLayer(True))


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


RESULTS = {
    "sites_point": ("sites_point", Text("项目地块（点）", "Sites (points)")),
    "sites_line": ("sites_line", Text("项目地块（线）", "Sites (lines)")),
    "sites_polygon": ("sites", Text("项目地块", "Sites")),
    "distance": ("distance", Text("最短距离", "Shortest distances")),
    "overlap_polygon": ("sites", Text("重叠部分", "Overlaps")),
    "overlap_line": ("sites_line", Text("穿越部分", "Crossings")),
    "limit_ring": ("limit_ring", Text("规定距离线", "Limits")),
    "bank_rings": ("bank_rings", Text("岸线环", "Bank rings")),
}


def show_frames(title: str, frames: dict[str, Any]) -> None:
    """Add frames of a result as one group at the top of the tree, in the styles of the product.

    Parameters
    ----------
    frames : mapping
        Name of `RESULTS`, with words after a colon where there are several, to a GeoDataFrame in EPSG:4490.
        Of several, the first is shown and the others wait to be ticked.
    """
    from ..processing.maps.memory import to_layer

    project = QgsProject.instance()
    group, seen = QgsLayerTreeGroup(title), set()
    for key, frame in sorted(frames.items(), key=lambda item: list(RESULTS).index(item[0].partition(":")[0])):
        name, _, more = key.partition(":")
        style, words = RESULTS[name]
        kind = {0: "point", 1: "line", 2: "polygon"}[_dimension(frame)]
        layer = to_layer(frame, kind, f"{words} {more}".strip())
        layer.loadNamedStyle(str(STYLES / f"{style}.qml"))
        layer.setCustomProperty("skipMemoryLayersCheck", 1)
        if name.startswith("overlap"):  # named by the site that lies on it
            layer.setLabelsEnabled(False)
        project.addMapLayer(layer, False)
        node = group.addLayer(layer)
        node.setExpanded(False)
        node.setItemVisibilityChecked(name not in seen or not more)
        seen.add(name)
    project.layerTreeRoot().insertChildNode(0, group)


def _dimension(frame: Any) -> int:
    kind = str(frame.geometry.iloc[0].geom_type)
    return 0 if "Point" in kind else 1 if "Line" in kind else 2

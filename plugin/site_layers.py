"""The sites under examination: layers in memory for polygons, lines and points, that staff may edit freely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsField,
    QgsFillSymbol,
    QgsGeometry,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsProject,
    QgsSingleSymbolRenderer,
    QgsSymbol,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QMetaType, QObject, QTimer, pyqtSignal

from ..layers.site_columns import site_columns
from ..layers.texts import Text
from ..processing.algorithms.site_values import SiteValues, plain_value, wkb_of

PROPERTY = "ecoredline/sites"
CRS = "EPSG:4490"
TITLES = {
    "polygon": ("MultiPolygon", Text("项目地块（面）", "Project sites (polygons)")),
    "line": ("MultiLineString", Text("项目地块（线）", "Project sites (lines)")),
    "point": ("Point", Text("项目地块（点）", "Project sites (points)")),
}
KINDS = {Qgis.GeometryType.Polygon: "polygon", Qgis.GeometryType.Line: "line", Qgis.GeometryType.Point: "point"}


class SiteLayers(QObject):
    """Sites by id, wherever they lie.

    Signals
    -------
    changed
        Sites were added, removed, moved, or their attributes changed.
    """

    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.names = tuple(column.name for column in site_columns())
        self._layers: dict[str, QgsVectorLayer] = {}
        QgsProject.instance().layerWillBeRemoved.connect(self._forget)
        QgsProject.instance().layersAdded.connect(self._found)

    def close(self) -> None:
        """Let go of the layers; they stay in the project."""
        QgsProject.instance().layerWillBeRemoved.disconnect(self._forget)
        QgsProject.instance().layersAdded.disconnect(self._found)
        self._layers.clear()

    def layer(self, kind: str) -> QgsVectorLayer:
        """Return the layer of a kind of geometry, made and put into the project where there is none."""
        if kind not in self._layers:
            word, title = TITLES[kind]
            layer = QgsVectorLayer(f"{word}?crs={CRS}", str(title), "memory")
            layer.dataProvider().addAttributes([QgsField(name, QMetaType.Type.QString) for name in self.names])
            layer.updateFields()
            layer.setCustomProperty(PROPERTY, kind)
            layer.setCustomProperty("skipMemoryLayersCheck", 1)
            layer.setCrs(QgsCoordinateReferenceSystem(CRS))
            layer.setRenderer(QgsSingleSymbolRenderer(_symbol(kind)))
            QgsProject.instance().addMapLayer(layer, False)
            QgsProject.instance().layerTreeRoot().insertLayer(0, layer)
        return self._layers[kind]

    def layers(self) -> tuple[QgsVectorLayer, ...]:
        """Return the layers that there are."""
        return tuple(self._layers.values())

    def features(self) -> Iterator[tuple[QgsVectorLayer, QgsFeature]]:
        """Yield every site with its layer, open edits included."""
        for layer in self._layers.values():
            for feature in layer.getFeatures():
                if feature.hasGeometry():
                    yield layer, feature

    def ids(self) -> list[str]:
        """Return the ids of all sites, in the order in which they were added."""
        return [str(feature["site_id"]) for _, feature in self.features() if plain_value(feature["site_id"])]

    def find(self, site_id: str) -> tuple[QgsVectorLayer, QgsFeature] | None:
        """Return a site with its layer."""
        return next(((layer, f) for layer, f in self.features() if str(f["site_id"]) == site_id), None)

    def attributes(self, site_id: str) -> dict[str, str]:
        """Return what is filled in for a site."""
        found = self.find(site_id)
        if found is None:
            return {}
        values = {name: plain_value(found[1][name]) for name in self.names if found[1].fieldNameIndex(name) >= 0}
        return {name: str(value) for name, value in values.items() if value not in (None, "")}

    def add(self, geometry: QgsGeometry, given: Mapping[str, object]) -> str:
        """Add a site, in EPSG:4490, and return its id; `changed` is left to the caller, once for many."""
        kind = KINDS[geometry.type()]
        layer = self.layer(kind)
        feature = QgsFeature(layer.fields())
        site_id = self._free_id(str(given.get("site_id") or ""))
        for name in self.names:
            value = given.get(name)
            if value not in (None, ""):
                feature[name] = {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)
        feature["site_id"] = site_id
        if layer.wkbType() in (Qgis.WkbType.MultiPolygon, Qgis.WkbType.MultiLineString):
            geometry.convertToMultiType()
        feature.setGeometry(geometry)
        if layer.isEditable():
            layer.addFeature(feature)
        else:
            layer.dataProvider().addFeatures([feature])
            layer.updateExtents()
        layer.triggerRepaint()
        return site_id

    def remove(self, site_id: str) -> None:
        """Take a site out."""
        found = self.find(site_id)
        if found is not None:
            layer, feature = found
            if layer.isEditable():
                layer.deleteFeature(feature.id())
            else:
                layer.dataProvider().deleteFeatures([feature.id()])
                layer.triggerRepaint()
                self.changed.emit()

    def write(self, site_id: str, values: Mapping[str, str]) -> None:
        """Change attributes of a site; empty text takes a value away."""
        found = self.find(site_id)
        if found is None:
            return
        layer, feature = found
        indices = {layer.fields().indexOf(name): value or None for name, value in values.items()}
        if layer.isEditable():
            for index, value in indices.items():
                layer.changeAttributeValue(feature.id(), index, value)
        else:
            layer.dataProvider().changeAttributeValues({feature.id(): indices})
            layer.triggerRepaint()
            self.changed.emit()

    def reshape(self, site_id: str, geometry: QgsGeometry) -> None:
        """Give a site another geometry of the same kind, in EPSG:4490."""
        found = self.find(site_id)
        if found is not None:
            layer, feature = found
            if layer.isEditable():
                layer.changeGeometry(feature.id(), geometry)
            else:
                layer.dataProvider().changeGeometryValues({feature.id(): geometry})
                layer.triggerRepaint()
                self.changed.emit()

    def values(self) -> SiteValues:
        """Return all sites as plain values, open edits included."""
        rows = []
        for _, feature in self.features():
            at = [feature.fieldNameIndex(name) for name in self.names]
            rows.append((wkb_of(feature), tuple(plain_value(feature[i]) if i >= 0 else None for i in at)))
        return SiteValues(self.names, tuple(rows), CRS)

    def _free_id(self, wanted: str) -> str:
        taken = set(self.ids())
        if wanted and wanted not in taken:
            return wanted
        stem = f"{wanted}-" if wanted else "D-"
        number = 2 if wanted else 1
        while (free := f"{stem}{number}" if wanted else f"{stem}{number:02d}") in taken:
            number += 1
        return free

    def _found(self, layers: list) -> None:
        """Take up layers of sites that come into the project: our own, or those of a project that was opened."""
        for layer in layers:
            kind = layer.customProperty(PROPERTY)
            if isinstance(layer, QgsVectorLayer) and kind in TITLES and kind not in self._layers:
                self._layers[kind] = layer
                layer.geometryChanged.connect(self._touched)
                layer.attributeValueChanged.connect(self._touched)
                layer.featureDeleted.connect(self._touched)
                layer.featureAdded.connect(partial(self._added, layer))
                layer.editingStopped.connect(self._touched)
                self.changed.emit()

    def _forget(self, layer_id: str) -> None:
        for kind, layer in list(self._layers.items()):
            if layer.id() == layer_id:
                del self._layers[kind]
                QTimer.singleShot(0, self.changed.emit)

    def _touched(self, *_: object) -> None:
        self.changed.emit()

    def _added(self, layer: QgsVectorLayer, fid: int) -> None:
        """Give an id to a site that was added by the tools of QGIS, once its command is over."""
        QTimer.singleShot(0, partial(self._number, layer, fid))

    def _number(self, layer: QgsVectorLayer, fid: int) -> None:
        with suppress(RuntimeError):  # the layer may be gone by now
            feature = layer.getFeature(fid)
            if layer.isEditable() and feature.isValid() and not plain_value(feature["site_id"]):
                layer.changeAttributeValue(fid, layer.fields().indexOf("site_id"), self._free_id(""))
            self.changed.emit()


def _symbol(kind: str) -> QgsSymbol:
    """Return a plain symbol: the verdict is told by the banner, and by the layers of a result, not by what is drawn."""
    if kind == "polygon":
        look = {"color": "255,255,255,60", "outline_color": "#111111", "outline_width": "0.7"}
        return QgsFillSymbol.createSimple(look)
    if kind == "line":
        return QgsLineSymbol.createSimple({"line_color": "#111111", "line_width": "1.0"})
    return QgsMarkerSymbol.createSimple({"color": "#ffffff", "outline_color": "#111111", "size": "3.2"})

"""Frames of features as layers in memory."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely
from qgis.core import QgsFeature, QgsField, QgsFields, QgsGeometry, QgsVectorLayer
from qgis.PyQt.QtCore import QMetaType

from .fonts import drawable

_URI = {"point": "MultiPoint", "line": "MultiLineString", "polygon": "MultiPolygon"}


def to_layer(frame: gpd.GeoDataFrame, kind: str, title: str, family: str = "") -> QgsVectorLayer:
    """Return the features as a layer in memory, all columns as text.

    Parameters
    ----------
    frame : GeoDataFrame
        EPSG:4490.
    kind : str
        ``point``, ``line`` or ``polygon``.
    title : str
        Name of the layer.
    family : str
        The font of its labels: what it lacks is replaced.
    """
    columns = [str(column) for column in frame.columns if column != frame.geometry.name]
    layer = QgsVectorLayer(f"{_URI[kind]}?crs=EPSG:4490", title, "memory")
    layer.dataProvider().addAttributes([QgsField(column, QMetaType.Type.QString) for column in columns])
    layer.updateFields()
    layer.dataProvider().addFeatures(_features(frame, columns, layer.fields(), family))
    layer.updateExtents()
    return layer


def fill(layer: QgsVectorLayer, frame: gpd.GeoDataFrame, family: str) -> None:
    """Put other features in place of those of a layer in memory."""
    columns = [field.name() for field in layer.fields()]
    layer.dataProvider().truncate()
    layer.dataProvider().addFeatures(_features(frame, columns, layer.fields(), family))
    layer.updateExtents()


def _features(frame: gpd.GeoDataFrame, columns: list[str], fields: QgsFields, family: str) -> list[QgsFeature]:
    def words(value: object) -> str | None:
        if pd.isna(value):
            return None
        return drawable(str(value), family) if family else str(value)

    values = [[words(value) for value in frame[column]] for column in columns]
    features = []
    for number, wkb in enumerate(shapely.to_wkb(frame.geometry.to_numpy())):
        feature = QgsFeature(fields)
        geometry = QgsGeometry()
        geometry.fromWkb(wkb)
        geometry.convertToMultiType()
        feature.setGeometry(geometry)
        feature.setAttributes([column[number] for column in values])
        features.append(feature)
    return features

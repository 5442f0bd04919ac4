"""Frames of features as layers in memory."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely
from qgis.core import QgsFeature, QgsField, QgsFields, QgsGeometry, QgsVectorLayer
from qgis.PyQt.QtCore import QMetaType

_URI = {"point": "MultiPoint", "line": "MultiLineString", "polygon": "MultiPolygon"}


def to_layer(frame: gpd.GeoDataFrame, kind: str, title: str) -> QgsVectorLayer:
    """Return the features as a layer in memory, all columns as text.

    Parameters
    ----------
    frame : GeoDataFrame
        EPSG:4490.
    kind : str
        ``point``, ``line`` or ``polygon``.
    title : str
        Name of the layer.
    """
    columns = [str(column) for column in frame.columns if column != frame.geometry.name]
    layer = QgsVectorLayer(f"{_URI[kind]}?crs=EPSG:4490", title, "memory")
    layer.dataProvider().addAttributes([QgsField(column, QMetaType.Type.QString) for column in columns])
    layer.updateFields()
    layer.dataProvider().addFeatures(_features(frame, columns, layer.fields()))
    layer.updateExtents()
    return layer


def _features(frame: gpd.GeoDataFrame, columns: list[str], fields: QgsFields) -> list[QgsFeature]:
    values = [[None if pd.isna(value) else str(value) for value in frame[column]] for column in columns]
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

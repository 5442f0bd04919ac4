"""The one adapter between QGIS features and frames.

Geometry crosses as WKB, 2,000 features at a time, so that a cancel is heard and no second copy of a whole layer
stands in memory. A layer that is a plain file without open edits is read by its path.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsFeatureSource,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProviderRegistry,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QMetaType

from ...layers.errors import SourceError
from ...layers.progress import Progress
from ...layers.texts import Text
from .site_values import plain_value, wkb_of

CHUNK = 2000
TYPES = {
    "b": QMetaType.Type.Bool,
    "i": QMetaType.Type.LongLong,
    "u": QMetaType.Type.LongLong,
    "f": QMetaType.Type.Double,
}


def read(
    algorithm: QgsProcessingAlgorithm,
    parameters: dict[str, Any],
    name: str,
    context: QgsProcessingContext,
    progress: Progress,
) -> geopandas.GeoDataFrame | pd.DataFrame:
    """Return a source parameter as a frame; one without geometry as a plain table.

    Returns
    -------
    GeoDataFrame or DataFrame
        All columns of the source; the CRS is that of the layer in QGIS, None where it has none; 2-D or 3-D geometry.

    Raises
    ------
    QgsProcessingException
        The source cannot be opened.
    """
    place = _place(algorithm, parameters, name, context)
    if place is not None:
        path, sublayer = place
        return geopandas.read_file(path, layer=sublayer, engine="pyogrio")
    return frame_of(algorithm.parameterAsSource(parameters, name, context), progress)


def path_or_frame(
    algorithm: QgsProcessingAlgorithm,
    parameters: dict[str, Any],
    name: str,
    context: QgsProcessingContext,
    progress: Progress,
) -> str | geopandas.GeoDataFrame | pd.DataFrame:
    """Return ``file|layername=layer`` of a plain file, which the engine reads in chunks; anything else as a frame.

    Raises
    ------
    QgsProcessingException
        The source cannot be opened.
    """
    place = _place(algorithm, parameters, name, context)
    if place is None:
        return frame_of(algorithm.parameterAsSource(parameters, name, context), progress)
    path, sublayer = place
    return f"{path}|layername={sublayer}" if sublayer else path


def _place(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> tuple[str, str | None] | None:
    """Return path and layer of a source that is a plain file, all of it wanted, else None."""
    if algorithm.parameterAsSource(parameters, name, context) is None:
        raise QgsProcessingException(algorithm.invalidSourceError(parameters, name))
    layer = algorithm.parameterAsVectorLayer(parameters, name, context)
    return None if _restricted(parameters.get(name)) else plain_file(layer)


def _restricted(value: Any) -> bool:
    """Return whether only some features of the source are meant."""
    return isinstance(value, QgsProcessingFeatureSourceDefinition) and bool(
        value.selectedFeaturesOnly or value.featureLimit >= 0 or value.filterExpression
    )


def plain_file(layer: QgsVectorLayer | None) -> tuple[str, str | None] | None:
    """Return path and layer name of a layer that is a file as it stands, else None."""
    if layer is None or layer.providerType() != "ogr" or layer.isEditable() or layer.subsetString():
        return None
    if not layer.crs().isValid() or layer.crs() != layer.dataProvider().crs() or layer.joinBuffer().vectorJoins():
        return None
    if any(layer.fields().fieldOrigin(i) != Qgis.FieldOrigin.Provider for i in range(layer.fields().count())):
        return None
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    path = parts.get("path") or ""
    if not Path(path).is_file() or parts.get("openOptions") or parts.get("geometryType") or parts.get("layerId"):
        return None
    return path, parts.get("layerName") or None


def frame_of(source: QgsFeatureSource, progress: Progress) -> geopandas.GeoDataFrame | pd.DataFrame:
    """Return the features of a source, whatever provider they come from."""
    names = source.fields().names()
    columns: dict[str, list[object]] = {name: [] for name in names}
    geometries: list[np.ndarray] = []
    total = max(source.featureCount(), 1)
    done = 0
    for chunk in _chunks(_features(source)):
        for name, values in zip(names, zip(*(feature.attributes() for feature in chunk), strict=True), strict=True):
            columns[name].extend(plain_value(value) for value in values)
        geometries.append(shapely.from_wkb([wkb_of(feature) for feature in chunk]))
        done += len(chunk)
        progress.step(min(done / total, 1))
    table = pd.DataFrame(columns, columns=names)
    if source.wkbType() == Qgis.WkbType.NoGeometry:
        return table
    geometry = np.concatenate(geometries) if geometries else np.empty(0, dtype=object)
    crs = source.sourceCrs()
    wkt = crs.toWkt(Qgis.CrsWktVariant.Wkt2_2019) if crs.isValid() else None
    return geopandas.GeoDataFrame(
        table, geometry=geometry, crs=crs.authid() if crs.authid().startswith("EPSG") else wkt
    )


def _features(source: QgsFeatureSource) -> Iterator[QgsFeature]:
    """Return the features as they are: the core repairs and reports, QGIS shall not stop at the first invalid one."""
    from qgis.core import QgsFeatureRequest, QgsProcessingFeatureSource

    if isinstance(source, QgsProcessingFeatureSource):
        flag = Qgis.ProcessingFeatureSourceFlag.SkipGeometryValidityChecks
        return iter(source.getFeatures(QgsFeatureRequest(), flag))
    return iter(source.getFeatures())


def _chunks(features: Iterator[QgsFeature]) -> Iterator[list[QgsFeature]]:
    while chunk := list(islice(features, CHUNK)):
        yield chunk


def write(
    algorithm: QgsProcessingAlgorithm,
    parameters: dict[str, Any],
    name: str,
    context: QgsProcessingContext,
    frame: geopandas.GeoDataFrame | pd.DataFrame,
    progress: Progress,
) -> str | None:
    """Write a frame to a sink; a file bears its final name only when it is whole.

    Returns
    -------
    str or None
        The destination, None where the output was skipped.

    Raises
    ------
    SourceError
        A feature was refused, or the file cannot be put in place.
    """
    if parameters.get(name) in (None, ""):
        return None
    final, stage = _stage(parameters[name])
    if final is None or stage is None:
        return _fill(algorithm, parameters, name, context, frame, progress)
    try:
        staged = {**parameters, name: _redirected(parameters[name], stage / final.name)}
        destination = _fill(algorithm, staged, name, context, frame, progress)
        return _publish(destination, stage, final, context)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _stage(value: Any) -> tuple[Path | None, Path | None]:
    """Return the final file and a folder beside it to write in; None for what is no file."""
    text = value.sink.staticValue() if isinstance(value, QgsProcessingOutputLayerDefinition) else value
    text = str(text or "")
    if text == "TEMPORARY_OUTPUT" or text.startswith(("memory:", "ogr:", "postgis:", "postgres:")) or "=" in text:
        return None, None
    final = Path(text)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        return final, Path(tempfile.mkdtemp(prefix=".ecoredline-", dir=final.parent))
    except OSError as error:
        raise _cannot_place(final, error) from error


def _redirected(value: Any, path: Path) -> Any:
    if not isinstance(value, QgsProcessingOutputLayerDefinition):
        return str(path)
    moved = QgsProcessingOutputLayerDefinition(value)
    moved.sink.setStaticValue(str(path))
    return moved


def _fill(
    algorithm: QgsProcessingAlgorithm,
    parameters: dict[str, Any],
    name: str,
    context: QgsProcessingContext,
    frame: geopandas.GeoDataFrame | pd.DataFrame,
    progress: Progress,
) -> str:
    spatial = isinstance(frame, geopandas.GeoDataFrame)
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name)) if spatial else frame
    fields = QgsFields()
    for column in table.columns:
        fields.append(QgsField(str(column), TYPES.get(table[column].dtype.kind, QMetaType.Type.QString)))
    kind = wkb_type(frame.geometry.to_numpy()) if spatial else Qgis.WkbType.NoGeometry
    crs = _crs(frame) if spatial else QgsCoordinateReferenceSystem()
    sink, destination = algorithm.parameterAsSink(parameters, name, context, fields, kind, crs)
    if sink is None:
        raise QgsProcessingException(algorithm.invalidSinkError(parameters, name))
    for start in range(0, len(table), CHUNK):
        progress.step(start / len(table))
        part = slice(start, start + CHUNK)
        wkb = _multi_wkb(frame.geometry.to_numpy()[part], kind) if spatial else None
        if not sink.addFeatures(_rows(fields, table.iloc[part], wkb), QgsFeatureSink.Flag.FastInsert):
            raise SourceError(
                Text(f"{name}：写入失败", f"{name}: the features could not be written"),
                Text(sink.lastError(), sink.lastError()),
                Text("请换一个输出位置或格式（建议 .gpkg）。", "Choose another place or format (.gpkg serves)."),
            )
    sink.flushBuffer()
    del sink
    return str(destination)


def _rows(fields: QgsFields, table: pd.DataFrame, wkb: np.ndarray | None) -> list[QgsFeature]:
    columns = [_values(table[column]) for column in table.columns]
    rows = []
    for index in range(len(table)):
        feature = QgsFeature(fields)
        feature.setAttributes([column[index] for column in columns])
        if wkb is not None and wkb[index] is not None:
            geometry = QgsGeometry()
            geometry.fromWkb(wkb[index])
            feature.setGeometry(geometry)
        rows.append(feature)
    return rows


def _values(column: pd.Series) -> list[object]:
    """Return a column as values of Python, None where there is nothing."""
    missing = column.isna().to_numpy()
    if column.dtype.kind in TYPES:
        return [None if gone else value for value, gone in zip(column.tolist(), missing, strict=True)]
    return [None if gone else str(value) for value, gone in zip(column, missing, strict=True)]


def wkb_type(geometries: np.ndarray) -> Qgis.WkbType:
    """Return the multi type that holds all geometries, or the general one where kinds are mixed."""
    kinds = set(shapely.get_type_id(geometries[~shapely.is_missing(geometries)]))
    for members, kind in (
        ({0, 4}, Qgis.WkbType.MultiPoint),
        ({1, 2, 5}, Qgis.WkbType.MultiLineString),
        ({3, 6}, Qgis.WkbType.MultiPolygon),
    ):
        if kinds and kinds <= members:
            return kind
    return Qgis.WkbType.Unknown


def _multi_wkb(geometries: np.ndarray, kind: Qgis.WkbType) -> np.ndarray:
    makers = {
        Qgis.WkbType.MultiPoint: shapely.MultiPoint,
        Qgis.WkbType.MultiLineString: shapely.MultiLineString,
        Qgis.WkbType.MultiPolygon: shapely.MultiPolygon,
    }
    out = np.array(geometries, dtype=object)
    if kind in makers:
        for index in np.flatnonzero(np.isin(shapely.get_type_id(out), (0, 1, 2, 3))):
            out[index] = makers[kind]([out[index]])
    return np.asarray(shapely.to_wkb(out, output_dimension=2), dtype=object)


def _crs(frame: geopandas.GeoDataFrame) -> QgsCoordinateReferenceSystem:
    if frame.crs is None:
        return QgsCoordinateReferenceSystem()
    code = frame.crs.to_epsg()
    return QgsCoordinateReferenceSystem(f"EPSG:{code}" if code else frame.crs.to_wkt())


def _publish(destination: str, stage: Path, final: Path, context: QgsProcessingContext) -> str:
    """Move what was written to its final name, and tell the context of the new place."""
    written, _, rest = destination.partition("|")
    place = final.with_name(Path(written).name)
    try:
        for file in sorted(stage.iterdir()):
            file.replace(final.with_name(file.name))
    except OSError as error:
        raise _cannot_place(place, error) from error
    published = str(place) + (f"|{rest}" if rest else "")
    waiting = context.layersToLoadOnCompletion()
    if destination in waiting:
        waiting[published] = waiting.pop(destination)
        context.setLayersToLoadOnCompletion(waiting)
    return published


def _cannot_place(path: Path, error: OSError) -> SourceError:
    return SourceError(
        Text(f"无法写入 {path}", f"Cannot write {path}"),
        Text(str(error.strerror), str(error.strerror)),
        Text(
            "请检查文件夹权限，并关闭正在使用该文件的程序。",
            "Check the folder's permissions and close what uses the file.",
        ),
    )

"""Sites as plain values: taken from QGIS in the main thread, made a frame inside a task, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qgis.core import Qgis, QgsCoordinateReferenceSystem, QgsFeature, QgsWkbTypes
from qgis.PyQt.QtCore import QDate, QDateTime, QTime, QVariant

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


@dataclass(frozen=True)
class SiteValues:
    """Features without anything of QGIS in them.

    Attributes
    ----------
    names : tuple of str
        Names of the columns.
    rows : tuple of tuple
        WKB (or None) and the values of each feature.
    crs : str
        Authority code or WKT; empty where the layer has none.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[bytes | None, tuple[object, ...]], ...]
    crs: str


def take(features: Iterable[QgsFeature], names: Sequence[str], crs: QgsCoordinateReferenceSystem) -> SiteValues:
    """Return features as plain values, arcs as chords and without measures."""
    rows = tuple((wkb_of(feature), tuple(map(plain_value, feature.attributes()))) for feature in features)
    return SiteValues(tuple(names), rows, crs_word(crs))


def crs_word(crs: QgsCoordinateReferenceSystem) -> str:
    """Return a coordinate system as the core reads it."""
    if not crs.isValid():
        return ""
    return crs.authid() if crs.authid().startswith("EPSG") else crs.toWkt(Qgis.CrsWktVariant.Wkt2_2019)


def wkb_of(feature: QgsFeature) -> bytes | None:
    """Return the geometry as WKB without measures and with arcs as chords."""
    if not feature.hasGeometry():
        return None
    geometry = feature.geometry()
    if QgsWkbTypes.isCurvedType(geometry.wkbType()):
        geometry.convertToStraightSegment()
    if QgsWkbTypes.hasM(geometry.wkbType()):
        geometry.get().dropMValue()
    return bytes(geometry.asWkb())


def plain_value(value: object) -> object:
    """Return a value of QGIS as one of Python."""
    if isinstance(value, QVariant):
        return None if value.isNull() else value.value()
    if isinstance(value, QDate):
        return value.toPyDate() if value.isValid() else None
    if isinstance(value, QDateTime):
        return value.toPyDateTime() if value.isValid() else None
    if isinstance(value, QTime):
        return value.toPyTime() if value.isValid() else None
    return value


def frame_of_values(values: SiteValues) -> gpd.GeoDataFrame:
    """Return plain values as a frame, as `screen` and `normalise` take it."""
    import geopandas as gpd
    import pandas as pd
    import shapely

    columns = list(zip(*(row for _, row in values.rows), strict=True)) or [()] * len(values.names)
    table = pd.DataFrame(
        {name: pd.Series(list(column), dtype=object) for name, column in zip(values.names, columns, strict=True)}
    )
    geometry = shapely.from_wkb([wkb for wkb, _ in values.rows])
    return gpd.GeoDataFrame(table, geometry=geometry, crs=values.crs or None)


def values_of_frame(frame: gpd.GeoDataFrame) -> tuple[tuple[bytes, Mapping[str, Any]], ...]:
    """Return the WKB and the values that are given of each site of a frame in EPSG:4490."""
    import pandas as pd
    import shapely

    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    rows = []
    for wkb, row in zip(shapely.to_wkb(frame.geometry.to_numpy()), frame[names].itertuples(index=False), strict=True):
        given = {
            name: value for name, value in zip(names, row, strict=True) if value is not None and not pd.isna(value)
        }
        rows.append((wkb, given))
    return tuple(rows)


def answers_frame(answers: Iterable[Mapping[str, str]]) -> pd.DataFrame:
    """Return answers as the table that `screen` takes."""
    import pandas as pd

    from ..engine.tables import ANSWERS

    return ANSWERS.frame(pd.DataFrame([dict(one) for one in answers], columns=ANSWERS.names))

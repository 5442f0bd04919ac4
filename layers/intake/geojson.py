"""GeoJSON (RFC 7946), read here up to 64 MB so that what is wrong is named by feature."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ..noticed import Noticed
from ..progress import Progress
from ..texts import Text
from .shapes import LEFT_OUT, Shapes, notice, objects, table, wrong

MOST_BYTES = 64 * 1024**2
_DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_STEP = 2_000
_DEEPEST = 20
_EPSG = re.compile(r"EPSG:+(?:[\d.]*:)?(\d+)$")
_REMEDY = Text("请由生成它的软件重新导出 GeoJSON，或改正该处。", "Export it again as GeoJSON, or correct that place.")


def parse(text: str, where: str, progress: Progress = Progress()) -> Shapes:
    """Return the features of a GeoJSON text.

    Raises
    ------
    SitesError
        It is no JSON (line and column are named), no GeoJSON, or no feature is right.
    """
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        place = Text(
            f"第 {error.lineno} 行第 {error.colno} 列不是正确的 JSON",
            f"line {error.lineno}, column {error.colno}: no proper JSON",
        )
        raise wrong(where, place, _REMEDY, Text(error.msg, error.msg)) from error
    except (RecursionError, ValueError) as error:
        raise wrong(where, Text("JSON 嵌套过深或数字过长", "the JSON is nested too deeply"), _REMEDY) from error
    features = _features(content, where)
    noticed: list[Noticed] = []
    geometry, records = [], []
    for number, feature in enumerate(features, 1):
        if number % _STEP == 0:
            progress.step(number / len(features))
        try:
            shape, record = _feature(feature)
        except (ValueError, TypeError, OverflowError, shapely.errors.ShapelyError) as error:
            text_ = Text(f"第 {number} 个要素有误：{error}", f"feature {number} is wrong: {error}")
            noticed.append(notice(0, LEFT_OUT, text_, number))
            continue
        geometry.append(shape)
        records.append(record)
    if not geometry:
        first = Text(noticed[0].zh, noticed[0].en) if noticed else Text("要素集为空", "the collection is empty")
        raise wrong(where, first, _REMEDY)
    named = _crs(content)
    return Shapes(
        where,
        objects(geometry),
        table(records),
        named or "OGC:CRS84",
        standard=named is None,
        noticed=tuple(noticed),
    )


def _features(content: object, where: str) -> Sequence[object]:
    kind = str(content.get("type")) if isinstance(content, dict) else None
    if isinstance(content, dict):
        if kind == "FeatureCollection" and isinstance(content.get("features"), list):
            return list(content["features"])
        if kind == "Feature":
            return [content]
        if kind in _DEPTHS or kind == "GeometryCollection":
            return [{"type": "Feature", "properties": {}, "geometry": content}]
    said = f"type = {kind}" if isinstance(content, dict) else type(content).__name__
    raise wrong(where, Text(f"不是 GeoJSON：{said}", f"this is no GeoJSON: {said}"), _REMEDY)


def _crs(content: object) -> str | None:
    """Return the coordinate system that a file of the standard before RFC 7946 names."""
    member = content.get("crs") if isinstance(content, dict) else None
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        return None
    found = _EPSG.search(name)
    return f"EPSG:{found[1]}" if found else name


def _feature(feature: object) -> tuple[shapely.Geometry | None, dict[str, object]]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise ValueError("type ≠ Feature")
    properties = feature.get("properties")
    if properties is not None and not isinstance(properties, dict):
        raise ValueError("properties")
    record = {str(key): _value(value) for key, value in (properties or {}).items()}
    if "geometry" not in feature:
        raise ValueError("geometry")
    return _geometry(feature["geometry"]), record


def _value(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _geometry(geometry: object, depth: int = 0) -> shapely.Geometry | None:
    if geometry is None:
        return None
    kind = str(geometry.get("type")) if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or depth > _DEEPEST:
        raise ValueError("geometry")
    if kind == "GeometryCollection":
        members = geometry.get("geometries")
        if not isinstance(members, list):
            raise ValueError("geometries")
        parts = [_geometry(member, depth + 1) for member in members]
        return shapely.geometrycollections([part for part in parts if part is not None])
    if kind not in _DEPTHS:
        raise ValueError(f"geometry type = {kind!r}")
    nested = _numbers(geometry.get("coordinates"), _DEPTHS[kind])
    if not nested:
        return None
    return _MAKERS[kind](nested)


def _numbers(value: object, depth: int) -> list:  # type: ignore[type-arg]
    """Return nested positions of two numbers each, or fail naming what is none."""
    if not isinstance(value, list):
        raise ValueError(f"coordinates: {str(value)[:40]}")
    if depth:
        return [_numbers(part, depth - 1) for part in value]
    if not value:
        return []
    if len(value) < 2 or not all(isinstance(v, int | float) and not isinstance(v, bool) for v in value[:2]):
        raise ValueError(f"coordinates: {str(value)[:40]}")
    x, y = float(value[0]), float(value[1])
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(f"coordinates: {str(value)[:40]}")
    return [x, y]


def _ring(ring: list[list[float]]) -> NDArray[np.float64]:
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise ValueError("LinearRing")
    return np.array(ring)


def _polygon(rings: list[list[list[float]]]) -> shapely.Geometry:
    made = [_ring(ring) for ring in rings]
    return shapely.Polygon(made[0], made[1:])


_MAKERS: dict[str, Callable[[Any], shapely.Geometry]] = {
    "Point": shapely.points,
    "MultiPoint": lambda p: shapely.multipoints(shapely.points(np.array(p))),
    "LineString": lambda p: shapely.linestrings(np.array(p)),
    "MultiLineString": lambda p: shapely.multilinestrings([shapely.linestrings(np.array(line)) for line in p]),
    "Polygon": _polygon,
    "MultiPolygon": lambda p: shapely.multipolygons([_polygon(rings) for rings in p]),
}

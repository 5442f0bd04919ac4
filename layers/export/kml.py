"""KML: one placemark per site, its attributes as ExtendedData."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .corners import corners

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n'
_TAIL = "</Document></kml>\n"


def pieces_of(sites: gpd.GeoDataFrame) -> Iterator[str]:
    """Yield a KML document; degrees have ten decimals, a hundredth of a millimetre."""
    yield _HEAD
    names = [name for name in sites.columns if name != sites.geometry.name]
    columns = {name: sites[name].to_numpy() for name in names}
    for i, shape in enumerate(corners(sites)):
        values = {name: column[i] for name, column in columns.items()}
        title = values.pop("name", None)
        yield "<Placemark>" + (f"<name>{_text(title)}</name>" if _given(title) else "") + "<ExtendedData>"
        for name, value in values.items():
            if _given(value):
                yield f"<Data name={quoteattr(_FORBIDDEN.sub('', str(name)))}><value>{_text(value)}</value></Data>"
        yield f"</ExtendedData>{''.join(_shape(shape))}</Placemark>\n"
    yield _TAIL


def _given(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def _text(value: object) -> str:
    if isinstance(value, bool | np.bool_):
        return "是" if value else "否"
    if isinstance(value, float | np.floating):
        return np.format_float_positional(float(value), trim="-")
    return escape(_FORBIDDEN.sub("", str(value)))


def _shape(shape: shapely.Geometry) -> Iterator[str]:
    parts = list(shapely.get_parts(shape))
    if len(parts) > 1 or shape.geom_type.startswith("Multi"):
        yield "<MultiGeometry>"
    for part in parts:
        if part.geom_type == "Polygon":
            yield f"<Polygon><outerBoundaryIs>{_ring(part.exterior)}</outerBoundaryIs>"
            yield from (f"<innerBoundaryIs>{_ring(ring)}</innerBoundaryIs>" for ring in part.interiors)
            yield "</Polygon>"
        else:
            yield f"<{part.geom_type}>{_coordinates(part)}</{part.geom_type}>"
    if len(parts) > 1 or shape.geom_type.startswith("Multi"):
        yield "</MultiGeometry>"


def _ring(ring: shapely.Geometry) -> str:
    return f"<LinearRing>{_coordinates(ring)}</LinearRing>"


def _coordinates(line: shapely.Geometry) -> str:
    return "<coordinates>" + " ".join(f"{x:.10f},{y:.10f}" for x, y in shapely.get_coordinates(line)) + "</coordinates>"

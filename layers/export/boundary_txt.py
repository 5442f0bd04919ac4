"""界址点 TXT: one parcel per site, X = northing, in a 3-degree zone with prefix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from ..errors import SitesError
from ..geodesy.area import polygon_areas
from ..geodesy.zones import Zone, zone_of
from ..texts import Text
from .corners import corners

PRECISION = 0.001
_SPECIAL = re.compile(r"[,，;；@\r\n\t]")
_KINDS = {"Point": "点", "LineString": "线", "Polygon": "面"}


def text_of(sites: gpd.GeoDataFrame, zone: int | None = None, precision: float = PRECISION) -> str:
    """Return sites as a 界址点 TXT.

    Parameters
    ----------
    sites : GeoDataFrame
        From `layers.sites`.
    zone : int, optional
        Number of the 3-degree zone; that of the middle of all sites if not given.
    precision : float
        Metres to which coordinates are rounded; 0.001 keeps every point within 1 mm.

    Raises
    ------
    SitesError
        There is no site, the zone does not exist or does not reach a site.
    """
    if not len(sites):
        raise SitesError(Text("没有可写出的地块", "there is no site to write"))
    west, _, east, _ = sites.total_bounds
    chosen = zone_of((west + east) / 2) if zone is None else Zone(zone)
    if not 25 <= chosen.number <= 45 or max(abs(west - chosen.meridian), abs(east - chosen.meridian)) > 6.0:
        raise SitesError(
            Text(f"地块不在第 {chosen.number} 带附近", f"the sites are far from zone {chosen.number}"),
            remedy=Text("请选择地块所在的 3 度带。", "Choose the 3-degree zone in which they lie."),
        )
    return "\n".join([*_head(sites, chosen, precision), *_parcels(sites, chosen, precision), ""])


def _head(sites: gpd.GeoDataFrame, zone: Zone, precision: float) -> list[str]:
    notes = sorted({str(note) for note in sites.get("coordinate_note", ()) if note})
    lines = ["[属性描述]", "坐标系=2000国家大地坐标系", "几度分带=3", "投影类型=高斯克吕格", "计量单位=米"]
    lines += [f"带号={zone.number}", f"精度={precision:g}", "转换参数=,,,,,,"]
    return [*lines, *([f"坐标说明={'；'.join(notes)}"] if notes else []), "[地块坐标]"]


def _parcels(sites: gpd.GeoDataFrame, zone: Zone, precision: float) -> Iterator[str]:
    geometry = corners(sites)
    areas = polygon_areas(np.asarray(sites.geometry.array, dtype=object))
    forward = pyproj.Transformer.from_crs("EPSG:4490", f"EPSG:{zone.epsg_prefixed}", always_xy=True)
    digits = max(0, round(-np.log10(precision)))
    for i, shape in enumerate(geometry):
        lines = [_projected(line, forward) for line in _lines(shape)]
        count = sum(len(line) for line in lines)
        yield ",".join(
            (
                str(count),
                f"{areas[i] / 1e4:.4f}",
                _clean(sites["site_id"].iloc[i]),
                _clean(sites["name"].iloc[i]),
                _KINDS[shape.geom_type.removeprefix("Multi")],
                "",
                _clean(sites["land_use"].iloc[i]),
                "",
                "@",
            )
        )
        yield from _points(lines, digits, shape.geom_type.endswith("Polygon"))


def _points(lines: list[NDArray[np.float64]], digits: int, closing: bool) -> Iterator[str]:
    number = 1
    for ring, line in enumerate(lines, 1):
        first = number
        for at, (x, y) in enumerate(line.tolist()):
            name = first if closing and at == len(line) - 1 else number
            yield f"J{name},{ring},{y:.{digits}f},{x:.{digits}f}"
            number += name == number


def _lines(shape: shapely.Geometry) -> list[shapely.Geometry]:
    """Return the rings of all parts, or the lines or points."""
    parts = list(shapely.get_parts(shape))
    if parts[0].geom_type == "Polygon":
        return [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return parts


def _projected(line: shapely.Geometry, forward: pyproj.Transformer) -> NDArray[np.float64]:
    lon, lat = shapely.get_coordinates(line).T
    return np.column_stack(forward.transform(lon, lat))


def _clean(value: Any) -> str:
    """Return a text without what the format parts fields by."""
    return "" if value is None or pd.isna(value) else _SPECIAL.sub(" ", str(value)).strip()

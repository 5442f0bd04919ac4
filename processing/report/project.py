"""The site itself: what was declared of the project and how large it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...layers.geodesy.area import polygon_areas
from ...layers.geodesy.length import line_lengths
from ...layers.site_columns import site_columns
from ...layers.texts import Text
from ...layers.unread import UNREAD, UNREAD_TEXT
from .figures import area, degrees_minutes, metres
from .model import Entry
from .values import parts, shown

MISSING = "未填"
_ALWAYS = ("site_id", "name", "nature", "industry")
_LISTS = ("nature", "industry")
_KINDS = {"Point": "点", "LineString": "线", "Polygon": "面"}


def project_entries(attributes: Mapping[str, Any], geometry: Any) -> tuple[Entry, ...]:
    """Return what a paper says of the project.

    Parameters
    ----------
    attributes : mapping
        The attributes of the site.
    geometry : shapely geometry or None
        In EPSG:4490; None where coordinates may not be told. Then columns without
        a declared meaning are left out as well, for they may hold coordinates.
    """
    declared = {column.name: column.text for column in site_columns()}
    flags = {column.name: column.text for column in site_columns() if column.kind == "flag"}
    entries = [Entry(declared[name], written(attributes, name) or MISSING) for name in _ALWAYS]
    entries += _filled(attributes, {UNREAD: UNREAD_TEXT})
    if geometry is not None:
        entries += _shape(geometry)
    plain = {name: text for name, text in declared.items() if name not in _ALWAYS and name not in flags}
    entries += _filled(attributes, plain)
    if geometry is not None:
        carried = [name for name in attributes if name not in declared and name != UNREAD]
        entries += _filled(attributes, {name: Text(shown(name), "") for name in carried})
    return (*entries, *_declared(attributes, flags))


def _declared(attributes: Mapping[str, Any], flags: Mapping[str, Text]) -> list[Entry]:
    """Return the declared flags, those answered yes and those answered no; what was not answered is neither."""
    entries = []
    for answer, label in (("是", Text("申报为“是”", "declared yes")), ("否", Text("申报为“否”", "declared no"))):
        told = [text.zh.removeprefix("是否") for name, text in flags.items() if shown(attributes.get(name)) == answer]
        if told:
            entries.append(Entry(label, "；".join(told), wide=True))
    return entries


def written(attributes: Mapping[str, Any], name: str) -> str:
    """Return one attribute as text; a list of words with ``、``."""
    text = shown(attributes.get(name))
    if name.endswith("_m") and text:
        return f"{text} m"
    return "、".join(parts(text)) if name in _LISTS else text


def _filled(attributes: Mapping[str, Any], labels: Mapping[str, Text]) -> list[Entry]:
    found = [(label, written(attributes, name)) for name, label in labels.items()]
    return [Entry(label, value) for label, value in found if value]


def _shape(geometry: Any) -> list[Entry]:
    kind = _KINDS.get(geometry.geom_type.removeprefix("Multi"), "混合")
    shape = np.array([geometry], dtype=object)
    entries = [Entry(Text("图形类型", "geometry"), kind)]
    size, length = float(polygon_areas(shape)[0]), float(line_lengths(shape)[0])
    if size > 0:
        entries.append(Entry(Text("用地面积", "area"), area(size)))
    if length > 0:
        entries.append(Entry(Text("长度", "length"), metres(length)))
    inside = geometry.representative_point()
    place = f"东经 {degrees_minutes(inside.x)}，北纬 {degrees_minutes(inside.y)}"
    entries.append(Entry(Text("地理坐标（图形内一点）", "a point inside"), place))
    return entries

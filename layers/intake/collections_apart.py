"""Collections of several kinds of geometry made one feature per kind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from ..quality import kinds
from ..texts import Text
from .shapes import Shapes, notice, objects


def split_collections(shapes: Shapes) -> Shapes:
    """Return the features with every collection of several kinds made one feature per kind, and say so."""
    mixed = np.flatnonzero(kinds(shapes.geometry) == "collection")
    if not len(mixed):
        return shapes
    source: list[int] = []
    geometry: list[object] = []
    noticed = list(shapes.noticed)
    for i, shape in enumerate(shapes.geometry):
        parts = _by_kind(shape) if i in mixed else [shape]
        source += [i] * max(len(parts), 1)
        geometry += parts or [None]
        if len(parts) > 1:
            text = Text(f"几何集合拆分为 {len(parts)} 个地块", f"a collection was split into {len(parts)} sites")
            noticed.append(notice(i + 1, "split", text))
    columns = {name: values[source] for name, values in shapes.columns.items()}
    return replace(shapes, geometry=objects(geometry), columns=columns, noticed=tuple(noticed))


def _by_kind(shape: object) -> list[object]:
    parts = [part for part in _leaves(shape) if not shapely.is_empty(part)]
    out: list[object] = []
    for types, join in (
        (("Point",), shapely.multipoints),
        (("LineString", "LinearRing"), shapely.multilinestrings),
        (("Polygon",), shapely.multipolygons),
    ):
        same = [part for part in parts if part.geom_type in types]
        if same:
            out.append(same[0] if len(same) == 1 else join(same))
    return out


def _leaves(shape: object) -> list[shapely.Geometry]:
    parts = list(shapely.get_parts(shape))
    return [leaf for part in parts for leaf in (_leaves(part) if len(shapely.get_parts(part)) > 1 else [part])]

"""DXF drawings through ezdxf, in a child: closed polylines, bulges, arcs, splines, hatches, blocks.

Every layer of the drawing is a dataset. Curves become chords that stay within one millimetre of a drawing in metres.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ..errors import MissingLibraryError
from ..noticed import Noticed
from ..progress import Progress
from ..texts import Text
from .isolated import Found, read_apart
from .rings import closed, polygon_of
from .shapes import Entry, Shapes, notice, objects, wrong

_METRES = {1: 0.0254, 2: 0.3048, 3: 1609.344, 4: 0.001, 5: 0.01, 6: 1.0, 7: 1000.0, 14: 0.1}
_UNIT_NAMES = {1: "inch", 2: "ft", 3: "mile", 4: "mm", 5: "cm", 6: "m", 7: "km", 14: "dm"}
_CHORD = 0.001
_DEEPEST = 12
_MOST = 200_000
_SAME = 1e-6
_LINEAR = ("LINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE", "LWPOLYLINE", "POLYLINE", "HELIX")
_REMEDY = Text(
    "请在 CAD 中另存为 DXF（2000 版及以上），只保留项目边界。", "Save it as DXF (2000 or later) with the border only."
)


def entries(path: Path, where: str, progress: Progress = Progress()) -> list[Entry]:
    """Return the layers of a drawing that hold shapes.

    Raises
    ------
    MissingLibraryError
        ezdxf is not there.
    SitesError
        It is no drawing, crashed or hung its reader, or holds no shape.
    """
    import importlib.util

    if importlib.util.find_spec("ezdxf") is None:
        raise MissingLibraryError(
            Text("读取 DXF 需要 Python 包 ezdxf", "DXF files need the Python package ezdxf"),
            remedy=Text(
                "请安装 ezdxf（Debian：python3-ezdxf；其他系统：装入 QGIS 所用的 Python），或另存为 Shapefile。",
                "Install ezdxf (Debian: python3-ezdxf; else into QGIS's Python), or save the border as a shapefile.",
            ),
        )
    found = read_apart("dxf:extract", path, where, progress=progress)
    layers = np.array(found.columns.get("layer", []), dtype=object)
    if not len(layers):
        listed = ", ".join(f"{name} × {count}" for name, count in found.extra.get("left", {}).items())
        raise wrong(where, Text("图中没有可导入的图形", "there is no shape to import"), _REMEDY, Text(listed, listed))
    return [_entry(str(layer), found, np.flatnonzero(layers == layer), where) for layer in dict.fromkeys(layers)]


def _entry(layer: str, found: Found, rows: NDArray[Any], where: str) -> Entry:
    geometry = found.geometry[rows]
    kinds = dict.fromkeys(shape.geom_type for shape in geometry)

    def load(_: Progress) -> Shapes:
        columns = {name: objects([values[i] for i in rows]) for name, values in found.columns.items()}
        scaled, noticed = _in_metres(geometry, found.extra.get("units", 0))
        left = found.extra.get("left", {})
        noticed += found.noticed
        if left:
            listed = ", ".join(f"{name} × {count}" for name, count in left.items())
            text = Text(f"图中未导入：{listed}", f"not imported from the drawing: {listed}")
            noticed.append(notice(0, "not_a_site", text, listed))
        filled = {name: values for name, values in columns.items() if any(value is not None for value in values)}
        return Shapes(f"{where}|{layer}", scaled, filled, noticed=tuple(noticed))

    return Entry(layer, ", ".join(kinds), len(rows), load)


def _in_metres(geometry: NDArray[Any], units: int) -> tuple[NDArray[Any], list[Noticed]]:
    """Return coordinates in metres where the drawing says another unit and the coordinates agree with it."""
    factor = _METRES.get(units, 1.0)
    if factor == 1.0:
        return geometry, []
    largest = float(np.abs(shapely.total_bounds(geometry)).max())
    name = _UNIT_NAMES[units]
    if 1e5 <= largest <= 5e7 or largest <= 180:
        text = Text(
            f"图形单位写作 {name}，但坐标大小像米，按米读取",
            f"the drawing says {name}, the coordinates look like metres and are read so",
        )
        return geometry, [notice(0, "units", text, name)]
    text = Text(f"图形单位 {name}，已换算为米", f"the drawing is in {name}, converted to metres")
    return shapely.transform(geometry, lambda xy: xy * factor), [notice(0, "units", text, name)]


def extract(path: Path, options: dict[str, Any]) -> Found:
    """Return the shapes of a drawing; runs in the child."""
    where = options["where"]
    import ezdxf
    from ezdxf import recover

    try:
        try:
            document = ezdxf.readfile(path)
        except (ezdxf.DXFError, UnicodeDecodeError, ValueError, KeyError, IndexError, AttributeError, TypeError):
            document, _ = recover.readfile(path)
    except (OSError, ezdxf.DXFError, ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        raise wrong(
            where,
            Text("不是完整的 DXF 图形", "this is no whole DXF drawing"),
            _REMEDY,
            Text(str(error)[:200], str(error)[:200]),
        ) from error
    left: Counter[str] = Counter()
    noticed: list[Noticed] = []
    shapes: list[shapely.Geometry] = []
    rows: list[dict[str, Any]] = []
    for entity, attributes in _flat(document.modelspace(), left):
        if len(shapes) >= _MOST:
            raise wrong(where, Text(f"图形超过 {_MOST} 个", f"more than {_MOST} shapes"), _REMEDY)
        try:
            shape = _shape(entity)
        except Exception as error:  # ezdxf raises whatever geometry it stumbles on
            handle = str(entity.dxf.handle)
            text = Text(f"{entity.dxftype()} {handle} 无法转换", f"{entity.dxftype()} {handle} cannot be converted")
            noticed.append(notice(0, "left_out", text, str(error)[:80]))
            continue
        if shape is None or shape.is_empty:
            left[entity.dxftype()] += 1
            continue
        shapes.append(shape)
        rows.append({"layer": entity.dxf.layer, "entity": entity.dxftype(), **attributes})
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: [row.get(name) for row in rows] for name in names}
    units = int(document.header.get("$INSUNITS", 0) or 0)
    return Found(objects(shapes), columns, None, noticed, {"units": units, "left": dict(left)})


def _flat(space: Any, left: Counter[str], depth: int = 0) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Return the entities of a layout, those of blocks in their place."""
    for entity in space:
        if entity.dxftype() != "INSERT":
            yield entity, {}
            continue
        if depth >= _DEEPEST:
            left["INSERT"] += 1
            continue
        attributes = {f"attrib_{a.dxf.tag}": a.dxf.text for a in entity.attribs}
        try:
            inserts = list(entity.multi_insert()) if entity.mcount > 1 else [entity]
            parts = [part for insert in inserts for part in insert.virtual_entities()]
        except Exception:  # a block that is turned and stretched in ways its parts cannot follow
            left["INSERT"] += 1
            continue
        for inner, more in _flat(parts, left, depth + 1):
            yield inner, {**attributes, **more}


def _shape(entity: Any) -> shapely.Geometry | None:
    from ezdxf import path as paths

    kind = entity.dxftype()
    if kind == "POINT":
        return shapely.Point(entity.dxf.location.x, entity.dxf.location.y)
    if kind in ("SOLID", "TRACE", "3DFACE"):
        return polygon_of([np.array([(v.x, v.y) for v in entity.wcs_vertices(close=False)])])[0]
    if kind == "HATCH":
        rings = [_vertices(path) for path in paths.from_hatch(entity)]
        return polygon_of([ring for ring in rings if len(ring) > 2])[0]
    meshed = kind == "POLYLINE" and (entity.is_poly_face_mesh or entity.is_polygon_mesh)
    return None if meshed or kind not in _LINEAR else _line_or_area(_outline(entity))


def _outline(entity: Any) -> NDArray[np.float64]:
    """Return the vertices of a curve; arcs by their own circle, which a path would only approach by splines."""
    from ezdxf import path as paths

    kind = entity.dxftype()
    if kind in ("CIRCLE", "ARC", "ELLIPSE", "SPLINE"):
        xy = _flat_points(entity.flattening(_CHORD))
        return np.vstack([xy, xy[:1]]) if kind == "CIRCLE" and len(xy) else xy
    if kind not in ("LWPOLYLINE", "POLYLINE") or not entity.has_arc:
        return _vertices(paths.make_path(entity))
    runs: list[NDArray[np.float64]] = []
    for part in entity.virtual_entities():
        arc = part.dxftype() == "ARC"
        run = _flat_points(part.flattening(_CHORD) if arc else (part.dxf.start, part.dxf.end))
        if runs and len(run) and np.hypot(*(run[0] - runs[-1][-1])) > np.hypot(*(run[-1] - runs[-1][-1])):
            run = run[::-1]  # arcs are told counter-clockwise, whichever way the border runs
        runs.append(run)
    first = runs[0] if len(runs) < 2 or _meets(runs[0], runs[1]) else runs[0][::-1]
    return _distinct(np.concatenate([first, *runs[1:]]))


def _meets(one: NDArray[np.float64], two: NDArray[np.float64]) -> bool:
    ends = [np.hypot(*(a - b)) for a in (one[-1], one[0]) for b in (two[0], two[-1])]
    return bool(min(ends[:2]) <= min(ends[2:]))


def _line_or_area(xy: NDArray[np.float64]) -> shapely.Geometry | None:
    """Return a polygon where the vertices come back to the first one, else a line."""
    if len(xy) < 2:
        return None
    shut = np.hypot(*(xy[0] - xy[-1])) <= _SAME * max(1.0, float(np.abs(xy).max()) * 1e-6)
    if not shut or len(np.unique(xy, axis=0)) < 3:
        return shapely.LineString(xy)
    xy[-1] = xy[0]
    return shapely.Polygon(closed(xy))


def _vertices(path: Any) -> NDArray[Any]:
    return _distinct(_flat_points(path.flattening(_CHORD, segments=8)))


def _flat_points(points: Iterable[Any]) -> NDArray[np.float64]:
    return np.array([(point.x, point.y) for point in points], dtype=np.float64).reshape(-1, 2)


def _distinct(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return xy if len(xy) < 2 else xy[np.r_[True, (np.hypot(*np.diff(xy, axis=0).T) > 1e-9)]]

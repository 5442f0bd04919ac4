"""KML, the KML inside KMZ, and the .ovkml of 奥维, read without GDAL: no entities, no network, no links followed.

Placemarks of all folders become features; ``folder`` holds the way to them. Coordinates are longitude, latitude on
WGS 84 by the standard (OGC 12-007r2), which says nothing about maps that were shifted when they were drawn on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

import numpy as np
import shapely
from numpy.typing import NDArray

from ..noticed import Noticed
from ..progress import Progress
from ..texts import Text
from .shapes import LEFT_OUT, Shapes, notice, objects, table, wrong

Points = NDArray[np.float64]
_CONTAINERS = ("Document", "Folder")
_STEP = 1 << 20
_DEEPEST = 200
_TAGS = re.compile(r"<[^>]*>")
_LONGEST = 4000
_REMEDY = Text("请用奥维或 Google Earth 重新导出。", "Export it again from the program that made it.")


@dataclass
class _Placemark:
    line: int
    folder: str
    record: dict[str, object] = field(default_factory=dict)
    shapes: list[shapely.Geometry] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class _Handler:
    """Builds placemarks out of the events of the parser."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        self.path: list[str] = []
        self.folders: list[str] = []
        self.placemarks: list[_Placemark] = []
        self.current: _Placemark | None = None
        self.text: list[str] = []
        self.data_name = ""
        self.outer: list[Points] = []
        self.inner: list[Points] = []
        self.track: list[list[float]] = []
        self.left: list[tuple[int, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rsplit(":", 1)[-1]
        self.path.append(name)
        if len(self.path) > _DEEPEST:
            raise ValueError(f"<{name}> × {_DEEPEST}")
        self.text = []
        if name in _CONTAINERS:
            self.folders.append("")
        elif name == "Placemark":
            folder = "/".join(filter(None, self.folders))
            self.current = _Placemark(self.parser.CurrentLineNumber, folder)
            self.placemarks.append(self.current)
        elif name in ("Data", "SimpleData"):
            self.data_name = attributes.get("name", "")
        elif name == "Polygon":
            self.outer, self.inner = [], []
        elif name == "Track":
            self.track = []
        elif name in ("NetworkLink", "GroundOverlay", "PhotoOverlay", "ScreenOverlay", "Model"):
            self.left.append((self.parser.CurrentLineNumber, name))

    def characters(self, text: str) -> None:
        self.text.append(text)

    def end(self, tag: str) -> None:
        name = self.path.pop()
        parent = self.path[-1] if self.path else ""
        text = "".join(self.text).strip()
        self.text = []
        if name in _CONTAINERS:
            self.folders.pop()
        elif name == "name" and parent in _CONTAINERS:
            self.folders[-1] = text
        elif self.current is not None:
            self._inside(self.current, name, parent, text)

    def _inside(self, mark: _Placemark, name: str, parent: str, text: str) -> None:
        if name == "Placemark":
            self.current = None
        elif parent == "Placemark" and name in ("name", "description"):
            mark.record[name] = _TAGS.sub(" ", text)[:_LONGEST] or None
        elif (name == "value" and parent == "Data") or name == "SimpleData":
            self._data(mark, text)
        elif name == "coord" and parent == "Track":
            self.track.append([float(word) for word in text.split()[:2]])
        elif name == "coordinates":
            self._coordinates(mark, parent, text)
        elif (name == "LinearRing" and parent not in ("outerBoundaryIs", "innerBoundaryIs")) or name == "Polygon":
            self._polygon(mark)
        elif name == "Track" and len(self.track) > 1:
            mark.shapes.append(shapely.linestrings(self.track))

    def _data(self, mark: _Placemark, text: str) -> None:
        key = self.data_name or "data"
        mark.record["data_" + key if key in ("name", "description", "folder", "geometry") else key] = (
            text[:_LONGEST] or None
        )

    def _coordinates(self, mark: _Placemark, parent: str, text: str) -> None:
        try:
            points = _points(text)
        except ValueError as error:
            mark.problems.append(str(error))
            return
        if not len(points):
            return
        if parent == "Point":
            mark.shapes.append(shapely.points(points[0]))
        elif parent == "LineString":
            if len(points) > 1:
                mark.shapes.append(shapely.linestrings(points))
            else:
                mark.problems.append("LineString")
        elif parent == "LinearRing":
            boundary = self.path[-2] if len(self.path) > 1 else ""
            (self.inner if boundary == "innerBoundaryIs" else self.outer).append(points)

    def _polygon(self, mark: _Placemark) -> None:
        from .rings import closed

        outer, inner = self.outer, self.inner
        self.outer, self.inner = [], []
        if not outer:
            return
        rings = [closed(ring) for ring in (*outer, *inner)]
        if any(len(ring) < 4 for ring in rings):
            mark.problems.append("LinearRing")
            rings = [ring for ring in rings if len(ring) >= 4]
            if len(closed(outer[0])) < 4:
                return
        mark.shapes.append(shapely.Polygon(rings[0], rings[1:]))


def _points(text: str) -> Points:
    """Return longitude and latitude of a list of tuples; blanks after commas, which the standard forbids, are taken."""
    text = re.sub(r"\s*,\s*", ",", text)
    points = []
    for word in text.split():
        numbers = word.strip(",").split(",")
        if len(numbers) < 2:
            raise ValueError(word[:60])
        points.append((float(numbers[0]), float(numbers[1])))
    return np.array(points, dtype=np.float64).reshape(-1, 2)


def parse(data: bytes, where: str, progress: Progress = Progress()) -> Shapes:
    """Return the placemarks of a KML document.

    Raises
    ------
    SitesError
        It is no proper XML (line and column are named), declares entities, or holds no placemark.
    """
    handler = _parsed(data, where, progress)
    noticed: list[Noticed] = []
    for line, name in handler.left:
        text = Text(f"第 {line} 行的 {name} 不是图形，未导入", f"line {line}: {name} is no shape and was not imported")
        noticed.append(notice(0, "not_a_site", text, name))
    if not handler.placemarks:
        raise wrong(where, Text("没有地标（Placemark）", "there is no placemark"), _REMEDY)
    kept = []
    for mark in handler.placemarks:
        for problem in mark.problems:
            text = Text(f"第 {mark.line} 行的地标坐标有误：{problem}", f"placemark in line {mark.line}: {problem}")
            noticed.append(notice(0, LEFT_OUT, text, mark.record.get("name") or ""))
        if not mark.problems:
            kept.append(mark)
    records = [{**mark.record, **({"folder": mark.folder} if mark.folder else {})} for mark in kept]
    geometry = objects([_joined(mark.shapes) for mark in kept])
    return Shapes(where, geometry, table(records), "OGC:CRS84", standard=True, noticed=tuple(noticed))


def _joined(shapes: list[shapely.Geometry]) -> shapely.Geometry | None:
    if len(shapes) <= 1:
        return shapes[0] if shapes else None
    types = {shape.geom_type for shape in shapes}
    joins = {"Point": shapely.multipoints, "LineString": shapely.multilinestrings, "Polygon": shapely.multipolygons}
    return joins[types.pop()](shapes) if len(types) == 1 else shapely.geometrycollections(shapes)


def _parsed(data: bytes, where: str, progress: Progress) -> _Handler:
    parser = expat.ParserCreate(None if _names_its_encoding(data) else "UTF-8")
    handler = _Handler(parser)

    def refuse(*_: object) -> None:
        raise wrong(where, Text("XML 含有实体声明，不予读取", "the XML declares entities and is not read"), _REMEDY)

    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.characters
    parser.EntityDeclHandler = refuse
    parser.buffer_text = True
    try:
        for at in range(0, len(data), _STEP):
            progress.step(at / len(data))
            parser.Parse(data[at : at + _STEP], False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code) if hasattr(expat, "ErrorString") else str(error)
        raise wrong(
            where,
            Text(
                f"第 {error.lineno} 行第 {error.offset + 1} 列不是正确的 XML",
                f"line {error.lineno}, column {error.offset + 1}: no proper XML",
            ),
            _REMEDY,
            Text(reason, reason),
        ) from error
    except (ValueError, IndexError, LookupError, shapely.errors.ShapelyError) as error:
        line = parser.CurrentLineNumber
        raise wrong(
            where,
            Text(f"第 {line} 行无法理解", f"line {line} cannot be understood"),
            _REMEDY,
            Text(str(error), str(error)),
        ) from error
    return handler


def _names_its_encoding(data: bytes) -> bool:
    head = data[:200]
    return b"encoding" in head or not head.lstrip().startswith(b"<")

"""Well-known text: one geometry per line or statement, with or without SRID."""

from __future__ import annotations

import re

import shapely

from ..progress import Progress
from ..texts import Text
from .shapes import Shapes, objects, wrong

_START = re.compile(
    r"\s*(?:SRID=(\d+);\s*)?(?:MULTI)?(?:POINT|LINESTRING|POLYGON)|\s*GEOMETRYCOLLECTION", re.IGNORECASE
)


def looks_like(text: str) -> bool:
    """Return whether a text begins with a geometry."""
    return _START.match(text) is not None


def parse(text: str, where: str, progress: Progress = Progress()) -> Shapes:
    """Return the geometries of a text.

    Raises
    ------
    SitesError
        A geometry cannot be read, or two name different systems; its line is named.
    """
    shapes, systems = [], set()
    for line, statement in _statements(text):
        progress.step(0.0)
        found = _START.match(statement)
        body = statement.split(";", 1)[1] if found and found[1] else statement
        systems.add(found[1] if found else None)
        try:
            shapes.append(shapely.force_2d(shapely.from_wkt(body.strip().rstrip(";,"))))
        except (shapely.errors.ShapelyError, ValueError) as error:
            place = Text(f"第 {line} 行的 WKT 无法解析", f"line {line}: the WKT cannot be read")
            raise wrong(where, place, cause=Text(str(error)[:200], str(error)[:200])) from error
    if len(systems) > 1:
        raise wrong(where, Text("各几何的 SRID 不一致", "the geometries name different SRIDs"))
    named = systems.pop() if systems else None
    return Shapes(where, objects(shapes), crs=f"EPSG:{named}" if named else None)


def _statements(text: str) -> list[tuple[int, str]]:
    """Return each geometry with the number of its first line; brackets tell where one ends."""
    found: list[tuple[int, str]] = []
    depth, start, line, first = 0, 0, 1, 0
    for at, letter in enumerate(text):
        if letter == "\n":
            line += 1
        elif not first and not letter.isspace():
            first = line
        if letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                found.append((first, text[start : at + 1].strip(" \t\r\n;,")))
                start, first = at + 1, 0
    rest = text[start:].strip(" \t\r\n;,")
    return [*found, (first or line, rest)] if rest else found

"""界址点 TXT as land approval exchanges it, in its dialects.

``[属性描述]`` says the coordinate system, ``[地块坐标]`` holds per parcel a line that ends in ``@`` (number of points,
hectares, parcel number, name, kind, map sheet, use, class) and then ``point,ring,X,Y`` with X = northing.
Source: the exchange format of 国土资源 land approval, with the variants of public converters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely

from ..noticed import Noticed
from ..progress import Progress
from ..texts import Text
from .angles import FURTHEST, angle_of
from .rings import polygon_of
from .said import header_of
from .shapes import Header, Shapes, notice, objects, table, wrong

_STEP = 10_000
_SPLIT = re.compile(r"[,，\t;；]")
_LABEL = re.compile(r"[^\s.@]{0,20}")
_COUNT = re.compile(r"[0-9]{1,9}")
_SECTION = re.compile(r"[\[［【](.+?)[\]］】]")
_SETTING = re.compile(r"([^=＝:：,，]{1,20})\s*[=＝:：](.*)")
_AREA = re.compile(r"(\d{1,15}(?:\.\d*)?)\s*(公顷|ha|平方米|m2|m²|㎡|亩)?", re.IGNORECASE)
_SQUARE_METRES = {"公顷": 1e4, "ha": 1e4, "平方米": 1.0, "m2": 1.0, "m²": 1.0, "㎡": 1.0, "亩": 1e4 / 15}
_COLUMNS = ("parcel_no", "name", "kind", "map_sheet", "land_use", "class_code")
_NOTE_KEY = "坐标说明"
_LEAST = 1000.0  # metres; below it a number of the third and fourth place is no coordinate of a projection


@dataclass
class _Parcel:
    line: int
    fields: dict[str, object] = field(default_factory=dict)
    declared_points: int | None = None
    rings: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(len(ring) for ring in self.rings.values())


def looks_like(text: str) -> bool:
    """Return whether a text is in this format: a section heading, a parcel line, or points with a J."""
    head = text[:20_000]
    return bool(
        re.search(r"[\[［【]\s*(?:地块坐标|属性描述)", head)
        or re.search(r"[,，]\s*@\s*$", head, re.MULTILINE)
        or re.search(r"^\s*[JＪ]\d+\s*[,，\t]\s*\d+\s*[,，\t]", head, re.MULTILINE)
    )


def parse(text: str, where: str, progress: Progress = Progress()) -> Shapes:
    """Return the parcels of a text.

    Parameters
    ----------
    text : str
        Decoded.
    where : str
        The file, for messages.

    Returns
    -------
    Shapes
        x = the second coordinate (easting), y = the first (northing), as written.

    Raises
    ------
    SitesError
        A line is neither a parcel nor a point, or there is no point at all; the line is named.
    """
    settings: dict[str, str] = {}
    parcels = [parcel for parcel in _parcels(text, where, settings, progress) if parcel.size or parcel.fields]
    if not any(parcel.size for parcel in parcels):
        raise wrong(where, Text("没有任何界址点", "there is no boundary point"))
    noticed: list[Noticed] = []
    geometry = [_geometry(parcel, row, noticed) for row, parcel in enumerate(parcels, 1)]
    records = [dict(parcel.fields) for parcel in parcels]
    if settings.get(_NOTE_KEY):
        records = [{**record, "coordinate_note": settings[_NOTE_KEY]} for record in records]
    columns = table(records)
    header = header_of("\n".join(f"{key}={value}" for key, value in settings.items() if key != _NOTE_KEY))
    degrees = settings.get("#degrees") == "1"
    return Shapes(
        where,
        objects(geometry),
        columns,
        header=Header(header.datum, header.meridian, header.width, degrees),
        noticed=tuple(noticed),
    )


def _parcels(text: str, where: str, settings: dict[str, str], progress: Progress) -> Iterator[_Parcel]:
    current: _Parcel | None = None
    lines = text.splitlines()
    for number, raw in enumerate(lines, 1):
        if number % _STEP == 0:
            progress.step(number / len(lines))
        line = raw.strip().strip("\ufeff")
        if not line or _SECTION.fullmatch(line):
            continue
        words = [word.strip() for word in _SPLIT.split(line)]
        if len(words) == 1:
            words = line.split()
        point = _point(words, where, number)
        if point is not None:
            current = current or _Parcel(number)
            label, ring, x, y, degrees = point
            current.rings.setdefault(ring, []).append((x, y))
            current.labels.append(label)
            if degrees:
                settings["#degrees"] = "1"
            continue
        if _is_parcel(words):
            if current is not None:
                yield current
            current = _parcel(words, number)
            continue
        setting = _SETTING.fullmatch(line)
        if setting is None or (current is not None and current.size):
            raise wrong(
                where,
                Text(
                    f"第 {number} 行既不是地块也不是界址点：{line[:60]}",
                    f"line {number} is neither a parcel nor a point: {line[:60]}",
                ),
                Text(
                    "界址点应写作“J1,1,X,Y”，地块行以“@”结束；请改正该行。",
                    "Write points as “J1,1,X,Y” and end the line of a parcel with “@”; correct that line.",
                ),
            )
        settings[setting[1].strip()] = setting[2].strip()
    if current is not None:
        yield current


def _is_parcel(words: list[str]) -> bool:
    return words[-1] == "@" or (len(words) >= 6 and _COUNT.fullmatch(words[0]) is not None)


def _point(words: list[str], where: str, number: int) -> tuple[str, str, float, float, bool] | None:
    """Return label, ring, easting, northing of a line, None where it is no point."""
    if words[-1] == "@" or len(words) < 2:
        return None
    try:
        for at, least in ((2, 4), (1, 3), (0, 2)):
            if len(words) < least or not all(_LABEL.fullmatch(word) for word in words[:at]):
                continue
            first, second = angle_of(words[at]), angle_of(words[at + 1])
            if first is None or second is None or not (_far(first.value, first.degrees) and _far(second.value, True)):
                continue
            if (at == 0 and len(words) > 3) or (at == 2 and not _COUNT.fullmatch(words[1])):
                continue
            ring = words[1] if at == 2 else "1"
            x, y = (first, second) if (first.axis == "x" or second.axis == "y") else (second, first)
            return words[0] if at else "", ring, x.value, y.value, first.degrees and second.degrees
    except ValueError as error:
        raise wrong(
            where, Text(f"第 {number} 行的角度写法有误：{error}", f"line {number}: no proper angle: {error}")
        ) from error
    return None


def _far(value: float, degrees: bool) -> bool:
    """Return whether a number can be a coordinate: metres of a projection, or degrees in China."""
    return _LEAST <= abs(value) <= FURTHEST or (
        3.0 <= abs(value) <= 180.0 and (degrees or not float(value).is_integer())
    )


def _parcel(words: list[str], number: int) -> _Parcel:
    rest = [word for word in words if word != "@"]
    fields: dict[str, object] = {}
    area = _AREA.fullmatch(rest[1]) if len(rest) > 1 else None
    if area and float(area[1]) > 0:
        fields["area_m2"] = float(area[1]) * _SQUARE_METRES[(area[2] or "公顷").lower()]
    for name, word in zip(_COLUMNS, rest[2:], strict=False):
        fields[name] = word or None
    count = int(rest[0]) if rest and _COUNT.fullmatch(rest[0]) else None
    return _Parcel(number, fields, count)


def _geometry(parcel: _Parcel, row: int, noticed: list[Noticed]) -> shapely.Geometry | None:
    rings = [np.array(ring) for ring in _closed_runs(parcel)]
    kind = str(parcel.fields.get("kind") or "面")
    written = parcel.size
    if parcel.declared_points is not None and written - parcel.declared_points not in range(len(rings) + 1):
        said = Text(
            f"申报 {parcel.declared_points} 点，实有 {written} 点（第 {parcel.line} 行）",
            f"{parcel.declared_points} points are declared, {written} are there (line {parcel.line})",
        )
        noticed.append(notice(row, "point_count", said, written))
    if not rings:
        return None
    if "点" in kind:
        points = np.concatenate(rings)
        return shapely.points(points[0]) if len(points) == 1 else shapely.multipoints(shapely.points(points))
    if "线" in kind:
        lines = [shapely.linestrings(ring) for ring in rings if len(ring) > 1]
        return None if not lines else lines[0] if len(lines) == 1 else shapely.multilinestrings(lines)
    shape, holes, borders = polygon_of(rings)
    if holes + borders < len(rings):
        lost = len(rings) - holes - borders
        said = Text(f"{lost} 个环不足三点，已略去", f"{lost} rings have fewer than three points and are left out")
        noticed.append(notice(row, "ring_left_out", said, lost))
    if holes or borders > 1:
        said = Text(f"按位置识别：{borders} 个外环、{holes} 个内环", f"by position: {borders} borders, {holes} holes")
        noticed.append(notice(row, "rings", said, holes + borders))
    unclosed = sum(not np.array_equal(ring[0], ring[-1]) for ring in rings)
    if 0 < unclosed < len(rings):
        said = Text(f"{unclosed} 个环未闭合，已闭合", f"{unclosed} rings were not closed and have been")
        noticed.append(notice(row, "ring_closed", said, unclosed))
    return shape


def _closed_runs(parcel: _Parcel) -> Iterator[list[tuple[float, float]]]:
    """Return the rings; one that comes back to its first point ends there, whatever its number."""
    for ring in parcel.rings.values():
        run: list[tuple[float, float]] = []
        for point in ring:
            run.append(point)
            if len(run) > 3 and point == run[0]:
                yield run
                run = []
        if run:
            yield run

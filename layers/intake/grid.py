"""Tables of coordinates: one row per vertex or one row per site, columns told by headings or, without, by values."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely

from ..columns import plain
from ..errors import EcoRedlineError
from ..noticed import Noticed
from ..progress import Progress
from ..site_columns import site_columns
from ..texts import Text
from .angles import FURTHEST, Angle, angle_of, pair_of, plain_signs
from .rings import polygon_of
from .said import header_of
from .shapes import LEFT_OUT, Shapes, notice, objects, table, wrong

_STEP = 5_000
_TITLES = 30
_ROLES = {
    "x": "经度 东经 lon lng long longitude 东坐标 东 e easting 横坐标 x东 东向 经度e x y东 经度x 经度坐标 lon_wgs84",
    "y": "纬度 北纬 lat latitude 北坐标 北 n northing 纵坐标 北向 纬度n y x北 纬度y 纬度坐标 lat_wgs84",
    "pair": "坐标 经纬度 地理坐标 中心坐标 经度纬度 坐标对 coordinates coordinate location position 拐点坐标",
    "wkt": "wkt geometry geom the_geom 几何 坐标串 shape",
    "point": "点号 界址点号 界址点 拐点 拐点号 拐点编号 拐点序号 点名 点 顶点 顶点号 界址点编号 点序号 点编号 测点"
    " point pt vertex no.",
    "ring": "圈号 环号 圈 环 ring part 地块圈号",
    "kind": "类型 图形类型 几何类型 图形属性",
    "weak": "序号 no num index fid 顺序号 行号 id",
}
_BY_WORD = {word: role for role, words in _ROLES.items() for word in words.split()}
_UNITS = re.compile(r"[（(\[【].*?[)）\]】]|坐标值|值$|[:：_]$")
_GROUP_WORDS = tuple(
    "地块 地块号 地块名称 地块名 图斑号 图斑编号 区块 多边形 地块序号 场地 地块id 编号 site polygon".split()  # noqa: SIM905
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class _Row:
    number: int
    cells: list[str]


@dataclass
class _Layout:
    """Where in a row everything stands; -1 where there is no such column."""

    names: list[str]
    x: int = -1
    y: int = -1
    pair: int = -1
    wkt: int = -1
    point: int = -1
    ring: int = -1
    kind: int = -1
    weak: int = -1
    site: int = -1
    sixfold: tuple[int, ...] = ()
    used: set[int] = field(default_factory=set)

    @property
    def complete(self) -> bool:
        return (self.x >= 0 and self.y >= 0) or self.pair >= 0 or self.wkt >= 0 or bool(self.sixfold)


@dataclass
class _Feature:
    rows: list[int]
    vertices: list[tuple[str, float, float]]
    record: dict[str, object]


def parse(
    rows: Sequence[Sequence[str]], where: str, progress: Progress = Progress(), numbers: Sequence[int] | None = None
) -> Shapes:
    """Return the sites of a table.

    Parameters
    ----------
    rows : sequence of sequence of str
        Cells as texts, in the order of the file.
    where : str
        File and sheet, for messages.
    numbers : sequence of int, optional
        Number of each row in the file, where they do not count from 1.

    Returns
    -------
    Shapes
        Vertices joined to polygons where the table has point numbers, rings or repeated sites; else one point per row.

    Raises
    ------
    SitesError
        No column holds coordinates, or a coordinate of a vertex cannot be read; row and column are named.
    """
    counted = range(1, len(rows) + 1) if numbers is None else numbers
    lines = [_Row(n, [str(c).strip() for c in row]) for n, row in zip(counted, rows, strict=True)]
    start, layout = _layout(lines, where)
    titles = "\n".join(" ".join(line.cells) for line in lines[: start or 0])
    reader = _Reader(layout, where, lines[start:], progress)
    features = reader.features()
    if not features and not any(each.problem == LEFT_OUT for each in reader.noticed):
        raise wrong(where, Text("表中没有坐标", "the table holds no coordinates"))
    records = [feature.record for feature in features]
    geometry = objects([reader.shape(feature, row) for row, feature in enumerate(features, 1)])
    header = replace(header_of(titles), degrees=reader.degrees)
    return Shapes(where, geometry, table(records), header=header, noticed=tuple(reader.noticed))


def role_of(heading: str) -> str:
    """Return what a heading says about its column: a role of `_ROLES`, or empty."""
    word = plain(_UNITS.sub("", heading))
    return _BY_WORD.get(word) or _BY_WORD.get(plain(heading), "")


def _layout(lines: Sequence[_Row], where: str) -> tuple[int, _Layout]:
    """Return the first row of data and the columns."""
    for at, line in enumerate(lines[:_TITLES]):
        layout = _headed(line.cells, lines[at + 1 :])
        if layout is not None:
            return at + 1, layout
    for at in range(min(_TITLES, len(lines))):
        layout = _unheaded(lines[at:])
        if layout is not None:
            return at, layout
    raise wrong(
        where,
        Text("找不到坐标列", "no column of coordinates is found"),
        Text(
            "请在首行写明列名，如“点号、经度、纬度”或“点号、X、Y”。",
            "Name the columns in the first row, e.g. “point, lon, lat” or “point, X, Y”.",
        ),
    )


def _headed(cells: Sequence[str], below: Sequence[_Row]) -> _Layout | None:
    layout = _Layout([cell or f"column_{i + 1}" for i, cell in enumerate(cells)])
    for i, cell in enumerate(cells):
        role = role_of(cell) if cell else ""
        if role and getattr(layout, role) < 0:
            setattr(layout, role, i)
            layout.used.add(i)
        elif _is_site(cell) and layout.site < 0:
            layout.site = i
    units = [
        i for i, cell in enumerate(cells) if plain(cell)[-1:] in ("度", "分", "秒") and plain(cell) not in _BY_WORD
    ]
    if len(units) == 6 and not layout.complete:
        layout.sixfold = tuple(units)
        layout.used.update(units)
    # 纵坐标 X is the northing and 横坐标 Y the easting, whatever letter stands beside
    swap = [
        i for i in (layout.x, layout.y) if i >= 0 and plain(cells[i]).startswith(("纵坐标", "x纵", "x(纵", "x（纵"))
    ]
    if swap == [layout.x]:
        layout.x, layout.y = layout.y, layout.x
    if not layout.complete or any(_numeric(cells[i]) for i in (layout.x, layout.y) if i >= 0):
        return None
    first = [line.cells for line in below if any(line.cells)][:3]
    return layout if any(_reads(layout, cells) for cells in first) else None


def _reads(layout: _Layout, cells: Sequence[str]) -> bool:
    """Return whether a row below the headings holds something where the coordinates are said to be."""
    if layout.pair >= 0 and layout.x < 0:
        return layout.pair < len(cells) and _is_pair(cells[layout.pair])
    places = [i for i in (*layout.sixfold, layout.wkt, layout.x, layout.y) if i >= 0]
    return any(i < len(cells) and bool(cells[i]) for i in places)


def _is_site(cell: str) -> bool:
    words = {plain(word) for c in site_columns() if c.name == "site_id" for word in (c.name, c.text.zh, *c.aliases)}
    return plain(cell) in words | {plain(word) for word in _GROUP_WORDS}


def _numeric(cell: str) -> bool:
    try:
        return angle_of(cell) is not None
    except ValueError:
        return True


def _unheaded(lines: Sequence[_Row]) -> _Layout | None:
    """Return the columns of a table without headings: the last two that hold numbers like coordinates in every row."""
    filled = [line.cells for line in lines if any(line.cells)]
    if not filled:
        return None
    width = max(len(cells) for cells in filled)
    names = [f"column_{i + 1}" for i in range(width)]
    sample = [cells + [""] * (width - len(cells)) for cells in filled[:200]]
    numeric = [i for i in range(width) if all(_plausible(cells[i]) for cells in sample)]
    if len(numeric) >= 2:
        x, y = numeric[:2]
        first = x - 1 if x > 0 else -1
        layout = _Layout(names, x=x, y=y, used={x, y})
        if first >= 0 and all(re.fullmatch(r"[A-Za-z]{0,3}[\d-]*", cells[first]) for cells in sample):
            layout.point = first
            layout.used.add(first)
        return layout
    for i in range(width):
        if all(_is_pair(cells[i]) for cells in sample):
            return _Layout(names, pair=i, used={i})
    return None


def _plausible(cell: str) -> bool:
    try:
        angle = angle_of(cell)
    except ValueError:
        return True
    return angle is not None and (
        angle.degrees or abs(angle.value) >= 1000 or (3 <= abs(angle.value) <= 180 and not angle.value.is_integer())
    )


def _is_pair(cell: str) -> bool:
    try:
        return pair_of(cell) is not None
    except ValueError:
        return True


class _Reader:
    """Reads the rows of a table whose layout is known."""

    def __init__(self, layout: _Layout, where: str, lines: Sequence[_Row], progress: Progress) -> None:
        self.layout, self.where, self.lines, self.progress = layout, where, lines, progress
        self.noticed: list[Noticed] = []
        self.degrees = False

    def features(self) -> list[_Feature]:
        """Return one feature per site, its vertices in the order of the rows."""
        layout = self.layout
        if layout.wkt >= 0 and layout.x < 0 and layout.pair < 0:
            return [
                _Feature([line.number], [], {**self._record(line), "\0wkt": self._cell(line, layout.wkt)})
                for line in self.lines
                if any(line.cells)
            ]
        joined = layout.point >= 0 or layout.ring >= 0 or self._repeats() or self._bare()
        found: list[_Feature] = []
        current: _Feature | None = None
        site, gap = "", True
        for count, line in enumerate(self.lines):
            if count % _STEP == 0:
                self.progress.step(count / len(self.lines))
            if not any(line.cells):
                gap = True
                continue
            vertex = self._vertex(line, joined)
            if vertex is None:
                continue
            key = self._cell(line, layout.site) or site
            restarts = layout.site < 0 and gap
            if not joined or current is None or key != site or restarts:
                current = _Feature([], [], {})
                found.append(current)
            site, gap = key, False
            current.rows.append(line.number)
            current.vertices.append(vertex)
            for name, value in self._record(line).items():
                current.record.setdefault(name, value)
        return found

    def shape(self, feature: _Feature, row: int) -> shapely.Geometry | None:
        """Return the geometry of a feature."""
        if "\0wkt" in feature.record:
            return self._wkt(feature, row)
        rings: dict[str, list[tuple[float, float]]] = {}
        for ring, x, y in feature.vertices:
            rings.setdefault(ring, []).append((x, y))
        runs = [np.array(ring) for ring in rings.values()]
        kind = str(feature.record.get(self.layout.names[self.layout.kind], "")) if self.layout.kind >= 0 else ""
        if len(feature.vertices) == 1:
            return shapely.points(runs[0][0])
        if "点" in kind:
            return shapely.multipoints(shapely.points(np.concatenate(runs)))
        if "线" in kind or len(feature.vertices) == 2:
            return shapely.linestrings(np.concatenate(runs))
        shape, holes, borders = polygon_of(runs)
        if holes or borders > 1:
            text = Text(
                f"按位置识别：{borders} 个外环、{holes} 个内环", f"by position: {borders} borders, {holes} holes"
            )
            self.noticed.append(notice(row, "rings", text, holes + borders))
        if holes + borders < len(runs):
            text = Text("有环不足三点，已略去", "a ring of fewer than three points is left out")
            self.noticed.append(notice(row, "ring_left_out", text, len(runs) - holes - borders))
        return shape

    def _wkt(self, feature: _Feature, row: int) -> shapely.Geometry | None:
        text = str(feature.record.pop("\0wkt"))
        if not text:
            return None
        try:
            return shapely.force_2d(shapely.from_wkt(text.split(";", 1)[-1] if text.startswith("SRID") else text))
        except shapely.errors.ShapelyError as error:
            raise wrong(
                self.where,
                Text(f"第 {feature.rows[0]} 行的 WKT 无法解析", f"row {feature.rows[0]}: the WKT cannot be read"),
                cause=Text(str(error)[:200], str(error)[:200]),
            ) from error

    def _repeats(self) -> bool:
        if self.layout.site < 0:
            return False
        values = [self._cell(line, self.layout.site) for line in self.lines if any(line.cells)]
        return len(set(values)) < len(values)

    def _bare(self) -> bool:
        """Return whether nothing but coordinates stands in the table: they are taken as one border, and it is said."""
        layout = self.layout
        others = [i for i in range(len(layout.names)) if i not in layout.used and self._any(i)]
        rows = sum(any(line.cells) for line in self.lines)
        if others or rows < 3 or layout.site >= 0:
            return False
        text = Text(f"只有坐标的 {rows} 行按边界顺序连成面", f"{rows} rows of bare coordinates are taken as a border")
        self.noticed.append(notice(0, "assumed_polygon", text, rows))
        return True

    def _any(self, column: int) -> bool:
        return any(self._cell(line, column) for line in self.lines)

    def _cell(self, line: _Row, column: int) -> str:
        return line.cells[column] if 0 <= column < len(line.cells) else ""

    def _record(self, line: _Row) -> dict[str, object]:
        record: dict[str, object] = {}
        for i, name in enumerate(self.layout.names):
            text = self._cell(line, i)
            if i in self.layout.used - {self.layout.kind} or not text:
                continue
            record["site_id" if i == self.layout.site else name] = self._harmless(text, line.number, name)
        return record

    def _harmless(self, text: str, number: int, name: str) -> str:
        """Return the text of a cell that no spreadsheet takes for a formula."""
        if not text.startswith(_FORMULA) or _numeric(text):
            return text
        said = Text(f"第 {number} 行的公式按文字保留", f"row {number}: a formula is kept as text")
        self.noticed.append(notice(0, "formula", said, text, name))
        return "'" + text

    def _vertex(self, line: _Row, joined: bool) -> tuple[str, float, float] | None:
        layout = self.layout
        ring = self._cell(line, layout.ring)
        cells = [self._cell(line, i) for i in (*layout.sixfold, layout.pair, layout.x, layout.y) if i >= 0]
        if not any(cells):
            text = Text(f"第 {line.number} 行没有坐标，未导入", f"row {line.number} has no coordinates, left out")
            problem = "row_left_out" if joined else LEFT_OUT
            self.noticed.append(notice(0, problem, text, " ".join(filter(None, line.cells))))
            return None
        try:
            first, second = self._read(line)
        except ValueError as error:
            refusal = wrong(
                self.where,
                Text(
                    f"第 {line.number} 行的坐标无法识别：{' '.join(cells)[:80]}",
                    f"row {line.number}: no coordinates: {' '.join(cells)[:80]}",
                ),
                cause=Text(str(error), str(error)),
            )
            self._refuse(refusal, line, joined)
            return None
        self.degrees = self.degrees or (first.degrees and second.degrees)
        x, y = (second, first) if first.axis == "y" or second.axis == "x" else (first, second)
        return ring, x.value, y.value

    def _refuse(self, problem: EcoRedlineError, line: _Row, joined: bool) -> None:
        """Leave out a point that cannot be read; a border with a vertex missing would be another border."""
        if joined:
            raise problem
        self.noticed.append(notice(0, LEFT_OUT, problem.message, line.number))

    def _read(self, line: _Row) -> tuple[Angle, Angle]:
        layout = self.layout
        read: Callable[[int], str] = lambda i: self._cell(line, i)  # noqa: E731
        if layout.sixfold:
            d1, m1, s1, d2, m2, s2 = (read(i) for i in layout.sixfold)
            halves = angle_of(f"{d1}°{m1}'{s1}\""), angle_of(f"{d2}°{m2}'{s2}\"")
        elif layout.x >= 0 and layout.y >= 0:
            halves = angle_of(read(layout.x)), angle_of(read(layout.y))
        else:
            pair = pair_of(read(layout.pair))
            if pair is None:
                raise ValueError(plain_signs(read(layout.pair))[:80])
            halves = pair
        first, second = halves
        if first is None or second is None or max(abs(first.value), abs(second.value)) > FURTHEST:
            raise ValueError("y" if first is not None and second is None else "x")
        return first, second

"""What looks wrong about sites that can be judged: areas that do not close, odd vertices, slivers, overlaps, places.

Nothing here changes a site; every row says where and how much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from ..geodesy.area import polygon_areas
from ..geodesy.parts import POLYGON, single_parts
from ..geodesy.planar import to_local_planes
from ..noticed import Noticed
from ..progress import Progress
from ..quality import kinds, pieces
from ..texts import Text
from . import forensics
from .forensics import Expected

MOST_ROWS = 1_000
SPIKE_DEG = 1.0
SLIVER_M = 0.5
LEAST_OVERLAP_M2 = 1.0
_ROUNDING_M2 = 1.0
_CLOSE = 2e-5
_TOO_SMALL_M2, _TOO_LARGE_M2 = 1.0, 1e8
_FACTORS = (
    (1e4, Text("申报面积的单位疑为公顷", "the declared area seems to be in hectares")),
    (
        1e-4,
        Text("申报面积的单位疑为平方米（误按公顷）", "the declared area seems to be square metres taken as hectares"),
    ),
    (1e4 / 15, Text("申报面积的单位疑为亩", "the declared area seems to be in mu")),
    (1 / 15, Text("申报面积的单位疑为亩（误按公顷）", "the declared area seems to be mu taken as hectares")),
    (1e6, Text("申报面积的单位疑为平方千米", "the declared area seems to be in square kilometres")),
)


def check(
    sites: gpd.GeoDataFrame,
    written: NDArray[np.object_],
    projected: bool,
    expected: Expected,
    progress: Progress = Progress(),
) -> list[Noticed]:
    """Return what is odd about sites, at most 1,000 rows of a kind.

    Parameters
    ----------
    sites : GeoDataFrame
        As `normalise` gives them.
    written : ndarray of geometry
        The same sites with the coordinates of the file.
    projected : bool
        Whether these are metres of a projection, so that their plane area is the one that papers declare.
    expected : Expected
        Where sites should lie.
    """
    found: list[Noticed] = []
    ids = sites["site_id"].to_numpy()
    geometry = np.asarray(sites.geometry.array, dtype=object)
    areas = np.concatenate([polygon_areas(geometry[part]) for part in pieces(geometry)])
    steps: tuple[Callable[[], Found], ...] = (
        lambda: _areas(sites["area_m2"].to_numpy(), areas, written, projected),
        lambda: _sizes(geometry, areas),
        lambda: _vertices(written, projected, progress),
        lambda: _slivers(geometry, progress),
        lambda: _overlaps(geometry, ids, progress),
        lambda: _places(geometry, expected),
    )
    for count, step in enumerate(steps):
        progress.step(count / len(steps))
        rows = []
        for row, problem, value, text in step():
            rows.append(Noticed(row + 1, str(ids[row]), "geometry", value, problem, text.zh, text.en))
            if len(rows) >= MOST_ROWS:
                more = Text(
                    f"同类情况超过 {MOST_ROWS} 条，其余未列", f"more than {MOST_ROWS} of this kind, not all listed"
                )
                rows.append(Noticed(0, "", "geometry", "", problem, more.zh, more.en))
                break
        found += rows
    return found


Found = Iterator[tuple[int, str, str, Text]]
Floats = NDArray[np.float64]


def _areas(
    declared: NDArray[np.float64], areas: NDArray[np.float64], written: NDArray[np.object_], plane: bool
) -> Found:
    """Hold declared areas against the plane area in the zone of the file and the area on the ellipsoid."""
    rows = np.flatnonzero((declared > 0) & (areas > 0))
    flat = shapely.area(written[rows]) if plane else np.full(len(rows), np.nan)
    for row, on_plane in zip(rows.tolist(), flat.tolist(), strict=True):
        said, true = float(declared[row]), float(areas[row])
        limit = max(_ROUNDING_M2, _CLOSE * said)
        values = f"申报 {said:.2f} m²；" + (f"平面 {on_plane:.2f} m²；" if plane else "") + f"椭球 {true:.2f} m²"
        if plane and abs(said - on_plane) <= limit:
            text = Text("申报面积与投影平面面积相符", "the declared area is the one in the plane of the zone")
            yield row, "area_proof", values, text
        elif abs(said - true) <= limit:
            yield (
                row,
                "area_proof",
                values,
                Text("申报面积与椭球面积相符", "the declared area is the one on the ellipsoid"),
            )
        else:
            yield row, "area_differs", values, _meaning(said, on_plane if plane else true)


def _meaning(said: float, found: float) -> Text:
    for factor, text in _FACTORS:
        if abs(found / said / factor - 1) < 0.02:
            return text
    share = said / found - 1
    if abs(share) < 0.003:
        return Text(
            f"与申报相差 {share:+.3%}，在不同投影带或椭球与平面之差的范围内",
            f"{share:+.3%} from the declared area, as between zones or between plane and ellipsoid",
        )
    return Text(
        f"与申报相差 {share:+.2%}，请核对界址点是否齐全、顺序是否正确",
        f"{share:+.2%} from the declared area: check that no point is missing and their order",
    )


def _sizes(geometry: NDArray[np.object_], areas: NDArray[np.float64]) -> Found:
    polygons = kinds(geometry) == "polygon"
    for row in np.flatnonzero(polygons & ((areas < _TOO_SMALL_M2) | (areas > _TOO_LARGE_M2))).tolist():
        value = f"{areas[row]:.2f} m²"
        yield (
            row,
            "magnitude",
            value,
            Text("面积的数量级异常，请核对单位和坐标", "an area of an odd magnitude: check units"),
        )


def _vertices(written: NDArray[np.object_], projected: bool, progress: Progress) -> Found:
    """Find vertices that repeat, and spikes: corners of less than one degree."""
    for piece in pieces(written):
        progress.step(0.4)
        start = piece.start
        parts = single_parts(written[piece])
        areal = parts.kind == POLYGON
        rings, inner = shapely.get_rings(parts.geoms[areal], return_index=True)
        owner = parts.owner[areal][inner] + start
        yield from _in_rings(rings, owner, projected)


def _in_rings(rings: NDArray[np.object_], owner: NDArray[np.intp], projected: bool) -> Found:
    if not len(rings):
        return
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    scaled = xy if projected else xy * np.column_stack([np.cos(np.radians(xy[:, 1])), np.ones(len(xy))])
    first = np.r_[True, np.diff(ring) > 0]
    last = np.r_[first[1:], True]
    same = np.r_[(np.diff(xy, axis=0) == 0).all(axis=1), False] & ~last
    rows, counts = np.unique(owner[ring[same]], return_counts=True)
    for row, count in zip(rows.tolist(), counts.tolist(), strict=True):
        yield row, "duplicate_vertices", str(count), Text(f"{count} 个重复的界址点", f"{count} vertices repeat")
    keep = ~same & ~last
    xy, scaled, ring = xy[keep], scaled[keep], ring[keep]
    yield from _touches(xy, ring, owner)
    start = np.flatnonzero(np.r_[True, np.diff(ring) > 0])
    size = np.diff(np.r_[start, len(ring)])
    place = np.arange(len(ring))
    ahead, behind = place + 1, place - 1
    ahead[start + size - 1] = start
    behind[start] = start + size - 1
    one, two = scaled[behind] - scaled, scaled[ahead] - scaled
    cross = np.abs(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0])
    dot = (one * two).sum(axis=1)
    spike = (np.arctan2(cross, dot) < np.radians(SPIKE_DEG)) & (size[np.searchsorted(start, place, "right") - 1] > 3)
    for at in np.flatnonzero(spike).tolist():
        text = Text("尖刺：夹角小于 1 度", "a spike: a corner of less than one degree")
        yield int(owner[ring[at]]), "spike", f"{xy[at, 0]:.10g}, {xy[at, 1]:.10g}", text


def _touches(xy: NDArray[np.float64], ring: NDArray[np.intp], owner: NDArray[np.intp]) -> Found:
    """Find vertices that one ring passes twice, apart from its closing point."""
    order = np.lexsort((xy[:, 1], xy[:, 0], ring))
    same = (np.diff(ring[order]) == 0) & (np.diff(xy[order], axis=0) == 0).all(axis=1)
    for at in np.sort(order[:-1][same]).tolist():
        value = f"{xy[at, 0]:.10g}, {xy[at, 1]:.10g}"
        yield int(owner[ring[at]]), "vertex_twice", value, Text("边界两次经过同一点", "the border passes a point twice")


def _slivers(geometry: NDArray[np.object_], progress: Progress) -> Found:
    """Find parts narrower than half a metre: twice the area over the perimeter."""
    for piece in pieces(geometry):
        progress.step(0.6)
        start = piece.start
        parts = single_parts(geometry[piece])
        areal = parts.kind == POLYGON
        flat = to_local_planes(parts.geoms[areal])
        length = shapely.length(flat)
        width = np.divide(2 * shapely.area(flat), length, out=np.full(len(flat), np.inf), where=length > 0)
        for at in np.flatnonzero(width < SLIVER_M).tolist():
            text = Text("狭长碎片：平均宽度不足 0.5 米", "a sliver: less than half a metre wide on average")
            yield int(parts.owner[areal][at]) + start, "sliver", f"{width[at]:.3f} m", text


def _overlaps(geometry: NDArray[np.object_], ids: NDArray[np.object_], progress: Progress) -> Found:
    """Find polygon sites that cover each other by more than a square metre."""
    areal = np.flatnonzero(kinds(geometry) == "polygon")
    if len(areal) < 2:
        return
    tree = shapely.STRtree(geometry[areal])
    for piece in pieces(geometry[areal], vertices=2_000_000):
        progress.step(0.8)
        start = piece.start
        some = areal[piece]
        left, right = tree.query(geometry[some], predicate="intersects")
        left = left + start
        ahead = right > left
        a, b = areal[left[ahead]], areal[right[ahead]]
        shared = polygon_areas(shapely.intersection(geometry[a], geometry[b]))
        for at in np.flatnonzero(shared > LEAST_OVERLAP_M2).tolist():
            other = str(ids[b[at]])
            text = Text(f"与地块 {other} 重叠", f"overlaps site {other}")
            yield int(a[at]), "overlap", f"{shared[at]:.2f} m²", text


def _places(geometry: NDArray[np.object_], expected: Expected) -> Found:
    for row in np.flatnonzero(forensics.outside(geometry, expected)).tolist():
        x, y = shapely.get_coordinates(geometry[row])[0]
        text = Text("位于预期区域之外，请核对坐标系和坐标", "outside the expected region: check the CRS")
        yield row, "outside_region", f"{x:.6f}, {y:.6f}", text

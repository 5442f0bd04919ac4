"""Geometry made fit for judging: repaired on a copy, every change listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .errors import EcoRedlineError
from .features import REPAIR_COLUMNS
from .geodesy.area import polygon_areas
from .texts import Text
from .threads import spread

KIND_OF_TYPE = np.array(["point", "line", "line", "polygon", "point", "line", "polygon", "collection"], dtype=object)
KIND_TEXTS = {
    "point": Text("点", "point"),
    "line": Text("线", "line"),
    "polygon": Text("面", "polygon"),
    "collection": Text("几何集合", "geometry collection"),
}
_SHOWN = 10


@dataclass(frozen=True)
class Repaired:
    """Geometry fit for judging.

    Attributes
    ----------
    geoms : ndarray of geometry
        Valid and not empty where `kept`.
    kept : ndarray of bool
        Which features remain.
    repairs : DataFrame
        ``fid, problem, problem_zh, area_before_m2, area_after_m2``: one row per feature changed or dropped;
        areas on the ellipsoid, NaN where there is none.
    """

    geoms: NDArray[np.object_]
    kept: NDArray[np.bool_]
    repairs: pd.DataFrame


def named(items: Sequence[object] | NDArray[np.object_]) -> str:
    """Return at most ten items for a message, and how many there are."""
    shown = ", ".join(map(str, items[:_SHOWN]))
    return f"{shown} … ({len(items)})" if len(items) > _SHOWN else shown


def kinds(geoms: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return ``point``, ``line``, ``polygon`` or ``collection`` per geometry; None where there is none."""
    types = shapely.get_type_id(geoms)
    found: NDArray[np.object_] = KIND_OF_TYPE[types]
    found[types < 0] = None
    return found


def pieces(geoms: NDArray[np.object_], features: int = 20_000, vertices: int = 500_000) -> list[slice]:
    """Return slices of an array of geometries that hold a bounded number of features and, where they can, of vertices.

    Work done piece by piece keeps memory bounded and hears a cancel, however large single features are.
    """
    if not len(geoms):
        return []
    counts = np.cumsum(shapely.get_num_coordinates(geoms))
    cuts = [0]
    while cuts[-1] < len(geoms):
        start = cuts[-1]
        before = counts[start - 1] if start else 0
        end = int(np.searchsorted(counts, before + vertices, "right"))
        cuts.append(min(max(end, start + 1), start + features, len(geoms)))
    return [slice(a, b) for a, b in pairwise(cuts)]


def nothing_there(geoms: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which features have no geometry: null, empty, or a point at exactly 0, 0.

    OGR hands an empty point over as ``POINT (0 0)``.
    """
    none: NDArray[np.bool_] = shapely.is_missing(geoms) | shapely.is_empty(geoms)
    points = shapely.get_type_id(geoms) == 0
    none[points] |= (shapely.get_x(geoms[points]) == 0) & (shapely.get_y(geoms[points]) == 0)
    return none


def check_finite(
    geoms: NDArray[np.object_], fids: NDArray[np.object_], where: str, fail: type[EcoRedlineError]
) -> None:
    """Refuse coordinates that are not numbers.

    Raises
    ------
    EcoRedlineError
        Of the type given, naming the features.
    """
    if all(np.isfinite(shapely.get_coordinates(geoms[part])).all() for part in pieces(geoms)):
        return
    xy, owner = shapely.get_coordinates(geoms, return_index=True)
    bad = np.unique(owner[~np.isfinite(xy).all(axis=1)])
    if len(bad):
        shown = named(fids[bad])
        raise fail(
            Text(
                f"{where}：坐标不是有限数（NaN 或无穷），要素：{shown}",
                f"{where}: coordinates are NaN or infinite, features: {shown}",
            ),
            Text("这样的要素无法判断位置。", "Where such a feature lies cannot be told."),
            Text("请在数据中改正或删去这些要素。", "Correct or remove these features in the data."),
        )


def check_kinds(
    geoms: NDArray[np.object_],
    allowed: Sequence[str],
    fids: NDArray[np.object_],
    where: str,
    fail: type[EcoRedlineError],
) -> None:
    """Refuse geometry of another kind than those allowed.

    Raises
    ------
    EcoRedlineError
        Of the type given, naming the features and their kind.
    """
    found = kinds(geoms)
    wrong = np.flatnonzero(~np.isin(found, np.array([*allowed, None], dtype=object)))
    if len(wrong):
        kind = KIND_TEXTS[str(found[wrong[0]])]
        wanted_zh, wanted_en = (
            "、".join(KIND_TEXTS[a].zh for a in allowed),
            " or ".join(KIND_TEXTS[a].en for a in allowed),
        )
        shown = named(fids[wrong])
        raise fail(
            Text(
                f"{where}：几何类型为{kind.zh}，应为{wanted_zh}，要素：{shown}",
                f"{where}: geometry is {kind.en}, not {wanted_en}, features: {shown}",
            ),
            remedy=Text(
                "请核对数据源和图层，或拆分几何集合。", "Check source and layer, or split geometry collections."
            ),
        )


def _polygon_parts(geoms: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the polygon parts of what a repair left, None where there are none."""
    out = geoms.copy()
    for i in np.flatnonzero(shapely.get_type_id(geoms) == 7):
        parts = [part for part in shapely.get_parts(geoms[i]) if part.geom_type in ("Polygon", "MultiPolygon")]
        out[i] = shapely.union_all(parts) if parts else None
    out[kinds(out) != "polygon"] = None
    return out


def repair(geoms: NDArray[np.object_], fids: NDArray[np.object_], closed: NDArray[np.bool_] | None = None) -> Repaired:
    """Return geometry that is valid and not empty.

    Invalid polygons are rebuilt from their rings on a copy (`shapely.make_valid`, method
    ``structure``: every ring is taken as a border, as its author meant it), and only polygon parts
    are kept. Features without geometry, or of which nothing is left, are dropped.

    Parameters
    ----------
    geoms : ndarray of geometry
        In EPSG:4490, finite; None for no geometry. Not changed.
    fids : ndarray of str
        The features' names in messages.
    closed : ndarray of bool, optional
        Features whose rings were closed on reading; listed where nothing else is wrong with them.
    """
    out = geoms.copy()
    none = nothing_there(geoms)
    bad = np.flatnonzero(~none & ~spread(shapely.is_valid, geoms))
    polygons = bad[kinds(geoms[bad]) == "polygon"]
    out[bad] = None
    out[polygons] = _polygon_parts(shapely.make_valid(geoms[polygons], method="structure", keep_collapsed=False))
    kept: NDArray[np.bool_] = ~(shapely.is_missing(out) | shapely.is_empty(out) | none)
    reasons = shapely.is_valid_reason(geoms[bad])
    only_closed = np.setdiff1d(np.flatnonzero(closed & ~none) if closed is not None else [], bad).astype(int)
    rows = np.concatenate([np.flatnonzero(none), bad, only_closed])
    problems = np.concatenate(
        [np.repeat(_NOTHING, int(none.sum())), reasons, np.repeat(_UNCLOSED, len(only_closed))]
    ).astype(object)
    texts = [_problem_zh(str(problem), bool(kept[row])) for problem, row in zip(problems, rows, strict=True)]
    before = np.where(none[rows], np.nan, polygon_areas(geoms[rows])) if len(rows) else np.empty(0)
    after = np.where(kept[rows], polygon_areas(out[rows]), np.nan) if len(rows) else np.empty(0)
    repairs = pd.DataFrame(dict(zip(REPAIR_COLUMNS, (fids[rows], problems, texts, before, after), strict=True)))
    return Repaired(out, kept, repairs)


_NOTHING = "No geometry"
_UNCLOSED = "Ring was not closed"
_REASONS_ZH = (
    (_UNCLOSED, "环未闭合"),
    ("Self-intersection", "边界自相交"),
    ("Ring Self-intersection", "环自相交"),
    ("Hole lies outside shell", "内环在外环之外"),
    ("Holes are nested", "内环嵌套"),
    ("Nested shells", "外环嵌套"),
    ("Nested holes", "内环嵌套"),
    ("Duplicate Rings", "环重复"),
    ("Too few points", "点数不足"),
    ("Interior is disconnected", "内部不连通"),
)


def _problem_zh(reason: str, kept: bool) -> str:
    if reason == _NOTHING:
        return "无几何，已略去"
    kind, _, place = reason.partition("[")
    words = next((zh for en, zh in _REASONS_ZH if kind.startswith(en)), kind)
    end = "已修复" if kept else "修复后无剩余，已略去"
    return f"{words}（{place.rstrip(']')}），{end}" if place else f"{words}，{end}"

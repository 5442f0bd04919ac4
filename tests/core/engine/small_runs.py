"""Small screenings built in memory: shapes in metres about a point, layers, rules, packs, profiles."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from ecoredline.layers.layerset import Absence, LayerSet, LayerSource
from ecoredline.layers.texts import Text
from ecoredline.processing.engine import Screening, screen
from ecoredline.processing.rules.model import ExceptionClause, Pack, Place, Rule
from ecoredline.processing.rules.predicates import Predicate
from shapely.geometry.base import BaseGeometry

AS_OF = date(2026, 11, 1)
# CGCS2000; PROJ has no name for it.
GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)
REQUIRED_BY_DEFAULT = (
    "control_unit", "red_line", "bank_line", "water_source", "protected_area", "permanent_farmland", "district",
)  # fmt: skip
FIELDS: dict[str, dict[str, str]] = {
    "bank_line": {"river": "甲江", "river_class": "mainstem", "bank_def": "临水线"},
    "water_source": {"level": "level1"},
}
EDGE_M = 20.0  # an edge this short, straight in lon/lat, leaves the straight edge of the plane by 5 µm

Shape = BaseGeometry | tuple[BaseGeometry, Mapping[str, Any]]


class Ground:
    """Shapes given in metres east and north of a point, returned in degrees.

    PROJ's transverse Mercator about the point itself: true to 1e-7 within 3 km.
    """

    def __init__(self, lon: float = 106.5, lat: float = 29.5) -> None:
        self._plane = pyproj.Proj(f"+proj=tmerc +lon_0={lon} +lat_0={lat} +k=1 +a=6378137 +rf=298.257222101")

    def degrees(self, shape: BaseGeometry, edge_m: float = EDGE_M) -> BaseGeometry:
        return shapely.transform(
            shapely.segmentize(shape, edge_m),
            lambda xy: np.column_stack(self._plane(*xy.T.tolist(), inverse=True)),
        )

    def metres(self, shape: BaseGeometry, edge_deg: float = 0.0002) -> BaseGeometry:
        return shapely.transform(
            shapely.segmentize(shape, edge_deg), lambda xy: np.column_stack(self._plane(*xy.T.tolist()))
        )

    def box(self, west: float, south: float, east: float, north: float, edge_m: float = EDGE_M) -> BaseGeometry:
        return self.degrees(shapely.box(west, south, east, north), edge_m)

    def line(self, *xy: tuple[float, float]) -> BaseGeometry:
        return self.degrees(shapely.LineString(xy))

    def point(self, x: float, y: float) -> BaseGeometry:
        return self.degrees(shapely.Point(x, y))


GROUND = Ground()


def rule(
    id_: str = "T-01",
    layer: str = "red_line",
    place: str = "intersects",
    value: float | None = None,
    verdict: str = "prohibited",
    *,
    project: Predicate | None = None,
    feature: Mapping[str, tuple[str, ...]] | None = None,
    exceptions: Iterable[ExceptionClause] = (),
    status: str = "ready",
    from_: date | None = None,
    to: date | None = None,
    cap: str | None = None,
    access_list: bool = False,
    question: str = "",
) -> Rule:
    return Rule(
        id_, "test", "试行规则", "第一条", "条文", from_, to, status, "生态环境", layer, Place(place, value),
        feature or {}, project, verdict, cap, tuple(exceptions), Text(question, question), (), access_list,
    )  # fmt: skip


def pack(*rules: Rule, id_: str = "test", digest: str = "0" * 64, **more: Any) -> Pack:
    about = {"basin": None, "counties": (), "in_force_from": None, "in_force_to": None} | more
    return Pack(
        id_, "试行规则", "虚构", "", "法律", about["basin"], about["counties"], about["in_force_from"],
        about["in_force_to"], rules, (), Path("test.toml"), digest,
    )  # fmt: skip


def layer(role: str, *shapes: Shape, accuracy_m: float = 0.0, authority: str = "statutory", **more: Any) -> LayerSource:
    """Return a layer in memory; a shape may come with fields of its own."""
    rows, geometry = [], []
    for n, shape in enumerate(shapes):
        shape, own = shape if isinstance(shape, tuple) else (shape, {})
        code = f"ZH500101{2}{n + 1:04d}" if role == "control_unit" else f"F{n}"
        rows.append({"code": code, **FIELDS.get(role, {}), **own})
        geometry.append(shape)
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, dtype=object), geometry=geometry, crs="EPSG:4490")
    return LayerSource(role, "in memory", accuracy_m=accuracy_m, authority=authority, frame=frame, **more)


def sites(*shapes: Shape) -> gpd.GeoDataFrame:
    """Return sites, numbered S0, S1, … where they do not name themselves."""
    rows, geometry = [], []
    for n, shape in enumerate(shapes):
        shape, own = shape if isinstance(shape, tuple) else (shape, {})
        rows.append({"site_id": f"S{n}", **own})
        geometry.append(shape)
    return gpd.GeoDataFrame(pd.DataFrame(rows, dtype=object), geometry=geometry, crs="EPSG:4490")


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


@cache
def profile(required: tuple[str, ...] = (), optional: tuple[str, ...] = ()) -> str:
    """Return the path of a check profile; what it leaves out has a reason."""
    dropped = [role for role in REQUIRED_BY_DEFAULT if role not in (*required, *optional)]
    text = [
        'id = "small"',
        f"required = {list(required)}",
        f"optional = {list(optional)}",
        '[name]\nzh = "小"\nen = "small"',
    ]
    text += [f'[[dropped]]\nrole = "{role}"\nreason = "本例不问"' for role in dropped]
    path = Path(_folder().name) / f"{'-'.join(required)}+{'-'.join(optional)}.toml"
    path.write_text("\n".join(text), encoding="utf-8")
    return str(path)


def run(
    where: gpd.GeoDataFrame | Shape | Iterable[Shape],
    layers: Iterable[LayerSource],
    *rules_or_packs: Rule | Pack,
    required: tuple[str, ...] = (),
    optional: tuple[str, ...] = (),
    absences: tuple[Absence, ...] = (),
    **more: Any,
) -> Screening:
    """Screen; rules that stand alone make one pack, and nothing is required but what is named."""
    if isinstance(where, BaseGeometry | tuple):
        where = [where]
    frame = where if isinstance(where, gpd.GeoDataFrame) else sites(*where)
    loose = [each for each in rules_or_packs if isinstance(each, Rule)]
    packs = tuple(each for each in rules_or_packs if isinstance(each, Pack))
    packs = (*packs, pack(*loose)) if loose or not packs else packs
    return screen(
        frame, LayerSet("small", tuple(layers), absences), packs,
        **{"as_of": AS_OF, "profile": profile(required, optional), **more},
    )  # fmt: skip


def one(table: pd.DataFrame, **wanted: Any) -> pd.Series:
    """Return the only row that has those values."""
    kept = table
    for name, value in wanted.items():
        kept = kept[kept[name] == value]
    assert len(kept) == 1, f"{len(kept)} rows of {wanted or 'all'}:\n{table.to_string()}"
    return kept.iloc[0]


def outcome(screening: Screening, rule_id: str = "T-01", site_id: str = "S0") -> str:
    return str(one(screening.outcomes(site_id), rule_id=rule_id)["outcome"])


def answers(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Return answers, given as site, rule, question and 是 or 否."""
    table = pd.DataFrame(rows, columns=["site_id", "rule_id", "question", "answer"])
    return table.assign(who="张三", when="2026-10-30", why="见附件")


def area_m2(shape: BaseGeometry) -> float:
    """Return an area by pyproj's geodesic polygons over edges broken to about 10 m: none of the engine's formulas."""
    total = 0.0
    for part in shapely.get_parts(shape):
        for ring, sign in [(part.exterior, 1), *((inner, -1) for inner in part.interiors)]:
            xy = shapely.get_coordinates(shapely.segmentize(ring, 0.0001))
            total += sign * abs(GEOD.polygon_area_perimeter(xy[:, 0], xy[:, 1])[0])
    return total


def length_m(line: BaseGeometry) -> float:
    """Return a length by pyproj over edges broken to about 10 m."""
    return sum(
        float(GEOD.line_length(*shapely.get_coordinates(shapely.segmentize(part, 0.0001)).T))
        for part in shapely.get_parts(line)
    )


def five_sites(out: Path, name: str = "甲", **more: Any) -> Screening:
    """Screen five sites, two of one project, of which some meet a red line."""
    where = [
        (GROUND.box(300 * n, 0, 300 * n + 20, 20), {"project_id": "P" if n in (0, 4) else None, "name": name})
        for n in range(5)
    ]
    return run(where, [layer("red_line", GROUND.box(0, 0, 1000, 1000))], rule(), out=out, **more)

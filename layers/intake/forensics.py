"""Which coordinate system an upload is in: every candidate with place, score and reasons; unclear cases ask.

A score is the share of one candidate in the product of how common it is, whether it lies where sites are expected,
and how it agrees with what the file says, with declared areas and with a reference layer. Datums that differ by
metres only (Xian 1980, GCJ-02 …) cannot be told by size: without a word in the file or a reference that agrees,
no candidate is clear.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ..coordinates import TARGET
from ..geodesy.area import polygon_areas
from ..texts import Text
from .shapes import Header
from .systems import DEGREES, System, fitting, located, straight

Floats = NDArray[np.float64]
CHONGQING = (105.28, 28.16, 110.20, 32.21)
"""Extent of Chongqing, degrees: where sites are expected unless the caller says otherwise."""
CLEAR = 0.95
COLUMNS = ("crs", "shifted", "score", "reasons", "reasons_en", "geometry")
_SAMPLE = 4_000
_SHAPES = 300
_NEAR_M = 2.0
_AGREES, _LEAST_AGREED = 0.3, 3
_TELLS, _LEAST_TELLING = 0.9, 6  # fewer corners lie on a neighbour by chance once in some thousand sites
_AREA_FITS = 0.01
_METRE_DEG = 1.0 / 111_000.0
_AGAINST = 0.01


@dataclass(frozen=True, eq=False)
class Expected:
    """Where sites are expected.

    Attributes
    ----------
    region : geometry
        District or extent, EPSG:4490.
    reference : ndarray of geometry or None
        Borders of neighbouring layers that sites share vertices or edges with, EPSG:4490.
    """

    region: shapely.Geometry = field(default_factory=lambda: shapely.box(*CHONGQING))
    reference: NDArray[np.object_] | None = None


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is weighed.

    Attributes
    ----------
    geometry : ndarray of geometry
        As written.
    header : Header
        What the file says.
    area_m2 : ndarray of float or None
        Declared areas; NaN where none.
    """

    geometry: NDArray[np.object_]
    header: Header = field(default_factory=Header)
    area_m2: Floats | None = None


@dataclass(frozen=True, eq=False)
class Candidate:
    """One system with its share and what speaks for and against it."""

    system: System
    score: float
    reasons: tuple[Text, ...]
    against: bool
    told: bool
    extent: shapely.Geometry


def candidates(evidence: Evidence, expected: Expected = Expected()) -> list[Candidate]:
    """Return the systems that the coordinates fit, the likeliest first.

    Parameters
    ----------
    evidence : Evidence
        Coordinates and what is said of them.
    expected : Expected
        Where sites should lie.
    """
    xy = _sample(evidence.geometry)
    if not len(xy):
        return []
    systems = fitting(xy)
    if evidence.header.degrees:
        systems = [system for system in systems if not system.projected and not system.packed]
    areas = [_area_off(system, evidence) for system in systems]
    if not any(
        off < _AREA_FITS for off in areas
    ):  # of another unit or a slip of the pen: it tells nothing of the system
        areas = [np.nan] * len(systems)
    weighed = [_weigh(system, xy, evidence, off, expected) for system, off in zip(systems, areas, strict=True)]
    total = sum(weight for weight, *_ in weighed)
    found = [
        Candidate(system, weight / total, reasons, against, told, extent)
        for system, (weight, reasons, against, told, extent) in zip(systems, weighed, strict=True)
    ]
    return sorted(found, key=lambda one: -one.score)


def clear(found: Sequence[Candidate]) -> Candidate | None:
    """Return the candidate that needs no question: told by evidence, nothing against it, 95 % of all that fits."""
    if not found:
        return None
    first = found[0]
    return first if first.score >= CLEAR and first.told and not first.against else None


def table(found: Sequence[Candidate]) -> gpd.GeoDataFrame:
    """Return candidates as ``crs, shifted, score, reasons, reasons_en, geometry`` (extent in EPSG:4490)."""
    rows = [
        (one.system.word, one.system.shifted, round(one.score, 4), told.zh, told.en, one.extent)
        for one, told in ((one, _told(one)) for one in found)
    ]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=list(COLUMNS)), geometry="geometry", crs=TARGET)


def _told(one: Candidate) -> Text:
    texts = (one.system.text, *one.reasons)
    return Text("；".join(text.zh for text in texts), "; ".join(text.en for text in texts))


def _sample(geometry: NDArray[np.object_]) -> Floats:
    """Return a few thousand vertices, those of the outermost shapes among them."""
    here = geometry[~shapely.is_missing(geometry) & ~shapely.is_empty(geometry)]
    if not len(here):
        return np.empty((0, 2))
    step = max(1, len(here) // _SAMPLE)
    xy = shapely.get_coordinates(here[::step])
    xy = xy[:: max(1, len(xy) // _SAMPLE)]
    bounds = shapely.bounds(here)
    furthest = [bounds[:, 0].argmin(), bounds[:, 1].argmin(), bounds[:, 2].argmax(), bounds[:, 3].argmax()]
    together = np.unique(np.concatenate([xy, shapely.get_coordinates(here[furthest])]), axis=0)
    return np.asarray(together[np.isfinite(together).all(axis=1)], dtype=np.float64)


def _weigh(
    system: System, xy: Floats, evidence: Evidence, area_off: float, expected: Expected
) -> tuple[float, tuple[Text, ...], bool, bool, shapely.Geometry]:
    """Return weight, reasons, whether something contradicts, whether evidence tells the datum, and the extent."""
    places = located(xy, system)
    weight, against = system.prior, False
    reasons: list[Text] = []
    if not np.isfinite(places).all():
        return 1e-9, (Text("坐标无法反算", "cannot be undone"),), True, False, shapely.Point()
    extent = shapely.box(*places.min(axis=0), *places.max(axis=0))
    # an old datum is located without its shift, so that agreement with a reference would be chance
    share = 0.0 if system.datum in ("xian80", "beijing54") else agreement(places, expected.reference)
    for factor, reason in (
        _by_region(places, expected),
        _by_zone(places, system),
        _by_header(system, evidence.header),
        _by_area(area_off),
        _by_reference(share, len(places)),
    ):
        weight *= factor
        if reason is not None:
            reasons.append(reason)
            against = against or factor <= 0.1
    told = share * len(places) >= _LEAST_TELLING and share >= _TELLS
    told = (told or _datum_said(system, evidence.header)) and not system.packed  # minutes may be met by chance
    return max(weight, 1e-12), tuple(reasons), against, told, extent


def _by_region(places: Floats, expected: Expected) -> tuple[float, Text | None]:
    inside = float(np.mean(shapely.contains_xy(expected.region, places[:, 0], places[:, 1])))
    if inside > 0.5:
        return 1.0, Text("位于预期区域内", "inside the expected region")
    near = shapely.dwithin(expected.region, shapely.Point(places.mean(axis=0)), 0.05)
    if inside > 0 or near:
        return 0.3, Text("位于预期区域边缘", "at the rim of the expected region")
    return 0.005, Text("位于预期区域之外", "outside the expected region")


def _by_zone(places: Floats, system: System) -> tuple[float, Text | None]:
    if system.meridian is None or system.width is None:
        return 1.0, None
    away = float(np.abs(places[:, 0] - system.meridian).max()) / (system.width / 2)
    if away <= 1.1:
        return 1.0, None
    if away <= 2.1:
        return 0.3, Text("在相邻带内", "in the next zone")
    return 0.02, Text("远离该带", "far from the zone")


def _by_header(system: System, header: Header) -> tuple[float, Text | None]:
    factor, said = 1.0, []
    if header.datum:
        same = system.datum == header.datum or (system.datum == "cgcs2000" and header.datum == "wgs84")
        factor *= 1.0 if same else _AGAINST
        said.append(same)
    if system.meridian is not None and header.meridian is not None:
        same = abs(system.meridian - header.meridian) < 0.01
        factor *= 1.0 if same else _AGAINST
        said.append(same)
    if system.width is not None and header.width is not None and header.meridian is None:
        same = system.width == header.width
        factor *= 1.0 if same else 0.05
        said.append(same)
    if header.meridian is not None and not system.projected:
        factor *= _AGAINST
        said.append(False)
    if not said:
        return factor, None
    return factor, (
        Text("与文件所述一致", "as the file says") if all(said) else Text("与文件所述不符", "not what the file says")
    )


def _datum_said(system: System, header: Header) -> bool:
    if not header.datum:
        return False
    return system.datum == header.datum or (system.datum == "cgcs2000" and header.datum == "wgs84")


def _by_area(off: float) -> tuple[float, Text | None]:
    if np.isnan(off) or _AREA_FITS <= off < 0.1:
        return 1.0, None
    if off < _AREA_FITS:
        return 1.0, Text("面积与申报相符", "areas agree with those declared")
    return 0.02, Text("面积与申报不符", "areas differ from those declared")


def _area_off(system: System, evidence: Evidence) -> float:
    """Return by how much the shapes in this system differ from their declared areas, NaN where none is declared."""
    if evidence.area_m2 is None:
        return float("nan")
    given = np.flatnonzero(evidence.area_m2 > 0)[:_SHAPES]
    shapes = evidence.geometry[given]
    polygons = np.isin(shapely.get_type_id(shapes), (3, 6))
    given, shapes = given[polygons], shapes[polygons]
    if not len(given):
        return float("nan")
    if system.projected and system.crs != "EPSG:3857":
        sizes = shapely.area(shapes)
    else:
        sizes = polygon_areas(shapely.transform(shapes, lambda xy: located(xy, system)))
    declared = evidence.area_m2[given]
    return float(np.median(np.abs(sizes - declared) / declared))


def _by_reference(share: float, count: int) -> tuple[float, Text | None]:
    """Weigh how many vertices lie on the borders of a reference layer."""
    if share < _AGREES or share * count < _LEAST_AGREED:
        return 1.0, None
    return 1.0 + 1000.0 * share, Text(
        f"{share:.0%} 的顶点与参考图层重合", f"{share:.0%} of the vertices lie on the reference layer"
    )


def agreement(places: Floats, reference: NDArray[np.object_] | None) -> float:
    """Return the share of places within 2 m of the borders of reference features (EPSG:4490)."""
    if reference is None or not len(reference) or not len(places):
        return 0.0
    shrink = np.array([np.cos(np.radians(places[:, 1].mean())), 1.0])
    borders = shapely.get_parts(shapely.boundary(reference[np.isin(shapely.get_type_id(reference), (3, 6))]))
    lines = reference[~np.isin(shapely.get_type_id(reference), (3, 6))]
    tree = shapely.STRtree(shapely.transform(np.concatenate([borders, lines]), lambda xy: xy * shrink))
    points = shapely.points(places * shrink)
    hit = tree.query(points, predicate="dwithin", distance=_NEAR_M * _METRE_DEG)[0]
    return len(np.unique(hit)) / len(points)


def shift_suspected(geometry: NDArray[np.object_], expected: Expected) -> System | None:
    """Return GCJ-02 or BD-09 where degrees lie on the reference only after that shift is undone.

    Parameters
    ----------
    geometry : ndarray of geometry
        In degrees, said to be CGCS2000 or WGS 84.
    expected : Expected
        With a reference; without one nothing is suspected.
    """
    xy = _sample(geometry)
    as_it_is = agreement(xy, expected.reference)
    for system in (System("GCJ-02", datum="gcj02"), System("BD-09", datum="bd09")):
        share = agreement(straight(xy, system), expected.reference)
        if share >= _AGREES and share * len(xy) >= _LEAST_AGREED and share > 2 * as_it_is:
            return system
    return None


def outside(geometry: NDArray[np.object_], expected: Expected) -> NDArray[np.bool_]:
    """Return which geometries (EPSG:4490) do not meet the expected region."""
    shapely.prepare(expected.region)
    away: NDArray[np.bool_] = ~shapely.intersects(expected.region, geometry)
    return away


__all__ = [
    "CHONGQING", "CLEAR", "DEGREES", "Candidate", "Evidence", "Expected",
    "agreement", "candidates", "clear", "outside", "shift_suspected", "table",
]  # fmt: skip

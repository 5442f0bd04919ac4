"""What lives along the rivers and on the hills: wetlands, drawdown zone, function zones, space, receptors, uses."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import shapely.ops
from shapely.affinity import rotate, translate

from . import plan
from .land import Land, Stream
from .outline import ripple, wobble
from .partition import faces, joined, within
from .zones import Zones

FILE = Path(__file__).with_name("ecology.toml")
BANK_STRIP_M = 75.0
# Land and water on both sides of the water's edge that the yearly level uncovers, m.
DRAWDOWN_M = (16.0, 42.0)
RECEPTOR_APART_M = 160.0

Spec = Mapping[str, Any]


@dataclass(frozen=True)
class Named:
    """One feature in the plane with its columns."""

    geometry: shapely.Geometry
    columns: dict[str, object]


@dataclass(frozen=True)
class Ecology:
    """All that is drawn after the sites, so that nothing of it moves them."""

    wetlands: list[Named]
    drawdown: list[Named]
    function_zones: list[Named]
    eco_space: list[Named]
    receptors: list[Named]
    bank_uses: list[Named]


@cache
def specs() -> Mapping[str, Any]:
    """Return what stands in ecology.toml."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def draw(rng: np.random.Generator, land: Land, zones: Zones, taken: shapely.Geometry) -> Ecology:
    """Return everything; receptors keep off the ground that sites have taken."""
    wetlands = [_wetland(rng, land, spec) for spec in specs()["wetland"]]
    return Ecology(
        wetlands,
        _drawdown(rng, land),
        [zone for spec in specs()["function_zone"] for zone in _function_zones(land, spec)],
        _eco_space(land, zones),
        _receptors(rng, land, zones, taken),
        [use for spec in specs()["bank_use"] for use in _bank_uses(rng, land, spec)],
    )


def bank(land: Land, key: str) -> tuple[Stream, str, shapely.LineString]:
    """Return the river, the side and the longest stretch of a bank within the district, by ``river:side``."""
    name, side = key.split(":")
    stream = land.streams[name]
    inside = shapely.get_parts(shapely.intersection(getattr(stream, side), land.district))
    line: shapely.LineString = max(inside, key=shapely.length)
    whole: shapely.LineString = getattr(stream, side)
    if whole.project(shapely.Point(line.coords[0])) > whole.project(shapely.Point(line.coords[-1])):
        line = shapely.reverse(line)
    return stream, side, line


def stretch(line: shapely.LineString, start: float, end: float) -> shapely.LineString:
    """Return a part of a line between two shares of its length."""
    part: shapely.LineString = shapely.ops.substring(line, start, end, normalized=True)
    return part


def _wetland(rng: np.random.Generator, land: Land, spec: Spec) -> Named:
    if ":" in spec["along"]:
        middle = stretch(bank(land, spec["along"])[2], spec["from"], spec["to"])
    else:
        middle = stretch(land.streams[spec["along"]].axis, spec["from"], spec["to"])
    soft = middle.buffer(spec["width"], quad_segs=8)
    ring = np.asarray(shapely.segmentize(soft.simplify(3.0), 40.0).exterior.coords)[:-1]
    grown = shapely.Polygon(wobble(ring, 0.12 * spec["width"], rng, (8, 60), closed=True)).buffer(0)
    area = max(shapely.get_parts(shapely.intersection(grown, land.district)), key=shapely.area)
    return Named(
        shapely.Polygon(area.exterior), {"SDBM": spec["code"], "SDMC": spec["name"], "湿地级别": spec["grade"]}
    )


def _drawdown(rng: np.random.Generator, land: Land) -> list[Named]:
    """Return the strip that the yearly level of the mainstem uncovers, one feature per bank."""
    out = []
    for n, side in enumerate(("left", "right"), 1):
        stream, _, line = bank(land, f"mainstem:{side}")
        points = np.asarray(line.simplify(2.0).segmentize(40.0).coords)
        to_land = 1.0 if side == "left" else -1.0
        normal = np.gradient(points, axis=0)
        normal = np.column_stack((-normal[:, 1], normal[:, 0])) / np.hypot(*normal.T)[:, None] * to_land
        width = [w * np.clip(1.0 + 0.3 * ripple(rng, len(points), (5, 70)), 0.35, 1.8)[:, None] for w in DRAWDOWN_M]
        ring = np.vstack((points + normal * width[0], (points - normal * width[1])[::-1]))
        strip = shapely.intersection(shapely.Polygon(ring).buffer(0), land.district)
        whole = max(shapely.get_parts(strip), key=shapely.area)
        name = f"{stream.river.name}{'左岸' if side == 'left' else '右岸'}消落区"
        out.append(Named(whole, {"编码": f"XL500199{n:03d}", "名称": name, "HLMC": stream.river.name}))
    return out


def _function_zones(land: Land, spec: Spec) -> list[Named]:
    """Return the zones of one bank: the strip beyond the water's edge cut at stations, square to the bank."""
    stream, side, line = bank(land, spec["bank"])
    word = "左岸" if side == "left" else "右岸"
    reach = line.buffer(BANK_STRIP_M, cap_style="flat", quad_segs=3)
    strip = shapely.intersection(shapely.difference(reach, land.water), land.district)
    cuts = [_square(line, start) for _, start, _ in spec["kinds"][1:]]
    parts = faces([strip, *cuts])
    parts = parts[within(parts, strip)]
    stations = np.array([line.project(p, normalized=True) for p in shapely.point_on_surface(parts)])
    out = []
    for n, (kind, start, end) in enumerate(spec["kinds"], 1):
        zone = joined(parts[(stations >= start) & (stations < end + (end == 1.0))])
        code = f"GNQ500199{_bank_number(spec)}{n:02d}"
        name = f"{stream.river.name}{word}{kind}{n}"
        out.append(Named(zone, {"GNQBM": code, "GNQMC": name, "HLMC": stream.river.name, "AB": word, "GNQLX": kind}))
    return out


def _bank_number(spec: Spec) -> int:
    """Return two digits for a bank: its river in the order of the plan, then 1 left or 2 right."""
    key, side = spec["bank"].split(":")
    return 10 * (1 + [river.key for river in plan.RIVERS].index(key)) + (1 if side == "left" else 2)


def _square(line: shapely.LineString, share: float) -> shapely.LineString:
    """Return a line square to another at a share of its length, twice the strip to either side."""
    at = share * line.length
    a, b = (np.asarray(line.interpolate(at + d).coords[0]) for d in (-20.0, 20.0))
    along = (b - a) / np.hypot(*(b - a))
    normal = np.array([-along[1], along[0]]) * 2 * BANK_STRIP_M
    here = np.asarray(line.interpolate(at).coords[0])
    return shapely.LineString([here - normal, here + normal])


def _eco_space(land: Land, zones: Zones) -> list[Named]:
    """Return the priority units on the hills, and the brooks with a belt along them."""
    units = zones.division.units
    hills = [
        ("P1", "西山北段（虚构）生态空间"),
        ("P2", "西山南段（虚构）生态空间"),
        ("P4", "东丘及中丘（虚构）生态空间"),
    ]
    parts = [(units[key], name, "山体") for key, name in hills]
    wooded = shapely.union_all([area for area, _, _ in parts])
    for key, name in (("north_brook", "虚溪河（虚构）生态廊道"), ("south_brook", "构溪河（虚构）生态廊道")):
        belt = land.streams[key].water.buffer(48.0, quad_segs=3).intersection(land.district).difference(wooded)
        parts.append((max(shapely.get_parts(belt), key=shapely.area), name, "河流廊道"))
    return [
        Named(area, {"编码": f"STKJ500199{n:03d}", "名称": name, "类型": kind})
        for n, (area, name, kind) in enumerate(parts, 1)
    ]


def _receptors(rng: np.random.Generator, land: Land, zones: Zones, taken: shapely.Geometry) -> list[Named]:
    """Return schools, hospitals and settlements, each on ground where nothing else stands."""
    used = [taken, land.water.buffer(90.0), *zones.farmland, *zones.farmland_sketch, *zones.parks]
    out = []
    for n, spec in enumerate(specs()["receptor"], 1):
        unit = zones.division.units[spec["in"]]
        size = spec.get("size", [60.0, 60.0])
        room = unit.buffer(-60.0 - 0.6 * max(size)).difference(
            shapely.union_all(used).buffer(RECEPTOR_APART_M + 0.6 * max(size), quad_segs=2)
        )
        at = _somewhere(rng, room if room.area > 0.0 else unit.buffer(-60.0))
        used.append(at.buffer(0.6 * max(size)))
        columns = {
            "编码": f"MGD500199{n:03d}",
            "名称": spec["name"],
            "类型": spec["category"],
            "人数": spec["people"],
        }
        out.append(Named(_block(spec["size"], at, rng) if "size" in spec else at, columns))
    return out


def _block(size: Sequence[float], at: shapely.Point, rng: np.random.Generator) -> shapely.Polygon:
    w, h = size[0] / 2, size[1] / 2
    box = shapely.Polygon([(-w, -h), (w, -h), (w, 0.5 * h), (0.7 * w, h), (-w, 0.9 * h)])
    return translate(rotate(box, rng.uniform(0.0, 90.0), origin=(0, 0)), at.x, at.y)


def _somewhere(rng: np.random.Generator, ground: shapely.Geometry) -> shapely.Point:
    """Return a random point of an area."""
    west, south, east, north = ground.bounds
    shapely.prepare(ground)
    while True:
        spots = shapely.points(rng.uniform((west, south), (east, north), (64, 2)))
        if (hits := np.flatnonzero(shapely.contains(ground, spots))).size:
            return spots[hits[0]]


def _bank_uses(rng: np.random.Generator, land: Land, spec: Spec) -> list[Named]:
    """Return the uses of one bank as surveyed: lines a few metres landward of the water's edge."""
    stream, side, line = bank(land, spec["bank"])
    out = []
    for n, (use, start, end, name, *money) in enumerate(spec["uses"], 1):
        part = stretch(line, start, end)
        off = (1.0 if side == "left" else -1.0) * rng.uniform(2.0, 8.0)
        moved = max(shapely.get_parts(shapely.offset_curve(part.simplify(0.5), off, quad_segs=2)), key=shapely.length)
        columns = {
            "编码": f"AXLY500199{_bank_number(spec)}{n:02d}",
            "名称": f"{name}（虚构）",
            "HLMC": stream.river.name,
            "AB": "左岸" if side == "left" else "右岸",
            "利用类型": use,
            "投资万元": money[0] if money else None,
        }
        out.append(Named(moved, columns))
    return out

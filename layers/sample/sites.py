"""The invented projects: read from sites.toml, placed, with all their columns."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from shapely.affinity import translate

from .board import Board
from .geographic import CRS, to_degrees
from .placing import across, around, at_distance, beside, inside, on_border, on_seam, rectangle

FILE = Path(__file__).with_name("sites.toml")
FLAGS = (
    "is_chemical", "is_chemical_park", "is_tailings_pond", "is_slag_pond", "is_phosphogypsum_pond",
    "is_industrial_park",
    "is_linear", "applies_for_land", "limited_activity", "national_major_project",
    "discharges_pollutants", "heavy_polluter",
    "burns_high_pollution_fuel", "has_outfall", "may_pollute_soil", "is_waste_facility",
    "is_livestock_farm", "is_sand_mining",
    "is_mining", "is_water_supply", "capacity_grows", "safety_upgrade", "chemical_reaction",
    "is_restoration", "plants_trees", "is_abandoned_mine", "is_waterway_works",
    "disturbs_soil", "takes_soil", "is_cropping", "reclaims_land",
    "uses_fertiliser", "fills_water", "obstructs_flow", "is_tourism",
    "is_cage_farming", "use_changes", "is_remediation", "is_soil_key_unit",
    "stores_hazardous", "is_fireworks", "is_two_high", "is_overcapacity",
    "is_captive_coal_power", "emits_heavy_metals", "major_change",
)  # fmt: skip
TEXTS = ("project_id", "name", "nature", "industry", "land_use", "accepted_on", "decided_on")
# What is true of a site that says nothing else.
USUALLY = ("applies_for_land",)
ACCURACY_M = 1.0
WATER_ZONES = ("level1", "level2", "quasi")
# A site inside an area keeps this off its edge: several times the band.
EDGE_M = 5.0

Spec = Mapping[str, Any]


def place(board: Board) -> gpd.GeoDataFrame:
    """Return the sites in EPSG:4490, in the order of the file; each has its place and all columns."""
    specs: list[Spec] = tomllib.loads(FILE.read_text(encoding="utf-8"))["site"]
    # The hard ones first, the roomy ones last: an order of ground, not of the file.
    order = sorted(range(len(specs)), key=lambda n: (_roominess(specs[n]["place"]), n))
    placed: dict[int, shapely.Geometry] = {n: _geometry(board, specs[n]) for n in order}
    columns = {"site_id": [spec["id"] for spec in specs]}
    columns |= {name: [spec.get(name) for spec in specs] for name in TEXTS}
    columns["accuracy_m"] = [spec.get("accuracy_m", ACCURACY_M) for spec in specs]
    columns["segments"] = [_segments(spec, placed[n]) for n, spec in enumerate(specs)]
    columns["footprint_m"] = [spec.get("footprint_m") for spec in specs]
    for flag in FLAGS:
        columns[flag] = [_flag(spec, flag) for spec in specs]
    return gpd.GeoDataFrame(columns, geometry=to_degrees([placed[n] for n in range(len(specs))]), crs=CRS)


def _flag(spec: Spec, flag: str) -> bool | None:
    if flag in spec.get("open", ()):
        return None
    return flag in spec.get("true", ()) or (flag in USUALLY and flag not in spec.get("false", ()))


def _segments(spec: Spec, line: shapely.Geometry) -> str | None:
    """Return the modes of a line by metres from its start, whole metres."""
    if "segments" not in spec:
        return None
    ends = [0, *(math.floor(share * line.length) for share, _ in spec["segments"])]
    modes = [mode for _, mode in spec["segments"]]
    return ";".join(f"{start}-{end} {mode}" for start, end, mode in zip(ends[:-1], ends[1:], modes, strict=True))


def _roominess(where: Spec) -> int:
    for rank, key in enumerate(("around", "beside", "seam", "across", "border", "bank")):
        if key in where:
            return rank
    return 7 if str(where["inside"]).startswith("K") else 6


def _geometry(board: Board, spec: Spec) -> shapely.Geometry:
    where, site = spec["place"], spec["id"]
    kind = next(key for key in ("around", "beside", "seam", "across", "border", "bank", "inside") if key in where)
    return _KINDS[kind](board, site, spec, where)


def _shape(spec: Spec) -> shapely.Geometry:
    """Return the shape of a site about the origin."""
    kind = spec.get("shape", "parcel")
    if kind == "point":
        return shapely.Point(0.0, 0.0)
    width, height = spec["size"]
    angle = 17.0 * int(spec["id"][-2:]) % 90
    parcel = rectangle((width, height), angle)
    if kind == "holed":
        return shapely.Polygon(parcel.exterior, [rectangle((0.35 * width, 0.3 * height), angle).exterior])
    if kind == "pond":
        return parcel.buffer(-0.3 * height).buffer(0.3 * height, quad_segs=6).segmentize(25.0)
    if kind == "pair":
        part = rectangle((0.42 * width, height), 0.0)
        return shapely.MultiPolygon([translate(part, -0.16 * width, 0.0), translate(part, 0.34 * width, 0.0)])
    return parcel


def _ground(board: Board, where: Spec) -> shapely.Geometry:
    """Return the free ground a site may lie on: that of a unit, or of a protected area within one."""
    inner = where.get("inside")
    unit = where.get("in", inner)
    if inner in (None, unit):
        return board.free([unit], off=where.get("off"))
    allow = {inner, *(["red"] if inner.startswith("red") else [])}
    if inner in WATER_ZONES:
        allow |= {*WATER_ZONES, "water"}
    off = {"*": 0.0} if inner == "water" else where.get("off")
    ground = board.free([unit], allow, off, border_m=EDGE_M)
    return shapely.intersection(ground, shapely.buffer(board.areas[inner], -EDGE_M))


def _bank(board: Board, site: str, spec: Spec, where: Spec) -> shapely.Geometry:
    stream = board.land.streams[where["bank"]]
    return at_distance(board, site, stream, where["m"], _ground(board, where), _shape(spec))


def _inside(board: Board, site: str, spec: Spec, where: Spec) -> shapely.Geometry:
    return inside(board, site, _ground(board, where), _shape(spec))


def _beside(board: Board, site: str, spec: Spec, where: Spec) -> shapely.Geometry:
    del spec
    return beside(board, site, where["beside"], where["in"], 70.0, where["overlap"])


def _across(board: Board, site: str, spec: Spec, where: Spec) -> shapely.Geometry:
    del spec
    return across(board, site, where["across"], where["in"].split("+"), where["reach"])


def _border(board: Board, site: str, spec: Spec, where: Spec) -> shapely.Geometry:
    return on_border(board, site, where["in"], _shape(spec))


def _seam(board: Board, site: str, spec: Spec, where: Spec) -> shapely.Geometry:
    return on_seam(board, site, where["in"], _shape(spec))


def _around(board: Board, site: str, spec: Spec, where: Spec) -> shapely.Geometry:
    del spec
    return around(board, site, where["around"])


_KINDS: dict[str, Callable[[Board, str, Spec, Spec], shapely.Geometry]] = {
    "bank": _bank, "inside": _inside, "beside": _beside, "across": _across, "border": _border,
    "seam": _seam, "around": _around,
}  # fmt: skip

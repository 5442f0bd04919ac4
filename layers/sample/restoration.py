"""The invented mines and reaches of bank to be restored: read from restoration.toml, placed, with their columns."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.affinity import scale, translate

from .board import KEEP_OFF_M, Board, PlacingError
from .ecology import Named, bank, stretch
from .geographic import CRS, to_degrees
from .placing import pole
from .sites import FLAGS as SITE_FLAGS
from .zones import blob

FILE = Path(__file__).with_name("restoration.toml")
NATURE = "生态修复"
INDUSTRY = "N7711"
FLAGS = (*(flag for flag in SITE_FLAGS if flag != "is_restoration"), "is_restoration", "sells_spoil", "fill_is_waste")
ACCURACY_M = 1.0
EDGE_M = 5.0

Spec = Mapping[str, Any]


def areas(rng: np.random.Generator, board: Board) -> list[Named]:
    """Return the areas in the plane with the columns of restoration.gpkg, in the order of the file.

    Raises
    ------
    PlacingError
        An area finds no place.
    """
    specs: list[Spec] = tomllib.loads(FILE.read_text(encoding="utf-8"))["area"]
    return [Named(_placed(rng, board, spec), _columns(spec)) for spec in specs]


def frame(found: list[Named]) -> gpd.GeoDataFrame:
    """Return the areas in EPSG:4490."""
    columns = {name: [area.columns[name] for area in found] for name in found[0].columns}
    return gpd.GeoDataFrame(columns, geometry=to_degrees([area.geometry for area in found]), crs=CRS)


def _columns(spec: Spec) -> dict[str, object]:
    known: dict[str, object] = {
        "site_id": spec["id"],
        "name": spec["name"],
        "nature": NATURE,
        "industry": INDUSTRY,
        "kind": spec["kind"],
        "measures": spec.get("measures"),
        "restoration_state": spec["state"],
        "accuracy_m": ACCURACY_M,
    }
    true = {"is_restoration", *spec.get("true", ())}
    return known | {flag: None if flag in spec.get("open", ()) else flag in true for flag in FLAGS}


def _placed(rng: np.random.Generator, board: Board, spec: Spec) -> shapely.Geometry:
    where = spec["place"]
    if "bank" in where:
        return _along(board, where)
    shape = blob(rng, np.zeros(2), tuple(where["radii"]))
    if "holed" in spec:
        shape = shapely.Polygon(shape.exterior, [scale(shape, 0.35, 0.35).exterior])
    if "astride" in where:
        return _astride(board, spec["id"], where, shape)
    inner, unit = where["inside"], where.get("in", where["inside"])
    allow = set() if inner == unit else {inner, *({"red"} if unit.startswith("P") else ())}
    ground = board.free([unit], allow, border_m=EDGE_M if allow else KEEP_OFF_M)
    if allow:
        ground = shapely.intersection(ground, shapely.buffer(board.areas[inner], -EDGE_M))
    at = pole(ground, spec["id"], 0.5 * float(shapely.minimum_bounding_radius(shape)))
    return board.take(translate(shape, at.x, at.y))


def _along(board: Board, where: Spec) -> shapely.Polygon:
    """Return the strip along a bank between two shares of it, from the water to the land, m."""
    _, side, line = bank(board.land, where["bank"])
    part = stretch(line, where["from"], where["to"]).simplify(1.0)
    to_land = 1.0 if side == "left" else -1.0
    land = part.buffer(to_land * where["to_land"], cap_style="flat", single_sided=True, quad_segs=3)
    water = part.buffer(-to_land * where["to_water"], cap_style="flat", single_sided=True, quad_segs=3)
    strip = shapely.union(land, water).buffer(0.05).buffer(-0.05)
    whole = max(shapely.get_parts(strip), key=shapely.area)
    return board.take(shapely.Polygon(whole.exterior))


def _astride(board: Board, site: str, where: Spec, shape: shapely.Geometry) -> shapely.Geometry:
    """Return the shape with its middle on the edge of an area, a third to two thirds of it inside."""
    area = board.land.district if where["astride"] == "district" else board.areas[where["astride"]]
    unit = shapely.buffer(board.areas[where["in"]], 1.0)
    edge = shapely.intersection(shapely.boundary(area), unit)
    others = [board.areas[name] for name in ("level1", "level2", "quasi", "core", "general", "nature_park")]
    clear = shapely.union_all([*others, board.land.water]).buffer(KEEP_OFF_M)
    lines = sorted(shapely.get_parts(shapely.line_merge(edge)), key=shapely.length)[::-1]
    for line in lines[:6]:
        for share in np.linspace(0.1, 0.9, 33):
            at = line.interpolate(share, normalized=True)
            placed = translate(shape, at.x, at.y)
            inside = shapely.intersection(placed, area).area / placed.area
            if 0.33 < inside < 0.67 and not shapely.intersects(placed, clear) and not board.taken(placed):
                return board.take(placed)
    raise PlacingError(site)

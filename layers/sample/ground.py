"""The invented ground as fields over cells: heights, cover and vegetation at three dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from . import land as lie
from . import plan
from .ecology import Named
from .land import Land
from .outline import noise_field
from .zones import Zones

Floats = NDArray[np.float64]
Burn = Callable[[Sequence[shapely.Geometry]], NDArray[np.bool_]]
"""Which cells some shapes of the plane cover with their middles."""

COARSE_M = 90.0
WATER_M, TOP_M = 172.0, 420.0
BENCH_M = 12.0
# NDVI of an area to be restored at the three dates, by its state.
RECOVERY: Mapping[str, tuple[float, float, float]] = {
    "待治理": (0.12, 0.13, 0.12),
    "治理中": (0.12, 0.20, 0.34),
    "已治理": (0.11, 0.36, 0.64),
    "绿色矿山": (0.26, 0.40, 0.55),
}
# Loss of vegetation inside the red line before the third date: radii, m; the last lies below the least area.
LOST_M = (95.0, 60.0, 34.0, 11.0)
# Classes of land cover after GB/T 21010: 耕地, 林地, 工矿用地, 住宅用地, 水域.
FIELD, FOREST, MINING, TOWN, WATER = 1, 3, 6, 7, 11


@dataclass(frozen=True)
class Ground:
    """What the rasters of the sample show.

    Attributes
    ----------
    land : Land
    zones : Zones
    areas : list of Named
        Mines and reaches to be restored, in the plane.
    lost : list of polygon
        Where vegetation goes before the third date, in the plane: first those inside the red line, then a harvest.
    coarse : ndarray of float64
        Heights, m, every `COARSE_M` over the frame of the plan, rows northwards.
    texture : ndarray of float64
        Unit noise on the same nodes.
    """

    land: Land
    zones: Zones
    areas: Sequence[Named]
    lost: Sequence[shapely.Polygon]
    coarse: Floats
    texture: Floats


def draw(rng: np.random.Generator, land: Land, zones: Zones, areas: Sequence[Named]) -> Ground:
    """Return the ground of a district."""
    west, south, east, north = plan.FRAME
    x, y = np.arange(west, east + 1.0, COARSE_M), np.arange(south, north + 1.0, COARSE_M)
    xy = np.column_stack([g.ravel() for g in np.meshgrid(x, y)])
    shape = (len(y), len(x))
    heights = lie.heights(rng, xy, land.streams, land.scale).reshape(shape)
    rough = noise_field(rng, (900.0, 130.0), roughness=0.8)(xy).reshape(shape)
    texture = noise_field(rng, (1400.0, 150.0), roughness=0.5)(xy).reshape(shape)
    coarse = WATER_M + 6.0 + (TOP_M - WATER_M) * np.clip(heights, -0.02, None) + 3.0 * rough
    return Ground(land, zones, areas, _lost(rng, land, zones, areas), coarse, texture)


def _lost(rng: np.random.Generator, land: Land, zones: Zones, areas: Sequence[Named]) -> list[shapely.Polygon]:
    """Return discs inside the red line, and one in a field outside, clear of one another and of the areas."""
    red = shapely.union_all(list(zones.division.red.values()))
    taken = shapely.buffer(shapely.union_all([area.geometry for area in areas]), 60.0)
    out: list[shapely.Polygon] = []
    for radius in LOST_M:
        free = shapely.difference(
            shapely.buffer(red, -1.3 * radius), shapely.union_all([taken, *out]).buffer(2 * radius)
        )
        out.append(shapely.buffer(_somewhere(rng, free), radius, quad_segs=6))
    field = max(zones.farmland, key=shapely.area)
    out.append(shapely.buffer(shapely.centroid(field), 70.0, quad_segs=6))
    return out


def _somewhere(rng: np.random.Generator, ground: shapely.Geometry) -> shapely.Point:
    west, south, east, north = shapely.bounds(ground)
    for _ in range(10_000):
        point = shapely.Point(rng.uniform(west, east), rng.uniform(south, north))
        if shapely.contains(ground, point):
            return point
    return shapely.point_on_surface(ground)


def between(nodes: Floats, xy: Floats) -> Floats:
    """Return the values of coarse nodes at places of the plane (n, 2), bilinear."""
    west, south, *_ = plan.FRAME
    u = np.clip((xy[:, 0] - west) / COARSE_M, 0.0, nodes.shape[1] - 1.001)
    v = np.clip((xy[:, 1] - south) / COARSE_M, 0.0, nodes.shape[0] - 1.001)
    i, j = v.astype(np.int64), u.astype(np.int64)
    v, u = v - i, u - j
    above = nodes[i, j] * (1 - u) + nodes[i, j + 1] * u
    below = nodes[i + 1, j] * (1 - u) + nodes[i + 1, j + 1] * u
    out: Floats = above * (1 - v) + below * v
    return out


def heights(ground: Ground, xy: Floats, burn: Burn) -> Floats:
    """Return heights (m) of cells whose middles stand at `xy`; quarries are cut in benches, water is level."""
    out = between(ground.coarse, xy)
    out[burn([stream.water for stream in ground.land.streams.values()])] = WATER_M
    for area in ground.areas:
        if area.columns["kind"] != "矿山" or area.geometry.area < 1000.0:
            continue
        inside = np.flatnonzero(burn([area.geometry]))
        rim = shapely.distance(shapely.points(xy[inside]), shapely.boundary(area.geometry))
        out[inside] -= np.minimum(np.floor(rim / BENCH_M + 0.5) * BENCH_M, 48.0)
    return out


def land_cover(ground: Ground, xy: Floats, burn: Burn) -> NDArray[np.uint8]:
    """Return the class of land cover of every cell."""
    division = ground.zones.division
    keys = [area for name, area in division.units.items() if name.startswith("K")]
    texture, height = between(ground.texture, xy), between(ground.coarse, xy)
    out = np.where(height + 25.0 * texture > 250.0, FOREST, FIELD).astype(np.uint8)
    out[burn(keys) & (out == FIELD) & (texture > 0.55)] = TOWN
    out[burn([*ground.zones.parks, ground.zones.chemical_park])] = TOWN
    out[burn(list(ground.zones.farmland))] = FIELD
    out[burn(list(division.red.values()))] = FOREST
    out[burn([stream.water for stream in ground.land.streams.values()])] = WATER
    out[burn([area.geometry for area in ground.areas if area.columns["kind"] == "矿山"])] = MINING
    return out


def ndvi(ground: Ground, cover: NDArray[np.uint8], xy: Floats, burn: Burn, date: int) -> Floats:
    """Return NDVI at the date 0, 1 or 2, without the noise of an image."""
    texture = np.clip(between(ground.texture, xy), -2.0, 2.0)
    base = {FIELD: (0.60, 0.06), FOREST: (0.78, 0.035), MINING: (0.12, 0.02), TOWN: (0.24, 0.07), WATER: (-0.18, 0.02)}
    out = np.zeros(len(xy))
    for kind, (middle, spread) in base.items():
        out = np.where(cover == kind, middle + spread * texture, out)
    out += (0.0, 0.015, -0.01)[date] * (cover != WATER)  # no two summers are alike
    for area in ground.areas:
        columns: Mapping[str, Any] = area.columns
        inside = burn([area.geometry]) & (cover != WATER)
        rise = RECOVERY[str(columns["restoration_state"])][date]
        out[inside] = rise + 0.15 * rise * texture[inside]
    if date == 2:
        for patch in ground.lost:
            out[burn([patch])] = 0.14
    return out

"""Invented project sites: 80 % polygons, 10 % points, 10 % lines, 62 % within some kilometres of a bank, shuffled."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

BLOCK = 10_000
NEAR_RIVER, NEAR_KM = 0.62, 4.0
KM = np.array([96.3, 110.9])
NATURES = ("新建", "改建", "扩建", "技术改造", "现有")
INDUSTRIES = ("C2614", "C2511", "C1340", "D4412", "B0610", "A0313", "E4819", "N7723", "G5432", "C3021")
FLAGS = ("is_chemical_park", "is_tailings_pond", "applies_for_land", "discharges_pollutants", "heavy_polluter")
COUNTS = np.array([8, 16, 32, 64, 128])  # corners of plots by their size, vertices of lines by chance


def make_sites(n: int, banks: np.ndarray, box: tuple[float, float, float, float], seed: int) -> gpd.GeoDataFrame:
    """Return n sites, EPSG:4490; the first of many are the same as few.

    Parameters
    ----------
    banks : ndarray, shape (m, 2)
        Vertices of banks, degrees.
    box : tuple
        West, south, east, north of the district, degrees.
    """
    blocks = [_block(k, banks, box, seed) for k in range(-(-n // BLOCK))]
    shapes = np.concatenate([shapes for shapes, _ in blocks])[:n]
    columns = {name: np.concatenate([table[name] for _, table in blocks])[:n] for name in blocks[0][1]}
    ids = [f"S{i:07d}" for i in range(n)]
    return gpd.GeoDataFrame({"site_id": ids, **columns}, geometry=shapes, crs=4490)


def _block(
    number: int, banks: np.ndarray, box: tuple[float, float, float, float], seed: int
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    rng = np.random.default_rng([seed, 99, number])
    low, high = np.array(box[:2]), np.array(box[2:])
    margin = 0.02 * (high - low)
    place = rng.uniform(low + margin, high - margin, (BLOCK, 2))
    river = np.flatnonzero(rng.random(BLOCK) < NEAR_RIVER)
    aside = NEAR_KM * np.sqrt(rng.random(len(river)))[:, None] * _unit(rng.uniform(0, 2 * np.pi, len(river)))
    place[river] = np.clip(banks[rng.integers(len(banks), size=len(river))] + aside / KM, low + margin, high - margin)
    kind = rng.choice(3, BLOCK, p=[0.8, 0.1, 0.1])
    shapes = np.empty(BLOCK, dtype=object)
    shapes[kind == 0] = _polygons(place[kind == 0], rng)
    shapes[kind == 1] = shapely.points(place[kind == 1])
    shapes[kind == 2] = _lines(place[kind == 2], rng)
    table: dict[str, np.ndarray] = {
        "nature": rng.choice(NATURES, BLOCK, p=[0.6, 0.1, 0.15, 0.1, 0.05]),
        "industry": rng.choice(INDUSTRIES, BLOCK),
    }
    table |= {flag: (rng.random(BLOCK) < 0.1).astype(np.int32) for flag in FLAGS}
    return shapes, table


def _unit(angle: np.ndarray) -> np.ndarray:
    return np.column_stack([np.cos(angle), np.sin(angle)])


def _polygons(place: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return star-shaped plots, 4 ha in the middle of their spread, up to some km², edges of some 20 m."""
    radius = np.clip(0.13 * np.exp(0.8 * rng.standard_normal(len(place))), 0.01, 1.5)
    count = COUNTS[np.clip(np.searchsorted([0.04, 0.08, 0.16, 0.4], radius), 0, 4)]
    out = np.empty(len(place), dtype=object)
    for corners in COUNTS:
        of = np.flatnonzero(count == corners)
        angle = 2 * np.pi * (np.arange(corners) + rng.uniform(-0.35, 0.35, (len(of), corners))) / corners
        reach = radius[of, None] * rng.uniform(0.6, 1.0, angle.shape)
        ring = np.stack([reach * np.cos(angle), reach * np.sin(angle)], axis=2) / KM
        out[of] = shapely.polygons(place[of, None, :] + ring)
    return out


def _lines(place: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return pipelines and roads of 0.2 to about 10 km, in steps of 20 to 120 m."""
    count = rng.choice(COUNTS, len(place))
    out = np.empty(len(place), dtype=object)
    for vertices in COUNTS:
        of = np.flatnonzero(count == vertices)
        heading = rng.uniform(0, 2 * np.pi, (len(of), 1)) + np.cumsum(rng.normal(0, 0.3, (len(of), vertices)), axis=1)
        step = rng.uniform(0.02, 0.12, heading.shape)
        way = np.cumsum(np.stack([step * np.cos(heading), step * np.sin(heading)], axis=2), axis=1)
        out[of] = shapely.linestrings(place[of, None, :] + way / KM)
    return out

"""The load of the benchmarks, invented anew on every machine from a seed, alike to the last bit.

At full size: 18,022 red-line multipolygons with 5.0 million vertices, 800 control units without gap that share
their borders (1.05 million), five small layers (1.03 million), both banks of a main river of 768 km and of 40
tributaries in steps of 30 m (276,000), and as many sites as asked for, about 62 % of them near a river. A scale
below 1 shrinks the district, not its density.
"""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from fractal import Box, displaced, plots, polygons, spread
from places import BANKS, FOLDER, POLYGON_ROLES, SEED, Load
from project_sites import make_sites

WEST, SOUTH, EAST, NORTH = 105.3, 28.2, 110.2, 32.2
KM_PER_DEG = np.array([96.3, 110.9])  # about the middle of the district: only shapes hang on it
STEP_KM = 0.03
GROWTH = 1.25  # the area of a feature by its vertices: an outline of dimension 1.6

# role: features, vertices, median, largest, share of its plot's width that a feature takes
LAYERS = {
    "red_line": (18_022, 5_000_000, 77, 194_567, 0.37),
    "permanent_farmland": (8_000, 430_000, 38, 0, 0.18),
    "protected_area": (300, 240_000, 420, 0, 0.18),
    "water_source": (1_200, 130_000, 70, 0, 0.18),
    "wetland": (900, 120_000, 80, 0, 0.18),
    "geohazard_zone": (2_500, 110_000, 30, 0, 0.18),
}
UNITS = (40, 20)
RIVER_KM, TRIBUTARIES, TRIBUTARY_KM = 768.0, 40, 84.3
WORDS = {"water_source": {"level": "一级"}, "protected_area": {"zone": "核心保护区"}}


def make(scale: float = 1.0, sizes: Iterable[int] = (), folder: Path = FOLDER) -> Load:
    """Return the load of that scale with files of so many sites, made where they are missing."""
    load = Load(scale, folder)
    if not load.folder.exists():
        part = load.folder.with_name(f"{load.folder.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        for number, role in enumerate((*POLYGON_ROLES, BANKS)):
            frame = layer(role, scale, np.random.default_rng([SEED, number]))
            pyogrio.write_dataframe(frame, part / load.layers.name, layer=role)
        (part / load.layer_set.name).write_text(_layer_set(), encoding="utf-8")
        os.replace(part, load.folder)
    for n in sizes:
        _make_sites(load, n)
    return load


def _make_sites(load: Load, n: int) -> None:
    path = load.sites(n)
    if path.exists():
        return
    banks = shapely.get_coordinates(pyogrio.read_dataframe(load.layers, layer=BANKS).geometry.array)
    part = path.with_name(f"{path.stem}-part.gpkg")
    part.unlink(missing_ok=True)
    pyogrio.write_dataframe(make_sites(n, banks, _box(load.scale), SEED), part, layer="sites")
    os.replace(part, path)


def layer(role: str, scale: float, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Return the features of a role, EPSG:4490."""
    if role == BANKS:
        return _banks(scale, rng)
    shapes = _units(scale, rng) if role == "control_unit" else _scattered(role, scale, rng)
    codes = [f"{role.upper()}{i:06d}" for i in range(len(shapes))]
    words: dict[str, object] = dict(WORDS.get(role, {}))
    if role == "control_unit":
        classes = rng.choice(["1", "2", "3"], len(shapes), p=[0.4, 0.3, 0.3])
        codes = [f"ZH500100{c}{i:04d}" for i, c in enumerate(classes)]
        words["class"] = classes
    return gpd.GeoDataFrame({"code": codes, **words}, geometry=shapes, crs=4490)


def _box(scale: float) -> Box:
    """Return the district in degrees, its sides by the root of the scale."""
    x, y, side = (WEST + EAST) / 2, (SOUTH + NORTH) / 2, np.sqrt(scale) / 2
    return x - (EAST - WEST) * side, y - (NORTH - SOUTH) * side, x + (EAST - WEST) * side, y + (NORTH - SOUTH) * side


def _box_km(scale: float) -> Box:
    west, south, east, north = (np.array(_box(scale)).reshape(2, 2) * KM_PER_DEG).ravel().tolist()
    return west, south, east, north


def _to_degrees(shapes: np.ndarray) -> np.ndarray:
    return np.asarray(shapely.transform(shapes, lambda xy: xy / KM_PER_DEG))


def _scattered(role: str, scale: float, rng: np.random.Generator) -> np.ndarray:
    """Return multipolygons, each part in a plot of its own, larger the more vertices it has."""
    features, vertices, median, largest, fill = LAYERS[role]
    n = max(8, round(features * scale))
    counts = rng.permutation(spread(n, round(vertices * n / features), median, round(largest * n / features)))
    several = np.where(counts > 5_000, rng.integers(4, 24, n), np.where(rng.random(n) < 0.15, rng.integers(2, 5, n), 1))
    n_parts = np.minimum(several, np.maximum(1, counts // 12))
    feature = np.repeat(np.arange(n), n_parts)
    first = np.concatenate([[True], np.diff(feature) != 0])
    weight = rng.uniform(0.5, 1.5, len(feature)) * np.where(first, 2.0 * n_parts[feature], 1.0)
    share = weight / np.bincount(feature, weight)[feature]
    part_vertices = np.maximum(5, np.round(counts[feature] * share)).astype(int)
    plot = plots((part_vertices**GROWTH).tolist(), _box_km(scale))
    centre = (plot[:, :2] + plot[:, 2:]) / 2
    radius = fill * (plot[:, 2:] - plot[:, :2]) * 0.8
    parts = polygons(centre, radius, part_vertices, rng.random(len(feature)) < 0.1, rng)
    return np.asarray(shapely.multipolygons(_to_degrees(parts), indices=feature))


def _units(scale: float, rng: np.random.Generator) -> np.ndarray:
    """Return quadrangles without gap: neighbours share every vertex of the border between them."""
    columns, rows = (max(2, round(side * np.sqrt(scale))) for side in UNITS)
    west, south, east, north = _box_km(scale)
    grid = np.stack(np.meshgrid(np.arange(columns + 1), np.arange(rows + 1), indexing="ij"), axis=2).astype(float)
    grid += rng.uniform(-0.12, 0.12, grid.shape)
    corner = np.array([west - 2, south - 2]) + grid * np.array(
        [(east - west + 4) / columns, (north - south + 4) / rows]
    )

    def sides(start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """Break each side in five, then each fifth six times: 321 vertices."""
        share = np.linspace(0, 1, 6)[:, None]
        bent = start[..., None, :] + share * (end - start)[..., None, :]
        along = (end - start) / 5
        push = rng.uniform(-0.05, 0.05, (*bent.shape[:2], 4))[..., None]
        bent[..., 1:5, :] += push * np.stack([-along[..., 1], along[..., 0]], axis=-1)[..., None, :]
        fine = displaced(bent[..., :-1, :].reshape(-1, 2), bent[..., 1:, :].reshape(-1, 2), 6, rng)
        joined = fine.reshape(*bent.shape[:2], 5, -1, 2)[..., :-1, :].reshape(*bent.shape[:2], -1, 2)
        return np.concatenate([joined, end[..., None, :]], axis=2)

    level, upright = sides(corner[:-1], corner[1:]), sides(corner[:, :-1], corner[:, 1:])
    ring = np.concatenate(
        [
            level[:, :-1, :-1],
            upright[1:, :, :-1],
            level[:, 1:, :0:-1],
            upright[:-1, :, :0:-1],
        ],
        axis=2,
    )
    units = shapely.polygons(ring.reshape(columns * rows, -1, 2))
    if not shapely.is_valid(units).all():
        raise AssertionError("control units cross their neighbours; draw them less ragged")
    return _to_degrees(units)


def _banks(scale: float, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Return both banks of every river, one line each, as windings of steps of 30 m."""
    west, south, _, north = _box_km(scale)
    side = np.sqrt(scale)
    river = _winding((west, (south + north) / 2), 0.0, RIVER_KM * side, 1.28, 40.0, rng)
    rivers = [("R00", "mainstem", river, 0.45)]
    for k in range(max(2, round(TRIBUTARIES * side))):
        mouth = river[rng.integers(len(river) // 50, len(river))]
        heading = (1 if k % 2 else -1) * np.pi / 2 + rng.uniform(-0.5, 0.5)
        line = _winding(tuple(mouth), heading, TRIBUTARY_KM * side, 0.9, rng.uniform(7, 12), rng)
        rivers.append((f"R{k + 1:02d}", "tributary", line, rng.uniform(0.03, 0.08)))
    rows = []
    for name, river_class, line, half_width in rivers:
        along = np.gradient(line, axis=0)
        aside = np.column_stack([-along[:, 1], along[:, 0]]) / np.hypot(*along.T)[:, None]
        width = half_width * (1 + 0.3 * np.sin(np.arange(len(line)) * STEP_KM / 3.0 + rng.uniform(0, 6)))[:, None]
        for bank, sign in (("left", 1), ("right", -1)):
            rows.append(
                (name, river_class, "临水线", bank, shapely.LineString((line + sign * width * aside) / KM_PER_DEG))
            )
    table = {key: [row[i] for row in rows] for i, key in enumerate(("river", "river_class", "bank_def", "side"))}
    return gpd.GeoDataFrame(table, geometry=[row[4] for row in rows], crs=4490)


def _winding(
    start: tuple[float, ...], heading: float, length_km: float, swing: float, wave_km: float, rng: np.random.Generator
) -> np.ndarray:
    """Return a line whose heading swings like a meander's, in steps of 30 m."""
    s = np.arange(round(length_km / STEP_KM)) * STEP_KM
    phase = 2 * np.pi * s / wave_km + rng.uniform(0, 2 * np.pi)
    turn = swing * np.sin(phase) + 0.25 * np.sin(1.7 * phase + rng.uniform(0, 2 * np.pi))
    ripple = 0.15 * np.sin(2 * np.pi * s / 1.1 + rng.uniform(0, 2 * np.pi))
    angle = heading + turn + ripple
    return np.array(start[:2]) + STEP_KM * np.cumsum(np.column_stack([np.cos(angle), np.sin(angle)]), axis=0)


def _layer_set() -> str:
    head = 'name = "benchmark"\n'
    entry = (
        '\n[[layer]]\nrole = "{0}"\nsource = "layers.gpkg"\nlayer = "{0}"\naccuracy_m = 5.0\nauthority = "statutory"\n'
    )
    return head + "".join(entry.format(role) for role in (*POLYGON_ROLES, BANKS))


def main() -> None:
    """Make a load and print what is in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--sites", type=int, nargs="*", default=[])
    options = parser.parse_args()
    load = make(options.scale, options.sites)
    for role in (*POLYGON_ROLES, BANKS):
        counts = shapely.get_num_coordinates(pyogrio.read_dataframe(load.layers, layer=role).geometry.array)
        few, most = np.median(counts), counts.max()
        print(f"{role}: {len(counts)} features, {counts.sum()} vertices, median {few:.0f}, most {most}")
    print(load.folder)


if __name__ == "__main__":
    main()

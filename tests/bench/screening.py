"""Random rounds of screening held against the reference, for `soak.py` and `fuzz.py`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from ecoredline.layers.layerset import LayerSet, LayerSource
from ecoredline.layers.reading import read_layer
from ecoredline.processing.engine import screen
from shapely.geometry.base import BaseGeometry

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "core" / "engine"))
import comparing
import shapes

AS_OF = date(2026, 11, 1)
BANK_GROUPS = (0, 0, 1, 2)


class DifferenceError(AssertionError):
    """The fast path and the reference differ, or a run broke."""


def overlaps_round(rng: np.random.Generator, on_grid: bool) -> int:
    """Hold random overlaps against the reference; return how many pairs."""
    features = shapes.polygons(rng, 25, 0.02, 0.05, on_grid)
    sites = shapes.sites(rng, 50, 0.01, 0.05, on_grid)
    _check(sites, features, 0.0, None)
    return len(sites) * len(features)


def near_round(rng: np.random.Generator, on_grid: bool) -> int:
    """Hold distances to polygons some metres away against the reference."""
    features = shapes.polygons(rng, 12, 0.01, 0.05, on_grid)
    sites = shapes.sites(rng, 15, 0.01, 0.05, on_grid)
    _check(sites, features, float(rng.choice([5.0, 50.0, 150.0])), None)
    return len(sites) * len(features)


def banks_round(rng: np.random.Generator, on_grid: bool) -> int:
    """Hold distances to banks, lines and polygons, against the reference."""
    banks = shapes.banks(rng, len(BANK_GROUPS), 0.1)
    if on_grid:
        banks[-2:] = shapes.polygons(rng, 2, 0.02, 0.1, on_grid)
    sites = shapes.sites(rng, 10, 0.01, 0.1, on_grid)
    _check(sites, banks, float(rng.choice([300.0, 3_000.0, 10_000.0])), list(BANK_GROUPS))
    return len(sites) * len(banks)


def whole_round(rng: np.random.Generator, on_grid: bool) -> int:
    """Screen random sites with all rules over layers some of whose features are invalid."""
    # Rules with a limit of 100 m draw that limit round every spike of a feature: fewer spikes, more rounds.
    features = [f for f in shapes.polygons(rng, 30, 0.02, 0.05, on_grid) if shapely.get_num_coordinates(f) < 40]
    broken = [_bow_tie(rng) for _ in range(3)]
    bank = shapely.LineString(shapes.WEST_SOUTH + np.column_stack([[0.0, 0.02, 0.05], rng.uniform(0, 0.05, 3)]))
    frames = {
        "red_line": gpd.GeoDataFrame(geometry=features + broken, crs=4490),
        "permanent_farmland": gpd.GeoDataFrame(geometry=shapes.polygons(rng, 20, 0.01, 0.05, on_grid), crs=4490),
        "bank_line": gpd.GeoDataFrame(
            {"river": ["R"], "river_class": "mainstem", "bank_def": "临水线"},
            geometry=[bank],
            crs=4490,
        ),
    }
    sources = tuple(LayerSource(role, role, authority="statutory", frame=frame) for role, frame in frames.items())
    repairs = read_layer(sources[0]).repairs
    if len(repairs) < len(broken) or not np.isfinite(repairs[["area_before_m2", "area_after_m2"]].to_numpy()).all():
        raise DifferenceError(f"{len(broken)} invalid features, {len(repairs)} repairs listed")
    sites = shapes.sites(rng, 20, 0.01, 0.05, on_grid)
    table: dict[str, object] = {"site_id": [f"S{i}" for i in range(len(sites))], "nature": "新建"}
    table["industry"] = rng.choice(["C2614", "D4412", "A0313"], len(sites), p=[0.2, 0.4, 0.4])
    screening = screen(gpd.GeoDataFrame(table, geometry=sites, crs=4490), LayerSet("random", sources), as_of=AS_OF)
    if len(screening.verdicts) != len(sites):
        raise DifferenceError(f"{len(sites)} sites, {len(screening.verdicts)} verdicts")
    return len(sites) * sum(map(len, frames.values()))


ROUNDS = (overlaps_round, near_round, banks_round, whole_round)


def _bow_tie(rng: np.random.Generator) -> BaseGeometry:
    x, y = shapes.WEST_SOUTH + rng.uniform(0, 0.05, 2)
    w, h = rng.uniform(0.001, 0.01, 2)
    return shapely.Polygon([(x, y), (x + w, y + h), (x + w, y), (x, y + h)])


def _check(sites: list[BaseGeometry], features: list[BaseGeometry], reach_m: float, groups: list[int] | None) -> None:
    problems = comparing.inequalities(sites, features, reach_m, groups)
    if problems:
        raise DifferenceError("\n".join([f"reach {reach_m} m, groups {groups}", *problems]))

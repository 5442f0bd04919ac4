"""One very large site over many features, in two sizes: how its cost grows.

Twice the vertices over twice the features: an exponent near 1 is a cost that grows with what meets, 2 one that
grows with vertices times features. CPU seconds of all facts of the layer, least of three; the layer lies ready.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import shapely
from ecoredline.layers.layerset import LayerSource
from ecoredline.layers.reading import read_layer
from ecoredline.processing.engine.facts.facts import find_facts
from ecoredline.processing.engine.facts.site_arrays import arrays_of
from ecoredline.processing.engine.prepared.layer import PreparedLayer, prepare
from shapely.geometry.base import BaseGeometry

WEST, SOUTH, WIDTH, HEIGHT = 106.0, 29.5, 2.0, 1.0
REACH_M = 150.0


def wavy(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return a course across the field, shape (n, 2)."""
    share = np.linspace(0, 1, n)
    waves = sum(np.sin(2 * np.pi * k * share + rng.uniform(0, 6)) / k for k in range(1, 12))
    return np.column_stack([WEST + 0.02 + share * (WIDTH - 0.04), SOUTH + HEIGHT / 2 + 0.1 * waves])


def corridor(n: int, rng: np.random.Generator) -> BaseGeometry:
    """Return a river and what lies along it."""
    course = wavy(n // 2, rng)
    ragged = rng.uniform(0.004, 0.004 + 0.3 * WIDTH / n, (2, len(course)))
    zero = np.zeros(len(course))
    above, below = course + np.column_stack([zero, ragged[0]]), course - np.column_stack([zero, ragged[1]])
    return shapely.Polygon(np.vstack([above, below[::-1]]))


def planning_area(n: int, rng: np.random.Generator) -> BaseGeometry:
    """Return a compact area with a ragged border, as high as the field."""
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    reach = 0.45 * HEIGHT * (1 + 0.08 * np.sin(5 * angle) + rng.uniform(-1, 1, n) / n)
    middle = (WEST + WIDTH / 2, SOUTH + HEIGHT / 2)
    return shapely.Polygon(middle + np.column_stack([reach * np.cos(angle), reach * np.sin(angle)]))


def pipeline(n: int, rng: np.random.Generator) -> BaseGeometry:
    """Return a long line."""
    return shapely.LineString(wavy(n, rng))


def tangle(n: int, rng: np.random.Generator) -> BaseGeometry:
    """Return a line that crosses itself again and again."""
    step = np.cumsum(rng.normal(0, 1, (n, 2)), axis=0)
    return shapely.LineString([WEST, SOUTH] + (step - step.min(axis=0)) / np.ptp(step, axis=0) * [WIDTH, HEIGHT])


def many_parts(n: int, rng: np.random.Generator) -> BaseGeometry:
    """Return a site of many parts of a dozen vertices."""
    side = int(np.ceil(np.sqrt(n / 12)))
    place = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)
    middle = [WEST, SOUTH] + (place + 0.5) / side * [WIDTH, HEIGHT]
    angle = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    reach = 0.45 * HEIGHT / side * rng.uniform(0.6, 1, (len(middle), 12))
    around = np.stack([reach * np.cos(angle), reach * np.sin(angle)], axis=-1)
    return shapely.MultiPolygon(list(shapely.polygons(middle[:, None] + around)))


SITES: tuple[Callable[[int, np.random.Generator], BaseGeometry], ...] = (
    corridor, planning_area, pipeline, tangle, many_parts,
)  # fmt: skip


def cells(n: int, rng: np.random.Generator) -> PreparedLayer:
    """Return a layer of about n quadrangles that share their borders."""
    rows = int(np.ceil(np.sqrt(n / 2)))
    x, y = np.meshgrid(np.arange(2 * rows + 1), np.arange(rows + 1))
    xy = np.stack([x, y], axis=-1) + rng.uniform(-0.2, 0.2, (*x.shape, 2))
    xy = np.array([WEST, SOUTH]) + xy / rows * HEIGHT
    ring = np.stack([xy[:-1, :-1], xy[:-1, 1:], xy[1:, 1:], xy[1:, :-1]], axis=2).reshape(-1, 4, 2)
    data = {"code": [str(i) for i in range(len(ring))]}
    frame = gpd.GeoDataFrame(data, geometry=shapely.polygons(ring), crs=4490)
    return prepare(read_layer(LayerSource("red_line", "in memory", accuracy_m=0.0, authority="statutory", frame=frame)))


def seconds(site: BaseGeometry, layer: PreparedLayer) -> tuple[float, int]:
    """Return the least CPU time of three and the number of facts."""
    spent, n = [], 0
    for _ in range(4):  # the first one makes the layer's indices
        start = time.process_time()
        arrays = arrays_of(np.array([site], dtype=object), np.zeros(1), np.zeros(1))
        n = len(find_facts(arrays, layer, REACH_M)[0])
        spent.append(time.process_time() - start)
    return min(spent[1:]), n


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vertices", type=int, default=50_000)
    parser.add_argument("--features", type=int, default=5_000)
    options = parser.parse_args()
    sizes = [(options.vertices, options.features), (2 * options.vertices, 2 * options.features)]
    layers = [cells(features, np.random.default_rng(1)) for _, features in sizes]
    print("| site | vertices | features | facts | CPU s | exponent |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    for make in SITES:
        before = 0.0
        for (vertices, features), layer in zip(sizes, layers, strict=True):
            spent, n = seconds(make(vertices, np.random.default_rng(2)), layer)
            growth = f"{np.log2(spent / before):.2f}" if before else ""
            print(f"| {make.__name__} | {vertices} | {features} | {n} | {spent:.3f} | {growth} |", flush=True)
            before = spent


if __name__ == "__main__":
    main()

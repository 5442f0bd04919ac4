"""Random geometries that meet as badly as real ones: many corners on one coarse grid of exact binary degrees."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

WEST, SOUTH = 106.0, 29.5
WEST_SOUTH = np.array([WEST, SOUTH])
GRID_DEG = 2.0**-10  # about 100 m


def polygons(rng: np.random.Generator, n: int, size_deg: float, field_deg: float, on_grid: bool) -> list[BaseGeometry]:
    """Return valid polygons: plain, with holes, multipart, self-touching and with many corners."""
    return [_polygon(rng, size_deg, field_deg, on_grid) for _ in range(n)]


def sites(rng: np.random.Generator, n: int, size_deg: float, field_deg: float, on_grid: bool) -> list[BaseGeometry]:
    """Return sites of all kinds: six in ten polygons, the others points and lines, single and multipart."""
    makers = [_polygon] * 6 + [_line, _line, _multiline, _points]
    return [makers[rng.integers(len(makers))](rng, size_deg, field_deg, on_grid) for _ in range(n)]


def banks(rng: np.random.Generator, n: int, field_deg: float) -> list[BaseGeometry]:
    """Return winding lines across the field, 10 to 400 vertices, some in two parts."""
    out = []
    for _ in range(n):
        count = int(rng.integers(10, 400))
        heading = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.3, count))
        step = field_deg * rng.uniform(0.2, 1.5) / count
        xy = _somewhere(rng, field_deg) + np.cumsum(step * np.column_stack([np.cos(heading), np.sin(heading)]), axis=0)
        line = shapely.LineString(xy)
        if rng.random() < 0.2:
            half = count // 2
            line = shapely.MultiLineString([xy[:half], xy[half:]])
        out.append(line)
    return out


def _somewhere(rng: np.random.Generator, field_deg: float) -> np.ndarray:
    return WEST_SOUTH + rng.uniform(0, field_deg, 2)


def _snapped(xy: np.ndarray, on_grid: bool) -> np.ndarray:
    return np.round(xy / GRID_DEG) * GRID_DEG if on_grid else xy


def _star(rng: np.random.Generator, centre: np.ndarray, radius: float, count: int, on_grid: bool) -> BaseGeometry:
    angle = np.sort(rng.uniform(0, 2 * np.pi, count))
    reach = radius * rng.uniform(0.3, 1.0, count)
    ring = _snapped(centre + np.column_stack([reach * np.cos(angle), reach * np.sin(angle)]), on_grid)
    return shapely.make_valid(shapely.Polygon(ring), method="structure", keep_collapsed=False)


def _polygon(rng: np.random.Generator, size_deg: float, field_deg: float, on_grid: bool) -> BaseGeometry:
    """Return one valid polygon; another is drawn where the corners on the grid fall together."""
    while True:
        centre, kind = _somewhere(rng, field_deg), rng.random()
        count = int(rng.choice([3, 4, 5, 8, 20, 60, 200, 500], p=[0.1, 0.2, 0.15, 0.15, 0.15, 0.1, 0.1, 0.05]))
        if kind < 0.2:
            low = _snapped(centre, on_grid)
            high = low + np.maximum(_snapped(rng.uniform(0, size_deg, 2), on_grid), GRID_DEG)
            shape: BaseGeometry = shapely.box(*low, *high)
        else:
            shape = _star(rng, centre, size_deg * rng.uniform(0.1, 1.0), count, on_grid)
        if kind > 0.75:
            shape = shape.difference(_star(rng, centre, size_deg * 0.3, 6, on_grid))
        if kind > 0.85:
            shape = shape.union(_star(rng, centre + rng.uniform(-1, 1, 2) * size_deg, size_deg * 0.4, 7, on_grid))
        shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        if isinstance(shape, shapely.Polygon | shapely.MultiPolygon) and not shape.is_empty and shape.is_valid:
            return shape


def _line(rng: np.random.Generator, size_deg: float, field_deg: float, on_grid: bool) -> BaseGeometry:
    while True:
        count = int(rng.choice([2, 3, 6, 30, 150]))
        steps = rng.normal(0, size_deg / np.sqrt(count), (count, 2))
        if rng.random() < 0.3:
            steps[:, rng.integers(2)] = 0.0
        xy = _snapped(_somewhere(rng, field_deg) + np.cumsum(steps, axis=0), on_grid)
        line = shapely.remove_repeated_points(shapely.LineString(xy))
        if line.length > 0 and line.is_valid and not goes_over_itself(line):
            return line


def goes_over_itself(line: BaseGeometry) -> bool:
    """Tell whether a line runs twice along the same stretch; to cross itself is no matter."""
    return bool(shapely.union_all([line]).length < line.length * (1 - 1e-9))


def _multiline(rng: np.random.Generator, size_deg: float, field_deg: float, on_grid: bool) -> BaseGeometry:
    return shapely.union_all([_line(rng, size_deg, field_deg, on_grid) for _ in range(int(rng.integers(2, 4)))])


def _points(rng: np.random.Generator, size_deg: float, field_deg: float, on_grid: bool) -> BaseGeometry:
    count = int(rng.choice([1, 1, 1, 3]))
    centre = _somewhere(rng, field_deg)
    xy = _snapped(centre + rng.normal(0, size_deg, (count, 2)) * (count > 1), on_grid)
    return shapely.Point(xy[0]) if count == 1 else shapely.MultiPoint(np.unique(xy, axis=0))

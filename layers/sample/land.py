"""The lie of the land: border, water, banks, hills and the red line drawn upon them, in the plane."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from . import plan
from .outline import Field, Points, noise_field, pieces, raised, ribbon, ripple, spline, wobble

LEAST_PIECE_M2 = 25_000.0
GRID_M = 60.0


@dataclass(frozen=True)
class Stream:
    """A river drawn: axis and both banks in its direction, and its water, all in the plane."""

    river: plan.River
    axis: shapely.LineString
    left: shapely.LineString
    right: shapely.LineString
    water: shapely.Polygon


@dataclass(frozen=True)
class Land:
    """The district before anyone has zoned it."""

    district: shapely.Polygon
    streams: dict[str, Stream]
    red: shapely.Geometry
    scale: float

    @property
    def water(self) -> shapely.Geometry:
        """All water surfaces as one area."""
        return shapely.union_all([stream.water for stream in self.streams.values()])


def draw(rng: np.random.Generator) -> Land:
    """Return border, rivers and red line of a district of the planned size."""
    district, scale = _district(rng)
    streams = _streams(rng, scale)
    return Land(district, streams, _red_line(rng, district, streams, scale), scale)


def _district(rng: np.random.Generator) -> tuple[shapely.Polygon, float]:
    """Return the border, and the factor by which the drawing board shrinks to the planned area."""
    rough = wobble(spline(plan.BORDER, 55.0, closed=True), 75.0, rng, (9, 160), closed=True)
    scale = float(np.sqrt(plan.DISTRICT_M2 / shapely.Polygon(rough).area))
    return shapely.Polygon(rough * scale), scale


def _streams(rng: np.random.Generator, scale: float) -> dict[str, Stream]:
    drawn: dict[str, Stream] = {}
    for river in plan.RIVERS:
        small = river.half_width < 50.0
        axis = wobble(spline(scale * river.axis, 28.0 if small else 45.0), 40.0, rng, (4, 40) if small else (2, 9))
        grown = 1.0 if river is plan.MAINSTEM else 0.55 + 0.45 * np.linspace(0.0, 1.0, len(axis))
        widths = [
            river.half_width * grown * np.clip(1.0 + 0.10 * ripple(rng, len(axis), (6, 110), 0.9), 0.6, 1.5)
            for _ in "lr"
        ]
        left, right = ribbon(axis, widths[0])[0], ribbon(axis, widths[1])[1]
        water = shapely.Polygon(np.vstack((left, right[::-1])))
        drawn[river.key] = Stream(
            river, shapely.LineString(axis), shapely.LineString(left), shapely.LineString(right), water
        )
    mouth = drawn["mainstem"].water
    return {key: stream if key == "mainstem" else _ending_at(stream, mouth) for key, stream in drawn.items()}


def _ending_at(stream: Stream, mouth: shapely.Polygon) -> Stream:
    """Let a tributary end at the bank that it reaches."""

    def cut(line: shapely.LineString) -> shapely.LineString:
        parts = shapely.get_parts(shapely.difference(line, mouth))
        return next(part for part in parts if part.coords[0] == line.coords[0])

    left, right = cut(stream.left), cut(stream.right)
    water = shapely.Polygon(np.vstack((left.coords, np.asarray(right.coords)[::-1])))
    return Stream(stream.river, stream.axis, left, right, water)


def heights(rng: np.random.Generator, xy: Points, streams: dict[str, Stream], scale: float) -> Points:
    """Return the heights of places (n, 2) of the plane: 0 low ground, about 1 the top of a ridge."""
    surface: Field = noise_field(rng, (2600.0, 170.0), roughness=0.72)
    points = shapely.points(xy)
    height = np.zeros(len(xy))
    for axis, half_width, top in plan.RIDGES:
        away = shapely.distance(points, shapely.LineString(spline(scale * axis, 120.0)))
        height = np.maximum(height, top * np.exp(-((away / (1.6 * half_width)) ** 2)))
    height *= 1.0 + 0.30 * surface(xy)
    for stream in streams.values():
        water_m = shapely.distance(points, shapely.simplify(stream.water, 5.0))
        height *= np.clip(water_m / (6.0 * stream.river.half_width + 60.0) - 0.2, 0.0, 1.0)
    return height


def _red_line(
    rng: np.random.Generator, district: shapely.Polygon, streams: dict[str, Stream], scale: float
) -> shapely.Geometry:
    """Return what stands above the level at which the district holds the planned area of red line."""
    west, south, east, north = plan.FRAME
    x, y = np.arange(west, east + 1.0, GRID_M), np.arange(south, north + 1.0, GRID_M)
    xy = np.column_stack([g.ravel() for g in np.meshgrid(x, y)])
    height = heights(rng, xy, streams, scale).reshape(len(y), len(x))
    height[[0, -1], :] = height[:, [0, -1]] = 0.0
    low, high = 0.2, 1.2
    red = shapely.Polygon()
    for _ in range(34):
        level = (low + high) / 2
        whole = pieces(raised(x, y, height, level), LEAST_PIECE_M2)
        red = _without_scraps(whole, district)
        area = red.intersection(district).area
        if abs(area - plan.RED_LINE_M2) < 500.0:
            break
        low, high = (level, high) if area > plan.RED_LINE_M2 else (low, level)
    return red


def _without_scraps(red: shapely.Geometry, district: shapely.Polygon) -> shapely.Geometry:
    """Drop pieces of which the border leaves only a scrap on one of its sides."""
    parts = shapely.get_parts(red)
    inside = shapely.area(shapely.intersection(parts, district))
    scrap = ((inside > 0.0) & (inside < LEAST_PIECE_M2)) | ((parts_out := shapely.area(parts) - inside) > 0.0) & (
        parts_out < LEAST_PIECE_M2 / 4
    ) & (inside == 0.0)
    return shapely.union_all(parts[~scrap])

"""What lies further than a limit from lines: the compiled loop against GEOS, and against plain geometry."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from ecoredline.layers.geodesy.area import polygon_areas
from ecoredline.layers.geodesy.length import line_lengths
from ecoredline.layers.geodesy.plane import LocalPlane
from ecoredline.processing.engine.facts.beyond import beyond
from ecoredline.processing.engine.facts.flat_edges import BOTH, LEFT, RIGHT, flat_edges
from ecoredline.processing.engine.kernel.beyond import Rest, rest_measures
from ecoredline.processing.engine.kernel.library import kernel
from ecoredline.processing.engine.kernel.sides import Sides

PLANE = LocalPlane(np.array([106.5]), np.array([29.5]))
pytestmark = pytest.mark.skipif(kernel() is None, reason="no compiled loops")


def degrees(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a shape in metres about the middle as degrees, without long edges."""
    placed = shapely.transform(shape, lambda xy: np.column_stack(PLANE.unproject(xy[:, 0], xy[:, 1])))
    return shapely.segmentize(placed, 0.0004)


def rest(shape: shapely.Geometry, limit: float, lines: list[shapely.Geometry], *, apart: bool = False) -> Rest:
    """Ask the loop about one shape in metres."""
    sides = Sides.of(np.array([degrees(shape)]), PLANE)
    given = np.array([degrees(line) for line in lines], dtype=object), np.zeros(len(lines), dtype=np.int64)
    edges = flat_edges(*given, np.full(len(lines), BOTH), PLANE, np.array([limit]), sides.bounds)
    loops = kernel()
    assert loops is not None
    return rest_measures(loops, sides, PLANE, edges, np.array([apart]))


def by_geos(shape: shapely.Geometry, limit: float, lines: list[shapely.Geometry], side: np.int8 = BOTH) -> float:
    """Measure the same by overlay."""
    given = np.array([degrees(line) for line in lines], dtype=object), np.zeros(len(lines), dtype=np.int64)
    left = beyond(np.array([degrees(shape)]), PLANE, np.array([limit]), *given, np.full(len(lines), side))
    return float((polygon_areas if shapely.get_dimensions(shape) == 2 else line_lengths)(left)[0])


def both(shape: shapely.Geometry, limit: float, lines: list[shapely.Geometry], *, may_ask: bool = False) -> float:
    """Measure by the loop and by GEOS; what the loop leaves open only where it may."""
    found, other = rest(shape, limit, lines), by_geos(shape, limit, lines)
    assert may_ask or not found.open[0]
    if not found.open[0]:
        assert found.measure[0, 0] == pytest.approx(other, abs=1e-3, rel=1e-9)
    assert found.measure[0, 1] == 0.0
    return other


def star(rng: np.random.Generator, size: float) -> shapely.Polygon:
    turn = (np.arange(9) + rng.uniform(0, 0.9, 9)) * 2 * np.pi / 9
    away = size * rng.uniform(0.3, 1, 9)
    return shapely.Polygon(np.column_stack([away * np.cos(turn), away * np.sin(turn)]), [[(9, 9), (15, 9), (9, 15)]])


def course(rng: np.random.Generator, limit: float, middle: float, n: int = 40) -> shapely.LineString:
    x = np.linspace(-3 * limit, 3 * limit, n) + rng.normal(0, 0.05 * limit, n)
    return shapely.LineString(np.column_stack([x, middle + rng.normal(0, 0.05 * limit, n)]))


@pytest.mark.parametrize("limit", [30.0, 100.0, 1000.0])
@pytest.mark.parametrize("seed", range(12))
def test_random_areas_and_lines(seed: int, limit: float) -> None:
    rng = np.random.default_rng([seed, int(limit)])
    lines = [course(rng, limit, rng.uniform(-limit, 0)), shapely.Point(rng.uniform(-limit, limit, 2))]
    lines += [shapely.affinity.rotate(course(rng, limit, -limit), 70.0, origin=(0, 0))] if seed % 2 else []
    area = star(rng, 1.5 * limit if seed % 3 else 100.0)
    both(area, limit, lines)
    both(shapely.MultiPolygon([area, shapely.affinity.translate(area, 3 * limit, limit)]), limit, lines)
    both(course(rng, limit, 0.7 * limit), limit, lines)


@pytest.mark.parametrize(("side", "y"), [(LEFT, 1), (RIGHT, -1)])
def test_a_side_told_to_geos_is_none_that_the_loop_needs(side: np.int8, y: int) -> None:
    site = shapely.box(-50, min(20 * y, 150 * y), 50, max(20 * y, 150 * y))
    line = shapely.LineString([(-300, 0), (-10, 10 * y), (0, -30 * y), (300, 0)])
    assert by_geos(site, 100.0, [line], side) == pytest.approx(both(site, 100.0, [line]), abs=1e-3)


def test_plain_figures() -> None:
    square = shapely.box(-200, -200, 200, 200)
    chords = 2 * np.ceil(np.pi / (2 * np.arccos(1 - 0.01 / 100.0)))
    disc = chords / 2 * np.sin(2 * np.pi / chords) * 100.0**2
    assert both(square, 100.0, [shapely.Point(0, 0)]) == pytest.approx(160_000 - disc, abs=0.01)
    assert both(square, 100.0, [shapely.Point(0, 5000)]) == pytest.approx(160_000, abs=0.01)
    assert both(square, 100.0, [shapely.LineString([(-500, 0), (500, 0)])]) == pytest.approx(80_000, abs=0.1)
    assert both(square, 900.0, [shapely.Point(0, 0)]) == 0.0
    road = shapely.LineString([(0, -300), (0, 300)])
    assert both(road, 100.0, [shapely.LineString([(-500, 0), (500, 0)])]) == pytest.approx(400.0, abs=1e-3)


def test_what_lies_inside_a_surface_is_told_from_what_lies_outside() -> None:
    """A strip through a square hole of a wide square: outside are 600 - 2 x 100 m of it, inside two stretches."""
    rings = [shapely.box(-1000, -1000, 1000, 1000).exterior, shapely.box(-300, -300, 300, 300).exterior]
    for site, size in ((shapely.box(-900, -20, 900, 20), 40.0), (shapely.LineString([(-900, 0), (900, 7)]), 1.0)):
        found = rest(site, 100.0, rings, apart=True)
        assert not found.open[0]
        inside, outside = 2 * (900 - 400) * size, (600 - 200) * size
        begins_outside = shapely.box(-300, -300, 300, 300).contains(shapely.Point(found.place[0]))
        told = (outside, inside) if begins_outside else (inside, outside)
        assert found.measure[0] == pytest.approx(told, abs=0.1 * size)


def test_what_coincides_is_right_too() -> None:
    line = shapely.LineString([(-300, 0), (-20, 3), (30, -4), (300, 0)])
    site = shapely.box(-100, 20, 100, 160)
    one = both(site, 100.0, [line])
    # Twice the same, one the other way about, cut in two, and with corners a hair beside.
    others = [line.reverse(), shapely.LineString(line.coords[:3]), shapely.LineString(line.coords[2:])]
    beside = shapely.affinity.translate(line, 0.0, 1e-9)
    for lines in ([line, line], [line, others[0]], others[1:], [line, others[1]], [line, beside], [*others, beside]):
        assert both(site, 100.0, lines, may_ask=True) == pytest.approx(one, abs=1e-3)
    along = shapely.LineString([(-300, 0), (300, 0)])
    both(shapely.box(-100, 0, 100, 160), 100.0, [along])  # it begins on the line,
    both(shapely.box(-100, 50, 100, 100), 100.0, [along], may_ask=True)  # ends at the limit,
    both(shapely.box(-100, 100, 100, 160), 100.0, [along], may_ask=True)  # begins there,
    both(shapely.box(-300, -200, 300, 200), 100.0, [along, along], may_ask=True)  # and holds all of it

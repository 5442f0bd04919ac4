"""What lies further than a limit from lines: the compiled loop against GEOS, and against plain geometry."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from ecoredline.layers.geodesy.plane import LocalPlane
from ecoredline.processing.engine.facts import beyond as module
from ecoredline.processing.engine.facts.beyond import BOTH, LEFT, RIGHT, measured_beyond
from ecoredline.processing.engine.kernel.library import kernel

LON, LAT = 106.5, 29.5
pytestmark = pytest.mark.skipif(kernel() is None, reason="no compiled loops")


def degrees(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a shape in metres about the middle as degrees."""
    plane = LocalPlane(np.array([LON]), np.array([LAT]))
    return shapely.transform(shape, lambda xy: np.column_stack(plane.unproject(xy[:, 0], xy[:, 1])))


class Both:
    """Measures shapes by the compiled loop and by GEOS; counts what the loop hands back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.handed_back = 0
        self._patch = monkeypatch
        rest = module._rest

        def counted(flat: np.ndarray, near: module.Edges) -> np.ndarray:
            self.handed_back += len(flat)
            return rest(flat, near)

        monkeypatch.setattr(module, "_rest", counted)

    def __call__(
        self, shape: shapely.Geometry, limit: float, lines: list[shapely.Geometry], side: np.int8 = BOTH
    ) -> float:
        n = len(lines)
        given = (
            np.array([degrees(shape)]), np.array([limit]), np.array([degrees(line) for line in lines], dtype=object),
            np.zeros(n, dtype=np.int64), np.full(n, side), np.zeros(1, dtype=bool),
        )  # fmt: skip
        one = measured_beyond(*given)[0]
        before = self.handed_back
        with self._patch.context() as without:
            without.setattr(module, "kernel", lambda: None)
            other = measured_beyond(*given)[0]
        self.handed_back = before
        assert one == pytest.approx(other, abs=1e-3, rel=1e-9)
        return one


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> Both:
    return Both(monkeypatch)


def star(rng: np.random.Generator, size: float) -> shapely.Polygon:
    turn = (np.arange(9) + rng.uniform(0, 0.9, 9)) * 2 * np.pi / 9
    away = size * rng.uniform(0.3, 1, 9)
    return shapely.Polygon(np.column_stack([away * np.cos(turn), away * np.sin(turn)]), [[(9, 9), (15, 9), (9, 15)]])


def course(rng: np.random.Generator, limit: float, middle: float, n: int = 40) -> shapely.LineString:
    x = np.linspace(-3 * limit, 3 * limit, n) + rng.normal(0, 0.05 * limit, n)
    return shapely.LineString(np.column_stack([x, middle + rng.normal(0, 0.05 * limit, n)]))


@pytest.mark.parametrize("limit", [30.0, 100.0, 1000.0])
@pytest.mark.parametrize("seed", range(12))
def test_random_areas_and_lines(both: Both, seed: int, limit: float) -> None:
    rng = np.random.default_rng([seed, int(limit)])
    lines = [course(rng, limit, rng.uniform(-limit, 0)), shapely.Point(rng.uniform(-limit, limit, 2))]
    lines += [shapely.affinity.rotate(course(rng, limit, -limit), 70.0, origin=(0, 0))] if seed % 2 else []
    area = star(rng, 1.5 * limit if seed % 3 else 100.0)
    both(area, limit, lines)
    both(shapely.MultiPolygon([area, shapely.affinity.translate(area, 3 * limit, limit)]), limit, lines)
    both(course(rng, limit, 0.7 * limit), limit, lines)
    assert not both.handed_back


@pytest.mark.parametrize(("side", "y"), [(LEFT, 1), (RIGHT, -1)])
def test_a_side_told(both: Both, side: np.int8, y: int) -> None:
    site = shapely.box(-50, min(20 * y, 150 * y), 50, max(20 * y, 150 * y))
    line = shapely.LineString([(-300, 0), (-10, 10 * y), (0, -30 * y), (300, 0)])
    assert both(site, 100.0, [line], side) == pytest.approx(both(site, 100.0, [line]), abs=1e-3)


def test_plain_figures(both: Both) -> None:
    square = shapely.box(-200, -200, 200, 200)
    chords = 2 * np.ceil(np.pi / (2 * np.arccos(1 - 0.01 / 100.0)))
    disc = chords / 2 * np.sin(2 * np.pi / chords) * 100.0**2
    assert both(square, 100.0, [shapely.Point(0, 0)]) == pytest.approx(160_000 - disc, abs=0.01)
    assert both(square, 100.0, [shapely.Point(0, 5000)]) == pytest.approx(160_000, abs=0.01)
    assert both(square, 100.0, [shapely.LineString([(-500, 0), (500, 0)])]) == pytest.approx(80_000, abs=0.1)
    assert both(square, 900.0, [shapely.Point(0, 0)]) == 0.0
    road = shapely.LineString([(0, -300), (0, 300)])
    assert both(road, 100.0, [shapely.LineString([(-500, 0), (500, 0)])]) == pytest.approx(400.0, abs=1e-3)
    assert not both.handed_back


def test_what_coincides_is_right_too(both: Both) -> None:
    line = shapely.LineString([(-300, 0), (-20, 3), (30, -4), (300, 0)])
    site = shapely.box(-100, 20, 100, 160)
    one = both(site, 100.0, [line])
    # Twice the same, one the other way about, cut in two, and with corners a hair beside.
    others = [line.reverse(), shapely.LineString(line.coords[:3]), shapely.LineString(line.coords[2:])]
    beside = shapely.affinity.translate(line, 0.0, 1e-9)
    for lines in ([line, line], [line, others[0]], others[1:], [line, others[1]], [line, beside], [*others, beside]):
        assert both(site, 100.0, lines) == pytest.approx(one, abs=1e-3)
    along = shapely.LineString([(-300, 0), (300, 0)])
    both(shapely.box(-100, 0, 100, 160), 100.0, [along])  # it begins on the line,
    both(shapely.box(-100, 50, 100, 100), 100.0, [along])  # ends at the limit,
    both(shapely.box(-100, 100, 100, 160), 100.0, [along])  # begins there,
    both(shapely.box(-300, -200, 300, 200), 100.0, [along, along])  # and holds all of it


def test_a_line_that_runs_one_stretch_twice_is_counted_once() -> None:
    there = degrees(shapely.LineString([(0, -300), (0, 300), (0, 200)]))
    bank = degrees(shapely.LineString([(-500, 0), (500, 0)]))
    given = (np.array([there]), np.array([100.0]), np.array([bank]), np.zeros(1, dtype=np.int64), np.array([BOTH]))
    assert measured_beyond(*given, np.array([True]))[0] == pytest.approx(400.0, abs=1e-3)

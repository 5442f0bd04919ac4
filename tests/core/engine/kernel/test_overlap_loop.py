"""The compiled loop over pairs of parts and pieces: what it claims is so, and it claims what is clear."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
import shapes
from ecoredline.layers.geodesy.area import polygon_areas
from ecoredline.processing.engine.kernel import library, overlap
from ecoredline.processing.engine.kernel.outlines import Outlines
from ecoredline.processing.engine.kernel.overlap import APART, ASK, HOLDS, INSIDE, PARTIAL
from hypothesis import given, settings
from hypothesis import strategies as st
from laying import laid, wrong
from shapely import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

GRID = 2.0**-10
X, Y = 106.0, 29.5


def singles(geometries: list[BaseGeometry]) -> list[BaseGeometry]:
    """Return the connected parts that the loop takes: no line that meets itself."""
    parts = shapely.get_parts(np.array(geometries, dtype=object))
    return list(parts[(shapely.get_dimensions(parts) != 1) | shapely.is_simple(parts)])


def every_pair(parts: list[BaseGeometry], pieces: list[BaseGeometry]) -> tuple[list[BaseGeometry], list[BaseGeometry]]:
    return [part for part in parts for _ in pieces], [piece for _ in parts for piece in pieces]


@pytest.mark.parametrize("seed", range(6))
def test_random_pairs(seed: int) -> None:
    rng = np.random.default_rng([21, seed])
    pieces = singles(shapes.polygons(rng, 25, 0.02, 0.04, on_grid=False))
    pairs = every_pair(singles(shapes.sites(rng, 50, 0.012, 0.04, on_grid=False)), pieces)
    found = laid(*pairs)
    assert wrong(*pairs, found) == []
    assert (found.outcome == ASK).sum() == 0
    assert np.bincount(found.outcome, minlength=4)[[APART, INSIDE, PARTIAL]].min() > 20
    assert found.own.sum() > 20


@pytest.mark.parametrize("seed", range(6))
def test_random_pairs_on_one_grid(seed: int) -> None:
    rng = np.random.default_rng([22, seed])
    pieces = singles(shapes.polygons(rng, 25, 0.02, 0.04, on_grid=True))
    pairs = every_pair(singles(shapes.sites(rng, 40, 0.012, 0.04, on_grid=True)), pieces)
    found = laid(*pairs)
    assert wrong(*pairs, found) == []
    share = (found.outcome == ASK).mean()
    assert 0.01 < share < 0.1  # corners on edges there are; most pairs are clear all the same


@pytest.mark.parametrize("shift", [(-106.0, -29.5), (73.5, 10.0), (-106.03, 0.0), (0.0, -29.52)])
def test_elsewhere_on_earth_where_differences_are_not_exact(shift: tuple[float, float]) -> None:
    """Across the equator and the prime meridian coordinates have other last bits than their neighbours."""
    rng = np.random.default_rng(23)
    pieces = singles(shapes.polygons(rng, 20, 0.02, 0.06, on_grid=False))
    parts = singles(shapes.sites(rng, 40, 0.012, 0.06, on_grid=False))
    moved = [list(shapely.transform(np.array(some, dtype=object), lambda xy: xy + shift)) for some in (parts, pieces)]
    pairs = every_pair([p for p in moved[0] if p.is_valid], [p for p in moved[1] if p.is_valid])
    found = laid(*pairs)
    assert wrong(*pairs, found) == []
    assert (found.outcome == PARTIAL).sum() > 20


@pytest.mark.parametrize("seed", range(4))
def test_borders_a_hair_apart(seed: int) -> None:
    """Shapes beside themselves, moved by some units of the last place: in doubt, or right."""
    rng = np.random.default_rng([24, seed])
    pieces = singles(shapes.polygons(rng, 60, 0.02, 0.04, on_grid=seed % 2 == 0))
    ulps = 2.0**-46 * rng.integers(-3, 4, (len(pieces), 2)) * 10.0 ** rng.integers(0, 4)
    parts = [shapely.transform(piece, lambda xy, by=by: xy + by) for piece, by in zip(pieces, ulps, strict=True)]
    kept = [(a, b) for a, b in zip(parts, pieces, strict=True) if a.is_valid]
    parts, pieces = [a for a, _ in kept], [b for _, b in kept]
    assert wrong(parts, pieces, laid(parts, pieces)) == []


SQUARE = box(X, Y, X + 8 * GRID, Y + 8 * GRID)
HOLE = box(X + 2 * GRID, Y + 2 * GRID, X + 6 * GRID, Y + 6 * GRID)
HOLED = SQUARE.difference(HOLE)


def inner(by: float) -> Polygon:
    """Return the square made smaller on all sides by so many cells."""
    return box(X + by * GRID, Y + by * GRID, X + (8 - by) * GRID, Y + (8 - by) * GRID)


@pytest.mark.parametrize(
    ("part", "piece", "outcome"),
    [
        (inner(1), SQUARE, INSIDE),
        (inner(-1), SQUARE, HOLDS),
        (SQUARE, SQUARE, ASK),
        (inner(3), HOLED, APART),  # in the hole
        (HOLED, inner(3), APART),  # the piece in the hole of the part
        (inner(1), HOLED, PARTIAL),  # over the whole hole: no borders cross
        (HOLED, inner(1), PARTIAL),
        (HOLED, inner(-1), INSIDE),
        (inner(-1), HOLED, HOLDS),
        (HOLED, SQUARE, ASK),
        (inner(1).difference(inner(1.5)), SQUARE, INSIDE),
        (inner(1).difference(inner(1.5)), HOLED, INSIDE),  # round the hole
        (HOLED, inner(1).difference(inner(1.5)), HOLDS),
        (inner(1).difference(inner(3)), HOLED, PARTIAL),
        (box(X + 8 * GRID, Y, X + 9 * GRID, Y + GRID), SQUARE, ASK),  # touches
        (box(X + 9 * GRID, Y, X + 10 * GRID, Y + GRID), SQUARE, APART),
        (Point(X + GRID, Y + GRID), SQUARE, INSIDE),
        (Point(X + 4 * GRID, Y + 4 * GRID), HOLED, APART),
        (Point(X, Y), SQUARE, ASK),
        (Point(X + GRID, Y + 8 * GRID), SQUARE, ASK),
        (Point(X + 8 * GRID, Y + GRID), SQUARE, ASK),
        (Point(X + 2 * GRID, Y + 3 * GRID), HOLED, ASK),
        (LineString([(X + GRID, Y + GRID), (X + 7 * GRID, Y + 2 * GRID)]), SQUARE, INSIDE),
        (LineString([(X + GRID, Y + 3 * GRID), (X + 7 * GRID, Y + 3 * GRID)]), HOLED, PARTIAL),
        (LineString([(X + 3 * GRID, Y + 3 * GRID), (X + 5 * GRID, Y + 3 * GRID)]), HOLED, APART),
        (LineString([(X + GRID, Y + 8 * GRID), (X + 7 * GRID, Y + 8 * GRID)]), SQUARE, ASK),
        (LineString([(X + 4 * GRID, Y + 4 * GRID), (X + 8 * GRID, Y + 4 * GRID)]), SQUARE, ASK),
    ],
)
def test_plain_pairs(part: BaseGeometry, piece: BaseGeometry, outcome: int) -> None:
    for a in (part, shapely.reverse(part)):
        for b in (piece, shapely.reverse(piece)):
            found = laid([a], [b])
            assert found.outcome[0] == outcome
            assert wrong([a], [b], found) == []


def test_slivers_and_needles() -> None:
    """Two sides of a needle cross an edge nearly at one place: their order is sure, or it is asked."""
    rng = np.random.default_rng(25)
    parts, pieces = [], []
    for width in 10.0 ** np.arange(-14, -3):
        for _ in range(20):
            at, reach = rng.uniform(0, 8 * GRID, 2), rng.uniform(-8 * GRID, 8 * GRID, 2)
            base = np.array([X, Y]) + at
            tip = base + reach
            parts.append(Polygon([base, (base[0] + width, base[1]), tip]))
            pieces.append(SQUARE)
    valid = [part.is_valid for part in parts]
    parts, pieces = [p for p, v in zip(parts, valid, strict=True) if v], [SQUARE] * sum(valid)
    found = laid(parts, pieces)
    assert wrong(parts, pieces, found) == []
    assert (found.outcome == PARTIAL).sum() > 40


@pytest.mark.parametrize("seed", range(3))
def test_edges_so_long_that_plain_signs_are_wrong(seed: int) -> None:
    """A corner rounded onto an edge of a hundred degrees: the plain sign of the orientation is as good as random."""
    rng = np.random.default_rng([28, seed])
    parts, pieces = [], []
    for _ in range(400):
        ends = np.sort(rng.uniform(-60, 60, 2)), rng.uniform(-9, 9, 2)
        u, v = np.column_stack(ends)
        corner = u + (v - u) * rng.uniform(0.1, 0.9)
        pieces.append(Polygon([u, v, (v[0], v[1] - 10)]))
        up = rng.choice([-1, 1])
        parts.append(Polygon(corner + np.array([(0.0, 0.0), (3.0, up * 2.0), (-2.0, up * 2.5)])))
    found = laid(parts, pieces)
    assert [problem for problem in wrong(parts, pieces, found) if "by" not in problem] == []
    assert (found.outcome == ASK).sum() > 100


def test_the_order_of_crossings_on_a_long_edge() -> None:
    """The sides of needles a hundred degrees long cross an edge within rounding of each other."""
    rng = np.random.default_rng(29)
    parts, pieces = [], []
    for width in np.repeat(2.0 ** np.arange(-50, -20, 3), 30):
        u, v = np.column_stack([np.sort(rng.uniform(-60, 60, 2)), rng.uniform(-4, 4, 2)])
        tip, place = u + (v - u) * rng.uniform(0.2, 0.8), rng.uniform(-60, 60)
        pieces.append(Polygon([u, v, (v[0], v[1] - 5)]))
        parts.append(Polygon([(place, 8.0), (place + width, 8.0), (tip[0], tip[1] - rng.uniform(0.0, 1.0))]))
    kept = [i for i, part in enumerate(parts) if part.is_valid]
    parts, pieces = [parts[i] for i in kept], [pieces[i] for i in kept]
    found = laid(parts, pieces)
    for i in np.flatnonzero(found.outcome == PARTIAL):
        assert found.area[i] <= 2 * polygon_areas(np.array([parts[i]], dtype=object))[0] + 1.0
    assert 20 < (found.outcome == PARTIAL).sum() < len(parts) - 20


def cells(*places: tuple[float, float]) -> LineString:
    return LineString([(X + x * GRID, Y + y * GRID) for x, y in places])


@pytest.mark.parametrize(
    ("line", "twice"),
    [
        (cells((0, 0), (4, 4), (4, 0), (0, 4)), False),  # crosses itself
        (cells((0, 0), (1, 0), (2, 0), (5, 0), (5, 5), (3, -3)), False),  # straight on
        (cells((0, 0), (4, 0), (2, 0)), True),  # turns back
        (cells((0, 0), (3, 1), (6, 2), (6, 6), (1.5, 0.5), (4.5, 1.5)), True),
        (cells((0, 0), (4, 0), (4, 4), (2, 0), (3, 0)), True),
        (cells((2, 0), (3, 0), (3, 3), (0, 0), (8, 0)), True),  # the later edge is the longer one
        (cells((0, 0), (4, 0), (4, 4), (0, 4), (0, 0)), False),  # closed
        (cells((0, 0), (4, 0), (4, 4), (0, 4), (0, 0), (4, 0)), True),
        (cells((0, 0), (3, 0), (3, 3), (3, 0), (6, 0)), True),
        (cells((0, 0), (3, 0), (3, 3), (5, 3), (5, 0), (8, 0)), False),  # two stretches of one straight line
    ],
)
def test_lines_that_run_twice_over_a_stretch(line: LineString, twice: bool) -> None:
    loops = library.kernel()
    assert loops is not None
    for shape in (line, shapely.reverse(line)):
        outlines = Outlines.of(np.array([shape, shape, SQUARE], dtype=object), loops)
        found = overlap.run_twice(loops, outlines, np.array([True, False, True]))
        assert found.tolist() == [twice, False, True]  # what is not asked of, or no line, stays as it is
    assert twice == shapes.goes_over_itself(line)


def test_a_bow_tie_that_no_one_repaired_is_in_doubt() -> None:
    bow = Polygon([(X, Y), (X + 8 * GRID, Y + 4 * GRID), (X + 8 * GRID, Y), (X, Y + 4.5 * GRID)])
    bar = box(X - GRID, Y + 1.9 * GRID, X + 9 * GRID, Y + 2.1 * GRID)
    assert laid([bow], [bar]).outcome[0] == ASK
    assert laid([bar], [bow]).outcome[0] == ASK


def test_fractals_with_holes() -> None:
    """Coasts with hundreds of corners and lakes, cut as pieces are."""
    rng = np.random.default_rng(26)

    def coast(radius: float, count: int, middle: np.ndarray) -> Polygon:
        angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
        waves = sum(np.sin(k * angle + rng.uniform(0, 6)) / k for k in (2, 3, 5, 9, 17, 33, 65)) * 0.2
        reach = radius * (1 + waves)
        return Polygon(np.column_stack([reach * np.cos(angle), reach * np.sin(angle)]) + middle)

    parts, pieces = [], []
    for _ in range(60):
        middle = np.array([X, Y]) + rng.uniform(-0.01, 0.01, 2)
        lakes = shapely.union_all([coast(0.002, 40, middle + rng.uniform(-0.008, 0.008, 2)) for _ in range(6)])
        land = coast(0.01, 380, middle).difference(lakes)
        for part in shapely.get_parts(land):
            parts.append(coast(0.006, 60, np.array([X, Y])).difference(coast(0.002, 30, np.array([X, Y]))))
            pieces.append(part)
    kept = [i for i, part in enumerate(parts) if part.geom_type == "Polygon"]
    parts, pieces = [parts[i] for i in kept], [pieces[i] for i in kept]
    found = laid(parts, pieces)
    assert wrong(parts, pieces, found) == []
    assert (found.outcome == PARTIAL).sum() > 30
    assert (found.outcome == ASK).sum() == 0


corner = st.tuples(st.integers(0, 6), st.integers(0, 6))
nudge = st.sampled_from([0.0, 0.0, 0.0, 1e-14, -1e-13, 1e-11, -1e-9])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(corner, nudge, nudge), min_size=2, max_size=7), st.lists(corner, min_size=3, max_size=7),
    st.booleans(),
)  # fmt: skip
def test_small_shapes_on_a_grid_some_a_hair_off_it(
    first: list[tuple[tuple[int, int], float, float]], second: list[tuple[int, int]], line: bool
) -> None:
    xy = [(X + i * GRID + dx, Y + j * GRID + dy) for (i, j), dx, dy in first]
    piece = Polygon([(X + i * GRID, Y + j * GRID) for i, j in second])
    part = LineString(xy) if line else Polygon(xy) if len(xy) > 2 else Point(xy[0])
    if piece.is_valid and part.is_valid and part.is_simple and not part.is_empty:
        assert wrong([part], [piece], laid([part], [piece])) == []


def comb(teeth: int) -> Polygon:
    xs = np.linspace(0, 8 * GRID, 2 * teeth + 1)
    top = [(X + x, Y + (7 if i % 2 else 1) * GRID) for i, x in enumerate(xs)]
    return Polygon([*top, (X + 8 * GRID, Y), (X, Y)])


def test_more_crossings_than_there_is_room_for_are_in_doubt() -> None:
    teeth = overlap.CROSSINGS // 2
    bar = box(X - GRID, Y + 3 * GRID, X + 9 * GRID, Y + 4 * GRID)
    line = LineString([(X - GRID, Y + 3.1 * GRID), (X + 9 * GRID, Y + 3.2 * GRID)])
    few, many = comb(teeth // 4), comb(teeth + 1)
    found = laid([bar, bar, line, line, bar], [few, many, few, many, few])
    # A line has room for some stretches more than it has vertices.
    assert found.outcome.tolist() == [PARTIAL, ASK, ASK, ASK, PARTIAL]
    assert wrong([bar] * 5, [few, many, few, many, few], found) == []
    fewer = comb(12)
    assert laid([line], [fewer]).outcome.tolist() == [PARTIAL]
    assert wrong([line], [fewer], laid([line], [fewer])) == []


def test_own_edges_are_off_the_box_of_the_piece() -> None:
    """A border on the box may be a line along which the feature was cut: to cross it tells nothing."""
    across = box(X - GRID, Y + GRID, X + GRID, Y + 2 * GRID)
    assert not laid([across], [SQUARE]).own[0]
    dented = SQUARE.difference(box(X + 2 * GRID, Y + 2 * GRID, X + 6 * GRID, Y + 6 * GRID))
    assert laid([box(X + GRID, Y + 3 * GRID, X + 3 * GRID, Y + 4 * GRID)], [dented]).own[0]


def test_any_number_of_threads_call_at_once() -> None:
    rng = np.random.default_rng(27)
    pieces = singles(shapes.polygons(rng, 20, 0.02, 0.04, on_grid=False))
    pairs = every_pair(singles(shapes.sites(rng, 40, 0.012, 0.04, on_grid=False)), pieces)
    alone = laid(*pairs)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: laid(*pairs), range(8)):
            for name, values in vars(alone).items():
                assert np.array_equal(values, getattr(found, name)), name


def test_a_multipart_of_one_part_is_that_part() -> None:
    found = laid([MultiPolygon([inner(1).difference(inner(3))])], [HOLED])
    assert found.outcome[0] == PARTIAL
    assert wrong([inner(1).difference(inner(3))], [HOLED], found) == []
    with pytest.raises(ValueError, match="several parts"):
        laid([MultiPolygon([box(0, 0, 1, 1), box(2, 0, 3, 1)])], [HOLED])

"""Large sites are laid by trees of their edges and by neighbourhoods: with the same answers as if they were small."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import reference
import shapely
import shapes
from comparing import fast_facts, inequalities, prepared
from ecoredline.processing.engine.facts import nearest as searches
from ecoredline.processing.engine.facts import overlap, piece_pairs, search_sites, vicinity
from ecoredline.processing.engine.facts.vicinity import Vicinity
from ecoredline.processing.engine.kernel import edge_trees, library
from ecoredline.processing.engine.kernel.edge_trees import EdgeTree
from ecoredline.processing.engine.kernel.outlines import Outlines
from ecoredline.processing.engine.kernel.overlap import APART, ASK, HOLDS, INSIDE, PARTIAL, run_twice
from laying import laid, wrong
from shapely.geometry.base import BaseGeometry

GRID = shapes.GRID_DEG
X, Y = shapes.WEST, shapes.SOUTH


@pytest.fixture(params=["compiled", "GEOS"])
def loops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Take the compiled loops, or do without."""
    if request.param == "GEOS":
        monkeypatch.setattr(library, "kernel", lambda: None)
    return str(request.param)


@pytest.fixture(autouse=True)
def as_if_large(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take nearly everything for large."""
    monkeypatch.setattr(edge_trees, "LARGE", 7)
    monkeypatch.setattr(vicinity, "WORTH_IT", 7)
    monkeypatch.setattr(vicinity, "FEW", 7)
    monkeypatch.setattr(searches, "MOST_VERTICES", 7)
    monkeypatch.setattr(search_sites, "LARGE", 7)
    monkeypatch.setattr(search_sites, "SECTION", 9)
    yield


def scribble(rng: np.random.Generator, n: int, on_grid: bool) -> shapely.LineString:
    xy = rng.uniform(0, 0.03, (n, 2))
    return shapely.LineString(np.array([X, Y]) + (np.round(xy / GRID) * GRID if on_grid else xy))


@pytest.mark.parametrize("on_grid", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_facts_are_those_of_the_reference(seed: int, on_grid: bool, loops: str) -> None:
    rng = np.random.default_rng([91, seed])
    sites = shapes.sites(rng, 12, 0.012, 0.03, on_grid)
    sites += [line for line in (scribble(rng, 20, on_grid) for _ in range(2)) if line.length]
    features = shapes.polygons(rng, 25, 0.006, 0.03, on_grid)
    assert inequalities(sites, features, 150.0 if seed % 2 else 0.0) == []


@pytest.mark.parametrize("reach_m", [150.0, 3_000.0])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_near_is_what_is_near_the_whole(seed: int, reach_m: float, loops: str) -> None:
    rng = np.random.default_rng([98, seed])
    sites = shapes.sites(rng, 12, 0.012, 0.03, on_grid=seed == 0)
    assert inequalities(sites, shapes.banks(rng, 6, 0.03), reach_m, [0, 0, 1, 2, 2, 3]) == []


def test_lines_that_end_on_a_border_which_sections_cut(loops: str) -> None:
    """Where a long edge is cut its halves leave it by rounding; what ends on it still meets it."""
    rng = np.random.default_rng(99)
    xy = np.array([X, Y]) + np.round(rng.uniform(0, 0.3, (20, 2)) / (8 * GRID)) * 8 * GRID
    hull = shapely.convex_hull(shapely.MultiPoint(xy))
    site = hull.difference(hull.centroid.buffer(0.05))
    corner = shapely.get_coordinates(hull)
    middle = 0.5 * (corner[1:] + corner[:-1])
    away = middle + 0.4 * (middle - shapely.get_coordinates(hull.centroid))
    lines = [shapely.LineString(ends) for ends in zip(middle, away, strict=True)]
    assert len(lines) > 6
    found = fast_facts([site], prepared(lines, list(range(len(lines)))), 150.0)
    assert [fact.distance_m for fact in found] == [0.0] * len(lines)
    assert all(line.intersects(site) for line in lines)


def test_a_site_made_of_parcels_over_its_parcels(loops: str) -> None:
    """All borders are shared, inside and along the outline, and some edges of the site are long."""
    rng = np.random.default_rng(92)
    corner = np.array([X, Y]) + np.stack(np.meshgrid(np.arange(13), np.arange(9)), axis=-1) * 4 * GRID
    corner[1:-1, 1:-1] += rng.integers(-1, 2, (7, 11, 2)) * GRID
    parcels = [
        shapely.Polygon([corner[j, i], corner[j, i + 1], corner[j + 1, i + 1], corner[j + 1, i]])
        for j in range(8) for i in range(12)
    ]  # fmt: skip
    inner = [p for n, p in enumerate(parcels) if 1 < n % 12 < 10 and 12 < n < 84 and n not in (40, 53, 54)]
    site = shapely.union_all(inner)
    found = fast_facts([site, site.boundary], prepared(parcels), 0.0)
    how = {fact.feature: fact.relation for fact in found if fact.site == 0}
    assert list(how.values()).count("contains") == len(inner)
    assert "overlaps" not in how.values()
    assert not inequalities([site, site.boundary, *inner[:3]], parcels, 0.0)


def test_a_site_with_many_lakes_and_a_site_of_many_parts(loops: str) -> None:
    rng = np.random.default_rng(93)
    middles = np.array([X, Y]) + np.stack(np.meshgrid(np.arange(9), np.arange(9)), axis=-1).reshape(-1, 2) * 0.004
    lakes = [shapely.Point(m).buffer(rng.uniform(0.0005, 0.0018), rng.integers(1, 5)) for m in middles]
    land = shapely.box(X - 0.01, Y - 0.01, X + 0.05, Y + 0.05).difference(shapely.union_all(lakes))
    features = shapes.polygons(rng, 40, 0.004, 0.036, on_grid=False)
    features += [lake.buffer(-0.0001) for lake in lakes[:5]] + [lake.buffer(0.0001) for lake in lakes[5:9]]
    assert not inequalities([land, shapely.MultiPolygon(lakes), shapely.MultiLineString([*land.interiors])], features)


def laid_both_ways(
    parts: list[BaseGeometry], pieces: list[BaseGeometry], monkeypatch: pytest.MonkeyPatch
) -> np.ndarray:
    found = laid(parts, pieces)
    assert wrong(parts, pieces, found) == []
    with monkeypatch.context() as patch:
        patch.setattr(edge_trees, "LARGE", 10**6)
        plain = laid(parts, pieces)
    for name, values in vars(found).items():
        assert np.array_equal(values, getattr(plain, name)), name
    return found.outcome


@pytest.mark.skipif(library.kernel() is None, reason="no compiled loops")
@pytest.mark.parametrize("on_grid", [False, True])
def test_a_tree_of_edges_changes_no_answer(on_grid: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(94)
    single = [
        part for shape in shapes.sites(rng, 60, 0.02, 0.03, on_grid) for part in shapely.get_parts(shape)
        if shapely.get_dimensions(part) != 1 or part.is_simple
    ]  # fmt: skip
    pieces = [p for shape in shapes.polygons(rng, 25, 0.01, 0.03, on_grid) for p in shapely.get_parts(shape)]
    pairs = [part for part in single for _ in pieces], [piece for _ in single for piece in pieces]
    outcome = laid_both_ways(*pairs, monkeypatch)
    assert np.bincount(outcome, minlength=5)[[APART, INSIDE, HOLDS, PARTIAL]].min() > 10
    assert on_grid == (outcome == ASK).any()


@pytest.mark.skipif(library.kernel() is None, reason="no compiled loops")
def test_a_point_ahead_of_whole_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rays meet runs that end within one ring, and runs that reach over several."""
    rng = np.random.default_rng(95)
    corners = [(X + 3 * i * GRID, Y + 3 * j * GRID) for i in range(12) for j in range(5)]
    lakes = [shapely.box(x, y, x + GRID, y + GRID) for x, y in corners]
    land = shapely.box(X - GRID, Y - GRID, X + 40 * GRID, Y + 16 * GRID).difference(shapely.union_all(lakes))
    places = np.array([X, Y]) + rng.uniform(-2 * GRID, 42 * GRID, (400, 2))
    pieces = [shapely.Point(place).buffer(0.2 * GRID) for place in places]
    outcome = laid_both_ways([land] * len(pieces), pieces, monkeypatch)
    assert np.bincount(outcome, minlength=4)[[APART, HOLDS, PARTIAL]].min() > 20


@pytest.mark.skipif(library.kernel() is None, reason="no compiled loops")
@pytest.mark.parametrize("seed", range(30))
def test_lines_that_run_twice_are_found_in_the_tree(seed: int) -> None:
    rng = np.random.default_rng([96, seed])
    compiled = library.kernel()
    assert compiled is not None
    line = scribble(rng, 9, on_grid=True) if seed % 2 else scribble(rng, 60, on_grid=False)
    if seed % 3 == 0:
        xy = shapely.get_coordinates(line)
        line = shapely.LineString(np.vstack([xy, 0.5 * (xy[2] + xy[3]), 0.25 * xy[2] + 0.75 * xy[3]]))
    outlines = Outlines.of(np.array([line]), compiled)
    tree = EdgeTree.of(outlines)
    assert tree is not None
    found = run_twice(compiled, outlines, np.array([True]), tree)[0]
    assert found == run_twice(compiled, outlines, np.array([True]))[0]
    assert found or not shapes.goes_over_itself(line)


@pytest.mark.skipif(library.kernel() is None, reason="no compiled loops")
@pytest.mark.parametrize("at", range(4, 30, 3))
def test_a_line_that_turns_back_anywhere_runs_twice(at: int) -> None:
    compiled = library.kernel()
    assert compiled is not None
    xy = [(X + i * GRID, Y + (i % 3) * GRID) for i in range(30)]
    for line, twice in ((xy, False), ([*xy[:at], xy[at - 2], *xy[at:]], True)):
        outlines = Outlines.of(np.array([shapely.LineString(line)]), compiled)
        assert run_twice(compiled, outlines, np.array([True]), EdgeTree.of(outlines))[0] == twice


@pytest.mark.parametrize("on_grid", [False, True])
def test_a_neighbourhood_is_the_shape_within_the_box(on_grid: bool) -> None:
    rng = np.random.default_rng(97)
    large = np.array(shapes.sites(rng, 60, 0.02, 0.03, on_grid), dtype=object)
    row = np.repeat(np.arange(len(large)), 12)
    low = np.array([X, Y]) + rng.uniform(-0.005, 0.035, (len(row), 2))
    low = np.round(low / GRID) * GRID if on_grid else low
    box = np.hstack([low, low + GRID * rng.integers(1, 5, (len(row), 2))])
    near = Vicinity(large).about(row, box)
    frame = shapely.box(*box.T)
    ours, theirs = shapely.intersection(near, frame), shapely.intersection(large[row], frame)
    assert shapely.equals(ours, theirs).all()
    assert (shapely.relate(near, frame) == shapely.relate(large[row], frame))[shapely.within(large[row], frame)].all()
    assert shapely.get_num_coordinates(near).sum() < 0.8 * shapely.get_num_coordinates(large[row]).sum()


def test_a_quick_clip_that_fails_leaves_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    shape = shapely.Point(X, Y).buffer(0.01)
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    monkeypatch.setattr(vicinity.shapely, "clip_by_rect", lambda *_: bow)
    box = np.array([[X, Y, X + 0.001, Y + 0.001]])
    assert Vicinity(np.array([shape])).about(np.zeros(1, dtype=int), box)[0] is shape


def test_what_geos_is_asked_grows_with_what_meets(loops: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice as many vertices over twice as many features: twice as much to overlay, not four times."""
    monkeypatch.setattr(vicinity, "FEW", 60)
    asked: list[int] = []

    def counted(name: str) -> None:
        plain = getattr(shapely, name)

        def count(a: np.ndarray, b: np.ndarray) -> np.ndarray:
            asked.append(int(shapely.get_num_coordinates(a).sum()))
            return np.asarray(plain(a, b))

        for module in (piece_pairs, overlap):
            monkeypatch.setattr(module.shapely, name, count)

    for name in ("intersects", "intersection", "relate"):
        counted(name)
    total = []
    for n in (20, 40):
        cells = [
            shapely.box(X + i * GRID, Y + j * GRID, X + (i + 1) * GRID, Y + (j + 1) * GRID)
            for i in range(n) for j in range(20)
        ]  # fmt: skip
        edge = np.linspace(X, X + n * GRID, 60 * n)
        ragged = Y + 10 * GRID + 2.5 * GRID * np.sin(np.arange(len(edge)))
        site = shapely.Polygon([*zip(edge, ragged, strict=True), (X + n * GRID, Y), (X, Y)])
        asked.clear()
        assert len(fast_facts([site], prepared(cells), 0.0)) > 10 * n
        total.append(sum(asked))
    assert total[1] < 2.5 * total[0]


def test_relations_of_the_whole_are_told_from_its_neighbourhood(loops: str) -> None:
    """A site that fills its feature but for a hair, one that reaches beyond it, and one round about it."""
    square = shapely.box(X, Y, X + 8 * GRID, Y + 8 * GRID).segmentize(GRID)
    inner = shapely.box(X + GRID, Y, X + 7 * GRID, Y + 8 * GRID).segmentize(GRID)
    wide = shapely.box(X, Y, X + 30 * GRID, Y + 8 * GRID).segmentize(GRID)
    holed = shapely.box(X - 9 * GRID, Y - 9 * GRID, X + 30 * GRID, Y + 30 * GRID).segmentize(GRID).difference(square)
    twofold = shapely.MultiPolygon([square, shapely.affinity.translate(square, 0.1)])
    lines = shapely.MultiLineString([inner.exterior.coords[:20], twofold.geoms[1].exterior.coords])
    sites = [square, inner, wide, holed, twofold, lines]
    how = {fact.site: fact.relation for fact in fast_facts(sites, prepared([square]), 0.0)}
    assert how == {0: "inside", 1: "inside", 2: "contains", 3: "touches", 4: "contains", 5: "crosses"}
    assert [how[i] for i in range(6)] == [reference.relation(site, square) for site in sites]

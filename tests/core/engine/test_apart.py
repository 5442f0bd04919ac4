"""Where sums may stand for unions: borders drawn alike by both neighbours, and everything that only looks like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from comparing import prepared
from ecoredline.layers.geodesy.area import polygon_areas
from ecoredline.layers.geodesy.length import line_lengths
from ecoredline.processing.engine.facts.apart import with_single_edges
from ecoredline.processing.engine.facts.layer_facts import LayerFacts, layer_facts
from ecoredline.processing.engine.facts.site_arrays import site_arrays
from ecoredline.processing.engine.facts.united import united
from ecoredline.processing.engine.kernel import library
from ecoredline.processing.engine.kernel.outlines import Outlines
from shapely.geometry.base import BaseGeometry

HAIR = 1e-9  # degrees: 0.1 mm
WAY = np.column_stack([0.0005 * np.sin(np.arange(41) * 1.7), np.linspace(-0.02, 0.02, 41)]) + np.array([106.5, 29.5])
WEST = shapely.Polygon([*WAY, (106.48, 29.52), (106.48, 29.48)])
EAST = shapely.Polygon([*WAY, (106.52, 29.52), (106.52, 29.48)])
SITE = shapely.Polygon([(106.497, 29.4983), (106.5031, 29.4979), (106.504, 29.5021), (106.4962, 29.5017)])
LINE = shapely.LineString([(106.491, 29.4987), (106.4991, 29.5013), (106.509, 29.5003)])


def moved(shape: BaseGeometry, x: float, y: float = 0.0) -> BaseGeometry:
    return shapely.transform(shape, lambda xy: xy + np.array([x, y]))


def facts_of(features: Sequence[BaseGeometry], *sites: BaseGeometry) -> LayerFacts:
    return layer_facts(site_arrays(gpd.GeoDataFrame(geometry=list(sites), crs=4490)), prepared(features), 0.0)


def united_by_geometry(features: Sequence[BaseGeometry], site: BaseGeometry) -> float:
    """Return m² or m of a site in any of the features, from one union of all of them, a grid of 1e-12 degrees."""
    common = shapely.intersection(site, shapely.union_all(np.array(features, dtype=object), grid_size=1e-12))
    measure = polygon_areas if shapely.get_dimensions(site) == 2 else line_lengths
    return float(measure(np.array([common], dtype=object))[0])


def same_as_by_geometry(features: Sequence[BaseGeometry], *sites: BaseGeometry) -> LayerFacts:
    found = facts_of(features, *sites)
    row, area, length, _ = united([found])
    for i, m2, m in zip(row, area, length, strict=True):
        of_area = shapely.get_dimensions(sites[i]) == 2
        expected = united_by_geometry(features, sites[i])
        assert (m2 if of_area else m) == pytest.approx(expected, rel=1e-8, abs=1e-3)
    return found


def apart(features: Sequence[BaseGeometry], *sites: BaseGeometry) -> list[bool]:
    flags: list[bool] = same_as_by_geometry(features, *sites).apart.tolist()
    return flags


needs_loops = pytest.mark.skipif(library.kernel() is None, reason="directions of rings are told by compiled loops")


@needs_loops
@pytest.mark.parametrize("ways", [(1, 1), (1, -1), (-1, 1), (-1, -1)])
def test_neighbours_that_share_every_vertex_of_their_border_lie_apart(ways: tuple[int, int]) -> None:
    """In whatever direction their rings run."""
    units = [shapely.Polygon(unit.exterior.coords[::way]) for unit, way in zip((WEST, EAST), ways, strict=True)]
    assert apart(units, SITE, LINE, shapely.box(106.483, 29.49, 106.484, 29.491)) == [True, True, False]


@pytest.mark.parametrize("by", [HAIR, 1e-5])
@pytest.mark.parametrize("vertex", [19, 20, 21])
def test_one_vertex_that_is_not_the_same_leaves_it_to_the_geometry(vertex: int, by: float) -> None:
    way = WAY.copy()
    way[vertex, 0] += by
    assert apart([WEST, shapely.Polygon([*way, *EAST.exterior.coords[41:43]])], SITE, LINE) == [False, False]


@needs_loops
def test_a_vertex_that_differs_beyond_the_box_of_the_site_is_no_matter() -> None:
    way = WAY.copy()
    way[5, 0] += 1e-4
    assert apart([WEST, shapely.Polygon([*way, *EAST.exterior.coords[41:43]])], SITE, LINE) == [True, True]


def test_a_vertex_more_on_one_side_leaves_it_to_the_geometry() -> None:
    way = np.insert(WAY, 20, WAY[19:21].mean(axis=0), axis=0)
    assert apart([WEST, shapely.Polygon([*way, *EAST.exterior.coords[41:43]])], SITE) == [False]


def test_a_unit_drawn_aside_leaves_a_gap_as_large_as_what_is_counted_twice() -> None:
    """The sum of the overlaps is the site to the last digits, and yet a tenth of it lies in no unit."""
    west, middle, east = (
        shapely.box(a, 29.4, b, 29.6) for a, b in ((106.49, 106.5), (106.5, 106.51), (106.51, 106.52))
    )
    site = shapely.box(106.495, 29.49, 106.515, 29.5)
    assert facts_of([west, middle, east], site).apart.tolist() == [True]  # their boxes touch
    units = [west, moved(middle, 0.002), east]
    found = facts_of(units, site)
    assert found.facts.overlap_m2.sum() == pytest.approx(found.sites.size[0], rel=1e-10)
    assert apart(units, site) == [False]
    assert united([found])[1][0] == pytest.approx(found.sites.size[0] * 0.9, rel=1e-9)


def test_units_that_are_there_twice_do_not_lie_apart() -> None:
    assert apart([WEST, EAST, WEST, EAST], SITE, LINE) == [False, False]
    assert apart([WEST, EAST, shapely.box(106.4, 29.4, 106.6, 29.6)], SITE, LINE) == [False, False]


def test_a_line_along_the_border_is_measured() -> None:
    along = shapely.LineString([(106.49, 29.4951), *WAY[17:24], (106.51, 29.5042)])
    assert apart([WEST, EAST], along) == [False]


@needs_loops
def test_an_island_fills_the_hole_of_its_neighbour() -> None:
    island = shapely.Polygon([(106.5, 29.4995), (106.5007, 29.5), (106.5, 29.5006), (106.4994, 29.5)])
    around = shapely.Polygon(shapely.box(106.4, 29.4, 106.6, 29.6).exterior, [island.exterior.coords])
    line = shapely.LineString([(106.49, 29.4997), (106.51, 29.5002)])
    assert apart([around, island], SITE, line) == [True, True]
    assert apart([around, moved(island, HAIR)], SITE, line) == [False, False]
    assert apart([shapely.Polygon(around.exterior), island], SITE, line) == [False, False]


@needs_loops
def test_a_ring_of_unsure_direction_proves_nothing() -> None:
    loops = library.kernel()
    assert loops is not None
    sure = Outlines.of(np.array([WEST, EAST]), loops)
    row, site, box = np.arange(2), np.zeros(2, dtype=np.int64), np.tile(shapely.bounds(SITE), (2, 1))
    assert with_single_edges(sure, row, site, box).tolist() == []
    unsure = replace(sure, turn=np.zeros_like(sure.turn))
    assert with_single_edges(unsure, row, site, box).tolist() == [0]


def test_boxes_of_overlaps_that_touch_are_apart_and_those_that_meet_are_not() -> None:
    """The features differ from one another in no vertex: only their boxes within the site can tell."""
    low, high = shapely.box(106.4, 29.4, 106.499, 29.6), shapely.box(106.501, 29.45, 106.6, 29.55)
    site = shapely.box(106.49, 29.49, 106.51, 29.5)
    assert apart([low, high], site) == [True]
    assert apart([low, shapely.box(106.499, 29.45, 106.6, 29.55)], site) == [True]
    assert apart([low, shapely.box(106.499 - HAIR, 29.45, 106.6, 29.55)], site) == [False]


def test_sites_of_several_parts_and_points_are_left_to_the_geometry() -> None:
    parts = shapely.MultiPolygon([SITE, moved(SITE, 0.0, 0.005)])
    points = shapely.MultiPoint([(106.49, 29.5), (106.51, 29.5)])
    assert facts_of([WEST, EAST], parts, points).apart.tolist() == [False, False]
    assert united([facts_of([WEST, EAST], points)])[3].tolist() == [2.0]
    assert apart([WEST, EAST], parts) == [False]


def ragged(n: int, seed: int) -> list[BaseGeometry]:
    """Return cells about 106.5, 29.5 that share every vertex of their borders, n a side, with 60 vertices an edge."""
    rng = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij"), axis=2) + rng.uniform(
        -0.2, 0.2, (n + 1, n + 1, 2)
    )
    known: dict[tuple[int, ...], np.ndarray] = {}

    def edge(a: tuple[int, int], b: tuple[int, int]) -> np.ndarray:
        if (*b, *a) in known:
            return known[(*b, *a)][::-1]
        if (*a, *b) not in known:
            share = np.linspace(0, 1, 60)[:, None]
            bent = grid[a] + (grid[b] - grid[a]) * share
            bent[1:-1] += rng.normal(0, 0.004, (58, 2))
            known[(*a, *b)] = bent / 50 + [106.5 - n / 100, 29.5 - n / 100]
        return known[(*a, *b)]

    cells = []
    for i in range(n):
        for j in range(n):
            corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1), (i, j)]
            ring = np.concatenate([edge(a, b)[:-1] for a, b in pairwise(corners)])
            cells.append(shapely.Polygon(ring))
    return [cell for cell in cells if cell.is_valid]


@pytest.mark.parametrize("seed", range(4))
def test_many_sites_over_ragged_units_some_of_them_out_of_place(seed: int) -> None:
    """Units of more vertices than a piece has, so that many sites lie across the cuts; oracle: the union itself."""
    rng = np.random.default_rng(seed)
    whole = ragged(3, seed)
    if seed % 2:
        whole[4] = moved(whole[4], 1e-4 * seed)
    sites = []
    for x, y in rng.uniform(-0.025, 0.025, (40, 2)) + np.array([106.5, 29.5]):
        corners = rng.uniform(-0.004, 0.004, (6, 2)) + np.array([x, y])
        sites += [shapely.convex_hull(shapely.MultiPoint(corners)), shapely.LineString(corners)]
    found = same_as_by_geometry(whole, *sites)
    if library.kernel() is not None and not seed % 2:
        several = np.bincount(found.facts.site[found.facts.met], minlength=len(sites)) > 1
        simple = ~found.sites.retraced
        assert found.apart[several & simple].mean() > 0.8

"""Overlaps with the compiled loop and without it: the same pairs, relations and measures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import geopandas as gpd
import numpy as np
import pytest
import shapely
import shapes
from comparing import LEAST_AREA_M2, LEAST_LENGTH_M, SAME_AREA, SAME_LENGTH, inequalities, prepared
from ecoredline.processing.engine.facts import cuts
from ecoredline.processing.engine.facts.overlap import Overlaps, overlaps
from ecoredline.processing.engine.facts.piece_pairs import _laid
from ecoredline.processing.engine.facts.site_arrays import SiteArrays, site_arrays
from ecoredline.processing.engine.kernel import library
from ecoredline.processing.engine.kernel.overlap import ASK
from shapely.geometry.base import BaseGeometry
from test_against_reference import NASTY

Switch = Callable[[bool], None]


@pytest.fixture
def switch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Switch]:
    """Return what turns the loops on and off."""
    loops = library.kernel()
    assert loops is not None
    yield lambda on: monkeypatch.setattr(library, "kernel", lambda: loops if on else None)


def arrays(sites: list[BaseGeometry]) -> SiteArrays:
    return site_arrays(gpd.GeoDataFrame(geometry=sites, crs=4490))


def both(switch: Switch, sites: list[BaseGeometry], features: list[BaseGeometry]) -> tuple[Overlaps, Overlaps]:
    found = []
    for on in (True, False):
        switch(on)
        found.append(overlaps(arrays(sites), prepared(features)))
    return found[0], found[1]


def assert_same(mine: Overlaps, theirs: Overlaps) -> None:
    for name in ("site", "feature", "relation"):
        assert np.array_equal(getattr(mine, name), getattr(theirs, name)), name
    assert np.allclose(mine.area_m2, theirs.area_m2, rtol=SAME_AREA, atol=LEAST_AREA_M2)
    assert np.allclose(mine.length_m, theirs.length_m, rtol=SAME_LENGTH, atol=LEAST_LENGTH_M)


@pytest.mark.parametrize("seed", range(8))
def test_random_sites(switch: Switch, seed: int) -> None:
    rng = np.random.default_rng([31, seed])
    features = shapes.polygons(rng, 40, 0.02, 0.05, seed % 2 == 1)
    sites = shapes.sites(rng, 200, 0.01, 0.05, seed % 2 == 1)
    mine, theirs = both(switch, sites, features)
    assert len(mine.site) > 500
    assert_same(mine, theirs)


def test_nasty_pairs(switch: Switch) -> None:
    assert_same(*both(switch, [site for site, _, _ in NASTY.values()], [feature for _, feature, _ in NASTY.values()]))


def test_nasty_pairs_without_the_loop_equal_the_reference(switch: Switch) -> None:
    switch(False)
    assert inequalities([s for s, _, _ in NASTY.values()], [f for _, f, _ in NASTY.values()]) == []


@pytest.mark.parametrize("seed", range(4))
def test_random_sites_without_the_loop_equal_the_reference(switch: Switch, seed: int) -> None:
    switch(False)
    rng = np.random.default_rng([32, seed])
    features = shapes.polygons(rng, 20, 0.02, 0.05, seed % 2 == 1)
    assert inequalities(shapes.sites(rng, 40, 0.01, 0.05, seed % 2 == 1), features) == []


def test_past_the_border_by_hairs_the_relation_is_exact(switch: Switch) -> None:
    """A tooth of a site that is wide in itself leaves a feature by nanometres and more."""
    rng = np.random.default_rng(33)
    angle = np.linspace(0, 2 * np.pi, 900, endpoint=False)
    reach = 0.02 * (1 + 0.05 * np.sin(23 * angle))
    feature = shapely.Polygon(np.column_stack([106.5 + reach * np.cos(angle), 29.5 + reach * np.sin(angle)]))
    sites = []
    for hair in 10.0 ** np.arange(-14, -4):
        for i in rng.integers(0, 900, 12):
            a, b = shapely.get_coordinates(feature)[[i, i + 1]]
            out = np.array([b[1] - a[1], a[0] - b[0]]) / np.hypot(*(b - a))
            tip = (a + b) / 2 + out * hair * rng.choice([-1, 1])
            sites.append(shapely.Polygon([tip, tip - out * 1e-3 + (b - a), tip - out * 1e-3 - (b - a)]))
    sites = [site for site in sites if site.is_valid]
    mine, theirs = both(switch, sites, [feature])
    assert_same(mine, theirs)
    assert len(np.unique(mine.relation)) >= 2
    assert inequalities(sites, [feature]) == []


@pytest.mark.parametrize("seed", range(3))
def test_lines_that_cross_themselves_or_run_back(switch: Switch, seed: int) -> None:
    rng = np.random.default_rng([36, seed])
    features = shapes.polygons(rng, 30, 0.02, 0.05, False)
    sites: list[BaseGeometry] = []
    for _ in range(60):
        xy = rng.uniform(0, 0.05, 2) + shapes.WEST_SOUTH + np.cumsum(rng.normal(0, 0.004, (12, 2)), axis=0)
        sites.append(shapely.LineString(xy))
        sites.append(shapely.LineString([*xy[:6], *xy[4:2:-1], *xy[6:]]))
    mine, theirs = both(switch, sites, features)
    assert_same(mine, theirs)
    both_ways = arrays(sites)
    switch(True)
    assert both_ways.doubled.tolist() == [False, True] * 60


def test_overlaps_are_made_for_who_asks(switch: Switch, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(34)
    features, sites = shapes.polygons(rng, 30, 0.02, 0.05, False), shapes.sites(rng, 100, 0.01, 0.05, False)
    made: list[int] = []
    plain_intersection = shapely.intersection

    def counted(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        made.append(len(a))
        return plain_intersection(a, b)

    monkeypatch.setattr(cuts.shapely, "intersection", counted)
    switch(True)
    simple = arrays([site for site in sites if site.is_simple])
    found = overlaps(simple, prepared(features))
    rows = np.arange(len(found.site))
    before = sum(made)
    shape = found.geometry(rows, simple)
    once = sum(made)
    assert once > before + 50
    again = found.geometry(rows[::-1], simple)[::-1]
    assert sum(made) == once
    assert shapely.equals(shape, again).all()
    for i in np.flatnonzero(found.area_m2 > 0):
        plain = plain_intersection(simple.geometry[found.site[i]], features[found.feature[i]])
        assert shapely.symmetric_difference(shape[i], plain).area <= 1e-9 * plain.area + 1e-15


def test_few_pairs_are_in_doubt_and_few_pieces_are_read(switch: Switch) -> None:
    """A single site among many pieces reads its own ones only; many sites those of the layer, once."""
    switch(True)
    rng = np.random.default_rng(35)
    layer = prepared(shapes.polygons(rng, 400, 0.004, 0.2, False))
    one = arrays(shapes.polygons(rng, 1, 0.01, 0.2, False))
    overlaps(one, layer)
    assert "outlines" not in vars(layer)
    many = arrays(shapes.polygons(rng, 300, 0.01, 0.2, False))
    overlaps(many, layer)
    assert "outlines" in vars(layer)
    part, piece = layer.tree.query(many.parts.geometry)
    assert (_laid(many, layer, part, piece).outcome == ASK).mean() < 0.01
    alone = [overlaps(arrays([site]), layer) for site in many.geometry[:20]]
    together = overlaps(many, layer)
    assert np.concatenate([found.area_m2 for found in alone]) == pytest.approx(
        together.area_m2[together.site < 20], rel=1e-12
    )

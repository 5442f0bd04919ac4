"""How much of a site lies beyond a limit: compiled, by overlay, and as a fine buffer of GEOS has it."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import shapely
from comparing import prepared
from ecoredline.layers.reading import read_layer
from ecoredline.processing.engine.facts import site_rest
from ecoredline.processing.engine.facts.layer_facts import LayerFacts, layer_facts
from ecoredline.processing.engine.facts.site_arrays import arrays_of
from ecoredline.processing.engine.facts.site_rest import size_beyond
from ecoredline.processing.engine.kernel.library import kernel
from ecoredline.processing.engine.prepared.layer import prepare
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry
from small_runs import GROUND
from small_runs import layer as source

pytestmark = pytest.mark.skipif(kernel() is None, reason="no compiled loops")
REACH_M = 5_000.0
QUARTER = 500  # chords of a quarter circle: at most 1.3e-6 of the radius inside it
TOLERANCE_M = 0.02  # chords of the product lie up to 1 cm inside; edges straight in degrees and in a plane differ less


def facts_of(sites: list[BaseGeometry], features: list[BaseGeometry]) -> LayerFacts:
    """Return the facts of shapes in metres."""
    placed = np.array([GROUND.degrees(s) for s in sites], dtype=object)
    arrays = arrays_of(placed, np.zeros(len(sites)), np.zeros(len(sites)))
    return layer_facts(arrays, prepared([GROUND.degrees(f) for f in features]), REACH_M)


def beyond_both_ways(layer: LayerFacts, limit: float) -> tuple[np.ndarray, np.ndarray]:
    """Measure all sites against the first group, compiled and by overlay."""
    n = len(layer.sites)
    asked = np.arange(n), np.zeros(n, dtype=np.int64), np.full(n, limit)
    compiled = size_beyond(layer, *asked)
    with pytest.MonkeyPatch.context() as without:
        without.setattr(site_rest, "kernel", lambda: None)
        return compiled, size_beyond(layer, *asked)


def by_fine_buffer(site: BaseGeometry, features: list[BaseGeometry], limit: float) -> tuple[float, float]:
    """Return what of a site in metres lies beyond, and by how much it may err: a strip along the border of that."""
    around = shapely.union_all([shapely.buffer(f, limit, quad_segs=QUARTER) for f in features])
    left = shapely.difference(site, around)
    near = shapely.intersection(shapely.boundary(around), shapely.buffer(site, 1.0))
    if shapely.get_dimensions(site) == 2:
        return left.area, TOLERANCE_M * near.length + 3e-6 * left.area + 0.01
    strip = shapely.buffer(shapely.boundary(around), TOLERANCE_M, quad_segs=2)
    return left.length, shapely.intersection(site, strip).length + 3e-6 * left.length + 0.01


def ragged(seed: int, x: float, y: float, size: float, corners: int) -> shapely.Polygon:
    rng = np.random.default_rng(seed)
    turn = (np.arange(corners) + rng.uniform(0, 0.9, corners)) * 2 * np.pi / corners
    away = size * rng.uniform(0.25, 1, corners)
    return shapely.Polygon(np.column_stack([x + away * np.cos(turn), y + away * np.sin(turn)]))


@st.composite
def scenes(draw: st.DrawFn) -> tuple[list[BaseGeometry], list[BaseGeometry], float]:
    """Draw sites, features and a limit: corners on a grid of 1 m where things shall coincide, or anywhere."""
    place = st.integers(-8, 8).map(lambda k: 50.0 * k)
    seed = st.integers(0, 10**6)
    box = st.builds(
        lambda x, y, w, h: shapely.box(x, y, x + w, y + h), place, place, *[st.sampled_from([50.0, 200.0, 700.0])] * 2
    )
    blob = st.builds(ragged, seed, place, place, st.sampled_from([60.0, 250.0, 600.0]), st.integers(3, 40))
    ring = box.map(lambda b: b.difference(b.buffer(-12.0 if b.area < 5000 else -60.0)))
    area = st.one_of(box, blob, ring)
    two = st.builds(lambda a, b: shapely.union(a, shapely.affinity.translate(b, 900.0, 30.0)), area, area)
    line = st.lists(st.tuples(place, place), min_size=2, max_size=6, unique=True).map(shapely.LineString)
    sites = draw(st.lists(st.one_of(area, area, two, line), min_size=1, max_size=4))
    features = draw(st.lists(st.one_of(area, two), min_size=1, max_size=3))
    return sites, features, draw(st.sampled_from([1.0, 25.0, 50.0, 100.0, 163.7]))


def check(sites: list[BaseGeometry], features: list[BaseGeometry], limit: float) -> None:
    layer = facts_of(sites, features)
    compiled, overlaid = beyond_both_ways(layer, limit)
    assert (np.abs(compiled - overlaid) <= np.maximum(1e-3, 1e-9 * layer.sites.size)).all()
    for i, site in enumerate(sites):
        if shapely.is_simple(site):
            true, may_err = by_fine_buffer(site, features, limit)
            assert compiled[i] == pytest.approx(true, abs=may_err)


DEEP = shapely.box(-350, -350, 350, 350)  # 250 m and more inside a feature, or across its border


@settings(max_examples=150, deadline=None)
@given(scenes())
@example(([DEEP], [shapely.box(-600, -600, 600, 600)], 100.0))
@example(([DEEP], [shapely.box(-600, -600, 0, 600)], 100.0))
@example(([DEEP], [shapely.box(-600, -600, 0, 600), shapely.box(0, -600, 600, 600)], 100.0))
@example(([DEEP], [shapely.box(-600, -600, 0, 600), shapely.box(-100, -600, 600, 600)], 100.0))
@example(([DEEP], [shapely.box(-600, -600, 0, 600), shapely.box(0, 350, 600, 600)], 100.0))
@example(([DEEP], [shapely.box(-600, -600, 0, 600)], 0.5))
@example(([shapely.LineString([(0, 0), (-50, -250)])], [shapely.box(0, 0, 50, 50)], 0.5))
@example(([DEEP], [shapely.box(-900, -900, 900, 900).difference(shapely.box(-300, -300, 300, 300))], 50.0))
def test_any_scene_compiled_by_overlay_and_by_a_fine_buffer(
    scene: tuple[list[BaseGeometry], list[BaseGeometry], float],
) -> None:
    check(*scene)


@pytest.mark.parametrize("limit", [300.0, 600.0, 3000.0])
def test_banks_and_the_water_between_them(limit: float) -> None:
    """Where the water ends between the ends of two banks is a border from which no limit counts."""
    rng = np.random.default_rng(int(limit))
    x = np.linspace(-2000, 2000, 60)
    banks = [shapely.LineString(np.column_stack([x, rng.normal(y, 40, 60)])) for y in (-1000, 1000)]
    named = [(GROUND.degrees(line), {"side": side}) for line, side in zip(banks, ("right", "left"), strict=True)]
    sites: list[BaseGeometry] = [ragged(k, *rng.uniform(-2000, 2000, 2), 900.0, 30) for k in range(12)]
    sites += [shapely.box(1500, -450, 2600, 450), shapely.LineString([(0, 0), (3000, 50)])]
    placed = arrays_of(np.array([GROUND.degrees(s) for s in sites]), np.zeros(len(sites)), np.zeros(len(sites)))
    layer = layer_facts(placed, prepare(read_layer(source("bank_line", *named))), REACH_M)
    water = GROUND.metres(layer.layer.surface[1])  # the left bank holds it
    assert (layer.layer.group_of_feature == 0).all() and water.area > 7e6
    compiled, overlaid = beyond_both_ways(layer, limit)
    assert compiled == pytest.approx(overlaid, abs=1e-3, rel=1e-9)
    for i, site in enumerate(sites):
        dry = shapely.difference(site, water)
        true, may_err = by_fine_buffer(dry, banks, limit)
        assert compiled[i] == pytest.approx(true, abs=may_err + 0.1)


def test_a_site_of_many_planes() -> None:
    features = [ragged(k, 2500.0 * k - 5000, 800.0 * (k % 2), 2200.0, 60) for k in range(4)]
    sites: list[BaseGeometry] = [
        shapely.box(-7000, -900, 7000, 900),
        shapely.LineString([(-7000, -400), (0, 600), (7000, 100)]),
    ]
    check(sites, features, 100.0)


def test_a_stretch_that_a_line_runs_over_twice_is_counted_once() -> None:
    there: list[BaseGeometry] = [shapely.LineString([(0, -300), (0, 300), (0, 200)])]
    compiled, overlaid = beyond_both_ways(facts_of(there, [shapely.box(-500, -1, 500, 1)]), 100.0)
    assert compiled == pytest.approx(2 * 199.0, abs=1e-3)
    assert overlaid == pytest.approx(2 * 199.0, abs=1e-3)


def test_many_threads_at_once_measure_what_one_does() -> None:
    rng = np.random.default_rng(5)
    sites: list[BaseGeometry] = [ragged(k, *rng.uniform(-900, 900, 2), 300.0, 40) for k in range(120)]
    layer = facts_of(sites, [ragged(k, *rng.uniform(-900, 900, 2), 500.0, 60) for k in range(6)])
    asked = np.arange(len(sites)), np.zeros(len(sites), dtype=np.int64), np.full(len(sites), 100.0)
    alone = size_beyond(layer, *asked)
    found: list[np.ndarray] = []
    threads = [
        threading.Thread(target=lambda: found.extend(size_beyond(layer, *asked) for _ in range(2))) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 10
    assert all(np.array_equal(one, alone) for one in found)


def test_the_loop_leaves_hardly_anything_open(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    sites: list[BaseGeometry] = [ragged(k, *rng.uniform(-900, 900, 2), 300.0, 40) for k in range(300)]
    layer = facts_of(sites, [ragged(k, *rng.uniform(-900, 900, 2), 500.0, 60) for k in range(3)])
    left: list[int] = []
    overlay = site_rest._by_overlay
    monkeypatch.setattr(site_rest, "_by_overlay", lambda *given: left.append(len(given[1])) or overlay(*given))
    size_beyond(layer, np.arange(300), np.zeros(300, dtype=np.int64), np.full(300, 100.0))
    assert sum(left) <= 3

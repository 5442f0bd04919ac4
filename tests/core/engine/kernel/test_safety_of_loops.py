"""What could read memory that is not there, or answer what is in doubt, in the compiled loops."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import Any

import numpy as np
import pytest
import shapely
from comparing import fast_facts, inequalities, prepared
from ecoredline.processing.engine.facts import overlap, plane_search
from ecoredline.processing.engine.facts.nearest import at_rims, near_rims, nearest_in_groups
from ecoredline.processing.engine.facts.search_sites import SearchSites
from ecoredline.processing.engine.kernel import box_tree, library
from ecoredline.processing.engine.kernel import nearest as compiled
from ecoredline.processing.engine.kernel import overlap as overlap_loop
from ecoredline.processing.engine.kernel.box_tree import Lines, Runs
from ecoredline.processing.engine.kernel.outlines import Outlines, address
from ecoredline.processing.engine.prepared.lines import lines_of

LON, LAT = 110.0, 30.0
M = 1 / 96_486  # degrees of longitude there


@pytest.mark.parametrize("metres", [0.004, 0.0101, 0.015, 0.0199, 0.0201, 1.0])
@pytest.mark.parametrize("inwards", [1, -1])
def test_a_line_that_begins_beside_the_border_of_a_site(metres: float, inwards: int) -> None:
    site = shapely.box(LON, LAT, LON + 0.01, LAT + 0.01)
    start = LON + inwards * metres * M
    line = shapely.LineString([(start, LAT + 0.005), (start + inwards * 0.001, LAT + 0.005)])
    assert not inequalities([site], [line], 3000.0, [0])
    layer = prepared([line], [0])
    met, unsure = at_rims(np.array([site]), layer, np.array([0]), np.array([0]))
    assert unsure[0] or met[0] == (inwards > 0)


def test_a_feature_that_lies_in_the_last_centimetres_of_a_site() -> None:
    site = shapely.box(LON, LAT, LON + 0.01, LAT + 0.01)
    feature = shapely.box(LON + 0.012 * M, LAT + 0.005, LON + 0.018 * M, LAT + 0.005 + 0.006 * M)
    assert not inequalities([site], [feature], 0.0)


def test_arrays_of_another_kind_are_refused() -> None:
    for values in (np.arange(4, dtype=np.int32), np.arange(8)[::2], np.arange(4.0)):
        with pytest.raises(TypeError):
            address(values, np.int64)


def test_outlines_count_in_64_bits_where_python_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """NumPy 1 on Windows makes 32 bit integers unless told; the loops read 64."""
    loops = library.kernel()
    assert loops is not None
    plain = np.arange

    def narrow(*args: Any, dtype: Any = np.int32) -> Any:
        return plain(*args, dtype=dtype)

    monkeypatch.setattr(np, "arange", narrow)
    shapes = np.array([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)])
    assert Outlines.of(shapes, loops).turn.tolist() == [-1, -1] or Outlines.of(shapes, loops).turn.tolist() == [1, 1]
    lines = lines_of(shapes, np.array([0, 1], dtype=np.int64))
    sites = compiled.Sites.of_points(np.array([[0.5, 0.5], [2.5, 2.5]]))
    _, state = compiled.search(sites, lines, np.array([0, 1]), np.array([0, 1]), compiled.FAR_REACH_M)
    assert state.tolist() == [compiled.FOUND, compiled.FOUND]


def test_trees_made_at_once_keep_their_own_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python 3.12 and later hold no lock while a property is made: two threads may both make it."""
    lines = lines_of(np.array([shapely.Point(LON, LAT).buffer(0.01)]), np.array([0]))
    bare: Any = box_tree.Lines.tree
    assert isinstance(bare, cached_property)
    made: list[Any] = []
    threads = [threading.Thread(target=lambda: made.append(bare.func(lines))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({tree.boxes for tree in made}) == 4
    for tree in made:
        assert tree.boxes == tree.held.ctypes.data
        assert np.array_equal(tree.held, made[0].held)


def test_more_vertices_than_can_be_counted_are_refused() -> None:
    many = np.lib.stride_tricks.as_strided(np.zeros(2), shape=(2**31, 2), strides=(0, 8))
    with pytest.raises(OverflowError):
        Lines.of(Runs(many, np.array([2**31]), np.array([0])), np.array([0]))


def test_sites_that_the_search_leaves_are_not_paired_with_every_feature(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = prepared([shapely.box(x, LAT, x + 0.001, LAT + 0.001) for x in np.arange(LON, LON + 1, 0.01)])
    tall = [shapely.LineString([(x, LAT - 0.1), (x, LAT + 0.1)]) for x in np.arange(LON, LON + 1, 0.05)]
    short = [shapely.Point(x, LAT) for x in np.arange(LON, LON + 1, 0.05)]
    shapes = np.array([*tall, *short], dtype=object)
    asked: list[int] = []
    search = compiled.search

    def counted(*args: Any) -> Any:
        asked.append(len(args[2]))
        return search(*args)

    monkeypatch.setattr(compiled, "search", counted)
    loops = library.kernel()
    for find, reach_m in ((near_rims, 50.0), (nearest_in_groups, 3000.0)):
        mine = find(SearchSites(shapes), layer, reach_m)
        monkeypatch.setattr(library, "kernel", lambda: None)
        theirs = find(SearchSites(shapes), layer, reach_m)
        monkeypatch.setattr(library, "kernel", lambda: loops)
        key, other = (np.lexsort((near.feature, near.site)) for near in (mine, theirs))
        assert len(theirs.site) >= len(tall)
        assert np.array_equal(mine.site[key], theirs.site[other])
        assert np.allclose(mine.distance_m[key], theirs.distance_m[other], atol=1e-3)
    assert max(asked) <= 3 * len(short)


def test_pairs_are_worked_off_in_blocks_with_the_same_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large sites that meet many pieces must not ask for memory by the product of both."""
    rng = np.random.default_rng(41)
    features = [
        shapely.box(x, y, x + 0.008, y + 0.008) for x in 110 + np.arange(6) / 100 for y in 30 + np.arange(6) / 100
    ]
    angle = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    reach = 0.028 * (1 + 0.02 * rng.random(300))
    round_ = shapely.Polygon(np.column_stack([110.03 + reach * np.cos(angle), 30.03 + reach * np.sin(angle)]))
    sites = [round_, round_.exterior, round_.buffer(-0.01).exterior, *features[:3]]
    plain = [fast_facts(sites, prepared(features), reach_m) for reach_m in (0.0, 200.0)]
    for module in (overlap_loop, overlap, plane_search):
        monkeypatch.setattr(module, "BLOCK", 700)
    assert [fast_facts(sites, prepared(features), reach_m) for reach_m in (0.0, 200.0)] == plain
    monkeypatch.setattr(library, "kernel", lambda: None)
    assert not inequalities(sites, features, 200.0)

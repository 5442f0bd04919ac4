"""The covered share of cells against shapely, cell by cell, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from ecoredline.processing.engine.restoration.coverage import Runs, edges_of, runs, sizes
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from small_rasters import slow_cover


def dense(found: Runs, n: int, shape: tuple[int, int]) -> NDArray[np.float64]:
    out = np.zeros((n, *shape))
    for owner, row, col, length, share in zip(
        found.owner, found.row, found.col, found.length, found.share, strict=True
    ):
        assert not out[owner, row, col : col + length].any(), "a cell came twice"
        out[owner, row, col : col + length] = share
    return out


def covers(areas: list[shapely.Geometry], shape: tuple[int, int]) -> NDArray[np.float64]:
    edges = edges_of(np.array(areas, dtype=object))
    return dense(runs(edges, shape[1], shape[0]), len(areas), shape)


def test_by_hand() -> None:
    (got,) = covers([shapely.box(0.5, 0.25, 2.5, 2.0)], (3, 4))
    assert got.tolist() == [[0.375, 0.75, 0.375, 0.0], [0.5, 1.0, 0.5, 0.0], [0.0, 0.0, 0.0, 0.0]]


def test_a_triangle_by_hand() -> None:
    (got,) = covers([shapely.Polygon([(0, 0), (2, 0), (0, 2)])], (2, 2))
    assert got == pytest.approx(np.array([[1.0, 0.5], [0.5, 0.0]]))


@pytest.mark.parametrize(
    "area",
    [
        shapely.box(1, 1, 3, 3),  # upon the lines
        shapely.box(1.2, 1.3, 1.3, 1.4),  # within one cell
        shapely.box(-5, 2.0001, 50, 2.0002),  # a sliver across and beyond
        shapely.box(-9, -9, 30, 30),  # the whole window
        shapely.box(20, 20, 30, 30),  # outside
        shapely.box(-3, -3, 0, 0),  # touching a corner
        shapely.box(0, 0, 6, 6).difference(shapely.box(2, 2, 4, 4)),
        shapely.Point(3, 3).buffer(2.5).difference(shapely.Point(3.2, 3.1).buffer(1.1)),
        shapely.union_all([shapely.box(0, 0, 1.5, 1.5), shapely.box(3.5, 3.5, 8.0, 4.0)]),
        shapely.GeometryCollection([shapely.box(0, 0, 1.5, 1.5), shapely.LineString([(3, 3), (5, 5)])]),
        shapely.Point(3, 3),
        shapely.LineString([(0, 0), (5, 5)]),
        shapely.Polygon(),
    ],
)
@pytest.mark.parametrize("reverse", [False, True])
def test_shapes_against_shapely(area: shapely.Geometry, reverse: bool) -> None:
    (got,) = covers([area.reverse() if reverse else area], (6, 7))
    assert np.abs(got - slow_cover(area, (6, 7))).max() < 1e-9


def test_missing_geometry_covers_nothing() -> None:
    assert not covers([None, shapely.Polygon()], (3, 3)).any()


def _star(seed: int, n: int) -> list[shapely.Geometry]:
    rng = np.random.default_rng(seed)
    out = []
    for _ in range(n):
        angle = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(3, 30)))
        radius = rng.uniform(0.05, 9.0) * rng.uniform(0.3, 1.0, len(angle))
        ring = rng.uniform(-3, 15, 2) + np.column_stack((np.cos(angle), np.sin(angle))) * radius[:, None]
        if rng.random() < 0.3:
            ring = np.round(ring * 2) / 2  # many corners and edges upon grid lines
        shape = shapely.make_valid(shapely.Polygon(ring))
        out.append(shape)
    return out


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_random_areas_together_against_shapely(seed: int) -> None:
    areas = _star(seed, 6)
    got = covers(areas, (10, 12))
    want = np.array([slow_cover(area, (10, 12)) for area in areas])
    assert np.abs(got - want).max() < 1e-8


@given(st.integers(0, 2**32 - 1), st.floats(-1e6, 1e6))
@settings(max_examples=25, deadline=None)
def test_sizes_do_not_depend_on_the_place(seed: int, away: float) -> None:
    areas = np.array(_star(seed, 4), dtype=object)
    moved = shapely.transform(areas, lambda xy: xy + np.floor(away))
    assert sizes(edges_of(moved), 4) == pytest.approx(shapely.area(moved), abs=1e-7)

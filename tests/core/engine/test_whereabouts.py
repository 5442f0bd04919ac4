"""What is far from all sites of a run is not made ready, and nothing that a site is told depends on it."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from ecoredline.layers.layerset import LayerSet, LayerSource
from ecoredline.layers.reading import read_layer
from ecoredline.layers.site_file import SiteFile
from ecoredline.processing.engine import Screening, facts_of, screen
from ecoredline.processing.engine.facts import arrays as facts_arrays
from ecoredline.processing.engine.facts.layer_facts import layer_facts
from ecoredline.processing.engine.judging.basis import Basis, load_basis
from ecoredline.processing.engine.kernel import library
from ecoredline.processing.engine.prepared import cutting
from ecoredline.processing.engine.prepared.cutting import cut_polygons
from ecoredline.processing.engine.prepared.layer import PreparedLayer, prepare
from ecoredline.processing.engine.prepared.whereabouts import CELL_DEG, Sought, Whereabouts
from hypothesis import given
from hypothesis import strategies as st
from small_runs import AS_OF, GROUND, layer, pack, profile, rule, sites
from test_session import TABLES

DOOR = importlib.import_module("ecoredline.processing.engine.screen")
needs_loops = pytest.mark.skipif(library.kernel() is None, reason="all of a layer is made ready without them")

corners = st.tuples(st.floats(104, 105), st.floats(28, 29), st.floats(0, 0.2), st.floats(0, 0.2))
some_boxes = st.lists(corners, min_size=1, max_size=8).map(
    lambda rows: np.array([(x, y, x + width, y + height) for x, y, width, height in rows])
)


def _apart(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return how far, degrees, each box of the first is from the nearest of the others along one axis at least."""
    gaps = np.maximum(np.maximum(a[:, None, :2] - b[None, :, 2:], b[None, :, :2] - a[:, None, 2:]), 0.0)  # (n, m, 2)
    return gaps.max(axis=2).min(axis=1)


@given(some_boxes, some_boxes)
def test_what_meets_a_site_is_near_and_what_is_two_cells_away_is_not(of: np.ndarray, asked: np.ndarray) -> None:
    where = Whereabouts.of(of)
    gap = _apart(asked, of)
    near = where.near(asked)
    assert near[gap == 0].all()
    assert not near[gap > 2 * CELL_DEG].any()
    assert where.hold(of).all()


@given(some_boxes, some_boxes, some_boxes)
def test_whatever_meets_a_box_that_is_held_is_near(of: np.ndarray, held: np.ndarray, asked: np.ndarray) -> None:
    where = Whereabouts.of(of)
    for box in held[where.hold(held)]:
        assert where.near(asked[_apart(asked, box[None]) == 0]).all()


def test_a_box_between_sites_or_beside_them_is_not_held() -> None:
    where = Whereabouts.of(np.array([[104.0, 28.0, 104.01, 28.01], [104.2, 28.0, 104.21, 28.01]]))
    asked = np.array(
        [[104.0, 28.0, 104.21, 28.01], [104.1, 28.0, 104.1, 28.0], [103.9, 28.0, 104.01, 28.01], [np.nan] * 4]
    )
    assert where.hold(asked).tolist() == [False] * 4
    assert where.near(asked).tolist() == [True, False, True, False]
    assert Whereabouts.of(np.array([[-180.0, -60.0, 180.0, 60.0]])).sums.size < 2.2e6


@pytest.mark.parametrize("lat", [0.0, 29.5, 53.0])
@pytest.mark.parametrize(("beyond_m", "expected"), [(-50.0, True), (2_000.0, False)])
def test_reach_is_told_in_metres_to_all_sides(lat: float, beyond_m: float, expected: bool) -> None:
    reach_m = 5_000.0
    ground = type(GROUND)(106.5, lat)
    where = Whereabouts.of(np.array([ground.point(0, 0).bounds]))
    away = reach_m + beyond_m
    boxes = np.array([ground.point(*xy).bounds for xy in ((away, 0), (-away, 0), (0, away), (0, -away))])
    assert where.near(boxes, reach_m).tolist() == [expected] * 4


def _star(x: float, y: float, radius: float, n: int) -> shapely.Geometry:
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    far = radius * (1 + 0.3 * np.sin(17 * turn))
    return shapely.Polygon(np.column_stack((x + far * np.cos(turn), y + far * np.sin(turn))))


def test_pieces_that_are_wanted_are_the_same_and_the_others_are_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    shapes = [_star(x, y, 0.1, 6000) for x, y in rng.uniform((104, 28), (105, 29), (12, 2))]
    polygons = np.array([*shapes, shapely.multipolygons([shapes[0], _star(110, 20, 0.1, 3000)])], dtype=object)
    wanted = Whereabouts.of(np.array([[104.5, 28.4, 104.6, 28.5]])).near
    cuts: list[float] = []
    clip = cutting._clip
    monkeypatch.setattr(cutting, "_clip", lambda *args: cuts.append(1.0) or clip(*args))
    every, source = cut_polygons(polygons)
    n_all = len(cuts)
    cuts.clear()
    some, origin = cut_polygons(polygons, wanted=wanted)
    kept = wanted(shapely.bounds(every))
    assert 0 < len(some) < len(every)
    assert 0 < len(cuts) < n_all
    assert shapely.equals_identical(some, every[kept]).all()
    assert (origin == source[kept]).all()


def test_polygons_that_the_quick_clip_breaks_are_cut_by_overlays_where_they_are_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    monkeypatch.setattr(cutting, "_clip", lambda *_: bow)
    star = np.array([_star(104.5, 28.5, 0.3, 3000)], dtype=object)
    pieces, _ = cut_polygons(star, wanted=lambda boxes: boxes[:, 0] < 104.6)
    assert shapely.is_valid(pieces).all()
    assert (shapely.bounds(pieces)[:, 0] < 104.6).all()
    west = shapely.intersection(star[0], shapely.box(100, 20, 104.6, 30))
    assert shapely.area(shapely.intersection(pieces, west)).sum() == pytest.approx(west.area, rel=1e-9)


LAW = {
    "packs": (
        pack(
            rule(),
            rule("T-02", "red_line", "within_m", 150.0),
            rule("T-03", "bank_line", "within_m", 1000.0),
            rule("T-04", "wetland", "within_m", 2500.0),
        ),
    ),
    "profile": profile(("red_line",)),
}


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> LayerSet:
    """Large and small areas and banks over four degrees, in a file."""
    rng = np.random.default_rng(11)
    path = tmp_path_factory.mktemp("layers") / "layers.gpkg"
    places = rng.uniform((104, 28), (108, 32), (150, 2))
    stars = [_star(x, y, radius, 3000) for (x, y), radius in zip(places, rng.uniform(0.01, 0.2, 150), strict=True)]
    frame = gpd.GeoDataFrame({"code": [f"F{n}" for n in range(150)]}, geometry=stars, crs="EPSG:4490")
    frame.to_file(path, layer="red_line", engine="pyogrio")
    frame.iloc[::3].to_file(path, layer="wetland", engine="pyogrio")
    x = np.linspace(104, 108, 2000)
    lines = [shapely.LineString(np.column_stack((x, 29.5 + 0.2 * np.sin(x) + dy))) for dy in (0.01, -0.01)]
    of = {"river": "甲江", "river_class": "mainstem", "bank_def": "临水线", "side": ["left", "right"]}
    gpd.GeoDataFrame(of, geometry=lines, crs="EPSG:4490").to_file(path, layer="bank_line", engine="pyogrio")
    roles = ("red_line", "wetland", "bank_line")
    return LayerSet("spread", tuple(LayerSource(r, str(path), r, accuracy_m=5.0, authority="derived") for r in roles))


def _spots(layers: LayerSet) -> gpd.GeoDataFrame:
    """Sites of every kind within, at, about and beside areas and banks."""
    shapes = gpd.read_file(layers.sources[0].source, layer="red_line").geometry.to_numpy()
    rims = [shapely.get_coordinates(shape)[1200] for shape in shapes[:8]]
    middle = [shapely.get_coordinates(shape.centroid)[0] for shape in shapes[8:12]]
    small = min(shapes, key=lambda shape: shape.area)
    drawn: list[Any] = [shapely.Point(*xy).buffer(0.002) for xy in (*rims[:4], *middle[:2])]
    drawn += [shapely.LineString([xy, np.add(xy, (0.04, 0.01))]) for xy in rims[4:8]]
    drawn += [shapely.Point(*middle[2]), shapely.Point(106, 29.5 + 0.2 * np.sin(106)).buffer(0.003)]
    drawn += [small.envelope.buffer(0.001), shapely.box(103.0, 27.0, 103.001, 27.001)]
    return sites(*drawn)


def _screened(
    layers: LayerSet, frame: Any, most: int, patch: pytest.MonkeyPatch, **more: Any
) -> tuple[Screening, Basis]:
    bases: list[Basis] = []

    def kept(*args: Any) -> Basis:
        bases.append(load_basis(*args))
        return bases[-1]

    with patch.context() as inner:
        inner.setattr(DOOR, "load_basis", kept)
        inner.setattr(DOOR, "MOST_SOUGHT", most)
        return screen(frame, layers, as_of=AS_OF, **LAW, **more), bases[-1]


def _assert_identical(a: Screening, b: Screening) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(
            pd.DataFrame(getattr(a, name)), pd.DataFrame(getattr(b, name)), obj=name, check_exact=True
        )
    assert a.seal.parts == b.seal.parts
    assert a.seal.number == b.seal.number


@needs_loops
@pytest.mark.parametrize("prepared", [False, True])
def test_a_run_is_the_same_to_the_last_digit(
    layers: LayerSet, prepared: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame, more = _spots(layers), {"prepared": tmp_path} if prepared else {}
    plain, whole = _screened(layers, frame, 0, monkeypatch)
    for _ in range(1 + prepared):
        quick, basis = _screened(layers, frame, 1000, monkeypatch, **more)
        _assert_identical(quick, plain)
    assert {"contains", "inside", "overlaps", "crosses", "near"} <= set(plain.facts["relation"])
    for some, every in zip(basis.layers, whole.layers, strict=True):
        assert len(some.pieces) < len(every.pieces)
        assert "complete" not in vars(some)
    assert len(basis.layers[0].rims.runs) < len(whole.layers[0].rims.runs) / 2
    assert np.isnan(basis.layers[0].feature_area).any()
    assert not np.isnan(whole.layers[0].feature_area).any()


@needs_loops
@pytest.mark.parametrize(
    ("own", "complete"),
    [
        ({"footprint_m": 100.0}, False),
        ({"footprint_m": 5_000.0}, True),
        ({"area_m2": 1e8}, True),
        ({"accuracy_m": 100.0}, False),
        ({"accuracy_m": 4_000.0}, True),
    ],
)
def test_sites_that_reach_further_than_they_lie_get_all_of_a_layer(
    layers: LayerSet, own: dict[str, float], complete: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = gpd.read_file(layers.sources[0].source, layer="red_line").geometry.to_numpy()[3]
    xy = shapely.get_coordinates(shape)[700] + (0.004, 0.0)
    frame = sites((shapely.Point(*xy), own))
    quick, basis = _screened(layers, frame, 1000, monkeypatch)
    _assert_identical(quick, _screened(layers, frame, 0, monkeypatch)[0])
    assert ("complete" in vars(basis.layers[0])) == complete


def test_without_compiled_loops_all_of_it_is_made_ready(layers: LayerSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(library.SWITCH, "off")
    library.kernel.cache_clear()
    try:
        _, basis = _screened(layers, _spots(layers), 1000, monkeypatch)
        assert all(each.sought is None and each.complete is each for each in basis.layers)
    finally:
        monkeypatch.undo()
        library.kernel.cache_clear()


@needs_loops
def test_a_layer_nowhere_near_has_no_pieces_and_is_still_of_areas() -> None:
    data = read_layer(layer("red_line", _star(106.5, 29.5, 0.1, 2000)))
    where = Whereabouts.of(np.array([[108.0, 30.0, 108.1, 30.1]]))
    made = prepare(data, None, Sought(where, 200.0))
    assert len(made.pieces) == len(made.rims.runs) == len(made.rim_lines.first) == 0
    assert made.areal
    assert len(made.complete.pieces) == len(prepare(data).pieces) > 1
    assert made.complete is made.complete
    assert made.ready_for(np.array([[108.0, 30.0, 108.05, 30.05]]), 250.0) is made
    assert made.ready_for(np.array([[108.0, 30.0, 108.2, 30.05]]), 250.0) is made.complete
    assert made.ready_for(np.array([[108.0, 30.0, 108.05, 30.05]]), 50_000.0) is made.complete


@needs_loops
@pytest.mark.parametrize("own", [{}, {"footprint_m": 5_000.0}, {"accuracy_m": 4_000.0}])
def test_facts_as_arrays_are_the_same_and_never_need_all_of_a_layer(
    layers: LayerSet, own: dict[str, float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = [*_spots(layers).geometry, shapely.Point(105, 30)]
    made: list[PreparedLayer] = []
    monkeypatch.setattr(
        facts_arrays, "layer_facts", lambda sites, each, m: made.append(each) or layer_facts(sites, each, m)
    )
    facts_of(given[:1], layers, tmp_path)  # makes the folder
    made.clear()
    quick = facts_of(given, layers, tmp_path, **own)
    some = made.copy()
    made.clear()
    monkeypatch.setattr(facts_arrays.Sought, "of", lambda *_: None)
    plain = facts_of(given, layers, tmp_path, **own)
    assert len(quick) > 20
    for name in set(vars(plain)) - {"layers"}:
        np.testing.assert_array_equal(getattr(quick, name), getattr(plain, name), err_msg=name)
    for near, every in zip(some, made, strict=True):
        assert len(near.pieces) < len(every.pieces)
        assert "complete" not in vars(near)


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4544", "EPSG:3857"])
def test_sites_of_a_file_lie_in_their_boxes(crs: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    shapes = [GROUND.degrees(shapely.box(x, y, x + 30_000, y + 9_000)) for x, y in rng.uniform(-5e4, 5e4, (9, 2))]
    shapes += [GROUND.line((0, 0), (80_000, 500))]
    path = tmp_path / "sites.gpkg"
    gpd.GeoDataFrame({"site_id": range(10)}, geometry=shapes, crs="EPSG:4490").to_crs(crs).to_file(
        path, engine="pyogrio"
    )
    source = SiteFile(path)
    rows = np.array([7, 2, 9])
    bounds = source.read(rows).geometry.bounds.to_numpy()
    assert Whereabouts.of(source.boxes).hold(bounds).all()
    spare = (bounds - source.boxes[rows]) * (1, 1, -1, -1)
    assert (spare > -1e-9).all()
    assert spare.max() < (1e-9 if crs == "EPSG:4490" else 0.02)  # a grid's box is turned by its convergence

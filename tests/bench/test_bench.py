"""The bench in small: the load is what it says, the comparison notices differences, the long runs run."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import decisions
import kills
import numpy as np
import product
import pyogrio
import pytest
import shapely
import soak
from ecoredline.processing.engine import open_dossier, threads
from load import LAYERS, layer, make
from outputs import Excuse, Outputs, compare
from places import BANKS, POLYGON_ROLES, SEED, Load
from results import page
from run import TOOLS, Runs

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

SCALE = 0.005


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Load:
    return make(SCALE, [200], tmp_path_factory.mktemp("bench"))


def child(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script of the bench as `make` does."""
    path = [ROOT / "build" / "dev", HERE, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
    command = [sys.executable, "-W", "ignore", str(HERE / script), *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("role", [*POLYGON_ROLES, BANKS])
def test_layers_are_valid_and_the_same_every_time(role: str) -> None:
    first, second = (layer(role, SCALE, np.random.default_rng([SEED, 3])).geometry.array for _ in range(2))
    assert shapely.is_valid(first).all()
    assert list(shapely.to_wkb(first)) == list(shapely.to_wkb(second))
    other = layer(role, SCALE, np.random.default_rng([SEED, 4])).geometry.array
    assert list(shapely.to_wkb(first)) != list(shapely.to_wkb(other))


def test_units_have_no_gap_and_share_their_borders() -> None:
    units = layer("control_unit", SCALE, np.random.default_rng(1)).geometry.array
    whole = shapely.union_all(units)
    assert isinstance(whole, shapely.Polygon)
    assert not whole.interiors
    assert whole.area == pytest.approx(shapely.area(units).sum(), rel=1e-12)


def test_the_red_line_is_as_skewed_as_the_real_one() -> None:
    shapes = layer("red_line", 0.05, np.random.default_rng(1)).geometry.array
    counts = shapely.get_num_coordinates(shapes)
    features, vertices, median, largest, _ = LAYERS["red_line"]
    assert len(counts) == round(0.05 * features)
    assert counts.sum() == pytest.approx(0.05 * vertices, rel=0.05)
    assert np.median(counts) == pytest.approx(median, rel=0.15)
    assert counts.max() == pytest.approx(0.05 * largest, rel=0.15)
    tree = shapely.STRtree(shapes)
    assert len(tree.query(shapes, predicate="overlaps")[0]) == 0


def test_sites_are_of_every_kind_and_few_are_the_first_of_many(load: Load, tmp_path: Path) -> None:
    many = pyogrio.read_dataframe(load.sites(200))
    share = np.bincount(shapely.get_dimensions(many.geometry.array), minlength=3) / len(many)
    assert share == pytest.approx([0.1, 0.1, 0.8], abs=0.08)
    assert many.geometry.is_valid.all()
    make(SCALE, [50], load.parent)
    few = pyogrio.read_dataframe(load.sites(50))
    assert few.equals(many.iloc[:50])


def outputs() -> Outputs:
    """Return three hits of one site and two distances."""
    one = np.ones(3)
    return Outputs(
        np.array([0, 0, 1]), np.array([0, 0, 0]), np.array([4, 5, 0]), 100 * one, 0 * one, 0.3 * one,
        np.array([0, 1]), np.array([0, 0]), np.array([1_000.0, 4_999.9]),
    )  # fmt: skip


def test_comparison_tells_what_differs() -> None:
    ours, plain = outputs(), Excuse(0.01, 0.0)
    assert compare(outputs(), ours, plain, 5_000.0).equal
    wrong_area = replace(outputs(), share=np.array([0.3, 0.3, 0.300002]))
    assert not compare(wrong_area, ours, plain, 5_000.0).equal
    assert compare(wrong_area, ours, Excuse(0.01, 0.0, share=1e-5), 5_000.0).equal
    far = replace(outputs(), distance_m=np.array([1_000.02, 4_999.9]))
    assert not compare(far, ours, plain, 5_000.0).equal
    assert compare(far, ours, Excuse(0.0, 1e-4), 5_000.0).equal
    other = replace(outputs(), feature=np.array([4, 6, 0]))
    found = compare(other, ours, plain, 5_000.0)
    assert (found.missing, found.extra, found.equal) == (1, 1, False)
    totals = replace(outputs(), layer=np.array([0, 1, 0]), feature=np.array([-1, -1, -1]))
    of_layers = compare(totals, ours, plain, 5_000.0)
    assert of_layers.equal
    assert (of_layers.whole_layers, of_layers.hits, of_layers.hits_ours) == (True, 2, 2)
    lost = replace(totals, layer=np.array([0, 0, 0]))
    assert compare(lost, ours, plain, 5_000.0).missing == 1


def test_a_distance_at_the_rim_may_be_missing_but_no_other() -> None:
    ours = outputs()
    without_rim = replace(
        ours, near_class=ours.near_class[:1], near_site=ours.near_site[:1], distance_m=ours.distance_m[:1]
    )
    assert compare(without_rim, ours, Excuse(0.2, 0.0), 5_000.0).equal
    assert not compare(without_rim, ours, Excuse(0.01, 0.0), 5_000.0).equal
    without_near = replace(
        ours, near_class=ours.near_class[1:], near_site=ours.near_site[1:], distance_m=ours.distance_m[1:]
    )
    assert compare(without_near, ours, Excuse(0.2, 0.0), 5_000.0).near_missing == 1


def test_engine_and_geopandas_agree(load: Load) -> None:
    import geopandas_overlay
    import ours
    from child import Task
    from places import REACH_M

    task = Task(load, 200, Path(), pieces=False)
    mine, theirs = ours.facts(ours.ready(task)), geopandas_overlay.facts(geopandas_overlay.ready(task))
    found = compare(theirs, mine, geopandas_overlay.frames.PLANE_EXCUSE, REACH_M)
    assert found.equal, found
    assert found.hits > 200
    assert found.distances > 100


def test_page_says_what_differs_and_what_is_missing(load: Load) -> None:
    ours = Runs(
        TOOLS[0],
        200,
        version="1",
        prepare_s=[1.0],
        cold_s=[0.2],
        warm_s=[0.1],
        wall_s=[1.0],
        peak_mb=[100.0],
        excuse=Excuse(0, 0),
    )
    slow = Runs(
        TOOLS[1],
        200,
        version="2",
        prepare_s=[1.0],
        cold_s=[2.0],
        warm_s=[2.0],
        wall_s=[3.0],
        peak_mb=[50.0],
        excuse=Excuse(0, 0),
    )
    slow.comparison = compare(replace(outputs(), share=np.zeros(3)), outputs(), Excuse(0, 0), 5_000.0)
    gone = Runs(TOOLS[2], 200, problem="skipped: not installed")
    text = page(load, [ours, slow, gone], {})
    assert "| 2 | 2 | 10.0 | 20.0 |" in text
    assert "**DIFFER**" in text
    assert "skipped: not installed" in text
    assert "Ratios are what is claimed" in text


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_runs_come_to_the_same_result(load: Load, tmp_path: Path, workers: int) -> None:
    """A few moments; `make soak` takes fifty."""
    assert kills.survive(load, load.sites(200), tmp_path, 3, 11, workers) == []


def test_one_thread_two_threads_and_two_processes_come_to_the_same_result(
    load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sites, made = load.sites(200), []
    for number, (n_threads, workers) in enumerate(((1, 1), (2, 1), (4, 1), (1, 2))):
        monkeypatch.setattr(threads, "count", lambda n=n_threads: n)
        kills.screened(load, sites, tmp_path / str(number), workers)
        made.append(open_dossier(tmp_path / str(number)))
    assert all(kills.differences(made[0], other) == [] for other in made[1:])


def test_a_dossier_that_differs_is_told(load: Load, tmp_path: Path) -> None:
    kills.screened(load, load.sites(200), tmp_path / "one")
    few = pyogrio.read_dataframe(load.sites(200)).iloc[:199]
    few.to_file(tmp_path / "few.gpkg")
    kills.screened(load, tmp_path / "few.gpkg", tmp_path / "other")
    found = kills.differences(open_dossier(tmp_path / "one"), open_dossier(tmp_path / "other"))
    assert {"seal", "verdicts", "facts", "sites", "outcomes"} <= set(found)


@pytest.mark.filterwarnings("ignore:Conversion of an array:DeprecationWarning")
def test_no_wrong_decision_at_the_limits_of_rivers(tmp_path: Path) -> None:
    """`make soak` asks 100,000 sites; a decision that is wrong by a thousandth of the distance is noticed."""
    load = make(0.02, [2_000], tmp_path)
    distances = decisions.engine_distances(load, 2_000)
    wrong, close = decisions.wrong_decisions(load, 2_000, distances)
    assert wrong == []
    assert close > 20
    assert decisions.wrong_decisions(load, 2_000, 1.001 * distances)[0]


@pytest.mark.parametrize("leak_mb", [0.0, 0.5, 2.0])
@pytest.mark.parametrize("n", [8, 20, 300])
def test_a_leak_is_told_from_a_busy_machine(leak_mb: float, n: int) -> None:
    """Turns of 180 MB with a tenth more now and then, and caches that fill in the first two."""
    rng = np.random.default_rng(n)
    turns = 180 + leak_mb * np.arange(n) + rng.uniform(0, 1, n) + 18 * (rng.uniform(size=n) < 0.3)
    turns[:2] = 150
    leaks = leak_mb * n > 24
    assert (soak.growth(turns.tolist()) > soak.ALLOWED - 1) == leaks


def test_cold_starts_are_measured_and_told(load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product, "STARTS", 2)
    path = [ROOT / "build" / "dev", HERE, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, path)))
    figures = {mode: product.MODES[mode](load, 200, tmp_path) for mode in ("cold_arrays", "cold_screen")}
    for found in figures.values():
        assert 0 < found["cold_p50_s"] <= found["cold_most_s"]
        assert found["facts"] > 0
    assert figures["cold_arrays"]["cold_p50_s"] < figures["cold_screen"]["cold_p50_s"]
    told = page(load, [], {(mode, 200): {**found, "status": 0.0} for mode, found in figures.items()})
    assert "layers prepared, facts as arrays" in told
    assert "(wanted: 2 s)" in told


@pytest.mark.parametrize("script", ["soak.py", "fuzz.py"])
def test_half_a_minute_of_the_long_runs(script: str) -> None:
    ended = child(script, "--minutes", "0.5")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "equal" in ended.stdout


def test_how_the_cost_of_very_large_sites_grows_is_told() -> None:
    """The growth itself is for whoever runs it at full size: small sites take no time to speak of."""
    told = child("giants.py", "--vertices", "600", "--features", "60")
    assert told.returncode == 0, told.stderr
    rows = [line.split("|") for line in told.stdout.splitlines()[2:]]
    assert len(rows) == 10
    assert all(int(row[4]) > 0 for row in rows)
    assert [bool(row[6].strip()) for row in rows] == [False, True] * 5

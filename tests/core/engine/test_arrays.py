"""Facts as arrays: those of the run, without pandas and geopandas, and never of another content."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from ecoredline.layers.errors import SitesError
from ecoredline.layers.features import Features
from ecoredline.layers.layerset import LayerSet, LayerSource
from ecoredline.layers.reading import read_layer
from ecoredline.layers.sites import normalise
from ecoredline.processing import engine
from ecoredline.processing.engine.facts import arrays
from ecoredline.processing.engine.facts.arrays import MEASURES, FactArrays, facts_of
from ecoredline.processing.engine.facts.layer_facts import layer_facts
from ecoredline.processing.engine.facts.overlap import RELATIONS
from ecoredline.processing.engine.facts.site_arrays import site_arrays
from ecoredline.processing.engine.prepared import shelf
from ecoredline.processing.engine.prepared.layer import prepare
from test_shelf import layers  # noqa: F401 - a fixture

ROOT = Path(__file__).parents[3]
COLUMNS = ("layer", "site", "role", "feature_id", "relation", *MEASURES)
CHILD = """
import pickle, sys
from pathlib import Path
folder = Path(sys.argv[1])
from ecoredline.processing.engine import facts_of
facts = facts_of(pickle.loads((folder / "sites").read_bytes()), folder / "set.toml", folder / "kept")
heavy = {"pandas", "geopandas", "pyogrio", "fiona"} & set(sys.modules)
columns = {name: getattr(facts, name) for name in vars(facts) if name != "layers"}
(folder / "facts").write_bytes(pickle.dumps((heavy, columns)))
"""


def environment() -> dict[str, str]:
    """Return that of a child without QGIS: the package importable, nothing imported beforehand."""
    given = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    plain = [place for place in given if not Path(place, "sitecustomize.py").exists()]
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "build" / "dev"), *plain])}


def random_sites(n: int) -> np.ndarray:
    """Points, lines and polygons among the layers of the fixture, some of them far from everything."""
    rng = np.random.default_rng(n)
    middle = shapely.points(rng.uniform((104, 28.5), (108, 31), (n, 2)))
    ends = shapely.points(shapely.get_coordinates(middle) + rng.uniform(-0.05, 0.05, (n, 2)))
    lines = shapely.linestrings(np.stack([shapely.get_coordinates(middle), shapely.get_coordinates(ends)], axis=1))
    kind = rng.integers(0, 3, n)
    return np.choose(kind, [middle, lines, shapely.buffer(middle, rng.uniform(1e-4, 0.02, n))])


def reference(sites: np.ndarray, of: LayerSet, **columns: object) -> dict[str, np.ndarray]:
    """Return the facts from layers read and made ready as a whole, from frames, all sites at once."""
    frame = normalise(gpd.GeoDataFrame(columns, geometry=sites, crs=4490), "sites")
    made = site_arrays(frame)
    parts = []
    for number, source in enumerate(of.sources):
        layer = prepare(read_layer(source))
        facts = layer_facts(made, layer, layer.data.role.reach_m).facts
        words = np.array([r.value for r in RELATIONS], dtype=object)[facts.relation.astype(int)]
        ids = layer.data.frame["feature_id"].to_numpy(dtype=object)[facts.feature]
        same = np.full(len(facts), number), facts.site, np.full(len(facts), source.role, dtype=object), ids, words
        parts.append((*same, *(getattr(facts, name) for name in MEASURES)))
    return {name: np.concatenate(values) for name, values in zip(COLUMNS, zip(*parts, strict=True), strict=True)}


def assert_facts(found: FactArrays | dict[str, np.ndarray], wanted: dict[str, np.ndarray]) -> None:
    """Compare every column: nearest points and bearings to the last bits, since trees of a window may order ties."""
    column = found.__getitem__ if isinstance(found, dict) else lambda name: getattr(found, name)
    for name in COLUMNS:
        if name in MEASURES:
            np.testing.assert_allclose(column(name), wanted[name], rtol=1e-9, atol=1e-7, err_msg=name)
        else:
            assert column(name).tolist() == wanted[name].tolist(), name


def test_a_cold_process_has_the_facts_of_the_run_without_pandas(layers: LayerSet, tmp_path: Path) -> None:  # noqa: F811
    sites = random_sites(150)
    entry = '[[layer]]\nrole = "{0}"\nsource = "layers.gpkg"\nlayer = "{0}"\naccuracy_m = 5.0\nauthority = "derived"\n'
    text = 'name = "kept"\n' + "".join(entry.format(source.role) for source in layers.sources)
    (tmp_path / "set.toml").write_text(text, encoding="utf-8")
    (tmp_path / "sites").write_bytes(pickle.dumps(shapely.to_wkb(sites).tolist()))
    for heavy in (True, False):  # the first makes the layers ready
        child = [sys.executable, "-c", CHILD, str(tmp_path)]
        subprocess.run(child, check=True, env=environment(), timeout=60)
        imported, columns = pickle.loads((tmp_path / "facts").read_bytes())
        assert ("geopandas" in imported) == heavy
        assert heavy or not imported
        wanted = reference(sites, layers)
        assert set(wanted["relation"]) >= {"inside", "overlaps", "crosses", "near"}
        assert_facts(columns, wanted)


@pytest.mark.parametrize("chunk", [7, 2_000])
def test_facts_do_not_depend_on_window_chunk_or_form(
    layers: LayerSet,  # noqa: F811
    tmp_path: Path,
    chunk: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(arrays, "CHUNK", chunk)
    sites = random_sites(40)
    rng = np.random.default_rng(1)
    footprint, accuracy = rng.choice([0.0, 300.0], 40), rng.choice([0.0, 25.0], 40)
    given = {"footprint_m": footprint, "accuracy_m": accuracy}
    wanted = reference(sites, layers, **given)
    for _ in range(2):  # made ready, then from the folder
        assert_facts(facts_of(sites, layers, tmp_path / "kept", **given), wanted)
    for n in range(40):  # each by itself, in the smallest window
        one = facts_of(sites[n : n + 1], layers, tmp_path / "kept", None, None, accuracy[n], footprint[n])
        own = wanted["site"] == n
        assert_facts(one, {name: np.zeros(own.sum(), int) if name == "site" else v[own] for name, v in wanted.items()})


def test_roles_and_reach_are_those_asked_for(layers: LayerSet, tmp_path: Path) -> None:  # noqa: F811
    site = [shapely.Point(106, 29.4)]
    folder = tmp_path / "kept"
    every = facts_of(site, layers, folder)
    banks = facts_of(site, layers, folder, roles=["bank_line"])
    assert set(banks.role) == {"bank_line"}
    assert banks.layers[0].columns["river"][banks.feature].tolist() == ["甲江"] * len(banks)
    least = every.distance_m[every.role == "bank_line"].min()
    band = 5.0
    assert not len(facts_of(site, layers, folder, least - band - 0.01, ["bank_line"]))
    assert len(facts_of(site, layers, folder, {"bank_line": least - band + 0.01}, ["bank_line"])) == 1
    far = facts_of(site, layers, folder, 100_000.0, ["red_line"])
    near = facts_of(site, layers, folder, 0.0, ["red_line"])
    assert len(far) > len(near)
    assert (far.distance_m > 10_000).any()


def test_another_content_of_the_same_size_and_time_is_noticed(tmp_path: Path) -> None:
    path, folder = tmp_path / "areas.geojson", tmp_path / "kept"

    def write(west: float) -> None:
        shape = gpd.GeoDataFrame(geometry=[shapely.box(west, 29, west + 1, 30)], crs=4490)
        path.unlink(missing_ok=True)
        pyogrio.write_dataframe(shape, path)
        os.utime(path, ns=(10**18, 10**18))

    of = LayerSet("one", (LayerSource("red_line", str(path), None),))
    write(104)
    size = path.stat().st_size
    assert len(facts_of([shapely.Point(104.5, 29.5)], of, folder)) == 1
    write(106)
    assert path.stat().st_size == size
    assert len(facts_of([shapely.Point(104.5, 29.5)], of, folder)) == 0
    assert len(facts_of([shapely.Point(106.5, 29.5)], of, folder)) == 1


def test_a_damaged_file_is_made_again(layers: LayerSet, tmp_path: Path) -> None:  # noqa: F811
    sites = random_sites(20)
    wanted = reference(sites, layers)
    facts_of(sites, layers, tmp_path / "kept")
    for path in (tmp_path / "kept" / shelf.INNER).iterdir():
        content = bytearray(path.read_bytes())
        content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
        path.write_bytes(content)
    assert_facts(facts_of(sites, layers, tmp_path / "kept"), wanted)


BOW = shapely.Polygon([(106, 29), (107, 30), (107, 29), (106, 30)])


@pytest.mark.parametrize(
    "bad",
    [
        BOW,
        shapely.Point(),
        None,
        b"no shape",
        shapely.Point(500_000, 3_000_000),
        shapely.Point(-180.5, 29),
        shapely.Point(106, -91),
        shapely.Point(float("nan"), 29),
        shapely.GeometryCollection([shapely.Point(106, 29)]),
    ],
)
def test_what_is_no_site_is_refused_by_its_position(layers: LayerSet, tmp_path: Path, bad: object) -> None:  # noqa: F811
    with pytest.raises(SitesError, match=r"\b1\b"):
        facts_of([shapely.Point(106, 29), bad], layers, tmp_path)
    with pytest.raises(SitesError):
        facts_of([], layers, tmp_path)


def test_where_nothing_is_near_there_are_columns_without_rows(layers: LayerSet, tmp_path: Path) -> None:  # noqa: F811
    none = facts_of([shapely.Point(10, 10, 5)], layers, tmp_path)
    assert len(none) == 0
    assert all(len(getattr(none, name)) == 0 for name in COLUMNS)
    assert len(facts_of([shapely.Point(10, 10)], replace(layers, sources=()), tmp_path)) == 0


def test_doors_are_functions_whatever_was_imported_before() -> None:
    code = (
        "import ecoredline.processing.engine.{}, ecoredline.processing.engine as e; assert callable(e.screen), e.screen"
    )
    path = os.pathsep.join([str(ROOT / "build" / "dev"), os.environ.get("PYTHONPATH", "")])
    child = [
        sys.executable,
        "-c",
        code.format("screen") + "; from ecoredline.processing.engine import screen; screen.__code__",
    ]
    subprocess.run(child, check=True, env={**os.environ, "PYTHONPATH": path}, timeout=60)
    assert callable(engine.screen)
    assert set(engine.__all__) <= {name for name in engine.__all__ if callable(getattr(engine, name))}
    with pytest.raises(AttributeError, match="no_such_door"):
        _ = engine.no_such_door


def test_features_tell_missing_values_from_others() -> None:
    columns = {"a": np.array(["x", None, float("nan"), ""], dtype=object), "b": np.array([1.0, np.nan, 0.0, 2.0])}
    features = Features(shapely.points(np.zeros((4, 2))), columns)
    assert features.filled("a").tolist() == [True, False, False, True]
    assert features.filled("b").tolist() == [True, False, True, True]
    assert not features.filled("c").any()
    assert features.keys(("a", "c", "b")) == [("x", 1.0), (None, None), (None, 0.0), ("", 2.0)]
    assert features.keys(("c",)) == [()] * 4
    assert features.take(np.array([2, 0])).columns["b"].tolist() == [0.0, 1.0]
    assert features.with_columns(c=np.arange(4)).frame["c"].tolist() == [0, 1, 2, 3]
    assert features.frame is features.frame

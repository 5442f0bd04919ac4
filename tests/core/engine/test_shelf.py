"""Prepared layers on disk: equal results, made anew when damaged or outdated, readable by their owner alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from ecoredline.layers.layerset import LayerSet, LayerSource
from ecoredline.layers.progress import Progress
from ecoredline.layers.reading import read_layer
from ecoredline.processing.engine import screen
from ecoredline.processing.engine.judging import basis
from ecoredline.processing.engine.prepared import array_file as prepared_file
from ecoredline.processing.engine.prepared import shelf, shelved, windows
from ecoredline.processing.engine.prepared.array_file import DamagedError, PreparedFile, Rows, write
from ecoredline.processing.engine.prepared.layer import PreparedLayer, prepare
from ecoredline.processing.engine.prepared.shelf import PreparedFolderError, Shelf
from ecoredline.processing.engine.session import Session
from small_runs import AS_OF, GROUND, layer, one, pack, profile, rule, sites
from test_session import assert_equal

AREA, INSIDE, AWAY = GROUND.box(0, 0, 1000, 1000), GROUND.box(400, 400, 500, 500), GROUND.box(3000, 0, 3050, 50)
LAW = {"packs": (pack(rule(), rule("T-02", "bank_line", "within_m", 1000.0)),), "profile": profile(("red_line",))}
BOW_TIE = shapely.Polygon([(106.5, 29.5), (106.6, 29.6), (106.6, 29.5), (106.5, 29.6)])


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The roles that were read from their sources."""
    read: list[str] = []

    def counted(source: LayerSource, *rest: object) -> object:
        read.append(source.role)
        return read_layer(source, *rest)

    for module in (windows, basis, shelf):
        monkeypatch.setattr(module, "read_layer", counted)
    return read


@pytest.fixture
def layers(tmp_path: Path) -> LayerSet:
    """A layer of many areas, some broken, with fields filled here and there; and banks whose water is made."""
    rng = np.random.default_rng(5)
    shapes = [
        shapely.Point(*xy).buffer(rng.uniform(0.002, 0.05), 40) for xy in rng.uniform((104, 28), (108, 32), (700, 2))
    ]
    fields = {"code": [f"F{n}" if n % 3 else None for n in range(701)], "name": [f"名{n % 7}" for n in range(701)]}
    areas = gpd.GeoDataFrame(fields, geometry=[*shapes, BOW_TIE], crs="EPSG:4490")
    x = np.linspace(104, 108, 400)
    lines = [shapely.LineString(np.column_stack((x, 29.5 + 0.2 * np.sin(x) + dy))) for dy in (0.01, -0.01)]
    of = {"river": "甲江", "river_class": "mainstem", "bank_def": "临水线", "side": ["left", "right"]}
    path = tmp_path / "layers.gpkg"
    pyogrio.write_dataframe(areas, path, layer="red_line")
    pyogrio.write_dataframe(gpd.GeoDataFrame(of, geometry=lines, crs="EPSG:4490"), path, layer="bank_line")
    return LayerSet(
        "kept",
        tuple(
            LayerSource(role, str(path), role, accuracy_m=5.0, authority="derived")
            for role in ("red_line", "bank_line")
        ),
    )


def _files(folder: Path) -> list[Path]:
    return sorted((folder / shelf.INNER).iterdir())


def test_results_are_equal_with_and_without_and_sources_are_read_once(
    layers: LayerSet, tmp_path: Path, made: list[str]
) -> None:
    folder = tmp_path / "kept"
    wet = shapely.Point(106, 29.5 + 0.2 * np.sin(106)).buffer(0.002)
    for shape in (shapely.box(105, 29, 105.4, 29.4), wet, BOW_TIE.buffer(0)):
        frame = sites(shape)
        plain = screen(frame, layers, as_of=AS_OF, **LAW)
        made.clear()
        for _ in range(2):
            assert_equal(screen(frame, layers, as_of=AS_OF, prepared=folder, **LAW), plain)
        assert_equal(Session(layers, prepared=folder, **LAW).screen(frame, AS_OF), plain)
        assert sorted(made) in (["bank_line", "red_line"], [])
    assert made == []
    assert len(_files(folder)) == 2


def _assert_same(a: PreparedLayer, b: PreparedLayer) -> None:
    pd.testing.assert_frame_equal(pd.DataFrame(a.data.frame), pd.DataFrame(b.data.frame))
    assert a.data.frame.crs == b.data.frame.crs
    assert (a.data.digests == b.data.digests).all()
    assert a.data.notes == b.data.notes
    assert a.data.guessed == b.data.guessed
    pd.testing.assert_frame_equal(
        a.data.repairs.reset_index(drop=True), b.data.repairs.reset_index(drop=True), check_dtype=False
    )
    assert (a.whole, a.data.source, a.data.role) == (b.whole, b.data.source, b.data.role)
    assert (shapely.to_wkb(a.surface) == shapely.to_wkb(b.surface)).all()
    assert sorted(zip(a.piece_feature, shapely.to_wkb(a.pieces), strict=True)) == sorted(
        zip(b.piece_feature, shapely.to_wkb(b.pieces), strict=True)
    )


@pytest.mark.parametrize("box", [(103.0, 27.0, 109.0, 33.0), (105.0, 29.0, 105.2, 29.2), (10.0, 10.0, 11.0, 11.0)])
@pytest.mark.parametrize("most", [0, 10_000])
def test_what_comes_back_is_what_was_made(
    layers: LayerSet, tmp_path: Path, box: tuple[float, float, float, float], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelved, "MOST_FEATURES", most)
    for source in layers.sources:
        data = read_layer(source)
        shelved.put(tmp_path / "one", prepare(data))
        back = shelved.ShelvedLayer(source, tmp_path / "one", lambda: pytest.fail("made again")).ready(box)
        whole = len(back.data.frame) == len(data.frame)
        _assert_same(back, prepare(data, None if whole else windows.widened(box)))


def test_only_the_owner_may_read_folder_and_files(layers: LayerSet, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    (folder / shelf.INNER).mkdir(parents=True, mode=0o777)
    (folder / shelf.INNER).chmod(0o777)
    before = os.umask(0)
    try:
        screen(sites(INSIDE), layers, as_of=AS_OF, prepared=folder, **LAW)
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / shelf.INNER).stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in _files(folder)] == [0o600, 0o600]


def test_a_folder_that_cannot_be_used_is_refused_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / shelf.INNER).symlink_to(tmp_path)
    for folder in (tmp_path / "file", tmp_path / "kept"):
        with pytest.raises(PreparedFolderError) as caught:
            Shelf(folder)
        assert str(folder) in caught.value.message.zh
        assert str(caught.value.remedy)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _turn(where: float) -> Callable[[Path], None]:
    def turn(path: Path) -> None:
        data = bytearray(path.read_bytes())
        for at in range(int(where * len(data)), len(data), max(1, len(data) // 50)):
            data[at] ^= 0xFF
        path.write_bytes(data)

    return turn


def _foreign(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"layer 1\n", b"layer 9\n", 1))


DAMAGE = {
    "cut short": _cut,
    "empty": lambda path: path.write_bytes(b""),
    "another version": _foreign,
    "header turned": _turn(0.0),
    "bytes turned": _turn(0.5),
    "something else": lambda path: path.write_bytes(b"PK\x03\x04" * 1000),
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("warm", [False, True])
def test_a_damaged_file_is_made_anew(
    layers: LayerSet, tmp_path: Path, damage: str, warm: bool, made: list[str]
) -> None:
    folder, frame = tmp_path / "kept", sites(shapely.box(105, 29, 105.9, 29.9))
    plain = screen(frame, layers, as_of=AS_OF, prepared=folder, **LAW)
    whole = [path.read_bytes() for path in _files(folder)]
    for path in _files(folder):
        DAMAGE[damage](path)
    made.clear()
    session = Session(layers, prepared=folder, **LAW)
    again = session.screen(frame, AS_OF) if warm else screen(frame, layers, as_of=AS_OF, prepared=folder, **LAW)
    assert_equal(again, plain)
    assert sorted(made) == ["bank_line", "red_line"]
    assert [path.read_bytes() for path in _files(folder)] == whole


def test_any_turned_byte_is_noticed_or_of_no_matter(tmp_path: Path) -> None:
    arrays = {"a": np.arange(9.0), "b": Rows([b"one", None, b"", b"three"])}
    write(tmp_path / "f", {"x": "甲"}, arrays)
    data = (tmp_path / "f").read_bytes()
    noticed = 0
    for at in range(len(data)):
        turned = bytearray(data)
        turned[at] ^= 0x10
        (tmp_path / "g").write_bytes(turned)
        try:
            file = PreparedFile(tmp_path / "g")
            assert file.about == {"x": "甲"}
            assert (file.array("a") == np.arange(9.0)).all()
            assert file.rows("b", np.array([3, 1, 0, 2])) == [b"three", None, b"one", b""]
        except DamagedError:
            noticed += 1
    assert noticed > 500


def test_a_source_that_changes_is_made_anew_and_the_old_file_goes(
    layers: LayerSet, tmp_path: Path, made: list[str]
) -> None:
    folder, path = tmp_path / "kept", tmp_path / "layers.gpkg"
    frame = sites(shapely.box(105, 29, 105.4, 29.4))
    screen(frame, layers, as_of=AS_OF, prepared=folder, **LAW)
    old = _files(folder)
    made.clear()
    stamp = path.stat()
    areas = gpd.GeoDataFrame({"code": ["Z"]}, geometry=[shapely.box(105, 29, 105.1, 29.1)], crs="EPSG:4490")
    pyogrio.write_dataframe(areas, path, layer="red_line", append=False)
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    result = screen(frame, layers, as_of=AS_OF, prepared=folder, **LAW)
    assert_equal(result, screen(frame, layers, as_of=AS_OF, **LAW))
    assert set(result.facts["feature_id"]) >= {"Z"}
    assert len(_files(folder)) == 2
    assert not set(old) & set(_files(folder))


def test_what_is_only_told_of_a_layer_needs_no_new_file(layers: LayerSet, tmp_path: Path, made: list[str]) -> None:
    folder, frame = tmp_path / "kept", sites(INSIDE)
    screen(frame, layers, as_of=AS_OF, prepared=folder, **LAW)
    made.clear()
    told = replace(layers, sources=tuple(replace(s, accuracy_m=2.0, authority="statutory") for s in layers.sources))
    assert_equal(screen(frame, told, as_of=AS_OF, prepared=folder, **LAW), screen(frame, told, as_of=AS_OF, **LAW))
    assert made == ["red_line", "bank_line"]  # by the run without a folder
    other = replace(layers, sources=tuple(replace(s, where="code = 'F1'") for s in layers.sources[:1]))
    assert_equal(screen(frame, other, as_of=AS_OF, prepared=folder, **LAW), screen(frame, other, as_of=AS_OF, **LAW))


def test_another_version_of_the_product_makes_its_own(
    layers: LayerSet, tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, frame = tmp_path / "kept", sites(INSIDE)
    screen(frame, layers, as_of=AS_OF, prepared=folder, **LAW)
    made.clear()
    monkeypatch.setattr(shelf, "version", lambda: "99.0")
    screen(frame, layers, as_of=AS_OF, prepared=folder, **LAW)
    assert sorted(made) == ["bank_line", "red_line"]
    assert len(_files(folder)) == 2


def test_a_write_that_fails_leaves_nothing_and_says_so(
    layers: LayerSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(prepared_file.os, "fsync", full)
    with pytest.raises(PreparedFolderError) as caught:
        screen(sites(INSIDE), layers, as_of=AS_OF, prepared=tmp_path / "kept", **LAW)
    assert "No space" in str(caught.value)
    assert _files(tmp_path / "kept") == []


def test_layers_in_memory_are_kept_by_what_is_in_them(tmp_path: Path, made: list[str]) -> None:
    folder = tmp_path / "kept"
    for area, verdict in ((AREA, "prohibited"), (AWAY, "clear"), (AREA, "prohibited")):
        result = screen(sites(INSIDE), LayerSet("m", (layer("red_line", area),)), as_of=AS_OF, prepared=folder, **LAW)
        assert one(result.verdicts)["verdict"] == verdict
    assert made == ["red_line"] * 3
    assert len(_files(folder)) == 1


def test_nothing_is_written_anywhere_without_a_folder(layers: LayerSet, tmp_path: Path) -> None:
    there = sorted(path for path in tmp_path.rglob("*"))
    screen(sites(INSIDE), layers, as_of=AS_OF, **LAW)
    assert sorted(path for path in tmp_path.rglob("*")) == there


def test_a_source_that_changes_while_it_is_read_is_not_kept(
    layers: LayerSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else its content would lie under the name of what it was, and come back with that."""
    source, folder = layers.sources[0], tmp_path / "kept"
    path = Path(source.source)
    first = path.read_bytes()
    moved = pyogrio.read_dataframe(path, layer=source.layer)
    moved.geometry = moved.geometry.translate(0.5)

    def changing(*given: object) -> object:
        pyogrio.write_dataframe(moved, path, layer=source.layer)
        return read_layer(*given)

    monkeypatch.setattr(shelf, "read_layer", changing)
    Shelf(folder).layer(source, Progress())
    assert _files(folder) == []
    monkeypatch.setattr(shelf, "read_layer", read_layer)
    path.write_bytes(first)
    kept = Shelf(folder).layer(source, Progress()).ready((100.0, 20.0, 110.0, 35.0))
    _assert_same(kept, prepare(read_layer(source)))

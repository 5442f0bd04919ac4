"""A warm session: equal to `screen()` on the same input, whatever was screened before, and never on old data."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from ecoredline.layers.errors import Cancelled, EcoRedlineError
from ecoredline.layers.layerset import AccessList, LayerSet, LayerSource
from ecoredline.layers.reading import LayerData, read_layer
from ecoredline.processing.engine import Screening, screen
from ecoredline.processing.engine.prepared import windows
from ecoredline.processing.engine.prepared.layer import PreparedLayer, prepare
from ecoredline.processing.engine.prepared.reach import Box
from ecoredline.processing.engine.session import Session
from ecoredline.processing.rules.packs import shipped_folder
from shapely.geometry.base import BaseGeometry
from small_runs import AS_OF, GROUND, layer, one, pack, profile, rule, sites

TABLES = ("verdicts", "findings", "facts", "units", "unit_items", "roles", "layers", "gaps", "rules", "days", "sites")
LAW = (
    pack(
        rule(),
        rule("T-02", "bank_line", "within_m", 1000.0),
        rule("T-03", "wetland", "within_m", 100.0),
        rule("T-04", "chemical_park", "not_within", verdict="restricted"),
    ),
)
AREA, INSIDE, AWAY = GROUND.box(0, 0, 1000, 1000), GROUND.box(400, 400, 500, 500), GROUND.box(3000, 0, 3050, 50)


def assert_equal(warm: Screening, cold: Screening) -> None:
    """Tell any difference between two screenings, times of the day apart."""
    for name in TABLES:
        pd.testing.assert_frame_equal(pd.DataFrame(getattr(warm, name)), pd.DataFrame(getattr(cold, name)), obj=name)
    assert warm.seal.parts == cold.seal.parts
    assert warm.seal.number == cold.seal.number
    for site_id in cold.verdicts["site_id"]:
        pd.testing.assert_frame_equal(warm.outcomes(site_id), cold.outcomes(site_id))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The roles read from now on."""
    read: list[str] = []

    def counted(source: LayerSource, *rest: object) -> object:
        read.append(source.role)
        return read_layer(source, *rest)

    monkeypatch.setattr(windows, "read_layer", counted)
    return read


def _province(rng: np.random.Generator) -> LayerSet:
    """Layers over several degrees: areas, and a river whose banks come in pieces, some of which lie far away."""
    west, south = 104.0, 28.0

    def areas(n: int) -> list[BaseGeometry]:
        corners = rng.uniform(0, 4, (n, 2)) + np.array([west, south])
        return [shapely.Point(x, y).buffer(rng.uniform(0.005, 0.1), 16) for x, y in corners]

    x = np.linspace(0, 4, 41)
    y = 2 + 0.3 * np.sin(3 * x)
    banks = [
        (shapely.LineString(np.column_stack((west + x[i : i + 11], south + y[i : i + 11] + dy))), {"side": side})
        for i in range(0, 40, 10)
        for side, dy in (("left", 0.01), ("right", -0.01))
    ]
    centre = shapely.LineString([(west, south + 3), (west + 4, south + 3.4)])
    other = (centre, {"river": "乙河", "river_class": "tributary", "bank_def": "河道中心线"})
    wide = (
        shapely.LineString([(west, south + 1), (west + 4, south + 0.6)]),
        dict(other[1], river="丙河", half_width_m=900.0),
    )
    return LayerSet(
        "province",
        (
            layer("red_line", *areas(200), accuracy_m=5.0, authority="derived"),
            layer("wetland", *areas(60)),
            layer("chemical_park", *areas(2)),
            layer("bank_line", *banks, other, wide, accuracy_m=10.0, authority="derived"),
        ),
    )


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "windows"])
def test_many_sites_and_each_alone_come_out_the_same_under_the_whole_law(
    whole: bool, monkeypatch: pytest.MonkeyPatch, reads: list[str]
) -> None:
    monkeypatch.setattr(windows, "WHOLE_VERTICES", 10**9 if whole else 0)
    rng = np.random.default_rng(3)
    layers = _province(rng)
    about = {"nature": "新建", "industry": "C2614", "accepted_on": "2021-03-01"}
    places = rng.uniform(0.1, 3.9, (40, 2)) + np.array([104, 28])
    frame = sites(*((shapely.box(x, y, x + 0.01, y + 0.01), about) for x, y in places))
    session = Session(layers)
    assert_equal(session.screen(frame, AS_OF), screen(frame, layers, as_of=AS_OF))
    alone = frame.iloc[[7]].reset_index(drop=True)
    assert_equal(session.screen(alone, AS_OF), screen(alone, layers, as_of=AS_OF))
    assert_equal(session.screen(frame, AS_OF, strict=True), screen(frame, layers, as_of=AS_OF, strict=True))
    assert reads == ["red_line", "wetland", "chemical_park", "bank_line"]


def test_what_is_kept_of_one_day_or_table_never_shows_in_another() -> None:
    made = LayerSet("days", (layer("red_line", AREA, vintage=AS_OF), layer("chemical_park", AWAY)), ())
    session, earlier = Session(made, packs=LAW), AS_OF.replace(year=AS_OF.year - 1)
    for day in (AS_OF, earlier, AS_OF):
        warm = session.screen(sites(INSIDE), as_of=day)
        assert_equal(warm, screen(sites(INSIDE), made, as_of=day, packs=LAW))
        warm.layers["note"] = "written over"  # the next one has its own
    assert session.screen(sites(INSIDE), as_of=earlier).layers["note"].str.contains("晚于").any()


def test_a_site_that_wanders_never_reads_wrong_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "WHOLE_VERTICES", 0)
    rng = np.random.default_rng(7)
    layers = _province(rng)
    law = {"packs": LAW, "profile": profile(("red_line", "bank_line"), ("wetland",))}
    session = Session(layers, **law)
    prepared: list[object] = []

    def noted(data: LayerData, box: Box | None) -> PreparedLayer:
        prepared.append(box)
        return prepare(data, box)

    monkeypatch.setattr(windows, "prepare", noted)
    places = [*rng.uniform(0.1, 3.9, (12, 2)), (1.05, 2.0), (1.0, 2.29)]
    verdicts = set()
    for n, (x, y) in enumerate([*places, *places[:4]]):
        corner = shapely.Point(104 + x, 28 + y)
        shape = shapely.box(*corner.coords[0], 104 + x + 0.004, 28 + y + 0.003) if n % 3 else corner
        frame = sites((shape, {"accuracy_m": float(n % 2) * 30}))
        warm = session.screen(frame, as_of=AS_OF)
        assert_equal(warm, screen(frame, layers, as_of=AS_OF, **law))
        verdicts |= set(warm.verdicts["verdict"])
    assert len(verdicts) > 1
    assert len({box for box in prepared if box}) > 3


def test_what_is_ready_does_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "WHOLE_VERTICES", 0)
    held = windows.Windows(read_layer(_province(np.random.default_rng(1)).sources[0]))
    for x in np.linspace(104.1, 107.5, 9):
        held.ready((x, 29.0, x + 0.01, 29.01))
    assert len(held._ready) <= windows.MOST_WINDOWS


# ---- sources that change -------------------------------------------------------------------------------------------


def _write(path: Path, *shapes: BaseGeometry, driver: str = "GPKG", name: str = "red_line") -> None:
    frame = gpd.GeoDataFrame({"code": [f"F{n}" for n in range(len(shapes))]}, geometry=list(shapes), crs="EPSG:4490")
    fresh = path.with_name(f"fresh{path.suffix}")
    pyogrio.write_dataframe(frame, fresh, driver=driver, layer=name if driver == "GPKG" else None)
    for part in sorted(path.parent.glob("fresh.*")):
        shutil.move(part, path.with_name(path.stem + part.name.removeprefix("fresh")))


def _set_of(path: Path) -> LayerSet:
    return LayerSet("files", (LayerSource("red_line", str(path), accuracy_m=0.0, authority="statutory"),))


@pytest.mark.parametrize(("suffix", "driver"), [(".gpkg", "GPKG"), (".shp", "ESRI Shapefile"), (".geojson", "GeoJSON")])
def test_a_file_that_changes_is_read_again_and_only_then(
    tmp_path: Path, reads: list[str], suffix: str, driver: str
) -> None:
    path = tmp_path / f"red_line{suffix}"
    _write(path, AREA, driver=driver)
    session = Session(_set_of(path), LAW, profile(("red_line",)))
    assert session.changed() == ()
    for _ in range(2):
        assert one(session.screen(sites(INSIDE), as_of=AS_OF).verdicts)["verdict"] == "prohibited"
    assert (reads, session.changed()) == (["red_line"], ())
    _write(path, AWAY, driver=driver)
    assert session.changed() == ("red_line",)
    result = session.screen(sites(INSIDE), as_of=AS_OF)
    assert one(result.verdicts)["verdict"] == "clear"
    assert_equal(result, screen(sites(INSIDE), _set_of(path), LAW, profile(("red_line",)), AS_OF))
    assert (reads, session.changed()) == (["red_line"] * 2, ())


def test_a_change_that_keeps_size_and_time_of_writing_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "red_line.gpkg"
    _write(path, AREA)
    session = Session(_set_of(path), LAW, profile(("red_line",)))
    session.screen(sites(INSIDE), as_of=AS_OF)
    before = path.stat()
    _write(path, AWAY)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert session.changed() == ("red_line",)


def test_edits_that_are_still_in_the_journal_are_noticed(tmp_path: Path) -> None:
    path = tmp_path / "red_line.gpkg"
    _write(path, AREA, AWAY)
    database = sqlite3.connect(path)
    try:
        database.execute("PRAGMA journal_mode = wal")
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            database.create_function(name, 1, lambda _shape: 0.0)
        session = Session(_set_of(path), LAW, profile(("red_line",)))
        assert one(session.screen(sites(INSIDE), as_of=AS_OF).verdicts)["verdict"] == "prohibited"
        session.screen(sites(INSIDE), as_of=AS_OF)
        assert session.changed() == ()
        main = path.stat().st_mtime_ns
        with database:
            database.execute("DELETE FROM red_line WHERE code = 'F0'")
        assert path.stat().st_mtime_ns == main
        assert session.changed() == ("red_line",)
        assert one(session.screen(sites(INSIDE), as_of=AS_OF).verdicts)["verdict"] == "clear"
    finally:
        database.close()


def test_a_shapefile_whose_table_alone_changes_is_read_again(tmp_path: Path, reads: list[str]) -> None:
    path = tmp_path / "red_line.shp"
    _write(path, AREA, driver="ESRI Shapefile")
    session = Session(_set_of(path), LAW, profile(("red_line",)))
    number = session.screen(sites(INSIDE), as_of=AS_OF).seal.number
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace(b"F0", b"G7"))
    assert session.screen(sites(INSIDE), as_of=AS_OF).seal.number != number
    assert len(reads) == 2


def test_a_frame_changed_in_place_is_read_again() -> None:
    source = layer("red_line", AREA)
    session = Session(LayerSet("small", (source,)), LAW, profile(("red_line",)))
    assert one(session.screen(sites(INSIDE), as_of=AS_OF).verdicts)["verdict"] == "prohibited"
    assert source.frame is not None
    source.frame.geometry = [AWAY]
    assert session.changed() == ("red_line",)
    assert one(session.screen(sites(INSIDE), as_of=AS_OF).verdicts)["verdict"] == "clear"


def test_a_source_inside_an_archive_is_noticed(tmp_path: Path) -> None:
    def packed(*shapes: BaseGeometry) -> None:
        (tmp_path / "in").mkdir(exist_ok=True)
        _write(tmp_path / "in" / "red_line.shp", *shapes, driver="ESRI Shapefile")
        shutil.make_archive(str(tmp_path / "red_line"), "zip", tmp_path / "in")

    packed(AREA)
    inner = LayerSource(
        "red_line", f"/vsizip/{tmp_path}/red_line.zip/red_line.shp", accuracy_m=0.0, authority="statutory"
    )
    session = Session(LayerSet("zip", (inner,)), LAW, profile(("red_line",)))
    assert one(session.screen(sites(INSIDE), as_of=AS_OF).verdicts)["verdict"] == "prohibited"
    packed(AWAY)
    assert session.changed() == ("red_line",)


TOML = 'name = "t"\n[[layer]]\nrole = "{role}"\nsource = "red_line.gpkg"\nlayer = "red_line"\naccuracy_m = {accuracy}\n'


def test_the_layer_set_itself_is_read_again(tmp_path: Path, reads: list[str]) -> None:
    _write(tmp_path / "red_line.gpkg", AREA)
    path = tmp_path / "layers.toml"
    path.write_text(TOML.format(role="red_line", accuracy="0.0"))
    session = Session(path, LAW, profile(("red_line",), ("wetland",)))
    session.screen(sites(INSIDE), as_of=AS_OF)
    path.write_text(TOML.format(role="wetland", accuracy="2.0"))
    assert session.changed() == ("wetland", "red_line")
    result = session.screen(sites(INSIDE), as_of=AS_OF)
    assert_equal(result, screen(sites(INSIDE), path, LAW, profile(("red_line",), ("wetland",)), AS_OF))
    assert reads == ["red_line", "wetland"]
    path.write_text("name = ")
    assert session.changed() == ("wetland",)
    with pytest.raises(EcoRedlineError):
        session.screen(sites(INSIDE), as_of=AS_OF)


def test_packs_profile_and_access_list_are_read_again(tmp_path: Path) -> None:
    law, checks, items = tmp_path / "law", tmp_path / "checks.toml", tmp_path / "items.csv"
    law.mkdir()
    chosen = next(path for path in sorted(shipped_folder().glob("*.toml")) if "[[rule]]" in path.read_text("utf-8"))
    (law / chosen.name).write_bytes(chosen.read_bytes())
    checks.write_text(Path(profile(("red_line",))).read_text("utf-8"), encoding="utf-8")
    items.write_text("管控单元编码,清单条目,管控要求\n", encoding="utf-8")
    units = layer("control_unit", AREA)
    layers = LayerSet("small", (layer("red_line", AREA), units), access_list=AccessList(str(items)))
    session = Session(layers, law, checks)
    runs = [session.screen(sites(INSIDE), AS_OF)]
    for path, change in (
        (law / chosen.name, lambda text: text + "\n# changed\n"),
        (checks, lambda text: text.replace('"small"', '"other"', 1)),
        (items, lambda text: text + "ZH50010120001,1,禁止新建化工项目\n"),
    ):
        path.write_text(change(path.read_text("utf-8")), encoding="utf-8")
        runs.append(session.screen(sites(INSIDE), AS_OF))
        assert_equal(runs[-1], screen(sites(INSIDE), layers, law, checks, AS_OF))
    assert len({run.seal.number for run in runs}) == 4


def test_a_source_that_fails_is_read_once_it_is_mended(tmp_path: Path, reads: list[str]) -> None:
    path = tmp_path / "red_line.gpkg"
    layers = LayerSet("two", (layer("wetland", AWAY), *_set_of(path).sources))
    session = Session(layers, LAW, profile(("red_line",), ("wetland",)))
    path.write_bytes(b"nonsense")
    with pytest.raises(EcoRedlineError):
        session.screen(sites(INSIDE), as_of=AS_OF)
    path.unlink()
    _write(path, AREA)
    assert one(session.screen(sites(INSIDE), as_of=AS_OF).verdicts)["verdict"] == "prohibited"
    assert reads == ["wetland", "red_line", "red_line"]
    path.unlink()
    assert session.changed() == ("red_line",)
    with pytest.raises(EcoRedlineError):
        session.screen(sites(INSIDE), as_of=AS_OF)


def test_a_source_written_while_it_is_read_counts_as_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "red_line.gpkg"
    _write(path, AREA)

    def slow(source: LayerSource, *rest: object) -> object:
        data = read_layer(source, *rest)
        _write(path, AWAY)
        return data

    monkeypatch.setattr(windows, "read_layer", slow)
    session = Session(_set_of(path), LAW, profile(("red_line",)))
    session.screen(sites(INSIDE), as_of=AS_OF)
    assert session.changed() == ("red_line",)


def test_screenings_wait_for_each_other_and_changed_waits_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    source = layer("red_line", AREA)
    session = Session(LayerSet("small", (source,)), LAW, profile(("red_line",)))
    inside, most, free = [0], [0], threading.Event()

    def watched(*args: object, kept: Callable[..., object] = read_layer) -> object:
        assert free.wait(20)
        return kept(*args)

    def counting(*args: object) -> Iterator[object]:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        try:
            return kept_run(*args)
        finally:
            inside[0] -= 1

    from ecoredline.processing.engine import session as module

    kept_run = module.in_memory
    monkeypatch.setattr(windows, "read_layer", watched)
    monkeypatch.setattr(module, "in_memory", counting)
    got: list[str] = []
    threads = [
        threading.Thread(target=lambda: got.append(session.screen(sites(INSIDE), as_of=AS_OF).seal.number))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    assert session.changed() == ()
    free.set()
    for thread in threads:
        thread.join(60)
    assert len(got) == 4
    assert len(set(got)) == 1
    assert most == [1]


def test_nothing_is_read_before_the_first_screening(tmp_path: Path) -> None:
    session = Session(tmp_path / "missing.toml")
    assert session.changed() == ()
    with pytest.raises(EcoRedlineError):
        session.screen(sites(INSIDE))


def test_a_cancel_stops_and_the_session_goes_on(reads: list[str]) -> None:
    session = Session(LayerSet("two", (layer("red_line", AREA), layer("wetland", AWAY))), LAW, profile(("red_line",)))
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) > 8

    with pytest.raises(Cancelled):
        session.screen(sites(INSIDE), as_of=AS_OF, cancelled=cancelled)
    told: list[float] = []
    assert one(session.screen(sites(INSIDE), as_of=AS_OF, progress=told.append).verdicts)["verdict"] == "prohibited"
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert reads.count("red_line") == 1

"""Nothing stands under a dossier's name unless it is whole, and nothing foreign is harmed."""

from __future__ import annotations

import contextlib
import importlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from ecoredline.layers.errors import Cancelled, DossierError
from ecoredline.processing.engine import Screening, open_dossier
from ecoredline.processing.engine.tables import TABLES
from small_runs import GROUND, five_sites, layer, rule, run

AREA = GROUND.box(0, 0, 1000, 1000)


@pytest.fixture(autouse=True, scope="module")
def no_waiting_for_the_disk() -> Iterator[None]:
    """SQLite waits for the disk after every table, which these tests of content have no use for."""
    pyogrio.set_gdal_config_options({"OGR_SQLITE_SYNCHRONOUS": "OFF"})
    yield
    pyogrio.set_gdal_config_options({"OGR_SQLITE_SYNCHRONOUS": None})


def small(out: Path, **more: Any) -> Screening:
    return run(GROUND.box(400, 400, 500, 500), [layer("red_line", AREA)], rule(), out=out, **more)


def left(folder: Path) -> list[str]:
    """Return what stands in a folder, but for work under way that an equal run would go on with."""
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".part"))


def test_a_dossier_that_stands_there_is_replaced(tmp_path: Path) -> None:
    first, second = small(tmp_path / "d"), five_sites(tmp_path / "d")
    assert open_dossier(tmp_path / "d").seal.number == second.seal.number != first.seal.number
    assert [path.name for path in tmp_path.iterdir()] == ["d"]


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    small(tmp_path / "d")
    assert open_dossier(tmp_path / "d").verdicts["verdict"].tolist() == ["prohibited"]


def test_folders_above_are_made(tmp_path: Path) -> None:
    small(tmp_path / "a" / "b" / "d")
    assert open_dossier(tmp_path / "a" / "b" / "d").seal.number


def foreign(folder: Path, *names: str) -> None:
    folder.mkdir()
    for name in names:
        (folder / name).write_text("mine", encoding="utf-8")


def test_a_foreign_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    foreign(tmp_path / "d", "年度报告.docx")
    with pytest.raises(DossierError, match="d"):
        small(tmp_path / "d")
    assert (tmp_path / "d" / "年度报告.docx").read_text(encoding="utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["d"]


def test_a_folder_of_papers_with_a_seal_is_no_dossier_and_is_left_alone(tmp_path: Path) -> None:
    foreign(tmp_path / "d", "seal.json", "S0.docx")
    with pytest.raises(DossierError):
        small(tmp_path / "d")
    assert sorted(path.name for path in (tmp_path / "d").iterdir()) == ["S0.docx", "seal.json"]


def test_what_a_person_put_into_a_dossier_is_not_thrown_away_in_silence(tmp_path: Path) -> None:
    small(tmp_path / "d")
    (tmp_path / "d" / "踏勘照片.jpg").write_text("mine", encoding="utf-8")
    with contextlib.suppress(DossierError):
        small(tmp_path / "d")
    assert list(tmp_path.rglob("踏勘照片.jpg"))


def test_a_file_of_that_name_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "d").write_text("mine", encoding="utf-8")
    with pytest.raises(DossierError):
        small(tmp_path / "d")
    assert (tmp_path / "d").read_text(encoding="utf-8") == "mine"


def test_a_foreign_folder_is_refused_before_the_work_begins(tmp_path: Path) -> None:
    foreign(tmp_path / "d", "年度报告.docx")
    told: list[float] = []
    with pytest.raises(DossierError):
        small(tmp_path / "d", progress=told.append)
    assert max(told, default=0.0) < 0.5


@pytest.mark.parametrize("at", [0, -1])
@pytest.mark.parametrize("kind", [OSError, KeyboardInterrupt])
def test_after_a_failure_nothing_stands_under_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, kind: type[BaseException]
) -> None:
    plain, calls = pyogrio.write_dataframe, []

    def failing(*args: Any, **kwargs: Any) -> None:
        calls.append(args)
        if len(calls) > (at if at >= 0 else len(TABLES) + 1):
            raise kind("disk full")
        plain(*args, **kwargs)

    monkeypatch.setattr(pyogrio, "write_dataframe", failing)
    with pytest.raises((DossierError, kind)):
        small(tmp_path / "d")
    assert left(tmp_path) == []


def test_after_a_failure_the_old_dossier_still_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = small(tmp_path / "d")

    def failing(*_args: Any, **_kwargs: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(pyogrio, "write_dataframe", failing)
    with pytest.raises((DossierError, OSError)):
        five_sites(tmp_path / "d")
    assert open_dossier(tmp_path / "d").seal.number == old.seal.number
    assert left(tmp_path) == ["d"]


@pytest.mark.parametrize("after", [0, 1, 3, 6])
def test_after_a_cancel_nothing_stands_under_the_name(tmp_path: Path, after: int) -> None:
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) > after

    with pytest.raises(Cancelled):
        small(tmp_path / "d", cancelled=cancelled)
    assert left(tmp_path) == []


@pytest.mark.parametrize("missing", ["dossier.gpkg", "seal.json", "settings.json"])
def test_what_is_not_whole_is_not_opened(tmp_path: Path, missing: str) -> None:
    small(tmp_path / "d")
    (tmp_path / "d" / missing).unlink()
    with pytest.raises(DossierError, match="d"):
        open_dossier(tmp_path / "d")


@pytest.mark.parametrize("kind", [OSError, pyogrio.errors.DataLayerError])
def test_a_failure_of_the_driver_is_told_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    def failing(*_args: Any, **_kwargs: Any) -> None:
        raise kind("database or disk is full")

    monkeypatch.setattr(pyogrio, "write_dataframe", failing)
    with pytest.raises(DossierError, match="disk is full") as told:
        small(tmp_path / "d")
    assert told.value.remedy.zh


@pytest.mark.parametrize("broken", ["dossier.gpkg", "seal.json", "settings.json"])
def test_a_dossier_with_a_broken_file_is_named(tmp_path: Path, broken: str) -> None:
    small(tmp_path / "d")
    (tmp_path / "d" / broken).write_bytes(b"\x00broken")
    with pytest.raises(DossierError) as told:
        open_dossier(tmp_path / "d").verdicts  # noqa: B018 - tables are read when asked for
    assert str(tmp_path / "d") in told.value.message.zh
    assert told.value.remedy.zh


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DossierError, match="nowhere"):
        open_dossier(tmp_path / "nowhere")


def test_a_streamed_file_is_a_whole_geopackage_with_its_indices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three chunks: sound pages, each layer registered, every geometry in the spatial index."""
    monkeypatch.setattr(importlib.import_module("ecoredline.processing.engine.screen"), "CHUNK", 2)
    five_sites(tmp_path / "d")
    with contextlib.closing(sqlite3.connect(tmp_path / "d" / "dossier.gpkg")) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        assert file.execute("PRAGMA application_id").fetchone() == (int.from_bytes(b"GPKG", "big"),)
        layers = {name for (name,) in file.execute("SELECT table_name FROM gpkg_contents")}
        assert {*(table.name for table in TABLES), "sites", "outcomes"} <= layers
        for name in ("verdicts", "sites"):
            column = file.execute(
                "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (name,)
            ).fetchone()[0]
            (indexed,) = file.execute(f"SELECT count(*) FROM rtree_{name}_{column}").fetchone()
            assert indexed == 5
            (counted,) = file.execute(
                "SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = ?", (name,)
            ).fetchone()
            assert counted == 5
    box = tuple(GROUND.box(590, -5, 625, 25).bounds)
    assert len(pyogrio.read_dataframe(tmp_path / "d" / "dossier.gpkg", layer="sites", bbox=box)) == 1

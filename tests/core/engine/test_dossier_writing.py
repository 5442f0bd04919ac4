"""Nothing stands under a dossier's name unless it is whole, and nothing foreign is harmed."""

from __future__ import annotations

import contextlib
import importlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
import pytest
from ecoredline.layers.errors import Cancelled, DossierError
from ecoredline.processing.engine import Screening, open_dossier
from ecoredline.processing.engine.dossier.streaming import StreamedDossier
from ecoredline.processing.engine.tables import TABLES
from pandas.testing import assert_frame_equal
from small_runs import GROUND, layer, rule, run

AREA = GROUND.box(0, 0, 1000, 1000)


@pytest.fixture(autouse=True, scope="module")
def no_waiting_for_the_disk() -> Iterator[None]:
    """SQLite waits for the disk after every table, which these tests of content have no use for."""
    pyogrio.set_gdal_config_options({"OGR_SQLITE_SYNCHRONOUS": "OFF"})
    yield
    pyogrio.set_gdal_config_options({"OGR_SQLITE_SYNCHRONOUS": None})


def small(out: Path, **more: Any) -> Screening:
    return run(GROUND.box(400, 400, 500, 500), [layer("red_line", AREA)], rule(), out=out, **more)


def another(out: Path, name: str = "甲", **more: Any) -> Screening:
    """Screen five other sites, two of one project."""
    where = [
        (GROUND.box(300 * n, 0, 300 * n + 20, 20), {"project_id": "P" if n in (0, 4) else None, "name": name})
        for n in range(5)
    ]
    return run(where, [layer("red_line", AREA)], rule(), out=out, **more)


def left(folder: Path) -> list[str]:
    """Return what stands in a folder, but for work under way that an equal run would go on with."""
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".part"))


def test_a_dossier_that_stands_there_is_replaced(tmp_path: Path) -> None:
    first, second = small(tmp_path / "d"), another(tmp_path / "d")
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
        another(tmp_path / "d")
    assert open_dossier(tmp_path / "d").seal.number == old.seal.number
    assert left(tmp_path) == ["d"]


@pytest.mark.parametrize("at", [1, 9, 20])
def test_after_a_failure_an_equal_run_goes_on_and_leaves_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Chunks of two sites; the failure falls into the first, the second, the last."""
    monkeypatch.setattr(importlib.import_module("ecoredline.processing.engine.screen"), "CHUNK", 2)
    whole = another(tmp_path / "whole")
    plain, calls = pyogrio.write_dataframe, []

    def failing(*args: Any, **kwargs: Any) -> None:
        calls.append(args)
        if len(calls) == at:
            raise OSError("disk full")
        plain(*args, **kwargs)

    monkeypatch.setattr(pyogrio, "write_dataframe", failing)
    with pytest.raises((DossierError, OSError)):
        another(tmp_path / "d")
    again = another(tmp_path / "d")
    assert again.seal.number == whole.seal.number
    for table in TABLES:
        assert_frame_equal(pd.DataFrame(again.read(table.name)), pd.DataFrame(whole.read(table.name)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d", "whole"]


def test_a_run_goes_on_twice_and_counts_no_site_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each failure falls into the writing of a chunk, whose rows are taken back; the third run goes on, not anew."""
    monkeypatch.setattr(importlib.import_module("ecoredline.processing.engine.screen"), "CHUNK", 1)
    whole = another(tmp_path / "whole")
    plain, begun = StreamedDossier._record, []

    def failing(self: StreamedDossier) -> None:
        begun.append(self.chunks_done)
        if len(begun) in (2, 4):
            raise OSError("killed")
        plain(self)

    monkeypatch.setattr(StreamedDossier, "_record", failing)
    for _ in range(2):
        with pytest.raises(DossierError):
            another(tmp_path / "d")
    again = another(tmp_path / "d")
    assert begun == [1, 2, 2, 3, 3, 4, 5]
    assert again.seal.number == whole.seal.number
    for table in TABLES:
        assert_frame_equal(pd.DataFrame(again.read(table.name)), pd.DataFrame(whole.read(table.name)))


def test_what_cannot_be_gone_on_with_leaves_no_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.import_module("ecoredline.processing.engine.screen"), "CHUNK", 1)
    whole = another(tmp_path / "whole")
    plain, chunks = StreamedDossier.append, []

    def failing(self: StreamedDossier, part: Any) -> None:
        chunks.append(part)
        if len(chunks) == 4:
            raise OSError("killed")
        plain(self, part)

    monkeypatch.setattr(StreamedDossier, "append", failing)
    with pytest.raises(OSError, match="killed"):
        another(tmp_path / "d")
    (tmp_path / "d.part" / "dossier.gpkg").unlink()
    assert_frame_equal(another(tmp_path / "d").gaps, whole.gaps)


def spoil_pages(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[4096 * 20 : 4096 * 60] = bytes(4096 * 40)
    file.write_bytes(data)


SPOILED = {"dossier.gpkg": spoil_pages, "digests.bin": lambda file: file.write_bytes(file.read_bytes()[:64])}


@pytest.mark.parametrize("name", SPOILED)
def test_what_a_loss_of_power_spoiled_is_not_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The record of two chunks reached the disk, and not all that it tells of."""
    monkeypatch.setattr(importlib.import_module("ecoredline.processing.engine.screen"), "CHUNK", 2)
    whole = another(tmp_path / "whole")
    plain, chunks = StreamedDossier.append, []

    def failing(self: StreamedDossier, part: Any) -> None:
        chunks.append(part)
        if len(chunks) == 3:
            raise OSError("power")
        plain(self, part)

    monkeypatch.setattr(StreamedDossier, "append", failing)
    with pytest.raises(OSError, match="power"):
        another(tmp_path / "d")
    SPOILED[name](tmp_path / "d.part" / name)
    again = another(tmp_path / "d")
    assert len(chunks) == 3 + 3
    assert again.seal.number == whole.seal.number
    assert_frame_equal(pd.DataFrame(again.facts), pd.DataFrame(whole.facts))


@pytest.mark.parametrize("changed", [{"strict": True}, {"name": "乙"}])
def test_after_a_failure_another_run_does_not_go_on_with_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any]
) -> None:
    """Another setting, or an attribute of the sites that was mended since."""
    monkeypatch.setattr(importlib.import_module("ecoredline.processing.engine.screen"), "CHUNK", 2)
    plain, calls = pyogrio.write_dataframe, []

    def failing(*args: Any, **kwargs: Any) -> None:
        calls.append(args)
        if len(calls) == 9:
            raise OSError("disk full")
        plain(*args, **kwargs)

    monkeypatch.setattr(pyogrio, "write_dataframe", failing)
    with pytest.raises((DossierError, OSError)):
        another(tmp_path / "d")
    other = another(tmp_path / "d", **changed)
    assert other.verdicts["site_id"].is_unique
    assert other.seal.number == another(tmp_path / "e", **changed).seal.number
    assert set(other.sites["name"]) == {changed.get("name", "甲")}


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
    another(tmp_path / "d")
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

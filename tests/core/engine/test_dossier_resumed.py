"""A run that ended before its dossier was whole is gone on with, by one process or several, to the same result."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
import pytest
from ecoredline.layers.errors import DossierError
from ecoredline.processing.engine.dossier import streaming
from ecoredline.processing.engine.dossier.streaming import StreamedDossier
from ecoredline.processing.engine.tables import TABLES
from pandas.testing import assert_frame_equal
from small_runs import five_sites


@pytest.mark.parametrize(
    ("where", "name", "at"),
    [
        *((pyogrio, "write_dataframe", at) for at in (1, 9, 12)),  # as tables are made; as those of the run are written
        *((streaming, "add_rows", at) for at in (1, 2, 3)),
        *((streaming, name, 1) for name in ("complete", "put_in_place")),
    ],
)
def test_after_a_failure_an_equal_run_goes_on_and_leaves_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: Any, name: str, at: int
) -> None:
    """Chunks of two sites, three of them."""
    monkeypatch.setattr(importlib.import_module("ecoredline.processing.engine.screen"), "CHUNK", 2)
    whole = five_sites(tmp_path / "whole")
    plain, calls = getattr(where, name), []

    def failing(*args: Any, **kwargs: Any) -> None:
        calls.append(args)
        if len(calls) == at:
            raise OSError("disk full")
        plain(*args, **kwargs)

    monkeypatch.setattr(where, name, failing)
    with pytest.raises((DossierError, OSError)):
        five_sites(tmp_path / "d")
    again = five_sites(tmp_path / "d")
    assert again.seal.number == whole.seal.number
    for table in TABLES:
        assert_frame_equal(pd.DataFrame(again.read(table.name)), pd.DataFrame(whole.read(table.name)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d", "whole"]


def test_a_run_goes_on_twice_and_counts_no_site_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each failure falls into the writing of a chunk, whose rows are taken back; the third run goes on, not anew."""
    monkeypatch.setattr(importlib.import_module("ecoredline.processing.engine.screen"), "CHUNK", 1)
    whole = five_sites(tmp_path / "whole")
    plain, begun = StreamedDossier._record, []

    def failing(self: StreamedDossier) -> None:
        begun.append(self.chunks_done)
        if len(begun) in (2, 4):
            raise OSError("killed")
        plain(self)

    monkeypatch.setattr(StreamedDossier, "_record", failing)
    for _ in range(2):
        with pytest.raises(DossierError):
            five_sites(tmp_path / "d")
    again = five_sites(tmp_path / "d")
    assert begun == [1, 2, 2, 3, 3, 4, 5]
    assert again.seal.number == whole.seal.number
    for table in TABLES:
        assert_frame_equal(pd.DataFrame(again.read(table.name)), pd.DataFrame(whole.read(table.name)))


def test_what_cannot_be_gone_on_with_leaves_no_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.import_module("ecoredline.processing.engine.screen"), "CHUNK", 1)
    whole = five_sites(tmp_path / "whole")
    plain, chunks = StreamedDossier.append, []

    def failing(self: StreamedDossier, part: Any) -> None:
        chunks.append(part)
        if len(chunks) == 4:
            raise OSError("killed")
        plain(self, part)

    monkeypatch.setattr(StreamedDossier, "append", failing)
    with pytest.raises(OSError, match="killed"):
        five_sites(tmp_path / "d")
    (tmp_path / "d.part" / "dossier.gpkg").unlink()
    assert_frame_equal(five_sites(tmp_path / "d").gaps, whole.gaps)


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
    whole = five_sites(tmp_path / "whole")
    plain, chunks = StreamedDossier.append, []

    def failing(self: StreamedDossier, part: Any) -> None:
        chunks.append(part)
        if len(chunks) == 3:
            raise OSError("power")
        plain(self, part)

    monkeypatch.setattr(StreamedDossier, "append", failing)
    with pytest.raises(OSError, match="power"):
        five_sites(tmp_path / "d")
    SPOILED[name](tmp_path / "d.part" / name)
    again = five_sites(tmp_path / "d")
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
        five_sites(tmp_path / "d")
    other = five_sites(tmp_path / "d", **changed)
    assert other.verdicts["site_id"].is_unique
    assert other.seal.number == five_sites(tmp_path / "e", **changed).seal.number
    assert set(other.sites["name"]) == {changed.get("name", "甲")}

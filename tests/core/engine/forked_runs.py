"""Runs in several processes, for `test_forked.py`: a Python that hosts QGIS is not forked, so another one is needed."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ecoredline.layers.errors import DossierError
from ecoredline.processing.engine import Screening
from ecoredline.processing.engine.dossier import streaming
from ecoredline.processing.engine.dossier.streaming import StreamedDossier
from ecoredline.processing.engine.tables import TABLES
from ecoredline.processing.engine.workers import can_fork
from pandas.testing import assert_frame_equal
from small_runs import five_sites


def test_this_python_may_be_forked() -> None:
    assert can_fork()


def tables_equal(one: Screening, other: Screening) -> None:
    assert one.seal.number == other.seal.number
    for name in (*(table.name for table in TABLES), "sites", "outcomes"):
        assert_frame_equal(pd.DataFrame(one.read(name)), pd.DataFrame(other.read(name)))


def test_processes_write_what_one_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.import_module("ecoredline.processing.engine.screen"), "CHUNK", 1)
    whole, taken = five_sites(tmp_path / "whole"), []
    plain = streaming.take_over
    monkeypatch.setattr(streaming, "take_over", lambda *args: taken.append(plain(*args)))
    tables_equal(five_sites(tmp_path / "d", workers=2), whole)
    assert len(taken) == 4  # the first chunk is judged before the processes are forked
    assert sorted(path.name for path in (tmp_path / "d").iterdir()) == ["dossier.gpkg", "seal.json", "settings.json"]


@pytest.mark.parametrize(("before", "after"), [(2, 2), (2, 1), (1, 2)])
def test_processes_go_on_with_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: int, after: int
) -> None:
    """The failure falls into the third chunk; the next run may have another number of processes."""
    monkeypatch.setattr(importlib.import_module("ecoredline.processing.engine.screen"), "CHUNK", 1)
    whole = five_sites(tmp_path / "whole")
    plain, begun = StreamedDossier._record, []

    def failing(self: StreamedDossier) -> None:
        begun.append(self.chunks_done)
        if len(begun) == 3:
            raise OSError("killed")
        plain(self)

    monkeypatch.setattr(StreamedDossier, "_record", failing)
    with pytest.raises(DossierError):
        five_sites(tmp_path / "d", workers=before)
    (tmp_path / "d.part" / "rows" / "left.db").write_bytes(b"of a process that was killed")
    tables_equal(five_sites(tmp_path / "d", workers=after), whole)
    assert begun == [1, 2, 3, 3, 4, 5]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d", "whole"]


def test_what_goes_wrong_in_a_process_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_args: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(importlib.import_module("ecoredline.processing.engine.screen"), "CHUNK", 1)
    monkeypatch.setattr(streaming, "write_rows", failing)
    with pytest.raises(DossierError, match="disk full") as told:
        five_sites(tmp_path / "d", workers=2)
    assert told.value.remedy.zh

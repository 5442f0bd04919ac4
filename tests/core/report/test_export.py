"""The door to the papers: which files, whole or not at all, and errors with their remedy."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from ecoredline.layers.errors import Cancelled, DossierError, MissingLibraryError
from ecoredline.layers.progress import Progress
from ecoredline.processing.report import export

WORDS = ["A-01.docx", "B%2F02.docx", "C%3A03.docx", "D-04.docx", "E-05.docx", "F-06.docx", "G-07.docx"]


def test_files_of_a_run(screening: Any, tmp_path: Path) -> None:
    written = export(screening, tmp_path / "new" / "folder")
    folder = tmp_path / "new" / "folder"
    pairs = [name for word in WORDS for name in (word, f"conformity/{word}")]
    assert [path.relative_to(folder).as_posix() for path in written] == [*pairs, "findings.xlsx", "index.html"]
    assert sorted(p for p in folder.rglob("*") if p.is_file()) == sorted(written)


def test_formats_choose(screening: Any, tmp_path: Path) -> None:
    assert [p.name for p in export(screening, tmp_path, formats=("html", "html"))] == ["index.html"]


def test_progress_rises_to_one(screening: Any, tmp_path: Path) -> None:
    shares: list[float] = []
    export(screening, tmp_path, progress=Progress(lambda share, _: shares.append(share)))
    assert shares == sorted(shares) and shares[-1] == 1.0 and all(0 <= share <= 1 for share in shares)
    assert len(shares) >= 14


@pytest.mark.parametrize("steps", [0, 3, 9, 12])
def test_after_a_cancel_every_file_is_whole(screening: Any, tmp_path: Path, steps: int) -> None:
    whole = {path.relative_to(tmp_path / "whole"): path.read_bytes() for path in export(screening, tmp_path / "whole")}
    left = iter(range(steps))
    with pytest.raises(Cancelled):
        export(screening, tmp_path / "cut", progress=Progress(cancelled=lambda: next(left, None) is None))
    files = [path for path in (tmp_path / "cut").rglob("*") if path.is_file()]
    cut = {path.relative_to(tmp_path / "cut"): path.stat().st_size for path in files}
    assert len(cut) < len(whole) and set(cut) <= set(whole)
    for name, size in cut.items():
        assert size == pytest.approx(len(whole[name]), rel=0.01)


def test_a_cancelled_book_leaves_nothing_in_the_temporary_folder(
    screening: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen: list[int] = []

    def cancelled() -> bool:
        seen.append(len(list(tmp_path.glob("openpyxl*"))))
        return len(seen) > 5

    with pytest.raises(Cancelled):
        export(screening, tmp_path / "out", formats=("xlsx",), progress=Progress(cancelled=cancelled))
    assert max(seen) > 0
    assert not list(tmp_path.glob("openpyxl*")) and not list((tmp_path / "out").iterdir())


def test_an_unknown_format_is_named(screening: Any, tmp_path: Path) -> None:
    with pytest.raises(DossierError, match="odt") as caught:
        export(screening, tmp_path, formats=("docx", "odt"))
    assert "xlsx" in caught.value.remedy.zh
    with pytest.raises(DossierError):
        export(screening, tmp_path, formats=())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("module", "format_", "package"), [("docx", "docx", "python-docx"), ("openpyxl", "xlsx", "openpyxl")]
)
def test_a_missing_library_is_named_and_stops_only_its_format(
    screening: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, format_: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingLibraryError, match=package) as caught:
        export(screening, tmp_path, formats=(format_,))
    assert package in caught.value.remedy.zh and package in caught.value.remedy.en
    assert not list(tmp_path.iterdir())
    assert export(screening, tmp_path, formats=("html",))


def test_a_folder_that_is_a_file_is_named(screening: Any, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(DossierError, match="taken"):
        export(screening, tmp_path / "taken", formats=("html",))


def test_a_run_without_findings_gaps_or_units(screening: Any, tmp_path: Path) -> None:
    for name in ("findings", "facts", "gaps", "units", "unit_items", "roles", "rules", "days", "answers"):
        setattr(screening, name, getattr(screening, name).iloc[:0])
    assert len(export(screening, tmp_path)) == 16


def test_tables_read_back_from_a_file_with_nothing_for_empty_text(screening: Any, tmp_path: Path) -> None:
    for name in ("findings", "rules", "layers", "verdicts", "units"):
        frame = getattr(screening, name)
        setattr(screening, name, frame.mask(frame == "", None))
    export(screening, tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert not re.search(r">(?:None|nan|NaN|<NA>)<|(?:None|nan)（|（(?:None|nan)", page)

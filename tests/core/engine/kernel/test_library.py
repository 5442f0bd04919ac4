"""The compiled file: taken where it fits, done without where it does not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from ecoredline.processing.engine.kernel import library


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    library.kernel.cache_clear()
    yield
    library.kernel.cache_clear()


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Look for the file in a folder of the test."""
    monkeypatch.setattr(library, "__file__", str(tmp_path / "library.py"))
    return tmp_path / library.file_name()


def compiled() -> Path:
    path = Path(library.__file__).with_name(library.file_name())
    assert path.is_file(), "make compiles it"
    return path


def test_it_is_there_after_make(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(library.SWITCH, raising=False)
    compiled()
    assert library.kernel() is not None
    assert library.described() == f"compiled {library.VERSION}"


def test_a_copy_elsewhere_is_taken(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    source = compiled()
    monkeypatch.setattr(library, "__file__", str(elsewhere.with_name("library.py")))
    shutil.copy(source, elsewhere)
    assert library.kernel() is not None


def test_the_switch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(library.SWITCH, "OFF")
    assert library.kernel() is None
    assert library.described() == "none"


def test_no_file(elsewhere: Path) -> None:
    assert not elsewhere.exists()
    assert library.kernel() is None


@pytest.mark.parametrize("content", [b"", b"no library", b"\x7fELF" + bytes(60)])
def test_a_file_that_is_no_library(elsewhere: Path, content: bytes) -> None:
    elsewhere.write_bytes(content)
    assert library.kernel() is None


def test_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "VERSION", library.VERSION + 1)
    assert library.kernel() is None


def test_every_system_has_its_name() -> None:
    names = {system: library.file_name(system) for system in ("linux", "win32", "darwin")}
    assert {name.split(".")[1] for name in names.values()} == {"so", "dll", "dylib"}

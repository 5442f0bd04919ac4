"""Child processes: what they are given, and that nothing of them stays."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ecoredline.layers import children
from ecoredline.layers.children import ChildError, Limits
from ecoredline.layers.errors import Cancelled
from ecoredline.layers.progress import Progress

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
SLEEPER = "import time; time.sleep(60)"
# A child that starts a grandchild in its group and one in a session of its own, writes both ids, and sleeps.
FAMILY = f"""
import subprocess, sys, time
ids = [subprocess.Popen([sys.executable, "-c", {SLEEPER!r}], start_new_session=own).pid for own in (False, True)]
open("ids", "w").write(" ".join(map(str, ids)))
"""


def python(code: str, folder: Path, **options) -> children.Ended:
    return children.run([children.interpreter(), "-c", code], folder, **options)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_child_gives_back_what_it_printed():
    with children.workplace() as folder:
        ended = python("import sys; print('红线'); print('warned', file=sys.stderr)", folder)
    assert ended.out.strip() == "红线"
    assert ended.err.strip() == "warned"


def test_child_imports_the_package_and_works_in_its_folder():
    with children.workplace() as folder:
        ended = python("import os, tempfile, ecoredline.layers; print(os.getcwd(), tempfile.gettempdir())", folder)
        assert ended.out.split() == [str(folder.resolve()), str(folder)]


def test_workplace_is_the_owners_only_and_is_deleted_with_read_only_leftovers():
    with children.workplace() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        python("import os; os.makedirs('a/b'); open('a/b/c', 'w').close(); os.chmod('a', 0o500)", folder)
        assert (folder / "a" / "b" / "c").exists()
    assert not folder.exists()


def test_workplace_is_deleted_after_an_error():
    with pytest.raises(ChildError), children.workplace() as folder:
        python("open('left', 'w').close(); raise SystemExit(3)", folder)
    assert not folder.exists()


def test_failure_names_status_and_last_words():
    with children.workplace() as folder, pytest.raises(ChildError) as caught:
        python("raise ValueError('no such layer')", folder)
    assert "exit status 1" in caught.value.cause.en
    assert "no such layer" in caught.value.cause.zh


def test_missing_program_is_a_named_error():
    with children.workplace() as folder, pytest.raises(ChildError) as caught:
        children.run([folder / "absent"], folder)
    assert "absent" in caught.value.message.en


@LINUX
def test_overstaying_child_is_killed_with_its_whole_tree():
    start = time.monotonic()
    with children.workplace() as folder:
        with pytest.raises(ChildError) as caught:
            python(FAMILY + SLEEPER, folder, limits=Limits(seconds=1.0))
        ids = [int(part) for part in (folder / "ids").read_text().split()]
    assert time.monotonic() - start < 10
    assert "1 s" in caught.value.cause.en
    assert len(ids) == 2
    assert not [pid for pid in ids if alive(pid)]


@LINUX
def test_cancel_kills_the_whole_tree():
    with children.workplace() as folder:
        stop = Progress(cancelled=lambda: (folder / "ids").exists())
        with pytest.raises(Cancelled):
            python(FAMILY + SLEEPER, folder, progress=stop)
        time.sleep(0.1)
        ids = [int(part) for part in (folder / "ids").read_text().split()]
    assert not [pid for pid in ids if alive(pid)]


@LINUX
def test_what_a_finished_child_left_running_is_killed():
    with children.workplace() as folder:
        python(FAMILY, folder)
        ids = [int(part) for part in (folder / "ids").read_text().split()]
    assert len(ids) == 2
    assert not [pid for pid in ids if alive(pid)]


@LINUX
def test_an_unrelated_process_survives():
    other = subprocess.Popen([sys.executable, "-c", SLEEPER])
    try:
        with children.workplace() as folder:
            python(FAMILY, folder)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


@LINUX
def test_memory_limit_holds_on_both_sides():
    take = "import time; time.sleep(0.2); block = bytearray({} * 1024 * 1024); print(len(block))"
    limits = Limits(memory=256 * 1024 * 1024)
    with children.workplace() as folder:
        assert python(take.format(100), folder, limits=limits).out
        with pytest.raises(ChildError) as caught:
            python(take.format(400), folder, limits=limits)
    assert "MemoryError" in caught.value.cause.en


def test_flood_of_output_is_kept_to_its_end():
    with children.workplace() as folder:
        ended = python("print('x' * 3_000_000); print('the end')", folder)
    assert len(ended.out) <= children.KEPT_OUTPUT
    assert ended.out.rstrip().endswith("the end")


def test_guard_comes_first_for_qgis_and_never_for_python(monkeypatch, tmp_path):
    monkeypatch.setenv(children.GUARD, "/guard")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["/guard", "/site"]))
    assert children.environment(tmp_path, qgis=True)["PYTHONPATH"].split(os.pathsep)[:2] == ["/guard", "/site"]
    assert children.environment(tmp_path)["PYTHONPATH"].split(os.pathsep)[0] == "/site"


def test_without_a_guard_no_empty_entry_stands_on_the_path(monkeypatch, tmp_path):
    monkeypatch.delenv(children.GUARD, raising=False)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    entries = children.environment(tmp_path, qgis=True)["PYTHONPATH"].split(os.pathsep)
    assert len(entries) == 1
    assert (Path(entries[0]) / "ecoredline" / "layers" / "children.py").exists()


def test_inside_qgis_the_interpreter_is_a_python(monkeypatch, tmp_path):
    for name in ("exec_prefix", "base_exec_prefix"):
        monkeypatch.setattr(sys, name, str(tmp_path))
    monkeypatch.setattr(children.Path, "resolve", lambda self: tmp_path / "qgis_process")
    monkeypatch.setattr(children.Path, "exists", lambda self: True)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "qgis_process"))
    with pytest.raises(ChildError):
        children.interpreter()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").touch()
    assert children.interpreter() == tmp_path / "bin" / "python3"

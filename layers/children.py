"""Every child process of the product: foreign files, workers, map export.

A child gets an interpreter that is one (inside QGIS, ``sys.executable`` may be QGIS itself), an environment in which
``ecoredline`` can be imported, a folder that only its owner may read, and limits of time and memory. When it ends,
fails, overstays or is cancelled, everything it started is killed, and everything it left is deleted with the folder.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .errors import Cancelled, EcoRedlineError
from .progress import Progress
from .texts import EMPTY, Text

MARK = "ECOREDLINE_CHILD"
GUARD = "ECOREDLINE_GUARD"
POLL_S = 0.05
KEPT_OUTPUT = 64 * 1024


class ChildError(EcoRedlineError):
    """A child process failed, overstayed or could not be started."""


@dataclass(frozen=True)
class Limits:
    """What a child may use.

    Parameters
    ----------
    seconds : float
        Wall-clock time for the child with all that it starts.
    memory : int
        Bytes of data per process; enforced by the kernel on Linux, not enforced elsewhere.
    """

    seconds: float = 600.0
    memory: int = 4 * 1024**3


@dataclass(frozen=True)
class Ended:
    """What a child printed, each stream from its last 64 KiB."""

    out: str
    err: str


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """Give a folder that only its owner may read, and delete it with all that was left in it."""
    folder = Path(tempfile.mkdtemp(prefix="ecoredline-"))
    try:
        yield folder
    finally:
        for place, _, _ in os.walk(folder):
            os.chmod(place, 0o700)
        shutil.rmtree(folder, ignore_errors=True)


def interpreter() -> Path:
    """Return the Python to start children with: this one, or inside QGIS the one that QGIS embeds.

    Raises
    ------
    ChildError
        QGIS embeds a Python whose executable is nowhere to be found.
    """
    process = Path("/proc/self/exe")
    host = process.resolve() if process.exists() else Path(sys.executable)
    if host.name.lower().startswith("python"):
        return Path(sys.executable)
    names = (f"bin/python{sys.version_info.major}.{sys.version_info.minor}", "bin/python3", "python.exe", "python3.exe")
    for base in (sys.exec_prefix, sys.base_exec_prefix, host.parent):
        for name in names:
            if (Path(base) / name).is_file():
                return Path(base) / name
    raise ChildError(
        Text("找不到 Python 解释器", "No Python interpreter was found"),
        Text(f"已在 {sys.exec_prefix} 和 {host.parent} 中查找。", f"Looked in {sys.exec_prefix} and {host.parent}."),
        Text("请重新安装 QGIS，使其自带的 Python 完整。", "Reinstall QGIS, so that the Python it brings is complete."),
    )


def environment(folder: Path, qgis: bool = False) -> dict[str, str]:
    """Return the environment of a child.

    Parameters
    ----------
    folder : Path
        Where it keeps temporary files.
    qgis : bool
        The child is an executable of QGIS: the guard against colliding geometry libraries, where there is one, comes
        first on its path. A plain Python needs none.
    """
    variables = dict(os.environ)
    guard = variables.get(GUARD, "")
    package = Path(__file__).absolute().parent.parent.parent
    inherited = [entry for entry in variables.get("PYTHONPATH", "").split(os.pathsep) if entry and entry != guard]
    path = ([guard] if qgis and guard else []) + inherited
    variables["PYTHONPATH"] = os.pathsep.join(path if str(package) in path else [*path, str(package)])
    variables |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
    variables.setdefault("QT_QPA_PLATFORM", "offscreen")
    return variables


def run(
    command: Sequence[str | Path],
    folder: Path,
    limits: Limits = Limits(),
    progress: Progress = Progress(),
    qgis: bool = False,
) -> Ended:
    """Run a command in a folder of `workplace` and wait for it.

    Parameters
    ----------
    command : sequence of str or Path
        The program and its arguments; no shell reads them.
    folder : Path
        Working directory and place of temporary files.
    qgis : bool
        See `environment`.

    Raises
    ------
    Cancelled
        The user stopped; the child and all that it started are gone.
    ChildError
        It could not be started, overstayed, or ended with another status than 0; with the end of what it printed.
    """
    words = [str(part) for part in command]
    mark = uuid.uuid4().hex
    variables = {**environment(folder, qgis), MARK: mark}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            process = subprocess.Popen(
                words,
                cwd=folder,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        except OSError as error:
            raise _failed(
                words, Text(f"无法启动：{error.strerror}", f"it cannot be started: {error.strerror}")
            ) from error
        try:
            _limit_memory(process.pid, limits.memory)
            _wait(process, words, limits.seconds, progress)
        finally:
            _kill_tree(process, mark)
        ended = Ended(_tail(out), _tail(err))
    if process.returncode != 0:
        status = process.returncode
        raise _failed(words, Text(f"退出状态 {status}", f"exit status {status}"), ended.err or ended.out)
    return ended


def _wait(process: subprocess.Popen[bytes], words: list[str], seconds: float, progress: Progress) -> None:
    """Wait until the child itself has ended; it is reaped by `_kill_tree`, so that its group stays its own."""
    deadline = time.monotonic() + seconds
    while not _has_ended(process):
        if progress.cancelled():
            raise Cancelled
        if time.monotonic() > deadline:
            raise _failed(words, Text(f"超过时限 {seconds:g} 秒", f"it took longer than {seconds:g} s"))
        time.sleep(POLL_S)


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    if os.name == "posix":
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    return process.poll() is not None


def _limit_memory(pid: int, memory: int) -> None:
    if sys.platform == "linux":
        import resource

        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_DATA, (memory, memory))


def _kill_tree(process: subprocess.Popen[bytes], mark: str) -> None:
    """Kill the child's group, and what left the group but still carries the mark of the child."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        while strays := _marked(mark):
            for pid in strays:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(POLL_S / 5)
    else:
        subprocess.run(
            ["taskkill", "/T", "/F", "/PID", str(process.pid)],
            capture_output=True,
            check=False,
        )
    process.wait()


def _marked(mark: str) -> list[int]:
    """Return the living processes whose environment carries the mark; none where the system does not tell."""
    needle = f"{MARK}={mark}".encode()
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if needle in (place / "environ").read_bytes():
                found.append(int(place.name))
        except OSError:
            continue
    return found


def _tail(stream: IO[bytes]) -> str:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(size - KEPT_OUTPUT, 0))
    return stream.read().decode("utf-8", "replace")


def _failed(words: list[str], why: Text, printed: str = "") -> ChildError:
    name = " ".join([Path(words[0]).name, *words[1:3]])
    last = "\n".join(printed.strip().splitlines()[-8:])
    return ChildError(
        Text(f"子进程 {name} 未完成", f"The child process {name} did not finish"),
        Text(f"{why.zh}\n{last}".strip(), f"{why.en}\n{last}".strip()),
        EMPTY if printed else Text("请缩小数据范围后重试。", "Try again with less data."),
    )

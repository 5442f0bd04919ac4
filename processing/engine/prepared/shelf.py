"""Prepared layers in a folder that the user names, so that a new process need not cut them again.

Layers are controlled data: the folder and its files can be read by their owner alone. A
file is known by what is in the source, byte by byte; one that is damaged, of another version or of
a source that changed is made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import threading
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ....layers.errors import EcoRedlineError
from ....layers.product import version
from ....layers.progress import Progress
from ....layers.reading import read_layer
from ....layers.role import FOLDER as ROLES
from ....layers.sources import LayerSource
from ....layers.texts import Text
from .array_file import DamagedError
from .cutting import PIECE_VERTICES
from .layer import prepare
from .shelved import ShelvedLayer, put
from .stamps import Stamp, stamp_of
from .windows import Windows

INNER = "ecoredline-prepared"
ENDING = ".prepared"


class PreparedFolderError(EcoRedlineError):
    """The folder of prepared layers cannot be used."""


class Shelf:
    """The prepared layers of a folder.

    Parameters
    ----------
    folder : path
        Named by the user; what is written stands in a folder of its own within it.

    Raises
    ------
    PreparedFolderError
        The folder cannot be made, or belongs to somebody else.
    """

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder) / INNER
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = self._folder.lstat()
            if os.name == "posix":
                if stat.S_ISLNK(found.st_mode) or found.st_uid != os.geteuid():
                    raise PermissionError(f"{self._folder}: not a folder of this user")
                if found.st_mode & 0o077:
                    self._folder.chmod(0o700)
        except OSError as error:
            raise _unusable(self._folder, error) from error
        self._digests: dict[Stamp, str] = {}
        self._lock = threading.Lock()  # several layers of one file are asked for at once, and it is read for one

    def layer(self, source: LayerSource, progress: Progress) -> Windows | ShelvedLayer:
        """Return a source from the folder, or read it and put it there.

        Raises
        ------
        SourceError
            As `read_layer`.
        PreparedFolderError
            It cannot be written.
        """
        name = self._name(source)
        if name is None:
            return Windows.read(source, progress)
        path = self._folder / name
        try:
            shelved = ShelvedLayer(source, path, lambda: self._made(source, path, Progress()))
        except (OSError, DamagedError, ValueError, KeyError, TypeError):
            return self._made(source, path, progress)
        progress.step(1.0)
        return shelved

    def _made(self, source: LayerSource, path: Path, progress: Progress) -> Windows:
        """Read a source, make all of it ready, write it, and take away what it replaces."""
        layer = prepare(read_layer(source, None, progress))
        if self._name(source) != path.name:  # it changed meanwhile: what was read is not what the name says
            return Windows.of_whole(layer)
        try:
            put(path, layer)
            for old in self._folder.glob(f"{path.name.rpartition('-')[0]}-*{ENDING}"):
                if old != path:
                    old.unlink(missing_ok=True)
        except OSError as error:
            raise _unusable(path, error) from error
        return Windows.of_whole(layer)

    def _name(self, source: LayerSource) -> str | None:
        """Return the file's name: the role, a hash of where the source is, and one of all that the file rests on."""
        content = self._content(source)
        if content is None:
            return None
        place = _hash([source.role, source.source, source.layer, source.where])
        what = {name: value for name, value in asdict(_without_frame(source)).items() if name not in TOLD}
        role_file = (ROLES / f"{source.role}.toml").read_bytes()
        rests_on = [version(), PIECE_VERTICES, content, hashlib.sha256(role_file).hexdigest(), what]
        return f"{source.role}-{place[:16]}-{_hash(rests_on)[:32]}{ENDING}"

    def _content(self, source: LayerSource) -> str | None:
        """Return a hash over the bytes of all files of a source; each is read once as long as it does not change."""
        stamp = stamp_of(source)
        if stamp is None or not stamp:
            return None
        if source.frame is not None:
            return str(stamp[0][0])
        with self._lock:
            if stamp not in self._digests:
                try:
                    self._digests[stamp] = _digest(stamp)
                except OSError:
                    return None
            return self._digests[stamp]


def _digest(stamp: Stamp) -> str:
    """Return a hash over the bytes of the files of a stamp.

    Raises
    ------
    OSError
    """
    whole = hashlib.sha256()
    for path, size, *_ in stamp:
        with Path(path).open("rb") as file:
            whole.update(f"{Path(path).name}:{size};".encode())
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()


# What is told of a source but changes nothing of its features.
TOLD = ("vintage", "valid_to", "accuracy_m", "accuracy_assumed", "authority", "frame")


def _without_frame(source: LayerSource) -> LayerSource:
    return replace(source, frame=None)


def _hash(parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str, ensure_ascii=False).encode()).hexdigest()


def _unusable(path: Path, error: OSError) -> PreparedFolderError:
    return PreparedFolderError(
        Text(f"预处理图层文件夹不可用：{path}", f"The folder of prepared layers cannot be used: {path}"),
        Text(str(error), str(error)),
        Text(
            "请另选本人可写的文件夹并确认磁盘空间，或不指定该文件夹。",
            "Choose a folder that you may write to and has room, or name none.",
        ),
    )

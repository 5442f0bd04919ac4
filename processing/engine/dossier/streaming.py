"""A dossier written chunk by chunk: memory stays flat, and a killed run goes on from its last whole chunk.

The folder under way bears the name of the dossier with ``.part``; only the finished one
bears the name itself. After each chunk its end is recorded, in one step; what a killed
run wrote beyond it is taken back before the run goes on. The disk is waited for once a
chunk, not once a table; after a loss of power the file is checked before it is used.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
from numpy.typing import NDArray

from ....layers.errors import DossierError
from ....layers.texts import Text
from ..words import Verdict
from .dossier import FILE, SEAL, SETTINGS, put_in_place, refuse_foreign, told, write_table
from .part import Part
from .seal import Seal
from .tally import Tally

RECORD = "progress.json"
DIGESTS = "digests.bin"
LOCK = "lock"
SYNCHRONOUS = "OGR_SQLITE_SYNCHRONOUS"
DIGEST_BYTES = 64  # one of what went in and one of what came out, per site
# Triggers of a spatial index name these; none is called, since no geometry is changed here.
INDEX_FUNCTIONS = ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")


class StreamedDossier:
    """A dossier under way.

    Parameters
    ----------
    folder : Path
        The final folder.
    fingerprint : str
        Hash of everything that the run rests on: only an equal run goes on where this one stopped.
    n_rules : int

    Attributes
    ----------
    chunks_done : int
    tally : Tally
        Counts over the chunks done.
    """

    def __init__(self, folder: Path, fingerprint: str, n_rules: int) -> None:
        refuse_foreign(folder)
        self._final = folder
        self._part = folder.with_name(f"{folder.name}.part")
        self._fingerprint = fingerprint
        self.chunks_done = 0
        self.tally = Tally.empty(n_rules)
        self._rows: dict[str, int] = {}
        if not self._resume():
            with told(folder):
                shutil.rmtree(self._part, ignore_errors=True)
                self._part.mkdir(parents=True)
        self._lock = _lock(self._part / LOCK)

    def append(self, part: Part) -> None:
        """Write the tables of a chunk and record that it is whole."""
        with told(self._final):
            with _unhurried():
                for name, table in part.tables.items():
                    if len(table) or name not in self._rows:
                        write_table(self._part / FILE, name, table, append=name in self._rows)
                    self._rows[name] = self._rows.get(name, 0) + len(table)
            with (self._part / DIGESTS).open("ab") as file:
                file.write(np.hstack((part.site_digests, part.result_digests)).tobytes())
            for name in (FILE, DIGESTS):
                _to_disk(self._part / name)
            self.tally = self.tally + part.tally
            self.chunks_done += 1
            self._record()

    def digests(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Return the digests of all sites so far: of what went in and of what came out, each (n, 32)."""
        both = np.fromfile(self._part / DIGESTS, dtype=np.uint8).reshape(-1, DIGEST_BYTES)
        return both[:, :32], both[:, 32:]

    def finish(self, tables: Mapping[str, pd.DataFrame], seal: Seal, settings: Mapping[str, Any]) -> None:
        """Write the tables of the run and the seal, and give the folder its name."""
        with told(self._final):
            with _unhurried():
                for name, table in tables.items():
                    write_table(self._part / FILE, name, table, append=False)
            self._settle_projects()
            (self._part / SEAL).write_text(seal.to_json(), encoding="utf-8")
            text = json.dumps(dict(settings), ensure_ascii=False, indent=2)
            (self._part / SETTINGS).write_text(text, encoding="utf-8")
            self.close()
            for name in (RECORD, DIGESTS, LOCK):
                (self._part / name).unlink()
            put_in_place(self._part, self._final)

    def close(self) -> None:
        """Let another run go on with the folder under way."""
        self._lock.close()

    def discard(self) -> None:
        """Remove the folder under way."""
        self.close()
        shutil.rmtree(self._part, ignore_errors=True)

    def _record(self) -> None:
        state = {
            "fingerprint": self._fingerprint,
            "chunks_done": self.chunks_done,
            "rows": self._rows,
            "tally": self.tally.to_json(),
        }
        fresh = self._part / f"{RECORD}.new"
        fresh.write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
        os.replace(fresh, self._part / RECORD)

    def _resume(self) -> bool:
        """Go on with what an equal run left; return False where there is nothing to go on with."""
        try:
            state = json.loads((self._part / RECORD).read_text(encoding="utf-8"))
            if state["fingerprint"] != self._fingerprint:
                return False
            rows, tally, done = dict(state["rows"]), Tally.from_json(state["tally"]), int(state["chunks_done"])
            _cut_back(self._part / FILE, rows)
            if (self._part / DIGESTS).stat().st_size < tally.n_sites * DIGEST_BYTES:
                return False
            os.truncate(self._part / DIGESTS, tally.n_sites * DIGEST_BYTES)
        except (OSError, ValueError, KeyError, sqlite3.Error):
            return False
        self._rows, self.tally, self.chunks_done = rows, tally, done
        return True

    def _settle_projects(self) -> None:
        """Give every site the worst verdict of its project, which may lie in several chunks."""
        words = [verdict.value for verdict in Verdict]
        database = _database(self._part / FILE)
        with database:
            rows = database.execute("SELECT project_id, verdict FROM verdicts WHERE project_id <> ''").fetchall()
            worst: dict[str, int] = {}
            for project, verdict in rows:
                worst[project] = min(worst.get(project, len(words)), words.index(verdict))
            update = "UPDATE verdicts SET project_verdict = ? WHERE project_id = ?"
            if worst:
                database.execute("CREATE INDEX IF NOT EXISTS by_project ON verdicts (project_id)")
                database.executemany(update, [(words[rank], project) for project, rank in worst.items()])
                database.execute("DROP INDEX by_project")
        database.close()


@contextmanager
def _unhurried() -> Iterator[None]:
    """Let SQLite write without waiting for the disk."""
    before = pyogrio.get_gdal_config_option(SYNCHRONOUS)
    pyogrio.set_gdal_config_options({SYNCHRONOUS: "OFF"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({SYNCHRONOUS: before})


def _to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _database(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    for name in INDEX_FUNCTIONS:
        database.create_function(name, 1, lambda _geometry: 0)
    return database


def _cut_back(path: Path, rows: Mapping[str, int]) -> None:
    """Remove rows that were written after the last chunk that was recorded."""
    database = _database(path)
    (sound,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if sound != "ok":
        raise sqlite3.DatabaseError(sound)
    with database:
        for name, count in rows.items():
            database.execute(f'DELETE FROM "{name}" WHERE fid > ?', (count,))
            # The next row follows the last one that is left, so that a second resumption finds the rows where they are.
            database.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (count, name))
            (left,) = database.execute(f'SELECT count(*) FROM "{name}"').fetchone()
            if left != count:
                raise sqlite3.DatabaseError(f"{name}: {left} rows of {count}")
    database.close()


def _lock(path: Path) -> Any:
    """Hold the folder for this process; the system lets go of it when the process ends, however it ends."""
    file = path.open("a")
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise DossierError(
            Text(f"{path.parent} 正被另一次筛查使用", f"{path.parent} is used by another run"),
            remedy=Text("请等待其结束，或换一个卷宗文件夹。", "Wait for it to end, or choose another folder."),
        ) from error
    return file

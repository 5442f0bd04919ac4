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
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray

from ....layers.errors import DossierError
from ....layers.texts import Text
from ..words import Verdict
from .dossier import FILE, SEAL, SETTINGS, put_in_place, refuse_foreign, told
from .geopackage import add_rows, complete, cut_back, is_complete, make_tables, opened, take_over, whole, write_rows
from .part import PackedPart, Part, RowsInFile
from .seal import Seal
from .storing import Rows, rows_of, shapes_of, write_table
from .tally import Tally

RECORD = "progress.json"
DIGESTS = "digests.bin"
BOXES = "boxes.bin"
ROWS = "rows"
LOCK = "lock"
FORM = 2  # of the folder under way: one that another version left is not gone on with
SYNCHRONOUS = "OGR_SQLITE_SYNCHRONOUS"
PER_SITE = {DIGESTS: 64, BOXES: 32}  # bytes: of what went in and what came out; west, south, east, north


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
        self._process = os.getpid()
        with told(folder):
            shutil.rmtree(self._part / ROWS, ignore_errors=True)
            (self._part / ROWS).mkdir()

    def pack(self, part: Part) -> PackedPart:
        """Return a part as it is stored, for `append`; in another process its rows go to a file, not through a pipe."""
        geometry = np.asarray(part.tables["sites"].geometry.array, dtype=object)
        shapes = shapes_of(geometry)
        with told(self._final):
            rows = {name: rows_of(table, shapes) for name, table in part.tables.items()}
            return PackedPart(
                {name: each.layout for name, each in rows.items()},
                {name: len(each) for name, each in rows.items()},
                rows if os.getpid() == self._process else self._in_file(rows),
                part.tally,
                np.hstack((part.site_digests, part.result_digests)).tobytes(),
                shapely.bounds(geometry).astype("<f8").tobytes(),
            )

    def _in_file(self, rows: Mapping[str, Rows]) -> RowsInFile:
        handle, name = tempfile.mkstemp(".db", dir=self._part / ROWS)
        os.close(handle)
        return RowsInFile(Path(name), write_rows(Path(name), rows))

    def append(self, part: PackedPart) -> None:
        """Write the rows of a chunk and record that it is whole."""
        file = self._part / FILE
        with told(self._final):
            if not self._rows:
                with _unhurried():
                    make_tables(file, part.layouts)
            if isinstance(part.rows, RowsInFile):
                take_over(file, part.rows.path, part.rows.names)
                part.rows.path.unlink()
            else:
                add_rows(file, part.rows)
            for name, data in ((DIGESTS, part.digests), (BOXES, part.boxes)):
                with (self._part / name).open("ab") as more:
                    more.write(data)
            for name in (FILE, *PER_SITE):
                _to_disk(self._part / name)
            self._rows = {name: self._rows.get(name, 0) + count for name, count in part.counts.items()}
            self.tally = self.tally + part.tally
            self.chunks_done += 1
            self._record()

    def digests(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Return the digests of all sites so far: of what went in and of what came out, each (n, 32)."""
        both = np.fromfile(self._part / DIGESTS, dtype=np.uint8).reshape(-1, PER_SITE[DIGESTS])
        return both[:, :32], both[:, 32:]

    def finish(self, tables: Mapping[str, pd.DataFrame], seal: Seal, settings: Mapping[str, Any]) -> None:
        """Write the tables of the run and the seal, and give the folder its name."""
        with told(self._final):
            with _unhurried():
                for name, table in tables.items():
                    write_table(self._part / FILE, name, table, append=False)
            self._complete()
            (self._part / SEAL).write_text(seal.to_json(), encoding="utf-8")
            text = json.dumps(dict(settings), ensure_ascii=False, indent=2)
            (self._part / SETTINGS).write_text(text, encoding="utf-8")
            self.close()
            shutil.rmtree(self._part / ROWS, ignore_errors=True)
            for name in (RECORD, *PER_SITE, LOCK):
                (self._part / name).unlink()
            put_in_place(self._part, self._final)

    def leave_to_parent(self) -> None:
        """Let go, in a process that was forked, of what the one that forked it holds: it outlives that by a moment."""
        self._lock.close()

    def close(self) -> None:
        """Let another run go on with the folder under way."""
        self._lock.close()

    def discard(self) -> None:
        """Remove the folder under way."""
        self.close()
        shutil.rmtree(self._part, ignore_errors=True)

    def _record(self) -> None:
        state = {
            "form": FORM,
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
            if (state["form"], state["fingerprint"]) != (FORM, self._fingerprint):
                return False
            rows, tally, done = dict(state["rows"]), Tally.from_json(state["tally"]), int(state["chunks_done"])
            cut_back(self._part / FILE, rows)
            for name, size in PER_SITE.items():
                if (self._part / name).stat().st_size < tally.n_sites * size:
                    return False
                os.truncate(self._part / name, tally.n_sites * size)
        except (OSError, ValueError, KeyError, sqlite3.Error):
            return False
        self._rows, self.tally, self.chunks_done = rows, tally, done
        return True

    def _complete(self) -> None:
        with opened(self._part / FILE) as database:
            if is_complete(database):
                return
            boxes = np.fromfile(self._part / BOXES, dtype="<f8").reshape(-1, 4)
            with whole(database):
                _settle_projects(database)
                complete(database, self._rows, boxes)


def _settle_projects(database: sqlite3.Connection) -> None:
    """Give every site the worst verdict of its project, which may lie in several chunks."""
    words = [verdict.value for verdict in Verdict]
    rows = database.execute("SELECT project_id, verdict FROM verdicts WHERE project_id <> ''").fetchall()
    worst: dict[str, int] = {}
    for project, verdict in rows:
        worst[project] = min(worst.get(project, len(words)), words.index(verdict))
    if not worst:
        return
    database.execute("CREATE INDEX by_project ON verdicts (project_id)")
    update = "UPDATE verdicts SET project_verdict = ? WHERE project_id = ?"
    database.executemany(update, [(words[rank], project) for project, rank in worst.items()])
    database.execute("DROP INDEX by_project")


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

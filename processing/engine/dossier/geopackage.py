"""The tables of a dossier as they grow: made by OGR, filled by plain SQL, whose rows cost a third.

What OGR keeps up row by row through triggers (spatial index, number of rows, extent) is
laid aside while rows are added, and made once when all are there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .spatial_index import fill_indices
from .storing import GEOMETRY, Layout, Rows, blank_of, write_table

ASIDE = "triggers_aside"
# Triggers of a spatial index name these; none is called, since no geometry is changed here.
INDEX_FUNCTIONS = ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")
AT_ONCE = 8_000  # values in one statement: each waits anew for the lock of Python, and SQLite takes up to 32,766
Names = Mapping[str, tuple[str, ...]]


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file for writing without waiting for the disk."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = OFF")
        for name in INDEX_FUNCTIONS:
            database.create_function(name, 1, lambda _geometry: 0)
        yield database


@contextmanager
def whole(database: sqlite3.Connection) -> Iterator[None]:
    """Do all of it, or nothing."""
    database.execute("BEGIN")
    try:
        yield
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def make_tables(path: Path, layouts: Mapping[str, Layout]) -> None:
    """Make empty tables, and lay their triggers aside."""
    for name, layout in layouts.items():
        write_table(path, name, blank_of(layout))
    with opened(path) as database, whole(database):
        triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        database.execute(f"CREATE TABLE {ASIDE} (sql TEXT)")
        for name, sql in triggers:
            database.execute(f"DROP TRIGGER {_quoted(name)}")
            database.execute(f"INSERT INTO {ASIDE} VALUES (?)", (sql,))


def add_rows(path: Path, tables: Mapping[str, Rows]) -> None:
    """Add rows to the tables of a file: all of them, or none."""
    with opened(path) as database, whole(database):
        _insert(database, tables)


def write_rows(path: Path, tables: Mapping[str, Rows]) -> Names:
    """Write rows to a file of their own, for `take_over`; return the columns that they have."""
    filled = {name: rows for name, rows in tables.items() if len(rows)}
    with opened(path) as database:
        database.execute("PRAGMA journal_mode = OFF")
        with whole(database):
            for name, rows in filled.items():
                database.execute(f"CREATE TABLE {_quoted(name)} ({', '.join(map(_quoted, rows.names))})")
            _insert(database, filled)
    return {name: rows.names for name, rows in filled.items()}


def take_over(path: Path, rows: Path, names: Names) -> None:
    """Add the rows that `write_rows` wrote: all of them, or none."""
    with opened(path) as database:
        database.execute("ATTACH ? AS added", (str(rows),))
        with whole(database):
            for name, columns in names.items():
                listed = ", ".join(map(_quoted, columns))
                database.execute(
                    f"INSERT INTO main.{_quoted(name)} ({listed}) SELECT {listed} FROM added.{_quoted(name)}"
                )


def _insert(database: sqlite3.Connection, tables: Mapping[str, Rows]) -> None:
    for name, rows in tables.items():
        if not len(rows):
            continue
        width = len(rows.names)
        one = f"({', '.join(repeat('?', width))})"
        into = f"INSERT INTO {_quoted(name)} ({', '.join(map(_quoted, rows.names))}) VALUES "
        step = max(1, AT_ONCE // width)
        for start in range(0, len(rows), step):
            end = min(start + step, len(rows))
            values: list[object] = [None] * ((end - start) * width)
            for at, column in enumerate(rows.columns):
                values[at::width] = column[start:end]
            database.execute(into + ", ".join(repeat(one, end - start)), values)


def complete(database: sqlite3.Connection, counts: Mapping[str, int], boxes: NDArray[np.float64]) -> None:
    """Make what was laid aside, within a transaction: indices, numbers of rows, extents, triggers.

    Parameters
    ----------
    database : Connection
    counts : mapping of str to int
        The number of rows of each table.
    boxes : ndarray of float64, shape (n, 4)
        Of the shapes in the tables with geometry, which hold the same ones in the same order.
    """
    known = {name for (name,) in database.execute("SELECT table_name FROM gpkg_geometry_columns")}
    fill_indices(database, [name for name in counts if name in known], GEOMETRY, boxes)
    extent = (*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist()) if len(boxes) else (None,) * 4
    for name, count in counts.items():
        database.execute("UPDATE gpkg_ogr_contents SET feature_count = ? WHERE table_name = ?", (count, name))
        if name in known:
            database.execute(
                "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?",
                (*extent, name),
            )
        now = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
        database.execute(f"UPDATE gpkg_contents SET last_change = {now} WHERE table_name = ?", (name,))
    for (sql,) in database.execute(f"SELECT sql FROM {ASIDE}").fetchall():
        database.execute(sql)
    database.execute(f"DROP TABLE {ASIDE}")


def is_complete(database: sqlite3.Connection) -> bool:
    """Return whether nothing is laid aside."""
    return database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (ASIDE,)).fetchone() is None


def cut_back(path: Path, counts: Mapping[str, int]) -> None:
    """Remove rows that were added after the last part that was recorded.

    Raises
    ------
    sqlite3.Error
        The file is damaged, or holds fewer rows.
    """
    with opened(path) as database:
        (sound,) = database.execute("PRAGMA quick_check(1)").fetchone()
        if sound != "ok":
            raise sqlite3.DatabaseError(sound)
        with whole(database):
            for name, count in counts.items():
                database.execute(f"DELETE FROM {_quoted(name)} WHERE fid > ?", (count,))
                # The next row follows the last one that is left: a second resumption finds the rows where they are.
                database.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (count, name))
                (left,) = database.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()
                if left != count:
                    raise sqlite3.DatabaseError(f"{name}: {left} rows of {count}")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

"""The spatial index of a GeoPackage's tables, packed in one go where row by row takes many times as long.

An R-tree of SQLite is three tables: its nodes, the node of each row, and the parent of each node. They are
filled here as https://www.sqlite.org/rtree.html describes them; ``rtreecheck`` finds them sound.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

MOST_CELLS = 51  # as SQLite has it, where its pages hold as many
CELL = np.dtype([("id", ">i8"), ("box", ">f4", 4)])  # smallest and greatest x, smallest and greatest y
HEAD = np.dtype([("depth", ">u2"), ("cells", ">u2")])
ROOT = 1
AT_ONCE = 50_000


@dataclass(frozen=True)
class _Level:
    """Nodes at one depth: the cells of all, and where each node's begin; the last entry is where they end."""

    cells: NDArray[np.void]
    starts: Indices

    @property
    def boxes(self) -> NDArray[np.float32]:
        """The box about each node."""
        box = self.cells["box"].astype(np.float32)
        low, high = (each.reduceat(box, self.starts[:-1], axis=0) for each in (np.minimum, np.maximum))
        return np.column_stack((low[:, 0], high[:, 1], low[:, 2], high[:, 3]))


def fill_indices(database: sqlite3.Connection, tables: Sequence[str], column: str, boxes: Floats) -> None:
    """Fill the spatial indices of tables that hold the same shapes.

    Parameters
    ----------
    database : Connection
        A GeoPackage with the index of each table, whatever is in it.
    tables : sequence of str
    column : str
        The column of geometry.
    boxes : ndarray of float64, shape (n, 4)
        West, south, east, north of the rows whose fid is 1, 2, …; no shape is empty.
    """
    if not len(boxes):
        return
    first, *others = (f"rtree_{table}_{column}" for table in tables)
    (size,) = database.execute(f'SELECT length(data) FROM "{first}_node" WHERE nodeno = {ROOT}').fetchone()
    for index in (first, *others):
        for part in ("node", "rowid", "parent"):
            database.execute(f'DELETE FROM "{index}_{part}"')
    levels = _levels(boxes, min(MOST_CELLS, (size - HEAD.itemsize) // CELL.itemsize))
    numbers = _numbers(levels)
    for depth, (level, number) in enumerate(zip(levels, numbers, strict=True)):
        if depth:
            level.cells["id"] = numbers[depth - 1]
        data = _nodes(level, size, len(levels) - 1 if depth == len(levels) - 1 else 0)
        database.executemany(f'INSERT INTO "{first}_node" VALUES (?, ?)', zip(number.tolist(), data, strict=True))
        held, node = level.cells["id"].astype(np.int64), np.repeat(number, np.diff(level.starts))
        order = np.argsort(held)
        into = f'INSERT INTO "{first}_{"parent" if depth else "rowid"}" VALUES (?, ?)'
        database.executemany(into, _pairs(held[order], node[order]))
    for other in others:
        for part in ("node", "rowid", "parent"):
            database.execute(f'INSERT INTO "{other}_{part}" SELECT * FROM "{first}_{part}"')


def _levels(boxes: Floats, most: int) -> list[_Level]:
    """Return the levels of the tree from its leaves to its root, the cells of nodes not yet numbered."""
    west, south, east, north = boxes.T
    strips = max(1, int(np.sqrt(len(boxes) / most)))
    strip = np.argsort(np.argsort(west + east)) * strips // len(boxes)
    order = np.lexsort((south + north, strip))
    cells = np.empty(len(boxes), dtype=CELL)
    cells["id"] = order + 1
    for at, side, outward in ((0, west, -np.inf), (1, east, np.inf), (2, south, -np.inf), (3, north, np.inf)):
        cells["box"][:, at] = _rounded(side[order], outward)
    levels = [_Level(cells, _starts(len(cells), most))]
    while len(levels[-1].starts) > 2:
        above = np.empty(len(levels[-1].starts) - 1, dtype=CELL)
        above["box"] = levels[-1].boxes
        levels.append(_Level(above, _starts(len(above), most)))
    return levels


def _rounded(values: Floats, outward: float) -> NDArray[np.float32]:
    """Return the nearest single-precision number on that side of each value, or the value itself."""
    single = values.astype(np.float32)
    short = single < values if outward > 0 else single > values
    return np.where(short, np.nextafter(single, np.float32(outward)), single)


def _starts(n: int, most: int) -> Indices:
    return np.append(np.arange(0, n, most), n)


def _numbers(levels: Sequence[_Level]) -> list[Indices]:
    """Return the number of each node: the root is the first, the others follow in any order."""
    counts = [len(level.starts) - 1 for level in levels[:-1]]
    ends = ROOT + 1 + np.cumsum([0, *counts])
    return [*(np.arange(a, b) for a, b in pairwise(ends.tolist())), np.array([ROOT])]


def _pairs(one: Indices, other: Indices) -> Iterator[tuple[int, int]]:
    """Yield the numbers of both side by side, few of them at once as objects."""
    for start in range(0, len(one), AT_ONCE):
        yield from zip(one[start : start + AT_ONCE].tolist(), other[start : start + AT_ONCE].tolist(), strict=True)


def _nodes(level: _Level, size: int, depth: int) -> Iterator[bytes]:
    """Yield each node as SQLite keeps it: depth (of the root alone), number of cells, cells, nothing to its end."""
    counts = np.diff(level.starts)
    head = np.zeros(len(counts), dtype=HEAD)
    head["depth"], head["cells"] = depth, counts
    cells, heads = level.cells.tobytes(), head.tobytes()
    for i, (a, b) in enumerate(pairwise(level.starts.tolist())):
        node = heads[HEAD.itemsize * i : HEAD.itemsize * (i + 1)] + cells[CELL.itemsize * a : CELL.itemsize * b]
        yield node.ljust(size, b"\0")

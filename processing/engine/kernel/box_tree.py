"""Lines as flat arrays under a tree of boxes, as `boxtree.h` reads them."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy.parts import POLYGON, single_parts
from ....layers.ranges import repeats
from . import library
from .outlines import address

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

MAX_EDGE_DEG = 0.001
FAN = 8
MAX_LEVELS = 12


class _Lines(ctypes.Structure):
    _fields_: ClassVar = [
        *((name, ctypes.c_void_p) for name in ("xy", "first", "count", "feature", "label", "boxes")),
        ("level", ctypes.c_int64 * MAX_LEVELS),
        ("n_leaves", ctypes.c_int64),
        ("n_levels", ctypes.c_int64),
    ]
    held: Floats  # the boxes; the other arrays live as long as their Lines


@dataclass(frozen=True)
class Runs:
    """Outlines one after the other: rings, lines and single points.

    Attributes
    ----------
    xy : ndarray, shape (n, 2)
        Degrees.
    size : ndarray of int64, shape (n_runs,)
        Vertices of each run.
    owner : ndarray of int64, shape (n_runs,)
        The geometry of each run, ascending.
    """

    xy: Floats
    size: Indices
    owner: Indices

    @classmethod
    def of(cls, geometry: Objects) -> Runs:
        """Take geometries of any type apart; empty ones give no run."""
        kind = shapely.get_type_id(geometry)
        plain = (kind >= 0) & (kind < POLYGON) | (kind == POLYGON) & (shapely.get_num_interior_rings(geometry) == 0)
        plain &= ~shapely.is_empty(geometry)
        if plain.all():
            lines, owner = geometry, np.arange(len(geometry))
        else:
            lines, owner = _outlines(geometry, plain)
        size = shapely.get_num_coordinates(lines).astype(np.int64)
        return cls(np.ascontiguousarray(shapely.get_coordinates(lines)), size, owner.astype(np.int64))

    @classmethod
    def joined(cls, parts: Sequence[Runs]) -> Runs:
        """Return the runs of all parts, one part after the other."""
        return cls(*(np.concatenate([vars(part)[name] for part in parts]) for name in ("xy", "size", "owner")))

    @cached_property
    def start(self) -> Indices:
        """First vertex of each run, and the number of vertices."""
        return np.concatenate(([0], np.cumsum(self.size)))

    def cut(self, longest_deg: float = MAX_EDGE_DEG) -> Runs:
        """Return the same with long edges cut into equal parts."""
        east, north = np.diff(self.xy, axis=0).T
        length2 = east * east + north * north
        length2[self.start[1:-1] - 1] = 0.0
        long = np.flatnonzero(length2 > longest_deg**2)
        if not len(long):
            return self
        parts = np.ceil(np.sqrt(length2[long]) / longest_deg).astype(np.int64)
        new = np.repeat(np.arange(len(long)), parts - 1)
        nth = np.arange(len(new)) - np.repeat(np.cumsum(parts - 1) - (parts - 1), parts - 1) + 1
        edge = long[new]
        vertices = self.xy[edge] + (nth / parts[new])[:, None] * (self.xy[edge + 1] - self.xy[edge])
        run = np.searchsorted(self.start, long, side="right") - 1
        size = self.size + np.bincount(run, parts - 1, len(self.size)).astype(np.int64)
        return Runs(np.insert(self.xy, edge + 1, vertices, axis=0), size, self.owner)


def _outlines(geometry: Objects, plain: NDArray[np.bool_]) -> tuple[Objects, Indices]:
    single = single_parts(geometry[~plain])
    surface = single.kind == POLYGON
    rings, inner = shapely.get_rings(single.geoms[surface], return_index=True)
    rest = np.flatnonzero(~plain)
    lines = np.concatenate([geometry[plain], single.geoms[~surface], rings])
    owner = np.concatenate([np.flatnonzero(plain), rest[single.owner[~surface]], rest[single.owner[surface][inner]]])
    order = np.argsort(owner, kind="stable")
    return lines[order], owner[order]


@dataclass(frozen=True)
class Lines:
    """Lines under a tree of boxes: eight segments a leaf, eight nodes a node; no leaf is of two runs.

    ``feature`` and ``label`` are those of each leaf; labels ascend.
    """

    xy: Floats
    first: NDArray[np.int32]
    count: NDArray[np.uint8]
    feature: NDArray[np.int32]
    label: NDArray[np.int32]

    @classmethod
    def of(cls, runs: Runs, label: Indices) -> Lines:
        """Return the tree of the borders of features, the owners of the runs, whose labels ascend with the runs.

        Parameters
        ----------
        runs : Runs
            Their long edges cut.
        label : ndarray of int64
            Of each feature.

        Raises
        ------
        OverflowError
            More vertices than the loops can count: memory would have ended long before.
        """
        if len(runs.xy) > np.iinfo(np.int32).max:
            raise OverflowError(f"{len(runs.xy)} vertices")
        n_leaves = np.maximum(1, -(-(runs.size - 1) // FAN))
        run, nth = repeats(n_leaves)
        first = runs.start[run] + nth * FAN
        count = np.minimum(FAN, runs.start[run + 1] - 1 - first)
        owner = runs.owner[run]
        return cls(
            runs.xy,
            first.astype(np.int32),
            count.astype(np.uint8),
            owner.astype(np.int32),
            label[owner].astype(np.int32),
        )

    @property
    def n_labels(self) -> int:
        """One more than the greatest label."""
        return int(self.label[-1]) + 1 if len(self.label) else 0

    def range_of(self, label: Indices) -> tuple[Indices, Indices]:
        """Return the first leaf of each label and the one after its last."""
        low, high = (np.searchsorted(self.label, label.astype(np.int32), side=side) for side in ("left", "right"))
        return low.astype(np.int64), high.astype(np.int64)

    @cached_property
    def tree(self) -> _Lines:
        """The arrays as the compiled loops read them."""
        level, n = [0], len(self.first)
        while n > 1:
            level.append(level[-1] + n)
            n = -(-n // FAN)
        boxes = np.empty((level[-1] + n, 4))
        tree = _Lines(
            address(self.xy, np.float64), address(self.first, np.int32), address(self.count, np.uint8),
            address(self.feature, np.int32), address(self.label, np.int32), address(boxes, np.float64),
            (ctypes.c_int64 * MAX_LEVELS)(*level), len(self.first), len(level),
        )  # fmt: skip
        tree.held = boxes  # threads may make several trees at once: each has boxes of its own
        compiled = library.kernel()
        assert compiled is not None
        make = compiled["nearest_boxes"]
        make.argtypes, make.restype = [ctypes.c_void_p], None
        make(ctypes.byref(tree))
        return tree

"""Where the sites of a run lie: what is far from all of them need not be made ready."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....layers.geodesy.boxes import reached
from ..kernel.library import kernel

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Counts = NDArray[np.int32]
Objects = NDArray[np.object_]
Flags = NDArray[np.bool_]

CELL_DEG = 0.005
ROOM_DEG = 0.0025  # about each site, for the footprints of points: some 200 m
MOST_CELLS = 1 << 21


@dataclass(frozen=True, eq=False)
class Whereabouts:
    """The cells of a grid over all sites that some site touches, or nearly so.

    Attributes
    ----------
    west, south, cell : float
        Degrees.
    sums : ndarray of int32, shape (n_rows + 1, n_columns + 1)
        How many cells south and west of each corner are touched.
    """

    west: float
    south: float
    cell: float
    sums: Counts

    @classmethod
    def of(cls, boxes: Floats) -> Whereabouts:
        """Return where sites lie.

        Parameters
        ----------
        boxes : ndarray, shape (n, 4)
            West, south, east, north of each site, EPSG:4490 degrees, finite.
        """
        boxes = boxes + ROOM_DEG * np.array([-1, -1, 1, 1])
        west, south = boxes[:, :2].min(axis=0).tolist()
        width, height = (boxes[:, 2:].max(axis=0) - (west, south)).tolist()
        cell = max(CELL_DEG, float(np.sqrt(width * height / MOST_CELLS)))
        columns, rows = int(width / cell) + 1, int(height / cell) + 1
        grid = cls(west, south, cell, np.zeros((rows + 1, columns + 1), dtype=np.int32))
        first_column, first_row, last_column, last_row = grid._cells(boxes)
        steps = np.zeros((rows + 1, columns + 1), dtype=np.int32)
        for row, column, sign in (
            (first_row, first_column, 1),
            (last_row + 1, last_column + 1, 1),
            (first_row, last_column + 1, -1),
            (last_row + 1, first_column, -1),
        ):
            np.add.at(steps, (row, column), sign)
        touched = steps.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)[:-1, :-1] > 0
        grid.sums[1:, 1:] = touched.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)
        return grid

    def near(self, bounds: Floats, reach_m: float = 0.0) -> Flags:
        """Tell which boxes may come within reach of a site; surely all do that come.

        Parameters
        ----------
        bounds : ndarray, shape (n, 4)
            EPSG:4490 degrees; NaN is near nothing.
        """
        return np.asarray(self._touched(reached(bounds, reach_m)) > 0)

    def hold(self, bounds: Floats) -> Flags:
        """Tell which boxes lie wholly in cells that a site touches, so that all that is in them is near one."""
        known = np.isfinite(bounds).all(axis=1)
        first_column, first_row, last_column, last_row = self._cells(np.where(known[:, None], bounds, 0.0))
        rows, columns = np.array(self.sums.shape) - 1
        known &= (first_column >= 0) & (first_row >= 0) & (last_column < columns) & (last_row < rows)
        all_of_it = (last_column - first_column + 1) * (last_row - first_row + 1)
        return np.asarray(known & (self._touched(bounds) == all_of_it))

    def _cells(self, bounds: Floats) -> Indices:
        """Return first column and row and last column and row of the cells that boxes touch."""
        corner = np.array([self.west, self.south] * 2)
        return np.asarray(np.floor((bounds - corner) / self.cell).T.astype(np.int64))

    def _touched(self, bounds: Floats) -> Counts:
        """Return how many cells that sites touch each box touches; none where it is NaN."""
        known = np.isfinite(bounds).all(axis=1)
        first_column, first_row, last_column, last_row = self._cells(np.where(known[:, None], bounds, 0.0))
        rows, columns = np.array(self.sums.shape) - 1
        left, right = np.clip(first_column, 0, columns), np.clip(last_column + 1, 0, columns)
        low, high = np.clip(first_row, 0, rows), np.clip(last_row + 1, 0, rows)
        n = self.sums[high, right] - self.sums[low, right] - self.sums[high, left] + self.sums[low, left]
        return np.where(known, n, np.int32(0))


@dataclass(frozen=True, eq=False)
class Sought:
    """What the sites of a run ask of a layer: where they are, and the greatest distance that is asked of it, m."""

    where: Whereabouts
    asked_m: float

    @classmethod
    def of(cls, where: Whereabouts | None, asked_m: float) -> Sought | None:
        """Return what sites ask, None where all of a layer is to be made ready."""
        # Without compiled loops pieces about a site tell on which side of a border its surroundings are.
        return None if where is None or kernel() is None else cls(where, asked_m)

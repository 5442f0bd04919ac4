"""Borders of the features of a layer for the compiled search."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ..kernel.box_tree import Lines, Runs

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]

BLOCK = 500_000  # vertices


def lines_of(features: Objects, label: Indices, rows: Indices | None = None) -> Lines:
    """Return the borders of polygons, and lines and points as they are, by ascending label.

    Parameters
    ----------
    features : ndarray of object
        EPSG:4490.
    label : ndarray of int64
        Whatever is asked for together.
    rows : ndarray of int64, optional
        Of these features alone.
    """
    order = np.argsort(label, kind="stable") if rows is None else rows[np.argsort(label[rows], kind="stable")]
    # Some features after the other: what is needed on the way is several times as large as they are.
    block = np.cumsum(shapely.get_num_coordinates(features[order])) // BLOCK
    blocks = np.split(order, np.flatnonzero(np.diff(block)) + 1)
    return Lines.of(Runs.joined([_runs(features, some) for some in blocks]), label)


def _runs(features: Objects, rows: Indices) -> Runs:
    runs = Runs.of(features[rows]).cut()
    return Runs(runs.xy, runs.size, rows[runs.owner])

"""The edges of large shapes under a tree of boxes, so that a small piece is laid over what lies about it only."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....layers.ranges import repeats
from .box_tree import FAN, Lines
from .outlines import Outlines, address

Indices = NDArray[np.int64]

LARGE = 512  # vertices; the edges of smaller shapes are read one after the other


@dataclass(frozen=True)
class EdgeTree:
    """Edges of the large ones among some outlines.

    Attributes
    ----------
    lines : Lines
        Leaves in the order of the edges; ``feature`` is the ring and ``label`` the shape of each.
    leaf : ndarray of int64
        First leaf of each shape, and the end; small shapes have none.
    """

    lines: Lines
    leaf: Indices

    @classmethod
    def of(cls, outlines: Outlines) -> EdgeTree | None:
        """Return the tree of the lines and polygons that are large, None where none is.

        Raises
        ------
        OverflowError
            More vertices than the loops can count: memory would have ended long before.
        """
        if outlines.most <= LARGE:
            return None
        if len(outlines.xy) > np.iinfo(np.int32).max:
            raise OverflowError(f"{len(outlines.xy)} vertices")
        size = np.diff(outlines.ring_start[outlines.shape_ring])
        n_rings = np.diff(outlines.shape_ring)
        shape = np.repeat(np.arange(len(size)), n_rings)
        ring = np.flatnonzero(size[shape] > LARGE)
        edges = np.diff(outlines.ring_start)[ring] - 1
        of, nth = repeats(-(-edges // FAN))
        lines = Lines(
            outlines.xy,
            (outlines.ring_start[ring[of]] + nth * FAN).astype(np.int32),
            np.minimum(FAN, edges[of] - nth * FAN).astype(np.uint8),
            ring[of].astype(np.int32),
            shape[ring[of]].astype(np.int32),
        )
        leaf = np.searchsorted(lines.label, np.arange(len(size) + 1)).astype(np.int64)
        return cls(lines, leaf)

    @staticmethod
    def pointers(tree: EdgeTree | None) -> tuple[object, int | None]:
        """Return the tree and the leaves as the loops read them; they read none where there is none."""
        return (None, None) if tree is None else (ctypes.byref(tree.lines.tree), address(tree.leaf, np.int64))

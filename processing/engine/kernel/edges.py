"""Edges of lines in the planes of shapes, and how they join."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]


@dataclass(frozen=True)
class Edges:
    """Edges of lines in the planes of their shapes, complex numbers in m.

    ``a`` and ``b`` are the ends, ``way`` the unit direction, ``before`` and ``after`` those of
    the edges that join there, 0 where the line ends; ``radius`` is the limit in the plane.
    """

    of: Indices
    a: Complex
    b: Complex
    way: Complex
    before: Complex
    after: Complex
    radius: Floats
    left: NDArray[np.bool_]
    right: NDArray[np.bool_]

    def take(self, rows: Indices) -> Edges:
        """Return those edges."""
        return Edges(*(values[rows] for values in vars(self).values()))

    def begins(self) -> NDArray[np.bool_]:
        """Tell at which edges no line goes on from the edge before."""
        goes_on = (self.of[1:] == self.of[:-1]) & (self.b[:-1] == self.a[1:]) & (self.way[:-1] == self.before[1:])
        return np.concatenate([[True], ~goes_on]) if len(self.of) else np.empty(0, dtype=bool)

    def with_ends(self) -> Edges:
        """Return the edges with one that goes back from each at which its line begins: an edge holds its far end only.

        Where another edge comes before, what lies about the corner is about that one too.
        """
        first = self.take(np.flatnonzero(self.before == 0))
        back = Edges(
            first.of, first.b, first.a, -first.way, -first.after, -first.before, first.radius, first.right, first.left
        )
        order = np.argsort(np.concatenate([self.of, back.of]), kind="stable")
        return Edges(*(np.concatenate([vars(self)[name], vars(back)[name]])[order] for name in vars(self)))

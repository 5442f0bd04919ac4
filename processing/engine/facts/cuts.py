"""What of sites lies in pieces of features: geometries that few ask for, so each is made when first asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from .vicinity import Vicinity

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]

PART, PIECE, BOTH = 0, 1, 2


@dataclass(frozen=True)
class Cuts:
    """The common geometries of n pairs of a part of a site and a piece of a feature, EPSG:4490.

    Attributes
    ----------
    parts : Vicinity
        All parts.
    pieces : ndarray of object
        All pieces.
    part, piece : ndarray of int64, shape (n,)
        Which of them are paired.
    which : ndarray of uint8
        What is common: the part, the piece, or what lies in both.
    made : ndarray of object
        None where it was not asked for yet.
    """

    parts: Vicinity
    pieces: Objects
    part: Indices
    piece: Indices
    which: NDArray[np.uint8]
    made: Objects

    def take(self, rows: Indices) -> Objects:
        """Return the common geometries of the pairs at those rows."""
        todo = rows[shapely.is_missing(self.made[rows])]
        if len(todo):
            part, piece, which = self.part[todo], self.pieces[self.piece[todo]], self.which[todo]
            common = np.where(which == PART, self.parts.shapes[part], piece)
            both = which == BOTH
            common[both] = shapely.intersection(
                self.parts.about(part[both], shapely.bounds(piece[both]).reshape(-1, 4)), piece[both]
            )
            self.made[todo] = common
        return np.asarray(self.made[rows])

    def sorted(self, order: Indices) -> Cuts:
        """Return the pairs in another order."""
        return Cuts(self.parts, self.pieces, self.part[order], self.piece[order], self.which[order], self.made[order])


NONE = Cuts(
    Vicinity(np.empty(0, dtype=object)), np.empty(0, dtype=object), *(np.empty(0, dtype=np.int64),) * 2,
    np.empty(0, dtype=np.uint8), np.empty(0, dtype=object),
)  # fmt: skip

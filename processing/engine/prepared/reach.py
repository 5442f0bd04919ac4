"""Where the features of a layer are: which of them a run needs whose sites lie in a box."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.features import LayerData
from .water import BANK_LINE, rivers

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Reach:
    """Where the features of a layer are, and which of them go together: both banks of a river make its water."""

    bounds: Floats
    together: Indices

    @classmethod
    def of(cls, data: LayerData) -> Reach:
        """Return the reach of the features of a source."""
        shapes = data.features.geometry
        together = rivers(data.features) if data.role.id == BANK_LINE else np.full(len(shapes), -1)
        return cls(shapely.bounds(shapes).reshape(-1, 4), together)

    def rows(self, box: Box) -> Indices:
        """Return the features that touch a box, with those that belong to them, in their order."""
        west, south, east, north = self.bounds.T
        near = (west <= box[2]) & (east >= box[0]) & (south <= box[3]) & (north >= box[1])
        joined = near & (self.together >= 0)
        return np.flatnonzero(near | np.isin(self.together, self.together[joined]))

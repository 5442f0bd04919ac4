"""More vertices on long edges."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray


def densify(geoms: NDArray[np.object_], max_edge: float) -> NDArray[np.object_]:
    """Add vertices so that no edge is longer than `max_edge`; the shape stays the same.

    Parameters
    ----------
    geoms : ndarray of geometry
        Any types, in any plane coordinates; untouched.
    max_edge : float
        In the unit of the coordinates (metres of a projected layer, degrees of EPSG:4490), above 0.

    Returns
    -------
    ndarray of geometry
        New geometries where an edge was longer, the same ones elsewhere.

    Raises
    ------
    ValueError
        If `max_edge` is not above 0.
    """
    if not max_edge > 0.0:
        raise ValueError(f"max_edge must be above 0, not {max_edge}")
    geoms = np.asarray(geoms, dtype=object)
    long = shapely.length(geoms) > max_edge
    result = geoms.copy()
    if long.any():
        result[long] = shapely.segmentize(geoms[long], max_edge)
    return result

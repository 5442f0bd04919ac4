"""From the drawing board to CGCS2000: every vertex on its own, so that shared vertices stay shared."""

from __future__ import annotations

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from .plan import LAT_0, LON_0

CRS = "EPSG:4490"
# 1e-9° is a tenth of a millimetre.
DECIMALS = 9
_BOARD = f"+proj=tmerc +lat_0={LAT_0} +lon_0={LON_0} +k=1 +x_0=0 +y_0=0 +ellps=GRS80 +units=m +no_defs"
_TO_DEGREES = "+proj=pipeline +step +inv " + _BOARD + " +step +proj=unitconvert +xy_in=rad +xy_out=deg"


def to_degrees(geometries: object) -> NDArray[np.object_]:
    """Return geometries of the drawing board (m) in degrees, x = longitude, y = latitude.

    The board is a transverse Mercator plane about 106.5°E without scale factor:
    within 10 km of its middle its lengths are those of the ellipsoid to 1e-6.
    GRS80 differs from the ellipsoid of CGCS2000 by 0.1 mm in the polar radius.
    """
    transformer = pyproj.Transformer.from_pipeline(_TO_DEGREES)

    def convert(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = transformer.transform(xy[:, 0], xy[:, 1])
        return np.round(np.column_stack((lon, lat)), DECIMALS)

    out: NDArray[np.object_] = shapely.transform(np.asarray(geometries, dtype=object), convert)
    return out


def to_plane(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return places (n, 2) in degrees on the drawing board, m; the way back of `to_degrees`."""
    transformer = pyproj.Transformer.from_pipeline(_TO_DEGREES)
    return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1], direction="INVERSE"))

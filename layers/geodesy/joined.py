"""Unions of polygons that lose nothing."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from .parts import POLYGON, single_parts

Objects = NDArray[np.object_]


def joined(shapes: Objects, index: NDArray[np.intp]) -> Objects:
    """Return the union of the polygons among the shapes of each index, in degrees or in metres.

    Where corners or edges of two polygons lie a hair beside one another, `shapely.union_all` moves corners by up to
    a millionth of an area, or loses whole polygons: noding moves a corner across an edge that it nearly touches, and
    the area between turns inside out (https://github.com/locationtech/jts/issues/1000 and
    https://github.com/libgeos/geos/issues/1344, open in GEOS 3.14). What is cut from two features at the border that
    they share, or from two sources with the same border, lies so. A buffer of nothing tells what is inside by how
    often the rings wind around it; about an origin near by, its corners keep six digits more than in degrees.

    Parameters
    ----------
    shapes : ndarray of geometry
        Any types; of lines and points nothing stays, nor of None. Polygons valid.
    index : ndarray of int64
        The place of the union that each shape is for.

    Returns
    -------
    ndarray of polygon or multipolygon
        One of each place from 0 to the greatest index, empty where it has no polygon.
    """
    single = single_parts(shapes)
    surface = single.kind == POLYGON
    parts, place = single.geoms[surface], np.asarray(index)[single.owner[surface]]
    order = np.argsort(place, kind="stable")
    some, place = np.unique(place[order], return_inverse=True)
    out = np.full(int(np.max(index, initial=-1)) + 1, shapely.Polygon(), dtype=object)
    if len(some):
        together = shapely.multipolygons(parts[order], indices=place)
        west, south, east, north = shapely.bounds(together).T
        origin = np.round(np.column_stack([west + east, south + north]) / 2.0, 3)
        out[some] = _moved(shapely.buffer(_moved(together, -origin), 0.0), origin)
    return out


def join(shapes: Objects) -> shapely.Geometry:
    """Return the union of the polygons among shapes, as `joined`."""
    union: Objects = joined(shapes, np.zeros(len(shapes), dtype=np.intp))
    return union[0] if len(union) else shapely.Polygon()


def _moved(shapes: Objects, by: NDArray[np.float64]) -> Objects:
    xy, index = shapely.get_coordinates(shapes, return_index=True)
    moved: Objects = shapely.set_coordinates(shapes.copy(), xy + by[index])
    return moved

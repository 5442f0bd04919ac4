"""What of a large site lies about each of many features, so that GEOS meets neighbourhoods and never the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from ..prepared.cutting import cut_lines

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

WORTH_IT = 50_000  # vertices that would be looked at for one shape; below it a neighbourhood costs more than it saves
FEW = 250  # vertices of a neighbourhood that is not made smaller
MARGIN = 1e-7, 0.0137  # degrees, and a share of the box
POINT, LINE = 0, 1


@dataclass(frozen=True)
class Vicinity:
    """Shapes of which some are large, EPSG:4490."""

    shapes: Objects

    def about(self, row: Indices, box: Floats) -> Objects:
        """Return for each pair the shape, or a geometry that is the same within the box but smaller.

        Edges that meet the box are kept whole, so that what is exactly on them stays so.

        Parameters
        ----------
        row : ndarray of int64, shape (n,)
            The shape of each pair.
        box : ndarray, shape (n, 4)
            West, south, east, north, degrees.
        """
        out = self.shapes[row]
        if not len(row):
            return out
        vertices = np.bincount(row, shapely.get_num_coordinates(out))
        for shape in np.flatnonzero(vertices > WORTH_IT):
            west, south, east, north = shapely.bounds(self.shapes[shape])
            holds = (box[:, :2] <= (west, south)).all(axis=1) & (box[:, 2:] >= (east, north)).all(axis=1)
            pairs = np.flatnonzero((row == shape) & ~holds)
            if len(pairs):
                out[pairs] = self._of_one(int(shape), box[pairs])
        return out

    def _of_one(self, shape: int, box: Floats) -> Objects:
        border = self._border(shape)
        pair, edge = border.tree.query(shapely.box(*box.T), predicate="intersects")
        order = np.argsort(pair, kind="stable")
        pair, edge = pair[order], edge[order]
        dimension = shapely.get_dimensions(self.shapes[shape])
        if dimension <= LINE:
            join, empty = (
                (shapely.multipoints, shapely.MultiPoint()) if dimension == POINT
                else (shapely.multilinestrings, shapely.MultiLineString())
            )  # fmt: skip
            out = np.full(len(box), empty, dtype=object)
            each, index = np.unique(pair, return_inverse=True)
            out[each] = join(border.edges[edge], indices=index)
            return out
        # Wide enough for no edge that meets the box to be cut.
        wide = box.copy()
        np.minimum.at(wide[:, :2], pair, border.box[edge, :2])
        np.maximum.at(wide[:, 2:], pair, border.box[edge, 2:])
        more = MARGIN[0] + MARGIN[1] * (wide[:, 2:] - wide[:, :2])
        return _clipped(self.shapes[shape], np.hstack([wide[:, :2] - more, wide[:, 2:] + more]))

    def _border(self, shape: int) -> _Border:
        if shape not in self._borders:
            self._borders[shape] = _Border.of(self.shapes[shape])
        return self._borders[shape]

    @cached_property
    def _borders(self) -> dict[int, _Border]:
        return {}


@dataclass(frozen=True)
class _Border:
    """The edges of a shape, or its points."""

    edges: Objects
    box: Floats
    tree: shapely.STRtree

    @classmethod
    def of(cls, shape: shapely.Geometry) -> _Border:
        areal = shapely.get_dimensions(shape) > LINE
        lines = shapely.get_rings(shapely.get_parts(shape)) if areal else np.array([shape], dtype=object)
        edges, _ = cut_lines(lines, 2)
        return cls(edges, shapely.bounds(edges).reshape(-1, 4), shapely.STRtree(edges))


def _clipped(shape: shapely.Geometry, box: Floats) -> Objects:
    """Return what of a polygon lies about each box, the same for boxes about which there is little."""
    out = np.full(len(box), shape, dtype=object)
    for rows, clip in _halves(shape, box):
        areal = shapely.get_type_id(clip) in (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
        if shapely.is_empty(clip):
            out[rows] = shapely.Polygon()
        elif areal and shapely.is_valid(clip):  # the quick clip may fail: then it is the whole
            shapely.prepare(clip)
            out[rows] = clip
    return out


def _halves(shape: shapely.Geometry, box: Floats) -> Iterator[tuple[Indices, shapely.Geometry]]:
    """Clip a polygon to all boxes, to one half of them and to the other, and so on, until little is left."""
    todo = [(shape, np.arange(len(box)))]
    while todo:
        clip, rows = todo.pop()
        some = box[rows]
        low, high = some[:, :2].min(axis=0), some[:, 2:].max(axis=0)
        clip = shapely.clip_by_rect(clip, *low.tolist(), *high.tolist())
        if len(rows) == 1 or shapely.get_num_coordinates(clip) <= FEW:
            yield rows, clip
            continue
        middle = some[:, :2] + some[:, 2:]
        order = np.argsort(middle[:, int(np.argmax(np.ptp(middle, axis=0)))], kind="stable")
        todo += [(clip, rows[half]) for half in np.array_split(order, 2)]

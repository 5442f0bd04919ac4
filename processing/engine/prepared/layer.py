"""A layer made ready for many sites: cut small, indexed, measured once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.digests import combined_digest
from ....layers.features import LayerData
from ....layers.geodesy import mercator
from ....layers.geodesy.area import polygon_areas
from ....layers.geodesy.boxes import boxes
from ..kernel import library
from ..kernel.box_tree import Lines
from ..kernel.outlines import Outlines
from .cutting import cut_lines, cut_polygons
from .lines import lines_of
from .reach import Box, Reach
from .traits import Traits
from .water import BANK_LINE, SIDES, water_bodies
from .whereabouts import Sought
from .whole import Used, Whole

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

RIM_VERTICES = 64
RIM_BLOCK = 500_000  # vertices
ROOM_M = 300.0  # for the accuracy of sites
MAX_PLANE_EDGE_DEG = (
    0.001  # about 100 m: an edge straight in lon/lat leaves the straight edge of the plane by < 0.12 mm
)


@dataclass(frozen=True)
class PreparedLayer:
    """One layer source ready for screening.

    Attributes
    ----------
    data : LayerData
        The features near the sites, one row each.
    whole : Whole
        What is told of all features of the source.
    surface : ndarray of object
        What a site can overlap, per feature: the feature itself if it is a polygon, the
        water between two bank lines, or None.
    pieces, piece_feature : ndarray
        Small polygons that tile the surfaces, and the feature row of each.
    sought : Sought or None
        Where the sites are that it is ready for: it lacks pieces that none of them meets, and borders out of
        their reach. None where it is ready for sites anywhere.
    """

    data: LayerData
    whole: Whole
    surface: Objects
    pieces: Objects
    piece_feature: Indices
    sought: Sought | None = None

    @property
    def geometry(self) -> Objects:
        """The whole features, EPSG:4490."""
        return self.data.features.geometry

    @property
    def areal(self) -> bool:
        """Whether there is anything that sites can overlap."""
        return not shapely.is_missing(self.surface).all()

    def ready_for(self, bounds: Floats, reach_m: float) -> PreparedLayer:
        """Return the layer ready for sites in those boxes and a reach: itself, or all of it where it is not.

        Parameters
        ----------
        bounds : ndarray, shape (n, 4)
            EPSG:4490 degrees.
        """
        if self.sought is None or (reach_m <= self._reach_m and self.sought.where.hold(bounds).all()):
            return self
        return self.complete

    @cached_property
    def _reach_m(self) -> float:
        """How far from a site there are borders."""
        assert self.sought is not None
        return self.sought.asked_m + self.data.source.accuracy_m + float(self.traits.wide_m.max(initial=0.0)) + ROOM_M

    @cached_property
    def complete(self) -> PreparedLayer:
        """The same layer, ready for sites anywhere."""
        return self if self.sought is None else _cut_for(self.data, self.whole, self.surface, None)

    def used(self, box: Box | None) -> Used:
        """Return which features a run rests on whose sites lie in a box; the layer is ready at least there."""
        digests = self.data.digests if box is None else self.data.digests[self._reach.rows(box)]
        return Used(len(digests), combined_digest(digests))

    @cached_property
    def _reach(self) -> Reach:
        return Reach.of(self.data)

    @cached_property
    def traits(self) -> Traits:
        """What the features are."""
        return Traits(self.data, self.surface)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the pieces."""
        return shapely.STRtree(self.pieces)

    @cached_property
    def piece_area(self) -> Floats:
        """Ellipsoidal area of each piece, m²."""
        return polygon_areas(self.pieces)

    @cached_property
    def n_pieces(self) -> Indices:
        """How many pieces each feature was cut into; -1 where pieces may lack."""
        return np.where(np.isnan(self.feature_area), -1, np.bincount(self.piece_feature, minlength=len(self.surface)))

    @cached_property
    def outlines(self) -> Outlines:
        """The pieces as the compiled loops read them: there must be such loops."""
        loops = library.kernel()
        assert loops is not None
        return Outlines.of(self.pieces, loops)

    @cached_property
    def feature_area(self) -> Floats:
        """Ellipsoidal area of each feature, m²; NaN where pieces may lack, which are in the box of no site."""
        area = np.asarray(np.bincount(self.piece_feature, self.piece_area, len(self.surface)), dtype=np.float64)
        if self.sought is not None:
            area[~self.sought.where.hold(boxes(self.surface))] = np.nan
        return area

    @cached_property
    def rims(self) -> Rims:
        """The features' own borders, without the lines along which they were cut."""
        rims = Rims.of(self._bordered[self._in_reach])
        return Rims(rims.runs, self._in_reach[rims.feature])

    @cached_property
    def rim_lines(self) -> Lines:
        """The same for the compiled search, by feature."""
        return lines_of(self._bordered, np.arange(len(self.surface)), self._in_reach)

    @cached_property
    def _in_reach(self) -> Indices:
        """The features whose borders sites may ask for."""
        if self.sought is None:
            return np.arange(len(self.surface))
        return np.flatnonzero(self.sought.where.near(boxes(self._bordered), self._reach_m))

    @property
    def _bordered(self) -> Objects:
        return np.where(shapely.is_missing(self.surface), self.geometry, self.surface)

    @cached_property
    def sided(self) -> Rims:
        """The banks that name their side of a river: polygons whole, lines as short runs."""
        rows = np.flatnonzero([name in SIDES for name in self.traits.texts("side")])
        areal = shapely.get_dimensions(self.geometry[rows]) == 2
        areas, lines = rows[areal], rows[~areal]
        runs, source = cut_lines(self.geometry[lines], RIM_VERTICES)
        return Rims(np.concatenate([self.geometry[areas], runs]), np.concatenate([areas, lines[source]]))

    @cached_property
    def group_of_feature(self) -> Indices:
        """The boundary group of each feature: one per combination of the fields that the role keeps apart."""
        keys = self.data.features.keys(tuple(self.data.role.nearest_by))
        texts = ["\x1f".join("" if value is None else str(value) for value in key) for key in keys]
        return np.asarray(np.unique(np.array(texts, dtype=str), return_inverse=True)[1], dtype=np.int64)

    @cached_property
    def groups(self) -> tuple[BoundaryGroup, ...]:
        """The boundaries of the features, by group."""
        group = self.group_of_feature
        n_groups = int(group.max(initial=-1)) + 1
        return tuple(BoundaryGroup.of(self.geometry, np.flatnonzero(group == g)) for g in range(n_groups))

    @cached_property
    def bank_lines(self) -> Lines:
        """The same for the compiled search, by group."""
        return lines_of(self.geometry, self.group_of_feature)


@dataclass(frozen=True)
class Rims:
    """Borders of the features of a layer as short runs, EPSG:4490."""

    runs: Objects
    feature: Indices

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the runs."""
        return shapely.STRtree(self.runs)

    def of_feature(self, feature: int) -> Rims:
        """Return the border of one feature."""
        rows = np.flatnonzero(self.feature == feature)
        return Rims(self.runs[rows], self.feature[rows])

    @classmethod
    def of(cls, features: Objects) -> Rims:
        """Return the borders of polygons, and lines and points as they are."""
        # Some features after the other: what is needed on the way is several times as large as they are.
        block = np.cumsum(shapely.get_num_coordinates(features)) // RIM_BLOCK
        parts = []
        for rows in np.split(np.arange(len(features)), np.flatnonzero(np.diff(block)) + 1):
            runs, source = cut_lines(_borders(features[rows]), RIM_VERTICES)
            parts.append((runs, rows[source]))
        return cls(np.concatenate([runs for runs, _ in parts]), np.concatenate([rows for _, rows in parts]))


@dataclass(frozen=True)
class BoundaryGroup:
    """Boundaries of some features as short runs in the Mercator plane."""

    runs: Objects
    run_feature: Indices

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the runs."""
        return shapely.STRtree(self.runs)

    @cached_property
    def run_bounds(self) -> Floats:
        """The box of each run, shape (n, 4)."""
        return np.asarray(shapely.bounds(self.runs).reshape(-1, 4))

    @cached_property
    def boxes(self) -> shapely.STRtree:
        """Index of the boxes of sixteen neighbouring runs each: tells cheaply where the group is not."""
        bounds = self.run_bounds
        start = np.arange(0, len(bounds), 16)
        low, high = np.minimum.reduceat(bounds, start), np.maximum.reduceat(bounds, start)
        return shapely.STRtree(shapely.box(low[:, 0], low[:, 1], high[:, 2], high[:, 3]))

    @classmethod
    def of(cls, geometry: Objects, features: Indices) -> BoundaryGroup:
        """Return the group of the features at those rows."""
        runs, source = cut_lines(to_plane(_borders(geometry[features])))
        return cls(runs, features[source])


def _borders(geometry: Objects) -> Objects:
    lines = geometry.copy()
    areal = shapely.get_dimensions(lines) == 2
    lines[areal] = shapely.boundary(lines[areal])
    return lines


def prepare(data: LayerData, box: Box | None = None, sought: Sought | None = None) -> PreparedLayer:
    """Cut and index a layer.

    Whatever the box, a site well inside it has the same facts and outcomes.

    Parameters
    ----------
    data : LayerData
        Valid features in EPSG:4490, all of the source.
    box : tuple or None
        West, south, east, north, degrees: only features that reach into it are made ready.
    sought : Sought, optional
        Where the sites are: for others than these the layer is made ready again.
    """
    whole = Whole.of(data)
    data = data if box is None else data.take(Reach.of(data).rows(box))
    surface = data.features.geometry.copy()
    surface[shapely.get_dimensions(surface) != 2] = None
    if data.role.id == BANK_LINE:
        surface = water_bodies(data.features, surface)
    return _cut_for(data, whole, surface, sought)


def _cut_for(data: LayerData, whole: Whole, surface: Objects, sought: Sought | None) -> PreparedLayer:
    areal = np.flatnonzero(~shapely.is_missing(surface))
    pieces, source = cut_polygons(surface[areal], wanted=None if sought is None else sought.where.near)
    return PreparedLayer(data, whole, surface, pieces, areal[source], sought)


def to_plane(geometry: Objects) -> Objects:
    """Return geometries in the Mercator plane (radians), long edges broken first so that they keep their course."""
    coords, index = shapely.get_coordinates(geometry, return_index=True)
    step = np.hypot(*np.diff(coords, axis=0).T)
    long = np.unique(index[1:][(step > MAX_PLANE_EDGE_DEG) & (index[1:] == index[:-1])])
    dense = geometry.copy()
    dense[long] = shapely.segmentize(geometry[long], MAX_PLANE_EDGE_DEG)
    return np.asarray(shapely.transform(dense, lambda xy: np.column_stack(mercator.forward(xy[:, 0], xy[:, 1]))))

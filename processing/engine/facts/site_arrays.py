"""The sites of one chunk as arrays: the only form in which the hot path sees them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy.area import polygon_areas
from ....layers.geodesy.discs import discs
from ....layers.geodesy.joined import joined
from ....layers.geodesy.length import line_lengths
from ..kernel import library
from ..kernel.edge_trees import EdgeTree
from ..kernel.outlines import Outlines
from ..kernel.overlap import run_twice
from ..prepared.cutting import first_vertices
from .inscribed import polygon_depths
from .search_sites import SearchSites
from .vicinity import Vicinity

if TYPE_CHECKING:
    import geopandas as gpd

POINT, LINE, POLYGON = 0, 1, 2
Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SiteArrays:
    """Geometries and measures of n sites.

    Attributes
    ----------
    geometry : ndarray of object, shape (n,)
        What is judged, EPSG:4490 degrees: a point with a footprint is its disc.
    dimension : ndarray of uint8, shape (n,)
        0 bare point, 1 line, 2 polygon.
    size : ndarray, shape (n,)
        m² of polygons, m of lines, the number of points; what a share is a share of.
    accuracy_m : ndarray, shape (n,)
        Declared accuracy of the coordinates, 0 where none was given.
    """

    geometry: Objects
    dimension: NDArray[np.uint8]
    size: Floats
    accuracy_m: Floats

    def __len__(self) -> int:
        return len(self.geometry)

    def part(self, start: int, end: int) -> SiteArrays:
        """Return the sites from one position up to another."""
        return SiteArrays(
            self.geometry[start:end], self.dimension[start:end], self.size[start:end], self.accuracy_m[start:end]
        )

    @cached_property
    def _depth(self) -> Floats:
        return np.full(len(self), np.nan)

    def depths(self, rows: Indices) -> Floats:
        """Return twice the radius of the largest disc inside the polygons at those rows, m; each is computed once."""
        todo = np.unique(rows[np.isnan(self._depth[rows])])
        self._depth[todo] = polygon_depths(self.geometry[todo])
        return self._depth[rows]

    @cached_property
    def retraced(self) -> NDArray[np.bool_]:
        """Which sites are lines that meet themselves: they may run twice over one place."""
        out = np.zeros(len(self), dtype=bool)
        lines = np.flatnonzero(self.dimension == LINE)
        out[lines] = ~shapely.is_simple(self.geometry[lines])
        return out

    @cached_property
    def doubled(self) -> NDArray[np.bool_]:
        """Which parts may run over one place twice, as far as can be told cheaply."""
        out, loops = self.retraced[self.parts.site], library.kernel()
        if loops is None or self.parts.outlines is None or not out.any():
            return out
        return run_twice(loops, self.parts.outlines, out, self.parts.edges)

    @cached_property
    def searched(self) -> SearchSites:
        """The sites as the searches for nearest points see them."""
        return SearchSites(self.geometry)

    @cached_property
    def vicinity(self) -> Vicinity:
        """What lies about a feature, of each site."""
        return self.parts.vicinity if self.parts.geometry is self.geometry else Vicinity(self.geometry)

    @cached_property
    def n_parts(self) -> Indices:
        """How many connected parts each site has."""
        return np.bincount(self.parts.site, minlength=len(self))

    @cached_property
    def parts(self) -> SiteParts:
        """The connected parts of all sites."""
        if (shapely.get_num_geometries(self.geometry) == 1).all():
            return SiteParts(self.geometry, np.arange(len(self)), self.dimension, self.size)
        geometry, site = shapely.get_parts(self.geometry, return_index=True)
        dimension = self.dimension[site]
        return SiteParts(geometry, site.astype(np.int64), dimension, _sizes(geometry, dimension))


@dataclass(frozen=True)
class SiteParts:
    """Connected parts: ``site`` is the row of the site that each belongs to."""

    geometry: Objects
    site: Indices
    dimension: NDArray[np.uint8]
    size: Floats

    @cached_property
    def outlines(self) -> Outlines | None:
        """The parts as the compiled loops read them; None where there are no loops."""
        loops = library.kernel()
        return None if loops is None else Outlines.of(self.geometry, loops)

    @cached_property
    def edges(self) -> EdgeTree | None:
        """The edges of large parts for the compiled loops; None where there are no loops or no large parts."""
        return None if self.outlines is None else EdgeTree.of(self.outlines)

    @cached_property
    def vicinity(self) -> Vicinity:
        """What lies about a feature, of each part."""
        return Vicinity(self.geometry)

    @cached_property
    def anchor(self) -> Floats:
        """The first vertex of each, shape (n, 2)."""
        return first_vertices(self.geometry)


def site_arrays(sites: gpd.GeoDataFrame) -> SiteArrays:
    """Return the arrays of sites as `layers.sites.normalise` gives them."""
    geometry = np.asarray(sites.geometry.array, dtype=object)
    points = shapely.get_dimensions(geometry) == POINT
    radius = _footprints(sites) if points.any() else np.zeros(len(sites))
    return arrays_of(geometry, radius, _numbers(sites, "accuracy_m", 0.0))


def arrays_of(geometry: Objects, radius: Floats, accuracy_m: Floats) -> SiteArrays:
    """Return the arrays of valid geometries in EPSG:4490, with the radius of each point's footprint, m."""
    dimension = shapely.get_dimensions(geometry).astype(np.uint8)
    points = dimension == POINT
    round_ = np.flatnonzero(points & (radius > 0))
    if len(round_):
        geometry = geometry.copy()
        geometry[round_] = _around(geometry[round_], radius[round_])
        dimension[round_] = POLYGON
    return SiteArrays(geometry, dimension, _sizes(geometry, dimension), accuracy_m)


def _sizes(geometry: Objects, dimension: NDArray[np.uint8]) -> Floats:
    size: Floats = shapely.get_num_coordinates(geometry).astype(np.float64)
    polygons, lines = dimension == POLYGON, dimension == LINE
    size[polygons] = polygon_areas(geometry[polygons])
    size[lines] = line_lengths(geometry[lines])
    return size


def _footprints(sites: gpd.GeoDataFrame) -> Floats:
    """Return the radius of each point's footprint, m: given, or of a disc of the declared area; 0 where unknown."""
    if "footprint_m" not in sites and "area_m2" not in sites:
        return np.zeros(len(sites))
    given = _numbers(sites, "footprint_m", 0.0)
    return np.where(given > 0, given, np.sqrt(_numbers(sites, "area_m2", 0.0) / np.pi))


def _around(points: Objects, radius: Floats) -> Objects:
    """Return the footprints of points and multipoints."""
    parts, index = shapely.get_parts(points, return_index=True)
    each = discs(parts, radius[index])
    if len(parts) == len(points):
        return each
    return joined(each, index)


def _numbers(sites: gpd.GeoDataFrame, column: str, default: float) -> Floats:
    if column not in sites:
        return np.full(len(sites), default)
    values = sites[column].to_numpy()
    if values.dtype != np.float64:
        import pandas as pd

        values = pd.to_numeric(values).astype(np.float64)
    return np.where(np.isnan(values), default, values)

"""Sites as the searches for nearest points see them; each form is made when it is first asked for.

Large sites are looked for in sections, each of which is near to few features.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy import mercator
from ..kernel.nearest import Sites
from ..prepared.cutting import cut_lines, cut_polygons
from ..prepared.layer import to_plane
from .vicinity import Vicinity

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

EARTH_M = 6_371_000.0
LARGE = 2_000  # vertices of a site that is not looked at as a whole for each feature
SECTION = 384  # vertices
PLACE_DEG = 1e-7


@dataclass(frozen=True)
class SearchSites:
    """Sites given in EPSG:4490 (``lonlat``), as flat arrays and in the Mercator plane, used for every layer.

    Attributes
    ----------
    lonlat : ndarray of object
    site : ndarray of int64, optional
        The site that each is a section of.
    whole : Vicinity, optional
        The sites that were cut into sections.
    """

    lonlat: Objects
    site: Indices | None = None
    whole: Vicinity | None = None

    @cached_property
    def owner(self) -> Indices:
        """The site of each: itself, where it is no section."""
        return np.arange(len(self.lonlat)) if self.site is None else self.site

    @cached_property
    def sections(self) -> SearchSites | None:
        """Small sites as they are and large ones in sections; None where none is large, or these are sections."""
        large = shapely.get_num_coordinates(self.lonlat) > LARGE
        if self.site is not None or not large.any():
            return None
        dimension = shapely.get_dimensions(self.lonlat)
        rows = [np.flatnonzero(~large), *(np.flatnonzero(large & (dimension == d)) for d in range(3))]
        small, points, lines, areas = (self.lonlat[some] for some in rows)
        found = (
            (small, np.arange(len(small))),
            shapely.get_parts(points, return_index=True),
            cut_lines(lines, SECTION),
            cut_polygons(areas, SECTION),
        )
        owner = np.concatenate([some[index] for some, (_, index) in zip(rows, found, strict=True)])
        return SearchSites(np.concatenate([shapes for shapes, _ in found]), owner, Vicinity(self.lonlat))

    def about(self, row: Indices, lon: Floats, lat: Floats) -> Objects:
        """Return for each row and place a geometry that is the site there, and no section with corners of its own."""
        if self.whole is None:
            return np.asarray(self.lonlat[row])
        place = np.column_stack([lon - PLACE_DEG, lat - PLACE_DEG, lon + PLACE_DEG, lat + PLACE_DEG])
        return self.whole.about(self.owner[row], place)

    @cached_property
    def flat(self) -> Sites:
        """What the compiled search reads."""
        return Sites.of(self.lonlat)

    @cached_property
    def geometry(self) -> Objects:
        """The sites in the Mercator plane."""
        return to_plane(self.lonlat)

    @cached_property
    def bounds(self) -> Floats:
        """Their boxes in the plane, shape (n, 4)."""
        return np.asarray(shapely.bounds(self.geometry).reshape(-1, 4))

    @property
    def middle(self) -> Objects:
        """The middles of the boxes."""
        west, south, east, north = self.bounds.T
        return np.asarray(shapely.points((west + east) / 2, (south + north) / 2))

    @property
    def radius(self) -> Floats:
        """How far a site reaches from there, in plane units."""
        west, south, east, north = self.bounds.T
        return np.asarray(np.hypot(east - west, north - south) / 2)

    @cached_property
    def lat(self) -> Floats:
        """Least and greatest latitude of each, degrees, shape (n, 2)."""
        return np.asarray(shapely.bounds(self.lonlat).reshape(-1, 4)[:, [1, 3]])

    @property
    def furthest_lat(self) -> Floats:
        """How far from the equator each reaches, degrees."""
        return np.asarray(np.abs(self.lat).max(axis=1, initial=0.0))

    def take(self, rows: Indices) -> SearchSites:
        """Return the sites at those positions; what is made of all of them is not made again."""
        taken = SearchSites(self.lonlat[rows], self.owner[rows], self.whole)
        for name in ("geometry", "bounds", "lat"):
            if name in vars(self):
                vars(taken)[name] = vars(self)[name][rows]
        return taken

    def around(self, reach_m: float) -> tuple[Objects, Floats]:
        """Return the box of each site widened by the reach, and the reach, in plane units."""
        limit = reach_m * mercator.scale(self.furthest_lat + np.degrees(reach_m / EARTH_M))
        west, south, east, north = self.bounds.T
        return np.asarray(shapely.box(west - limit, south - limit, east + limit, north + limit)), limit

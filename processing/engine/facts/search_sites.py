"""Sites as the searches for nearest points see them; each form is made when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy import mercator
from ..kernel.nearest import Sites
from ..prepared.layer import to_plane

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

EARTH_M = 6_371_000.0


@dataclass(frozen=True)
class SearchSites:
    """Sites given in EPSG:4490 (``lonlat``), as flat arrays and in the Mercator plane, used for every layer."""

    lonlat: Objects

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
        taken = SearchSites(self.lonlat[rows])
        for name in ("geometry", "bounds", "lat"):
            if name in vars(self):
                vars(taken)[name] = vars(self)[name][rows]
        return taken

    def around(self, reach_m: float) -> tuple[Objects, Floats]:
        """Return the box of each site widened by the reach, and the reach, in plane units."""
        limit = reach_m * mercator.scale(self.furthest_lat + np.degrees(reach_m / EARTH_M))
        west, south, east, north = self.bounds.T
        return np.asarray(shapely.box(west - limit, south - limit, east + limit, north + limit)), limit

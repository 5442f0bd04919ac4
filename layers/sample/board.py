"""The areas of the district by name, and the ground that is still free for sites."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import shapely

from ..errors import EcoRedlineError
from ..texts import Text
from .land import Land
from .zones import Zones

KEEP_OFF_M = 45.0
PROTECTED = ("red", "level1", "level2", "quasi", "core", "general", "nature_park", "farmland", "sketch", "water")


class PlacingError(EcoRedlineError):
    """A site of the sample found no place in the district of this seed."""

    def __init__(self, site: str) -> None:
        super().__init__(
            Text(
                f"示范地块 {site} 在该种子生成的示范区内无处可放",
                f"Sample site {site} finds no place in the district of this seed",
            ),
            remedy=Text("请换一个种子（默认 2026）。", "Take another seed (2026 is the default)."),
        )


class Board:
    """Where sites are put one after the other.

    Parameters
    ----------
    land : Land
    zones : Zones
    """

    def __init__(self, land: Land, zones: Zones) -> None:
        self.land = land
        self.zones = zones
        self._used: list[shapely.Geometry] = []
        self._around: dict[tuple[str, float], shapely.Geometry] = {}
        division = zones.division
        self.areas: dict[str, shapely.Geometry] = {
            **division.units,
            "red": shapely.union_all(list(division.red.values())),
            "red:P2": division.red["P2"],
            "red:P4": division.red["P4"],
            "water": land.streams["mainstem"].water,
            "level1": zones.water_source[0],
            "level2": zones.water_source[1],
            "quasi": zones.water_source[2],
            "core": zones.reserve[0],
            "general": zones.reserve[1],
            "nature_park": zones.nature_park,
            "chemical_park": zones.chemical_park,
            "farmland": shapely.union_all(zones.farmland),
            "sketch": shapely.union_all(zones.farmland_sketch),
        }

    def free(
        self,
        units: Collection[str],
        allow: Collection[str] = (),
        off: Mapping[str, float] | None = None,
        border_m: float = KEEP_OFF_M,
    ) -> shapely.Geometry:
        """Return the free ground of some areas taken together.

        Parameters
        ----------
        units : collection of str
            Names of areas.
        allow : collection of str
            Protected areas that the ground may lie in.
        off : mapping of str to float, optional
            Least distance (m) to the water of rivers by key; ``*`` for those not named, 40 m if that is missing.
        border_m : float
            Least distance to the outer border of the areas.
        """
        off = {"*": 40.0, **(off or {})}
        ground = shapely.buffer(shapely.union_all([self.areas[name] for name in units]), -border_m)
        taken = [self._near(name, self.areas[name], KEEP_OFF_M) for name in PROTECTED if name not in allow]
        for key, stream in self.land.streams.items():
            if least := off.get(key, off["*"]):
                taken.append(self._near(f"river {key}", stream.water, least))
        taken += self._used
        return shapely.difference(ground, shapely.union_all(taken))

    def take(self, site: shapely.Geometry) -> shapely.Geometry:
        """Mark the ground of a site as used and return the site."""
        self._used.append(shapely.buffer(site, KEEP_OFF_M))
        return site

    @property
    def used(self) -> shapely.Geometry:
        """The ground that sites have taken, with what keeps off them."""
        return shapely.union_all(self._used)

    def taken(self, shape: shapely.Geometry) -> bool:
        """Return whether a shape reaches into ground that a site has taken."""
        return bool(shapely.intersects(self.used, shape))

    def _near(self, name: str, area: shapely.Geometry, reach_m: float) -> shapely.Geometry:
        if (name, reach_m) not in self._around:
            self._around[name, reach_m] = shapely.buffer(area, reach_m, quad_segs=16)
        return self._around[name, reach_m]

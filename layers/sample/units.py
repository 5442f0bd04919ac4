"""Control units, red line and neighbour cut from one set of faces, so that they fit without gap or overlap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from . import plan
from .land import LEAST_PIECE_M2, Land
from .outline import Points, spline, wobble
from .partition import GRID_M, Areas, faces, joined, within

NEIGHBOUR_RING = np.array(
    [
        (-3.4, -7.9), (-5.2, -7.4), (-6.9, -5.2), (-7.3, -2.2), (-6.6, 0.6), (-7.4, 3.4),
        (-6.6, 6.4), (-4.6, 8.2), (-1.6, 8.0),
        (-0.2, 7.2), (-0.6, 4.0), (-2.0, 0.0), (-2.4, -4.0),
    ]
) * 1000.0  # fmt: skip
SADDLE = np.array([(-8.0, 0.35), (-5.2, 0.5), (-3.9, 0.25), (-2.4, 0.6)]) * 1000.0


ENCLAVE_M2 = 60_000.0


@dataclass(frozen=True)
class Division:
    """The district divided: units P1…P4 (priority) and K1…K4 (key), and the red line by unit."""

    district: shapely.Geometry
    neighbour: shapely.Geometry
    units: dict[str, shapely.Geometry]
    red: dict[str, shapely.Geometry]
    red_neighbour: shapely.Geometry


def divide(
    rng: np.random.Generator, land: Land, reserve: shapely.Polygon, park: shapely.Polygon, intake: shapely.Geometry
) -> Division:
    """Return units whose borders follow ridges, river, brooks, reserve, nature park and first water zone.

    Parameters
    ----------
    rng : numpy.random.Generator
    land : Land
    reserve, park, intake : Polygon
        Outer border of the reserve, of the nature park and of the first water zone.
    """
    around = shapely.Polygon(wobble(spline(NEIGHBOUR_RING, 60.0, closed=True), 70.0, rng, (6, 150), closed=True))
    frontier = shapely.difference(shapely.boundary(around), land.district)
    north, south = (_prolonged(rng, land, key, y) for key, y in (("north_brook", 5600.0), ("south_brook", -1500.0)))
    saddle = shapely.LineString(wobble(spline(SADDLE, 50.0), 40.0, rng, (4, 50)))
    lines = [shapely.LineString(line) for line in (north, south)]
    water = land.streams["mainstem"].water
    parts = faces([land.district, frontier, land.red, water, reserve, park, intake, saddle, *lines])
    own = within(parts, land.district)
    beyond = ~own & within(parts, around)
    mine = parts[own]
    red = within(mine, land.red)
    hill, key = _labels(land, mine, north, south)
    wild = red | within(mine, reserve) | within(mine, park)
    river = within(mine, water) | within(mine, intake)
    for name in ("K1", "K2", "K3", "K4"):
        cut_off = _enclaves(mine, ~wild & ~river & (key == name))
        by_river = shapely.dwithin(mine, joined(mine[river]), GRID_M) & ~shapely.dwithin(
            mine, joined(mine[wild]), GRID_M
        )
        river |= cut_off & by_river
        wild |= cut_off & ~by_river
    label = np.where(river, "P3", np.where(wild, hill, key))
    units = {name: joined(mine[label == name]) for name in ("P1", "P2", "P3", "P4", "K1", "K2", "K3", "K4")}
    reds = {name: joined(mine[red & (label == name)]) for name in ("P1", "P2", "P4")}
    return Division(joined(mine), joined(parts[beyond]), units, reds, _large(parts[beyond & within(parts, land.red)]))


def _large(parts: Areas) -> shapely.Geometry:
    whole = shapely.get_parts(joined(parts))
    return shapely.union_all(whole[shapely.area(whole) >= LEAST_PIECE_M2])


def _enclaves(parts: Areas, unit: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the faces of a key unit that hills and reserves cut off and that are too small to stand alone."""
    islands = shapely.get_parts(joined(parts[unit]))
    small = islands[shapely.area(islands) < ENCLAVE_M2]
    return unit & within(parts, shapely.union_all(small)) if len(small) else np.zeros(len(parts), dtype=bool)


def _prolonged(rng: np.random.Generator, land: Land, key: str, y: float) -> Points:
    """Return a brook from beyond the western border over the ridge to its mouth."""
    axis = np.asarray(land.streams[key].axis.coords)
    over = spline(np.vstack(([(-9000.0, y), (-5200.0, y + 150.0)], axis[:1])), 50.0)
    # The bends fade out towards the spring, so that the line meets the brook.
    bent = (
        over
        + (wobble(over, 45.0, rng, (6, 60)) - over) * np.clip((len(over) - 1 - np.arange(len(over))) / 8, 0, 1)[:, None]
    )
    return np.vstack((bent[:-1], axis))


def _labels(land: Land, parts: Areas, north: Points, south: Points) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    """Return for each face the priority unit it falls to if wild, and the key unit if not."""
    river = np.asarray(land.streams["mainstem"].axis.coords)
    west, low, east, high = 2 * np.array(plan.FRAME)
    right = shapely.Polygon(np.vstack((river, [(east, river[-1, 1]), (east, low), (river[0, 0], low)])))
    mouth = [int(np.argmin(np.hypot(*(river - line[-1]).T))) for line in (north, south)]
    upper = shapely.Polygon(np.vstack((north, river[mouth[0] :], [(east, high), (west, high)])))
    lower = shapely.Polygon(np.vstack((south, river[mouth[1] :: -1], [(river[0, 0], low), (west, low)])))
    on_right = within(parts, right)
    key = np.where(on_right, "K4", np.where(within(parts, upper), "K1", np.where(within(parts, lower), "K3", "K2")))
    saddle_y = np.interp(shapely.get_x(at := shapely.point_on_surface(parts)), *SADDLE.T)
    west_hill = np.where(shapely.get_y(at) > saddle_y, "P1", "P2")
    return np.where(shapely.get_x(at) < -2000.0, west_hill, "P4"), key

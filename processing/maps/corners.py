"""The boundary points of a site: numbered, and thinned where a page has no room for all."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from .extent import project, unproject

LETTER = ("P", "Z", "J")
TITLE = ("点位", "拐点", "界址点")  # of points, lines and polygons
_LAID_M = (60.0, 201.0)  # vertices that were laid on long straight edges for measuring are this far apart
_LAID_OFF_M = 0.002
_HALVINGS = 40
_ABOVE_RIGHT = 2
_BY_WIND = (5, 2, 1, 0, 3, 6, 7, 8)  # east, north-east, … as quadrants
_STRAIGHT = 0.05


@dataclass(frozen=True)
class Corners:
    """Boundary points.

    Attributes
    ----------
    points : GeoDataFrame
        Columns name (J1 …), x (northing) and y (easting) in metres of the zone, quadrant (where its number stands,
        away from the site: 0 to 8 by rows, from above left to below right); EPSG:4490.
    total : int
        How many the site has.
    """

    points: gpd.GeoDataFrame
    total: int


def corners(site: shapely.Geometry, epsg: int, most: int) -> Corners:
    """Return the boundary points of a site, at most so many: those that keep its shape best, with their own numbers.

    Rings are numbered one after another as they come, each once around; bends of lines are Z, points P.

    Parameters
    ----------
    site : Geometry
        In degrees (EPSG:4490).
    epsg : int
        The zone in whose metres coordinates are given.
    most : int
        How many there is room for.
    """
    flat = project(site, epsg)
    chains = [_without_laid(chain) for chain in _chains(flat)]
    total = sum(len(chain) for chain in chains)
    kept = [np.ones(len(chain), bool) for chain in chains] if total <= most else _thinned(chains, most)
    numbers = np.flatnonzero(np.concatenate(kept)) + 1 if total else np.empty(0, int)
    metres = np.concatenate([chain[keep] for chain, keep in zip(chains, kept, strict=True)])[:most]
    numbers = numbers[:most]
    quadrants = np.concatenate([_quadrants(chain)[keep] for chain, keep in zip(chains, kept, strict=True)])[:most]
    letter = LETTER[int(shapely.get_dimensions(site))]
    points = gpd.GeoDataFrame(
        {
            "name": [f"{letter}{number}" for number in numbers],
            "x": metres[:, 1],
            "y": metres[:, 0],
            "quadrant": quadrants,
        },
        geometry=unproject(shapely.points(metres), epsg),
        crs=4490,
    )
    return Corners(points, total)


def _chains(flat: shapely.Geometry) -> list[NDArray[np.float64]]:
    """Return the coordinates of every ring (without its closing point), line or point."""
    chains = []
    for part in shapely.get_parts(flat):
        if part.geom_type == "Polygon":
            chains.extend(shapely.get_coordinates(ring)[:-1] for ring in (part.exterior, *part.interiors))
        else:
            chains.append(shapely.get_coordinates(part))
    return chains


def _without_laid(chain: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(chain) < 5:
        return chain
    before, after = np.roll(chain, 1, axis=0), np.roll(chain, -1, axis=0)
    first, second = np.hypot(*(chain - before).T), np.hypot(*(after - chain).T)
    span = after - before
    off = np.abs(span[:, 0] * (chain - before)[:, 1] - span[:, 1] * (chain - before)[:, 0])
    off /= np.maximum(np.hypot(*span.T), 1e-9)
    low, high = _LAID_M
    laid = (off < _LAID_OFF_M) & (first > low) & (first < high) & (second > low) & (second < high)
    return chain[~laid]


def _quadrants(chain: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the side on which the number of each point stands: where its edges turn away from, else across them."""
    if len(chain) < 2:
        return np.full(len(chain), _ABOVE_RIGHT)

    def towards(other: NDArray[np.float64]) -> NDArray[np.float64]:
        step = other - chain
        return step / np.maximum(np.hypot(*step.T), 1e-9)[:, None]

    away = -(towards(np.roll(chain, 1, axis=0)) + towards(np.roll(chain, -1, axis=0)))
    onward = towards(np.roll(chain, -1, axis=0))
    across = np.column_stack([-onward[:, 1], onward[:, 0]])
    straight = np.hypot(*away.T) <= _STRAIGHT
    away = np.where(straight[:, None], across, away)
    ring = shapely.Polygon(chain) if len(chain) > 2 else shapely.Polygon()
    outer = ~shapely.contains_xy(ring, *(chain + away * 1e-3 * np.sqrt(max(ring.area, 1e-6))).T)
    away = np.where(outer[:, None], away, -away)
    wind = (np.rint(np.arctan2(away[:, 1], away[:, 0]) / (np.pi / 4)).astype(int)) % 8
    return np.array(_BY_WIND)[wind]


def _thinned(chains: list[NDArray[np.float64]], most: int) -> list[NDArray[np.bool_]]:
    """Return which points of each chain stay when all are simplified alike to at most so many."""
    span = max(float(np.ptp(chain, axis=0).max()) for chain in chains)
    low, high = 0.0, max(span, 1e-6)
    best = _kept(chains, high)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        kept = _kept(chains, middle)
        if sum(int(keep.sum()) for keep in kept) <= most:
            best, high = kept, middle
        else:
            low = middle
    return best


def _kept(chains: list[NDArray[np.float64]], tolerance_m: float) -> list[NDArray[np.bool_]]:
    out = []
    for chain in chains:
        if len(chain) < 3:
            out.append(np.ones(len(chain), bool))
            continue
        line = shapely.linestrings(np.column_stack([chain, np.arange(len(chain))]))
        numbers = shapely.get_coordinates(shapely.simplify(line, tolerance_m), include_z=True)[:, 2]
        keep = np.zeros(len(chain), bool)
        keep[numbers.astype(int)] = True
        out.append(keep)
    return out

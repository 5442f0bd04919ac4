"""Areas cut from one set of lines, so that neighbours share every vertex of their border."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

GRID_M = 0.001

Areas = NDArray[np.object_]


def faces(lines: Iterable[shapely.Geometry]) -> Areas:
    """Return the faces between lines, every crossing a vertex of all that meet there (grid of 1 mm)."""
    noded = shapely.union_all(
        [shapely.boundary(g) if shapely.get_dimensions(g) == 2 else g for g in lines], grid_size=GRID_M
    )
    out: Areas = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    return out


def within(areas: Areas, region: shapely.Geometry) -> NDArray[np.bool_]:
    """Return which faces lie in a region whose border runs along their lines."""
    shapely.prepare(region)
    out: NDArray[np.bool_] = shapely.contains_properly(region, shapely.point_on_surface(areas))
    return out


def joined(areas: Areas) -> shapely.Geometry:
    """Return faces as one area that keeps every vertex of their outer border."""
    if len(areas) == 0:
        return shapely.Polygon()
    return shapely.coverage_union_all(areas)


def rings(nested: Sequence[shapely.Geometry], clip: shapely.Geometry) -> list[shapely.Geometry]:
    """Return nested areas, innermost first, as rings without overlap, cut to a region."""
    cut = faces([*nested, clip])
    free = within(cut, clip)
    out = []
    for area in nested:
        mine = free & within(cut, area)
        out.append(joined(cut[mine]))
        free &= ~mine
    return out

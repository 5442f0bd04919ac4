"""Indicators of the shape of the ground."""

from __future__ import annotations

import numpy as np
import pyproj
from numpy.typing import NDArray

from ....layers.images import Band
from ....layers.progress import Progress
from ....layers.texts import Text
from .cells import Areas
from .classes import ASPECTS, EROSION_SLOPE, LAND_SLOPE, STEEP_DEG, aspect_class
from .raster import opened
from .rows import Rows
from .sums import Shares, Sums, ratio
from .terrain import as_heights, ground_of, slope_and_aspect


def put_relief(rows: Rows, geoms: NDArray[np.object_], crs: pyproj.CRS, dem: Band, progress: Progress) -> None:
    """Add slope, its classes, relief, height and aspect.

    Notes
    -----
    Where the slope of a cell is unknown (edge of the raster, a missing neighbour) its height still counts for relief,
    so that both may stand on different shares of the area.
    """
    with opened(dem) as source:
        heights = as_heights(source)
        ground = ground_of(heights.grid)
        areas = Areas(geoms, crs, heights.grid)
        n = rows.n
        slope, height = Sums(n), Sums(n)
        land, erosion = Shares(n, len(LAND_SLOPE.names)), Shares(n, len(EROSION_SLOPE.names))
        facing = Shares(n, len(ASPECTS))
        for cells, share in areas.walk_with_share():
            progress.step(share, Text("正在计算坡度", "Computing slopes"))
            degrees, aspect, metres = slope_and_aspect(heights, ground, cells)
            slope.add(cells, degrees)
            height.add(cells, metres)
            land.add(cells, LAND_SLOPE.of(degrees))
            erosion.add(cells, EROSION_SLOPE.of(degrees))
            facing.add(cells, aspect_class(aspect))
        rows.note(heights.notes)
    size = areas.size
    sloped, covered = ratio(slope.weight, size), ratio(height.weight, size)
    rows.put_mean("slope_mean", slope, size, "°")
    rows.put("slope_max", _finite(slope.most), sloped, "°")
    steep = erosion.cells[:, EROSION_SLOPE.breaks.index(STEEP_DEG) + 1 :].sum(axis=1)
    rows.put("slope_over25_share", ratio(steep, erosion.weight), sloped)
    rows.put_shares(LAND_SLOPE, land, size)
    rows.put_shares(EROSION_SLOPE, erosion, size)
    rows.put("relief", _finite(height.most - height.least), covered, "m")
    rows.put_mean("height_mean", height, size, "m")
    for kind, name in enumerate(ASPECTS):
        rows.put(f"aspect_share:{name}", ratio(facing.cells[:, kind], slope.weight), sloped)
    rows.put("aspect_share:level", ratio(np.maximum(slope.weight - facing.weight, 0.0), slope.weight), sloped)


def _finite(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isfinite(values), values, np.nan)

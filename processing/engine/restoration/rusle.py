"""Soil loss by RUSLE: a model, for comparison only.

A = R · K · L · S · C · P. L and S after McCool et al. (Agriculture Handbook 703, 1997), above 5.14° (9 %) with the
steep-slope factor of Liu et al. (Transactions of the ASAE 37, 1994); C from cover after Cai et al.
(蔡崇法等, 水土保持学报 14(2), 2000).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyproj
from numpy.typing import NDArray

from ....layers.images import Band, Image
from ....layers.progress import Progress
from ....layers.texts import Text
from .cells import Areas
from .coverage import Floats
from .raster import opened
from .rows import Rows
from .sums import Sums
from .terrain import as_heights, ground_of, slope_and_aspect
from .vegetation import Ends, opened_ndvi


@dataclass(frozen=True)
class Rusle:
    """Factors that only local data can give.

    Parameters
    ----------
    r : float
        Rain, MJ·mm/(hm²·h·a).
    k : float
        Soil, t·hm²·h/(hm²·MJ·mm).
    p : float
        Measures, 0 to 1.
    slope_length_m : float
        One length of slope for all cells.
    """

    r: float
    k: float
    p: float = 1.0
    slope_length_m: float = 22.13


def length_and_steepness(slope: Floats, length_m: float) -> Floats:
    """Return L · S of slopes in degrees."""
    sine = np.sin(np.radians(slope))
    power = np.select([slope <= 0.57, slope <= 1.72, slope <= 2.86], [0.2, 0.3, 0.4], 0.5)
    steepness = np.select([slope < 5.14, slope < 10.0], [10.8 * sine + 0.03, 16.8 * sine - 0.5], 21.91 * sine - 0.96)
    out: Floats = np.where(np.isfinite(slope), (length_m / 22.13) ** power * steepness, np.nan)
    return out


def cover_factor(cover: Floats) -> Floats:
    """Return C of a vegetation cover, 0 to 1."""
    percent = 100.0 * cover
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.select([percent <= 0.0, percent > 78.3], [1.0, 0.0], 0.6508 - 0.3436 * np.log10(percent))
    out: Floats = np.where(np.isfinite(cover), np.clip(factor, 0.0, 1.0), np.nan)
    return out


def put_rusle(
    rows: Rows,
    geoms: NDArray[np.object_],
    crs: pyproj.CRS,
    dem: Band,
    image: Image,
    ends: Ends,
    factors: Rusle,
    progress: Progress,
) -> None:
    """Add the model figure on the cells of the DEM, with the cover of one image."""
    with opened(dem) as source:
        heights = as_heights(source)
        ground, areas, loss = ground_of(heights.grid), Areas(geoms, crs, heights.grid), Sums(rows.n)
        with opened_ndvi(image, heights.grid) as ndvi:
            for cells, share in areas.walk_with_share():
                progress.step(share, Text("正在计算土壤流失模型", "Computing the soil loss model"))
                slope, _, _ = slope_and_aspect(heights, ground, cells)
                value = ndvi.read(cells.top, cells.left, cells.height, cells.width)[cells.row, cells.col]
                ls, c = length_and_steepness(slope, factors.slope_length_m), cover_factor(ends.cover(value))
                # t/(hm²·a) to t/(km²·a).
                loss.add(cells, 100.0 * factors.r * factors.k * factors.p * ls * c)
    rows.put_mean("rusle_model", loss, areas.size, "t/(km²·a)", image.day.isoformat())
    rows.note(
        [
            Text(
                f"土壤流失为 RUSLE 模型值，不是实测：R {factors.r:g}、K {factors.k:g}、P {factors.p:g}、"
                f"坡长 {factors.slope_length_m:g} 米由使用者给定",
                f"soil loss is a figure of the model RUSLE, not measured: R {factors.r:g}, K {factors.k:g}, "
                f"P {factors.p:g}, slope length {factors.slope_length_m:g} m were given by the user",
            )
        ]
    )

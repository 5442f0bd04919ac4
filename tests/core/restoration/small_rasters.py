"""Small rasters by hand, and a slow zonal computation cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

DATA = Path(__file__).absolute().parents[4] / "shared" / "data" / "rasters"
UTM = "EPSG:32648"
Maker = Callable[..., str]


def write(
    path: Path,
    values: NDArray[Any],
    west: float = 500_000.0,
    north: float = 3_260_000.0,
    cell: float = 10.0,
    crs: str | None = UTM,
    **tags: Any,
) -> str:
    """Write one band or several; the upper left corner is at (west, north)."""
    import rasterio

    bands = values if values.ndim == 3 else values[None]
    names, units = tags.pop("names", None), tags.pop("units", None)
    scales, offsets = tags.pop("scales", None), tags.pop("offsets", None)
    profile = {
        "driver": "GTiff", "width": bands.shape[2], "height": bands.shape[1], "count": len(bands),
        "dtype": bands.dtype, "crs": crs, "transform": rasterio.Affine(cell, 0, west, 0, -cell, north),
    } | tags  # fmt: skip
    with rasterio.open(path, "w", **profile) as out:
        out.write(bands)
        if names:
            out.descriptions = names
        if units:
            out.units = units
        if scales:
            out.scales, out.offsets = scales, offsets or (0.0,) * len(bands)
    return str(path)


def slow_cover(area: shapely.Geometry, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Return the covered share of every cell by intersecting each with the area, in cell coordinates."""
    rows, cols = np.meshgrid(np.arange(shape[0]), np.arange(shape[1]), indexing="ij")
    boxes = shapely.box(cols, rows, cols + 1, rows + 1)
    out: NDArray[np.float64] = shapely.area(shapely.intersection(boxes, area))
    return out


def value(table: pd.DataFrame, indicator: str, site: str = "a", day: str | None = None) -> float:
    """Return the one value of an indicator."""
    return _one(table, indicator, site, day, "value")


def covered(table: pd.DataFrame, indicator: str, site: str = "a", day: str | None = None) -> float:
    """Return the share of the area that an indicator stands on."""
    return _one(table, indicator, site, day, "covered_share")


def _one(table: pd.DataFrame, indicator: str, site: str, day: str | None, column: str) -> float:
    at = (table["indicator"] == indicator) & (table["site_id"] == site)
    if day is not None:
        at &= table["date"] == day
    (found,) = table.loc[at, column]
    return float(found)


def areas(*boxes: tuple[float, float, float, float], crs: str = UTM) -> gpd.GeoDataFrame:
    """Return boxes called a, b, c …"""
    ids = list("abcdefgh")[: len(boxes)]
    return gpd.GeoDataFrame({"site_id": ids}, geometry=[shapely.box(*box) for box in boxes], crs=crs)

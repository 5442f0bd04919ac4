"""The water between the two bank lines of a river."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

Objects = NDArray[np.object_]

BANK_LINE = "bank_line"
CENTRE_LINE = "河道中心线"
ONE_RIVER = ("river", "river_class", "bank_def")


def is_centre_line(banks: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which features are centre lines, which are never more than indicative."""
    if "bank_def" not in banks:
        return np.zeros(len(banks), dtype=bool)
    return np.asarray(banks["bank_def"] == CENTRE_LINE)


def rivers(banks: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Return a number per feature that all features of one river share, -1 where no bank of it names its side."""
    out = np.full(len(banks), -1, dtype=np.int64)
    if "side" in banks and "river" in banks:
        rows = np.flatnonzero(banks["river"].notna())
        keys = [name for name in ONE_RIVER if name in banks]
        number = banks.iloc[rows].groupby(keys, dropna=False).ngroup().to_numpy(dtype=np.int64)
        sided = np.unique(number[banks["side"].notna().to_numpy()[rows]])
        out[rows] = np.where(np.isin(number, sided), number, -1)
    return out


def water_bodies(banks: gpd.GeoDataFrame, surface: Objects) -> Objects:
    """Return the surfaces with the water between both banks of one river added at its first left bank.

    Rivers with lines of one side only, or whose sides do not join to one line each, get
    none: whether a site is in their water stays unknown.

    Parameters
    ----------
    banks : GeoDataFrame
        Features of a bank layer, EPSG:4490.
    surface : ndarray of object
        Surface of each feature, None where it is a line.
    """
    out = surface.copy()
    if "side" not in banks or "river" not in banks:
        return out
    lines = banks[shapely.is_missing(surface) & banks["side"].notna() & banks["river"].notna()]
    keys = [name for name in ONE_RIVER if name in lines]
    for _, river in lines.groupby(keys, dropna=False):
        left, right = river[river["side"] == "left"], river[river["side"] == "right"]
        water = _between(left, right)
        if water is not None:
            out[left.index[0]] = water
    return out


def _between(left: gpd.GeoDataFrame, right: gpd.GeoDataFrame) -> shapely.Geometry | None:
    if left.empty or right.empty:
        return None
    a, b = (shapely.line_merge(shapely.union_all(side.geometry.array)) for side in (left, right))
    if not (isinstance(a, shapely.LineString) and isinstance(b, shapely.LineString)):
        return None
    up, down = shapely.get_coordinates(a), shapely.get_coordinates(b)
    same_way = np.hypot(*(up[0] - down[0])) + np.hypot(*(up[-1] - down[-1]))
    against = np.hypot(*(up[0] - down[-1])) + np.hypot(*(up[-1] - down[0]))
    ring = np.concatenate([up, down[::-1] if same_way < against else down])
    water = shapely.make_valid(shapely.Polygon(ring), method="structure")
    return water if shapely.get_dimensions(water) == 2 else None

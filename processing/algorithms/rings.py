"""Rings around features at rising geodesic distances, as the layer that `bankbuffers` writes."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas
import numpy as np
import pandas as pd
import shapely

from ...layers.coordinates import TARGET, accept, to_lonlat
from ...layers.errors import SourceError
from ...layers.geodesy.buffers import buffer
from ...layers.progress import Progress
from ...layers.shaped import require_shapes
from ...layers.texts import Text

CHUNK = 200


def rings(banks: geopandas.GeoDataFrame, distances: Sequence[float], progress: Progress) -> geopandas.GeoDataFrame:
    """Return one ring per feature and distance.

    Parameters
    ----------
    banks : GeoDataFrame
        Lines or polygons in any CRS.
    distances : sequence of float
        Rising distances in metres.

    Returns
    -------
    GeoDataFrame
        EPSG:4490; columns source_row (from 1), inner_m, outer_m and those of the banks. A ring does not cover the
        bank's own polygon.

    Raises
    ------
    SourceError
        The banks have no shapes, no CRS, or one that is not on CGCS2000.
    """
    require_shapes(banks, Text("岸线", "Banks"), SourceError)
    usable = banks[~(banks.geometry.is_empty | banks.geometry.isna())]
    shapes = shapely.force_2d(usable.geometry.to_numpy())
    bounds = tuple(shapely.total_bounds(shapes)) if len(shapes) else (np.nan,) * 4
    crs = accept(banks.crs, None, bounds, str(Text("岸线", "banks")), SourceError)
    geometry = shapely.make_valid(to_lonlat(shapes, crs))
    attributes = pd.DataFrame(usable.drop(columns=usable.geometry.name))
    steps = [(start, k) for k in range(len(distances)) for start in range(0, len(geometry), CHUNK)]
    drawn = np.empty((len(distances), len(geometry)), dtype=object)
    for done, (start, k) in enumerate(steps):
        progress.step(done / len(steps))
        part = slice(start, start + CHUNK)
        drawn[k, part] = buffer(geometry[part], distances[k])
    inside = np.vstack([geometry[np.newaxis], drawn[:-1]])
    ring = shapely.difference(drawn, inside)
    columns = {
        "source_row": np.tile(np.flatnonzero(banks.index.isin(usable.index)) + 1, len(distances)),
        "inner_m": np.repeat([0.0, *distances[:-1]], len(geometry)),
        "outer_m": np.repeat(np.asarray(distances, dtype=float), len(geometry)),
    }
    carried = pd.concat([attributes] * len(distances), ignore_index=True)
    table = pd.concat([pd.DataFrame(columns), carried.drop(columns=columns, errors="ignore")], axis=1)
    return geopandas.GeoDataFrame(table, geometry=ring.ravel(), crs=TARGET)

"""Where the sites of a run come from: a frame in memory or a file, read in chunks along a Hilbert curve."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ...layers.site_file import SiteFile
from ...layers.site_table import Attached
from ...layers.sites import normalise

Indices = NDArray[np.int64]
Box = tuple[float, float, float, float]


class SiteSource(Protocol):
    """Sites that can be read by position."""

    @property
    def ids(self) -> NDArray[np.object_]:
        """Ids of all sites."""

    @property
    def stamp(self) -> str:
        """What changes when a site changes."""

    @property
    def middles(self) -> NDArray[np.float64]:
        """A point of each site, shape (n, 2)."""

    @property
    def box(self) -> Box:
        """West, south, east, north of all sites in EPSG:4490 degrees."""

    @property
    def boxes(self) -> NDArray[np.float64]:
        """The same of each site, shape (n, 4)."""

    def read(self, rows: Indices) -> gpd.GeoDataFrame:
        """Return the sites at those positions, normalised, with digests and what was noticed of them in ``attrs``."""


class FrameSites:
    """Sites in memory.

    Parameters
    ----------
    frame : GeoDataFrame
        Any frame of sites; normalised here where it is not yet.
    """

    def __init__(self, frame: gpd.GeoDataFrame) -> None:
        known = len(frame.attrs.get("digests", ())) == len(frame) > 0
        self._frame = frame if known else normalise(frame, "sites")
        self._digests = np.array(self._frame.attrs["digests"], dtype=object)
        self._noticed = tuple(self._frame.attrs.get("diagnosis", ()))

    @property
    def ids(self) -> NDArray[np.object_]:
        """Ids of all sites."""
        return np.asarray(self._frame["site_id"].to_numpy(dtype=object))

    @property
    def stamp(self) -> str:
        """A hash over geometries and attributes."""
        attributes = self._frame.drop(columns=self._frame.geometry.name).astype(str)
        rows = pd.util.hash_pandas_object(pd.DataFrame(attributes), index=False).to_numpy()
        return hashlib.sha256(rows.tobytes() + b"".join(self._digests)).hexdigest()

    @property
    def middles(self) -> NDArray[np.float64]:
        """A point of each site."""
        west, south, east, north = shapely.bounds(np.asarray(self._frame.geometry.array, dtype=object)).T
        return np.column_stack(((west + east) / 2, (south + north) / 2))

    @property
    def box(self) -> Box:
        """The box of all sites."""
        west, south, east, north = (float(v) for v in self._frame.total_bounds)
        return west, south, east, north

    @property
    def boxes(self) -> NDArray[np.float64]:
        """The box of each site, shape (n, 4)."""
        return np.asarray(shapely.bounds(np.asarray(self._frame.geometry.array, dtype=object)).reshape(-1, 4))

    def read(self, rows: Indices) -> gpd.GeoDataFrame:
        """Return the sites at those positions."""
        part = self._frame.iloc[rows].reset_index(drop=True)
        wanted = set((rows + 1).tolist()) if self._noticed else set()
        noticed = (each for each in self._noticed if each.row in wanted)
        part.attrs = {"digests": Attached(self._digests[rows]), "diagnosis": Attached(noticed)}
        return part


def site_source(sites: gpd.GeoDataFrame | str | Path) -> SiteSource:
    """Return the source of a frame or a file."""
    return FrameSites(sites) if isinstance(sites, gpd.GeoDataFrame) else SiteFile(sites)


def in_chunks(source: SiteSource, size: int) -> list[Indices]:
    """Return the positions of all sites in chunks along a Hilbert curve; as they come where one chunk holds them."""
    n = len(source.ids)
    order = np.arange(n)
    if n > size:
        points = gpd.GeoSeries(shapely.points(source.middles))
        order = np.argsort(points.hilbert_distance().to_numpy(), kind="stable")
    return [order[start : start + size] for start in range(0, n, size)]

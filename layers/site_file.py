"""Sites of a vector file, read a part at a time, so that memory does not grow with their number."""

from __future__ import annotations

import glob
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray

from .coordinates import Bounds, accept, says_nothing, to_lonlat
from .errors import SitesError
from .feature_reading import geometries, read_features
from .quality import named
from .site_table import find_columns, normalise, site_ids
from .sources import refuse_database
from .texts import Text
from .vector import list_layers, open_layer

BOX_PARTS = 64


class SiteFile:
    """A vector file with sites.

    Parameters
    ----------
    path : Path or str
        The file; ``file|layername=layer`` names a layer.

    Attributes
    ----------
    ids : ndarray of object, shape (n,)
        Site ids, unique.

    Raises
    ------
    SitesError
        The file cannot be read, names no CRS, has several layers, ids repeat or geometry is missing.
    """

    def __init__(self, path: Path | str) -> None:
        source, _, layer = str(path).partition("|layername=")
        refuse_database(source, source)
        self._opened = open_layer(source, layer or _only_layer(source), SitesError)
        self.name = self._opened.where
        if says_nothing(self._opened.crs):
            raise SitesError(
                Text(f"{self.name}：没有坐标系", f"{self.name}: it names no CRS"),
                remedy=Text("请先用 layers.sites.read 指定坐标系。", "Name the CRS through layers.sites.read first."),
            )
        self._id_column = find_columns(list(self._opened.columns), self.name).get("site_id")
        self._fids, self._bounds = self._places()
        self.ids = self._ids()
        self._crs = accept(self._opened.crs, None, self._extent, self.name, SitesError)

    def __len__(self) -> int:
        return len(self._fids)

    @property
    def stamp(self) -> str:
        """What changes when the file or one of its companions (.dbf, -wal) is written to."""
        path = Path(self._opened.source)
        files = sorted(path.parent.glob(f"{glob.escape(path.stem)}*")) if path.parent.is_dir() else []
        return ";".join(f"{file.name}:{file.stat().st_size}:{file.stat().st_mtime_ns}" for file in files)

    @property
    def middles(self) -> NDArray[np.float64]:
        """Middle of each site's box in the file's own coordinates, shape (n, 2)."""
        west, south, east, north = self._bounds
        return np.column_stack(((west + east) / 2, (south + north) / 2))

    @property
    def box(self) -> Bounds:
        """The box of all sites, west, south, east, north in EPSG:4490 degrees."""
        west, south, east, north = self._extent
        step = max(east - west, north - south, 1e-6) / BOX_PARTS
        outline = shapely.segmentize(shapely.box(west, south, east, north), step)
        box = to_lonlat(np.array([outline], dtype=object), self._crs)[0].bounds
        return float(box[0]), float(box[1]), float(box[2]), float(box[3])

    @property
    def boxes(self) -> NDArray[np.float64]:
        """The box of each site, west, south, east, north in EPSG:4490 degrees, shape (n, 4)."""
        return np.asarray(shapely.bounds(to_lonlat(shapely.box(*self._bounds), self._crs)))

    @property
    def _extent(self) -> Bounds:
        west, south = self._bounds[:2].min(axis=1)
        east, north = self._bounds[2:].max(axis=1)
        return float(west), float(south), float(east), float(north)

    def read(self, rows: NDArray[np.int64]) -> gpd.GeoDataFrame:
        """Return the sites at those positions, as `layers.sites.normalise` gives them."""
        raw = read_features(self._opened, list(self._opened.columns), SitesError, wanted_fids=self._fids[rows])
        shapes, closed = geometries(raw, self.name, SitesError)
        if closed.any():
            shown = named(self.ids[rows][closed])
            raise SitesError(
                Text(f"{self.name}：环未闭合的地块：{shown}", f"{self.name}: rings are not closed in: {shown}"),
                remedy=Text("请闭合后重新提交。", "Close them and run again."),
            )
        data = {name: column for name, column in raw.columns.items() if name != "geometry"}
        data[self._id_column or "site_id"] = self.ids[rows]
        return normalise(gpd.GeoDataFrame(data, geometry=shapes, crs=self._crs), self.name)

    def _places(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        fids, bounds = pyogrio.read_bounds(self._opened.source, layer=self._opened.layer)
        missing = np.flatnonzero(~np.isfinite(bounds).all(axis=0))
        if len(missing) or len(fids) < self._opened.features or not len(fids):
            shown = named(fids[missing])
            there = f"{len(fids) - len(missing)}/{self._opened.features}"
            raise SitesError(
                Text(
                    f"{self.name}：地块没有几何或坐标不是数字：{shown}", f"{self.name}: sites without geometry: {shown}"
                ),
                Text(f"可读的地块：{there}", f"Sites that can be read: {there}"),
                Text("请补绘或删去这些地块。", "Draw or remove these sites."),
            )
        return fids, bounds

    def _ids(self) -> NDArray[np.object_]:
        if self._id_column is None:
            return site_ids(pd.DataFrame(index=range(len(self._fids))), None, self.name)
        raw = read_features(self._opened, [self._id_column], SitesError, geometry=False)
        by_fid = pd.Series(raw.columns[self._id_column], index=raw.fids.astype(np.int64))
        return site_ids(pd.DataFrame({self._id_column: by_fid.loc[self._fids].to_numpy()}), self._id_column, self.name)


def _only_layer(source: str) -> str:
    spatial = [name for name, kind in list_layers(source, SitesError) if kind]
    if len(spatial) == 1:
        return spatial[0]
    n, listed = len(spatial), ", ".join(spatial)
    raise SitesError(
        Text(f"{source}：有 {n} 个带几何的图层：{listed}", f"{source}: {n} layers with geometry: {listed}"),
        remedy=Text("请写明：文件|layername=图层。", "Name one: file|layername=layer."),
    )

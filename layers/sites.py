"""The one door for sites: read from a file, their columns recognised, typed and checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .coordinates import TARGET, Bounds, accept, likely_systems, says_nothing, to_lonlat
from .errors import EcoRedlineError, SitesError
from .quality import named
from .site_table import DIAGNOSIS_COLUMNS, Noticed, diagnosis_frame, normalise
from .sources import refuse_database
from .texts import Text
from .vector import Opened, extent, geometries, list_layers, open_layer, read_features

__all__ = ["DIAGNOSIS_COLUMNS", "Intake", "Noticed", "normalise", "read"]


@dataclass(frozen=True, eq=False)
class Intake:
    """What an upload holds.

    Attributes
    ----------
    sites : GeoDataFrame
        As `normalise` gives them; empty where the coordinate system or the dataset is not clear.
    diagnosis : DataFrame
        ``row, site_id, column, value, problem, zh, en``: one row per thing noticed; row 0 is the file.
    candidates : GeoDataFrame
        ``crs, shifted, score, reasons, geometry``: coordinate systems that fit, where the file names none,
        with the extent they would give in EPSG:4490.
    datasets : DataFrame
        ``dataset, geometry, features``: the layers of the file.
    """

    sites: gpd.GeoDataFrame
    diagnosis: pd.DataFrame
    candidates: gpd.GeoDataFrame
    datasets: pd.DataFrame


def read(path: Path | str, crs: str | None = None, dataset: str | None = None) -> Intake:
    """Return the sites of a vector file.

    Parameters
    ----------
    path : Path or str
        The file.
    crs : str, optional
        Coordinate system, for a file that names none.
    dataset : str, optional
        Layer to read, where the file has several.

    Raises
    ------
    SitesError
        The file cannot be read, holds no site, or a site cannot be judged; the message names the rows.
    """
    source = str(Path(path).expanduser()) if not str(path).startswith("/vsi") else str(path)
    refuse_database(source, source)
    datasets = _datasets(source)
    spatial = datasets.loc[datasets["geometry"] != "", "dataset"].tolist()
    if dataset is None and len(spatial) != 1:
        if not spatial:
            raise SitesError(
                Text(f"{source}：没有带几何的图层", f"{source}: no layer with geometry"),
                remedy=Text("请选择矢量文件。", "Choose a vector file."),
            )
        listed = ", ".join(spatial)
        unclear = Noticed(
            0, "", "", listed, "several_datasets", "文件有多个图层，请选择一个", "several layers: choose one"
        )
        return Intake(_no_sites(), diagnosis_frame([unclear]), _candidates(None), datasets)
    opened = open_layer(source, dataset or spatial[0], SitesError)
    bounds = extent(opened, SitesError)
    if says_nothing(opened.crs) and crs is None:
        unclear = Noticed(
            0, "", "", "", "no_crs", "文件没有坐标系，请从候选中选择", "no CRS: choose one of the candidates"
        )
        return Intake(_no_sites(), diagnosis_frame([unclear]), _candidates(bounds), datasets)
    sites = normalise(_frame(opened, crs, bounds), opened.where)
    noticed = list(sites.attrs["diagnosis"])
    if opened.detected:
        noticed.insert(
            0,
            Noticed(
                0, "", "", opened.detected, "encoding", "未注明编码，经试读确定", "no encoding is named; found by trial"
            ),
        )
    return Intake(sites, diagnosis_frame(noticed), _candidates(None), datasets)


def _frame(opened: Opened, crs: str | None, bounds: Bounds) -> gpd.GeoDataFrame:
    raw = read_features(opened, list(opened.columns), SitesError)
    geoms, closed = geometries(raw, opened.where, SitesError)
    if closed.any():
        shown = named((np.flatnonzero(closed) + 1).tolist())
        raise SitesError(
            Text(f"{opened.where}：第 {shown} 行的环未闭合", f"{opened.where}: rings are not closed in rows {shown}"),
            remedy=Text("请改正这些地块的边界。", "Correct the borders of these sites."),
        )
    chosen = accept(opened.crs, crs, bounds, opened.where, SitesError)
    data = {name: column for name, column in raw.columns.items() if name != "geometry"}
    return gpd.GeoDataFrame(data, geometry=geoms, crs=chosen)


def _datasets(source: str) -> pd.DataFrame:
    rows = []
    for name, kind in list_layers(source, SitesError):
        rows.append((name, kind or "", open_layer(source, name, SitesError).features))
    return pd.DataFrame(rows, columns=["dataset", "geometry", "features"])


def _no_sites() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"site_id": np.empty(0, dtype=object)}, geometry=[], crs=TARGET)


def _candidates(bounds: Bounds | None) -> gpd.GeoDataFrame:
    """Return the systems that coordinates of this extent may be in, each as likely as the others."""
    rows = []
    systems = () if bounds is None else likely_systems(bounds)
    for system in systems:
        west, south, east, north = bounds or (np.nan,) * 4
        x, y = ((south, north), (west, east)) if system.swapped else ((west, east), (south, north))
        try:
            crs = accept(system.crs, None, (x[0], y[0], x[1], y[1]), "", SitesError)
        except EcoRedlineError:
            continue
        box = to_lonlat(np.array([shapely.box(x[0], y[0], x[1], y[1])], dtype=object), crs)[0]
        reasons = "坐标大小相符" + ("（X、Y 互换后）" if system.swapped else "")
        rows.append((system.crs, False, 1.0 / len(systems), reasons, box))
    columns = ["crs", "shifted", "score", "reasons", "geometry"]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry="geometry", crs=TARGET)

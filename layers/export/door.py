"""The one door by which sites leave as files."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ..coordinates import TARGET
from ..errors import SitesError
from ..files import whole_file
from ..quality import kinds
from ..texts import Text
from . import boundary_txt, kml
from .corners import corners

FORMATS = ("txt", "kml", "shp", "gpkg")
_TEXT_ENCODINGS = ("utf-8", "gbk")
_LONGEST_NAME = 10


def write_sites(
    sites: gpd.GeoDataFrame,
    path: Path | str,
    *,
    zone: int | None = None,
    precision: float = boundary_txt.PRECISION,
    encoding: str = "utf-8",
) -> list[Path]:
    """Write sites as 界址点 TXT, KML, shapefile or GeoPackage, told by the ending of the name.

    Parameters
    ----------
    sites : GeoDataFrame
        From `layers.sites`: EPSG:4490.
    path : Path or str
        The file; a shapefile of several kinds of geometry becomes several (``…_point``, ``…_line``, ``…_polygon``).
    zone, precision : int or None, float
        Of a TXT, see `boundary_txt.text_of`.
    encoding : str
        Of a TXT: ``utf-8`` or ``gbk``.

    Returns
    -------
    list of Path
        The files written, each whole. Boundary points lie within 1 mm of those of the sites, and vertices that serve
        measuring only are not written.

    Raises
    ------
    SitesError
        An unknown ending or encoding, a text that the encoding cannot hold, or no site.
    """
    target = Path(path)
    form = target.suffix.lower().removeprefix(".")
    if form not in FORMATS or encoding.lower() not in _TEXT_ENCODINGS:
        known = ", ".join(FORMATS)
        raise SitesError(
            Text(f"不能写出 {target.suffix}（{encoding}）", f"{target.suffix} ({encoding}) cannot be written"),
            remedy=Text(f"可写：{known}；编码 utf-8 或 gbk。", f"Known: {known}; encodings utf-8 and gbk."),
        )
    if not len(sites):
        raise SitesError(Text("没有可写出的地块", "there is no site to write"))
    if form == "txt":
        return [_write_text(boundary_txt.text_of(sites, zone, precision), target, encoding)]
    if form == "kml":
        with whole_file(target) as part, part.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(kml.pieces_of(sites))
        return [target]
    return [_write_gpkg(sites, target)] if form == "gpkg" else _write_shapefiles(sites, target)


def _write_text(text: str, target: Path, encoding: str) -> Path:
    try:
        data = text.replace("\n", "\r\n").encode("gb18030" if encoding.lower() == "gbk" else "utf-8")
    except UnicodeEncodeError as error:
        raise SitesError(
            Text(f"文字不能用 {encoding} 写出：{error}", f"a text cannot be written in {encoding}: {error}"),
            remedy=Text("请改用 UTF-8。", "Use UTF-8."),
        ) from error
    with whole_file(target) as part:
        part.write_bytes(data)
    return target


def _plain(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the sites with their boundary points only and columns that every driver can hold."""
    data: dict[str, object] = {}
    for name in sites.columns:
        if name != sites.geometry.name:
            values = sites[name]
            data[str(name)] = values if values.dtype != object else values.map(_told)
    return gpd.GeoDataFrame(data, geometry=corners(sites), crs=TARGET)


def _told(value: Any) -> str | None:
    if value is None or pd.isna(value):
        return None
    if isinstance(value, bool | np.bool_):
        return "是" if value else "否"
    return str(value)


def _write_gpkg(sites: gpd.GeoDataFrame, target: Path) -> Path:
    with tempfile.TemporaryDirectory(prefix=".ecoredline-", dir=target.parent) as folder:
        staged = Path(folder) / target.name
        _plain(sites).to_file(staged, layer="sites", driver="GPKG", engine="pyogrio")
        staged.replace(target)
    return target


def _write_shapefiles(sites: gpd.GeoDataFrame, target: Path) -> list[Path]:
    plain = _plain(sites)
    shown = plain.rename(columns=_short_names([str(name) for name in plain.columns if name != "geometry"]))
    found = kinds(np.asarray(shown.geometry.array, dtype=object))
    names = list(dict.fromkeys(found.tolist()))
    written = []
    with tempfile.TemporaryDirectory(prefix=".ecoredline-", dir=target.parent) as folder:
        for kind in names:
            stem = target.stem if len(names) == 1 else f"{target.stem}_{kind}"
            part = shown[found == kind].dropna(axis="columns", how="all")
            part.to_file(Path(folder) / f"{stem}.shp", engine="pyogrio", encoding="UTF-8")
            written.append(target.with_name(f"{stem}.shp"))
        for file in sorted(Path(folder).iterdir()):
            file.replace(target.with_name(file.name))
    return written


def _short_names(names: list[str]) -> dict[str, str]:
    """Return names of at most ten bytes, no two alike."""
    short: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        cut = name.encode()[:_LONGEST_NAME].decode("utf-8", "ignore") or "f"
        number = 1
        while cut.lower() in taken:
            tail = str(number)
            cut = name.encode()[: _LONGEST_NAME - len(tail)].decode("utf-8", "ignore") + tail
            number += 1
        taken.add(cut.lower())
        short[name] = cut
    return short

"""Whether the coordinate system that a user chose for an upload can be what is meant."""

from __future__ import annotations

import pyproj
from pyproj.exceptions import CRSError

from ..coordinates import Bounds, accept
from ..errors import SitesError
from ..texts import Text
from .systems import System

HOW = Text(
    "请写 EPSG 编号，如 EPSG:4490（经纬度）、EPSG:4545（三度带，中央子午线 108°），X 为北坐标时加 +yx（EPSG:4545+yx），"
    "或写 GCJ-02、BD-09；留空则列出候选。",
    "Write an EPSG number, like EPSG:4490 (degrees) or EPSG:4545 (3-degree zone on 108°), with +yx where X is the "
    "northing (EPSG:4545+yx), or GCJ-02 or BD-09; left empty, the candidates are listed.",
)


def refuse_unknown(word: str, system: System | None, where: str) -> None:
    """Refuse a word that names no coordinate system.

    Raises
    ------
    SitesError
    """
    if system is not None and system.shifted:
        return
    try:
        pyproj.CRS.from_user_input(system.crs if system is not None else word)
    except CRSError as error:
        shown = word[:80]
        raise SitesError(
            Text(f"{where}：没有名为“{shown}”的坐标系", f"{where}: there is no CRS named {shown!r}"),
            Text("坐标系的编号或写法未知", "its number or its spelling is not known"),
            HOW,
        ) from error


def refuse_exchanged(word: str, system: System | None, bounds: Bounds, where: str) -> None:
    """Refuse a system that the coordinates fit with their columns exchanged only, and say how that is written.

    Raises
    ------
    SitesError
    """
    if system is not None and (system.shifted or system.packed):
        return
    crs, swapped = (system.crs, system.swapped) if system is not None else (word, False)
    west, south, east, north = bounds
    exchanged = south, west, north, east
    as_said, otherwise = (exchanged, bounds) if swapped else (bounds, exchanged)
    if _fits(crs, as_said, where) or not _fits(crs, otherwise, where):
        return
    right = crs if swapped else f"{crs}+yx"
    zh, en = ("东", "easting") if swapped else ("北", "northing")
    raise SitesError(
        Text(f"{where}：坐标与 {word} 不符", f"{where}: the coordinates are not in {word}"),
        Text(f"第一个坐标（X）是{zh}坐标时才相符", f"They fit where the first of the two (X) is the {en}"),
        Text(f"请把坐标系写作 {right}。", f"Write the CRS as {right}."),
    )


def _fits(crs: str, bounds: Bounds, where: str) -> bool:
    try:
        accept(None, crs, bounds, where, SitesError)
    except SitesError:
        return False
    return True

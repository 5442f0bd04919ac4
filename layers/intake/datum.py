"""A shift of datum by the user's own parameters or grid; none is shipped, since they are controlled.

The file is a TOML: ``from = "xian80"`` or ``"beijing54"`` and either ``grid = "file.gsb"``, or ``[helmert]`` with
``x, y, z`` (metres), ``rx, ry, rz`` (arc seconds), ``s`` (ppm) and ``convention`` (``position_vector`` or
``coordinate_frame``), or ``[plane]`` with ``dx, dy`` (metres), ``angle`` (arc seconds, counter-clockwise), ``scale``
(ppm), which moves easting and northing within the same zone.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray
from pyproj.exceptions import ProjError

from ..texts import Text
from .shapes import wrong
from .systems import System

Floats = NDArray[np.float64]
_DATUMS = {"xian80": "xian 1980", "beijing54": "beijing 1954"}
_ELLIPSOIDS = {"xian80": "+a=6378140 +rf=298.257", "beijing54": "+ellps=krass"}
_CGCS2000 = "+a=6378137 +rf=298.257222101"
_PLANE = ("dx", "dy", "angle", "scale")
_HELMERT = ("x", "y", "z", "rx", "ry", "rz", "s")
_REMEDY = Text(
    "请按说明书写参数文件，例如 [helmert] x, y, z, rx, ry, rz, s, convention。",
    "Write the parameter file as the manual says, e.g. [helmert] x, y, z, rx, ry, rz, s, convention.",
)


@dataclass(frozen=True)
class Shift:
    """A shift that a user answers for."""

    source: str
    name: str
    content: dict[str, Any]
    folder: Path


def load_shift(path: Path | str) -> Shift:
    """Return the shift of a parameter file.

    Raises
    ------
    SitesError
        The file is absent or wrong.
    """
    file = Path(path)
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise wrong(
            str(file),
            Text("参数文件无法读取", "the parameter file cannot be read"),
            _REMEDY,
            Text(str(error), str(error)),
        ) from error
    source = content.get("from")
    kinds = [key for key in ("grid", "helmert", "plane") if key in content]
    if source not in _DATUMS or len(kinds) != 1:
        text = Text("须写 from 和 grid、helmert、plane 之一", "it needs from and one of grid, helmert, plane")
        raise wrong(str(file), text, _REMEDY)
    names = {"helmert": _HELMERT, "plane": _PLANE}.get(kinds[0], ())
    table = content[kinds[0]]
    missing = [n for n in names if not isinstance(table.get(n), int | float) or not math.isfinite(table[n])]
    turned = kinds[0] != "helmert" or table.get("convention") in ("position_vector", "coordinate_frame")
    if missing or not turned:
        listed = ", ".join(missing or ["convention"])
        raise wrong(str(file), Text(f"缺少或有误：{listed}", f"missing or wrong: {listed}"), _REMEDY)
    return Shift(str(source), file.name, content, file.parent)


def mover(shift: Shift, system: System, crs: pyproj.CRS, where: str) -> Callable[[Floats], Floats]:
    """Return what takes coordinates of an old system to longitude and latitude on CGCS2000.

    Parameters
    ----------
    shift : Shift
        The user's.
    system : System
        How the coordinates were written (columns exchanged or not).
    crs : CRS
        Xian 1980 or Beijing 1954, geographic or projected.

    Raises
    ------
    SitesError
        The shift starts from another datum, its grid cannot be used, or places lie outside the grid.
    """
    datum = crs.geodetic_crs.datum.name.lower() if crs.geodetic_crs and crs.geodetic_crs.datum else ""
    if not datum.startswith(_DATUMS[shift.source]):
        said = Text(
            f"参数用于 {shift.source}，数据是 {crs.name}", f"the shift is for {shift.source}, not for {crs.name}"
        )
        raise wrong(where, said, _REMEDY)
    unproject = (
        pyproj.Transformer.from_crs(crs, crs.geodetic_crs.to_2d(), always_xy=True)
        if crs.is_projected and crs.geodetic_crs
        else None
    )
    if "plane" in shift.content:
        return _plane(shift, crs, where)
    try:
        step = pyproj.Transformer.from_pipeline(_pipeline(shift))
    except ProjError as error:
        raise wrong(
            where, Text("转换参数不能使用", "the shift cannot be used"), _REMEDY, Text(str(error), str(error))
        ) from error

    def move(xy: Floats) -> Floats:
        lonlat = xy if unproject is None else np.column_stack(unproject.transform(xy[:, 0], xy[:, 1]))
        moved = np.column_stack(step.transform(lonlat[:, 0], lonlat[:, 1]))
        if not np.isfinite(moved).all():
            raise wrong(where, Text("有坐标在格网之外", "there are places outside the grid"), _REMEDY)
        return moved

    return move


def _pipeline(shift: Shift) -> str:
    head = "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
    tail = "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
    if "grid" in shift.content:
        grid = (shift.folder / str(shift.content["grid"])).absolute()
        return f'{head}+step +proj=hgridshift +grids="{grid}" {tail}'
    table = shift.content["helmert"]
    values = " ".join(f"+{name}={float(table[name])!r}" for name in _HELMERT)
    return (
        f"{head}+step +proj=cart {_ELLIPSOIDS[shift.source]} "
        f"+step +proj=helmert {values} +convention={table['convention']} "
        f"+step +inv +proj=cart {_CGCS2000} {tail}"
    )


def _plane(shift: Shift, crs: pyproj.CRS, where: str) -> Callable[[Floats], Floats]:
    if not crs.is_projected:
        raise wrong(where, Text("四参数只用于投影坐标", "plane parameters need projected coordinates"), _REMEDY)
    said = {each.name: each.value for each in crs.coordinate_operation.params} if crs.coordinate_operation else {}
    lon0, false_easting = said["Longitude of natural origin"], said["False easting"]
    target = pyproj.CRS.from_proj4(
        f"+proj=tmerc +lat_0=0 +lon_0={lon0} +k=1 +x_0={false_easting} +y_0=0 {_CGCS2000} +units=m"
    )
    back = pyproj.Transformer.from_crs(target, target.geodetic_crs, always_xy=True)
    dx, dy, angle, scale = (float(shift.content["plane"][name]) for name in _PLANE)
    turn, k = math.radians(angle / 3600), 1.0 + scale * 1e-6

    def move(xy: Floats) -> Floats:
        x, y = xy[:, 0], xy[:, 1]
        east = dx + k * (x * math.cos(turn) - y * math.sin(turn))
        north = dy + k * (x * math.sin(turn) + y * math.cos(turn))
        return np.column_stack(back.transform(east, north))

    return move

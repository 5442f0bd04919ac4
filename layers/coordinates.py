"""From the coordinate system of a source to longitude and latitude on CGCS2000 (EPSG:4490)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import CRSError

from .errors import EcoRedlineError
from .geodesy.densify import densify
from .texts import Text

TARGET = "EPSG:4490"
MAX_EDGE_M = 200.0
"""Longest edge of a projected source before it gets vertices: under 200 m the shape moves by less than 1 mm."""

Bounds = tuple[float, float, float, float]

_CGCS2000 = {"china 2000", "china geodetic coordinate system 2000", "cgcs2000", "cgcs 2000"}
_WGS84 = {"wgs 84", "wgs84", "wgs 1984", "world geodetic system 1984"}
_OLD = {"xian 1980", "xian 80", "beijing 1954", "beijing 54", "new beijing"}
_DEGREE = np.pi / 180.0
_LON, _LAT = (73.0, 136.0), (3.0, 54.0)
_MARGIN = 0.01
_DECLARE = Text(
    '请在图层配置的该 [[layer]] 中写 crs = "EPSG:…"（导入地块时选择坐标系），或在 GIS 中为数据定义坐标系。',
    'Say crs = "EPSG:…" in that [[layer]] of the layer set (or choose the CRS on import), or define it in a GIS.',
)


@dataclass(frozen=True)
class LikelyCrs:
    """A coordinate system that fits the size of the coordinates.

    Attributes
    ----------
    crs : str
        EPSG code.
    swapped : bool
        Whether it fits only with the two columns exchanged.
    """

    crs: str
    swapped: bool = False

    def __str__(self) -> str:
        name = f"{self.crs} {pyproj.CRS.from_user_input(self.crs).name}"
        return f"{name} (x ↔ y)" if self.swapped else name


def _fitting(west: float, south: float, east: float, north: float) -> list[str]:
    if west >= _LON[0] and east <= _LON[1] and south >= _LAT[0] and north <= _LAT[1]:
        return [TARGET]
    fits = []
    if south >= 3e5 and north <= 6.2e6:
        zone = int(west // 1e6)
        if zone == int(east // 1e6):
            fits += [f"EPSG:{4488 + zone}"] if 25 <= zone <= 45 else []
            fits += [f"EPSG:{4478 + zone}"] if 13 <= zone <= 23 else []
        if west >= 1e5 and east <= 9e5:
            fits += ["EPSG:4544", "EPSG:4545", "EPSG:4546"]
    if west >= 8.1e6 and east <= 15.2e6 and south >= 3.3e5 and north <= 7.2e6:
        fits.append("EPSG:3857")
    return fits


def likely_systems(bounds: Bounds) -> tuple[LikelyCrs, ...]:
    """Return the coordinate systems used in China that coordinates of this size may be in.

    Parameters
    ----------
    bounds : tuple of float
        Smallest x, smallest y, largest x, largest y as they stand.

    Notes
    -----
    3-degree zones with prefix are EPSG:4488 + zone, 6-degree ones EPSG:4478 + zone; without a
    prefix the central meridian cannot be told, so those of Chongqing are all listed.
    """
    west, south, east, north = bounds
    if not np.isfinite(bounds).all():
        return ()
    straight = [LikelyCrs(code) for code in _fitting(west, south, east, north)]
    return tuple(straight or [LikelyCrs(code, swapped=True) for code in _fitting(south, west, north, east)])


def _listed(bounds: Bounds) -> Text:
    systems = likely_systems(bounds)
    shown = ", ".join(f"{value:.6g}" for value in bounds)
    if not systems:
        return Text(f"坐标范围 {shown} 不像任何常用坐标系", f"the coordinates ({shown}) fit no system in common use")
    names = "; ".join(map(str, systems))
    return Text(f"按坐标大小（{shown}）可能是：{names}", f"by the size of the coordinates ({shown}) it may be: {names}")


def _horizontal(crs: pyproj.CRS) -> pyproj.CRS:
    if crs.is_compound:
        return _horizontal(crs.sub_crs_list[0])
    if crs.is_bound and crs.source_crs is not None:
        return _horizontal(crs.source_crs)
    return crs


def _datum(crs: pyproj.CRS) -> str:
    geodetic = crs.geodetic_crs
    if geodetic is None or geodetic.datum is None:
        return ""
    name = str(geodetic.datum.name)
    return name.lower().removeprefix("d_").replace("_", " ").removesuffix(" ensemble").split(" (")[0]


def _parse(text: object, where: str, fail: type[EcoRedlineError]) -> pyproj.CRS:
    try:
        return _horizontal(pyproj.CRS.from_user_input(text))
    except CRSError as error:
        raise fail(
            Text(
                f"{where}：坐标系 {str(text)[:80]!r} 无法识别", f"{where}: the CRS {str(text)[:80]!r} is not understood"
            ),
            Text(str(error)[:200], str(error)[:200]),
            _DECLARE,
        ) from error


def _check_datum(crs: pyproj.CRS, where: str, fail: type[EcoRedlineError]) -> None:
    datum = _datum(crs)
    if datum in _CGCS2000 or datum in _WGS84:
        unit = {axis.unit_conversion_factor for axis in crs.geodetic_crs.axis_info[:2]} if crs.geodetic_crs else set()
        if all(abs(factor - _DEGREE) < 1e-12 for factor in unit) and crs.prime_meridian.longitude == 0:
            return
    shown = crs.geodetic_crs.datum.name if crs.geodetic_crs is not None and crs.geodetic_crs.datum else crs.name
    if any(datum.startswith(name) for name in _OLD):
        raise fail(
            Text(f"{where}：坐标系 {crs.name} 不是 CGCS2000", f"{where}: {crs.name} is not CGCS2000"),
            Text(
                f"{shown} 与 CGCS2000 之间的转换参数受控，本工具不携带，相差可达百米",
                f"the shift from {shown} to CGCS2000 (up to 100 m) is controlled and not shipped",
            ),
            Text(
                "请由有权单位转换为 CGCS2000（EPSG:4490 或其投影）后再用。",
                "Have it converted to CGCS2000 (EPSG:4490 or a projection of it) by a body that holds the parameters.",
            ),
        )
    raise fail(
        Text(f"{where}：坐标系 {crs.name} 不能使用", f"{where}: the CRS {crs.name} cannot be used"),
        Text(f"其基准 {shown} 不是 CGCS2000 或 WGS 84", f"its datum {shown} is neither CGCS2000 nor WGS 84"),
        Text("请在 GIS 中转换为 EPSG:4490 后再用。", "Convert it to EPSG:4490 in a GIS first."),
    )


def says_nothing(crs: object) -> bool:
    """Return whether a source does not say where its coordinates lie: no CRS, or a local one."""
    if crs is None or crs == "":
        return True
    try:
        parsed = _horizontal(pyproj.CRS.from_user_input(crs))
    except CRSError:
        return False
    return parsed.geodetic_crs is None


def accept(own: object, declared: object, bounds: Bounds, where: str, fail: type[EcoRedlineError]) -> pyproj.CRS:
    """Return the coordinate system to be used for a source.

    Parameters
    ----------
    own : CRS input or None
        What the source says.
    declared : CRS input or None
        What the user says; only for a source that does not say.
    bounds : tuple of float
        Extent of the coordinates, to name the likely systems and to refuse an impossible one.
    where : str
        File and layer, for the message.
    fail : type of EcoRedlineError
        What is raised.

    Returns
    -------
    CRS
        Horizontal, on CGCS2000 or WGS 84.

    Notes
    -----
    WGS 84 is taken as CGCS2000: the ellipsoids differ by 0.1 mm in the semi-minor axis and the
    frames by centimetres, below the accuracy of any layer. Xian 1980 and Beijing 1954 are
    refused, since the parameters of the shift are controlled.
    """
    if says_nothing(own):
        if declared is None:
            raise fail(Text(f"{where}：没有坐标系", f"{where}: there is no CRS"), _listed(bounds), _DECLARE)
        crs = _parse(declared, where, fail)
    else:
        crs = _parse(own, where, fail)
        if declared is not None and not _same(crs, _parse(declared, where, fail)):
            raise fail(
                Text(
                    f"{where}：声明的坐标系 {declared} 与数据自带的 {crs.name} 不一致",
                    f"{where}: the CRS declared ({declared}) is not that of the data ({crs.name})",
                ),
                Text("程序不在两者之间选择。", "The tool does not choose between them."),
                Text("请删去 crs，或先改正数据的坐标系。", "Remove crs, or correct the CRS of the data."),
            )
    _check_datum(crs, where, fail)
    _check_size(crs, bounds, where, fail)
    return crs


def _same(one: pyproj.CRS, other: pyproj.CRS) -> bool:
    """Return whether two systems give the same coordinates, whatever their names."""
    if one.is_geographic and other.is_geographic:
        return _datum(one) == _datum(other)
    if one.is_projected and other.is_projected and _datum(one) == _datum(other):
        points = ([103.0, 106.5, 109.0], [28.0, 29.5, 31.0])
        a, b = (pyproj.Transformer.from_crs(c.geodetic_crs, c, always_xy=True).transform(*points) for c in (one, other))
        return bool(np.allclose(a, b, rtol=0.0, atol=1e-3))
    return False


def _check_size(crs: pyproj.CRS, bounds: Bounds, where: str, fail: type[EcoRedlineError]) -> None:
    """Refuse coordinates that cannot be in the system: degrees out of range, or a projection left far behind."""
    west, south, east, north = bounds
    if not np.isfinite(bounds).all():
        return
    if crs.is_geographic:
        possible = west >= -180 and east <= 180 and south >= -90 and north <= 90
    else:
        corners = ([west, east, west, east], [south, south, north, north])
        lon, lat = _unproject(crs).transform(*corners)
        inside = (np.abs(np.asarray(lon)) <= 180) & (np.abs(np.asarray(lat)) <= 90)
        area = crs.area_of_use
        if area is not None and area.west < area.east:
            inside &= (np.asarray(lat) >= area.south - 10) & (np.asarray(lat) <= area.north + 10)
            inside &= (np.asarray(lon) >= area.west - 10) & (np.asarray(lon) <= area.east + 10)
        possible = bool(inside.all())
    if not possible:
        raise fail(
            Text(f"{where}：坐标与坐标系 {crs.name} 不符", f"{where}: the coordinates are not in {crs.name}"),
            _listed(bounds),
            Text("请改正数据的坐标系定义，或交换 X、Y 后再用。", "Correct the CRS of the data, or exchange x and y."),
        )


def _unproject(crs: pyproj.CRS) -> pyproj.Transformer:
    """Return the way from a projection to the degrees of its own datum; no datum shift is ever applied."""
    assert crs.geodetic_crs is not None
    return pyproj.Transformer.from_crs(crs, crs.geodetic_crs.to_2d(), always_xy=True)


def to_lonlat(geoms: NDArray[np.object_], crs: pyproj.CRS) -> NDArray[np.object_]:
    """Return geometries in degrees of EPSG:4490, x = longitude, y = latitude.

    Parameters
    ----------
    geoms : ndarray of geometry
        2-D, in `crs`, finite; None stays None.
    crs : CRS
        From `accept`. Edges of projected geometry longer than 200 m get vertices first.
    """
    if crs.is_geographic:
        return geoms
    metre = crs.axis_info[0].unit_conversion_factor
    forward = _unproject(crs)

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(forward.transform(xy[:, 0], xy[:, 1]))

    moved: NDArray[np.object_] = shapely.transform(densify(geoms, MAX_EDGE_M / metre), move)
    return moved


def added_vertices(geoms: NDArray[np.object_], crs: pyproj.CRS) -> list[NDArray[np.float64] | None]:
    """Return, per geometry, the places that `to_lonlat` put on long edges; None where it put none.

    They serve measuring only: a border point that nobody surveyed is neither listed nor written.
    """
    out: list[NDArray[np.float64] | None] = [None] * len(geoms)
    if crs.is_geographic:
        return out
    fine = densify(geoms, MAX_EDGE_M / crs.axis_info[0].unit_conversion_factor)
    forward = _unproject(crs)
    for i in np.flatnonzero(shapely.get_num_coordinates(fine) > shapely.get_num_coordinates(geoms)):
        before = set(map(tuple, shapely.get_coordinates(geoms[i])))
        new = np.array([xy for xy in map(tuple, shapely.get_coordinates(fine[i])) if xy not in before])
        out[i] = np.column_stack(forward.transform(new[:, 0], new[:, 1])) if len(new) else None
    return out


def box_in(crs: pyproj.CRS, bbox: Bounds) -> Bounds:
    """Return a box in `crs` that surely holds a box given in EPSG:4490.

    The edges are followed at 21 points each and one hundredth of the size is added, and a metre.
    """
    west, south, east, north = bbox
    spare = 1e-5
    if not crs.is_geographic:
        spare = 1.0
        assert crs.geodetic_crs is not None
        forward = pyproj.Transformer.from_crs(crs.geodetic_crs.to_2d(), crs, always_xy=True)
        west, south, east, north = forward.transform_bounds(west, south, east, north, densify_pts=21)
    dx, dy = (east - west) * _MARGIN + spare, (north - south) * _MARGIN + spare
    return west - dx, south - dy, east + dx, north + dy

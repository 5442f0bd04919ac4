"""The coordinate systems that an upload may be in, and how each is undone.

A system has a word that names it for `sites.read`: an EPSG number, ``GCJ-02`` or ``BD-09``, with ``+yx`` where the two
columns are exchanged and ``+dms`` (106.2915) or ``+packed`` (1062915) where degrees, minutes and seconds were typed as
one number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyproj
from numpy.typing import NDArray

from ..texts import Text
from .offsets import from_bd09, from_gcj02

Floats = NDArray[np.float64]
DEGREES = "EPSG:4490"
ZONES = range(34, 39)
"""3-degree zones without prefix that are offered: central meridians 102 to 114."""
_LON, _LAT = (73.0, 136.0), (3.0, 54.0)
_PRIORS = {"cgcs2000": 1.0, "xian80": 0.25, "beijing54": 0.1}
_DATUM_TEXTS = {
    "cgcs2000": Text("CGCS2000", "CGCS2000"),
    "xian80": Text("西安80（疑似）", "Xian 1980 (suspected)"),
    "beijing54": Text("北京54（疑似）", "Beijing 1954 (suspected)"),
}
# EPSG numbers by datum: base of 3-degree zones with and without prefix, base of 6-degree zones with prefix
_BASES = {"cgcs2000": (4488, 4509, 4478), "xian80": (2324, 2345, 2314), "beijing54": (2376, 2397, 21400)}
_SUFFIXES = ("yx", "dms", "packed")


@dataclass(frozen=True)
class System:
    """One system with the way it was written.

    Attributes
    ----------
    crs : str
        EPSG number, ``GCJ-02`` or ``BD-09``.
    swapped : bool
        Whether the first coordinate is the northing or latitude.
    packed : str
        ``dms`` or ``packed`` where degrees, minutes and seconds stand in one number, else empty.
    datum : str
        ``cgcs2000`` (with WGS 84), ``xian80``, ``beijing54``, ``gcj02``, ``bd09``.
    meridian, width : float or None, int or None
        Of a zone.
    prior : float
        How common it is among uploads that say nothing, against CGCS2000 in the same form.
    """

    crs: str
    swapped: bool = False
    packed: str = ""
    datum: str = "cgcs2000"
    meridian: float | None = None
    width: int | None = None
    prior: float = 1.0

    @property
    def word(self) -> str:
        """The word by which `sites.read` takes it."""
        return "+".join([self.crs, *(["yx"] if self.swapped else []), *([self.packed] if self.packed else [])])

    @property
    def shifted(self) -> bool:
        """Whether it is a shifted system of web maps."""
        return self.datum in ("gcj02", "bd09")

    @property
    def projected(self) -> bool:
        """Whether its coordinates are metres."""
        return self.crs.startswith("EPSG:") and self.crs != DEGREES

    @property
    def text(self) -> Text:
        """Its name for people."""
        swap = Text("，X、Y 互换", ", x and y exchanged") if self.swapped else Text("", "")
        pack = Text("，度分秒写成一个数", ", degrees minutes seconds in one number") if self.packed else Text("", "")
        if self.shifted:
            name = Text(f"{self.crs}（偏移坐标）", f"{self.crs} (shifted)")
        elif self.crs == "EPSG:3857":
            name = Text("Web 墨卡托", "Web Mercator")
        elif self.meridian is None and self.projected:
            name = Text(self.crs, self.crs)
        elif self.projected:
            datum = _DATUM_TEXTS[self.datum]
            zone = f"{self.meridian:g}°"
            name = Text(
                f"{datum.zh} {self.width} 度带，中央子午线 {zone}", f"{datum.en}, {self.width}-degree zone on {zone}"
            )
        else:
            name = Text("CGCS2000 / WGS84 经纬度", "CGCS2000 / WGS 84 degrees")
        return Text(name.zh + swap.zh + pack.zh, name.en + swap.en + pack.en)


def system_of(word: str) -> System | None:
    """Return the system that a word names, None where it is one for PROJ alone."""
    head, *suffixes = word.strip().split("+")
    name = head.strip().upper().replace("_", "-").replace("GCJ02", "GCJ-02").replace("BD09", "BD-09")
    if any(suffix not in _SUFFIXES for suffix in suffixes):
        return None
    packed = next((suffix for suffix in suffixes if suffix in ("dms", "packed")), "")
    swapped = "yx" in suffixes
    if name in ("GCJ-02", "BD-09"):
        return System(name, swapped, packed, "gcj02" if name == "GCJ-02" else "bd09")
    if not suffixes:
        return None
    return System(name, swapped, packed)


def fitting(xy: Floats) -> list[System]:
    """Return the systems that coordinates of this size may be in.

    Parameters
    ----------
    xy : ndarray, shape (n, 2)
        As written.
    """
    found: list[System] = []
    for swapped in (False, True):
        x, y = (xy[:, 1], xy[:, 0]) if swapped else (xy[:, 0], xy[:, 1])
        found += _degrees(x, y, swapped)
        found += _projected(x, y, swapped)
    return found


def _between(values: Floats, low: float, high: float) -> bool:
    return bool((values >= low).all() and (values <= high).all())


def _degrees(x: Floats, y: Floats, swapped: bool) -> Iterator[System]:
    if _between(x, *_LON) and _between(y, *_LAT):
        yield System(DEGREES, swapped)
        yield System("GCJ-02", swapped, datum="gcj02", prior=0.15)
        yield System("BD-09", swapped, datum="bd09", prior=0.1)
        if _is_dms(x) and _is_dms(y):
            # numbers that all look like minutes and seconds by chance grow rare with their count
            yield System(DEGREES, swapped, "dms", prior=0.02 / 0.36 ** min(_with_seconds(x) + _with_seconds(y), 40))
    x, y = x / 1e4, y / 1e4
    if _between(x, *_LON) and _between(y, *_LAT) and _is_dms(x) and _is_dms(y):
        yield System(DEGREES, swapped, "packed", prior=0.5)


def _projected(x: Floats, y: Floats, swapped: bool) -> Iterator[System]:
    if _between(y, 3e5, 6.2e6):
        prefixes = np.unique(x // 1e6)
        zone = int(prefixes[0]) if len(prefixes) == 1 else 0
        for datum, (wide, plain, six) in _BASES.items():
            prior = _PRIORS[datum]
            if 25 <= zone <= 45:
                yield System(f"EPSG:{wide + zone}", swapped, "", datum, 3.0 * zone, 3, prior)
            if 13 <= zone <= 23:
                yield System(f"EPSG:{six + zone}", swapped, "", datum, 6.0 * zone - 3.0, 6, prior)
            if _between(x, 3e4, 9.7e5):
                for number in ZONES:
                    yield System(f"EPSG:{plain + number}", swapped, "", datum, 3.0 * number, 3, prior)
    if _between(x, 8.1e6, 15.2e6) and _between(y, 3.3e5, 7.2e6):
        yield System("EPSG:3857", swapped)


def _is_dms(values: Floats) -> bool:
    """Return whether minutes and seconds below 60 can be read in the decimals."""
    whole = np.round((values % 1.0) * 1e4, 6)
    return bool(((whole // 100 < 60) & (whole % 100 < 60)).all())


def _with_seconds(values: Floats) -> int:
    """Return how many different numbers have a third or fourth decimal, which a chance pattern must get right."""
    return int(np.count_nonzero(np.round((np.unique(values) % 1.0) * 1e4) % 100))


def _unpacked(values: Floats, packed: str) -> Floats:
    """Return degrees of 106.2915 (dms) or 1062915 (packed)."""
    total = np.round(values * 1e4 if packed == "dms" else values, 7)
    degrees, rest = total // 1e4, total % 1e4
    out: Floats = degrees + (rest // 100) / 60 + (rest % 100) / 3600
    return out


def straight(xy: Floats, system: System) -> Floats:
    """Return coordinates with the columns in order, in degrees of the datum or in metres of the projection."""
    if system.swapped:
        xy = xy[:, ::-1]
    if system.packed:
        xy = np.column_stack([_unpacked(xy[:, 0], system.packed), _unpacked(xy[:, 1], system.packed)])
    if system.shifted:
        back = from_gcj02 if system.datum == "gcj02" else from_bd09
        xy = np.column_stack(back(xy[:, 0], xy[:, 1]))
    return xy


def located(xy: Floats, system: System) -> Floats:
    """Return longitude and latitude; of Xian 1980 and Beijing 1954 on their own datum, up to 120 m from CGCS2000."""
    xy = straight(xy, system)
    if not system.projected:
        return xy
    return np.column_stack(_unproject(system.crs).transform(xy[:, 0], xy[:, 1]))


@cache
def _unproject(crs: str) -> pyproj.Transformer:
    projected = pyproj.CRS.from_user_input(crs)
    assert projected.geodetic_crs is not None
    return pyproj.Transformer.from_crs(projected, projected.geodetic_crs, always_xy=True)

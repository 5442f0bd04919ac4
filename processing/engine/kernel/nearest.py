"""Nearest segments of lines to sites by `nearest.c`, in longitude and latitude.

What it tells is near enough to be measured by geodesics: of the pairs of a site and some lines, all those are told
that may be the nearest one. Edges are at most 0.001° long, as long ones are cut. How the search may err:

- a pair rated by the scale of its middle latitude: by half an edge of that latitude, and to the second order in
  the distance, (1 + 2 tan² φ) / 24 of its square over the earth's radius at most;
- a pair looked for in the conformal plane level about it: to the second order likewise;
- scales as series about the middle of the site: by their next term, up to `MAX_REACH_M` and `MAX_HEIGHT_DEG` by
  1e-8 of a distance, up to `FAR_REACH_M` by 2e-6 and so by far less than the second order.

More than twice of that is allowed for, and all pairs are told that may be the nearest; geodesics decide.

Sites that are higher or further north are left to GEOS, and what lies within 1 cm unless it crosses beyond doubt.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import ClassVar

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy.ellipsoid import E2, SHORTEST_DEGREE_M, radii
from . import library
from .box_tree import MAX_EDGE_DEG, Lines, Runs
from .outlines import address

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

MAX_REACH_M = 20_000.0
FAR_REACH_M = 120_000.0  # slower, as more pairs may be the nearest
MAX_HEIGHT_DEG = 0.1
DOUBT_M = 0.01  # as in ground.h: what is nearer, and does not cross beyond doubt, is left to GEOS
MAX_LAT = 60.0
EARTH_M = 6_371_000.0
NONE, FOUND, ASK, LEFT = range(4)

FOUND_ROW = np.dtype(
    [("job", "i8"), ("feature", "i8")] + [(name, "f8") for name in ("site_lon", "site_lat", "lon", "lat", "metres")]
)


class _Sites(ctypes.Structure):
    _fields_: ClassVar = [(name, ctypes.c_void_p) for name in ("xy", "run_start", "site_run", "box", "areal", "ground")]


@dataclass(frozen=True)
class Sites:
    """Sites as the compiled loops read them, EPSG:4490.

    Attributes
    ----------
    runs : Runs
        Their outlines.
    box : ndarray, shape (n, 4)
        West, south, east, north of each, degrees.
    areal : ndarray of uint8, shape (n,)
        Which of them are areas.
    """

    runs: Runs
    box: Floats
    areal: NDArray[np.uint8]

    @classmethod
    def of(cls, geometry: Objects) -> Sites:
        """Take geometries of any type, none of them empty."""
        box = np.ascontiguousarray(shapely.bounds(geometry).reshape(-1, 4))
        return cls(Runs.of(geometry), box, (shapely.get_dimensions(geometry) == 2).astype(np.uint8))

    @classmethod
    def of_points(cls, xy: Floats) -> Sites:
        """Take points, shape (n, 2)."""
        n = len(xy)
        return cls(Runs(xy, np.ones(n, dtype=np.int64), np.arange(n)), np.hstack([xy, xy]), np.zeros(n, dtype=np.uint8))

    @cached_property
    def fit(self) -> NDArray[np.bool_]:
        """Which sites the series serve."""
        _, south, _, north = self.box.T
        return np.asarray((north - south <= MAX_HEIGHT_DEG) & (np.maximum(-south, north) <= MAX_LAT))

    @cached_property
    def first_run(self) -> Indices:
        """The first run of each site, and the number of runs."""
        return np.searchsorted(self.runs.owner, np.arange(len(self.box) + 1)).astype(np.int64)

    @cached_property
    def _ground(self) -> Floats:
        """The columns of Ground in ground.h, the last three left open."""
        west, south, east, north = self.box.T
        lon, lat = (west + east) / 2, (south + north) / 2
        phi = np.radians(lat)
        sine, cosine = np.sin(phi), np.cos(phi)
        meridian, prime = radii(sine)
        parallel, tan, h = prime * cosine, sine / cosine, 1 - E2 * sine * sine
        tall = 3 * E2 * sine * cosine / h  # logarithmic derivative of the meridian's radius
        wide2 = -(meridian * cosine + meridian * tall * sine) / (2 * parallel * meridian**2)
        # Logarithmic derivatives of M / (N cos φ), by which the isometric latitude grows.
        first = 2 * E2 * sine * cosine / h + tan
        second = 2 * E2 * (cosine**2 - sine**2) / h + (2 * E2 * sine * cosine / h) ** 2 + 1 / cosine**2
        third = 2 * tan / cosine**2 - 8 * E2 * sine * cosine / h
        columns = (
            lon, lat, np.radians(parallel), np.radians(meridian), -tan / prime, wide2, tall / meridian,
            first / (2 * meridian), (second + first**2) / (6 * meridian**2),
            (third + 3 * first * second + first**3) / (24 * meridian**3),
            sine, cosine, parallel, meridian, *np.zeros((3, len(lat))),
        )  # fmt: skip
        return np.column_stack(columns)

    def ground(self, reach_m: float) -> Floats:
        """Return what is measured with about each site within reach, shape (n, 17)."""
        if reach_m not in self._grounds:
            self._grounds[reach_m] = self._ground_within(reach_m)
        return self._grounds[reach_m]

    @cached_property
    def _grounds(self) -> dict[float, Floats]:
        return {}

    def _ground_within(self, reach_m: float) -> Floats:
        out = self._ground.copy()
        _, south, _, north = self.box.T
        furthest = np.radians(np.maximum(np.abs(south), np.abs(north)) + reach_m / SHORTEST_DEGREE_M)
        _, prime = radii(np.sin(furthest))
        out[:, 14] = np.minimum(1.0, prime * np.cos(furthest) / out[:, 12]) * (1 - 1e-4)
        tangent = np.tan(furthest)
        out[:, 15] = 2.2 * np.radians(MAX_EDGE_DEG) / 2 * (tangent + 0.02) + 1e-7
        out[:, 16] = 2.2 * (1 + tangent**2) / 4 / EARTH_M**2
        return out


def available() -> bool:
    """Tell whether there are compiled loops."""
    return library.kernel() is not None


def labels_within(sites: Sites, lines: Lines, reach_m: float) -> tuple[Indices, Indices]:
    """Return pairs of a site and a label of which a leaf's box may lie within reach, m; fit sites only."""
    rows = np.flatnonzero(sites.fit)
    box, ground = np.ascontiguousarray(sites.box[rows]), np.ascontiguousarray(sites.ground(reach_m)[rows])
    room = 4 * len(rows) + 64
    while len(rows) and len(lines.first):
        site, label = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
        n = _loops(_library())[0](
            ctypes.byref(lines.tree), address(box, np.float64), address(ground, np.float64), len(rows), reach_m,
            address(site, np.int64), address(label, np.int64), room,
        )  # fmt: skip
        if n <= room:
            return rows[site[:n]], label[:n]
        room = n
    return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)


def search(
    sites: Sites, lines: Lines, site: Indices, label: Indices, reach_m: float
) -> tuple[NDArray[np.void], NDArray[np.uint8]]:
    """Return the pairs of points that may be the nearest ones of each site and the lines of a label.

    Parameters
    ----------
    site, label : ndarray of int64
        One job each; the sites are fit.
    reach_m : float
        At most `FAR_REACH_M`; further pairs are not told.

    Returns
    -------
    found : ndarray of FOUND_ROW
        ``job``, ``feature``, both points in degrees, and m up to the precision of a search.
    state : ndarray of uint8
        Per job: NONE, FOUND (at no distance where they meet beyond doubt), ASK where something is within 1 cm and
        LEFT where the search gave up.
    """
    state = np.zeros(len(site), dtype=np.uint8)
    if not len(site) or not len(lines.first):
        return np.empty(0, dtype=FOUND_ROW), state
    low, high = lines.range_of(label)
    site = np.ascontiguousarray(site, dtype=np.int64)
    ground = sites.ground(reach_m)
    given = _Sites(
        address(sites.runs.xy, np.float64), address(sites.runs.start, np.int64), address(sites.first_run, np.int64),
        address(sites.box, np.float64), address(sites.areal, np.uint8), address(ground, np.float64),
    )  # fmt: skip
    limit = np.full(len(site), reach_m)
    room = 2 * len(site) + 64
    while True:
        found = np.empty(room, dtype=FOUND_ROW)
        n = _loops(_library())[1](
            ctypes.byref(lines.tree), ctypes.byref(given), address(site, np.int64), address(low, np.int64),
            address(high, np.int64), address(limit, np.float64), len(site), address(state, np.uint8),
            found.ctypes.data, room,
        )  # fmt: skip
        if n <= room:
            return found[:n], state
        room = n


def deepest(
    sites: Sites, start: Indices, end: Indices, lines: Lines, label: Indices, reach_m: float
) -> tuple[NDArray[np.void], NDArray[np.uint8]]:
    """Return the pairs of points of a search at those points of each group that may be the furthest from its lines.

    Parameters
    ----------
    sites : Sites
        Points, all of them fit.
    start, end : ndarray of int64
        First point of each group and the one after its last.
    label : ndarray of int64
        Of the lines of each group.
    reach_m : float
        At most `FAR_REACH_M`.

    Returns
    -------
    found : ndarray of FOUND_ROW
        As by `search`; ``job`` is the point. Points within 1 cm of the lines have none.
    state : ndarray of uint8
        Per group: FOUND, or why it was given up: NONE where a point is further than the reach, LEFT.
    """
    n = len(label)
    state = np.zeros(n, dtype=np.uint8)
    if not n or not len(lines.first):
        return np.empty(0, dtype=FOUND_ROW), state
    if not len(start) == len(end) == n or (start < 0).any() or (end > len(sites.box)).any():
        raise ValueError("groups that are none of the points")
    low, high = lines.range_of(label)
    ground, way = sites.ground(reach_m), np.empty(len(sites.box))
    given = _Sites(address(sites.runs.xy, np.float64), None, None, None, None, address(ground, np.float64))
    room = 8 * n + 64
    while True:
        found = np.empty(room, dtype=FOUND_ROW)
        told = _loops(_library())[2](
            ctypes.byref(lines.tree), ctypes.byref(given), address(start, np.int64), address(end, np.int64),
            address(low, np.int64), address(high, np.int64), reach_m, n, address(way, np.float64),
            address(state, np.uint8), found.ctypes.data, room,
        )  # fmt: skip
        if told <= room:
            return found[:told], state
        room = told


def _library() -> ctypes.CDLL:
    compiled = library.kernel()
    assert compiled is not None
    return compiled


@cache
def _loops(loops: ctypes.CDLL) -> tuple[Callable[..., int], Callable[..., int], Callable[..., int]]:
    # By item each call gets functions of its own: none is ever seen by another thread before its types are set.
    labels, nearest, deepest = loops["nearest_labels"], loops["nearest_search"], loops["nearest_deepest"]
    pointer, long, real = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double
    labels.argtypes, labels.restype = [pointer, pointer, pointer, long, real, pointer, pointer, long], long
    nearest.argtypes, nearest.restype = [pointer] * 6 + [long] + [pointer] * 2 + [long], long
    deepest.argtypes = [*[pointer] * 6, real, long, *[pointer] * 3, long]
    deepest.restype = long
    return labels, nearest, deepest

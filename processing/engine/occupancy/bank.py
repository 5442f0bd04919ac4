"""One bank as a line with stations: metres on the ellipsoid from its start."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy.length import edge_lengths
from ....layers.geodesy.plane import LocalPlane

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Bank:
    """A line of bank.

    Attributes
    ----------
    river, river_class, side, bank_def : str
        Canonical; empty where not told.
    name : str
        What it is called in outputs.
    main_channel : bool
        Whether it lies on the main navigation channel.
    line : LineString
        EPSG:4490, from its first station to its last.
    offset_m : float
        The length of the pieces of the same bank before this one: stations in outputs run on.
    """

    river: str
    river_class: str
    side: str
    bank_def: str
    name: str
    main_channel: bool
    line: shapely.LineString
    offset_m: float = 0.0
    _plane: LocalPlane = field(init=False, repr=False)
    _flat: Floats = field(init=False, repr=False)
    _edges: shapely.STRtree = field(init=False, repr=False)
    _stations: Floats = field(init=False, repr=False)
    _xy: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        xy = shapely.get_coordinates(self.line)
        middle = xy[len(xy) // 2]
        plane = LocalPlane(float(middle[0]), float(middle[1]))
        flat = np.column_stack(plane.project(xy[:, 0], xy[:, 1]))
        edges = shapely.linestrings(np.stack((flat[:-1], flat[1:]), axis=1))
        stations = np.concatenate(([0.0], np.cumsum(edge_lengths(xy[:-1], xy[1:]))))
        for name, value in (
            ("_plane", plane), ("_flat", flat), ("_edges", shapely.STRtree(edges)), ("_stations", stations),
            ("_xy", xy),
        ):  # fmt: skip
            object.__setattr__(self, name, value)

    @property
    def length_m(self) -> float:
        """Its length on the ellipsoid, m."""
        return float(self._stations[-1])

    @property
    def closed(self) -> bool:
        """Whether it goes round an island."""
        return bool(shapely.is_closed(self.line))

    @property
    def vertices_m(self) -> Floats:
        """The stations of its vertices, m."""
        return self._stations

    def flatten(self, geometry: shapely.Geometry) -> shapely.Geometry:
        """Return a geometry of EPSG:4490 in the plane of this bank, m."""
        return shapely.transform(geometry, lambda xy: np.column_stack(self._plane.project(xy[:, 0], xy[:, 1])))

    def stations(self, flat: Floats) -> tuple[Floats, Floats]:
        """Return station and distance, both m, of the point of the bank nearest to each point of its plane.

        Parameters
        ----------
        flat : ndarray, shape (n, 2)
        """
        _, edge = self._edges.query_nearest(shapely.points(flat), all_matches=False)
        start, step = self._flat[edge], np.diff(self._flat, axis=0)[edge]
        length2 = (step**2).sum(axis=1)
        dot = ((flat - start) * step).sum(axis=1)
        share = np.clip(np.divide(dot, length2, out=np.zeros_like(dot), where=length2 > 0), 0.0, 1.0)
        out = self._stations[edge] + share * np.diff(self._stations)[edge]
        return out, np.hypot(*(start + share[:, None] * step - flat).T)

    def at(self, station_m: Floats) -> Floats:
        """Return lon, lat of stations, degrees, shape (n, 2)."""
        edge = np.clip(np.searchsorted(self._stations, station_m, side="right") - 1, 0, len(self._stations) - 2)
        step = np.diff(self._stations)[edge]
        share = np.divide(station_m - self._stations[edge], step, out=np.zeros_like(step), where=step > 0)
        xy: Floats = self._xy[edge] + np.clip(share, 0.0, 1.0)[:, None] * np.diff(self._xy, axis=0)[edge]
        return xy

    def flat_at(self, station_m: Floats) -> NDArray[np.object_]:
        """Return points of stations in the plane of this bank."""
        xy = self.at(station_m)
        points: NDArray[np.object_] = shapely.points(np.column_stack(self._plane.project(xy[:, 0], xy[:, 1])))
        return points

    def piece(self, from_m: float, to_m: float) -> shapely.LineString:
        """Return the line between two stations, with every vertex between them."""
        inner = (self._stations > from_m) & (self._stations < to_m)
        ends = self.at(np.array([from_m, to_m]))
        return shapely.LineString(np.vstack((ends[:1], self._xy[inner], ends[1:])))

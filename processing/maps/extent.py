"""What part of the ground a page shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from ...layers.geodesy.zones import Zone, zone_of
from ...layers.texts import Text
from .errors import MapError
from .scale import fitting_scale

CONTEXT_SHARE = 0.6
CONTEXT_LIMIT_M = 500.0
BOUNDARY_REACH_M = 1000.0
LOCATOR_MM = 5.0
_EDGE_PARTS = 16


@cache
def _to_plane(epsg: int) -> Transformer:
    return Transformer.from_crs(4490, epsg, always_xy=True)


def project(geometry: shapely.Geometry, epsg: int) -> shapely.Geometry:
    """Return a geometry given in degrees (EPSG:4490) in the metres of a Gauss-Krüger zone."""
    return _transformed(geometry, epsg, "FORWARD")


def unproject(geometry: shapely.Geometry, epsg: int) -> shapely.Geometry:
    """Return a geometry given in the metres of a Gauss-Krüger zone in degrees (EPSG:4490)."""
    return _transformed(geometry, epsg, "INVERSE")


def _transformed(geometry: shapely.Geometry, epsg: int, direction: str) -> shapely.Geometry:
    def turn(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        # as lists: PROJ takes an array of one for a number and warns
        return np.asarray(_to_plane(epsg).transform(x.tolist(), y.tolist(), direction=direction))

    return shapely.transform(geometry, turn, interleaved=False)


@dataclass(frozen=True)
class Frame:
    """The rectangle of ground on a page, in metres of a Gauss-Krüger zone.

    Attributes
    ----------
    epsg : int
        CGCS2000, 3-degree zone, easting without zone prefix.
    meridian : int
        Its central meridian, degrees.
    bounds : tuple of float
        xmin, ymin, xmax, ymax, metres.
    scale : int
        Denominator of the scale.
    """

    epsg: int
    meridian: int
    bounds: tuple[float, float, float, float]
    scale: int

    @property
    def polygon(self) -> shapely.Polygon:
        """The frame in degrees (EPSG:4490), its edges dense enough to follow the map's straight ones."""
        box = shapely.box(*self.bounds)
        edge = max(self.bounds[2] - self.bounds[0], self.bounds[3] - self.bounds[1]) / _EDGE_PARTS
        return unproject(shapely.segmentize(box, edge), self.epsg)

    def inner_bounds(self, margin_mm: float) -> tuple[float, float, float, float]:
        """Return the degrees west, south, east, north between which a line crosses the edges away from the corners.

        Parameters
        ----------
        margin_mm : float
            How far from the corners, millimetres on paper.
        """
        margin = margin_mm * self.scale / 1000
        xmin, ymin, xmax, ymax = self.bounds
        along = [(x, y) for x in (xmin + margin, xmax - margin) for y in (ymin, ymax)]
        up = [(x, y) for x in (xmin, xmax) for y in (ymin + margin, ymax - margin)]
        lon = shapely.get_coordinates(unproject(shapely.MultiPoint(along), self.epsg))[:, 0]
        lat = shapely.get_coordinates(unproject(shapely.MultiPoint(up), self.epsg))[:, 1]
        return float(max(lon[:2])), float(max(lat[[0, 2]])), float(min(lon[2:])), float(min(lat[[1, 3]]))

    def holds(self, geometry: shapely.Geometry) -> bool:
        """Tell whether a geometry in degrees lies wholly inside the frame."""
        xmin, ymin, xmax, ymax = project(geometry, self.epsg).bounds
        return bool(
            xmin >= self.bounds[0] and ymin >= self.bounds[1] and xmax <= self.bounds[2] and ymax <= self.bounds[3]
        )

    def on_paper_mm(self, geometry: shapely.Geometry) -> float:
        """Return the longer side of a geometry's bounding box on paper, millimetres."""
        xmin, ymin, xmax, ymax = project(geometry, self.epsg).bounds
        return float(max(xmax - xmin, ymax - ymin) / self.scale * 1000)


def frame_for(site: shapely.Geometry, points: NDArray[np.float64], size_mm: tuple[float, float]) -> Frame:
    """Return the frame in which a site and the points that matter are seen at a round scale.

    The site gets some ground around it (`CONTEXT_SHARE` of its size, at most
    `CONTEXT_LIMIT_M`); the zone is that of the site's centre, so that the scale is true.

    Parameters
    ----------
    site : Geometry
        In degrees (EPSG:4490).
    points : ndarray, shape (n, 2)
        Longitude and latitude of what must be seen beside it.
    size_mm : tuple of float
        Width and height of the frame on paper.

    Raises
    ------
    MapError
        It does not fit the smallest scale, or lies outside the zones of CGCS2000.
    """
    zone = _zone(site)
    epsg = zone.epsg_plain
    xmin, ymin, xmax, ymax = project(site, epsg).bounds
    pad = min(CONTEXT_SHARE * max(xmax - xmin, ymax - ymin), CONTEXT_LIMIT_M)
    corners = [(xmin - pad, ymin - pad), (xmax + pad, ymax + pad)]
    if len(points):
        corners.extend(shapely.get_coordinates(project(shapely.MultiPoint(points), epsg)).tolist())
    low, high = np.min(corners, axis=0), np.max(corners, axis=0)
    scale = fitting_scale(float(high[0] - low[0]), float(high[1] - low[1]), size_mm)
    middle = (low + high) / 2
    half = np.asarray(size_mm) * scale / 2000
    return Frame(epsg, int(zone.meridian), (*(middle - half).tolist(), *(middle + half).tolist()), scale)


def nearest_boundary_point(site: shapely.Geometry, feature: shapely.Geometry) -> tuple[float, float] | None:
    """Return where a feature's outline is nearest to the site, or None where that is beyond `BOUNDARY_REACH_M`.

    Both in degrees. Good enough to choose a frame, not to measure.
    """
    epsg = _zone(site).epsg_plain
    outline = project(feature, epsg)
    outline = outline.boundary if shapely.get_dimensions(outline) == 2 else outline
    line = shapely.shortest_line(project(site, epsg), outline)
    if line is None or line.length > BOUNDARY_REACH_M:
        return None
    point = unproject(shapely.Point(line.coords[-1]), epsg)
    return point.x, point.y


def _zone(site: shapely.Geometry) -> Zone:
    lon = site.centroid.x
    try:
        return zone_of(lon)
    except ValueError as error:
        raise MapError(
            Text(
                f"经度 {lon:.4f}° 不在 CGCS2000 的 3° 带内", f"longitude {lon:.4f}° lies outside the zones of CGCS2000"
            ),
            remedy=Text("请核对地块坐标。", "Check the coordinates of the site."),
        ) from error

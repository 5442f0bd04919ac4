"""What part of the ground a page shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from ...layers.geodesy.zones import Zone, zone_of
from ...layers.texts import Text
from .errors import MapError
from .scale import FILL, fitting_scale

CONTEXT_SHARE = 0.6
CONTEXT_LIMIT_M = 500.0
BOUNDARY_REACH_M = 1000.0
LOCATOR_MM = 5.0
DISTRICT_FILL = 0.96
DETAIL_FILL = 0.72
DETAIL_SCALES = (
    50, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 7500, 10_000, 15_000, 20_000, 25_000,
    30_000, 40_000, 50_000, 75_000, 100_000, 150_000, 200_000, 300_000, 500_000, 1_000_000, 2_000_000,
)  # fmt: skip
_EDGE_PARTS = 16


@cache
def _to_plane(epsg: int) -> Transformer:
    return Transformer.from_crs(4490, epsg, always_xy=True)


def project(geometry: shapely.Geometry, epsg: int) -> shapely.Geometry:
    """Return a geometry given in degrees (EPSG:4490) in the metres of a Gauss-Krüger zone."""
    return _transformed(geometry, epsg, "FORWARD")


def unproject(geometry: Any, epsg: int) -> Any:
    """Return a geometry, or an array of them, given in the metres of a Gauss-Krüger zone in degrees (EPSG:4490)."""
    return _transformed(geometry, epsg, "INVERSE")


def _transformed(geometry: Any, epsg: int, direction: str) -> Any:
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


def frame_for(
    site: shapely.Geometry,
    points: NDArray[np.float64],
    size_mm: tuple[float, float],
    context_m: float = 0.0,
    scale: int = 0,
) -> Frame:
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
    context_m : float
        Metres of ground around the site; 0: by its size.
    scale : int
        Denominator of a fixed scale; 0: a round one that fits. Where the points do not fit a fixed
        scale, the frame has the site in its middle.

    Raises
    ------
    MapError
        The site does not fit the scale, the points do not fit the smallest one, or it lies outside all zones.
    """
    zone = _zone(site)
    epsg = zone.epsg_plain
    own = np.reshape(project(site, epsg).bounds, (2, 2))
    pad = context_m or min(CONTEXT_SHARE * float(np.max(own[1] - own[0])), CONTEXT_LIMIT_M)
    seen = np.vstack([own[0] - pad, own[1] + pad])
    if len(points):
        seen = np.vstack([seen, shapely.get_coordinates(project(shapely.MultiPoint(points), epsg))])
    low, high = seen.min(axis=0), seen.max(axis=0)
    ground = np.asarray(size_mm) * scale / 1000
    if scale and (high - low > ground).any():
        low, high = own
        if (high - low > FILL * ground).any():
            raise _too_large(high - low, scale, size_mm)
    chosen = scale or fitting_scale(float(high[0] - low[0]), float(high[1] - low[1]), size_mm)
    return _around((low + high) / 2, chosen, size_mm, zone)


def district_frame(
    site: shapely.Geometry, district: shapely.Geometry, size_mm: tuple[float, float], smallest_scale: int
) -> Frame:
    """Return the frame of a site's district; where that does not fit the smallest scale, that scale around the site.

    Parameters
    ----------
    site, district : Geometry
        In degrees (EPSG:4490).
    size_mm : tuple of float
        Width and height of the frame on paper.
    smallest_scale : int
        Denominator.
    """
    zone = _zone(site)
    both = project(shapely.GeometryCollection([site, district]), zone.epsg_plain)
    low, high = np.reshape(both.bounds, (2, 2))
    ground = np.asarray(size_mm) * smallest_scale / 1000
    if (high - low <= DISTRICT_FILL * ground).all():
        scale = fitting_scale(float(high[0] - low[0]), float(high[1] - low[1]), size_mm, DISTRICT_FILL)
        return _around((low + high) / 2, scale, size_mm, zone)
    return frame_for(site, np.empty((0, 2)), size_mm, scale=smallest_scale)


def detail_frame(site: shapely.Geometry, size_mm: tuple[float, float]) -> Frame:
    """Return the frame of a site alone: the largest round scale, from 1:50 on, with room for numbers around it."""
    zone = _zone(site)
    low, high = np.reshape(project(site, zone.epsg_plain).bounds, (2, 2))
    scale = fitting_scale(*(high - low).tolist(), size_mm, DETAIL_FILL, DETAIL_SCALES)
    return _around((low + high) / 2, scale, size_mm, zone)


def _around(middle: NDArray[np.float64], scale: int, size_mm: tuple[float, float], zone: Zone) -> Frame:
    half = np.asarray(size_mm) * scale / 2000
    return Frame(zone.epsg_plain, int(zone.meridian), (*(middle - half).tolist(), *(middle + half).tolist()), scale)


def _too_large(size_m: NDArray[np.float64], scale: int, size_mm: tuple[float, float]) -> MapError:
    needed = int(np.max(size_m / np.asarray(size_mm)) * 1000 / FILL) + 1
    return MapError(
        Text(
            f"地块 {size_m[0]:.0f} m × {size_m[1]:.0f} m 在 1:{scale} 下超出图幅",
            f"the site of {size_m[0]:.0f} m × {size_m[1]:.0f} m does not fit the page at 1:{scale}",
        ),
        remedy=Text(
            f"请选用不大于 1:{needed} 的比例尺、更大的图幅，或自动比例尺。",
            f"Choose 1:{needed} or smaller, a larger sheet, or the automatic scale.",
        ),
    )


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

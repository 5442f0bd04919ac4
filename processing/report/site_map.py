"""The map of a run as inline SVG: sites in the colours of their verdicts, shortest lines to what is near."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import cos, floor, isnan, log10, radians
from typing import Any

import numpy as np
import pandas as pd
import shapely

from .figures import metres
from .model import SitePaper
from .palette import looks
from .source import Source
from .values import records, shown

WIDTH, HEIGHT = 1000.0, 620.0
_MARGIN = 0.08
_LEAST_SPAN = 0.004  # degrees, so that one small site still shows its surroundings
METRES_PER_DEGREE = 111_320.0  # only for the scale bar


class Frame:
    """The plane of the drawing: degrees to SVG units, longitude shrunk by the cosine of the middle latitude."""

    def __init__(self, bounds: Sequence[float]) -> None:
        west, south, east, north = bounds
        self._shrink = max(cos(radians((south + north) / 2)), 0.01)
        across = max((east - west) * self._shrink, _LEAST_SPAN) * (1 + 2 * _MARGIN)
        down = max(north - south, _LEAST_SPAN) * (1 + 2 * _MARGIN)
        self.scale = min(WIDTH / across, HEIGHT / down)
        self._lon, self._lat = (west + east) / 2, (south + north) / 2

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Return SVG coordinates of a point in degrees."""
        x = WIDTH / 2 + (lon - self._lon) * self._shrink * self.scale
        return x, HEIGHT / 2 - (lat - self._lat) * self.scale

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Return longitude and latitude of an SVG point."""
        return self._lon + (x - WIDTH / 2) / self._shrink / self.scale, self._lat - (y - HEIGHT / 2) / self.scale

    @property
    def metres_per_unit(self) -> float:
        """Ground metres of one SVG unit."""
        return METRES_PER_DEGREE / self.scale


def site_map(source: Source, sites: Sequence[SitePaper]) -> str:
    """Return the SVG element of the map.

    Parameters
    ----------
    source : Source
        The run; its sites in EPSG:4490.
    sites : sequence of SitePaper
        The sites to draw, in the order of their cards on the page.

    Returns
    -------
    str
        Empty where there is nothing to draw or coordinates may not be told.
    """
    if source.secrecy or not sites:
        return ""
    by_id = dict(zip(map(shown, source.sites["site_id"]), source.sites.geometry, strict=True))
    shapes = np.array([by_id[site.site_id] for site in sites], dtype=object)
    frame = Frame(shapely.total_bounds(shapes))
    body = "".join((*_grid(frame), *_links(source, frame, sites), *_sites(shapes, frame, sites)))
    return (
        f'<svg id="map" class="map" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'aria-label="项目地块与初筛意见分布示意图" preserveAspectRatio="xMidYMid meet" '
        f'data-metres="{frame.metres_per_unit:.6g}" data-sites="{len(sites)}">{body}</svg>'
    )


def _sites(shapes: np.ndarray[Any, Any], frame: Frame, sites: Sequence[SitePaper]) -> Iterator[str]:
    lines = np.char.endswith(np.array([shape.geom_type for shape in shapes]), "LineString")
    inside = np.empty(len(shapes), dtype=object)
    inside[lines] = shapely.line_interpolate_point(shapes[lines], 0.5, normalized=True)
    inside[~lines] = shapely.point_on_surface(shapes[~lines])
    for number, (site, shape, spot) in enumerate(zip(sites, shapes, inside, strict=True)):
        x, y = frame.place(spot.x, spot.y)
        label = escape(f"{site.site_id} {site.name}：{site.words}")
        path = _path(shape, frame)
        line = " line" if shape.geom_type.endswith("LineString") else ""
        drawn = f'<path class="shape{line} c-{site.look}" d="{path}"/>' if path else ""
        yield (
            f'<a class="spot" href="#s{number}" data-look="{site.look}"><title>{label}</title>{drawn}'
            f'<g class="mark" transform="translate({x:.2f} {y:.2f})"><g class="size">'
            f'<text class="symbol c-{site.look}">{looks()[site.look].symbol}</text>'
            f'<text class="label" x="9" y="4">{escape(site.site_id)}</text></g></g></a>'
        )


def _path(shape: Any, frame: Frame) -> str:
    pieces = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            pieces += [_run(ring.coords, frame) + "Z" for ring in (part.exterior, *part.interiors)]
        elif part.geom_type in ("LineString", "LinearRing"):
            pieces.append(_run(part.coords, frame))
    return "".join(pieces)


def _run(coordinates: Any, frame: Frame) -> str:
    places = (frame.place(*point[:2]) for point in coordinates)
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in places)


def _links(source: Source, frame: Frame, sites: Sequence[SitePaper]) -> Iterator[str]:
    """Yield the shortest line from a site to a feature that a finding names, where there is a gap between them."""
    drawn = {site.site_id for site in sites}
    keys = ["site_id", "role", "feature_id"]
    named = source.findings.loc[source.findings["site_id"].isin(drawn), [*keys, "limit_m"]].drop_duplicates(keys)
    facts = pd.merge(source.facts[source.facts["distance_m"] > 0], named, on=keys)
    for row in records(facts):
        ends = (row.site_lon, row.site_lat, row.feature_lon, row.feature_lat)
        if any(isnan(value) for value in ends):
            continue
        (x1, y1), (x2, y2) = frame.place(*ends[:2]), frame.place(*ends[2:])
        title = escape(
            f"{row.site_id} → {row.feature_name or row.feature_id}：{metres(row.distance_m, (row.limit_m,))}"
        )
        yield f'<path class="link" d="M{x1:.2f} {y1:.2f}L{x2:.2f} {y2:.2f}"><title>{title}</title></path>'


def _grid(frame: Frame) -> Iterator[str]:
    west, north = frame.degrees(0, 0)
    east, south = frame.degrees(WIDTH, HEIGHT)
    step = _nice((east - west) / 6)
    decimals = max(0, -floor(log10(step)))
    for number in range(floor(west / step) + 1, floor(east / step) + 1):
        x, _ = frame.place(number * step, south)
        yield f'<path class="grid" d="M{x:.2f} 0V{HEIGHT:g}"/><text class="tick" x="{x + 3:.2f}" y="{HEIGHT - 5:g}">'
        yield f"{number * step:.{decimals}f}°E</text>"
    for number in range(floor(south / step) + 1, floor(north / step) + 1):
        _, y = frame.place(west, number * step)
        yield f'<path class="grid" d="M0 {y:.2f}H{WIDTH:g}"/><text class="tick" x="4" y="{y - 3:.2f}">'
        yield f"{number * step:.{decimals}f}°N</text>"


def _nice(step: float) -> float:
    power = 10.0 ** floor(log10(step))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= step * 0.999)

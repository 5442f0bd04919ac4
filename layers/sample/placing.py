"""Sites placed by what they are to show: at an exact distance, inside, across, around or beside something."""

from __future__ import annotations

import itertools

import numpy as np
import shapely
from shapely.affinity import rotate, translate

from .board import KEEP_OFF_M, Board, PlacingError
from .land import Stream
from .outline import Points

EXACT_M = 1e-5


def rectangle(size: tuple[float, float], angle: float) -> shapely.Polygon:
    """Return a parcel of the size (m) about the origin, turned by degrees, one corner cut."""
    w, h = size[0] / 2, size[1] / 2
    return rotate(shapely.Polygon([(-w, -h), (w, -h), (w, h * 0.4), (w * 0.6, h), (-w, h)]), angle, origin=(0, 0))


def pole(ground: shapely.Geometry, site: str, least: float) -> shapely.Point:
    """Return the point of the ground farthest from its border.

    Raises
    ------
    PlacingError
        The ground is narrower than twice `least` (m).
    """
    circle = shapely.maximum_inscribed_circle(ground, tolerance=2.0) if ground.area > 0 else shapely.LineString()
    if circle.length < least:
        raise PlacingError(site)
    return shapely.Point(circle.coords[0])


def inside(board: Board, site: str, ground: shapely.Geometry, shape: shapely.Geometry) -> shapely.Geometry:
    """Return the shape (about the origin) moved to the middle of the ground."""
    reach = float(shapely.minimum_bounding_radius(shape)) if shape.area > 0 else 1.0
    at = pole(ground, site, 0.7 * reach)
    placed = translate(shape, at.x, at.y)
    if not ground.covers(placed):
        raise PlacingError(site)
    return board.take(placed)


def at_distance(
    board: Board, site: str, stream: Stream, distance_m: float, ground: shapely.Geometry, shape: shapely.Geometry
) -> shapely.Geometry:
    """Return the shape on the ground, its nearest point exactly that far from the banks of a river."""
    reach = float(shapely.minimum_bounding_radius(shape))
    belt = shapely.difference(
        shapely.buffer(stream.water, distance_m + 2 * reach, quad_segs=32),
        shapely.buffer(stream.water, distance_m - 5.0, quad_segs=32),
    )
    at = pole(shapely.intersection(ground, belt), site, 0.6 * reach)
    placed = translate(shape, at.x, at.y)
    for _ in range(80):
        (sx, sy), (wx, wy) = shapely.shortest_line(placed, stream.water).coords
        away = float(np.hypot(sx - wx, sy - wy))
        step = (distance_m - away) / away
        placed = translate(placed, (sx - wx) * step, (sy - wy) * step)
        if abs(away - distance_m) < EXACT_M:
            break
    if not shapely.buffer(ground, 25.0).covers(placed):
        raise PlacingError(site)
    return board.take(placed)


def beside(board: Board, site: str, area: str, unit: str, depth_m: float, overlap_m: float) -> shapely.Polygon:
    """Return a parcel along an edge of an area: sharing the edge exactly (0), or reaching over it by metres.

    Parameters
    ----------
    board : Board
    site : str
    area, unit : str
        The area whose edge it takes, and the unit in which the rest of it lies.
    depth_m : float
        How far it reaches away from the area.
    overlap_m : float
        How far it reaches into the area.
    """
    target = board.areas[area]
    ground = shapely.buffer(board.free([unit], [area], border_m=0.0), 0.05)
    shapely.prepare(ground)
    for ring in shapely.get_exterior_ring(shapely.get_parts(shapely.orient_polygons(target))):
        points = np.asarray(ring.coords)
        for a, b in itertools.pairwise(points):
            length = float(np.hypot(*(b - a)))
            if not 36.0 < length < 120.0:
                continue
            parcel, core = _against(a, b, depth_m, overlap_m)
            shared = shapely.intersection(parcel, target)
            if overlap_m == 0.0:
                fits = parcel.touches(target) and shared.length < 1.0001 * length
            else:
                fits = 0.9 * overlap_m < shared.area / length < 1.05 * overlap_m and shared.geom_type == "Polygon"
            if fits and ground.covers(core):
                return board.take(parcel)
    raise PlacingError(site)


def _against(a: Points, b: Points, depth_m: float, overlap_m: float) -> tuple[shapely.Polygon, shapely.Polygon]:
    """Return the parcel on the right of an edge, and the part of it well off the edge."""
    along = b - a
    outward = np.array([along[1], -along[0]]) / np.hypot(*along)
    far = [b + depth_m * outward - 0.12 * along, a + depth_m * outward + 0.12 * along]
    near = [a - overlap_m * outward, b - overlap_m * outward]
    return shapely.Polygon([*near, *far]), shapely.Polygon(
        [a + 2 * outward + 0.05 * along, b + 2 * outward - 0.05 * along, *far]
    )


def across(board: Board, site: str, what: str, units: list[str], reach_m: float) -> shapely.LineString:
    """Return a line across a river or an area, of that reach to either side, clear of all other protection."""
    if what in board.land.streams:
        axes = [board.land.streams[what].axis]
        ground = board.free(units, ["water"], {"*": 0.0})
    else:
        parts = sorted(shapely.get_parts(board.areas[what]), key=shapely.area)[::-1]
        axes = [_spine(part) for part in parts]
        ground = shapely.union(board.free(units, ["red"]), shapely.buffer(board.areas[what], KEEP_OFF_M + 5.0))
    shapely.prepare(ground)
    for axis, reach in ((axis, share * reach_m) for axis in axes for share in (1.0, 0.8, 0.6)):
        for station in np.arange(0.1, 0.9, 0.01) * axis.length:
            line = _bent_across(axis, station, reach)
            ends = shapely.MultiPoint([line.coords[0], line.coords[-1]])
            if ground.covers(line) and not (what in board.areas and shapely.dwithin(ends, board.areas[what], 60.0)):
                return board.take(line)
    raise PlacingError(site)


def _bent_across(axis: shapely.LineString, station: float, reach_m: float) -> shapely.LineString:
    """Return a slightly bent line square to an axis at a station (m)."""
    here, there = (np.asarray(axis.interpolate(s).coords[0]) for s in (station, station + 60.0))
    along = (there - here) / np.hypot(*(there - here))
    normal = np.array([-along[1], along[0]])
    bend = 0.03 * reach_m * np.array([0.0, 1.0, 0.4, 0.0, -0.5, -1.0, 0.0])
    return shapely.LineString(here + np.outer(np.linspace(-reach_m, reach_m, 7), normal) + np.outer(bend, along))


def _spine(part: shapely.Polygon) -> shapely.LineString:
    """Return the long middle line of an area."""
    corners = np.asarray(shapely.minimum_rotated_rectangle(part).exterior.coords)
    middles = (corners[:-1] + corners[1:]) / 2
    return max((shapely.LineString(middles[[0, 2]]), shapely.LineString(middles[[1, 3]])), key=shapely.length)


def around(board: Board, site: str, area: str) -> shapely.Polygon:
    """Return a ring about the smallest part of an area that leaves the part in its hole."""
    ground = board.free(["K1", "K4"], ["red"], {"*": 40.0}, border_m=0.0)
    for part in sorted(shapely.get_parts(board.areas[area]), key=shapely.area):
        outer = shapely.buffer(part, 60.0, quad_segs=6).simplify(2.0)
        ring = shapely.Polygon(outer.exterior, [shapely.buffer(part, 22.0, quad_segs=6).simplify(2.0).exterior])
        if ring.is_valid and ground.covers(ring) and not ring.intersects(board.areas["red"]):
            return board.take(ring)
    raise PlacingError(site)


def on_border(board: Board, site: str, unit: str, shape: shapely.Geometry) -> shapely.Geometry:
    """Return the shape half in a unit and half in the neighbouring district."""
    beyond = board.zones.division.neighbour
    border = shapely.line_merge(shapely.intersection(board.areas[unit].boundary, beyond.boundary))
    line = max(shapely.get_parts(border), key=shapely.length)
    ground = shapely.union(
        board.free([unit], border_m=0.0), shapely.difference(beyond, board.zones.division.red_neighbour.buffer(60.0))
    )
    # The two sides meet in one line; a hair closes it.
    ground = shapely.buffer(ground, 0.01)
    for share in np.linspace(0.5, 0.95, 20):
        at = line.interpolate(share, normalized=True)
        placed = translate(shape, at.x, at.y)
        if ground.covers(placed):
            return board.take(placed)
    raise PlacingError(site)


def on_seam(board: Board, site: str, unit: str, shape: shapely.Geometry) -> shapely.Geometry:
    """Return the shape astride the meridian where two 3° zones meet (x = 0), as far from anything as it can."""
    ground = board.free([unit])
    south, north = ground.bounds[1], ground.bounds[3]
    spots = [translate(shape, 0.0, y) for y in np.arange(south, north, 20.0)]
    fitting = [spot for spot in spots if ground.covers(spot)]
    if not fitting:
        raise PlacingError(site)
    return board.take(max(fitting, key=lambda spot: shapely.distance(spot, ground.boundary)))

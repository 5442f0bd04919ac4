"""Lines and fields that look grown: smooth splines, noise of many wavelengths, ribbons, contours.

Coordinates are metres in any plane; every random number comes from the generator handed in.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import NDArray

Points = NDArray[np.float64]
Field = Callable[[Points], NDArray[np.float64]]


def spline(points: Points, step: float, closed: bool = False) -> Points:
    """Return a smooth line through points, with vertices at even distances.

    Parameters
    ----------
    points : array of shape (n, 2)
        Control points, m; a closed line does not repeat the first.
    step : float
        Wanted distance of the vertices, m.
    closed : bool
        Whether the line returns to its start.

    Returns
    -------
    array of shape (m, 2)
        A centripetal-free Catmull-Rom spline; a closed one does not repeat its first vertex.
    """
    ends = (points[-1:], points[:2]) if closed else (2 * points[:1] - points[1:2], 2 * points[-1:] - points[-2:-1])
    p = np.vstack((ends[0], points, ends[1]))
    t = np.linspace(0.0, 1.0, 40, endpoint=False)[:, None, None]
    a, b, c, d = p[:-3], p[1:-2], p[2:-1], p[3:]
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    dense = np.vstack((curve.transpose(1, 0, 2).reshape(-1, 2), points[:1] if closed else points[-1:]))
    return _even(dense, step, closed)


def _even(points: Points, step: float, closed: bool) -> Points:
    line = shapely.LineString(points)
    count = max(round(line.length / step), 3)
    stations = np.linspace(0.0, line.length, count + 1)
    out: Points = shapely.get_coordinates(shapely.line_interpolate_point(line, stations))
    return out[:-1] if closed else out


def normals(points: Points, closed: bool = False) -> Points:
    """Return the unit normals to the left of a line, one per vertex."""
    tangent = np.roll(points, -1, axis=0) - np.roll(points, 1, axis=0) if closed else np.gradient(points, axis=0)
    tangent /= np.hypot(tangent[:, 0], tangent[:, 1])[:, None]
    return np.column_stack((-tangent[:, 1], tangent[:, 0]))


def ripple(rng: np.random.Generator, count: int, waves: tuple[int, int], roughness: float = 1.1) -> NDArray[np.float64]:
    """Return periodic noise of unit spread at evenly spaced stations.

    Parameters
    ----------
    rng : numpy.random.Generator
    count : int
        Number of stations.
    waves : tuple of int
        Fewest and most waves over the whole length.
    roughness : float
        Exponent by which the amplitude falls with the wave number: small is rough.
    """
    k = np.arange(waves[0], waves[1] + 1)
    size = rng.normal(size=k.size) * k.astype(float) ** -roughness
    phase = rng.uniform(0.0, 2 * np.pi, k.size)
    at = np.linspace(0.0, 2 * np.pi, count, endpoint=False)
    total = (size * np.cos(np.outer(at, k) + phase)).sum(axis=1)
    out: NDArray[np.float64] = total / np.sqrt((size**2).sum() / 2)
    return out


def wobble(
    points: Points, amplitude: float, rng: np.random.Generator, waves: tuple[int, int], closed: bool = False
) -> Points:
    """Return a line displaced along its normals by noise of the amplitude (m)."""
    shift = amplitude * ripple(rng, len(points), waves)
    return points + normals(points, closed) * shift[:, None]


def ribbon(axis: Points, half_width: NDArray[np.float64]) -> tuple[Points, Points]:
    """Return the left and the right edge of a band about an axis, both in the axis's direction."""
    offset = normals(axis) * half_width[:, None]
    return axis + offset, axis - offset


def noise_field(
    rng: np.random.Generator, wavelengths: tuple[float, float], roughness: float = 1.0, count: int = 90
) -> Field:
    """Return a smooth random surface of unit spread over the plane.

    Parameters
    ----------
    rng : numpy.random.Generator
    wavelengths : tuple of float
        Longest and shortest wave, m.
    roughness : float
        Exponent by which the amplitude grows with the wavelength.
    count : int
        Number of waves summed.
    """
    length = wavelengths[0] * (wavelengths[1] / wavelengths[0]) ** rng.uniform(size=count)
    angle = rng.uniform(0.0, 2 * np.pi, count)
    phase = rng.uniform(0.0, 2 * np.pi, count)
    size = (length / wavelengths[0]) ** roughness
    k = 2 * np.pi / length * np.vstack((np.cos(angle), np.sin(angle)))

    def surface(points: Points) -> NDArray[np.float64]:
        total = (np.cos(points @ k + phase) * size).sum(axis=1)
        out: NDArray[np.float64] = total / np.sqrt((size**2).sum() / 2)
        return out

    return surface


def raised(grid_x: Points, grid_y: Points, height: Points, level: float) -> shapely.Geometry:
    """Return the area where a height stands above a level.

    Parameters
    ----------
    grid_x, grid_y : array of shape (nx,), (ny,)
        Grid lines, m.
    height : array of shape (ny, nx)
        Must be below the level along the whole border of the grid.
    level : float

    Returns
    -------
    Polygon or MultiPolygon
        Contours by linear interpolation over two triangles per cell.
    """
    index = np.arange(height.size).reshape(height.shape)
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    triangles = np.concatenate([np.stack(t, axis=-1).reshape(-1, 3) for t in ((a, b, c), (a, c, d))])
    above = height.ravel() > level
    mixed = triangles[(above[triangles].sum(axis=1) % 3) != 0]
    edges = mixed[:, [[0, 1], [1, 2], [2, 0]]]
    cut = above[edges[:, :, 0]] != above[edges[:, :, 1]]
    ends = np.sort(edges[cut], axis=1).reshape(-1, 2)
    xy = np.column_stack([g.ravel() for g in np.meshgrid(grid_x, grid_y)])
    low, high = height.ravel()[ends[:, 0]], height.ravel()[ends[:, 1]]
    share = ((level - low) / (high - low))[:, None]
    crossing = xy[ends[:, 0]] * (1 - share) + xy[ends[:, 1]] * share
    segments = shapely.linestrings(crossing.reshape(-1, 2, 2))
    faces = shapely.get_parts(shapely.polygonize(segments))
    shells = shapely.polygons(shapely.get_exterior_ring(faces))
    # Contours nest: a face inside an odd number of them stands above. Two such faces never share an edge.
    shapely.prepare(shells)
    around = shapely.contains(shells[:, None], shapely.point_on_surface(faces)[None, :]).sum(axis=0)
    return shapely.multipolygons(faces[around % 2 == 1])


def pieces(geometry: shapely.Geometry, least_m2: float) -> shapely.Geometry:
    """Return an area without islands and holes below a size."""
    kept = []
    for part in shapely.get_parts(geometry):
        if shapely.get_dimensions(part) == 2 and part.area >= least_m2:
            holes = [hole for hole in part.interiors if shapely.Polygon(hole).area >= least_m2]
            kept.append(shapely.Polygon(part.exterior, holes))
    return shapely.union_all(kept)

"""Slope and aspect by Horn's formula, on ground metres whatever the unit and projection of the raster."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray

from ....layers.geodesy.ellipsoid import radii
from ....layers.texts import Text
from .cells import Cells
from .coverage import Floats
from .raster import Grid, Opened

LOWEST_M, HIGHEST_M = -500.0, 9000.0
"""Heights beyond are fill values that no tag declares (-9999, -32768, 65535)."""
PLAIN = 1e-3
"""Up to this difference of scale metres of the projection are taken as ground metres, as GIS programs do."""
_NODE = 128
_UNITS = {"m": 1.0, "metre": 1.0, "meter": 1.0, "metres": 1.0, "meters": 1.0, "ft": 0.3048, "foot": 0.3048,
          "feet": 0.3048, "us survey foot": 1200 / 3937, "us-ft": 1200 / 3937, "ftus": 1200 / 3937, "cm": 0.01,
          "dm": 0.1, "km": 1000.0}  # fmt: skip


def as_heights(dem: Opened) -> Opened:
    """Make an open band one of heights: metres by its unit, implausible values as no data."""
    named = (dem.dataset.units[dem.band - 1] or "").strip().casefold()
    factor = _UNITS.get(named, 1.0)
    dem.unit_factor = factor
    low, high = (limit / factor for limit in (LOWEST_M, HIGHEST_M))
    dem.valid = tuple(sorted(((low - dem.offset) / dem.scale, (high - dem.offset) / dem.scale)))  # type: ignore[assignment]
    if named and named not in _UNITS:
        dem.notes.append(
            Text(f"{dem.where}：高程单位 {named!r} 不识别，按米计", f"{dem.where}: unit {named!r} taken as metres")
        )
    if dem.nodata is None:
        dem.notes.append(
            Text(
                f"{dem.where}：未标注无效值，{LOWEST_M:g} 至 {HIGHEST_M:g} 米以外的高程按无数据处理",
                f"{dem.where}: no nodata tag; heights beyond {LOWEST_M:g} to {HIGHEST_M:g} m count as no data",
            )
        )
    return dem


@dataclass(frozen=True)
class Ground:
    """From differences per cell to differences per ground metre.

    Attributes
    ----------
    rate : ndarray of float64, shape (4,) or (nodes down, nodes across, 4)
        (E by col, E by row, N by col, N by row) of the inverse transposed Jacobian: the gradient
        (east, north) of heights is this times the gradient (per column, per row). One for the whole
        raster, or by nodes every `_NODE` cells, between which it is linear.
    """

    rate: Floats

    def gradient(self, by_col: Floats, by_row: Floats, row: Floats, col: Floats) -> tuple[Floats, Floats]:
        """Return the rise per metre towards east and north; `row` and `col` are those of the cells' centres."""
        if self.rate.ndim == 1:
            ec, er, nc, nr = self.rate
            return ec * by_col + er * by_row, nc * by_col + nr * by_row
        rate = self._between(row / _NODE, col / _NODE)
        return rate[:, 0] * by_col + rate[:, 1] * by_row, rate[:, 2] * by_col + rate[:, 3] * by_row

    def _between(self, down: Floats, across: Floats) -> Floats:
        down = np.clip(down, 0.0, self.rate.shape[0] - 1.000001)
        across = np.clip(across, 0.0, self.rate.shape[1] - 1.000001)
        i, j = down.astype(np.int64), across.astype(np.int64)
        v, u = (down - i)[:, None], (across - j)[:, None]
        above = self.rate[i, j] * (1 - u) + self.rate[i, j + 1] * u
        below = self.rate[i + 1, j] * (1 - u) + self.rate[i + 1, j + 1] * u
        out: Floats = above * (1 - v) + below * v
        return out


def ground_of(grid: Grid) -> Ground:
    """Return how the cells of a raster lie on the ground.

    Notes
    -----
    Of a projection whose metres are ground metres within `PLAIN` all over the raster (Gauss-Krüger, UTM), its plane
    is taken. Else (degrees, Web Mercator, Albers, feet far from the meridian) the size and shape of cells come from
    the ellipsoid: M dφ and N cos φ dλ, M and N being the radii of curvature.
    """
    nodes = _nodes(grid)
    rate = _inverse_transposed(_on_ground(grid, nodes))
    crs = pyproj.CRS.from_wkt(grid.crs)
    if not crs.is_geographic:
        a, b, _, d, e, _ = (value * crs.axis_info[0].unit_conversion_factor for value in grid.transform)
        plane = _inverse_transposed(np.array([a, b, d, e]))
        # Both as metrics, so that turning the axes (convergence of meridians) makes no difference.
        scale = np.linalg.norm(_metric(rate) - _metric(plane), axis=-1) / np.linalg.norm(_metric(plane))
        if np.nanmax(scale) <= 2 * PLAIN:
            return Ground(plane)
    return Ground(rate)


def _metric(rate: Floats) -> Floats:
    ec, er, nc, nr = np.moveaxis(rate, -1, 0)
    return np.stack((ec * ec + nc * nc, ec * er + nc * nr, er * er + nr * nr), axis=-1)


def _nodes(grid: Grid) -> Floats:
    """Return (column, row) of nodes that cover the raster, shape (down, across, 2)."""
    rows = np.arange(math.ceil(grid.height / _NODE) + 1) * float(_NODE)
    cols = np.arange(math.ceil(grid.width / _NODE) + 1) * float(_NODE)
    return np.stack(np.meshgrid(cols, rows), axis=-1)


def _on_ground(grid: Grid, nodes: Floats) -> Floats:
    """Return metres (E by col, E by row, N by col, N by row) of one cell at each node."""
    crs = pyproj.CRS.from_wkt(grid.crs)
    away = None
    if not crs.is_geographic:
        assert crs.geodetic_crs is not None
        away = pyproj.Transformer.from_crs(crs, crs.geodetic_crs.to_2d(), always_xy=True)

    def lonlat(shift: tuple[float, float]) -> Floats:
        xy = grid.to_xy((nodes + np.array(shift)).reshape(-1, 2))
        return np.column_stack(away.transform(xy[:, 0], xy[:, 1])) if away is not None else xy

    middle = lonlat((0.0, 0.0))
    lat = np.radians(middle[:, 1])
    meridian, prime = radii(np.sin(lat))
    out = np.empty((len(lat), 4))
    for k, step in enumerate(((0.5, 0.0), (0.0, 0.5))):
        lon_lat = np.radians(lonlat(step) - lonlat((-step[0], -step[1])))
        out[:, k] = lon_lat[:, 0] * prime * np.cos(lat)
        out[:, 2 + k] = lon_lat[:, 1] * meridian
    return out.reshape(*nodes.shape[:2], 4)


def _inverse_transposed(jacobian: Floats) -> Floats:
    ec, er, nc, nr = np.moveaxis(jacobian, -1, 0)
    out: Floats = np.stack((nr, -nc, -er, ec), axis=-1) / (ec * nr - er * nc)[..., None]
    return out


def slope_and_aspect(dem: Opened, ground: Ground, cells: Cells) -> tuple[Floats, Floats, Floats]:
    """Return slope, aspect and height of cells.

    Returns
    -------
    slope : ndarray of float64
        Degrees; NaN where one of the nine heights is missing, as at the edge of the raster.
    aspect : ndarray of float64
        Degrees clockwise from north towards which the ground falls; NaN where it is level.
    height : ndarray of float64
        Metres.

    Notes
    -----
    Horn, Hill shading and the reflectance map, Proc. IEEE 69 (1981).
    """
    z = dem.read_padded(cells.top - 1, cells.left - 1, cells.height + 2, cells.width + 2)
    by_col, by_row, height = horn(z, cells.row + 1, cells.col + 1)
    if dem.unit_factor != 1.0:
        by_col, by_row, height = by_col * dem.unit_factor, by_row * dem.unit_factor, height * dem.unit_factor
    east, north = ground.gradient(by_col, by_row, cells.row + cells.top + 0.5, cells.col + cells.left + 0.5)
    rise = np.hypot(east, north)
    aspect = np.degrees(np.arctan2(-east, -north)) % 360.0
    aspect[~(rise > 0.0)] = np.nan
    rise[np.isnan(height)] = np.nan
    return np.degrees(np.arctan(rise)), aspect, height


def horn(z: NDArray[Any], row: NDArray[np.int64], col: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    """Return the differences per column and per row, and the values, at cells of an array with a rim around them."""
    wide = z.shape[1]
    flat, at = z.ravel(), row * wide + col

    def beside(step: int) -> Floats:
        values: Floats = flat[at + step].astype(np.float64)
        return values

    nw, n, ne, w, e = (beside(step) for step in (-wide - 1, -wide, -wide + 1, -1, 1))
    sw, s, se = (beside(step) for step in (wide - 1, wide, wide + 1))
    by_col = ((ne - nw) + 2.0 * (e - w) + (se - sw)) / 8.0
    by_row = ((sw - nw) + 2.0 * (s - n) + (se - ne)) / 8.0
    return by_col, by_row, beside(0)

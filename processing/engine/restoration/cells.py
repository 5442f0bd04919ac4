"""Which cells of a raster each area covers, tile by tile, so that memory does not grow with raster or areas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from ....layers.coordinates import MAX_EDGE_M, to_lonlat
from ....layers.geodesy.densify import densify
from ....layers.ranges import repeats
from .coverage import Edges, Floats, Ints, edges_of, runs, sizes
from .raster import Grid

TILE = 1024
_MAX_EDGE_DEG = MAX_EDGE_M / 111_320.0
_MOST_CELLS = 2_000_000


@dataclass(frozen=True)
class Cells:
    """Cells of some areas within one window of a raster.

    Attributes
    ----------
    areas : ndarray of int64, shape (k,)
        The areas that this window concerns.
    owner : ndarray of int64, shape (n,)
        Per cell, the place in `areas`.
    row, col : ndarray of int64
        Within the window.
    weight : ndarray of float64
        Share of the cell that the area covers, above 0 and up to 1.
    top, left, height, width : int
        The window within the raster.
    """

    areas: Ints
    owner: Ints
    row: Ints
    col: Ints
    weight: Floats
    top: int
    left: int
    height: int
    width: int


class Areas:
    """Areas upon the cells of a raster.

    Parameters
    ----------
    geoms : ndarray of geometry
        Valid polygons; what is no polygon, None or empty has size 0.
    crs : pyproj.CRS
    grid : Grid

    Attributes
    ----------
    cells : ndarray of geometry
        The areas in cell coordinates; empty where they cannot be brought into the system of the raster.
    size : ndarray of float64
        Their sizes in cells.
    """

    def __init__(self, geoms: NDArray[np.object_], crs: pyproj.CRS, grid: Grid) -> None:
        self.grid = grid
        self.n = len(geoms)
        self.cells = _in_cells(geoms, crs, grid)
        self._bounds = shapely.bounds(self.cells)
        self.size = sizes(edges_of(self.cells), self.n)

    def walk(self, tile: int = TILE) -> Iterator[Cells]:
        """Give the cells of all areas, by windows of at most `tile` cells a side."""
        for (tile_row, tile_col), members in self._tiles(tile):
            top, left = tile_row * tile, tile_col * tile
            bottom, right = min(top + tile, self.grid.height), min(left + tile, self.grid.width)
            for group in self._groups(members, (left, top, right, bottom)):
                yield from self._window(group, (left, top, right, bottom))

    def walk_with_share(self, tile: int = TILE) -> Iterator[tuple[Cells, float]]:
        """Give the cells with the share of the tiles that is done."""
        total = max(1, sum(1 for _ in self._tiles(tile)))
        done = 0
        place = (-1, -1)
        for cells in self.walk(tile):
            here = (cells.top // tile, cells.left // tile)
            done += here != place
            place = here
            yield cells, min(1.0, (done - 1) / total)

    def _tiles(self, tile: int) -> Iterator[tuple[tuple[int, int], Ints]]:
        """Give each tile that bounds of areas meet, with those areas."""
        west, north, east, south = self._bounds.T
        with np.errstate(invalid="ignore"):
            meets = (west < self.grid.width) & (east > 0) & (north < self.grid.height) & (south > 0)
        index = np.flatnonzero(meets)
        if not len(index):
            return
        first_col = (np.maximum(west[index], 0) // tile).astype(np.int64)
        last_col = (np.minimum(east[index], self.grid.width - 1) // tile).astype(np.int64)
        first_row = (np.maximum(north[index], 0) // tile).astype(np.int64)
        last_row = (np.minimum(south[index], self.grid.height - 1) // tile).astype(np.int64)
        across, down = last_col - first_col + 1, last_row - first_row + 1
        which, step = repeats(across * down)
        col = first_col[which] + step % across[which]
        row = first_row[which] + step // across[which]
        wide = self.grid.width // tile + 1
        key = row * wide + col
        order = np.argsort(key, kind="stable")
        key, member = key[order], index[which[order]]
        for chunk in np.split(np.arange(len(key)), np.flatnonzero(np.diff(key)) + 1):
            yield (int(key[chunk[0]] // wide), int(key[chunk[0]] % wide)), member[chunk]

    def _groups(self, members: Ints, box: tuple[int, int, int, int]) -> Iterator[Ints]:
        """Split areas so that the cells of each group stay few enough to be held."""
        west, north, east, south = self._bounds[members].T
        left, top, right, bottom = box
        wide = np.maximum(np.minimum(east, right) - np.maximum(west, left), 0) + 2
        high = np.maximum(np.minimum(south, bottom) - np.maximum(north, top), 0) + 2
        number = (np.cumsum(wide * high) // _MOST_CELLS).astype(np.int64)
        yield from np.split(members, np.flatnonzero(np.diff(number)) + 1)

    def _window(self, members: Ints, box: tuple[int, int, int, int]) -> Iterator[Cells]:
        """Give the cells of some areas within a tile, in the smallest window that holds them."""
        west, north, east, south = self._bounds[members].T
        left, top = max(int(np.floor(west.min())), box[0]), max(int(np.floor(north.min())), box[1])
        right, bottom = min(int(np.ceil(east.max())), box[2]), min(int(np.ceil(south.max())), box[3])
        if right <= left or bottom <= top:
            return
        edges = edges_of(self.cells[members])
        shift = np.array((left, top), dtype=float)
        edges = Edges(edges.owner, edges.start - shift, edges.end - shift, edges.sign)
        found = runs(edges, right - left, bottom - top)
        if not len(found.owner):
            return
        run = np.repeat(np.arange(len(found.owner)), found.length)
        along = np.arange(len(run)) - np.repeat(np.cumsum(found.length) - found.length, found.length)
        yield Cells(
            members,
            found.owner[run],
            found.row[run],
            found.col[run] + along,
            found.share[run],
            top,
            left,
            bottom - top,
            right - left,
        )


def _in_cells(geoms: NDArray[np.object_], crs: pyproj.CRS, grid: Grid) -> NDArray[np.object_]:
    """Return areas in cell coordinates; no datum is shifted, edges stay straight in longitude and latitude to 1 mm."""
    target = pyproj.CRS.from_wkt(grid.crs)
    move = None
    if not crs.equals(target, ignore_axis_order=True):
        geoms = to_lonlat(geoms, crs)
        if not target.is_geographic:
            assert target.geodetic_crs is not None
            geoms = densify(geoms, _MAX_EDGE_DEG)
            move = pyproj.Transformer.from_crs(target.geodetic_crs.to_2d(), target, always_xy=True)

    def convert(xy: Floats) -> Floats:
        if move is not None:
            xy = np.column_stack(move.transform(xy[:, 0], xy[:, 1]))
        return grid.to_cells(xy)

    cells = shapely.transform(shapely.force_2d(geoms), convert)
    # What cannot be brought into the system of the raster lies outside it.
    lost = ~np.isfinite(shapely.bounds(cells)).all(axis=1)
    cells[lost] = shapely.Polygon()
    out: NDArray[np.object_] = cells
    return out

"""Where vegetation was lost within given polygons between two dates, as patches in degrees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from ....layers.coordinates import TARGET, to_lonlat
from ....layers.geodesy.area import polygon_areas
from ....layers.geodesy.joined import join
from ....layers.images import Image
from ....layers.progress import Progress
from ....layers.raster_library import rasterio
from ....layers.texts import Text
from .cells import Areas, Cells
from .change import Dates, Noise, opened_dates
from .coverage import Floats
from .raster import Grid
from .sums import Sums


@dataclass(frozen=True)
class Loss:
    """Patches of significant loss.

    Attributes
    ----------
    patches : ndarray of polygon
        EPSG:4490, within the watched polygons, at least as large as asked.
    area_m2, before, after : ndarray of float64
        Ellipsoidal area, mean NDVI at both dates.
    days : str
        Both dates as an interval.
    noise : Noise
    seen_share : float
        Share of the watched polygons with values at both dates.
    notes : tuple of Text
    """

    patches: NDArray[np.object_]
    area_m2: Floats
    before: Floats
    after: Floats
    days: str
    noise: Noise
    seen_share: float
    notes: tuple[Text, ...]


def find_loss(
    watched: NDArray[np.object_], images: tuple[Image, Image], min_area_m2: float, progress: Progress
) -> Loss:
    """Return the patches where NDVI fell more than stable ground explains.

    Parameters
    ----------
    watched : ndarray of polygon
        EPSG:4490, valid.
    images : two of Image
        Earlier and later.
    min_area_m2 : float
        Smaller patches are dropped, measured within the watched polygons; cells that share an edge are one patch.
    """
    crs = pyproj.CRS.from_user_input(TARGET)
    with opened_dates(*images) as dates:
        areas = Areas(watched, crs, dates.earlier.grid)
        pieces, seen = [], Sums(len(watched))
        for cells, share in areas.walk_with_share():
            progress.step(0.8 * share, Text(f"正在比较 {dates.days}", f"Comparing {dates.days}"))
            difference = _difference(dates, cells)
            seen.add(cells, np.where(np.isfinite(difference), 1.0, np.nan))
            if dates.noise.known:
                pieces += _pieces(cells, dates.noise.loss(difference))
        patches = _patches(pieces, dates.earlier.grid, watched)
        area = polygon_areas(patches)
        kept = area >= min_area_m2
        patches, area = patches[kept], area[kept]
        progress.step(0.9)
        before, after = _means(dates, patches, crs)
        notes = (*dates.notes(),)
        days, noise = dates.days, dates.noise
    share = float(seen.weight.sum() / areas.size.sum()) if areas.size.sum() > 0 else 0.0
    return Loss(patches, area, before, after, days, noise, share, notes)


def _difference(dates: Dates, cells: Cells) -> Floats:
    window = (cells.top, cells.left, cells.height, cells.width)
    before, after = (image.read(*window)[cells.row, cells.col] for image in (dates.earlier, dates.later))
    return after - before


def _pieces(cells: Cells, lost: NDArray[np.bool_]) -> list[shapely.Geometry]:
    """Return the outlines, in cell coordinates of the raster, of lost cells that share edges."""
    if not lost.any():
        return []
    mask = np.zeros((cells.height, cells.width), dtype=np.uint8)
    mask[cells.row[lost], cells.col[lost]] = 1
    shift = np.array((cells.left, cells.top), dtype=float)
    found = rasterio().features.shapes(mask, mask=mask.view(bool), connectivity=4)
    return [shapely.transform(shapely.geometry.shape(shape), lambda xy: xy + shift) for shape, _ in found]


def _patches(pieces: list[shapely.Geometry], grid: Grid, watched: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return patches in degrees within the watched polygons, joined where tiles met."""
    if not pieces:
        return np.empty(0, dtype=object)
    whole = shapely.get_parts(shapely.union_all(np.array(pieces, dtype=object)))
    placed = shapely.transform(whole, grid.to_xy)
    lonlat = shapely.make_valid(to_lonlat(placed, pyproj.CRS.from_wkt(grid.crs)))
    patch, met = shapely.STRtree(watched).query(lonlat, predicate="intersects")
    order = np.argsort(patch, kind="stable")
    out = []
    for group in np.split(order, np.flatnonzero(np.diff(patch[order])) + 1):
        if not len(group):
            continue
        out.append(join(shapely.intersection(lonlat[patch[group]], watched[met[group]])))
    found = np.array(out, dtype=object)
    return found[~shapely.is_empty(found)] if len(found) else found


def _means(dates: Dates, patches: NDArray[np.object_], crs: pyproj.CRS) -> tuple[Floats, Floats]:
    areas = Areas(patches, crs, dates.earlier.grid)
    before, after = Sums(len(patches)), Sums(len(patches))
    for cells in areas.walk():
        window = (cells.top, cells.left, cells.height, cells.width)
        before.add(cells, dates.earlier.read(*window)[cells.row, cells.col])
        after.add(cells, dates.later.read(*window)[cells.row, cells.col])
    return before.mean, after.mean

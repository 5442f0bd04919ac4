"""One band of a raster, read by window into numbers whose absence is NaN."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....layers.coordinates import accept
from ....layers.errors import SourceError
from ....layers.images import Band
from ....layers.raster_library import rasterio
from ....layers.texts import Text

Floats = NDArray[np.float64]
CACHE_BYTES = 128 * 1024 * 1024
FINITE = (-sys.float_info.max, sys.float_info.max)
LEAST_CELL_M = 0.01
"""No raster of land has smaller cells; a degree of DEM data taken for metres has."""


@dataclass(frozen=True)
class Grid:
    """The cells of a raster.

    Attributes
    ----------
    crs : str
        As WKT.
    transform : tuple of float
        (a, b, c, d, e, f): x = a·col + b·row + c, y = d·col + e·row + f.
    width, height : int
    """

    crs: str
    transform: tuple[float, float, float, float, float, float]
    width: int
    height: int

    def to_cells(self, xy: Floats) -> Floats:
        """Return (column, row), shape (n, 2), of coordinates in the system of the raster."""
        a, b, c, d, e, f = self.transform
        x, y = xy[:, 0] - c, xy[:, 1] - f
        det = a * e - b * d
        return np.column_stack(((e * x - b * y) / det, (a * y - d * x) / det))

    def to_xy(self, cells: Floats) -> Floats:
        """Return coordinates, shape (n, 2), of (column, row)."""
        a, b, c, d, e, f = self.transform
        col, row = cells[:, 0], cells[:, 1]
        return np.column_stack((a * col + b * row + c, d * col + e * row + f))

    def same(self, other: Grid) -> bool:
        """Return whether the cells of both coincide, to a thousandth of a cell over the whole raster."""
        if (self.width, self.height) != (other.width, other.height) or self.crs != other.crs:
            return False
        corners = np.array([(0, 0), (self.width, 0), (0, self.height)], dtype=float)
        return bool(np.abs(self.to_cells(other.to_xy(corners)) - corners).max() < 1e-3)


@dataclass
class Opened:
    """An open band.

    Attributes
    ----------
    grid : Grid
    where : str
        File and band, for messages.
    notes : list of Text
        What was assumed of it.
    unit_factor : float
        Metres per unit of height where the file names a unit of length, else 1.
    masked : bool
        Whether the file, or the warping, has a mask beside the value that means no data.
    warped : bool
        Whether the cells are those of another raster.
    """

    dataset: Any
    band: int
    grid: Grid
    where: str
    nodata: float | None
    scale: float
    offset: float
    integer: bool
    valid: tuple[float, float]
    masked: bool
    warped: bool = False
    unit_factor: float = 1.0
    notes: list[Text] = field(default_factory=list)

    @property
    def compact(self) -> bool:
        """Whether a float32 holds every value exactly."""
        stored = np.dtype(self.dataset.dtypes[self.band - 1])
        exact = stored == np.float32 or (self.integer and stored.itemsize <= 2)
        return bool(exact and (self.scale, self.offset) == (1.0, 0.0))

    def raw(self, row: int, col: int, height: int, width: int, masked: bool = False) -> Any:
        """Return numbers as stored, shape (height, width).

        Raises
        ------
        SourceError
            The file is damaged there.
        """
        rio = rasterio()
        window = rio.windows.Window(col, row, width, height)
        try:
            return self.dataset.read(self.band, window=window, masked=masked)
        except rio.errors.RasterioError as error:
            raise SourceError(
                Text(
                    f"{self.where}：第 {row} 行、第 {col} 列起的部分无法读取",
                    f"{self.where}: the part from row {row}, column {col} cannot be read",
                ),
                Text(str(error.__cause__ or error), str(error.__cause__ or error)),
                Text("文件可能不完整，请重新复制或下载。", "The file may be cut off; copy or download it again."),
            ) from error

    def read(self, row: int, col: int, height: int, width: int) -> Floats:
        """Return scaled values, NaN where there are none, of a window that lies within the raster."""
        return self._cleaned(self.raw(row, col, height, width, self.masked), np.float64)

    def _cleaned(self, data: Any, kind: type[np.floating[Any]]) -> NDArray[Any]:
        values: NDArray[Any] = np.array(data, dtype=kind)
        low, high = self.valid
        with np.errstate(invalid="ignore"):
            # NaN compares false, so it counts as absent.
            absent = ~((values >= low) & (values <= high))
        if self.nodata is not None:
            absent |= values == self.nodata
        if self.masked:
            absent |= np.broadcast_to(data.mask, values.shape)
        if (self.scale, self.offset) != (1.0, 0.0):
            values *= self.scale
            values += self.offset
        if absent.any():
            values[absent] = np.nan
        return values

    def read_padded(self, row: int, col: int, height: int, width: int) -> NDArray[Any]:
        """Return scaled values of a window that may reach beyond the raster, NaN out there.

        Numbers that a float32 holds exactly come as such, to save time and memory.
        """
        top, left = max(row, 0), max(col, 0)
        bottom, right = min(row + height, self.grid.height), min(col + width, self.grid.width)
        kind = np.float32 if self.compact else np.float64
        if (top, left, bottom, right) == (row, col, row + height, col + width):
            return self._cleaned(self.raw(row, col, height, width, self.masked), kind)
        out = np.full((height, width), np.nan, dtype=kind)
        if top < bottom and left < right:
            data = self.raw(top, left, bottom - top, right - left, self.masked)
            out[top - row : bottom - row, left - col : right - col] = self._cleaned(data, kind)
        return out


@contextmanager
def opened(band: Band, like: Grid | None = None, nearest: bool = False) -> Iterator[Opened]:
    """Open one band, on its own cells or warped to those of `like`.

    Parameters
    ----------
    band : Band
    like : Grid, optional
        Where the cells differ, values are interpolated: bilinear, or the nearest one for classes.
    nearest : bool
        Whether the values are classes.

    Raises
    ------
    SourceError
        The file cannot be read, has no coordinate system, or does not say which band is meant.
    MissingLibraryError
        rasterio is absent.
    """
    rio = rasterio()
    with ExitStack() as stack:
        stack.enter_context(rio.Env(GDAL_CACHEMAX=CACHE_BYTES, GDAL_NUM_THREADS="ALL_CPUS"))
        try:
            dataset = stack.enter_context(rio.open(band.path))
        except rio.errors.RasterioError as error:
            raise SourceError(
                Text(f"无法打开栅格 {band.path}", f"Cannot open the raster {band.path}"),
                Text(str(error), str(error)),
                Text("请核对路径，并确认是 GeoTIFF 等栅格文件。", "Check the path, and that it is a raster file."),
            ) from error
        number = _band_number(dataset, band)
        grid = _grid(dataset, band.path)
        found = _described(dataset, number, band, grid)
        if like is not None and not grid.same(like):
            tagged = found.nodata if found.nodata is not None else dataset.nodata
            if nearest:
                # The value of a class that is tagged as no data (0, as a rule) may mean clear sky.
                tagged = None
            method = rio.enums.Resampling.nearest if nearest else rio.enums.Resampling.bilinear
            found.dataset = stack.enter_context(
                rio.vrt.WarpedVRT(
                    dataset,
                    crs=rio.crs.CRS.from_wkt(like.crs),
                    transform=rio.Affine(*like.transform),
                    width=like.width,
                    height=like.height,
                    resampling=method,
                    src_nodata=tagged,
                    add_alpha=tagged is None,
                )
            )
            found.grid, found.masked, found.warped = like, True, True
            found.notes.append(
                Text(
                    f"{found.where}：像元与参考栅格不一致，已内插到参考栅格",
                    f"{found.where}: cells differ from the reference and were interpolated to it",
                )
            )
        yield found


def _described(dataset: Any, number: int, band: Band, grid: Grid) -> Opened:
    where = f"{Path(band.path).name}[{number}]"
    integer = np.issubdtype(np.dtype(dataset.dtypes[number - 1]), np.integer)
    tagged = dataset.nodatavals[number - 1]
    nodata = band.nodata if band.nodata is not None else tagged
    scale = band.scale if band.scale is not None else float(dataset.scales[number - 1])
    offset = band.offset if band.offset is not None else float(dataset.offsets[number - 1])
    nodata = None if nodata is None or math.isnan(nodata) else float(nodata)
    if nodata is not None and str(dataset.dtypes[number - 1]) == "float32":
        nodata = float(np.float32(nodata))
    plain = {"all_valid", "nodata"}
    masked = not plain >= {flag.name for flag in dataset.mask_flag_enums[number - 1]}
    return Opened(dataset, number, grid, where, nodata, scale, offset, bool(integer), FINITE, masked)


def _band_number(dataset: Any, band: Band) -> int:
    names = [name or "" for name in dataset.descriptions]
    listed = "、".join(f"{n} {name}".strip() for n, name in enumerate(names, start=1))
    if band.band is None and dataset.count == 1:
        return 1
    if isinstance(band.band, int) and 1 <= band.band <= dataset.count:
        return band.band
    if isinstance(band.band, str):
        same = [n for n, name in enumerate(names, start=1) if name.strip().casefold() == band.band.strip().casefold()]
        if len(same) == 1:
            return same[0]
    asked = "" if band.band is None else f" {band.band!r}"
    raise SourceError(
        Text(
            f"{band.path}：有 {dataset.count} 个波段，" + ("未说明用哪一个" if not asked else f"没有波段{asked}"),
            f"{band.path}: {dataset.count} bands, " + ("and none is named" if not asked else f"none is{asked}"),
        ),
        Text(f"波段：{listed}", f"Bands: {listed}"),
        Text(
            '影像清单中请写明波段，如 { path = "a.tif", band = 3 }；DEM 和地表覆盖请另存为单波段文件。',
            'In an image set name the band, such as { path = "a.tif", band = 3 }; save a DEM or land cover '
            "as a file of one band.",
        ),
    )


def _grid(dataset: Any, path: str) -> Grid:
    t = dataset.transform
    if t.is_identity or t.a * t.e - t.b * t.d == 0.0:
        raise SourceError(
            Text(f"{path}：栅格没有地理定位", f"{path}: the raster is not georeferenced"),
            remedy=Text("请先做几何定位。", "Georeference it first."),
        )
    crs = accept(dataset.crs, None, tuple(dataset.bounds), path, SourceError)
    cell = math.sqrt(abs(t.a * t.e - t.b * t.d))
    if not crs.is_geographic and cell * crs.axis_info[0].unit_conversion_factor < LEAST_CELL_M:
        raise SourceError(
            Text(f"{path}：像元 {cell:.6g} 米，像是把度当成了米", f"{path}: cells of {cell:.6g} m look like degrees"),
            Text(f"坐标系写的是 {crs.name}", f"the coordinate system says {crs.name}"),
            Text("请改正栅格的坐标系定义。", "Correct the coordinate system of the raster."),
        )
    return Grid(crs.to_wkt(), (t.a, t.b, t.c, t.d, t.e, t.f), dataset.width, dataset.height)

"""Rasters of the sample: a DEM in degrees, images of three dates and land cover in a plane, and the image set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from ..files import whole_file
from ..raster_library import rasterio
from . import ground as fields
from .geographic import CRS, to_degrees, to_plane
from .ground import Floats, Ground

DEM_CELL_DEG = 0.000125
IMAGE_CELL_M, IMAGE_CRS = 20.0, "EPSG:32648"
DATES = ("2020-07-18", "2023-07-22", "2026-07-15")
SUN_AZIMUTH, SUN_ELEVATION = 105.0, 66.0
MARGIN_M = 400.0
NOISE = 0.012
_STEP = 20  # of reflectance in 1/10000: noise below it would only swell the files


@dataclass(frozen=True)
class Rasters:
    """Where the rasters stand: DEM, image set, land cover."""

    dem: Path
    images: Path
    land_cover: Path


class _Grid:
    """Cells of one raster, and where they lie on the drawing board."""

    def __init__(self, bounds: tuple[float, float, float, float], cell: float, crs: str) -> None:
        west, south, east, north = bounds
        self.crs = crs
        self.west, self.north = np.floor(west / cell) * cell, np.ceil(north / cell) * cell
        self.shape = (int((self.north - south) / cell) + 1, int((east - self.west) / cell) + 1)
        self.transform = rasterio().Affine(cell, 0.0, self.west, 0.0, -cell, self.north)
        col, row = np.meshgrid(np.arange(self.shape[1]) + 0.5, np.arange(self.shape[0]) + 0.5)
        xy = np.column_stack((self.west + col.ravel() * cell, self.north - row.ravel() * cell))
        self._forward = None if crs == CRS else pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
        if self._forward is not None:
            xy = np.column_stack(self._forward.transform(xy[:, 0], xy[:, 1], direction="INVERSE"))
        self.xy: Floats = to_plane(xy)

    def placed(self, shapes: Sequence[shapely.Geometry]) -> NDArray[np.object_]:
        """Return shapes of the board in the system of the raster."""
        geoms = to_degrees(list(shapes))
        if self._forward is None:
            return geoms
        move = self._forward.transform
        out: NDArray[np.object_] = shapely.transform(geoms, lambda xy: np.column_stack(move(xy[:, 0], xy[:, 1])))
        return out

    def burn(self, shapes: Sequence[shapely.Geometry]) -> NDArray[np.bool_]:
        """Return the cells whose middles shapes of the board cover, as one row."""
        kept = [shape for shape in self.placed(shapes) if not shape.is_empty]
        if not kept:
            return np.zeros(self.shape[0] * self.shape[1], dtype=bool)
        burnt: NDArray[np.uint8] = rasterio().features.rasterize(
            kept, out_shape=self.shape, transform=self.transform, dtype="uint8"
        )
        return burnt.ravel().view(bool)

    def write(self, path: Path, bands: NDArray[Any], names: Sequence[str], scale: float = 1.0, **tags: Any) -> Path:
        """Write bands (k, cells) as a small GeoTIFF."""
        rio = rasterio()
        with whole_file(path) as part:
            # GDAL makes the file itself.
            part.unlink()
            with rio.open(
                part, "w", driver="GTiff", height=self.shape[0], width=self.shape[1], count=len(bands),
                dtype=bands.dtype, crs=self.crs, transform=self.transform, compress="deflate", zlevel=6,
                predictor=2, tiled=True, blockxsize=256, blockysize=256, **tags,
            ) as out:  # fmt: skip
                out.write(bands.reshape(len(bands), *self.shape))
                out.descriptions = tuple(names)
                out.scales = (scale,) * len(bands)
                out.update_tags(NOTE="虚构示范数据，不对应任何真实地点 invented")
        return path


def write(folder: Path, ground: Ground, seed: int) -> Rasters:
    """Write all rasters of a district; the same seed gives the same values.

    Raises
    ------
    MissingLibraryError
        rasterio is absent.
    DossierError
        A file cannot be written.
    """
    around = shapely.buffer(ground.land.district, MARGIN_M)
    dem = _Grid(tuple(shapely.bounds(to_degrees([around])[0])), DEM_CELL_DEG, CRS)
    height = fields.heights(ground, dem.xy, dem.burn)
    decimetres = np.round(height * 10.0).astype(np.int16)[None]
    at = dem.write(folder / "dem.tif", decimetres, ("height",), 0.1, nodata=-32768)
    first = _Grid((0.0, 0.0, IMAGE_CELL_M, IMAGE_CELL_M), IMAGE_CELL_M, IMAGE_CRS)
    images = _Grid(tuple(shapely.bounds(first.placed([around])[0])), IMAGE_CELL_M, IMAGE_CRS)
    cover = fields.land_cover(ground, images.xy, images.burn)
    covered = images.write(folder / "land_cover.tif", cover[None], ("GB/T 21010",), nodata=0)
    light = _light(images, fields.between(ground.coarse, images.xy))
    clouds = _clouds(ground, images)
    images.write(folder / "clouds-2023.tif", clouds[None], ("clouds",))
    for date, day in enumerate(DATES):
        rng = np.random.default_rng([seed, 7, date])
        value = fields.ndvi(ground, cover, images.xy, images.burn, date)
        bands = _bands(rng, value, cover, light, clouds if date == 1 else np.zeros_like(clouds))
        images.write(folder / f"image-{day[:4]}.tif", bands, ("red", "nir"), 1e-4, nodata=0)
    return Rasters(at, _image_set(folder / "images.toml"), covered)


def _light(grid: _Grid, height: Floats) -> Floats:
    """Return how brightly each cell lies in the sun, about 1."""
    north, east = np.gradient(height.reshape(grid.shape), IMAGE_CELL_M)
    zenith, azimuth = np.radians(90.0 - SUN_ELEVATION), np.radians(SUN_AZIMUTH)
    # Rows run southwards.
    lit = np.cos(zenith) - np.sin(zenith) * (east * np.sin(azimuth) - north * np.cos(azimuth))
    shade = lit / np.sqrt(1.0 + east**2 + north**2) / np.cos(zenith)
    out: Floats = np.clip(shade, 0.35, 1.3).ravel()
    return out


def _clouds(ground: Ground, grid: _Grid) -> NDArray[np.uint8]:
    """Return the mask of the second date: 1 cloud, 2 its shadow; it hides a part of one mine."""
    mine = next(area.geometry for area in ground.areas if area.columns["restoration_state"] == "已治理")
    middle = np.array(mine.centroid.coords[0])
    puffs = [(60.0, 90.0, 120.0), (230.0, 150.0, 170.0), (420.0, 120.0, 140.0)]
    cloud = shapely.union_all([shapely.Point(middle + np.array((x, y))).buffer(r) for x, y, r in puffs])
    shadow = shapely.transform(cloud, lambda xy: xy + np.array((-330.0, 90.0)))
    out = np.where(grid.burn([shadow]), 2, 0)
    out[grid.burn([cloud])] = 1
    return out.astype(np.uint8)


def _bands(
    rng: np.random.Generator, ndvi: Floats, cover: NDArray[np.uint8], light: Floats, clouds: NDArray[np.uint8]
) -> NDArray[np.uint16]:
    """Return reflectance of red and near infrared in 1/10000."""
    n = len(ndvi)
    noisy = np.clip(ndvi + rng.normal(0.0, NOISE, n), -0.9, 0.95)
    total = np.where(cover == fields.WATER, 0.09, 0.52 - 0.16 * np.clip(noisy, 0.0, 1.0)) * light
    total *= 1.0 + rng.normal(0.0, 0.02, n)
    total, noisy = np.where(clouds == 1, 1.1, total), np.where(clouds == 1, 0.02, noisy)
    total = np.where(clouds == 2, 0.45 * total, total)
    bands = np.stack((total * (1.0 - noisy) / 2.0, total * (1.0 + noisy) / 2.0)) * 1e4
    out: NDArray[np.uint16] = np.maximum(np.round(bands / _STEP) * _STEP, _STEP).astype(np.uint16)
    return out


def _image_set(path: Path) -> Path:
    lines = ['name = "虚构示范区 2020、2023、2026 年夏季"', "ndvi_soil = 0.08", "ndvi_vegetation = 0.85"]
    for day in DATES:
        file = f"image-{day[:4]}.tif"
        lines += [
            "",
            "[[image]]",
            f"date = {day}",
            f'red = {{ path = "{file}", band = "red" }}',
            f'nir = {{ path = "{file}", band = "nir" }}',
            f"sun_azimuth = {SUN_AZIMUTH}",
            f"sun_elevation = {SUN_ELEVATION}",
        ]
        if day == DATES[1]:
            lines.append('clouds = { path = "clouds-2023.tif", values = [1, 2] }')
        lines.append('note = "虚构"')
    with whole_file(path) as part:
        part.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path

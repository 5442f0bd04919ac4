"""The load of the raster bench: a large DEM in metres and areas upon it, made once and kept."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from rasterio.windows import Window

CELL_M, WEST, NORTH, CRS = 12.5, 300_000.0, 3_400_000.0, "EPSG:32648"
STRIP = 256
RADIUS_CELLS = (3.0, 12.0, 120.0)  # least, median, most


def dem(folder: Path, size: int) -> Path:
    """Return a DEM of size × size heights in whole metres, compressed and tiled."""
    path = folder / f"dem-{size}.tif"
    if path.exists():
        return path
    rng = np.random.default_rng(1)
    x = np.arange(size, dtype=np.float32)
    waves = [(rng.uniform(80, 4000), rng.uniform(0, 6.3), rng.uniform(0, 6.3)) for _ in range(12)]
    part = path.with_suffix(".part.tif")
    transform = rasterio.Affine(CELL_M, 0, WEST, 0, -CELL_M, NORTH)
    with rasterio.open(
        part, "w", driver="GTiff", width=size, height=size, count=1, dtype="int16", crs=CRS, transform=transform,
        nodata=-32768, tiled=True, blockxsize=256, blockysize=256, compress="deflate", zlevel=1, predictor=2,
        num_threads="2",
    ) as out:  # fmt: skip
        for top in range(0, size, STRIP):
            y = np.arange(top, min(top + STRIP, size), dtype=np.float32)
            z = np.zeros((len(y), size), dtype=np.float32)
            for length, a, b in waves:
                z += length / 20 * np.outer(np.sin(y * (6.283 / length) + a), np.cos(x * (6.283 / length) + b))
            z += rng.normal(0, 0.5, z.shape).astype(np.float32)
            out.write(np.clip(2000 + z, 0, 8000).astype(np.int16), 1, window=Window(0, top, size, len(y)))
    part.rename(path)
    return path


def areas(folder: Path, size: int, n: int) -> Path:
    """Return n areas with 40 corners each, half of them with a hole."""
    path = folder / f"areas-{size}-{n}.gpkg"
    if path.exists():
        return path
    rng = np.random.default_rng(2)
    least, median, most = RADIUS_CELLS
    radius = CELL_M * np.clip(median * np.exp(rng.normal(0, 0.8, n)), least, most)
    angle = np.linspace(0, 2 * np.pi, 41)[:-1]
    at = rng.uniform(0.01, 0.99, (n, 2)) * size * CELL_M
    shapes = []
    for (x, y), r in zip(at, radius, strict=True):
        ring = r * rng.uniform(0.7, 1.0, 40)[:, None] * np.column_stack((np.cos(angle), np.sin(angle)))
        ring += (WEST + x, NORTH - y)
        hole = [(0.3 * (ring - (WEST + x, NORTH - y)) + (WEST + x, NORTH - y))[::-1]] if rng.random() < 0.5 else []
        shapes.append(shapely.Polygon(ring, hole))
    gpd.GeoDataFrame({"site_id": [f"a{i}" for i in range(n)]}, geometry=shapes, crs=CRS).to_file(path, driver="GPKG")
    return path

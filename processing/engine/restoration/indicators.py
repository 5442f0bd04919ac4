"""Indicators of areas from a DEM, images and land cover, weighted by the covered share of every cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from ....layers.coordinates import accept
from ....layers.errors import SitesError
from ....layers.images import Band, BandRef, Image, ImageRef, ImageSet, image_set
from ....layers.progress import Progress
from ....layers.shaped import require_shapes
from ....layers.site_table import find_columns
from ....layers.texts import Text
from .change import put_change
from .images import put_image, put_land_cover, put_trend
from .raster import opened
from .relief import put_relief
from .rows import Rows
from .rusle import Rusle, put_rusle
from .vegetation import Ends, ends_of, opened_ndvi

Images = str | Path | ImageSet | Sequence[ImageRef | Image]


def indicators(
    areas: gpd.GeoDataFrame,
    dem: BandRef | None = None,
    images: Images | None = (),
    land_cover: BandRef | None = None,
    ends: tuple[float, float] | None = None,
    rusle: Rusle | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return what rasters say about areas.

    Parameters
    ----------
    areas : GeoDataFrame
        Polygons with a unique ``site_id``, by any of its headings (the index where there is none), in any system on
        CGCS2000 or WGS 84.
    dem : path or (path, band), optional
        Heights; metres unless the file names another unit. Degrees, metres and feet of the plane are all read right.
    images : path of an image set, or sequence of (date, red, nir)
        Each band a path or (path, band).
    land_cover : path or (path, band), optional
        Classes as whole numbers.
    ends : (soil, vegetation), optional
        NDVI of bare soil and of full vegetation; else those of the image set, else percentiles of all dates.
    rusle : Rusle, optional
        Adds ``rusle_model``, a model figure that stands on the factors given.
    progress : Progress, optional

    Returns
    -------
    DataFrame
        ``tables.INDICATORS``: site_id, indicator, date, value, unit, covered_share. ``covered_share`` is the share of
        the area (in the plane of the raster) that the value stands on; with no data it is 0 and the value NaN. Shares
        are of the part with data. ``date`` is empty, a day, or an interval of two. ``attrs["notes"]`` holds, as
        tuple of Text, what was assumed.

    Raises
    ------
    SitesError
        There is no area, an id comes twice, or the areas have no coordinate system.
    SourceError
        A raster cannot be used; the error names it and the remedy.
    MissingLibraryError
        rasterio is absent.

    Notes
    -----
    A cell counts by the share of it that the area covers, exactly; cells of one raster count alike, whatever their
    size on the ground. Extremes are those of all cells met. Image cells are never mixed with those of another grid
    but for the change between two dates, where the later image is brought onto the cells of the earlier.
    """
    progress = progress or Progress()
    site_ids, geoms, crs, notes = areas_of(areas)
    rows = Rows(site_ids, notes)
    place = (rows, geoms, crs)
    chosen = _chosen(images)
    heights = None if dem is None else _band(dem)
    steps = _steps(progress, chosen, heights, land_cover, rusle)
    if heights is not None:
        put_relief(*place, heights, next(steps))
    if chosen is not None:
        dichotomy, said = ends_of(chosen, ends)
        rows.note(said)
        _put_images(place, chosen, dichotomy, heights, steps)
        if rusle is not None and heights is not None:
            put_rusle(*place, heights, chosen.images[-1], dichotomy, rusle, next(steps))
    if land_cover is not None:
        put_land_cover(*place, _band(land_cover), next(steps))
    table = rows.table()
    table.attrs["notes"] = tuple(rows.notes)
    progress.step(1.0)
    return table


def check_sources(dem: BandRef | None = None, images: Images | None = (), land_cover: BandRef | None = None) -> None:
    """Open every raster once, so that a long run does not fail at its end.

    Raises
    ------
    SourceError, MissingLibraryError
        As `indicators` raises them.
    """
    for source in (dem, land_cover):
        if source is not None:
            with opened(_band(source)):
                pass
    chosen = _chosen(images)
    for image in chosen.images if chosen is not None else ():
        with opened_ndvi(image):
            pass


def _chosen(images: Images | None) -> ImageSet | None:
    """Return the image set, or None where nothing was given."""
    if images is None or (not isinstance(images, str | Path | ImageSet) and not len(images)):
        return None
    return image_set(images)


def _put_images(
    place: tuple[Rows, NDArray[np.object_], pyproj.CRS],
    images: ImageSet,
    ends: Ends,
    dem: Band | None,
    steps: Iterator[Progress],
) -> None:
    """Add the figures of every date, the changes between dates, and the trend."""
    covers = [put_image(*place, image, ends, dem, next(steps)) for image in images.images]
    for pair in _pairs(images):
        put_change(*place, pair, ends, next(steps))
    if len(covers) > 2:
        put_trend(place[0], images, [cover for cover, _ in covers], [share for _, share in covers])


def _band(reference: BandRef) -> Band:
    if isinstance(reference, tuple):
        return Band(str(reference[0]), reference[1])
    return Band(str(reference))


def _steps(
    progress: Progress, images: ImageSet | None, dem: object, land_cover: object, rusle: object
) -> Iterator[Progress]:
    """Give the progress of each pass over the rasters, all of equal length."""
    total = int(dem is not None) + int(land_cover is not None)
    if images is not None:
        total += len(images.images) + len(_pairs(images)) + int(rusle is not None and dem is not None)
    return (progress.part(n / total, (n + 1) / total) for n in range(total))


def _pairs(images: ImageSet) -> list[tuple[Image, Image]]:
    """Return every date with the one before it, and the last with the first."""
    listed = images.images
    pairs = list(pairwise(listed))
    return [*pairs, (listed[0], listed[-1])] if len(listed) > 2 else pairs


def areas_of(areas: gpd.GeoDataFrame) -> tuple[NDArray[np.object_], NDArray[np.object_], pyproj.CRS, list[Text]]:
    """Return ids, valid 2-D geometry, coordinate system and what is to be said about them."""
    require_shapes(areas, Text("修复地块", "areas"), SitesError)
    if not len(areas):
        raise SitesError(
            Text("没有修复地块", "There is no area"),
            remedy=Text("请选择至少有一个面的图层。", "Choose a layer with a polygon or more."),
        )
    columns = find_columns([str(name) for name in areas.columns if name != areas.geometry.name], "areas")
    ids = areas[columns["site_id"]] if "site_id" in columns else areas.index.to_series()
    site_ids = ids.astype(str).to_numpy(dtype=object)
    repeated = sorted({str(id_) for id_ in ids[ids.duplicated()]})
    if repeated:
        listed = "、".join(repeated[:10])
        rows = ", ".join(str(n + 1) for n in np.flatnonzero(ids.duplicated(keep=False))[:20])
        raise SitesError(
            Text(f"地块编号重复：{listed}（第 {rows} 行）", f"site_id comes twice: {listed} (rows {rows})"),
            remedy=Text("每个地块的 site_id 应唯一。", "A site_id is unique."),
        )
    geoms = np.asarray(shapely.force_2d(np.asarray(areas.geometry.array, dtype=object)), dtype=object)
    crs = accept(areas.crs, None, tuple(shapely.total_bounds(geoms)), "areas", SitesError)
    notes = []
    broken = ~shapely.is_missing(geoms) & ~shapely.is_valid(geoms)
    if broken.any():
        geoms = geoms.copy()
        geoms[broken] = shapely.make_valid(geoms[broken])
        notes.append(_named(site_ids[broken], "图形有自相交等错误，修复后计算", "invalid shape, computed after repair"))
    flat = shapely.is_missing(geoms) | (shapely.area(geoms) == 0.0)
    if flat.any():
        notes.append(_named(site_ids[flat], "不是面，没有栅格指标", "no polygon, so there is nothing to compute over"))
    return site_ids, geoms, crs, notes


def _named(site_ids: NDArray[np.object_], zh: str, en: str) -> Text:
    listed = "、".join(map(str, site_ids[:10]))
    more = f" 等 {len(site_ids)} 个" if len(site_ids) > 10 else ""
    more_en = f" and others, {len(site_ids)} in all" if len(site_ids) > 10 else ""
    return Text(f"地块 {listed}{more}：{zh}", f"{listed}{more_en}: {en}")

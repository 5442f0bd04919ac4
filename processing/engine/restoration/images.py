"""Indicators of one image after another, their trend, and land cover."""

from __future__ import annotations

from contextlib import ExitStack

import numpy as np
import pyproj
from numpy.typing import NDArray

from ....layers.images import Band, Image, ImageSet
from ....layers.progress import Progress
from ....layers.texts import Text
from .cells import Areas
from .classes import FVC
from .coverage import Floats
from .raster import opened
from .rows import Rows
from .sums import Shares, Sums, ratio
from .terrain import as_heights, ground_of, slope_and_aspect
from .vegetation import Ends, notes_of, opened_ndvi

LEAST_LIGHT = 0.2
"""Cosine of the angle between sun and slope below which a slope counts as shaded (steeper than 78°)."""


def put_image(
    rows: Rows,
    geoms: NDArray[np.object_],
    crs: pyproj.CRS,
    image: Image,
    ends: Ends,
    dem: Band | None,
    progress: Progress,
) -> tuple[Floats, Floats]:
    """Add NDVI, cover and its classes; clouds where marked; shaded slopes where sun and heights are known.

    Returns
    -------
    cover, share : ndarray of float64, shape (n,)
        Mean cover, and the share of each area that it stands on.
    """
    n = rows.n
    ndvi_sum, cover_sum, cloud, shade = (Sums(n) for _ in range(4))
    classes = Shares(n, len(FVC.names))
    with ExitStack() as stack:
        ndvi = stack.enter_context(opened_ndvi(image))
        areas = Areas(geoms, crs, ndvi.grid)
        light = None
        if dem is not None and image.sun_elevation is not None:
            light = as_heights(stack.enter_context(opened(dem, ndvi.grid)))
            ground = ground_of(ndvi.grid)
        for cells, share in areas.walk_with_share():
            progress.step(share, Text(f"正在计算 {ndvi.day} 植被覆盖度", f"Computing cover at {ndvi.day}"))
            window = (cells.top, cells.left, cells.height, cells.width)
            value = ndvi.read(*window)[cells.row, cells.col]
            ndvi_sum.add(cells, value)
            cover_sum.add(cells, ends.cover(value))
            classes.add(cells, FVC.of(ends.cover(value)))
            cloud.add(cells, ndvi.clouded(*window)[cells.row, cells.col])
            if light is not None:
                slope, aspect, _ = slope_and_aspect(light, ground, cells)
                shade.add(cells, _shaded(image, slope, aspect))
        rows.note(notes_of(ndvi))
    size, day = areas.size, ndvi.day
    rows.put_mean("ndvi_mean", ndvi_sum, size, "", day)
    rows.put_mean("fvc_mean", cover_sum, size, "", day)
    rows.put_shares(FVC, classes, size, day)
    if image.clouds is not None:
        rows.put_mean("cloud_share", cloud, size, "", day)
    if light is not None:
        rows.put_mean("shade_share", shade, size, "", day)
    else:
        rows.note([_unshaded(day)])
    return cover_sum.mean, ratio(cover_sum.weight, size)


def _unshaded(day: str) -> Text:
    return Text(
        f"{day}：缺少太阳方位和高度角或高程，陡坡阴影未评估，阴影处 NDVI 可能失真",
        f"{day}: without the sun's position and heights shade on steep slopes is not assessed; NDVI may be off there",
    )


def _shaded(image: Image, slope: Floats, aspect: Floats) -> Floats:
    """Return 1 where the slope turns away from the sun, else 0; a level cell has no aspect and needs none."""
    assert image.sun_elevation is not None and image.sun_azimuth is not None
    zenith, tilt = np.radians(90.0 - image.sun_elevation), np.radians(slope)
    turn = np.radians(image.sun_azimuth - np.nan_to_num(aspect))
    light = np.cos(zenith) * np.cos(tilt) + np.sin(zenith) * np.sin(tilt) * np.cos(turn)
    return np.where(np.isfinite(slope), light < LEAST_LIGHT, np.nan)


def put_trend(rows: Rows, images: ImageSet, cover: list[Floats], shares: list[Floats]) -> None:
    """Add the change of cover per year by least squares over three dates or more, all of which a site must have."""
    days = np.array([image.day.toordinal() for image in images.images], dtype=float) / 365.2425
    away = days - days.mean()
    values = np.vstack(cover)
    span = f"{images.images[0].day.isoformat()}/{images.images[-1].day.isoformat()}"
    rows.put("fvc_trend", away @ values / (away @ away), np.min(shares, axis=0), "1/a", span)


def put_land_cover(rows: Rows, geoms: NDArray[np.object_], crs: pyproj.CRS, source: Band, progress: Progress) -> None:
    """Add the share of every class of land cover that an area has.

    Notes
    -----
    Cells beyond the whole numbers 0 to 65535 are no classes and do not count.
    """
    with opened(source) as band:
        areas = Areas(geoms, crs, band.grid)
        codes: list[int] = []
        found: dict[int, Floats] = {}
        for cells, share in areas.walk_with_share():
            progress.step(share, Text("正在统计土地覆盖", "Counting land cover"))
            value = band.read(cells.top, cells.left, cells.height, cells.width)[cells.row, cells.col]
            for code in np.unique(value[np.isfinite(value) & (value == np.floor(value)) & (value >= 0)]).astype(int):
                if code > 65535:
                    continue
                of = value == code
                held = np.bincount(cells.owner[of], cells.weight[of], minlength=len(cells.areas))
                found.setdefault(int(code), np.zeros(rows.n))[cells.areas] += held
        codes = sorted(found)
        rows.note(band.notes)
    whole = np.sum([found[code] for code in codes], axis=0) if codes else np.zeros(rows.n)
    covered = ratio(whole, areas.size)
    for code in codes:
        rows.put(f"land_cover_share:{code}", ratio(found[code], whole), covered, only=found[code])
    rows.put("land_cover_known_share", covered, covered)

"""NDVI of an image by window, and the vegetation cover that it stands for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....layers.images import Image, ImageSet
from ....layers.texts import Text
from .coverage import Floats
from .raster import Grid, Opened, opened

SAMPLE, WINDOWS = 1500, 12
"""Figures of a whole image come from at most this many cells a side, evenly spread."""
LOW_PERCENT, HIGH_PERCENT = 5.0, 95.0
_WATER = 0.0
_BINS = np.linspace(-1.0, 1.0, 2001)
_LEAST_RANGE = 0.05
BARE_MOST, GREEN_LEAST = 0.25, 0.5
"""Percentiles beyond are of an image without bare ground, or without full vegetation."""


@dataclass
class Ndvi:
    """An open image that gives NDVI = (near infrared - red) / (near infrared + red).

    Attributes
    ----------
    grid : Grid
        The cells of the red band, or those asked for.
    """

    image: Image
    red: Opened
    nir: Opened
    clouds: Opened | None

    @property
    def grid(self) -> Grid:
        """The cells that values are given on."""
        return self.red.grid

    @property
    def day(self) -> str:
        """The date as text."""
        return self.image.day.isoformat()

    def read(self, row: int, col: int, height: int, width: int) -> Floats:
        """Return NDVI of a window, NaN where a band has no value, both are 0, or the sky is not known to be clear."""
        red, nir = (band.read(row, col, height, width) for band in (self.red, self.nir))
        total = nir + red
        with np.errstate(invalid="ignore", divide="ignore"):
            ndvi = (nir - red) / total
            ndvi[~(total > 0.0) | (np.abs(ndvi) > 1.0)] = np.nan
        if self.clouds is not None:
            ndvi[self.clouded(row, col, height, width) != 0.0] = np.nan
        return ndvi

    def clouded(self, row: int, col: int, height: int, width: int) -> Floats:
        """Return 1 where a cloud is marked, else 0; NaN beyond the mask and where there is none."""
        if self.clouds is None:
            return np.full((height, width), np.nan)
        marked = self._marked(self.clouds.raw(row, col, height, width)).astype(np.float64)
        if self.clouds.warped:
            marked[np.broadcast_to(self.clouds.raw(row, col, height, width, masked=True).mask, marked.shape)] = np.nan
        return marked

    def sample(self) -> Floats:
        """Return NDVI of windows spread evenly over the whole image, in full resolution, as one row.

        A reading made coarser would take the file's overviews, whose means have less noise than cells.
        """
        rows, cols = (_spread(size) for size in (self.grid.height, self.grid.width))
        parts = [self.read(top, left, high, wide).ravel() for top, high in rows for left, wide in cols]
        return np.concatenate(parts)

    def _marked(self, mask: NDArray[Any]) -> NDArray[np.bool_]:
        assert self.image.clouds is not None
        values = mask.astype(np.int64)
        if self.image.clouds.values:
            return np.isin(values, self.image.clouds.values)
        flag = sum(1 << bit for bit in self.image.clouds.bits)
        marked: NDArray[np.bool_] = (values & flag) != 0
        return marked


def _spread(size: int) -> list[tuple[int, int]]:
    """Return start and length of windows along a side of `size` cells: all of it, or `SAMPLE` cells of it."""
    if size <= SAMPLE:
        return [(0, size)]
    length = SAMPLE // WINDOWS
    starts = np.linspace(0, size - length, WINDOWS).astype(int)
    return [(int(start), length) for start in starts]


@contextmanager
def opened_ndvi(image: Image, like: Grid | None = None) -> Iterator[Ndvi]:
    """Open the bands of an image, all on the cells of the red band or of `like`.

    Raises
    ------
    SourceError, MissingLibraryError
    """
    with ExitStack() as stack:
        red = stack.enter_context(opened(image.red, like))
        nir = stack.enter_context(opened(image.nir, red.grid))
        clouds = None
        if image.clouds is not None:
            clouds = stack.enter_context(opened(image.clouds.source, red.grid, nearest=True))
        yield Ndvi(image, red, nir, clouds)


def notes_of(ndvi: Ndvi) -> list[Text]:
    """Return what had to be assumed of an image."""
    out = [*ndvi.red.notes, *ndvi.nir.notes]
    day = ndvi.day
    if ndvi.red.nodata is None:
        out.append(
            Text(
                f"{day} 影像未标注无效值，两波段均为 0 的像元按无数据处理",
                f"image of {day}: no nodata tag; cells with 0 in both bands count as no data",
            )
        )
    if ndvi.clouds is None:
        out.append(
            Text(
                f"{day} 影像没有云掩膜，云和云影未剔除",
                f"image of {day}: no cloud mask, so clouds and their shadows are not taken out",
            )
        )
    if ndvi.red.integer and (ndvi.red.scale, ndvi.red.offset) == (1.0, 0.0):
        out.append(
            Text(
                f"{day} 影像为整数且未注明比例和偏移，按无偏移计算 NDVI",
                f"image of {day}: whole numbers without scale and offset; NDVI is computed without an offset",
            )
        )
    return out


@dataclass(frozen=True)
class Ends:
    """NDVI of bare soil and of full vegetation, between which the cover is linear (pixel dichotomy)."""

    soil: float
    vegetation: float

    @property
    def usable(self) -> bool:
        """Whether both lie far enough apart to tell cover."""
        return self.vegetation - self.soil >= _LEAST_RANGE

    def cover(self, ndvi: Floats) -> Floats:
        """Return the vegetation cover, 0 to 1; NaN where it cannot be told."""
        if not self.usable:
            return np.full(ndvi.shape, np.nan)
        out: Floats = np.clip((ndvi - self.soil) / (self.vegetation - self.soil), 0.0, 1.0)
        return out


def ends_of(images: ImageSet, given: tuple[float, float] | None = None) -> tuple[Ends, list[Text]]:
    """Return the ends for all dates of a set, and where they come from.

    Notes
    -----
    What is not given is the 5th and 95th percentile of NDVI above 0 (water has less) of all dates together: ends of
    each date by itself would hide a loss that strikes the whole image.
    """
    if given is not None:
        ends = Ends(*given)
        return ends, [_said(ends, Text("给定", "given")), *_useless(ends)]
    if images.ndvi_soil is not None and images.ndvi_vegetation is not None:
        ends = Ends(images.ndvi_soil, images.ndvi_vegetation)
        return ends, [_said(ends, Text("影像清单给定", "given by the image set"))]
    count = np.zeros(len(_BINS) - 1)
    for image in images.images:
        with opened_ndvi(image) as ndvi:
            values = ndvi.sample()
            count += np.histogram(values[np.isfinite(values) & (values > _WATER)], _BINS)[0]
    ends = Ends(_percentile(count, LOW_PERCENT), _percentile(count, HIGH_PERCENT))
    how = Text(
        f"全部时相中 NDVI 大于 0 的像元的 {LOW_PERCENT:g}% 和 {HIGH_PERCENT:g}% 分位",
        f"the {LOW_PERCENT:g} and {HIGH_PERCENT:g} % percentiles of NDVI above 0 at all dates",
    )
    notes = [_said(ends, how), *_useless(ends)]
    if ends.usable and (ends.soil > BARE_MOST or ends.vegetation < GREEN_LEAST):
        notes.append(_doubt(ends))
    return ends, notes


def _useless(ends: Ends) -> list[Text]:
    if ends.usable:
        return []
    return [
        Text(
            "裸土与全植被的 NDVI 几乎没有差异或次序相反，植被覆盖度无法推算",
            "NDVI of soil and of full vegetation hardly differ, or stand the wrong way round, so cover cannot be told",
        )
    ]


def _said(ends: Ends, how: Text) -> Text:
    return Text(
        f"植被覆盖度按像元二分模型：裸土 NDVI {ends.soil:.3f}，全植被 NDVI {ends.vegetation:.3f}（{how.zh}）",
        f"cover by pixel dichotomy: NDVI of soil {ends.soil:.3f}, of full vegetation {ends.vegetation:.3f} ({how.en})",
    )


def _doubt(ends: Ends) -> Text:
    return Text(
        f"裸土或全植被 NDVI 的分位值（{ends.soil:.3f}、{ends.vegetation:.3f}）不像裸土和全植被，影像中可能缺少其一；"
        "覆盖度只宜作相对比较，最好在影像清单中给定 ndvi_soil 和 ndvi_vegetation",
        f"the percentiles ({ends.soil:.3f}, {ends.vegetation:.3f}) do not look like bare soil and full vegetation: the "
        "image may lack one of them; compare covers only among themselves, or give ndvi_soil and ndvi_vegetation",
    )


def _percentile(count: Floats, percent: float) -> float:
    total = np.cumsum(count)
    if not len(total) or total[-1] == 0:
        return math.nan
    return float(np.interp(percent / 100.0 * total[-1], np.concatenate(([0.0], total)), _BINS))

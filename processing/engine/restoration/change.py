"""Change of NDVI between two dates, against the noise of ground that did not change."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyproj
from numpy.typing import NDArray

from ....layers.images import Image
from ....layers.progress import Progress
from ....layers.texts import Text
from .cells import Areas
from .coverage import Floats
from .rows import Rows
from .sums import Sums, ratio
from .vegetation import SAMPLE, Ends, Ndvi, notes_of, opened_ndvi

Z_99 = 2.5758293035489004
"""Two-sided 99 %: of unchanged cells one in a hundred is taken for changed."""
FLOOR = 0.01
"""Least standard deviation of NDVI: below it are rounding and registration, not noise."""
LEAST_STABLE = 100
SAME_SEASON_DAYS = 45
_MAD = 1.4826022185056018
_TURNS = 20


class Noise(NamedTuple):
    """How NDVI of stable ground differs between two dates.

    Attributes
    ----------
    shift : float
        Median difference (season, light, sensor).
    sigma : float
        Standard deviation, from the median absolute deviation.
    cells : int
        Sampled cells that count as stable.
    """

    shift: float
    sigma: float
    cells: int

    @property
    def threshold(self) -> float:
        """How far from `shift` a difference has to be to be significant."""
        return Z_99 * self.sigma

    @property
    def known(self) -> bool:
        """Whether there was enough stable ground."""
        return self.cells >= LEAST_STABLE

    def loss(self, difference: Floats) -> NDArray[np.bool_]:
        """Return where NDVI fell significantly."""
        with np.errstate(invalid="ignore"):
            fell: NDArray[np.bool_] = difference < self.shift - self.threshold
        return fell

    def gain(self, difference: Floats) -> NDArray[np.bool_]:
        """Return where NDVI rose significantly."""
        with np.errstate(invalid="ignore"):
            rose: NDArray[np.bool_] = difference > self.shift + self.threshold
        return rose


def noise_of(difference: Floats) -> Noise:
    """Return the noise of stable ground from differences over a whole image.

    Notes
    -----
    Stable is what lies within three standard deviations of the median, found by turns: most of an image does not
    change, and what does stands out. σ = 1.4826 · median |d - median| of the stable cells.
    """
    values = difference[np.isfinite(difference)].ravel()
    if not len(values):
        return Noise(math.nan, math.nan, 0)
    stable = values
    for _ in range(_TURNS):
        shift = float(np.median(stable))
        sigma = max(FLOOR, _MAD * float(np.median(np.abs(stable - shift))))
        kept = values[np.abs(values - shift) <= 3.0 * sigma]
        if len(kept) == len(stable):
            break
        stable = kept
    return Noise(shift, sigma, len(stable))


@dataclass
class Dates:
    """Two images open on the cells of the earlier one."""

    earlier: Ndvi
    later: Ndvi
    noise: Noise

    @property
    def days(self) -> str:
        """Both dates as an interval."""
        return f"{self.earlier.day}/{self.later.day}"

    def season(self) -> list[Text]:
        """Return a warning where the dates are of different seasons."""
        days = abs(self.later.image.day.timetuple().tm_yday - self.earlier.image.day.timetuple().tm_yday)
        if min(days, 365 - days) <= SAME_SEASON_DAYS:
            return []
        return [
            Text(
                f"{self.days}：两期季节不同，单个地块的变化含物候差异",
                f"{self.days}: different seasons, so the change of an area holds that of the season",
            )
        ]

    def notes(self) -> list[Text]:
        """Return what was assumed of both images, and the noise between them."""
        return [*notes_of(self.earlier), *notes_of(self.later), *self.season(), _said(self)]


@contextmanager
def opened_dates(earlier: Image, later: Image) -> Iterator[Dates]:
    """Open two images and measure the noise between them."""
    with opened_ndvi(earlier) as first, opened_ndvi(later, first.grid) as second:
        yield Dates(first, second, noise_of(second.sample() - first.sample()))


def put_change(
    rows: Rows,
    geoms: NDArray[np.object_],
    crs: pyproj.CRS,
    images: tuple[Image, Image],
    ends: Ends,
    progress: Progress,
) -> None:
    """Add the change between two dates over the cells that both have."""
    with opened_dates(*images) as dates:
        areas, noise = Areas(geoms, crs, dates.earlier.grid), dates.noise
        ndvi, cover, loss, gain = (Sums(rows.n) for _ in range(4))
        for cells, share in areas.walk_with_share():
            progress.step(share, Text(f"正在比较 {dates.days}", f"Comparing {dates.days}"))
            window = (cells.top, cells.left, cells.height, cells.width)
            before, after = (image.read(*window)[cells.row, cells.col] for image in (dates.earlier, dates.later))
            difference = after - before
            there = np.isfinite(difference) & noise.known
            ndvi.add(cells, difference)
            cover.add(cells, ends.cover(after) - ends.cover(before))
            loss.add(cells, np.where(there, noise.loss(difference), np.nan))
            gain.add(cells, np.where(there, noise.gain(difference), np.nan))
        rows.note(dates.notes())
    day, size = dates.days, areas.size
    rows.put_mean("ndvi_change", ndvi, size, "", day)
    rows.put_mean("fvc_change", cover, size, "", day)
    rows.put_mean("ndvi_loss_share", loss, size, "", day)
    rows.put_mean("ndvi_gain_share", gain, size, "", day)
    if noise.known:
        met = ratio(ndvi.weight, size)
        rows.put("ndvi_stable_change", np.full(rows.n, noise.shift), met, "", day)
        rows.put("ndvi_threshold", np.full(rows.n, noise.threshold), met, "", day)


def _said(dates: Dates) -> Text:
    noise, most = dates.noise, f"{SAMPLE} × {SAMPLE}"
    if not noise.known:
        return Text(
            f"{dates.days}：两期都有值的稳定像元不足 {LEAST_STABLE} 个，变化是否显著无法判断",
            f"{dates.days}: under {LEAST_STABLE} stable cells at both dates; significance cannot be told",
        )
    return Text(
        f"{dates.days}：稳定地面 NDVI 变化中位数 {noise.shift:+.3f}、标准差 {noise.sigma:.3f}"
        f"（最多 {most} 个抽样像元）；"
        f"偏离中位数超过 {noise.threshold:.3f} 的像元按显著变化计（99%，未变化像元约百分之一会被误判）",
        f"{dates.days}: NDVI of stable ground changed by {noise.shift:+.3f} (median), standard deviation "
        f"{noise.sigma:.3f} (at most {most} sampled cells); cells more than {noise.threshold:.3f} from the median "
        "count as changed (99 %, so one unchanged cell in a hundred is mistaken)",
    )

"""Pictures of an area at two dates and of its change, as arrays of colours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.raster_library import rasterio
from .change import Dates
from .coverage import Floats
from .vegetation import Ndvi

Read = Callable[[int, int, int, int], Floats]
"""Values of a window: row, column, height and width."""
Picture = NDArray[np.uint8]
"""Red, green and blue, shape (height, width, 3)."""

SIDE = 420
"""Pictures are about this many dots wide: a cell of the image is a whole number of dots, or a dot one of many cells."""
_AROUND, _LEAST_AROUND = 0.35, 8
_BOUNDARY = (255, 230, 0)
_NOTHING = (190, 190, 190)
LOSS_COLOUR, GAIN_COLOUR, SAME_COLOUR = (200, 40, 40), (30, 130, 60), (238, 238, 228)


class Frame:
    """The part of an image around an area.

    Parameters
    ----------
    area : polygon
        In cell coordinates of the image.
    width, height : int
        Of the image.
    """

    def __init__(self, area: shapely.Geometry, width: int, height: int) -> None:
        west, north, east, south = shapely.bounds(area)
        rim = max(_LEAST_AROUND, _AROUND * max(east - west, south - north))
        self.left, self.top = max(int(west - rim), 0), max(int(north - rim), 0)
        self.right, self.bottom = min(int(np.ceil(east + rim)), width), min(int(np.ceil(south + rim)), height)
        self.area = area
        # Of so many rows and columns one is shown.
        self.step = max(1, max(self.right - self.left, self.bottom - self.top) // SIDE)

    @property
    def empty(self) -> bool:
        """Whether the image shows nothing of it."""
        return self.right <= self.left or self.bottom <= self.top

    def shown(self, read: Read) -> Floats:
        """Return the cells that are shown, row by row where some are left out, so that memory stays small."""
        width = self.right - self.left
        if self.step == 1:
            return read(self.top, self.left, self.bottom - self.top, width)
        first = min(self.step // 2, self.bottom - self.top - 1)
        column = min(self.step // 2, width - 1)
        rows = range(self.top + first, self.bottom, self.step)
        return np.vstack([read(row, self.left, 1, width)[:, column :: self.step] for row in rows])

    def finished(self, colours: Picture) -> Picture:
        """Return a picture with a cell as several dots and the boundary upon it."""
        times = max(1, SIDE // max(colours.shape[:2]))
        large = np.repeat(np.repeat(colours, times, axis=0), times, axis=1)
        shift = np.array((self.left, self.top), dtype=float)
        line = shapely.boundary(shapely.transform(self.area, lambda xy: (xy - shift) * (times / self.step)))
        thick = shapely.buffer(line, max(1.0, SIDE / 280.0))
        on = rasterio().features.rasterize([thick], out_shape=large.shape[:2], dtype="uint8").astype(bool)
        large[on] = _BOUNDARY
        return large


def chip(image: Ndvi, frame: Frame, brightest: tuple[float, float]) -> Picture:
    """Return the image in false colour: near infrared as red, red as green and blue, so that plants are red."""
    red, nir = (frame.shown(band.read) for band in (image.red, image.nir))
    parts = [_stretched(nir, brightest[1]), _stretched(red, brightest[0]), _stretched(red, brightest[0])]
    colours = np.stack(parts, axis=-1)
    colours[~np.isfinite(red + nir)] = _NOTHING
    return frame.finished(colours)


def brightest(images: tuple[Ndvi, Ndvi], frame: Frame) -> tuple[float, float]:
    """Return the red and near infrared that are shown brightest, the same for both dates."""
    out = []
    for band in ("red", "nir"):
        values = np.concatenate([frame.shown(getattr(image, band).read).ravel() for image in images])
        values = values[np.isfinite(values)]
        out.append(float(np.percentile(values, 98.0)) if len(values) else 1.0)
    return out[0], out[1]


def _stretched(values: Floats, most: float) -> Picture:
    scaled = np.nan_to_num(values) / (most if most > 0 else 1.0)
    out: Picture = (255.0 * np.clip(scaled, 0.0, 1.0) ** 0.8).astype(np.uint8)
    return out


def change_map(dates: Dates, frame: Frame) -> Picture:
    """Return where NDVI fell (red), rose (green) or did neither significantly; grey where a date has no value."""
    difference = frame.shown(dates.later.read) - frame.shown(dates.earlier.read)
    colours = np.empty((*difference.shape, 3), dtype=np.uint8)
    colours[:] = SAME_COLOUR
    if dates.noise.known:
        colours[dates.noise.loss(difference)] = LOSS_COLOUR
        colours[dates.noise.gain(difference)] = GAIN_COLOUR
    colours[~np.isfinite(difference)] = _NOTHING
    return frame.finished(colours)


def histogram_picture(shares: Floats) -> Picture:
    """Return bars of two dates side by side, shape of `shares` (2, bins): grey the earlier, green the later."""
    bins, height, bar, head = shares.shape[1], 150, 9, 8
    width = bins * (2 * bar + 4) + 8
    page = np.full((head + height + 12, width, 3), 255, dtype=np.uint8)
    out = page[head:]
    out[height : height + 2] = 90
    for quarter in range(1, 4):
        out[height - quarter * height // 4, :] = 225
    most = max(float(np.nanmax(shares)) if np.isfinite(shares).any() else 0.0, 1e-9)
    for k in range(bins):
        for date, colour in enumerate(((150, 150, 150), GAIN_COLOUR)):
            share = shares[date, k]
            tall = round(height * share / most) if np.isfinite(share) else 0
            left = 6 + k * (2 * bar + 4) + date * bar
            out[height - tall : height, left : left + bar] = colour
        out[height : height + (8 if k % 5 == 0 else 4), 5 + k * (2 * bar + 4)] = 90
    return page

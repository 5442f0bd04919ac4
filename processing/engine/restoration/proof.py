"""Whether restoration worked: what two dates and all dates between show of every area, and what they cannot show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from ....layers.coordinates import TARGET, to_lonlat
from ....layers.geodesy.area import polygon_areas
from ....layers.geodesy.buffers import buffer
from ....layers.geodesy.joined import join
from ....layers.images import BandRef, ImageSet, dates_of, image_set
from ....layers.progress import Progress
from ....layers.texts import Text
from .cells import Areas
from .change import Dates, opened_dates
from .classes import FVC
from .coverage import Floats
from .indicators import Images, areas_of, indicators
from .pictures import Frame, Picture, brightest, change_map, chip
from .statements import limits, statement
from .sums import Shares, ratio
from .tables import ACCEPTANCE
from .vegetation import Ends, ends_of

BINS = 20
RING_M = (20.0, 250.0)
"""The surroundings that an area is compared with lie between these distances from it, without the other areas."""


@dataclass(frozen=True)
class Proof:
    """Before and after of one area.

    Attributes
    ----------
    site_id : str
    figures : dict of str to object
        The row of ``tables.ACCEPTANCE``.
    before, after, change : Picture or None
        None where the images do not show the area.
    histogram : ndarray of float64, shape (2, BINS)
        Share of the area with data by cover from 0 to 1 at both dates; NaN without data.
    classes : DataFrame
        class, area_from_m2, area_to_m2: the part with data.
    trend : DataFrame
        date, fvc_mean, covered_share at all dates.
    says, cannot : Text
    """

    site_id: str
    figures: dict[str, object]
    before: Picture | None
    after: Picture | None
    change: Picture | None
    histogram: Floats
    classes: pd.DataFrame
    trend: pd.DataFrame
    says: Text
    cannot: Text


def acceptance(
    areas: gpd.GeoDataFrame,
    images: Images,
    dem: BandRef | None = None,
    ends: tuple[float, float] | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the table of figures for acceptance in the field: the first and the last date of an image set.

    Returns
    -------
    DataFrame
        ``tables.ACCEPTANCE``, one row per area in order. ``fvc_around`` is the cover, at the last date, of the ground
        from 20 to 250 m around the area without other areas: a value to compare with, not a target. ``attrs["notes"]``
        as of `indicators`.

    Raises
    ------
    SitesError, SourceError, MissingLibraryError
    """
    progress = progress or Progress()
    chosen = dates_of(images)
    site_ids, geoms, crs, _ = areas_of(areas)
    lonlat = to_lonlat(geoms, crs)
    table = indicators(areas, dem, chosen, ends=ends, progress=progress.part(0.0, 0.7))
    rings = gpd.GeoDataFrame({"site_id": site_ids}, geometry=_rings(lonlat), crs=TARGET)
    last = ImageSet(chosen.images[-1:], chosen.name, chosen.ndvi_soil, chosen.ndvi_vegetation)
    used, _ = ends_of(chosen, ends)
    around = indicators(rings, images=last, ends=(used.soil, used.vegetation), progress=progress.part(0.7, 1.0))
    first_day, last_day = chosen.images[0].day.isoformat(), chosen.images[-1].day.isoformat()
    pair = f"{first_day}/{last_day}"

    def of(indicator: str, date: str = "", column: str = "value", rows: pd.DataFrame = table) -> NDArray[np.float64]:
        found = rows[(rows["indicator"] == indicator) & (rows["date"] == date)].set_index("site_id")[column]
        return found.reindex(site_ids).to_numpy(dtype=np.float64)

    out = ACCEPTANCE.frame(
        {
            "site_id": site_ids,
            "area_m2": polygon_areas(lonlat),
            "date_from": [first_day] * len(site_ids),
            "date_to": [last_day] * len(site_ids),
            "fvc_from": of("fvc_mean", first_day),
            "fvc_to": of("fvc_mean", last_day),
            "fvc_change": of("fvc_change", pair),
            "gain_share": of("ndvi_gain_share", pair),
            "loss_share": of("ndvi_loss_share", pair),
            "covered_share": of("fvc_change", pair, "covered_share"),
            "fvc_trend": of("fvc_trend", pair),
            "fvc_around": of("fvc_mean", last_day, rows=around),
            "slope_mean": of("slope_mean"),
            "slope_over25_share": of("slope_over25_share"),
        }
    )
    out["says"] = [statement(row).zh for _, row in out.iterrows()]
    out.attrs["notes"] = table.attrs["notes"]
    out.attrs["indicators"] = table
    return out


def proofs(
    areas: gpd.GeoDataFrame,
    images: Images,
    figures: pd.DataFrame,
    ends: tuple[float, float] | None = None,
    progress: Progress | None = None,
) -> Iterator[Proof]:
    """Give, area by area, everything that a sheet of before and after shows.

    Parameters
    ----------
    areas, images, ends
        As `acceptance` was given them.
    figures : DataFrame
        What it returned.
    progress : Progress, optional
    """
    progress = progress or Progress()
    chosen = image_set(images)
    site_ids, geoms, crs, _ = areas_of(areas)
    used, _ = ends_of(chosen, ends)
    table = figures.attrs["indicators"]
    covers = table[table["indicator"] == "fvc_mean"].groupby("site_id", sort=False)
    with opened_dates(chosen.images[0], chosen.images[-1]) as dates:
        cell_m2 = abs(float(np.linalg.det(np.reshape(dates.earlier.grid.transform, (2, 3))[:, :2])))
        placed = Areas(geoms, crs, dates.earlier.grid)
        for k, site_id in enumerate(site_ids):
            progress.step(k / len(site_ids), Text(f"正在绘制 {site_id}", f"Drawing {site_id}"))
            row = {str(key): value for key, value in figures.iloc[k].items()}
            trend = covers.get_group(site_id)[["date", "value", "covered_share"]].rename(columns={"value": "fvc_mean"})
            histogram, classes = _spread(geoms[k : k + 1], crs, dates, used, float(figures["area_m2"].iloc[k]))
            pictures = _pictures(dates, placed.cells[k])
            yield Proof(
                str(site_id), row, *pictures, histogram, classes, trend.reset_index(drop=True), statement(row),
                limits(float(placed.size[k]), cell_m2),
            )  # fmt: skip


def _rings(lonlat: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the surroundings of areas, without the areas themselves."""
    inner, outer = (buffer(lonlat, distance, 1.0) for distance in RING_M)
    every = join(inner)
    out: NDArray[np.object_] = shapely.difference(outer, every)
    return out


def _spread(
    geom: NDArray[np.object_], crs: pyproj.CRS, dates: Dates, ends: Ends, area_m2: float
) -> tuple[Floats, pd.DataFrame]:
    """Return the histogram of cover, and the area of each class, at both dates."""
    areas = Areas(geom, crs, dates.earlier.grid)
    bins = [Shares(1, BINS) for _ in range(2)]
    classes = [Shares(1, len(FVC.names)) for _ in range(2)]
    for cells in areas.walk():
        window = (cells.top, cells.left, cells.height, cells.width)
        for date, image in enumerate((dates.earlier, dates.later)):
            cover = ends.cover(image.read(*window)[cells.row, cells.col])
            kind = np.where(np.isfinite(cover), np.minimum(np.nan_to_num(cover) * BINS, BINS - 1), -1)
            bins[date].add(cells, kind.astype(np.int64))
            classes[date].add(cells, FVC.of(cover))
    histogram = np.vstack([ratio(each.cells[0], np.full(BINS, each.cells.sum())) for each in bins])
    size = float(areas.size[0]) or np.nan
    parts = [each.cells[0] / size * area_m2 for each in classes]
    return histogram, pd.DataFrame({"class": FVC.names, "area_from_m2": parts[0], "area_to_m2": parts[1]})


def _pictures(dates: Dates, area: shapely.Geometry) -> tuple[Picture | None, Picture | None, Picture | None]:
    if shapely.is_empty(area) or shapely.is_missing(area) or shapely.area(area) == 0.0:
        return None, None, None
    frame = Frame(area, dates.earlier.grid.width, dates.earlier.grid.height)
    if frame.empty:
        return None, None, None
    most = brightest((dates.earlier, dates.later), frame)
    return chip(dates.earlier, frame, most), chip(dates.later, frame, most), change_map(dates, frame)

"""The whole sample: layers, sites and layer sets of the invented district."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np

from ..errors import SourceError
from ..progress import Progress
from ..texts import Text
from . import land as lie
from . import layers as handed
from . import sites, zones
from .board import PlacingError
from .write import NOT_HELD, copy_access_list, write_layer_set, write_layers, write_sites

SEED = 2026
DRAFTS = 12
CONFIRMED = date(2026, 9, 25)
TITLE = "虚构示范区 2026"


@dataclass(frozen=True)
class SampleDistrict:
    """Where the sample stands: layer set, layers, sites, answers (none), and the layer set with roles not held."""

    layer_set: Path
    layers: Path
    sites: Path
    answers: Path | None
    layer_set_partial: Path


def make(folder: Path, seed: int = SEED, progress: Progress | None = None, day: date | None = None) -> SampleDistrict:
    """Write an invented district of 102.8 km² with its projects into a folder.

    Parameters
    ----------
    folder : Path
        Made where it is missing; files of the same names are replaced.
    seed : int
        The same seed gives the same geometry.
    progress : Progress, optional
    day : date, optional
        The day on which the layer sets must hold; today if not given. What the district has
        nothing of is confirmed for a year from `CONFIRMED`, and on a day beyond that from 60 days before it.

    Raises
    ------
    PlacingError
        With this seed some site of the sample finds no place, in any of several drafts.
    DossierError
        A file cannot be written.
    SourceError
        The folder cannot be made.
    """
    progress = progress or Progress()
    _make_folder(folder)
    layers, placed = _drawn(seed, progress.part(0.0, 0.7))
    progress.step(0.7, Text("正在写出", "Writing"))
    said = _confirmed(day or date.today())
    source = write_layers(folder / "district.gpkg", layers, progress.part(0.7, 0.9))
    listed = copy_access_list(folder / "access_list.csv")
    at = write_sites(folder / "sites.gpkg", placed)
    whole_set = write_layer_set(folder / "district.toml", TITLE, layers, source, listed, said)
    partial = write_layer_set(
        folder / "district-partial.toml", f"{TITLE}（部分图层未取得）", layers, source, listed, said, NOT_HELD
    )
    progress.step(1.0)
    return SampleDistrict(whole_set, source, at, None, partial)


def _confirmed(day: date) -> date:
    """Return a day of confirmation, the same for a year, that is valid on a day."""
    return CONFIRMED if 0 <= (day - CONFIRMED).days < 360 else day - timedelta(days=60)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(
            Text(f"无法建立文件夹 {folder}", f"Cannot make the folder {folder}"),
            Text(str(error), str(error)),
            Text("请换一个可写的文件夹。", "Take a folder that can be written."),
        ) from error


def _drawn(seed: int, progress: Progress) -> tuple[list[handed.SampleLayer], gpd.GeoDataFrame]:
    """Return layers and sites; where a draft leaves a site without ground, the next one is drawn."""
    for draft in range(DRAFTS):
        rng = np.random.default_rng(seed + draft * 1_000_003)
        progress.step(0.0, Text("正在绘制虚构的地形、河流和红线", "Drawing invented land, rivers and red line"))
        drawn = lie.draw(rng)
        progress.step(0.4, Text("正在划定单元和保护区", "Drawing units and zones"))
        zoned = zones.draw(rng, drawn)
        progress.step(0.7, Text("正在放置示范地块", "Placing sites"))
        try:
            return handed.build(rng, drawn, zoned), sites.place(drawn, zoned)
        except PlacingError:
            if draft == DRAFTS - 1:
                raise
    raise AssertionError

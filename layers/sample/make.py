"""The whole sample: layers, sites and layer sets of the invented district."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np

from ..progress import Progress
from ..texts import Text
from . import land as lie
from . import layers as handed
from . import sites, zones
from .board import PlacingError
from .write import NOT_HELD, copy_access_list, write_layer_set, write_layers, write_sites

SEED = 2026
DRAFTS = 12
TITLE = "虚构示范区 2026"


@dataclass(frozen=True)
class SampleDistrict:
    """Where the sample stands: layer set, GeoPackage of layers, sites, answers (none) and the set with roles not held."""

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
        The day on which the layer sets confirm the roles that the district has nothing of;
        today if not given. A confirmation holds for one year.

    Raises
    ------
    PlacingError
        With this seed some site of the sample finds no place, in any of several drafts.
    SourceError
        The folder cannot be written.
    """
    progress = progress or Progress()
    layers, placed = _drawn(seed, progress.part(0.0, 0.7))
    progress.step(0.7, Text("正在写出", "Writing"))
    said = day or date.today()  # noqa: DTZ011 - the day where the user is
    source = write_layers(folder / "district.gpkg", layers, progress.part(0.7, 0.9))
    listed = copy_access_list(folder / "access_list.csv")
    at = write_sites(folder / "sites.gpkg", placed)
    whole_set = write_layer_set(folder / "district.toml", TITLE, layers, source, listed, said)
    partial = write_layer_set(folder / "district-partial.toml", f"{TITLE}（部分图层未取得）", layers, source, listed, said, NOT_HELD)
    progress.step(1.0)
    return SampleDistrict(whole_set, source, at, None, partial)


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

"""The whole sample: layers, sites and layer sets of the invented district."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np

from ..errors import MissingLibraryError, SourceError
from ..progress import Progress
from ..texts import Text
from . import ecology, living, restoration, sites, zones
from . import land as lie
from . import layers as handed
from .board import Board, PlacingError
from .ground import Ground
from .ground import draw as draw_ground
from .rasters import Rasters
from .rasters import write as write_rasters
from .write import NOT_HELD, copy_access_list, write_layer_set, write_layers, write_sites

SEED = 2026
DRAFTS = 12
CONFIRMED = date(2026, 9, 25)
TITLE = "虚构示范区 2026"


@dataclass(frozen=True)
class SampleDistrict:
    """Where the sample stands.

    Attributes
    ----------
    layer_set, layers, sites : Path
    answers : Path or None
        None so far.
    layer_set_partial : Path
        The layer set with roles not held.
    restoration : Path
        Mines and reaches of bank to be restored: sites of ``screenrestoration``.
    bank_uses : Path
        Lines of use along the banks, for ``bankoccupancy``.
    rasters : Rasters or None
        DEM, images of three dates and land cover; None where rasterio is absent.
    """

    layer_set: Path
    layers: Path
    sites: Path
    answers: Path | None
    layer_set_partial: Path
    restoration: Path
    bank_uses: Path
    rasters: Rasters | None


@dataclass(frozen=True)
class Drawn:
    """Everything of the district before it is written, in EPSG:4490."""

    layers: list[handed.SampleLayer]
    sites: gpd.GeoDataFrame
    restoration: gpd.GeoDataFrame
    bank_uses: gpd.GeoDataFrame
    ground: Ground


def make(folder: Path, seed: int = SEED, progress: Progress | None = None, day: date | None = None) -> SampleDistrict:
    """Write an invented district of 102.8 km² with its projects into a folder.

    Parameters
    ----------
    folder : Path
        Made where it is missing; files of the same names are replaced.
    seed : int
        The same seed gives the same geometry under one version of GEOS.
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
    drawn = _drawn(seed, progress.part(0.0, 0.7))
    layers = drawn.layers
    progress.step(0.7, Text("正在写出", "Writing"))
    said = _confirmed(day or date.today())
    source = write_layers(folder / "district.gpkg", layers, progress.part(0.7, 0.9))
    listed = copy_access_list(folder / "access_list.csv")
    at = write_sites(folder / "sites.gpkg", drawn.sites)
    areas = write_sites(folder / "restoration.gpkg", drawn.restoration, "restoration")
    uses = write_sites(folder / "bank_uses.gpkg", drawn.bank_uses, "bank_uses")
    whole_set = write_layer_set(folder / "district.toml", TITLE, layers, source, listed, said)
    partial = write_layer_set(
        folder / "district-partial.toml", f"{TITLE}（部分图层未取得）", layers, source, listed, said, NOT_HELD
    )
    progress.step(0.92, Text("正在写出高程和影像", "Writing heights and images"))
    drawn_on = _rasters(folder, drawn.ground, seed, progress)
    progress.step(1.0)
    return SampleDistrict(whole_set, source, at, None, partial, areas, uses, drawn_on)


def _rasters(folder: Path, ground: Ground, seed: int, progress: Progress) -> Rasters | None:
    """Write the rasters; without rasterio the district is whole but for them, and says so."""
    try:
        return write_rasters(folder, ground, seed)
    except MissingLibraryError as error:
        progress.step(0.95, error.message)
        return None


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


def _drawn(seed: int, progress: Progress) -> Drawn:
    """Return layers and sites; where a draft leaves a site without ground, the next one is drawn."""
    for draft in range(DRAFTS):
        rng = np.random.default_rng(seed + draft * 1_000_003)
        # What came later draws from a source of its own, so that it moves nothing that was there before.
        later = np.random.default_rng([seed, draft, 1])
        progress.step(0.0, Text("正在绘制虚构的地形、河流和红线", "Drawing invented land, rivers and red line"))
        land = lie.draw(rng)
        progress.step(0.4, Text("正在划定单元和保护区", "Drawing units and zones"))
        zoned = zones.draw(rng, land)
        progress.step(0.7, Text("正在放置示范地块", "Placing sites"))
        layers, board = handed.build(rng, land, zoned), Board(land, zoned)
        try:
            placed = sites.place(board)
            areas = restoration.areas(later, board)
        except PlacingError:
            if draft == DRAFTS - 1:
                raise
            continue
        life = ecology.draw(later, land, zoned, board.used)
        layers += living.build(life, areas)
        ground = draw_ground(np.random.default_rng([seed, draft, 2]), land, zoned, areas)
        return Drawn(layers, placed, restoration.frame(areas), living.uses(life), ground)
    raise AssertionError

"""The one door for sites: read from any upload or pasted text, their columns recognised, typed and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from . import children
from .coordinates import TARGET
from .errors import SitesError
from .intake import datum, forensics, formats, ogr
from .intake.forensics import Expected
from .intake.placing import place
from .intake.shapes import LEFT_OUT, Entry, notice
from .noticed import Noticed
from .progress import Progress
from .site_table import DIAGNOSIS_COLUMNS, diagnosis_frame, normalise
from .sources import refuse_database
from .texts import Text

__all__ = ["DIAGNOSIS_COLUMNS", "Expected", "Intake", "Noticed", "normalise", "read", "read_text"]

PASTED = Text("粘贴的文本", "pasted text")
MOST_PASTED = 64 * 1024**2


@dataclass(frozen=True, eq=False)
class Intake:
    """What an upload holds.

    Attributes
    ----------
    sites : GeoDataFrame
        As `normalise` gives them; empty where the coordinate system or the dataset is not clear.
    diagnosis : DataFrame
        ``row, site_id, column, value, problem, zh, en``: one row per thing noticed; row 0 is the file, other rows
        count the features of the file from 1. A feature that is not among the sites has the problem ``left_out``.
    candidates : GeoDataFrame
        ``crs, shifted, score, reasons, reasons_en, geometry``: systems that fit, the likeliest first, with the
        extent they would give in EPSG:4490; `crs` is the word that `read` takes.
    datasets : DataFrame
        ``dataset, geometry, features``: the layers, sheets or files of the upload; -1 features: not counted yet.
    """

    sites: gpd.GeoDataFrame
    diagnosis: pd.DataFrame
    candidates: gpd.GeoDataFrame
    datasets: pd.DataFrame

    @property
    def left_out(self) -> pd.DataFrame:
        """The rows of `diagnosis` that tell of features which are not among the sites."""
        return self.diagnosis[self.diagnosis["problem"] == LEFT_OUT]


def read(
    path: Path | str,
    crs: str | None = None,
    dataset: str | None = None,
    *,
    form: str = "auto",
    expected: Expected | None = None,
    shift: Path | str | None = None,
    encoding: str | None = None,
    progress: Progress = Progress(),
) -> Intake:
    """Return the sites of an upload of any kind.

    Parameters
    ----------
    path : Path or str
        Shapefile, GeoPackage, GeoJSON, FileGDB, KML, KMZ, ovkml, DXF, CSV, XLSX, 界址点 TXT, or a zip of any of them.
    crs : str, optional
        Coordinate system, for a file that names none: an EPSG code or a word of `Intake.candidates`. ``GCJ-02`` and
        ``BD-09`` turn shifted degrees back; the sites then carry ``coordinate_note``.
    dataset : str, optional
        Layer, sheet or file to read, where the upload has several.
    form : str
        One of `formats.FORMATS`; ``auto`` tells it by the content.
    expected : Expected, optional
        Where sites should lie, and a reference whose borders they may share; Chongqing if not given.
    shift : Path or str, optional
        The user's own file of datum parameters (`intake.datum`), for Xian 1980 and Beijing 1954.
    encoding : str, optional
        Encoding of the texts, where the file does not say it and the trial finds the wrong one.
    progress : Progress, optional
        Told the share done and asked whether to stop.

    Raises
    ------
    SitesError
        The file cannot be read, holds no site, or a site cannot be judged; the message names file, place and remedy.
    MissingLibraryError
        The format needs a package that is not there.
    Cancelled
        The user stopped.
    """
    source = str(path) if str(path).startswith("/vsi") else str(Path(path).expanduser())
    refuse_database(source, source)
    own = None if shift is None else datum.load_shift(shift)
    with children.workplace() as folder:
        if source.startswith("/vsi"):
            entries = ogr.entries(Path(source), source, source, encoding, progress)
        else:
            entries = formats.entries(Path(source), source, folder, encoding, progress.part(0.0, 0.3), form)
        return _intake(entries, source, crs, dataset, expected or Expected(), own, progress.part(0.3, 1.0))


def read_text(
    text: str, crs: str | None = None, *, expected: Expected | None = None, progress: Progress = Progress()
) -> Intake:
    """Return the sites of a pasted text: 界址点 TXT, a table or list of coordinates, WKT, GeoJSON or KML.

    Parameters
    ----------
    text : str
        What was pasted.
    crs, expected, progress
        As `read`.

    Raises
    ------
    SitesError
        Nothing of the kind is in it; line or place are named.
    """
    name = str(PASTED)
    if not text.strip() or len(text) > MOST_PASTED:
        raise SitesError(
            Text(f"{PASTED.zh}：内容为空或过长", f"{PASTED.en}: empty or too long"),
            remedy=Text("请粘贴坐标，或改为导入文件。", "Paste coordinates, or import a file."),
        )
    shapes = formats.parse_text(text, name, progress.part(0.0, 0.3))
    entry = Entry(name, "-", len(shapes.geometry), lambda _: shapes)
    return _intake([entry], name, crs, None, expected or Expected(), None, progress.part(0.3, 1.0))


def _intake(
    entries: Sequence[Entry],
    source: str,
    crs: str | None,
    dataset: str | None,
    expected: Expected,
    shift: datum.Shift | None,
    progress: Progress,
) -> Intake:
    rows = [(entry.name, entry.kind, entry.features) for entry in entries]
    datasets = pd.DataFrame(rows, columns=["dataset", "geometry", "features"])
    spatial = [entry for entry in entries if entry.kind or entry.features == -1]
    if dataset is None and len(spatial) > 1:
        listed = ", ".join(entry.name for entry in spatial)
        text = Text("文件有多个图层，请选择一个", "several layers: choose one")
        return Intake(
            _no_sites(), diagnosis_frame([notice(0, "several_datasets", text, listed, "")]), _no_candidates(), datasets
        )
    entry = _chosen(entries if dataset is not None else spatial, dataset, source)
    placed = place(entry.load(progress.part(0.0, 0.4)), crs, expected, shift, progress.part(0.4, 1.0))
    sites = _no_sites() if placed.sites is None else placed.sites
    candidates = forensics.table(placed.candidates) if placed.candidates else _no_candidates()
    progress.step(1.0)
    return Intake(sites, diagnosis_frame(placed.noticed), candidates, datasets)


def _chosen(entries: Sequence[Entry], dataset: str | None, source: str) -> Entry:
    found = [entry for entry in entries if dataset is None or entry.name == dataset]
    if found:
        return found[0]
    listed = ", ".join(entry.name for entry in entries)
    if dataset is None:
        raise SitesError(
            Text(f"{source}：没有带几何的图层", f"{source}: no layer with geometry"),
            remedy=Text("请选择矢量文件。", "Choose a vector file."),
        )
    raise SitesError(
        Text(f"{source}：没有图层 {dataset!r}", f"{source}: there is no layer {dataset!r}"),
        Text(f"现有图层：{listed}", f"Layers there are: {listed}"),
        Text("请从中选择。", "Choose one of them."),
    )


def _no_sites() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"site_id": np.empty(0, dtype=object)}, geometry=[], crs=TARGET)


def _no_candidates() -> gpd.GeoDataFrame:
    return forensics.table(())

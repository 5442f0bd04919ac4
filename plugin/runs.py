"""Runs that the QGIS project remembers: each a dossier on the disk."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from qgis.core import QgsApplication, QgsProject

from . import settings

RUNS = "runs"


@dataclass(frozen=True)
class KeptRun:
    """One line of the list.

    Attributes
    ----------
    folder : str
        The dossier; written relative to the QGIS project where that keeps paths so.
    made_at, as_of : str
        ISO.
    n_sites : int
    verdicts : str
        How many sites came to what, in words.
    """

    folder: str
    made_at: str
    as_of: str
    n_sites: int
    verdicts: str


def kept_runs(project: QgsProject) -> tuple[KeptRun, ...]:
    """Return the runs of a project, the oldest first; what another hand wrote and makes no sense is left out."""
    text, _ = project.readEntry(settings.SCOPE, RUNS, "[]")
    try:
        found = json.loads(text)
    except ValueError:
        return ()
    names = {field.name for field in fields(KeptRun)}
    runs = [KeptRun(**one) for one in found if isinstance(one, dict) and set(one) == names]
    return tuple(KeptRun(**{**asdict(run), "folder": project.readPath(run.folder)}) for run in runs)


def remember(project: QgsProject, run: KeptRun) -> None:
    """Add a run to those of a project."""
    _write(project, [*(one for one in kept_runs(project) if one.folder != run.folder), run])


def forget(project: QgsProject, folder: str) -> None:
    """Take a run off the list; its dossier stays."""
    _write(project, [run for run in kept_runs(project) if run.folder != folder])


def _write(project: QgsProject, runs: list[KeptRun]) -> None:
    rows = [{**asdict(run), "folder": project.writePath(run.folder)} for run in runs]
    project.writeEntry(settings.SCOPE, RUNS, json.dumps(rows, ensure_ascii=False))
    project.setDirty(True)


def home() -> Path:
    """Return the folder for dossiers and samples: the one that the user chose, else one in the profile of QGIS."""
    chosen = settings.read().output
    return Path(chosen) if chosen else Path(QgsApplication.qgisSettingsDirPath()) / "ecoredline"


def new_folder(project: QgsProject) -> Path:
    """Return a folder for the next dossier, which is not there yet."""
    name = project.baseName() or "EcoRedline"
    stem = f"{name}-{datetime.now():%Y%m%d-%H%M%S}"
    base = home() / "runs"
    number, folder = 1, base / stem
    while folder.exists():
        number, folder = number + 1, base / f"{stem}-{number}"
    return folder

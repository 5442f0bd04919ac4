"""The one place that reads and writes the plugin's part of QgsSettings."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path

from qgis.core import QgsProject, QgsSettings
from qgis.PyQt.QtCore import QObject, pyqtSignal

GROUP = "ecoredline"
SCOPE, LAYER_SET_KEY = "ecoredline", "layer_set"  # entry of the QGIS project
UNITS = ("m2", "ha", "mu")


class Changes(QObject):
    """Tells whoever listens that settings, or the project's layer set, were written."""

    written = pyqtSignal()


CHANGES = Changes()


@dataclass(frozen=True)
class Settings:
    """What a user chose for all projects.

    Attributes
    ----------
    layer_set : str
        Layer set file taken where the QGIS project names none; empty for none.
    profile : str
        Check profile, an id or a file; empty takes that of the layer set.
    packs : str
        Folder of rule packs; empty takes those shipped.
    accuracy_m : float
        Accuracy of the coordinates of sites that are drawn or pasted, m.
    units : str
        Unit in which the window shows areas: ``m2``, ``ha`` (公顷) or ``mu`` (亩).
    output : str
        Folder for dossiers, papers and maps; empty asks each time.
    secrecy : bool
        Whether papers and maps hide controlled data unless told otherwise.
    """

    layer_set: str = ""
    profile: str = ""
    packs: str = ""
    accuracy_m: float = 0.0
    units: str = "m2"
    output: str = ""
    secrecy: bool = False


def read() -> Settings:
    """Return the settings; what is absent, or was written by another hand and makes no sense, is the default."""
    stored, default = QgsSettings(), Settings()
    values = {}
    for each in fields(Settings):
        first = getattr(default, each.name)
        try:
            values[each.name] = stored.value(f"{GROUP}/{each.name}", first, type=type(first))
        except TypeError:
            values[each.name] = first
    if values["units"] not in UNITS:
        values["units"] = default.units
    if not 0 <= values["accuracy_m"] <= 1000:
        values["accuracy_m"] = default.accuracy_m
    return Settings(**values)


def write(settings: Settings) -> None:
    """Store the settings."""
    stored = QgsSettings()
    for name, value in asdict(settings).items():
        stored.setValue(f"{GROUP}/{name}", value)
    CHANGES.written.emit()


def project_layer_set(project: QgsProject | None = None) -> str:
    """Return the layer set file that the QGIS project names, or empty text."""
    text, _ = (project or QgsProject.instance()).readEntry(SCOPE, LAYER_SET_KEY, "")
    return str((project or QgsProject.instance()).readPath(text)) if text else ""


def set_project_layer_set(path: Path | str, project: QgsProject | None = None) -> None:
    """Remember the layer set file in the QGIS project, relative to it where the project keeps paths so."""
    at = project or QgsProject.instance()
    at.writeEntry(SCOPE, LAYER_SET_KEY, at.writePath(str(path)) if str(path) else "")
    CHANGES.written.emit()


def layer_set_in_effect(project: QgsProject | None = None) -> Path | None:
    """Return the layer set file of the QGIS project, else the default one, else None."""
    text = project_layer_set(project) or read().layer_set
    return Path(text) if text else None

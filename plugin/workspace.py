"""What a screening in the window rests on: layer set, day, answers, sites. Kept in the QGIS project."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..layers.errors import EcoRedlineError
from ..layers.layerset import LayerSet, load
from . import settings
from .site_layers import SiteLayers

ANSWERS, DAY, SETUP = "answers", "as_of", "layer_set_text"
PROFILE, STRICT = "profile", "strict"


class Workspace(QObject):
    """The state that the three steps share.

    Signals
    -------
    layers_changed, answers_changed
        After which a screening is no longer that of what stands here.
    day_changed
        The day whose law and data apply was chosen.
    failed
        With an `EcoRedlineError`.
    """

    layers_changed = pyqtSignal()
    answers_changed = pyqtSignal()
    day_changed = pyqtSignal()
    failed = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.layer_set: LayerSet | None = None
        self.saved = True
        self.as_of: date | None = None
        self.profile, self.strict = "", False
        self.answers: list[dict[str, str]] = []
        self.sites = SiteLayers()
        self._project = QgsProject.instance()
        self._project.readProject.connect(self._read)
        self._project.cleared.connect(self._clear)
        self._project.writeProject.connect(self._write_setup)

    def close(self) -> None:
        """Stop listening to the project."""
        self._project.readProject.disconnect(self._read)
        self._project.cleared.disconnect(self._clear)
        self._project.writeProject.disconnect(self._write_setup)
        self.sites.close()

    def restore(self) -> None:
        """Take up what the project holds, or the layer set that the user chose for all projects."""
        self._read()

    def open_layer_set(self, path: Path | str, remember: bool = True) -> bool:
        """Load a layer set file; on failure the one before stays, and `failed` tells."""
        try:
            loaded = load(path)
        except EcoRedlineError as error:
            self.failed.emit(error)
            return False
        self.layer_set, self.saved = loaded, True
        if remember:
            settings.set_project_layer_set(str(loaded.path))
            self._project.setDirty(True)
        self.layers_changed.emit()
        return True

    def change_layer_set(self, layer_set: LayerSet | None) -> None:
        """Take a layer set that was changed in the window and is not saved as a file."""
        self.layer_set, self.saved = layer_set, layer_set is None
        self._project.setDirty(True)
        self.layers_changed.emit()

    def save_layer_set(self, path: Path) -> bool:
        """Write the layer set as a file."""
        from ..layers.layerset_writing import write

        if self.layer_set is None:
            return False
        try:
            written = write(self.layer_set, path)
        except EcoRedlineError as error:
            self.failed.emit(error)
            return False
        return self.open_layer_set(written)

    def set_day(self, day: date | None) -> None:
        """Choose the day whose law and data apply; None is today."""
        self.as_of = day
        self._project.writeEntry(settings.SCOPE, DAY, day.isoformat() if day else "")
        self.day_changed.emit()
        self.answers_changed.emit()

    def set_check(self, profile: str, strict: bool) -> None:
        """Choose the check profile (id or file; empty: that of options and layer set) and whether open points count."""
        self.profile, self.strict = profile, strict
        kept = self._project.writePath(profile) if profile.endswith(".toml") else profile
        self._project.writeEntry(settings.SCOPE, PROFILE, kept)
        self._project.writeEntryBool(settings.SCOPE, STRICT, strict)
        self.layers_changed.emit()

    def answer(self, site_id: str, rule_id: str, question: str, given: dict[str, str]) -> None:
        """Keep an answer (answer, who, when, why) in the place of an earlier one."""
        key = {"site_id": site_id, "rule_id": rule_id, "question": question}
        self.answers = [one for one in self.answers if not key.items() <= one.items()]
        if given.get("answer"):
            self.answers.append({**key, **given})
        self._project.writeEntry(settings.SCOPE, ANSWERS, json.dumps(self.answers, ensure_ascii=False))
        self.answers_changed.emit()

    def _clear(self) -> None:
        self.layer_set, self.saved, self.as_of, self.answers = None, True, None, []
        self.profile, self.strict = "", False
        self.layers_changed.emit()

    def _read(self, *_: object) -> None:
        text, _ = self._project.readEntry(settings.SCOPE, ANSWERS, "[]")
        day, _ = self._project.readEntry(settings.SCOPE, DAY, "")
        self.answers = _list_of(text)
        self.as_of = _day_of(day)
        profile, _ = self._project.readEntry(settings.SCOPE, PROFILE, "")
        self.profile = str(self._project.readPath(profile)) if profile.endswith(".toml") else profile
        self.strict, _ = self._project.readBoolEntry(settings.SCOPE, STRICT, False)
        self.layer_set, self.saved = None, True
        setup, _ = self._project.readEntry(settings.SCOPE, SETUP, "")
        path = settings.layer_set_in_effect(self._project)
        if setup:
            self._read_setup(setup)
        elif path is not None and self.open_layer_set(path, remember=False):
            return
        self.layers_changed.emit()

    def _read_setup(self, text: str) -> None:
        from ..layers.children import workplace

        try:
            with workplace() as folder:
                file = folder / "layer_set.toml"
                file.write_text(text, encoding="utf-8")
                self.layer_set, self.saved = replace(load(file), path=None), False
        except (EcoRedlineError, OSError) as error:
            if isinstance(error, EcoRedlineError):
                self.failed.emit(error)

    def _write_setup(self, *_: object) -> None:
        """Put a layer set that no file holds into the project as it is saved."""
        from ..layers.layerset_writing import text_of

        unsaved = self.layer_set is not None and not self.saved
        try:
            text = text_of(self.layer_set) if unsaved else ""
        except EcoRedlineError as error:
            self.failed.emit(error)
            return
        self._project.writeEntry(settings.SCOPE, SETUP, text)


def _list_of(text: str) -> list[dict[str, str]]:
    """Return the answers of a project; what another hand wrote and makes no sense is left out."""
    try:
        found = json.loads(text)
    except ValueError:
        return []
    whole = ("site_id", "rule_id", "question", "answer", "who", "when")
    return [one for one in found if isinstance(one, dict) and all(isinstance(one.get(k), str) for k in whole)]


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

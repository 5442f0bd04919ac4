"""The engine as the window uses it: one layer set kept warm, one screening at a time, off the main thread."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ..layers.progress import Progress
from ..layers.sources import LayerSet
from ..processing.algorithms.site_values import SiteValues, answers_frame, frame_of_values
from .dock.told import RunTold, tell

if TYPE_CHECKING:
    from ..processing.rules.model import Rule


@dataclass(frozen=True)
class Question:
    """Everything that one screening rests on, as plain values taken in the main thread."""

    layer_set: LayerSet
    sites: SiteValues
    answers: Sequence[Mapping[str, str]] = ()
    as_of: date | None = None
    profile: str = ""
    packs: str = ""
    units: str = "m2"
    strict: bool = False


class Engine:
    """Keeps the layers of the last layer set; a screening waits until the one before has let go."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: object = None
        self._session: Any = None
        self._rules: dict[str, Rule] = {}

    def forget(self) -> None:
        """Let go of the layers at the next screening."""
        self._key = None

    def screen(self, question: Question, progress: Progress) -> RunTold:
        """Screen, inside a task.

        Raises
        ------
        EcoRedlineError
            As `screen`; `Cancelled` where the user stopped.
        """
        with self._lock:
            progress.step(0.0)
            session = self._warm(question)
            answers = answers_frame(question.answers) if question.answers else None
            sites = frame_of_values(question.sites)
            screening = session.screen(
                sites, as_of=question.as_of, strict=question.strict, answers=answers, progress=progress
            )
            return tell(screening, self._rules, question.units)

    def _warm(self, question: Question) -> Any:
        from ..processing.engine.session import Session
        from ..processing.rules.bureau import pack_set

        key = (question.layer_set, question.profile, question.packs)
        if self._key != key:
            self._session = None
            packs = pack_set(question.packs or None).packs
            self._rules = {rule.id: rule for pack in packs for rule in pack.rules}
            self._session = Session(question.layer_set, packs, question.profile or None)
            self._key = key
        return self._session


def engine_open(folder: str, progress: Progress) -> RunTold:
    """Return a kept run as the dock shows it, inside a task.

    Raises
    ------
    DossierError
        The folder holds no whole dossier.
    """
    from ..processing.engine import open_dossier

    progress.step(0.1)
    return tell(open_dossier(folder), {}, "m2")

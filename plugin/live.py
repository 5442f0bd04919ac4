"""Live screening: what is shown follows the sites, the layers and the answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..layers.errors import EcoRedlineError
from ..layers.texts import Text
from . import settings
from .engine import Engine, Question
from .work import Work, Works
from .workspace import Workspace

PAUSE_MS = 120  # long enough for the events of one move of the mouse, short enough to feel immediate
MOST_SITES = 300


class Live(QObject):
    """Screens the sites of the workspace again whenever something changed; the latest question alone is answered.

    Signals
    -------
    began
        A screening is under way; what is shown is of before.
    told
        With a `RunTold`.
    empty
        There is nothing to screen: no site or no layer set.
    failed
        With an `EcoRedlineError`; what was shown before holds no more.
    """

    began = pyqtSignal()
    told = pyqtSignal(object)
    empty = pyqtSignal()
    failed = pyqtSignal(object)

    def __init__(self, workspace: Workspace, works: Works, engine: Engine) -> None:
        super().__init__()
        self.workspace, self.works, self.engine = workspace, works, engine
        self._work: Work | None = None
        self._again = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go)
        workspace.layers_changed.connect(self.ask)
        workspace.answers_changed.connect(self.ask)
        workspace.sites.changed.connect(self.ask)

    def ask(self, *_: object, pause_ms: int = PAUSE_MS) -> None:
        """Screen soon; every further call within the pause begins it anew."""
        if self._work is not None:
            self._work.cancel()
        self._timer.start(pause_ms)

    def now(self) -> None:
        """Screen at once."""
        self.ask(pause_ms=0)

    def close(self) -> None:
        """Ask for nothing any more."""
        self._timer.stop()
        self._again = False

    def question(self) -> Question | None:
        """Return what would be screened now, or None where there is nothing to screen."""
        layer_set = self.workspace.layer_set
        sites = self.workspace.sites.values()
        if layer_set is None or not layer_set.sources or not sites.rows:
            return None
        chosen = settings.read()
        return Question(
            layer_set,
            sites,
            tuple(self._answers(sites.rows)),
            self.workspace.as_of,
            self.workspace.profile or chosen.profile,
            chosen.packs,
            chosen.units,
            self.workspace.strict,
        )

    def _answers(self, rows: Any) -> list[dict[str, str]]:
        at = self.workspace.sites.names.index("site_id")
        there = {str(values[at]) for _, values in rows}
        return [one for one in self.workspace.answers if one["site_id"] in there]

    def _go(self) -> None:
        if self._work is not None:  # it was told to stop, and calls again when it has
            self._again = True
            return
        question = self.question()
        if question is None:
            self.empty.emit()
            return
        if len(question.sites.rows) > MOST_SITES:
            self.failed.emit(too_many(len(question.sites.rows)))
            return
        self.began.emit()
        self._work = self.works.start(
            Text("筛查", "Screening"),
            lambda progress: self.engine.screen(question, progress),
            self._end(self.told.emit),
            self._end(self.failed.emit),
            self._end(None),
            quiet=True,
        )

    def _end(self, tell: Callable[[Any], None] | None) -> Callable[..., None]:
        def ended(*value: Any) -> None:
            self._work = None
            if self._again:
                self._again = False
                self._timer.start(0)
            elif tell is not None:
                tell(*value)

        return ended


def too_many(n: int) -> EcoRedlineError:
    """Return the error for more sites than the window screens at every move."""
    return EcoRedlineError(
        Text(f"面板中有 {n} 个地块，超过 {MOST_SITES} 个", f"{n} sites stand here, more than {MOST_SITES}"),
        Text("面板随编辑即时重算，只适合少量地块。", "The dock screens at every move, which suits few sites."),
        Text("请用菜单“批量筛查项目地块…”。", "Use the menu entry “Screen many project sites…”."),
    )

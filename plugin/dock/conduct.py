"""What stands behind the dock: the wires between its steps, the workspace, live screening and the map."""

from __future__ import annotations

from ...layers.errors import EcoRedlineError
from ...layers.progress import Progress
from ...layers.texts import Text
from .. import settings
from ..desk import Desk
from ..engine import Engine
from ..live import Live
from ..marks import Marks
from ..work import Works
from ..workspace import Workspace
from .layer_work import LayerWork
from .panel import RESULT, SITE, Panel
from .paper_work import PaperWork
from .result_work import ResultWork
from .site_work import SiteWork
from .told import RunTold


class Conduct:
    """Owns everything that the dock needs, and ends it.

    Attributes
    ----------
    panel : Panel
        The widget.
    workspace, engine, works, live, marks
        State, engine, tasks, live screening, marks on the map.
    layers, sites, results, papers
        What the three steps do.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.workspace = Workspace()
        self.engine = Engine()
        self.works = Works(desk.messages.error)
        self.live = Live(self.workspace, self.works, self.engine)
        self.marks = Marks(desk.iface.mapCanvas())
        self.panel = Panel(self.workspace, self.works)
        self.layers = LayerWork(self)
        self.sites = SiteWork(self)
        self.results = ResultWork(self)
        self.papers = PaperWork(self)
        self.workspace.failed.connect(desk.messages.error)
        self.workspace.layers_changed.connect(self._show_day)
        self.panel.site.site_chosen.connect(self._site_chosen)
        self.live.began.connect(self.panel.result.wait)
        self.live.told.connect(self._told)
        self.live.empty.connect(self._nothing)
        self.live.failed.connect(self._failed)
        settings.CHANGES.written.connect(self._settings)

    def begin(self) -> None:
        """Take up what the project holds, and load the engine meanwhile, so that the first screening is quick."""
        self.works.start(Text("准备筛查引擎", "Loading the engine"), _warm, quiet=True)
        self.workspace.restore()
        self._show_day()
        self.papers.show_runs()

    def close(self) -> None:
        """Stop all work, take every mark off the map and let go of the project."""
        settings.CHANGES.written.disconnect(self._settings)
        self.live.close()
        self.works.stop()
        self.marks.clear()
        self.sites.close()
        self.papers.close()
        self.workspace.close()

    def _told(self, run: RunTold) -> None:
        self.marks.clear()
        self.panel.result.show_run(run, self.panel.site.site_id())
        self.panel.site.show_run(run)
        self.layers.show_rules(run)
        if self.sites.just_drawn:
            self.sites.just_drawn = False
            self.panel.go(RESULT)

    def _site_chosen(self, site_id: str) -> None:
        """Let result and form turn to the site that was chosen in the list."""
        self.panel.result.show_site(site_id)
        self.panel.site.show_run(self.panel.result.run)

    def _nothing(self) -> None:
        self.marks.clear()
        self.panel.result.show_nothing()
        self.panel.site.show_run(None)
        if self.sites.just_drawn:
            self.sites.just_drawn = False
            self.panel.go(SITE)

    def _failed(self, error: EcoRedlineError) -> None:
        self.marks.clear()
        self.panel.result.show_error(error)
        self.panel.site.show_run(None)
        self.layers.check()
        self.desk.messages.error(error)

    def _show_day(self) -> None:
        self.panel.result.show_day(self.workspace.as_of)

    def _settings(self) -> None:
        self.panel.layers.refresh()
        self.live.ask()


def _warm(_progress: Progress) -> None:
    """Import what the first screening needs."""
    from ...processing.engine import session  # noqa: F401
    from ...processing.report import figures, palette  # noqa: F401

"""Many pages, one after another: each drawn, checked, marked where it must be, and kept; memory stays flat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QCoreApplication, QEvent

from ...layers.files import file_stems, whole_file
from ...layers.progress import Progress
from ...layers.texts import Text
from .catalogue import Template
from .check import check_page, mark
from .errors import MapError
from .issues import Issue
from .page import Job, compose
from .results import DRAWN, FAILED, MARKED, Journal, PageResult, run_key
from .sheet import load_layout
from .writing import write_page

Told = Callable[[PageResult], None]


def draw_pages(
    job: Job,
    chosen: Sequence[tuple[str, Template]],
    folder: Path,
    parts: Path,
    format_: str,
    dpi: int,
    progress: Progress,
    told: Told,
) -> tuple[Journal, list[PageResult]]:
    """Draw pages and return the journal with what became of each, in order; those that a stopped run left are kept.

    Parameters
    ----------
    chosen : sequence of (site id, template)
    folder : Path
        Where the journal lies.
    parts : Path
        Where the files go.
    told : callable
        Called with each page that is done.
    """
    journal = Journal(folder, parts, run_key(job, format_, dpi), job.drawn_on)
    job = replace(job, drawn_on=journal.drawn_on)
    stems = file_stems(job.screening.sites["site_id"])
    results = []
    for number, (site_id, template) in enumerate(chosen):
        progress.step(number / len(chosen), Text(f"绘制 {site_id}", f"drawing {site_id}"))
        result = journal.done.get((site_id, template.id))
        if result is None:
            path = parts / f"{stems[site_id]}-{template.id}.{format_}"
            result = _page(job, template, site_id, path, format_, dpi)
            journal.add(result)
        told(result)
        results.append(result)
    return journal, results


def _page(job: Job, template: Template, site_id: str, path: Path, format_: str, dpi: int) -> PageResult:
    """Draw a page beside its place and move it there when it is whole; an old one gives way first."""
    path.unlink(missing_ok=True)
    try:
        with whole_file(path) as draft:
            scale, issues = _drawn(job, template, site_id, draft, format_, dpi)
    except MapError as error:
        issue = Issue("not_drawn", "", Text(*map(" ".join, zip(error.message, error.remedy, strict=True))))
        return PageResult(site_id, template.id, "", 0, 0, FAILED, (issue,))
    state = MARKED if any(issue.fault for issue in issues) else DRAWN
    return PageResult(site_id, template.id, path.name, path.stat().st_size, scale, state, tuple(issues))


def _drawn(job: Job, template: Template, site_id: str, path: Path, format_: str, dpi: int) -> tuple[int, list[Issue]]:
    project = QgsProject()
    layout = load_layout(project, job.sheet.path)
    layout.renderContext().setDpi(dpi)  # widths of letters are rounded by it
    try:
        page = compose(job, template, site_id, project, layout)
        issues = check_page(page, write_page(layout, path, format_, dpi), path, format_, dpi)
        if any(issue.fault for issue in issues):
            mark(page, issues)
            write_page(layout, path, format_, dpi)
        return page.frame.scale, issues
    finally:
        layout.clear()
        del layout
        project.clear()
        # a layout leaves its items to be deleted later, which a run without a turn of the event loop never does
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

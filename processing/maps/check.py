"""The map check: every page is read again as it was drawn, before it is handed out."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsLayoutExporter

from ...layers.texts import Text
from .check_file import check_pdf, check_png
from .check_layout import check_layout
from .check_map import check_map
from .errors import MapError
from .issues import Issue
from .page import Page
from .sheet import item, write

MOST_TOLD = 4


def check_page(page: Page, exporter: QgsLayoutExporter, path: Path, format_: str, dpi: int) -> list[Issue]:
    """Return what is wrong with a page, by its layout, its map and the file written.

    Parameters
    ----------
    exporter : QgsLayoutExporter
        That which wrote the file: it knows where the labels were set.
    path : Path
        The file.
    """
    sources = page.job.store.layer_set.sources
    folders = {path.parent, *(Path(source.source).parent for source in sources if source.frame is None)}
    places = sorted(str(folder.absolute()) for folder in folders)
    size = item(page.layout, "map").layout().pageCollection().page(0).pageSize()
    file = (
        check_pdf(path, page.job.family, places)
        if format_ == "pdf"
        else check_png(path, (size.width(), size.height()), dpi)
    )
    return [*check_layout(page), *check_map(page, exporter), *file]


def mark(page: Page, issues: list[Issue]) -> None:
    """Write across a page what is wrong with it."""
    warning = item(page.layout, "warning")
    warning.setVisibility(True)
    words = [issue.text for issue in issues if issue.fault]
    for told in (MOST_TOLD, 1, 0):
        zh = "；".join(text.zh for text in words[:told])
        more = f"等 {len(words)} 项" if told < len(words) else ""
        try:
            write(page.layout, "warning", f"图件自检发现问题，本页不可对外使用：{zh}{more}", page.job.family)
            return
        except MapError:
            continue
    warning.setText(Text("图件自检发现问题，本页不可对外使用", "The check found faults: not for use outside").zh)

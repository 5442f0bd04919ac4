"""The door to the maps: pages for the sites of a screening."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication

from ...layers.layerset import LayerSet
from ...layers.progress import Progress
from ...layers.texts import Text
from .atlas import bind, need_pypdf
from .batch import Told, draw_pages
from .catalogue import Template, sheet, template, templates
from .errors import MapError
from .fonts import chinese_family
from .layers_for_map import LayerStore
from .page import Job
from .results import FAILED, PageResult, write_check
from .same_layers import refuse_other_layers

FORMATS = ("pdf", "png", "atlas")
SHEET = "a4_landscape"
PARTS = ".atlas-parts"
DRAWING = 0.95  # the share of a run that is drawing, where the pages are bound afterwards


def _silent(_: PageResult) -> None:
    """Tell nobody."""


def export_maps(
    screening: Any,
    layer_set: LayerSet,
    folder: Path,
    templates: Iterable[str] = ("overview",),
    format: str = "pdf",
    dpi: int = 300,
    secrecy: bool = False,
    site_ids: Iterable[str] | None = None,
    progress: Progress | None = None,
    sheet_id: str = SHEET,
    scale: int = 0,
    maker: str = "",
    told: Told = _silent,
) -> list[Path]:
    """Write one page per site and template, named ``<site_id>-<template>``, or all as one atlas.

    Verdicts, figures and words come from the screening; the layer set is read only to draw. Every page is
    checked as it was drawn: one with a fault has it written across, and ``map_check.json`` lists what was noticed.
    A run that was stopped goes on where it was. Must run in the main thread of a QGIS application; nothing of QGIS is
    held when it returns.

    Parameters
    ----------
    screening : Screening
        A run, or a dossier opened again.
    layer_set : LayerSet
        That of the run.
    folder : Path
        Made where it is missing. A file stands under its name only once it is whole.
    templates : iterable of str
        Ids of the catalogue.
    format : str
        ``pdf``, ``png`` or ``atlas`` (one PDF, in volumes of 500 pages).
    dpi : int
        Resolution of a png, and of what a pdf rasters.
    secrecy : bool
        Show of controlled layers only what overlaps the site.
    site_ids : iterable of str, optional
        The sites; all where it is not given.
    progress : Progress, optional
        Told after each page.
    sheet_id : str
        Paper and orientation, an id of the catalogue.
    scale : int
        Denominator of a fixed scale; 0: a round one that fits.
    maker : str
        制图单位; empty: room to write it.
    told : callable
        Called with each `PageResult`.

    Returns
    -------
    list of Path
        The files, by site and template.

    Raises
    ------
    MapError
        Something asked for does not exist, the layer set is not that of the run, or pages could not be drawn: the
        others are written, those are named.
    """
    _refuse(format, scale)
    refuse_other_layers(screening, layer_set)
    progress = progress or Progress()
    chosen = [template(id_) for id_ in templates]
    pages = [(site_id, page) for site_id in _sites(screening, site_ids) for page in chosen]
    store = LayerStore(layer_set, progress)
    job = Job(screening, store, sheet(sheet_id), chinese_family(), secrecy, date.today(), maker, scale)
    atlas = format == "atlas"
    parts = folder / PARTS if atlas else folder
    parts.mkdir(parents=True, exist_ok=True)
    drawing = progress.part(0.0, DRAWING) if atlas else progress
    journal, results = draw_pages(job, pages, folder, parts, "pdf" if atlas else format, dpi, drawing, told)
    written = [parts / result.file for result in results if result.file]
    if atlas:
        written = bind(_titled(results, parts), folder, progress.part(DRAWING, 1.0)) if written else []
        shutil.rmtree(parts)
    write_check(folder, job, journal.drawn_on, results)
    journal.path.unlink()
    failed = [result for result in results if result.state == FAILED]
    if failed:
        raise _failure(failed, len(results) - len(failed))
    progress.step(1.0)
    return written


def _refuse(format_: str, scale: int) -> None:
    if format_ not in FORMATS:
        raise MapError(
            Text(f"不支持的格式“{format_}”", f"unknown format {format_!r}"),
            remedy=Text("、".join(FORMATS), ", ".join(FORMATS)),
        )
    if scale < 0:
        raise MapError(
            Text(f"比例尺 1:{scale} 无效", f"the scale 1:{scale} has no meaning"),
            remedy=Text("请填正整数，或 0（自动）。", "Give a positive number, or 0 for the automatic one."),
        )
    if QgsApplication.instance() is None:
        raise MapError(
            Text("出图需要在 QGIS 内运行", "maps are drawn inside QGIS"),
            remedy=Text("请在 QGIS 中或用 qgis_process 运行。", "Run it in QGIS or by qgis_process."),
        )
    if format_ == "atlas":
        need_pypdf()


def _sites(screening: Any, site_ids: Iterable[str] | None) -> list[str]:
    known = list(screening.sites["site_id"])
    asked = known if site_ids is None else list(site_ids)
    unknown = sorted(set(asked) - set(known))
    if unknown:
        raise MapError(
            Text(f"卷宗中没有地块 {'、'.join(unknown)}", f"the dossier has no site {', '.join(unknown)}"),
            remedy=Text("请核对地块编号。", "Check the site ids."),
        )
    return asked


def _titled(results: list[PageResult], parts: Path) -> list[tuple[str, Path]]:
    titles: dict[str, Template] = templates()
    drawn = [result for result in results if result.file]
    return [(f"{result.site_id} {titles[result.template].title.zh}", parts / result.file) for result in drawn]


def _failure(failed: list[PageResult], written: int) -> MapError:
    names = [(f"{result.site_id}-{result.template}", result.issues[0].text) for result in failed]
    zh = "；".join(f"{name}：{text.zh}" for name, text in names)
    en = "; ".join(f"{name}: {text.en}" for name, text in names)
    return MapError(
        Text(
            f"{len(failed)} 幅未能绘制（已写出 {written} 幅）：{zh}",
            f"{len(failed)} maps not drawn ({written} written): {en}",
        ),
        remedy=Text("原因与补救逐幅列于 map_check.json。", "map_check.json lists why, page by page."),
    )

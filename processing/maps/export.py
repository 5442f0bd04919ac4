"""The door to the maps: pages for the sites of a screening."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication

from ...layers.files import file_stems, whole_file
from ...layers.layerset import LayerSet
from ...layers.progress import Progress
from ...layers.texts import Text
from .catalogue import Template, template
from .errors import MapError
from .fonts import chinese_family
from .layers_for_map import LayerStore
from .page import Job, compose_and_write

FORMATS = ("pdf", "png")


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
) -> list[Path]:
    """Write one page per site and template, named ``<site_id>-<template>``.

    Verdicts, figures and words come from the screening; the layer set is read only to draw.
    Must run in the main thread of a QGIS application; nothing of QGIS is held when it returns.

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
        ``pdf`` or ``png``.
    dpi : int
        Resolution of a png, and of what a pdf rasters.
    secrecy : bool
        Show of controlled layers only what overlaps the site.
    site_ids : iterable of str, optional
        The sites; all where it is not given.
    progress : Progress, optional
        Told after each page.

    Returns
    -------
    list of Path
        The files, by site and template.

    Raises
    ------
    MapError
        Something asked for does not exist, or pages could not be drawn: the others are written, those are named.
    """
    if format not in FORMATS:
        raise MapError(
            Text(f"不支持的格式“{format}”", f"unknown format {format!r}"), remedy=Text("pdf 或 png。", "pdf or png.")
        )
    if QgsApplication.instance() is None:
        raise MapError(
            Text("出图需要在 QGIS 内运行", "maps are drawn inside QGIS"),
            remedy=Text("请在 QGIS 中或用 qgis_process 运行。", "Run it in QGIS or by qgis_process."),
        )
    progress = progress or Progress()
    chosen = [template(id_) for id_ in templates]
    sites = _sites(screening, site_ids)
    stems = file_stems(screening.sites["site_id"])
    job = Job(screening, LayerStore(layer_set, progress), chinese_family(), secrecy, date.today())
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    failed: dict[str, MapError] = {}
    pages = [(site_id, page) for site_id in sites for page in chosen]
    for done, (site_id, page) in enumerate(pages):
        progress.step(done / len(pages), Text(f"绘制 {site_id}", f"drawing {site_id}"))
        path = folder / f"{stems[site_id]}-{page.id}.{format}"
        try:
            _whole(job, page, site_id, path, format, dpi)
            written.append(path)
        except MapError as error:
            failed[f"{site_id}-{page.id}"] = error
    if failed:
        raise _failure(failed, len(written))
    progress.step(1.0)
    return written


def _whole(job: Job, page: Template, site_id: str, path: Path, format_: str, dpi: int) -> None:
    """Write a page beside its place and move it there when it is whole; an old one gives way first."""
    path.unlink(missing_ok=True)
    with whole_file(path) as draft:
        compose_and_write(job, page, site_id, draft, format_, dpi)


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


def _failure(failed: dict[str, MapError], written: int) -> MapError:
    first = next(iter(failed.values()))
    zh = "；".join(f"{name}：{error.message.zh}" for name, error in failed.items())
    en = "; ".join(f"{name}: {error.message.en}" for name, error in failed.items())
    return MapError(
        Text(
            f"{len(failed)} 幅未能绘制（已写出 {written} 幅）：{zh}",
            f"{len(failed)} maps not drawn ({written} written): {en}",
        ),
        first.cause,
        first.remedy,
    )

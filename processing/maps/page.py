"""One page: a site on its map, composed on a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import shapely
from qgis.core import QgsCoordinateReferenceSystem, QgsPrintLayout, QgsProject, QgsVectorLayer
from qgis.PyQt.QtGui import QColor

from ...layers.texts import Text
from ..engine.words import DISCLAIMER, RoleState
from . import labels
from .blocks import Blocks
from .catalogue import Sheet, Template
from .errors import MapError
from .evidence import Evidence, about, evidence, points_to_see
from .extent import Frame, district_frame, frame_for
from .fonts import SUBSTITUTE, lacking
from .layers_for_map import LayerStore, MapLayer, shown_layers
from .own_layers import own_layers, styled
from .sheet import item, show_frame, static_labels, write
from .verdict_box import verdict_box

SECRECY_NOTE = "按受控数据管理要求，受控图层仅示与地块重叠的部分。"
NOTHING_NEAR_M = 2500.0


@dataclass(frozen=True)
class Job:
    """What the pages of one run share.

    Attributes
    ----------
    screening : Screening
        A run, or a dossier opened again.
    store : LayerStore
    sheet : Sheet
    family : str
        The Chinese font.
    secrecy : bool
    drawn_on : date
    maker : str
        Who makes the maps; empty: room to write it.
    scale : int
        Denominator of a fixed scale; 0: one that fits.
    """

    screening: Any
    store: LayerStore
    sheet: Sheet
    family: str
    secrecy: bool
    drawn_on: date
    maker: str = ""
    scale: int = 0

    @cached_property
    def verdicts(self) -> pd.DataFrame:
        """The verdicts by site."""
        return pd.DataFrame(self.screening.verdicts).set_index("site_id")

    @cached_property
    def geometries(self) -> pd.Series:
        """The sites by id, degrees."""
        return pd.Series(self.screening.sites.geometry.to_numpy(), index=self.screening.sites["site_id"].to_numpy())

    @cached_property
    def findings(self) -> dict[str, pd.DataFrame]:
        """The findings by site."""
        return dict(tuple(self.screening.findings.groupby("site_id")))

    @cached_property
    def facts(self) -> dict[str, pd.DataFrame]:
        """The facts by site."""
        return dict(tuple(self.screening.facts.groupby("site_id")))

    @cached_property
    def states(self) -> dict[str, str]:
        """How each role could be checked, the worst of its layers."""
        layers = self.screening.layers
        order = [RoleState.UNUSABLE, RoleState.NOT_HELD, RoleState.ABSENT_CONFIRMED, RoleState.LOADED]
        return {
            str(role_id): next(
                (state.value for state in order if state in set(group["state"])), RoleState.NOT_HELD.value
            )
            for role_id, group in layers.groupby("role")
        }

    def evidence(self, site_id: str) -> Evidence:
        """Return what was found for a site."""
        findings = self.findings.get(site_id, self.screening.findings.iloc[:0])
        facts = self.facts.get(site_id, self.screening.facts.iloc[:0])
        return evidence(site_id, self.geometries[site_id], findings, facts)


@dataclass
class Page:
    """A page being composed.

    Attributes
    ----------
    job, template, site_id
        What is drawn.
    project, layout
        Where.
    verdict : Series
        The site's row of the verdicts.
    found : Evidence
        Its findings and facts.
    frame : Frame
        The ground shown.
    shown : list of MapLayer
        What is seen of the layer set, bottom first.
    layers : list of QgsVectorLayer
        All layers of the map, top first.
    """

    job: Job
    template: Template
    site_id: str
    project: QgsProject
    layout: QgsPrintLayout
    verdict: pd.Series
    found: Evidence
    frame: Frame
    shown: list[MapLayer]
    layers: list[QgsVectorLayer]

    @property
    def site(self) -> shapely.Geometry:
        """The site, degrees."""
        return self.found.site

    def write(self, id_: str, text: str) -> None:
        """Put a text into a label."""
        write(self.layout, id_, text, self.job.family)


def compose(job: Job, template: Template, site_id: str, project: QgsProject, layout: QgsPrintLayout) -> Page:
    """Compose the page of a site.

    Raises
    ------
    MapError
        The page would show less than it must.
    """
    found = job.evidence(site_id)
    verdict = job.verdicts.loc[site_id]
    box = item(layout, "map").rect()
    frame = _frame(job, template, found, (box.width(), box.height()))
    if not frame.holds(found.site):
        raise MapError(Text(f"地块 {site_id} 不在图幅内", f"site {site_id} lies outside its frame"))
    shown = shown_layers(job.store, template, frame.polygon, found.site if job.secrecy else None)
    if not shown and not job.secrecy and not template.about:
        raise _empty(site_id)
    project.setCrs(QgsCoordinateReferenceSystem(f"EPSG:{frame.epsg}"), True)
    static_labels(layout, job.family)
    page = Page(job, template, site_id, project, layout, verdict, found, frame, shown, [])
    page.layers = [styled(project, layer, job.family) for layer in [*own_layers(page), *reversed(shown)]]
    item(layout, "map").setLayers(page.layers)
    show_frame(layout, frame, job.family)
    Blocks(page).place()
    _texts(page)
    return page


def _frame(job: Job, template: Template, found: Evidence, size_mm: tuple[float, float]) -> Frame:
    extent = template.extent
    if extent.rule == "district" and not job.scale:
        districts = job.store.of_role("district", found.site.bounds)
        if len(districts):
            whole = shapely.union_all(districts.geometry.to_numpy())
            return district_frame(found.site, whole, size_mm, extent.smallest_scale)
        return frame_for(found.site, np.empty((0, 2)), size_mm, scale=extent.smallest_scale)
    context = extent.context_m
    if template.about and not len(about(found, template, job.secrecy)):
        context = max(context, min(extent.reach_m, NOTHING_NEAR_M))  # that nothing is near is seen
    points = points_to_see(found, job.store, template, job.secrecy)
    return frame_for(found.site, points, size_mm, context, job.scale)


def _texts(page: Page) -> None:
    job, template = page.job, page.template
    name = str(page.verdict["name"] or "")
    sources = [
        (layer.title, source.vintage, source.authority) for layer in reversed(page.shown) for source in layer.sources
    ]
    missing = lacking(name + page.site_id, job.family)
    coded = "、".join(f"U+{ord(char):04X}" for char in missing)
    notes = [
        labels.crs_words(page.frame.meridian, page.frame.epsg),
        labels.vintage_words(sources) if sources else "",
        f"图层配置：{job.store.layer_set.name}。{SECRECY_NOTE if job.secrecy else ''}"
        + (f"{SUBSTITUTE}：字体中没有的字符（{coded}）。" if missing else ""),
    ]
    dates = f"基准日：{job.screening.settings['as_of']}　制图日期：{job.drawn_on.isoformat()}"
    page.write("title", labels.title_words(name, page.site_id, template.subject))
    page.write("scale", f"比例尺 {labels.scale_words(page.frame.scale)}")
    page.write("maker", labels.maker_words(job.maker))
    page.write("dates", dates)
    page.write("seal", labels.seal_words(job.screening.seal.number))
    page.write("sources", "\n".join(note for note in notes if note))
    page.write("disclaimer", DISCLAIMER)
    if "verdict" in template.blocks:
        _opinion(page)


def _opinion(page: Page) -> None:
    opinion = verdict_box(page.verdict)
    page.write("verdict", opinion.words)
    page.write("verdict_detail", opinion.detail)
    word = item(page.layout, "verdict")
    word.setBackgroundColor(QColor(opinion.fill))
    word.setFrameStrokeColor(QColor(opinion.colour))
    format_ = word.textFormat()
    format_.setColor(QColor(opinion.colour))
    word.setTextFormat(format_)


def _empty(site_id: str) -> MapError:
    return MapError(
        Text(
            f"地块 {site_id} 的图幅内没有任何图层要素",
            f"no feature of the layer set lies in the frame of site {site_id}",
        ),
        Text(
            "图层配置与卷宗不符，或地块远离所有图层。",
            "The layer set is not that of the dossier, or the site is far from all layers.",
        ),
        Text("请使用筛查时的图层配置。", "Use the layer set of the screening."),
    )

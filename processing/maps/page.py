"""One page: a site on its map, composed from a template and written to a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsLayoutExporter,
    QgsPrintLayout,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

from ...layers.texts import Text
from ..engine.words import DISCLAIMER
from . import labels
from .catalogue import STYLES, Template
from .errors import MapError
from .evidence import evidence, limit_rings, points_to_see, shortest_lines
from .extent import LOCATOR_MM, Frame, frame_for
from .inset import inset_layers, inset_view
from .layers_for_map import KINDS, LayerStore, MapLayer, of_dimension, shown_layers
from .legend import fill_legend
from .memory import to_layer
from .pdf_text import with_plain_characters
from .sheet import item, load_layout, show_frame, static_labels, write
from .styling import apply_style, symbols_drawn, thin_lines
from .verdict_box import verdict_box

INSET_LINES = 0.5
SECRECY_NOTE = "按受控数据管理要求，受控图层仅示与地块重叠的部分。"


@dataclass(frozen=True)
class Job:
    """What the pages of one run share."""

    screening: Any
    store: LayerStore
    family: str
    secrecy: bool
    drawn_on: date


def compose_and_write(job: Job, template: Template, site_id: str, path: Path, format_: str, dpi: int) -> None:
    """Compose the page of a site and write it.

    Raises
    ------
    MapError
        The page would show less than it must, or could not be written.
    """
    project = QgsProject()
    layout = load_layout(project, template.path)
    try:
        _compose(job, template, site_id, project, layout)
        _write(layout, path, format_, dpi)
    finally:
        layout.clear()
        del layout
        project.clear()


def _compose(job: Job, template: Template, site_id: str, project: QgsProject, layout: QgsPrintLayout) -> None:
    tables = job.screening
    site = tables.sites.loc[tables.sites["site_id"] == site_id].geometry.iloc[0]
    verdict = pd.DataFrame(tables.verdicts).set_index("site_id").loc[site_id]
    found = evidence(site_id, site, tables.findings, tables.facts)
    box = item(layout, "map").rect()
    frame = frame_for(site, points_to_see(found, job.store), (box.width(), box.height()))
    if not frame.holds(site):
        raise MapError(Text(f"地块 {site_id} 不在图幅内", f"site {site_id} lies outside its frame"))
    shown = shown_layers(job.store, template, frame.polygon, site if job.secrecy else None)
    if not shown and not job.secrecy:
        raise _empty(site_id)
    project.setCrs(QgsCoordinateReferenceSystem(f"EPSG:{frame.epsg}"), True)
    static_labels(layout, job.family)
    added = [
        *_layer(shortest_lines(found, job.secrecy), "line", "最短距离", "distance"),
        *_site_layers(site_id, site, verdict, frame),
        *_layer(limit_rings(found, job.store, frame, job.secrecy), "line", "规定距离范围线", "limit_ring"),
    ]
    drawn = [_styled(project, layer, job.family) for layer in [*added, *reversed(shown)]]
    item(layout, "map").setLayers(drawn)
    show_frame(layout, frame, job.family)
    fill_legend(layout, drawn, job.family)
    _inset(job, frame, project, layout)
    _texts(job, template, site_id, verdict, frame, shown, layout)


def _site_layers(site_id: str, site: shapely.Geometry, verdict: pd.Series, frame: Frame) -> list[MapLayer]:
    """Return the site by its verdict, with a ring around it where it is too small to be found."""
    kind = KINDS[int(shapely.get_dimensions(site))]
    row = {"site_id": [site_id], "verdict": [verdict["verdict"]], "completeness": [verdict["completeness"]]}
    own = gpd.GeoDataFrame(row, geometry=[site], crs=4490)
    own = own.set_geometry(of_dimension(own.geometry.to_numpy(), KINDS.index(kind)), crs=4490)
    style = STYLES / ("sites.qml" if kind == "polygon" else f"sites_{kind}.qml")
    if frame.on_paper_mm(site) >= LOCATOR_MM:
        return [MapLayer("", kind, "项目地块", own, style)]
    ring = gpd.GeoDataFrame({"name": [site_id]}, geometry=[site.centroid], crs=4490)
    return [
        MapLayer("", kind, "项目地块", own, style, labelled=False),
        *_layer(ring, "point", "项目地块位置", "site_locator"),
    ]


def _layer(features: gpd.GeoDataFrame, kind: str, title: str, style: str) -> list[MapLayer]:
    return [MapLayer("", kind, title, features, STYLES / f"{style}.qml")] if len(features) else []


def _styled(project: QgsProject, layer: MapLayer, family: str) -> QgsVectorLayer:
    drawn = to_layer(layer.features, layer.kind, layer.title)
    apply_style(drawn, layer.style, family)
    if drawn.featureCount() != len(layer.features) or not symbols_drawn(drawn):
        raise MapError(
            Text(f"图层“{layer.title}”有要素没有画出", f"features of the layer {layer.title!r} were not drawn"),
            remedy=Text(f"请恢复样式文件 {layer.style.name}。", f"Restore the style {layer.style.name}."),
        )
    drawn.setLabelsEnabled(drawn.labelsEnabled() and layer.labelled)
    project.addMapLayer(drawn, False)
    return drawn


def _inset(job: Job, frame: Frame, project: QgsProject, layout: QgsPrintLayout) -> None:
    small = item(layout, "inset")
    view = inset_view(job.store, frame, (small.rect().width(), small.rect().height()))
    layers = [_styled(project, layer, job.family) for layer in inset_layers(job.store, view, frame.epsg, job.secrecy)]
    for layer in layers:
        thin_lines(layer, INSET_LINES)
    small.setCrs(QgsCoordinateReferenceSystem(f"EPSG:{frame.epsg}"))
    small.setLayers(list(reversed(layers)))
    small.setExtent(QgsRectangle(*view.bounds))
    small.overviews().overview(0).setLinkedMap(item(layout, "map"))
    write(layout, "inset_title", view.title, job.family)


def _texts(
    job: Job,
    template: Template,
    site_id: str,
    verdict: pd.Series,
    frame: Frame,
    shown: list[MapLayer],
    layout: QgsPrintLayout,
) -> None:
    opinion = verdict_box(verdict)
    settings = job.screening.settings
    sources = [(layer.title, source.vintage, source.authority) for layer in reversed(shown) for source in layer.sources]
    notes = [
        labels.crs_words(frame.meridian, frame.epsg),
        labels.vintage_words(sources) if sources else "",
        f"图层配置：{job.store.layer_set.name}。{SECRECY_NOTE if job.secrecy else ''}",
    ]
    texts = {
        "title": labels.title_words(str(verdict["name"] or ""), site_id, template.subject),
        "subject": f"{template.title.zh}　地块编号：{site_id}",
        "verdict": opinion.words,
        "verdict_detail": opinion.detail,
        "scale": f"比例尺 {labels.scale_words(frame.scale)}",
        "dates": f"基准日：{settings['as_of']}　制图日期：{job.drawn_on.isoformat()}",
        "seal": labels.seal_words(job.screening.seal.number),
        "sources": "\n".join(note for note in notes if note),
        "disclaimer": DISCLAIMER,
    }
    for id_, text in texts.items():
        write(layout, id_, text, job.family)
    word = item(layout, "verdict")
    word.setBackgroundColor(QColor(opinion.fill))
    word.setFrameStrokeColor(QColor(opinion.colour))
    format_ = word.textFormat()
    format_.setColor(QColor(opinion.colour))
    word.setTextFormat(format_)


def _write(layout: QgsPrintLayout, path: Path, format_: str, dpi: int) -> None:
    layout.renderContext().setDpi(dpi)
    exporter = QgsLayoutExporter(layout)
    if format_ == "pdf":
        settings = QgsLayoutExporter.PdfExportSettings()
        settings.dpi = dpi
        settings.forceVectorOutput = True
        settings.textRenderFormat = Qgis.TextRenderFormat.AlwaysText
        settings.appendGeoreference = False
        settings.exportMetadata = False
        written = exporter.exportToPdf(str(path), settings) == QgsLayoutExporter.ExportResult.Success
        path.write_bytes(with_plain_characters(path.read_bytes()))
    else:
        # not by exportToImage, which tries in vain to georeference a png
        written = exporter.renderPageToImage(0, QSize(), dpi).save(str(path), "PNG")
    if not written or not path.stat().st_size:
        reason = exporter.errorMessage()
        raise MapError(
            Text("地图写入失败", "the map could not be written"),
            Text(reason, reason),
            Text("请检查磁盘空间与写入权限。", "Check space and rights of the disk."),
        )


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

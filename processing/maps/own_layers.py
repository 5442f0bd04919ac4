"""What a map shows beside the layer set: the site, its shortest lines, the distances; and layers made ready to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import shapely
from qgis.core import QgsProject, QgsVectorLayer

from ...layers.texts import Text
from .catalogue import STYLES
from .errors import MapError
from .evidence import shortest_lines
from .extent import LOCATOR_MM, Frame, project
from .layers_for_map import KINDS, MapLayer, of_dimension
from .memory import to_layer
from .rings import rings
from .styling import apply_style, symbols_drawn

if TYPE_CHECKING:
    from .page import Page

SITE_TITLE = "项目地块"
LENGTHS_APART_MM = 9.0


def own_layers(page: Page) -> list[MapLayer]:
    """Return the layers drawn above those of the layer set, top first."""
    secrecy = page.job.secrecy
    drawn = rings(page.found, page.template, page.job.store, page.frame, secrecy)
    around_site = any(not ring.role for ring in page.template.rings)
    ring_title = "厂界外距离线" if around_site else "规定距离范围线"
    return [
        *_layer(_apart(shortest_lines(page.found, page.template, secrecy), page.frame), "line", "最短距离", "distance"),
        *_site(page),
        *_layer(drawn, "line", ring_title, "limit_ring"),
    ]


def _apart(lines: gpd.GeoDataFrame, frame: Frame) -> gpd.GeoDataFrame:
    """Return the lines, nearest or worst first, whose lengths can be printed apart; the table tells the others."""
    middles = [project(line.interpolate(0.5, normalized=True), frame.epsg) for line in lines.geometry]
    least = LENGTHS_APART_MM * frame.scale / 1000
    kept: list[int] = []
    for number, middle in enumerate(middles):
        if all(middle.distance(middles[other]) >= least for other in kept):
            kept.append(number)
    return lines.iloc[kept]


def site_layer(page: Page, labelled: bool = True) -> MapLayer:
    """Return the site by its verdict."""
    kind = KINDS[int(shapely.get_dimensions(page.site))]
    row = {
        "site_id": [page.site_id],
        "verdict": [page.verdict["verdict"]],
        "completeness": [page.verdict["completeness"]],
    }
    own = gpd.GeoDataFrame(row, geometry=[page.site], crs=4490)
    own = own.set_geometry(of_dimension(own.geometry.to_numpy(), KINDS.index(kind)), crs=4490)
    style = STYLES / ("sites.qml" if kind == "polygon" else f"sites_{kind}.qml")
    return MapLayer("", kind, SITE_TITLE, own, style, labelled=labelled)


def _site(page: Page) -> list[MapLayer]:
    """Return the site, with a ring around it where it is too small to be found."""
    if page.frame.on_paper_mm(page.site) >= LOCATOR_MM:
        return [site_layer(page)]
    ring = gpd.GeoDataFrame({"name": [page.site_id]}, geometry=[page.site.centroid], crs=4490)
    return [site_layer(page, labelled=False), *_layer(ring, "point", "项目地块位置", "site_locator")]


def _layer(features: gpd.GeoDataFrame, kind: str, title: str, style: str) -> list[MapLayer]:
    return [MapLayer("", kind, title, features, STYLES / f"{style}.qml")] if len(features) else []


def styled(project: QgsProject, layer: MapLayer, family: str) -> QgsVectorLayer:
    """Return a layer ready to draw, held by the project.

    Raises
    ------
    MapError
        Its style leaves features out.
    """
    drawn = to_layer(layer.features, layer.kind, layer.title, family)
    apply_style(drawn, layer.style, family)
    if drawn.featureCount() != len(layer.features) or not symbols_drawn(drawn):
        raise MapError(
            Text(f"图层“{layer.title}”有要素没有画出", f"features of the layer {layer.title!r} were not drawn"),
            remedy=Text(f"请恢复样式文件 {layer.style.name}。", f"Restore the style {layer.style.name}."),
        )
    drawn.setLabelsEnabled(drawn.labelsEnabled() and layer.labelled)
    project.addMapLayer(drawn, False)
    return drawn

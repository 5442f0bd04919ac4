"""The check of the map itself: site in the frame, true and readable scale, something to see, labels whole and apart."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from qgis.core import QgsLabelPosition, QgsLayoutExporter, QgsLayoutItemMap, QgsLayoutItemScaleBar
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QImage

from ...layers.texts import Text
from .corners import TITLE
from .extent import project
from .issues import Issue
from .labels import scale_words
from .own_layers import SITE_TITLE
from .page import Page
from .scale import SCALES
from .sheet import item

BAR_MM = (12.0, 110.0)
OVERLAP_SHARE = 0.1
EDGE_MM = 0.3
OWN = ("最短距离", SITE_TITLE, "项目地块位置", "规定距离范围线", "厂界外距离线", *TITLE)
_ROUGH_DPI = 20
_PIXELS = 40


def check_map(page: Page, exporter: QgsLayoutExporter) -> list[Issue]:
    """Return what is wrong with the map of a page."""
    view: QgsLayoutItemMap = item(page.layout, "map")
    return [
        *_site(page, view),
        *_scale(page, view),
        *_content(page, view),
        *_grids(view),
        *_labels(page, view, exporter),
    ]


def _site(page: Page, view: QgsLayoutItemMap) -> Iterator[Issue]:
    extent = view.extent()
    frame = shapely.box(extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum())
    if not frame.covers(project(page.site, page.frame.epsg)):
        yield Issue("site_outside", "map", Text("地块不完全在图幅内", "the site is not wholly in the frame"))
    if not any(layer.name() == SITE_TITLE and layer.featureCount() for layer in view.layers()):
        yield Issue("site_missing", "map", Text("图上没有地块", "the site is not on the map"))


def _scale(page: Page, view: QgsLayoutItemMap) -> Iterator[Issue]:
    words = scale_words(page.frame.scale)
    if abs(view.scale() / page.frame.scale - 1) > 1e-6 or words not in item(page.layout, "scale").text():
        yield Issue("wrong_scale", "scale", Text("比例尺与图不符", "the scale is not that of the map"))
    if not SCALES[0] <= page.frame.scale <= SCALES[-1]:
        limits = f"1:{SCALES[0]} – 1:{SCALES[-1]}"
        yield Issue("unreadable_scale", "scale", Text(f"比例尺超出 {limits}", f"the scale is not within {limits}"))
    bar: QgsLayoutItemScaleBar = item(page.layout, "scale_bar")
    length = bar.unitsPerSegment() * bar.numberOfSegments() * (1000 if bar.unitLabel() == "km" else 1)
    on_paper = length / page.frame.scale * 1000
    if not BAR_MM[0] <= on_paper <= BAR_MM[1]:
        yield Issue(
            "unreadable_bar", "scale_bar", Text("线段比例尺过长或过短", "the scale bar is too long or too short")
        )


def _content(page: Page, view: QgsLayoutItemMap) -> Iterator[Issue]:
    """Yield a map on which nothing of the layer set is seen: by its layers, and by its picture in rough."""
    seen = [layer for layer in view.layers() if layer.name() not in OWN and layer.featureCount()]
    if not seen and not page.job.secrecy:
        yield Issue("empty_map", "map", Text("图幅内没有任何图层要素", "no feature of the layer set is in the frame"))
    picture = QgsLayoutExporter(page.layout).renderRegionToImage(view.mapRectToScene(view.rect()), QSize(), _ROUGH_DPI)
    if _one_colour(picture):
        yield Issue("blank_map", "map", Text("图面空白", "the map is blank"))


def _one_colour(picture: QImage) -> bool:
    small = picture.scaled(_PIXELS, _PIXELS)
    first = small.pixel(2, 2)
    return all(small.pixel(x, y) == first for x in range(2, _PIXELS - 2) for y in range(2, _PIXELS - 2))


def _grids(view: QgsLayoutItemMap) -> Iterator[Issue]:
    for number in range(view.grids().size()):
        grid = view.grids().grid(number)
        if not grid.enabled() or not grid.annotationEnabled() or not grid.intervalX() > 0:
            text = Text(f"图廓坐标“{grid.name()}”缺失", f"the frame coordinates {grid.name()!r} are missing")
            yield Issue("missing_coordinates", grid.name(), text)


def _labels(page: Page, view: QgsLayoutItemMap, exporter: QgsLayoutExporter) -> Iterator[Issue]:
    """Yield labels that must be on the map and are not, that its edge cuts, or that lie over each other."""
    results = exporter.labelingResults().get(view.uuid())
    placed = [label for label in (results.allLabels() if results is not None else []) if not label.isUnplaced]
    names = {layer.id(): layer.name() for layer in view.layers()}
    if not any(names.get(label.layerID) in (SITE_TITLE, "项目地块位置") for label in placed):
        yield Issue("label_missing", SITE_TITLE, Text("地块编号没有标注", "the site's id is not on the map"))
    lengths = [layer for layer in view.layers() if layer.name() == "最短距离"]
    told = {label.labelText for label in placed if names.get(label.layerID) == "最短距离"}
    for name in {str(feature["name"]) for layer in lengths for feature in layer.getFeatures()} - told:
        yield Issue("label_missing", name, Text(f"最短距离 {name} 没有标注", f"the length {name} is not on the map"))
    extent = view.extent().buffered(EDGE_MM / 1000 * page.frame.scale)
    for label in placed:
        if not extent.contains(label.labelRect):
            text = Text(f"注记“{label.labelText}”被图廓截断", f"the label {label.labelText!r} is cut by the frame")
            yield Issue("label_cut", label.labelText, text)
    yield from _collisions(placed)


def _collisions(placed: list[QgsLabelPosition]) -> Iterator[Issue]:
    corners = [[(point.x(), point.y()) for point in label.cornerPoints] for label in placed]
    boxes = np.array([shapely.Polygon(corner) for corner in corners], dtype=object)
    tree = shapely.STRtree(boxes)
    told = set()
    for one, other in zip(*tree.query(boxes, predicate="intersects"), strict=True):
        first, second = placed[one], placed[other]
        if one >= other or (first.layerID, first.featureId) == (second.layerID, second.featureId):
            continue
        common = boxes[one].intersection(boxes[other]).area
        names = (first.labelText, second.labelText)
        if common > OVERLAP_SHARE * min(boxes[one].area, boxes[other].area) and names not in told:
            told.add(names)
            text = Text(f"注记“{names[0]}”与“{names[1]}”重叠", f"the labels {names[0]!r} and {names[1]!r} overlap")
            yield Issue("label_overlap", " / ".join(names), text)

"""A page made from a template: its items by id, its texts in the font of the page, fitted to their boxes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemMap,
    QgsLayoutItemMapGrid,
    QgsLayoutItemMarker,
    QgsLayoutItemScaleBar,
    QgsLayoutUtils,
    QgsPrintLayout,
    QgsProject,
    QgsReadWriteContext,
    QgsRectangle,
    QgsTextFormat,
    QgsTextRenderer,
)
from qgis.PyQt.QtXml import QDomDocument

from ...layers.texts import Text
from .errors import MapError
from .extent import Frame
from .fonts import drawable, is_bold, line_height_mm, text_width_mm, with_family
from .labels import wrap
from .scale import bar_segment, grid_step, plane_step

SMALLEST_PT = 5.5
STEP_PT = 0.5
PRINTED_SHARES = (0.975, 0.96, 0.945)  # print rounds the widths of letters: lines may come out wider than measured
CORNER_MM = 8.0
_MINUTE = 60
_SECOND = 1


def load_layout(project: QgsProject, path: Path) -> QgsPrintLayout:
    """Return the layout of a template.

    Raises
    ------
    MapError
        The file is not a layout template.
    """
    layout = QgsPrintLayout(project)
    document = QDomDocument()
    document.setContent(path.read_text("utf-8"))
    _, loaded = layout.loadFromTemplate(document, QgsReadWriteContext())
    if not loaded:
        raise MapError(
            Text(f"地图模板 {path.name} 无法读取", f"the map template {path.name} cannot be read"),
            remedy=Text("请恢复 styles/maps/ 中的原模板。", "Restore the shipped template in styles/maps/."),
        )
    return layout


def item(layout: QgsPrintLayout, id_: str) -> QgsLayoutItem:
    """Return the item of an id.

    Raises
    ------
    MapError
        The template has none.
    """
    found = layout.itemById(id_)
    if found is None:
        raise MapError(
            Text(f"地图模板缺少元素“{id_}”", f"the map template has no item {id_!r}"),
            remedy=Text(
                "请在布局设计器中补上该 ID 的元素，或恢复原模板。",
                "Add an item with that id in the layout designer, or restore the shipped template.",
            ),
        )
    return found


def write(layout: QgsPrintLayout, id_: str, text: str, family: str) -> None:
    """Put a text into a label, broken into lines and, where needed, smaller, so that it fits its box.

    Raises
    ------
    MapError
        It does not fit at the smallest readable size.
    """
    label: QgsLayoutItemLabel = item(layout, id_)
    text = drawable(text.replace("[%", "［%"), family)
    box, size = label.rect(), label.textFormat().size()
    bold, room = is_bold(label.textFormat()), label.rect().width() - 2 * label.marginX()
    printed = printed_width(layout)
    while size >= SMALLEST_PT:
        measure = partial(text_width_mm, family=family, size_pt=size, bold=bold)
        format_ = with_family(label.textFormat(), family, size)
        for share in PRINTED_SHARES:
            lines = wrap(text, (room - 1) * share, measure)
            if max(printed(format_, line) for line in lines) <= room:
                break
        if len(lines) * line_height_mm(family, size) <= box.height():
            label.setTextFormat(format_)
            label.setText("\n".join(lines))
            return
        size -= STEP_PT
    raise MapError(
        Text(f"文字放不进“{id_}”：{text[:40]}…", f"the text does not fit {id_!r}: {text[:40]}…"),
        remedy=Text("请缩短名称，或在模板中放大该元素。", "Shorten the name, or enlarge the item in the template."),
    )


def printed_width(layout: QgsPrintLayout) -> Callable[[QgsTextFormat, str], float]:
    """Return the function that tells in which width QGIS prints a line, millimetres."""
    context = QgsLayoutUtils.createRenderContextForLayout(layout, None)

    def width(text: QgsTextFormat, line: str) -> float:
        return float(QgsTextRenderer.textWidth(context, text, [line])) / context.scaleFactor()

    return width


def static_labels(layout: QgsPrintLayout, family: str) -> None:
    """Set the font of every label, those included whose text stands in the template."""
    for found in layout.items():
        if isinstance(found, QgsLayoutItemLabel):
            found.setTextFormat(with_family(found.textFormat(), family))


def show_frame(layout: QgsPrintLayout, frame: Frame, family: str) -> None:
    """Set map, graticule, scale bar and north arrow to a frame."""
    view: QgsLayoutItemMap = item(layout, "map")
    view.setCrs(QgsCoordinateReferenceSystem(f"EPSG:{frame.epsg}"))
    view.setExtent(QgsRectangle(*frame.bounds))
    _graticule(view, frame, family)
    bar: QgsLayoutItemScaleBar = item(layout, "scale_bar")
    length, unit = bar_segment(frame.scale)
    bar.setLinkedMap(view)
    bar.setUnits(Qgis.DistanceUnit.Kilometers if unit == "km" else Qgis.DistanceUnit.Meters)
    bar.setUnitLabel(unit)
    bar.setMapUnitsPerScaleBarUnit(1)
    bar.setUnitsPerSegment(length)
    bar.setTextFormat(with_family(bar.textFormat(), family))
    bar.update()
    north: QgsLayoutItemMarker = item(layout, "north")
    north.setLinkedMap(view)


def _graticule(view: QgsLayoutItemMap, frame: Frame, family: str) -> None:
    """Set the lines of longitude and latitude (told left and above) and those of the plane (right and below)."""
    xmin, ymin, xmax, ymax = frame.polygon.bounds
    step = grid_step(min(xmax - xmin, ymax - ymin))
    words = "to_dm" if step >= _MINUTE else "to_dms"
    decimals = 0 if step >= _SECOND else 1
    shown = f"{words}(@grid_number, @grid_axis, {decimals}, 'aligned')"
    _grid(view, "degrees", step / 3600, shown, frame.inner_bounds(CORNER_MM), family)
    margin = CORNER_MM * frame.scale / 1000
    xmin, ymin, xmax, ymax = frame.bounds
    inner = (xmin + margin, ymin + margin, xmax - margin, ymax - margin)
    metres = plane_step(min(xmax - xmin, ymax - ymin))
    grid = _grid(view, "metres", metres, "to_string(round(@grid_number))", inner, family)
    grid.setCrs(QgsCoordinateReferenceSystem(f"EPSG:{frame.epsg}"))


def _grid(
    view: QgsLayoutItemMap,
    name: str,
    step: float,
    words: str,
    inner: tuple[float, float, float, float],
    family: str,
) -> QgsLayoutItemMapGrid:
    """Set the interval and the numbers of a grid, without those near a corner."""
    grid = next((view.grids().grid(n) for n in range(view.grids().size()) if view.grids().grid(n).name() == name), None)
    if grid is None:
        raise MapError(
            Text(f"地图模板的“map”缺少格网“{name}”", f"the map of the sheet has no grid {name!r}"),
            remedy=Text("请恢复 styles/maps/ 中的原模板。", "Restore the shipped sheet in styles/maps/."),
        )
    grid.setIntervalX(step)
    grid.setIntervalY(step)
    west, south, east, north = inner
    low, high = (f"if(@grid_axis='x', {x!r}, {y!r})" for x, y in ((west, south), (east, north)))
    grid.setAnnotationExpression(f"if(@grid_number BETWEEN {low} AND {high}, {words}, '')")
    grid.setAnnotationTextFormat(with_family(grid.annotationTextFormat(), family))
    return grid

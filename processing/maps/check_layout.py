"""The check of a sheet: everything is there, whole, apart from the rest, and in characters of the font."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from qgis.core import (
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsPrintLayout,
)
from qgis.PyQt.QtCore import QRectF

from ...layers.texts import Text
from ..engine.words import DISCLAIMER, SEAL_LABEL
from .fonts import SUBSTITUTE, lacking, line_height_mm
from .issues import Issue
from .labels import title_words
from .page import Page
from .sheet import SMALLEST_PT, printed_width
from .tables import least_height_mm, rows_shown, table_of

ALWAYS = (
    "neatline", "title", "map", "legend", "scale", "scale_bar", "north", "maker", "dates", "seal", "sources",
    "disclaimer",
)  # fmt: skip
OF_BLOCK = {
    "subject": ("subject",),
    "verdict": ("verdict", "verdict_detail"),
    "relation": ("relation_title", "relation_table"),
    "legend": ("legend_title",),
    "corners": ("corner_title", "corner_table"),
}
TABLES = ("relation_table", "corner_table")
APART_MM = 0.8
INSIDE_MM = 0.6
FIT_MM = 0.6
EXACT_MM = 0.01
LEAST_PT = SMALLEST_PT - 0.1


def check_layout(page: Page) -> list[Issue]:
    """Return what is wrong with the items of a page."""
    return [
        *_required(page),
        *_texts(page),
        *_cut(page),
        *_legend(page),
        *_tables(page),
        *_apart(page.layout),
        *_glyphs(page),
    ]


def rect_of(item: QgsLayoutItem) -> QRectF:
    """Return the box of an item on the page, millimetres."""
    return item.mapRectToScene(item.rect())


def _shown(layout: QgsPrintLayout, id_: str) -> QgsLayoutItem | None:
    found = layout.itemById(id_)
    return found if found is not None and found.isVisible() else None


def _labels(layout: QgsPrintLayout) -> Iterator[QgsLayoutItemLabel]:
    for found in layout.items():
        if isinstance(found, QgsLayoutItemLabel) and found.isVisible() and found.id() != "warning":
            yield found


def _required(page: Page) -> Iterator[Issue]:
    ids = [*ALWAYS, *(id_ for block in page.template.blocks for id_ in OF_BLOCK.get(block, ()))]
    for id_ in ids:
        found = _shown(page.layout, id_)
        if found is None or (isinstance(found, QgsLayoutItemLabel) and not found.text().strip()):
            yield Issue("missing_item", id_, Text(f"缺少要素“{id_}”", f"the item {id_!r} is missing"))


def _texts(page: Page) -> Iterator[Issue]:
    """Yield the texts that do not say what they must."""
    name = str(page.verdict["name"] or "")
    must = {
        "title": title_words(name, page.site_id, page.template.subject),
        "seal": f"{SEAL_LABEL}：{page.job.screening.seal.number}",
        "disclaimer": DISCLAIMER,
        "dates": page.job.drawn_on.isoformat(),
        "sources": f"EPSG:{page.frame.epsg}",
    }
    for id_, words in must.items():
        found = _shown(page.layout, id_)
        if found is None or not _says(found.text(), words, page.job.family):
            yield Issue("wrong_text", id_, Text(f"“{id_}”的文字不完整", f"the text of {id_!r} is not whole"))


def _says(text: str, words: str, family: str) -> bool:
    lost = set(lacking(words, family))
    wanted = [char for char in words if char not in lost and not char.isspace() and char.isprintable()]
    there = iter([char for char in text.replace("［%", "[%") if not char.isspace()])
    return all(char in there for char in wanted)


def _cut(page: Page) -> Iterator[Issue]:
    """Yield the texts that do not fit their box or are too small, and the items beyond the neat line."""
    width = printed_width(page.layout)
    for label in _labels(page.layout):
        size, box = label.textFormat().size(), label.rect()
        lines = label.text().split("\n")
        wide = max(width(label.textFormat(), line) for line in lines)
        high = len(lines) * line_height_mm(page.job.family, size)
        if wide > box.width() - 2 * label.marginX() + EXACT_MM or high > box.height() + FIT_MM:
            yield Issue(
                "cut_text", label.id(), Text(f"“{label.id()}”的文字被截断", f"the text of {label.id()!r} is cut off")
            )
        if size < LEAST_PT:
            yield Issue(
                "small_text", label.id(), Text(f"“{label.id()}”的文字过小", f"the text of {label.id()!r} is too small")
            )
    line = _shown(page.layout, "neatline")
    border = rect_of(line) if line is not None else QRectF()
    for found in _placed(page.layout):
        if not border.contains(rect_of(found)):
            yield Issue(
                "outside_page", found.id(), Text(f"“{found.id()}”超出图廓", f"{found.id()!r} lies beyond the neat line")
            )


def _legend(page: Page) -> Iterator[Issue]:
    """Yield what is wrong with the legend: cut off, or not what is seen."""
    legend = _shown(page.layout, "legend")
    if not isinstance(legend, QgsLayoutItemLegend):
        return
    if not any(_within(rect_of(legend), panel) for panel in _panels(page.layout)):
        yield Issue("legend_cut", "legend", Text("图例被截断", "the legend is cut off"))
    listed = {node.layerId() for node in legend.model().rootGroup().findLayers()}
    views = [found for id_ in ("map", "detail") if (found := _shown(page.layout, id_)) is not None]
    drawn = {layer.id(): layer for view in views for layer in view.layers() if layer.featureCount()}
    alike = {drawn[id_].name() for id_ in listed & set(drawn)}
    for id_, layer in drawn.items():
        if id_ not in listed and layer.name() not in alike:
            yield Issue(
                "legend_lacks", layer.name(), Text(f"图例缺少“{layer.name()}”", f"the legend lacks {layer.name()!r}")
            )
    for id_ in listed - set(drawn):
        layer = page.project.mapLayer(id_)
        name = layer.name() if layer is not None else ""
        yield Issue("legend_extra", name, Text(f"图例多出“{name}”", f"the legend lists {name!r}, which is not seen"))


def _tables(page: Page) -> Iterator[Issue]:
    printed = printed_width(page.layout)
    for id_ in TABLES:
        if _shown(page.layout, id_) is None:
            continue
        frame, table = table_of(page.layout, id_)
        panels = _panels(page.layout)
        high = frame.rect().height() >= 0.7 * least_height_mm(table, page.job.family)
        if not (high and rows_shown(frame, table) and any(_within(rect_of(frame), panel) for panel in panels)):
            yield Issue("table_cut", id_, Text(f"表“{id_}”被截断", f"the table {id_!r} is cut off"))
        text = table.contentTextFormat()
        for row in table.tableContents():
            for cell, width in zip(row, table.columnWidths(), strict=True):
                lines = str(cell.content()).split("\n")
                if max(printed(text, line) for line in lines) > width + FIT_MM:
                    words = Text(f"表“{id_}”的文字被截断", f"a text of the table {id_!r} is cut off")
                    yield Issue("cut_text", id_, words)
                    break


def _apart(layout: QgsPrintLayout) -> Iterator[Issue]:
    """Yield the pairs of items that lie over each other."""
    for one, other in combinations(_placed(layout), 2):
        common = rect_of(one).intersected(rect_of(other))
        if common.width() > APART_MM and common.height() > APART_MM:
            names = f"{one.id()} / {other.id()}"
            yield Issue(
                "overlap", names, Text(f"“{one.id()}”与“{other.id()}”重叠", f"{one.id()!r} and {other.id()!r} overlap")
            )


def _glyphs(page: Page) -> Iterator[Issue]:
    """Yield characters that the font lacks, and tell where they were replaced."""
    texts = {label.id(): label.text() for label in _labels(page.layout)}
    for id_ in TABLES:
        if _shown(page.layout, id_) is not None:
            cells = [str(cell.content()) for row in table_of(page.layout, id_)[1].tableContents() for cell in row]
            texts[id_] = "".join(cells)
    for id_, text in texts.items():
        for char in lacking(text, page.job.family):
            words = Text(
                f"“{id_}”有字体中没有的字符 U+{ord(char):04X}",
                f"{id_!r} has a character without glyph, U+{ord(char):04X}",
            )
            yield Issue("missing_glyph", id_, words)
    own = f"{page.verdict['name'] or ''}{page.site_id}"
    for char in lacking(own, page.job.family):
        words = Text(
            f"名称中的 U+{ord(char):04X} 字体中没有，以{SUBSTITUTE}代替并在图下注明",
            f"U+{ord(char):04X} in the name has no glyph; printed as {SUBSTITUTE} and said so below the map",
        )
        yield Issue("replaced_glyph", "title", words, fault=False)


def _placed(layout: QgsPrintLayout) -> list[QgsLayoutItem]:
    ids = {
        *ALWAYS,
        *(id_ for ids in OF_BLOCK.values() for id_ in ids),
        "inset",
        "inset_title",
        "detail",
        "detail_title",
    }
    found = [_shown(layout, id_) for id_ in sorted(ids - {"neatline"})]
    return [item for item in found if item is not None]


def _panels(layout: QgsPrintLayout) -> list[QRectF]:
    found = [item for item in layout.items() if isinstance(item, QgsLayoutItem) and item.id().startswith("panel_")]
    return [rect_of(item) for item in found]


def _within(inner: QRectF, outer: QRectF) -> bool:
    return outer.adjusted(-INSIDE_MM, -INSIDE_MM, INSIDE_MM, INSIDE_MM).contains(inner)

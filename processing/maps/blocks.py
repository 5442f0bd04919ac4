"""The blocks beside a map: what is in them, and where they stand."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import shapely
from qgis.core import QgsCoordinateReferenceSystem, QgsLayoutItemMap, QgsRectangle, QgsVectorLayer
from qgis.PyQt.QtCore import QRectF

from .catalogue import STYLES
from .corners import TITLE, Corners, corners
from .corners_table import corner_columns, corner_rows
from .errors import NoRoomError
from .extent import Frame, detail_frame
from .flow import GAP_MM, Panels, put
from .fonts import text_width_mm
from .inset import inset_layers, inset_view
from .labels import scale_words
from .layers_for_map import MapLayer
from .legend import fill_legend
from .memory import fill
from .own_layers import site_layer, styled
from .relation import HEADINGS, relation_rows
from .sheet import item
from .styling import thin_lines
from .tables import fill_table, row_height_mm, table_of

if TYPE_CHECKING:
    from .page import Page

INSET_LINES = 0.5
READABLE_MM = 45.0
TIGHTER = ((6, 1.0), (3, 0.8), (2, 0.62))  # most relations told, share of the inset's height
RELATION_SHARE = 0.2  # of the height of all panels
LEAST_CORNERS = 4
MOST_CORNER_ROWS = 30
SLACK_MM = 0.2
_ITEMS = {
    "subject": ("subject",),
    "verdict": ("verdict", "verdict_detail"),
    "inset": ("inset_title", "inset", "detail_title", "detail"),
    "relation": ("relation_title", "relation_table"),
    "legend": ("legend_title", "legend"),
    "corners": ("corner_title", "corner_table"),
}


class Blocks:
    """Places the blocks of a page in the panels of its sheet, in the order of its template."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.layout = page.layout
        self.family = page.job.family
        self.panels = Panels(page.layout)
        self.most_relations, _ = TIGHTER[0]
        self.inset_height = self._height("inset")
        self.corner_layer: QgsVectorLayer | None = None
        self.detail: Frame | None = None
        if "corners" in page.template.blocks:
            self._prepare_corners()

    def place(self) -> None:
        """Place every block of the template and hide the items of the others.

        Where they do not fit, again with a shorter relation table and a smaller inset.

        Raises
        ------
        MapError
            They do not fit even so.
        """
        for name, ids in _ITEMS.items():
            if name not in self.page.template.blocks:
                self._hide(*ids)
        height = self._height("inset")
        for self.most_relations, share in TIGHTER:
            self.panels = Panels(self.layout)
            self.inset_height = share * height
            try:
                self._place_all()
                return
            except NoRoomError:
                if (self.most_relations, share) == TIGHTER[-1]:
                    raise

    def _place_all(self) -> None:
        for name in self.page.template.blocks:
            getattr(self, f"_{name}")()
            self.panels.gap()

    def _hide(self, *ids: str) -> None:
        for id_ in ids:
            item(self.layout, id_).setVisibility(False)

    def _height(self, id_: str) -> float:
        return float(item(self.layout, id_).rect().height())

    def _set(self, id_: str) -> None:
        put(item(self.layout, id_), self.panels.take(self._height(id_)))

    def _subject(self) -> None:
        self._set("subject")
        self.page.write("subject", f"{self.page.template.title.zh}　地块编号：{self.page.site_id}")

    def _verdict(self) -> None:
        self._set("verdict")
        put(item(self.layout, "verdict_detail"), self.panels.take(self._height("verdict_detail")).translated(0, 0.8))

    def _prepare_corners(self) -> None:
        """Make the layer of boundary points: on the map where they can be read, else on a map of the site alone."""
        page = self.page
        first = corners(page.site, page.frame.epsg, LEAST_CORNERS)
        frame = MapLayer("", "point", self._points_title(), first.points, STYLES / "corners.qml")
        self.corner_layer = styled(page.project, frame, self.family)
        if page.frame.on_paper_mm(page.site) < READABLE_MM and shapely.get_dimensions(page.site):
            box = item(self.layout, "detail").rect()
            self.detail = detail_frame(page.site, ((self.panels.width - GAP_MM) / 2, box.height()))
        else:
            page.layers.insert(0, self.corner_layer)
            item(self.layout, "map").setLayers(page.layers)

    def _points_title(self) -> str:
        return TITLE[int(shapely.get_dimensions(self.page.site))]

    def _inset(self) -> None:
        """Show where the frame lies and, where the boundary points cannot be read on the map, the site alone."""
        page = self.page
        districts = page.job.store.of_role("district", page.site.bounds).geometry
        where = not (len(districts) and page.frame.holds(shapely.union_all(districts.to_numpy())))
        shown = [("inset_title", "inset")] * where + [("detail_title", "detail")] * (self.detail is not None)
        for ids in {("inset_title", "inset"), ("detail_title", "detail")} - set(shown):
            self._hide(*ids)
        if not shown:
            return
        heading = self._height("inset_title")
        row = self.panels.take(heading + self.inset_height)
        width = (row.width() - GAP_MM * (len(shown) - 1)) / len(shown)
        for place, (title, id_) in enumerate(shown):
            left = row.left() + place * (width + GAP_MM)
            put(item(self.layout, title), QRectF(left, row.top(), width, heading))
            box = QRectF(left, row.top() + heading, width, row.height() - heading)
            put(item(self.layout, id_), box)
            (self._district if id_ == "inset" else self._site_alone)(box)

    def _district(self, box: QRectF) -> None:
        page = self.page
        small: QgsLayoutItemMap = item(self.layout, "inset")
        view = inset_view(page.job.store, page.frame, (box.width(), box.height()))
        around = inset_layers(page.job.store, view, page.frame.epsg, page.job.secrecy)
        layers = [styled(page.project, layer, self.family) for layer in around]
        for layer in layers:
            thin_lines(layer, INSET_LINES)
        small.setCrs(QgsCoordinateReferenceSystem(f"EPSG:{page.frame.epsg}"))
        small.setLayers(list(reversed(layers)))
        small.setExtent(QgsRectangle(*view.bounds))
        small.overviews().overview(0).setLinkedMap(item(self.layout, "map"))
        page.write("inset_title", view.title)

    def _site_alone(self, box: QRectF) -> None:
        page = self.page
        frame = detail_frame(page.site, (box.width(), box.height()))
        view: QgsLayoutItemMap = item(self.layout, "detail")
        own = styled(page.project, site_layer(page, labelled=False), self.family)
        view.setCrs(QgsCoordinateReferenceSystem(f"EPSG:{frame.epsg}"))
        view.setLayers([layer for layer in (self.corner_layer, own) if layer is not None])
        view.setExtent(QgsRectangle(*frame.bounds))
        page.write("detail_title", f"地块 {scale_words(frame.scale)}")

    def _relation(self) -> None:
        rows = self._relations(self.most_relations)
        width = self.panels.width
        heading = self._height("relation_title")
        widths = (0.52 * width, 0.48 * width)
        while True:
            height = fill_table(self.layout, "relation_table", HEADINGS, rows, widths, self.family)
            if heading + height <= min(self.panels.largest_room, RELATION_SHARE * self.panels.height) or len(rows) <= 2:
                break
            fewer = self._relations(len(rows) - 1)
            if len(fewer) >= len(rows):
                break
            rows = fewer
        self._with_heading("relation_title", "relation_table", height)

    def _relations(self, most: int) -> list[tuple[str, str]]:
        page = self.page
        return relation_rows(page.found, page.template, page.job.secrecy, most, page.job.states)

    def _with_heading(self, title: str, id_: str, height: float) -> None:
        heading = self._height(title)
        box = self.panels.take(heading + height)
        put(item(self.layout, title), QRectF(box.left(), box.top(), box.width(), heading))
        put(item(self.layout, id_), QRectF(box.left(), box.top() + heading, box.width(), height))

    def _legend(self) -> None:
        heading = self._height("legend_title")
        heights = [room - heading - GAP_MM for kept in (0, LEAST_CORNERS) for room in self._legend_rooms(kept)]
        layers = [layer for layer in self.page.layers if layer.featureCount()]
        if self.corner_layer is not None and self.corner_layer not in layers:
            layers.insert(0, self.corner_layer)
        height = fill_legend(self.layout, layers, self.family, self.panels.width, heights)
        self._with_heading("legend_title", "legend", height)

    def _legend_rooms(self, corner_rows: int) -> list[float]:
        """Return the heights free in this panel and the next, with room kept for boundary points."""
        kept = self._corner_room(corner_rows) if "corners" in self.page.template.blocks else 0.0
        panels = self.panels
        rooms = [panels.room - (kept if panels.last else 0.0)]
        if not panels.last:
            rooms.append(panels.next_room - (kept if panels.next_last else 0.0))
        return rooms

    def _corner_room(self, rows: int = 0) -> float:
        """Return the height that the table of boundary points takes, all of them or so many rows."""
        _, table = table_of(self.layout, "corner_table")
        total = corners(self.page.site, self.page.frame.epsg, LEAST_CORNERS).total
        columns = len(corner_columns(self._measure, self.panels.width, total))
        needed = -(-total // columns)
        wanted = min(needed, rows or 2 * LEAST_CORNERS)
        return self._height("corner_title") + (wanted + 1) * row_height_mm(table, self.family) + GAP_MM

    def _measure(self, text: str) -> float:
        _, table = table_of(self.layout, "corner_table")
        size = table.contentTextFormat().size()
        return text_width_mm(text, self.family, size) + 2 * table.cellMargin() + table.gridStrokeWidth() + SLACK_MM

    def _corners(self) -> None:
        page = self.page
        _, table = table_of(self.layout, "corner_table")
        if self.panels.room < self._corner_room(MOST_CORNER_ROWS) and self.panels.next_room > self.panels.room:
            self.panels.turn()
        heading = self._height("corner_title")
        rows = min(int((self.panels.room - heading) / row_height_mm(table, self.family)) - 1, MOST_CORNER_ROWS)
        groups = corner_columns(self._measure, self.panels.width, rows)
        height = inf
        while heading + height > self.panels.room and rows > 0:
            listed = corners(page.site, page.frame.epsg, rows * len(groups))
            height = self._list(listed, groups)
            rows -= 1
        self._with_heading("corner_title", "corner_table", height)
        shown = len(listed.points)
        words = f"（共 {listed.total} 点）" if shown == listed.total else f"（共 {listed.total} 点，列主要 {shown} 点）"
        page.write("corner_title", f"{self._points_title()}坐标{words}")
        if self.corner_layer is not None:
            fill(self.corner_layer, listed.points, self.family)

    def _list(self, listed: Corners, groups: list[tuple[float, ...]]) -> float:
        used = groups if len(listed.points) > LEAST_CORNERS else groups[:1]
        headings = ("点号", "X（m）", "Y（m）") * len(used)
        widths = [width for group in used for width in group]
        right = [n for n in range(len(headings)) if n % 3]
        rows = corner_rows(listed, len(used))
        return fill_table(self.layout, "corner_table", headings, rows, widths, self.family, right)

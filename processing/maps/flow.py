"""The panels of a sheet: columns of free room that blocks fill one after another."""

from __future__ import annotations

from itertools import count

from qgis.core import QgsLayoutItem, QgsPrintLayout
from qgis.PyQt.QtCore import QRectF

from ...layers.texts import Text
from .errors import MapError, NoRoomError

GAP_MM = 2.0


class Panels:
    """The panels of a layout, `panel_1` first.

    Parameters
    ----------
    layout : QgsPrintLayout
        A sheet.

    Raises
    ------
    MapError
        It has no panel.
    """

    def __init__(self, layout: QgsPrintLayout) -> None:
        self.boxes = []
        for number in count(1):
            found = layout.itemById(f"panel_{number}")
            if found is None:
                break
            self.boxes.append(found.mapRectToScene(found.rect()))
        if not self.boxes:
            raise MapError(
                Text("地图模板缺少元素“panel_1”", "the sheet has no item 'panel_1'"),
                remedy=Text("请恢复 styles/maps/ 中的原模板。", "Restore the shipped sheet in styles/maps/."),
            )
        self._now = 0
        self._top = self.boxes[0].top()

    @property
    def width(self) -> float:
        """Width of a panel, millimetres."""
        return float(self.boxes[self._now].width())

    @property
    def height(self) -> float:
        """Height of all panels together, millimetres."""
        return float(sum(box.height() for box in self.boxes))

    @property
    def room(self) -> float:
        """Height that is free in this panel, millimetres."""
        return float(self.boxes[self._now].bottom() - self._top)

    @property
    def next_room(self) -> float:
        """Height of the next panel, 0 where there is none."""
        return float(self.boxes[self._now + 1].height()) if self._now + 1 < len(self.boxes) else 0.0

    @property
    def last(self) -> bool:
        """Whether this is the last panel."""
        return self._now + 1 == len(self.boxes)

    @property
    def next_last(self) -> bool:
        """Whether the next panel is the last."""
        return self._now + 2 == len(self.boxes)

    @property
    def largest_room(self) -> float:
        """The greatest height that a block may have."""
        return max(self.room, self.next_room)

    def take(self, height: float) -> QRectF:
        """Return a box of that height, in this panel or at the top of the next.

        Raises
        ------
        NoRoomError
            There is no room for it.
        """
        if height > self.room + 1e-6 and self.next_room:
            self.turn()
        if height > self.room + 1e-6:
            raise NoRoomError(
                Text("图旁的内容放不下", "there is no room beside the map"),
                remedy=Text(
                    "请选用更大的图幅，或在模板中放大图旁区域。", "Choose a larger sheet, or enlarge its panels."
                ),
            )
        box = QRectF(self.boxes[self._now].left(), self._top, self.width, height)
        self._top += height
        return box

    def turn(self) -> None:
        """Go on in the next panel."""
        self._now += 1
        self._top = self.boxes[self._now].top()

    def gap(self) -> None:
        """Leave a little room before the next block."""
        self._top = min(self._top + GAP_MM, self.boxes[self._now].bottom())


def put(item: QgsLayoutItem, box: QRectF) -> None:
    """Set an item into a box."""
    item.attemptSetSceneRect(box)

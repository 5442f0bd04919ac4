"""Hands and eyes inside the window of QGIS: real events of mouse and keyboard, waiting, and looking."""

import time

from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsPointXY, QgsProject, QgsRectangle
from qgis.PyQt.QtCore import QPoint, Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QCheckBox, QRadioButton
from qgis.utils import iface, plugins

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
DEGREES = QgsCoordinateReferenceSystem("EPSG:4490")


def until(test, what, seconds=20):
    """Wait until a test holds, with the window alive, and return how long it took."""
    start = time.monotonic()
    while not test():
        assert time.monotonic() - start < seconds, f"waited {seconds} s for {what}"
        QTest.qWait(5)
    return time.monotonic() - start


def conduct():
    """Open the dock and return what stands behind it."""
    return plugins["ecoredline"].desk.dock.open()


def idle(dock):
    """Wait until no work of the plugin is under way and none is about to begin."""
    until(lambda: not len(dock.works) and not dock.live._timer.isActive() and dock.live._work is None, "idleness", 120)


def click(widget, button=LEFT, at=None):
    """Click a widget as a person does; a widget that is hidden or disabled cannot be clicked."""
    assert widget.isVisible(), f"{widget.objectName()} is not visible"
    assert widget.isEnabled(), f"{widget.objectName()} is disabled"
    if at is None and isinstance(widget, QCheckBox | QRadioButton):  # they hear only clicks on mark and text
        at = QPoint(10, widget.height() // 2)
    QTest.mouseClick(widget, button, Qt.KeyboardModifier.NoModifier, at or widget.rect().center())


def place(lon, lat):
    """Return where a point on earth lies on the canvas."""
    canvas = iface.mapCanvas()
    way = QgsCoordinateTransform(DEGREES, canvas.mapSettings().destinationCrs(), QgsProject.instance())
    point = canvas.mapSettings().mapToPixel().transform(way.transform(QgsPointXY(lon, lat)))
    return QPoint(round(point.x()), round(point.y()))


def look_at(west, south, east, north):
    """Bring a box into view and wait until it is drawn."""
    canvas = iface.mapCanvas()
    way = QgsCoordinateTransform(DEGREES, canvas.mapSettings().destinationCrs(), QgsProject.instance())
    canvas.setExtent(way.transformBoundingBox(QgsRectangle(west, south, east, north)))
    canvas.refresh()
    until(lambda: not canvas.isDrawing(), "the map")


def draw(dock, kind, points):
    """Draw a site with the tool of the dock: left clicks, and a right one at the end of lines and polygons."""
    dock.panel.go(1)
    if not dock.panel.site.draw_tools[kind].isChecked():
        click(dock.panel.site.draw_tools[kind])
    viewport = iface.mapCanvas().viewport()
    for lon, lat in points:
        at = place(lon, lat)
        assert viewport.rect().contains(at), f"{lon} {lat} is not in {iface.mapCanvas().extent()}"
        QTest.mouseMove(viewport, at)
        QTest.qWait(15)
        QTest.mouseClick(viewport, LEFT, Qt.KeyboardModifier.NoModifier, at)
        QTest.qWait(15)
    if kind != "point":
        QTest.mouseClick(viewport, RIGHT, Qt.KeyboardModifier.NoModifier, at)


def click_item(tree, item):
    """Click a row of a tree."""
    tree.scrollToItem(item)
    QTest.mouseClick(tree.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, tree.visualItemRect(item).center())


def in_dialog(name, act, seconds=20):
    """Do something in a modal dialog once it stands; an error in it is kept and raised by `checked`."""
    end = time.monotonic() + seconds

    def attempt():
        dialog = QApplication.activeModalWidget()
        if dialog is None or dialog.objectName() != name:
            if time.monotonic() < end:
                QTimer.singleShot(30, attempt)
            else:
                FAULTS.append(AssertionError(f"the dialog {name} did not open"))
            return
        try:
            act(dialog)
        except BaseException as fault:
            FAULTS.append(fault)
            dialog.reject()

    QTimer.singleShot(30, attempt)


FAULTS = []


def checked():
    """Raise what went wrong in a dialog."""
    if FAULTS:
        raise FAULTS.pop(0)


def named(parent, name):
    """Return the child of that object name."""
    from qgis.PyQt.QtWidgets import QWidget

    found = parent.findChild(QWidget, f"ecoredline_{name}")
    assert found is not None, f"there is no {name}"
    return found

"""What the dock shows on the map."""

from hands import checked, idle, in_dialog, until
from qgis.gui import QgsRubberBand
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.utils import iface

from trial.stage import TOUCHES, bring, fresh


def candidates_are_shown_on_the_map():
    """Metres without a word of their zone: where each system would place them, until the dialog closes."""
    dock = fresh()
    canvas = iface.mapCanvas()
    before, seen = canvas.extent(), {}

    def paste(dialog):
        dialog.text.setPlainText("3265000 645000\n3265000 646000\n3266000 646000\n3266000 645000")
        dialog.read()
        until(lambda: dialog.crs.count() or dialog.rows, "the candidates")
        bands = [item for item in canvas.scene().items() if isinstance(item, QgsRubberBand)]
        seen["listed"], seen["bands"] = dialog.crs.count() - 1, len([one for one in bands if one in dialog.marks.items])
        seen["items"], seen["view"] = list(dialog.marks.items), canvas.extent()
        seen["first"], seen["visible"] = dialog.marks.shapes[0].boundingBox(), canvas.isVisible()
        dialog.crs.highlighted.emit(1)
        dialog.reject()

    in_dialog("ecoredline_upload", paste)
    dock.sites.paste()
    checked()
    assert seen["visible"], "the welcome page hides the map"
    assert seen["listed"] > 1, seen
    assert seen["bands"] == min(seen["listed"], 8), seen
    assert seen["view"].contains(seen["first"]), seen
    left = canvas.scene().items()
    assert not any(item in left for item in seen["items"]), "marks are left on the map"
    assert canvas.extent().center().distance(before.center()) < before.width() / 100, "the map did not go back"
    assert dock.workspace.sites.ids() == []

    def paste_again(dialog):
        dialog.text.setPlainText("3265000 645000\n3265000 646000\n3266000 646000\n3266000 645000")
        dialog.read()
        until(dialog.crs.count, "the candidates")

    def choose(dialog):
        paste_again(dialog)
        dialog.crs.setCurrentIndex(1)
        dialog.read()
        until(lambda: dialog.rows, "the sites")
        seen["items"] = list(dialog.marks.items)
        dialog.accept()

    in_dialog("ecoredline_upload", choose)
    dock.sites.paste()
    checked()
    idle(dock)
    box = next(dock.workspace.sites.features())[1].geometry().boundingBox()
    assert seen["first"].center().distance(box.center()) < 1e-6, "the site lies where its candidate stood"
    assert len(seen["items"]) > 1
    assert not any(item in canvas.scene().items() for item in seen["items"])


def finding_is_shown_on_the_map():
    dock = fresh()
    bring(dock, TOUCHES, nature="新建", industry="C2614")
    until(lambda: dock.panel.result.run is not None, "the verdict")
    idle(dock)
    dock.panel.go(2)
    view = dock.panel.result.findings
    item = next(one for one in view._items() if one.data(0, Qt.ItemDataRole.UserRole).role == "red_line")
    view.tree.setCurrentItem(view.tree.itemAbove(item))
    idle(dock)
    assert not dock.marks._items, "what no person chose is marked"
    QTest.keyClick(view.tree, Qt.Key.Key_Down)
    until(lambda: dock.marks._items, "the marks")
    assert "红线" in view.text.toPlainText()
    dock.workspace.sites.remove("D-01")
    until(lambda: not dock.marks._items, "the marks to go")

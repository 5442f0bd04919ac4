"""What is drawn, moved and typed, and what follows from it."""

import time

from hands import click, draw, idle, until
from qgis.core import (
    Qgis,
    QgsGeometry,
    QgsProject,
)
from qgis.PyQt.QtTest import QTest
from qgis.utils import iface

from trial.stage import CLEAR, TOUCHES, VIEW, bring, fresh, rules


def no_layers_at_all():
    dock = fresh(layer_set=None)
    draw(dock, "polygon", TOUCHES)
    until(lambda: dock.workspace.sites.ids(), "the site")
    idle(dock)
    assert dock.panel.result.run is None
    assert dock.panel.result.banner.look == ""
    assert not any(button.isEnabled() for button in dock.panel.result.actions.values())
    item = iface.messageBar().currentItem()  # QGIS may have its own to say
    assert item is None or item.level() != Qgis.MessageLevel.Critical, item.text()


def drawn_in(crs):
    def trial():
        dock = fresh(crs=crs)
        draw(dock, "polygon", TOUCHES)
        until(lambda: dock.panel.result.run is not None, "the verdict")
        idle(dock)
        box = next(dock.workspace.sites.features())[1].geometry().boundingBox()
        found = (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())
        wanted = (106.495, 29.495, 106.505, 29.505)
        assert QgsProject.instance().crs().authid() == crs, "the project's CRS was changed"
        pixel = (VIEW[2] - VIEW[0]) / iface.mapCanvas().width()
        assert all(abs(a - b) < 3 * pixel for a, b in zip(found, wanted, strict=True)), (found, wanted)
        assert dock.panel.step() == 2
        red = [one for one in dock.panel.result.findings.findings if one.role == "red_line"]
        assert red, rules(dock)
        assert all(one.met for one in red)

    return trial


def every_kind_is_drawn():
    dock = fresh()
    draw(dock, "line", TOUCHES[:2])
    draw(dock, "point", [(106.55, 29.55)])
    idle(dock)
    kinds = sorted(Qgis.GeometryType(layer.geometryType()).name for layer in dock.workspace.sites.layers())
    assert kinds == ["Line", "Point"], kinds
    assert list(dock.panel.result.run.sites) == dock.workspace.sites.ids()
    iface.actionPan().trigger()
    assert not any(tool.isChecked() for tool in dock.panel.site.draw_tools.values())


def result_follows_a_move():
    dock = fresh()
    bring(dock, TOUCHES)
    until(lambda: dock.panel.result.run is not None, "the verdict")
    idle(dock)
    assert any(one.role == "red_line" for one in dock.panel.result.findings.findings)
    layer, feature = next(dock.workspace.sites.features())
    layer.startEditing()
    moved = QgsGeometry(feature.geometry())
    moved.translate(CLEAR[0][0] - TOUCHES[0][0], CLEAR[0][1] - TOUCHES[0][1])
    before = dock.panel.result.run
    layer.changeGeometry(feature.id(), moved)
    until(lambda: dock.panel.result.run not in (None, before), "the new verdict")
    idle(dock)
    assert not any(one.role == "red_line" and one.met for one in dock.panel.result.findings.findings)
    layer.undoStack().undo()
    until(lambda: any(one.role == "red_line" for one in dock.panel.result.findings.findings), "the verdict of before")
    layer.rollBack()


def result_follows_an_attribute():
    dock = fresh()
    bring(dock, TOUCHES)
    until(lambda: dock.panel.result.run is not None, "the verdict")
    idle(dock)
    assert "nature" in dock.panel.result.site().asked.columns
    dock.panel.go(1)
    click(dock.panel.site.form.fields["nature"].ticks["新建"])
    until(lambda: "nature" not in dock.panel.result.site().asked.columns, "the verdict with the nature")
    assert dock.workspace.sites.attributes("D-01")["nature"] == "新建"


def typing_is_not_lost_when_another_site_is_chosen():
    dock = fresh()
    bring(dock, TOUCHES)
    bring(dock, CLEAR)
    idle(dock)
    dock.panel.go(1)
    dock.panel.site.choose("D-01")
    QTest.keyClicks(dock.panel.site.form.fields["land_use"].widget, "gongye")
    dock.panel.site.choose("D-02")
    idle(dock)
    assert dock.panel.result.site_id() == "D-02"
    assert dock.workspace.sites.attributes("D-01").get("land_use") == "gongye"
    assert "land_use" not in dock.workspace.sites.attributes("D-02")


def warm_verdict():
    """Mouse up to banner, five times; the best and the middle are told."""
    dock = fresh()
    draw(dock, "polygon", CLEAR)
    until(lambda: dock.panel.result.run is not None, "the verdict")
    idle(dock)
    seen, took = [], []
    dock.live.told.connect(lambda _run: seen.append(time.perf_counter()))  # after the dock itself, which came first
    for turn in range(5):
        seen.clear()
        dock.workspace.sites.remove(dock.workspace.sites.ids()[-1])
        idle(dock)
        seen.clear()
        draw(dock, "polygon", [(x + 0.002 * turn, y) for x, y in TOUCHES])
        start = time.perf_counter()  # the right button is up
        until(lambda: seen, "the verdict")
        took.append(1000 * (seen[0] - start))
        idle(dock)
    return sorted(round(each) for each in took)

"""What may happen to a project and its layers while a screening is under way, and how it is cancelled."""

import contextlib
from pathlib import Path

from hands import checked, click, idle, in_dialog, until
from qgis.core import (
    Qgis,
    QgsGeometry,
    QgsProject,
)
from qgis.PyQt.QtTest import QTest
from qgis.utils import iface

from trial.stage import CLEAR, HOME, TOUCHES, bring, fresh


def project_closed_during_a_run():
    dock = fresh()
    bring(dock, TOUCHES)
    until(lambda: dock.live._work is not None, "the run")
    QgsProject.instance().clear()
    idle(dock)
    assert dock.panel.result.run is None
    assert dock.workspace.sites.ids() == []
    assert dock.panel.site.list.topLevelItemCount() == 0


def layer_removed_during_a_run():
    dock = fresh()
    bring(dock, TOUCHES)
    until(lambda: dock.live._work is not None, "the run")
    QgsProject.instance().removeMapLayer(dock.workspace.sites.layers()[0].id())
    idle(dock)
    assert dock.panel.result.run is None
    bring(dock, CLEAR)
    until(lambda: dock.panel.result.run is not None, "a verdict after it")


def layer_edited_during_a_run():
    dock = fresh()
    bring(dock, CLEAR)
    until(lambda: dock.live._work is not None, "the run")
    _, feature = next(dock.workspace.sites.features())
    moved = QgsGeometry(feature.geometry())
    moved.translate(TOUCHES[0][0] - CLEAR[0][0], TOUCHES[0][1] - CLEAR[0][1])
    seen = []
    dock.live.told.connect(seen.append)
    dock.workspace.sites.reshape("D-01", moved)
    until(lambda: seen, "the verdict")
    idle(dock)
    dock.live.told.disconnect(seen.append)
    assert len(seen) == 1, "the run that was stopped told its result"
    assert any(one.role == "red_line" for one in dock.panel.result.findings.findings)


def dead_source():
    dock = fresh("dead.toml")
    bring(dock, TOUCHES)
    until(lambda: iface.messageBar().currentItem() is not None, "the message")
    idle(dock)
    item = iface.messageBar().currentItem()
    assert item.level() == Qgis.MessageLevel.Critical
    assert "gone.gpkg" in item.title(), item.title()
    assert dock.panel.result.run is None
    assert dock.panel.result.banner.look == ""
    until(lambda: "water_source" in dock.panel.layers.checked, "the mark in the table")
    # the other way round: a good set after it is not blamed
    assert dock.workspace.open_layer_set(HOME / "small.toml")
    until(lambda: dock.panel.result.run is not None, "the verdict")
    until(lambda: not dock.panel.layers.checked, "the mark to go")


def source_deleted_after_it_was_read():
    copy = HOME / "later.gpkg"
    copy.write_bytes((HOME / "small.gpkg").read_bytes())
    text = (HOME / "small.toml").read_text(encoding="utf-8").replace("small.gpkg", "later.gpkg")
    (HOME / "later.toml").write_text(text, encoding="utf-8")
    dock = fresh("later.toml")
    bring(dock, TOUCHES)
    until(lambda: dock.panel.result.run is not None, "the verdict")
    copy.unlink()
    dock.live.now()
    until(lambda: iface.messageBar().currentItem() is not None, "the message")
    idle(dock)
    assert dock.panel.result.run is None, "a verdict stands whose data is gone"


def two_runs_at_once():
    dock = fresh()
    bring(dock, TOUCHES)
    until(lambda: dock.panel.result.run is not None, "the verdict")
    idle(dock)
    click(named_action(dock, "keep"))
    dock.live.now()
    idle(dock)
    assert len(dock.papers.folders) >= 1
    assert dock.panel.result.run is not None


def named_action(dock, name):
    dock.panel.go(2)
    return dock.panel.result.actions[name]


def cancelled_screening_leaves_the_result_as_it_was():
    dock = fresh()
    bring(dock, TOUCHES)
    until(lambda: dock.panel.result.run is not None, "the verdict")
    idle(dock)
    for pause in (0, 5, 20, 60):
        before, told = dock.panel.result.run, []
        dock.live.told.connect(told.append)
        dock.live.now()
        until(lambda: dock.live._work is not None, "the run")
        QTest.qWait(pause)
        if dock.live._work is not None:
            dock.live._work.cancel()
        idle(dock)
        dock.live.told.disconnect(told.append)
        assert dock.panel.result.run is (told[0] if told else before)
    dock.live.now()
    until(lambda: dock.panel.result.run is not before, "a verdict after it")


def cancelled_keeping_and_export_leave_no_file():
    from ecoredline.plugin.exporting import Order
    from ecoredline.plugin.runs import home

    dock = fresh()
    bring(dock, TOUCHES)
    until(lambda: dock.panel.result.run is not None, "the verdict")
    idle(dock)
    target = HOME / "papers"
    for pause in (0, 300, 1500):
        order = Order(target, ("xlsx",), True, False, False)
        in_dialog("ecoredline_export_dialog", lambda dialog, order=order: confirm(dialog, order))
        click(named_action(dock, "export"))
        checked()
        QTest.qWait(pause)
        if dock.panel.status.isVisible():
            click(dock.panel.cancel)
        idle(dock)
        assert not list(target.glob("**/.part-*")), list(target.glob("**/*"))
        assert not [name for name in commands() if "ecoredline.plugin.map_child" in name]
    assert not list(home().glob("runs/*.part-*"))


def commands():
    """Return the command lines of all processes."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            found.append((place / "cmdline").read_text(errors="replace"))
    return found


def confirm(dialog, order):
    dialog.order = lambda: order
    dialog.accept()

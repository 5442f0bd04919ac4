"""Runs inside the real window of QGIS with the plugin installed from its zip: the whole path, one picture per step.

ECOREDLINE_SHOTS: folder for the pictures; ECOREDLINE_KEYS: key states only; ECOREDLINE_HANDS: the folder of hands.py.
Each picture is taken after an assertion on what it shows.
"""

import os
import sys
import traceback
from pathlib import Path

from qgis.core import Qgis, QgsSettings
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QApplication, QDockWidget, QPlainTextEdit
from qgis.utils import iface, plugins

SHOTS = Path(os.environ["ECOREDLINE_SHOTS"])
KEYS = bool(os.environ.get("ECOREDLINE_KEYS"))
sys.path.insert(0, os.environ["ECOREDLINE_HANDS"])
from hands import checked, click, click_item, conduct, draw, idle, in_dialog, look_at, named, until  # noqa: E402

TAKEN = []


def shot(name, key=False, widget=None):
    """Take a picture of the window, and of the dialog over it where there is one."""
    if KEYS and not key:
        return
    QTest.qWait(250)
    TAKEN.append(name)
    screen = QApplication.primaryScreen()
    window = iface.mainWindow()
    picture = screen.grabWindow(0, window.x(), window.y(), window.width(), window.height()) if widget else window.grab()
    picture.save(str(SHOTS / f"{len(TAKEN):02d}-{name}.png"))


def settled(dock):
    """Wait until work and map have come to rest."""
    idle(dock)
    until(lambda: not iface.mapCanvas().isDrawing(), "the map")
    QTest.qWait(300)
    until(lambda: not iface.mapCanvas().isDrawing(), "the map")


def install():
    """The plugin runs from the zip; its button opens the dock."""
    assert "ecoredline" in plugins
    folder = Path(sys.modules["ecoredline"].__file__).parent
    assert "python/plugins/ecoredline" in folder.as_posix(), folder
    action = iface.mainWindow().findChild(QAction, "ecoredline_dock")
    button = next(w for w in action.associatedWidgets() if w.inherits("QToolBar")).widgetForAction(action)
    click(button)
    dock = conduct()
    idle(dock)
    assert dock.panel.isVisible()
    assert dock.panel.step() == 0
    shot("installed", key=True)
    return dock


def sample(dock):
    click(dock.panel.layers.sample_button)
    until(dock.panel.status.isVisible, "the progress")
    QTest.qWait(700)
    shot("sample-under-way")
    until(lambda: dock.workspace.layer_set is not None, "the sample", 240)
    settled(dock)
    assert dock.panel.step() == 1
    click(dock.panel.steps[0])
    rows = dock.panel.layers._items()
    states = [row.text(1) for row in rows]
    assert sum("✔" in state for state in states) >= 7, states
    dock.panel.layers.choose_role("red_line")
    assert "m" in dock.panel.layers.about.text()
    shot("layers", key=True)


def drawing(dock):
    """A plot across the red line in the west of the district."""
    look_at(106.44, 29.36, 106.56, 29.45)
    settled(dock)
    click(dock.panel.steps[1])
    west, south, east, north = box_of(dock, "red_line")
    x, y = (west + east) / 2, (south + north) / 2
    look_at(x - 0.03, y - 0.02, x + 0.03, y + 0.02)
    settled(dock)
    corners = [(x - 0.004, y - 0.003), (x + 0.008, y - 0.003), (x + 0.008, y + 0.004), (x - 0.004, y + 0.004)]
    draw(dock, "polygon", corners)
    until(lambda: dock.panel.result.run is not None, "the verdict", 60)
    settled(dock)
    assert dock.panel.step() == 2
    assert dock.panel.result.banner.look == "undetermined", dock.panel.result.banner.look
    assert "D-01" in dock.panel.result.run.sites
    shot("drawn")


def box_of(dock, role_id):
    """Return the extent of one feature of a role, in degrees."""
    from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsProject, QgsVectorLayer

    source = dock.workspace.layer_set.of(role_id)[0]
    layer = QgsVectorLayer(f"{source.source}|layername={source.layer}", role_id, "ogr")
    feature = max(layer.getFeatures(), key=lambda one: one.geometry().boundingBox().area())
    way = QgsCoordinateTransform(layer.crs(), QgsCoordinateReferenceSystem("EPSG:4490"), QgsProject.instance())
    box = way.transformBoundingBox(feature.geometry().boundingBox())
    return box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()


def form(dock):
    click(dock.panel.steps[1])
    asked = dock.panel.site.form.asked_box
    assert asked.isVisible(), "the form asks nothing"
    shot("form-asks")
    fields = dock.panel.site.form.fields
    fields["name"].widget.setFocus()
    QTest.keyClicks(fields["name"].widget, "Demo plant")
    click(fields["nature"].ticks["新建"])
    picker = fields["industry"].picker
    picker.setFocus()
    QTest.keyClicks(picker, "C26")
    until(picker.completer().popup().isVisible, "the completer")
    assert picker.completer().completionCount() > 2
    shot("industry-picker")
    picker.completer().popup().hide()
    picker.clear()
    QTest.keyClicks(picker, "C2614")
    QTest.keyClick(picker, Qt.Key.Key_Return)
    until(lambda: dock.workspace.sites.attributes("D-01").get("industry") == "C2614", "the industry")
    until(lambda: "industry" not in dock.panel.result.site().asked.columns, "the verdict with the industry")
    settled(dock)
    shot("form-filled")


def findings(dock):
    click(dock.panel.steps[2])
    view = dock.panel.result.findings
    role = Qt.ItemDataRole.UserRole
    item = next(one for one in view._items() if one.data(0, role).role == "red_line" and one.data(0, role).met)
    click_item(view.tree, item)
    until(lambda: dock.marks._items, "the marks")
    settled(dock)
    assert "红线" in view.text.toPlainText()
    shot("finding-overlap", key=True)
    near = [one for one in view._items() if one.data(0, role).distance_m > 0]
    if near:
        click_item(view.tree, near[0])
        QTest.qWait(300)
        settled(dock)
        assert len(dock.marks._items) >= 2
        shot("finding-distance")
    bar = dock.panel.result.tabs.tabBar()
    click(bar, at=bar.tabRect(1).center())
    assert dock.panel.result.points.isVisible()
    assert dock.panel.result.points.cards
    shot("to-complete", key=True)


def answering(dock):
    questions = dock.panel.result.site().asked.questions
    assert questions, "no question is open"

    def act(dialog):
        assert str(questions[0].text) == dialog.layout().itemAt(0).widget().text()
        click(named(dialog, "answer_1"))
        QTest.keyClicks(named(dialog, "answer_who"), "Li Si")
        QTest.keyClicks(named(dialog, "answer_why"), "invented")
        assert named(dialog, "answer_1").isChecked()
        shot("question", widget=dialog)
        click(named(dialog, "accept"))

    points = dock.panel.result.points
    button = named(points, "cure_answer_1")
    points.ensureWidgetVisible(button)
    in_dialog("ecoredline_answer", act)
    before = dock.panel.result.run
    click(button)
    checked()
    until(lambda: dock.panel.result.run not in (None, before), "the verdict with the answer")
    settled(dock)
    assert len(dock.workspace.answers) == 1
    assert questions[0] not in dock.panel.result.site().asked.questions
    shot("answered")


def reviewing(dock):
    def act(dialog):
        named(dialog, "review_verdict").setCurrentIndex(2)
        dialog.findChild(QPlainTextEdit, "ecoredline_review_reason").setPlainText("现场踏勘后，建议调整选址。")
        named(dialog, "review_who").setText("李四")
        shot("review", widget=dialog)
        click(named(dialog, "accept"))

    computed = dock.panel.result.site().verdict
    in_dialog("ecoredline_review_dialog", act)
    click(dock.panel.result.actions["review"])
    checked()
    until(lambda: dock.panel.result.site().reviews, "the review", 60)
    settled(dock)
    assert dock.panel.result.site().verdict == computed
    assert "李四" in dock.panel.result.banner.below.text()
    shot("reviewed")


def side_by_side(dock):
    moved = next(dock.workspace.sites.features())[1].geometry()
    moved.translate(0.012, 0.0)
    before = dock.panel.result.run
    dock.workspace.sites.reshape("D-01", moved)
    until(lambda: dock.panel.result.run not in (None, before), "the verdict of the moved site")
    settled(dock)
    click(dock.panel.result.actions["keep"])
    until(lambda: len(dock.papers.folders) == 2, "the second run", 60)
    bar = dock.panel.result.tabs.tabBar()
    click(bar, at=bar.tabRect(2).center())
    runs = dock.panel.result.runs
    assert runs.list.topLevelItemCount() == 2
    runs.list.selectAll()
    shot("runs")

    def act(dialog):
        assert dialog.table.topLevelItemCount() == 1
        assert dialog.table.topLevelItem(0).text(3)
        shot("side-by-side", widget=dialog)
        dialog.reject()

    in_dialog("ecoredline_compare_dialog", act, 60)
    click(runs.compare)
    idle(dock)
    QTest.qWait(1500)
    checked()


def all_rules(dock):
    def act(dialog):
        assert dialog.table.topLevelItemCount() > 100
        shot("all-rules", widget=dialog)
        dialog.reject()

    in_dialog("ecoredline_outcomes_dialog", act)
    click(dock.panel.result.actions["outcomes"])
    idle(dock)
    QTest.qWait(800)
    checked()


def on_the_map(dock):
    from qgis.core import QgsProject

    click(dock.panel.result.actions["to_map"])
    idle(dock)
    click(dock.panel.result.actions["rings"])
    idle(dock)
    groups = [each.name() for each in QgsProject.instance().layerTreeRoot().children()]
    assert len(groups) >= 4, groups
    box = next(dock.workspace.sites.features())[1].geometry().boundingBox()
    look_at(box.xMinimum() - 0.05, box.yMinimum() - 0.04, box.xMaximum() + 0.05, box.yMaximum() + 0.04)
    settled(dock)
    shot("on-the-map", key=True)


def exporting(dock):
    def act(dialog):
        shot("export", widget=dialog)
        click(named(dialog, "accept"))

    in_dialog("ecoredline_export_dialog", act)
    click(dock.panel.result.actions["export"])
    checked()
    until(lambda: dock.panel.status.isVisible(), "the export")
    until(lambda: not dock.panel.status.isVisible(), "the papers", 240)
    settled(dock)
    home = Path(QgsSettings().value("ecoredline/output"))
    item = iface.messageBar().currentItem()
    drawn = () if item is not None and item.level() == Qgis.MessageLevel.Warning else ("papers/**/D-01-*.png",)
    print("a map could not be drawn: " + item.text() if not drawn else "the map is drawn", file=sys.stderr)
    for pattern in ("papers/**/D-01.docx", "papers/**/findings.xlsx", "papers/**/index.html", *drawn):
        assert list(home.glob(pattern)), f"no {pattern} below {home}: {list(home.rglob('*'))}"
    shot("exported")


def main():
    SHOTS.mkdir(parents=True, exist_ok=True)
    QgsSettings().setValue("ecoredline/output", os.environ["ECOREDLINE_OUTPUT"])
    iface.mainWindow().move(0, 0)
    iface.mainWindow().resize(1500, 940)
    for dock in iface.mainWindow().findChildren(QDockWidget):
        if dock.objectName().startswith("Browser"):
            dock.hide()
    QTest.qWait(500)
    iface.messageBar().clearWidgets()
    dock = install()
    for step in (sample, drawing, form, findings, answering, reviewing, side_by_side, all_rules, on_the_map, exporting):
        if KEYS and step in (reviewing, side_by_side, all_rules, exporting):
            continue
        step(dock)


CODE = 1
try:
    main()
    CODE = 0
except BaseException:
    traceback.print_exc()
    if iface.messageBar().currentItem() is not None:
        print(iface.messageBar().currentItem().title(), iface.messageBar().currentItem().text(), file=sys.stderr)
    iface.mainWindow().grab().save(str(SHOTS / "fault.png"))
print("TAKEN " + " ".join(TAKEN), flush=True)
sys.stderr.flush()
os._exit(CODE)

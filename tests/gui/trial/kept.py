"""What is kept in the project, and how the controls are reached."""

from datetime import date

from hands import click, idle, until
from qgis.core import (
    QgsProject,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
)
from qgis.utils import iface

from trial.stage import CLEAR, HOME, TOUCHES, bring, fresh


def layer_set_is_kept_in_the_project():
    dock = fresh()
    dock.layers.drop("water_source")
    assert not dock.workspace.saved
    path = HOME / "kept.qgz"
    assert QgsProject.instance().write(str(path))
    QgsProject.instance().clear()
    assert dock.workspace.layer_set is None
    assert QgsProject.instance().read(str(path))
    assert dock.workspace.layer_set is not None
    assert dock.workspace.layer_set.of("water_source") == ()
    assert dock.workspace.layer_set.absence("water_source").state == "not_held"
    assert len(dock.workspace.layer_set.of("red_line")) == 1
    idle(dock)


def superseded_data_are_a_state_of_their_own():
    """Two vintages of the red line and a water source whose time is over: by the reference day."""
    text = (HOME / "small.toml").read_text(encoding="utf-8")
    red = text[text.index('[[layer]]\nrole = "red_line"') : text.index('[[layer]]\nrole = "control_unit"')]
    old = f"{red.rstrip()}\nvintage = 2018-06-01\nwhere = \"HXBM = 'H1'\"\n\n"
    text = text.replace(red, f"{red.rstrip()}\nvintage = 2024-03-01\n\n{old}")
    (HOME / "vintages.toml").write_text(f"{text.rstrip()}\nvalid_to = 2025-12-31\n", encoding="utf-8")
    dock = fresh("vintages.toml")
    step = dock.panel.layers

    def state(role_id):
        return next(item.text(1) for item in step._items() if item.data(0, Qt.ItemDataRole.UserRole) == role_id)

    assert all("superseded" in state(one) for one in ("red_line", "water_source")), state("red_line")
    assert "ready" in state("control_unit")
    step.choose_role("red_line")
    assert "2018-06-01" in step.about.text().splitlines()[1]
    dock.workspace.set_day(date(2025, 12, 31))
    assert "superseded" in state("red_line")
    assert "ready" in state("water_source")
    dock.workspace.set_day(date(2024, 2, 29))
    assert "ready" in state("red_line")
    idle(dock)


def strictness_and_profile_are_kept_in_the_project():
    """What is chosen in the dock reaches the engine, and comes back with the project."""

    def used():
        settings = dock.panel.result.run.screening.settings
        return settings["profile"], settings["strict"]

    dock = fresh()
    mine = HOME / "mine.toml"
    gone = ("bank_line", "protected_area", "permanent_farmland", "control_unit", "water_source", "district")
    dropped = "".join(f'[[dropped]]\nrole = "{one}"\nreason = "试验"\n' for one in gone)
    head = 'id = "mine"\nrequired = ["red_line"]\noptional = []\n[name]\nzh = "本单位清单"\nen = "our own profile"\n'
    mine.write_text(head + dropped, encoding="utf-8")
    bring(dock, CLEAR, nature="新建", industry="C2614")
    until(lambda: dock.panel.result.run is not None, "the verdict")
    idle(dock)
    assert used() == ("default", False)
    dock.panel.go(0)
    step = dock.panel.layers
    assert step.tree.topLevelItem(0).childCount() == 7
    step.check.choose_file(str(mine))
    idle(dock)
    assert step.tree.topLevelItem(0).childCount() == 1
    assert used() == ("mine", False)
    click(step.check.strict)
    idle(dock)
    assert used() == ("mine", True)
    step.check.choose_file(str(HOME / "gone.toml"))
    until(lambda: iface.messageBar().currentItem() is not None, "the message")
    assert dock.workspace.profile == str(mine)
    path = HOME / "checked.qgz"
    assert QgsProject.instance().write(str(path))
    QgsProject.instance().clear()
    assert (dock.workspace.profile, dock.workspace.strict) == ("", False)
    assert not step.check.strict.isChecked()
    assert QgsProject.instance().read(str(path))
    idle(dock)
    assert (dock.workspace.profile, dock.workspace.strict) == (str(mine), True)
    assert step.check.strict.isChecked()
    assert step.check.profile.currentText() in ("本单位清单", "our own profile")


def every_control_has_a_name_and_takes_the_keyboard():
    dock = fresh()
    bring(dock, TOUCHES)
    idle(dock)
    kinds = (QAbstractButton, QComboBox, QLineEdit, QAbstractItemView, QPlainTextEdit, QAbstractSpinBox)
    for step in range(3):
        dock.panel.go(step)
        QTest.qWait(30)
        for kind in kinds:
            for widget in dock.panel.findChildren(kind):
                inner = widget.objectName().startswith("qt_") or isinstance(
                    widget.parent(), QComboBox | QAbstractSpinBox | QLineEdit | QAbstractItemView
                )
                if not widget.isVisible() or inner or type(widget).__name__ in ("QHeaderView", "QTabBar"):
                    continue
                told = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
                assert told, f"{type(widget).__name__} {widget.objectName()} in step {step} has no name"
                assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, f"{told} takes no focus"

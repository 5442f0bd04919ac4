"""Every control of the dock and of the options page has a name for screen readers, and a key reaches it."""

from __future__ import annotations

import dataclasses
import gc
import importlib
import inspect
import sys
from pathlib import Path

import pytest
from ecoredline.layers import texts

sys.path.insert(0, str(Path(__file__).parent))
DIALOGS = sorted(path.stem for path in (Path(__file__).absolute().parents[2] / "plugin" / "dock").glob("*_dialog.py"))
FILLED = {
    "str": "甲", "float": 1.0, "int": 1, "bool": True, "Text": texts.Text("甲", "a"), "tuple": (), "Mapping": {},
}  # fmt: skip


def blank(kind):
    """Return a data class filled with what its fields say they hold; None for what is of another kind."""
    words = {field.name: str(field.type).partition("[")[0] for field in dataclasses.fields(kind)}
    return kind(**{name: FILLED.get(word) for name, word in words.items()})


@pytest.fixture(params=texts.LANGUAGES, autouse=True)
def language(request):
    texts.use(request.param)
    yield request.param
    texts._chosen = None


@pytest.fixture
def panel(qgis):
    from ecoredline.plugin.dock.panel import Panel
    from ecoredline.plugin.work import Works
    from ecoredline.plugin.workspace import Workspace

    workspace = Workspace()
    made = Panel(workspace, Works(print))
    yield made
    workspace.close()
    made.deleteLater()
    gc.collect()


def test_the_options_page(qgis, language):
    import reachable
    from ecoredline.plugin.options.page import OptionsPage

    page = OptionsPage()
    assert len(reachable.controls(page)) > 12
    assert reachable.faults(page) == []
    names = {reachable.name_of(each, page) for each in reachable.controls(page)}
    assert all(any("一" <= sign <= "鿿" for sign in name) for name in names) == (language == "zh"), names


def test_the_dock(panel):
    import reachable

    assert len(reachable.controls(panel)) > 20
    assert reachable.faults(panel) == []


def given(name):
    """Return what a dialog asks for by a name of its constructor."""
    from ecoredline.plugin.dock.told import RunTold, SiteTold
    from ecoredline.processing.engine.dossier.asking import Question

    if name in ("site", "older", "newer", "question"):
        return blank({"site": SiteTold, "question": Question}.get(name, RunTold))
    return {"role_id": "bank_line", "before": None, "can_draw": True, "n_sites": 2, "rows": [], "parent": None}[name]


@pytest.mark.parametrize("module", DIALOGS)
def test_the_dialogs(qgis, module):
    import reachable
    from qgis.PyQt.QtWidgets import QDialog

    found = importlib.import_module(f"ecoredline.plugin.dock.{module}")
    (kind,) = [
        each for each in vars(found).values()
        if isinstance(each, type) and issubclass(each, QDialog) and each.__module__ == found.__name__
    ]  # fmt: skip
    names = list(inspect.signature(kind.__init__).parameters)[1:]
    if "conduct" in names:
        pytest.skip("stands on a whole dock: tests/gui walks it")
    dialog = kind(**{name: given(name) for name in names})
    assert reachable.controls(dialog)
    assert reachable.faults(dialog) == []
    dialog.deleteLater()


def test_the_check_sees_what_is_wrong(qgis):
    import reachable
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QLabel, QPushButton, QSpinBox, QToolButton, QWidget

    root, form = QWidget(), None
    form = QFormLayout(root)
    good, label = QComboBox(), QLabel("单位")
    label.setBuddy(good)
    form.addRow(label, good)
    form.addRow(QPushButton("&好"))
    assert reachable.faults(root) == []
    form.addRow("", QSpinBox())
    mute = QToolButton()
    mute.setText("…")
    form.addRow("", mute)
    deaf = QPushButton("好")
    deaf.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    form.addRow("", deaf)
    kinds = [fault.split(" in ")[0] for fault in reachable.faults(root)]
    assert kinds == ["no name: QSpinBox ?", "no name: QToolButton ?", "no key reaches: QPushButton ?"]

"""The plugin adds its provider, menu entry and button, and takes each out again."""

from __future__ import annotations

import ast
import types
from pathlib import Path

import ecoredline
import pytest
from ecoredline.layers import texts

SCREEN = "ecoredline:screenprojects"
DIALOG = "ecoredline_screenprojects"


class Window:
    """What the plugin asks of the window, remembered."""

    def __init__(self):
        from qgis.gui import QgsMapCanvas, QgsMessageBar
        from qgis.PyQt.QtWidgets import QMainWindow, QMenu

        self.main = QMainWindow()
        self.help = QMenu(self.main)
        self.canvas = QgsMapCanvas(self.main)
        self.bar = QgsMessageBar()
        self.menu: list[tuple[str, object]] = []
        self.toolbar: list[object] = []
        self.pages: list[object] = []
        self.of_layers: list[object] = []
        self.locators: list[object] = []

    def mainWindow(self):
        return self.main

    def messageBar(self):
        return self.bar

    def mapCanvas(self):
        return self.canvas

    def pluginHelpMenu(self):
        return self.help

    def addCustomActionForLayerType(self, action, menu, kind, all_layers):
        self.of_layers.append(action)

    def removeCustomActionForLayerType(self, action):
        self.of_layers.remove(action)

    def registerLocatorFilter(self, filter_):
        self.locators.append(filter_)

    def deregisterLocatorFilter(self, filter_):
        self.locators.remove(filter_)

    def registerOptionsWidgetFactory(self, factory):
        self.pages.append(factory)

    def unregisterOptionsWidgetFactory(self, factory):
        self.pages.remove(factory)

    def addPluginToMenu(self, name, action):
        self.menu.append((name, action))

    def removePluginMenu(self, name, action):
        self.menu.remove((name, action))

    def addToolBarIcon(self, action):
        self.toolbar.append(action)

    def removeToolBarIcon(self, action):
        self.toolbar.remove(action)


@pytest.fixture
def window(qgis):
    return Window()


@pytest.fixture(autouse=True)
def language():
    yield
    texts._chosen = None


def test_everything_added_is_taken_out_twice_over(window):
    from qgis.core import QgsApplication

    registry = QgsApplication.processingRegistry()
    before = {provider.id() for provider in registry.providers()}
    for _ in range(2):
        plugin = ecoredline.classFactory(window)
        plugin.initGui()
        assert registry.algorithmById(SCREEN) is not None
        assert DIALOG in [action.objectName() for _, action in window.menu]
        for menu, action in window.menu:
            assert "生态红线" in menu
            assert not action.icon().isNull()
        plugin.unload()
        assert window.menu == []
        assert window.toolbar == window.pages == window.of_layers == window.locators == window.help.actions() == []
        assert {provider.id() for provider in registry.providers()} == before


def test_without_a_window_only_the_provider_is_added(qgis):
    from qgis.core import QgsApplication

    plugin = ecoredline.classFactory(None)
    plugin.initProcessing()
    assert QgsApplication.processingRegistry().algorithmById(SCREEN) is not None
    plugin.unload()
    assert QgsApplication.processingRegistry().algorithmById(SCREEN) is None


def test_menu_opens_the_dialog_of_screenprojects(window, monkeypatch):
    from qgis import processing

    opened = []
    monkeypatch.setattr(processing, "execAlgorithmDialog", opened.append, raising=False)
    plugin = ecoredline.classFactory(window)
    plugin.initGui()
    next(action for _, action in window.menu if action.objectName() == DIALOG).trigger()
    plugin.unload()
    assert opened == [SCREEN]


def test_dialog_without_provider_says_the_remedy(window):
    from ecoredline.plugin.desk import Desk
    from ecoredline.plugin.screening_dialog import ScreeningDialog

    ScreeningDialog(Desk(window)).open()
    item = window.bar.currentItem()
    assert "Processing" in item.text()
    assert item.duration() == 0


@pytest.mark.parametrize("by", ["translation", "locale"])
@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("zh-Hans", "筛查项目地块"), ("zh_CN", "筛查项目地块"), ("zh", "筛查项目地块"), ("zh-Hant", "筛查项目地块"),
        ("en_US", "Screen project sites"), ("C", "Screen project sites"), ("de", "Screen project sites"),
    ],
)  # fmt: skip
def test_language_is_that_of_qgis(qgis, monkeypatch, by, code, word):
    from ecoredline.plugin import language
    from qgis.core import QgsApplication

    # what the options or --lang say goes before what the system says
    said = {"translation": code, "locale": "zh" if code in ("C", "de", "en_US") else "en_US"}
    said = said if by == "translation" else {"translation": "", "locale": code}
    instance = types.SimpleNamespace(translation=lambda: said["translation"])
    monkeypatch.setattr(
        language, "QgsApplication", types.SimpleNamespace(instance=lambda: instance, locale=lambda: said["locale"])
    )
    plugin = ecoredline.classFactory(None)
    plugin.initProcessing()
    title = QgsApplication.processingRegistry().algorithmById(SCREEN).displayName()
    plugin.unload()
    assert title == word


def test_old_python_is_refused_in_one_sentence_per_language(monkeypatch):
    monkeypatch.setattr(ecoredline, "sys", types.SimpleNamespace(version_info=(3, 10, 4)))
    with pytest.raises(RuntimeError, match=r"需要 Python 3\.11.*needs Python 3\.11.*3\.10\.4"):
        ecoredline.classFactory(None)


def test_entry_is_read_by_python_3_9():
    source = Path(ecoredline.__file__).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 9))
    assert "match " not in source

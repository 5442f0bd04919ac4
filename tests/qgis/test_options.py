"""The options page shows what is stored, says what is wrong, and writes what is shown."""

from __future__ import annotations

import types

import pytest

SET = 'name = "t"\n[[layer]]\nrole = "red_line"\nsource = "r.gpkg"\n'


@pytest.fixture(autouse=True)
def clean(qgis):
    from qgis.core import QgsSettings

    QgsSettings().remove("ecoredline")
    yield
    QgsSettings().remove("ecoredline")


@pytest.fixture
def page(qgis):
    from ecoredline.plugin.options.part import Factory

    return Factory().createWidget(None)


def test_defaults_come_back_as_they_are(page):
    from ecoredline.plugin import settings

    page.apply()
    assert settings.read() == settings.Settings()


def test_what_is_shown_is_written_and_shown_again(page, tmp_path):
    from ecoredline.plugin import settings
    from ecoredline.plugin.options.page import OTHER, OptionsPage

    chosen = settings.Settings(str(tmp_path / "区.toml"), "default", str(tmp_path), 1.25, "mu", str(tmp_path), True)
    page.layer_set.setFilePath(chosen.layer_set)
    page.profile.setCurrentIndex(page.profile.findData("default"))
    page.packs.setFilePath(chosen.packs)
    page.accuracy.setValue(1.25)
    page.units.setCurrentIndex(page.units.findData("mu"))
    page.output.setFilePath(chosen.output)
    page.secrecy.setChecked(True)
    assert settings.read() == settings.Settings()  # nothing before the dialog is accepted
    page.apply()
    assert settings.read() == chosen
    again = OptionsPage()
    assert again.shown() == chosen
    again.profile.setCurrentIndex(again.profile.findData(OTHER))
    again.profile_file.setFilePath(str(tmp_path / "own.toml"))
    again.apply()
    assert settings.read().profile == str(tmp_path / "own.toml")
    assert OptionsPage().shown() == settings.read()


def test_a_wrong_layer_set_is_said_at_once_and_a_right_one_is_quiet(page, tmp_path):
    file = tmp_path / "区.toml"
    assert page.problem.text() == ""
    page.layer_set.setFilePath(str(file))
    assert "区.toml" in page.problem.text()
    file.write_text(SET, encoding="utf-8")
    page.layer_set.setFilePath("")
    page.layer_set.setFilePath(str(file))
    assert page.problem.text() == ""


def test_a_wrong_rule_pack_is_said_at_once(page, tmp_path):
    from ecoredline.processing.rules.packs import shipped_folder

    page.packs.setFilePath(str(tmp_path / "none"))
    assert "none" in page.problem.text()
    page.packs.setFilePath(str(shipped_folder()))
    assert page.problem.text() == ""
    (tmp_path / "own.toml").write_text("[pack]\nid = 'x'\n", encoding="utf-8")
    page.packs.setFilePath(str(tmp_path))
    assert "own.toml" in page.problem.text()


def test_the_file_of_a_profile_is_asked_only_where_it_is_one(page):
    from ecoredline.plugin.options.page import OTHER

    page.show()
    assert not page.profile_file.isVisible()
    page.profile.setCurrentIndex(page.profile.findData(OTHER))
    assert page.profile_file.isVisible()
    page.hide()


def test_settings_written_are_told_to_whoever_listens(page):
    from ecoredline.plugin import settings

    heard = []
    listener = lambda: heard.append(settings.read().units)  # noqa: E731
    settings.CHANGES.written.connect(listener)
    page.units.setCurrentIndex(page.units.findData("ha"))
    page.apply()
    settings.CHANGES.written.disconnect(listener)
    assert heard == ["ha"]


@pytest.fixture
def part(qgis):
    from ecoredline.plugin.options.part import OptionsPart

    class Window:
        def registerOptionsWidgetFactory(self, factory):
            pass

        def unregisterOptionsWidgetFactory(self, factory):
            pass

    made = OptionsPart(types.SimpleNamespace(iface=Window()))
    made.load()
    yield made
    made.unload()


def defaults_of(name):
    from qgis.core import QgsApplication

    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"ecoredline:{name}")
    return {each.name(): each.defaultValue() for each in algorithm.parameterDefinitions()}


def test_dialogs_start_with_what_was_chosen(provider, part, tmp_path):
    from ecoredline.plugin import settings

    plain = defaults_of("screenprojects")
    assert not any(plain[name] for name in ("LAYER_SET", "PROFILE", "RULE_PACKS"))
    assert defaults_of("exportreport")["SECRECY"] is False
    settings.write(settings.Settings(str(tmp_path / "区.toml"), "default", str(tmp_path), secrecy=True))
    filled = defaults_of("screenprojects")
    assert (filled["LAYER_SET"], filled["PROFILE"]) == (str(tmp_path / "区.toml"), "default")
    assert filled["RULE_PACKS"] == str(tmp_path)
    assert {name: filled[name] for name in filled if filled[name] != plain[name]}.keys() == {
        "LAYER_SET", "PROFILE", "RULE_PACKS",
    }  # fmt: skip
    assert defaults_of("exportreport")["SECRECY"] is True
    assert defaults_of("exportmaps")["SECRECY"] is True
    assert not defaults_of("verifyseal")["RULE_PACKS"]  # it judges by the law in the dossier


def test_without_the_window_nothing_is_prefilled(provider, tmp_path):
    from ecoredline.plugin import settings

    before = defaults_of("screenprojects"), defaults_of("exportreport")
    settings.write(settings.Settings(str(tmp_path / "区.toml"), "default", str(tmp_path), secrecy=True))
    assert (defaults_of("screenprojects"), defaults_of("exportreport")) == before


@pytest.mark.parametrize("there", [True, False])
def test_whether_the_compiled_loops_are_in_use_is_said(qgis, monkeypatch, there):
    from ecoredline.plugin.options import page as module

    monkeypatch.setattr(module.library, "kernel", lambda: object() if there else None)
    page = module.OptionsPage()
    assert page.loops.text() == str(module.LOOPS_USED if there else module.LOOPS_MISSING)

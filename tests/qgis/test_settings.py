"""Settings survive, and what makes no sense falls back to the default."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def clean(qgis):
    from qgis.core import QgsProject, QgsSettings

    QgsSettings().remove("ecoredline")
    yield
    QgsSettings().remove("ecoredline")
    QgsProject.instance().clear()


def test_written_is_read(qgis):
    from ecoredline.plugin import settings

    chosen = settings.Settings("/数据/区.toml", "default", "/包", 2.5, "mu", "/成果", True)
    assert settings.read() == settings.Settings() != chosen
    settings.write(chosen)
    assert settings.read() == chosen


@pytest.mark.parametrize(
    ("key", "wrong"), [("units", "acre"), ("accuracy_m", -1), ("accuracy_m", "far"), ("accuracy_m", 1001)]
)
def test_nonsense_falls_back(qgis, key, wrong):
    from ecoredline.plugin import settings
    from qgis.core import QgsSettings

    QgsSettings().setValue(f"ecoredline/{key}", wrong)
    assert settings.read() == settings.Settings()


def test_layer_set_of_the_project_goes_before_the_default(qgis, tmp_path):
    from ecoredline.plugin import settings
    from qgis.core import QgsProject

    project = QgsProject.instance()
    assert settings.layer_set_in_effect() is None
    settings.write(settings.Settings(layer_set="/a.toml"))
    assert settings.layer_set_in_effect() == Path("/a.toml")
    project.setFileName(str(tmp_path / "p.qgz"))
    own = tmp_path / "配置" / "b.toml"
    settings.set_project_layer_set(own)
    assert settings.layer_set_in_effect() == own
    assert project.readEntry("ecoredline", "layer_set")[0] == "./配置/b.toml"  # moves along with the project
    settings.set_project_layer_set("")
    assert settings.layer_set_in_effect() == Path("/a.toml")

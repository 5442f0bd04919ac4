"""The probe refuses colliding geometry libraries and lets sound ones pass."""

from __future__ import annotations

import sys
import types

import pytest
from ecoredline.layers.errors import MissingLibraryError


@pytest.fixture
def runtime(qgis):
    from ecoredline.processing.algorithms import runtime

    return runtime


def test_a_python_that_hosts_qgis_may_mix_versions(runtime, monkeypatch):
    monkeypatch.setattr(runtime, "_qgis_geos", lambda: (3, 1, 4))
    runtime.probe()


def test_executable_without_guard_is_refused_with_both_versions(runtime, monkeypatch):
    monkeypatch.setattr(runtime, "_qgis_geos", lambda: (3, 1, 4))
    monkeypatch.setattr(runtime, "_inside_executable", lambda: True)
    monkeypatch.delitem(sys.modules, "sitecustomize", raising=False)
    with pytest.raises(MissingLibraryError) as caught:
        runtime.probe()
    assert "3.1.4" in caught.value.cause.zh
    assert ".ci/guard" in caught.value.remedy.en


def test_executable_with_guard_passes(runtime, monkeypatch):
    monkeypatch.setattr(runtime, "_qgis_geos", lambda: (3, 1, 4))
    monkeypatch.setattr(runtime, "_inside_executable", lambda: True)
    monkeypatch.setitem(sys.modules, "sitecustomize", types.SimpleNamespace(ISOLATED=("shapely",)))
    runtime.probe()


def test_executable_with_one_geos_passes(runtime, monkeypatch):
    import shapely

    monkeypatch.setattr(runtime, "_qgis_geos", lambda: shapely.geos_version)
    monkeypatch.setattr(runtime, "_inside_executable", lambda: True)
    monkeypatch.delitem(sys.modules, "sitecustomize", raising=False)
    runtime.probe()


def test_broken_wkb_is_refused_even_with_guard(runtime, monkeypatch):
    import shapely

    def broken(*_args, **_options):
        raise shapely.errors.GEOSException("WKB output dimension must be 2 or 3")

    monkeypatch.setattr(shapely, "to_wkb", broken)
    monkeypatch.setitem(sys.modules, "sitecustomize", types.SimpleNamespace(ISOLATED=("shapely",)))
    with pytest.raises(MissingLibraryError):
        runtime.probe()


def test_missing_shapely_names_the_package(runtime, monkeypatch):
    monkeypatch.setitem(sys.modules, "shapely", None)
    with pytest.raises(MissingLibraryError) as caught:
        runtime.probe()
    assert "python3-shapely" in caught.value.remedy.en

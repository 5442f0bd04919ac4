"""One QGIS for all tests of this folder, hosted by the system's Python."""

from __future__ import annotations

import gc
import importlib.util
import os
import sys

import pytest

# Without the environment of the Makefile there may be no QGIS, and core tests run alone; under it QGIS must be there.
if importlib.util.find_spec("qgis.core") is None and "ECOREDLINE_GUARD" not in os.environ:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def qgis():
    """Start QGIS without a screen and stop it when all layers are gone."""
    from qgis.core import QgsApplication

    application = QgsApplication([], True)
    application.initQgis()
    sys.path.append(os.path.join(QgsApplication.pkgDataPath(), "python", "plugins"))
    yield application
    gc.collect()
    application.exitQgis()


@pytest.fixture
def provider(qgis):
    """Register the provider for one test."""
    from ecoredline.processing.algorithms.provider import EcoRedlineProvider
    from qgis.core import QgsApplication

    registry = QgsApplication.processingRegistry()
    added = EcoRedlineProvider()
    assert registry.addProvider(added)
    yield added
    registry.removeProvider(added)


@pytest.fixture
def feedback():
    """Collect what an algorithm says."""
    from qgis.core import QgsProcessingFeedback

    return QgsProcessingFeedback(False)

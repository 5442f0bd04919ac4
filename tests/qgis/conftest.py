"""One QGIS for all tests of this folder, hosted by the system's Python."""

from __future__ import annotations

import gc
import importlib.util
import os
import sys
from types import SimpleNamespace

import pytest
import shapely

sys.path.insert(0, os.path.dirname(__file__))  # the helpers beside the tests

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


@pytest.fixture
def looked_at(monkeypatch):
    """Read each page as it is written: texts by id, legend, layers, the extent and scale of its map."""
    from ecoredline.processing.maps import batch
    from qgis.core import QgsLayoutItemLabel

    pages = []
    real = batch.write_page

    def spy(layout, path, *rest):
        view = layout.itemById("map")
        legend = layout.itemById("legend")
        entries = [
            node.data(0)
            for layer in legend.model().rootGroup().findLayers()
            for node in legend.model().layerLegendNodes(layer)
        ]
        pages.append(
            SimpleNamespace(
                texts={i.id(): i.text() for i in layout.items() if isinstance(i, QgsLayoutItemLabel) and i.isVisible()},
                tables={id_: cells(layout, id_) for id_ in ("relation_table", "corner_table")},
                legend=entries,
                names=[layer.name() for layer in view.layers()],
                shapes={
                    layer.name(): shapely.union_all(
                        [shapely.from_wkb(bytes(f.geometry().asWkb())) for f in layer.getFeatures()]
                    )
                    for layer in view.layers()
                },
                scale=view.scale(),
                epsg=view.crs().authid(),
                rects={
                    i.id(): i.mapRectToScene(i.rect())
                    for i in layout.items()
                    if hasattr(i, "id") and i.id() and i.isVisible()
                },
                grids={
                    view.grids().grid(n).name(): view.grids().grid(n).intervalX() for n in range(view.grids().size())
                },
            )
        )
        return real(layout, path, *rest)

    monkeypatch.setattr(batch, "write_page", spy)
    return pages


def cells(layout, id_):
    return [[cell.content() for cell in row] for row in layout.itemById(id_).multiFrame().tableContents()]

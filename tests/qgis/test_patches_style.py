"""Patches to verify: what the style offers for their state is what the engine knows."""

from __future__ import annotations

from pathlib import Path


def test_the_states_to_choose_from_are_those_of_the_engine(qgis):
    from ecoredline.processing.engine.restoration.watch import KINDS, STATES
    from qgis.core import QgsVectorLayer

    layer = QgsVectorLayer("MultiPolygon?crs=EPSG:4490&field=kind:string&field=status:string", "p", "memory")
    layer.loadNamedStyle(str(Path(__file__).parents[2] / "styles" / "patches.qml"))
    widget = layer.editorWidgetSetup(layer.fields().lookupField("status"))
    assert widget.type() == "ValueMap"
    assert [next(iter(entry.values())) for entry in widget.config()["map"]] == list(STATES)
    assert {category.value() for category in layer.renderer().categories() if category.value()} == set(KINDS)

"""The style of the chainage of banks knows every use, in the colours of the strip chart."""

from __future__ import annotations

from pathlib import Path


def test_every_use_has_its_colour(qgis):
    from ecoredline.processing.engine.occupancy.uses import uses
    from qgis.core import QgsVectorLayer

    layer = QgsVectorLayer("MultiLineString?crs=EPSG:4490&field=use:string", "b", "memory")
    _, loaded = layer.loadNamedStyle(str(Path(__file__).parents[2] / "styles" / "bank_uses_line.qml"))
    assert loaded
    found = {category.value(): category for category in layer.renderer().categories()}
    assert set(found) == {*(use.id for use in uses()), ""}
    for use in uses():
        assert found[use.id].symbol().symbolLayers()[-1].color().name() == use.colour
        assert found[use.id].label() == use.text.zh

"""Sites taken over from a selection or a file, and what of them stays open."""

from hands import click, idle, until
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
)
from qgis.utils import iface

from trial.stage import TOUCHES, bring, fresh


def selection_is_copied_and_the_layer_left_alone():
    dock = fresh()
    own = QgsVectorLayer("Polygon?crs=EPSG:4490&field=编号:string&field=建设性质:string", "我的图层", "memory")
    feature = QgsFeature(own.fields())
    ring = ", ".join(f"{x} {y}" for x, y in [*TOUCHES, TOUCHES[0]])
    feature.setGeometry(QgsGeometry.fromWkt(f"POLYGON(({ring}))"))
    feature.setAttributes(["甲-1", "扩建"])
    own.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(own)
    style = own.renderer().dump()
    iface.setActiveLayer(own)
    dock.panel.go(1)
    click(dock.panel.site.findChild(QAbstractButton, "ecoredline_use_selection"))
    assert (
        "没有选中" in iface.messageBar().currentItem().title()
        or "No feature" in iface.messageBar().currentItem().title()
    )
    own.selectAll()
    click(dock.panel.site.findChild(QAbstractButton, "ecoredline_use_selection"))
    until(lambda: dock.workspace.sites.ids() == ["甲-1"], "the site")
    idle(dock)
    assert dock.workspace.sites.attributes("甲-1")["nature"] == "扩建"
    assert own.name() == "我的图层"
    assert own.renderer().dump() == style
    assert not own.isEditable()


def selection_in_an_old_datum_is_refused():
    dock = fresh()
    own = QgsVectorLayer("Polygon?crs=EPSG:4610", "西安80", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromWkt("POLYGON((106.5 29.5, 106.51 29.5, 106.51 29.51, 106.5 29.5))"))
    own.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(own)
    own.selectAll()
    dock.sites.take_selection(own)
    until(lambda: iface.messageBar().currentItem() is not None, "the message")
    assert dock.workspace.sites.ids() == []


def what_is_open_is_told_in_the_language_of_the_window():
    dock = fresh()
    bring(dock, TOUCHES, nature="新建", industry="C2614")
    until(lambda: dock.panel.result.run is not None, "the verdict")
    idle(dock)
    gaps, cards = dock.panel.result.run.gaps, dock.panel.result.points.cards
    assert any("bank line" in str(gap.cause) for gap in gaps), gaps
    for gap in gaps:
        assert gap.cause.zh != gap.cause.en
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in f"{gap.cause}{gap.cure}"), gap
        assert any(card.text.startswith(str(gap.cause)) for card in cards), gap
    assert any(card.key == "role_bank_line" for card in cards)

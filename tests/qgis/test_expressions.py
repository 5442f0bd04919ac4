"""Expression functions: figures of the engine, in any CRS, in any thread, and words where there is no answer."""

from __future__ import annotations

import gc

import geopandas as gpd
import pyproj
import pytest
import shapely

GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)
SQUARE = shapely.box(106.50, 29.50, 106.52, 29.52)
SITE = shapely.box(106.515, 29.505, 106.525, 29.515)
POINT = shapely.Point(106.53, 29.51)
NAMES = ("ecoredline_distance", "ecoredline_overlap", "ecoredline_nearest")
TOML = 'name = "t"\n[[layer]]\nrole = "red_line"\nsource = "红线.gpkg"\nfields = { name = "HXMC" }\n'


class Window:
    class Canvas:
        def stopRendering(self):
            pass

    def mapCanvas(self):
        return self.Canvas()


@pytest.fixture
def part(qgis):
    from ecoredline.plugin.desk import Desk
    from ecoredline.plugin.expressions.part import ExpressionFunctions
    from qgis.core import QgsProject, QgsSettings

    QgsSettings().remove("ecoredline")
    QgsProject.instance().clear()
    made = ExpressionFunctions(Desk(Window()))
    made.load()
    yield made
    made.unload()
    QgsProject.instance().clear()
    gc.collect()


@pytest.fixture
def layer_set(part, tmp_path):
    from ecoredline.plugin import settings

    frame = gpd.GeoDataFrame({"HXMC": ["一段"]}, geometry=[SQUARE], crs="EPSG:4490")
    frame.to_file(tmp_path / "红线.gpkg")
    (tmp_path / "区.toml").write_text(TOML, encoding="utf-8")
    settings.set_project_layer_set(tmp_path / "区.toml")
    return tmp_path / "区.toml"


def layer_of(shapes, crs="EPSG:4490", fields="", values=()):
    from qgis.core import QgsVectorLayer

    kind = ("Point", "LineString", "Polygon")[int(shapely.get_dimensions(shapes[0]))]
    layer = QgsVectorLayer(f"{kind}?crs={crs}{fields}", "地块", "memory")
    moved = gpd.GeoSeries([shapely.segmentize(s, 0.0005) for s in shapes], crs="EPSG:4490").to_crs(crs)
    for shape, attributes in zip(moved, list(values) or [()] * len(shapes), strict=True):
        add(layer, shape, attributes)
    return layer


def add(layer, shape, attributes=()):
    from qgis.core import QgsFeature, QgsGeometry

    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt(shape.wkt))
    feature.setAttributes(list(attributes))
    assert layer.dataProvider().addFeature(feature)


def evaluate(text, layer, row=0):
    from qgis.core import QgsExpression, QgsExpressionContext, QgsExpressionContextUtils

    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(list(layer.getFeatures())[row])
    expression = QgsExpression(text)
    assert not expression.hasParserError(), expression.parserErrorString()
    assert expression.prepare(context)
    value = expression.evaluate(context)
    return value, expression.evalErrorString()


def test_registered_with_help_and_taken_out(qgis, part):
    from qgis.core import QgsExpression

    for name in NAMES:
        assert QgsExpression.isFunctionName(name)
        text = next(each for each in QgsExpression.Functions() if each.name() == name).helpText()
        assert "red_line" in text and name in text
    before = len(QgsExpression.Functions())
    part.unload()
    assert not any(QgsExpression.isFunctionName(name) for name in NAMES)
    assert len(QgsExpression.Functions()) == before - len(NAMES)
    part.load()


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4326", "EPSG:4544", "EPSG:3857"])
def test_overlap_and_distance_in_any_crs(layer_set, crs):
    layer = layer_of([SITE, POINT.buffer(0.001)], crs)
    part = shapely.segmentize(shapely.box(106.515, 29.505, 106.52, 29.515), 1e-5)
    value, error = evaluate("ecoredline_overlap('red_line')", layer)
    assert error == ""
    assert value == pytest.approx(abs(GEOD.geometry_area_perimeter(part)[0]), rel=1e-6)
    assert evaluate("ecoredline_distance('生态保护红线')", layer) == (0.0, "")
    assert evaluate("ecoredline_nearest(' red_line ')", layer) == ("一段", "")
    value, error = evaluate("ecoredline_distance('red_line')", layer, 1)
    assert value == pytest.approx(GEOD.inv(106.529, 29.51, 106.52, 29.51)[2], abs=0.01)


def test_one_prepared_expression_asks_every_feature(layer_set):
    from qgis.core import QgsExpression, QgsExpressionContext, QgsExpressionContextUtils

    layer = layer_of([SITE, POINT.buffer(0.001)])
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    expression, found = QgsExpression("ecoredline_distance('red_line')"), []
    assert expression.prepare(context)
    assert expression.needsGeometry()
    for feature in layer.getFeatures():
        context.setFeature(feature)
        found.append(expression.evaluate(context))
    assert found[0] == 0.0 < found[1]


def test_the_expression_builder_offers_the_functions_with_help(layer_set):
    from qgis.core import QgsExpressionContext
    from qgis.gui import QgsExpressionBuilderWidget
    from qgis.PyQt.QtCore import QModelIndex

    builder = QgsExpressionBuilderWidget(None)
    builder.initWithLayer(layer_of([SITE]), QgsExpressionContext(), "generic")
    model = builder.expressionTree().model()

    def below(parent):
        return {
            model.data(index): index for index in (model.index(i, 0, parent) for i in range(model.rowCount(parent)))
        }

    assert set(below(below(QModelIndex())["EcoRedline"])) >= set(NAMES)


def test_crs_of_the_user_serves_too(layer_set):
    from qgis.core import QgsCoordinateReferenceSystem

    wkt = (
        pyproj.CRS("EPSG:4544")
        .to_wkt()
        .replace('origin",105,', 'origin",106.2,')
        .replace('ID["EPSG",4544]', 'REMARK["x"]')
    )
    moved = gpd.GeoSeries([POINT], crs="EPSG:4490").to_crs(wkt).iloc[0]
    layer = layer_of([POINT])
    layer.dataProvider().truncate()
    add(layer, moved)
    own = QgsCoordinateReferenceSystem.fromWkt(wkt)
    own.saveAsUserCrs("own")
    layer.setCrs(own)
    assert not layer.crs().authid().startswith("EPSG")
    value, error = evaluate("ecoredline_distance('red_line')", layer)
    assert error == ""
    assert value == pytest.approx(GEOD.inv(106.53, 29.51, 106.52, 29.51)[2], abs=0.01)


def test_length_of_a_line_and_footprint_of_a_point(layer_set):
    line = layer_of([shapely.LineString([(106.49, 29.51), (106.51, 29.51)])])
    assert evaluate("ecoredline_overlap('red_line')", line)[0] == pytest.approx(
        GEOD.inv(106.50, 29.51, 106.51, 29.51)[2], abs=0.01
    )
    points = layer_of([POINT, POINT], fields="&field=占地半径:double", values=[(100.0,), (None,)])
    wide, bare = (evaluate("ecoredline_distance('red_line')", points, row)[0] for row in (0, 1))
    assert bare - wide == pytest.approx(100, abs=0.05)  # the disc has corners


def test_nothing_near_is_null(layer_set):
    far = layer_of([shapely.box(107.5, 29.5, 107.51, 29.51)])
    assert evaluate("ecoredline_distance('red_line')", far) == (None, "")
    assert evaluate("ecoredline_nearest('red_line')", far) == (None, "")
    assert evaluate("ecoredline_overlap('red_line')", far) == (0.0, "")


def test_every_error_is_said_in_words(part, layer_set):
    from ecoredline.plugin import settings
    from qgis.core import QgsExpression, QgsExpressionContext

    layer = layer_of([SITE])
    for role in ("red_lime", "bank_line"):
        value, error = evaluate(f"ecoredline_distance('{role}')", layer)
        assert value is None and role in error
    bare = QgsExpression("ecoredline_distance('red_line')")
    assert bare.evaluate(QgsExpressionContext()) is None and bare.evalErrorString()
    context = QgsExpressionContext()
    context.setFeature(next(iter(layer.getFeatures())))
    assert bare.evaluate(context) is None
    assert "CRS" in bare.evalErrorString() or "坐标系" in bare.evalErrorString()
    (layer_set.parent / "红线.gpkg").unlink()
    value, error = evaluate("ecoredline_distance('red_line')", layer)
    assert value is None and "红线.gpkg" in error
    settings.set_project_layer_set("")
    value, error = evaluate("ecoredline_distance('red_line')", layer)
    assert value is None and ("没有选择图层配置" in error or "No layer set" in error)
    layer_set.write_text("nonsense", encoding="utf-8")
    settings.set_project_layer_set(layer_set)
    value, error = evaluate("ecoredline_distance('red_line')", layer)
    assert value is None and "区.toml" in error


def test_xian_1980_is_refused_in_words(layer_set):
    layer = layer_of([SITE])
    from qgis.core import QgsCoordinateReferenceSystem

    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:4610"))
    value, error = evaluate("ecoredline_distance('red_line')", layer)
    assert value is None and "CGCS2000" in error


def test_a_layer_set_that_no_file_holds_yet_serves_too(part, layer_set):
    import types

    from ecoredline.layers.layerset import load
    from ecoredline.plugin import settings
    from qgis.core import QgsProject

    settings.set_project_layer_set("")
    workspace = types.SimpleNamespace(layer_set=load(layer_set), saved=False)
    part.desk.dock = types.SimpleNamespace(conduct=types.SimpleNamespace(workspace=workspace))
    QgsProject.instance().setDirty(True)  # as the dock does with every change
    assert evaluate("ecoredline_distance('red_line')", layer_of([SITE])) == (0.0, "")
    workspace.saved = True
    QgsProject.instance().setDirty(True)
    value, error = evaluate("ecoredline_distance('red_line')", layer_of([SITE]))
    assert value is None and error


def test_changed_layer_is_seen_at_the_next_evaluation(layer_set):
    import os

    layer = layer_of([POINT])
    first, _ = evaluate("ecoredline_distance('red_line')", layer)
    frame = gpd.GeoDataFrame({"HXMC": ["二段"]}, geometry=[POINT.buffer(0.01)], crs="EPSG:4490")
    frame.to_file(layer_set.parent / "红线.gpkg")
    os.utime(layer_set.parent / "红线.gpkg", (1, 1))
    assert evaluate("ecoredline_distance('red_line')", layer) == (0.0, "") and first > 0


def test_a_layout_over_an_atlas_prints_each_feature_s_figure(layer_set):
    from qgis.core import QgsLayoutItemLabel, QgsPrintLayout, QgsProject

    layer = layer_of([SITE, POINT.buffer(0.001)], "EPSG:3857")
    QgsProject.instance().addMapLayer(layer)
    layout = QgsPrintLayout(QgsProject.instance())
    layout.initializeDefaults()
    label = QgsLayoutItemLabel(layout)
    label.setText("[% round(ecoredline_distance('red_line')) %] m")
    layout.addLayoutItem(label)
    atlas, printed = layout.atlas(), []
    atlas.setCoverageLayer(layer)
    atlas.setEnabled(True)
    assert atlas.beginRender()
    while atlas.next():
        printed.append(label.currentText())
    atlas.endRender()
    assert printed == ["0 m", f"{GEOD.inv(106.529, 29.51, 106.52, 29.51)[2]:.0f} m"]


def test_the_window_never_waits_for_a_layer_that_a_render_thread_reads(part, layer_set, monkeypatch):
    import threading
    import time

    from ecoredline.plugin import settings
    from ecoredline.processing.engine.prepared.windows import Windows
    from qgis.core import QgsProject

    reading, go = threading.Event(), threading.Event()
    read = Windows.read.__func__

    def slow(kind, source, progress):
        reading.set()
        assert go.wait(20)
        return read(kind, source, progress)

    monkeypatch.setattr(Windows, "read", classmethod(slow))
    feature, found = next(iter(layer_of([POINT]).getFeatures())), []
    thread = threading.Thread(target=lambda: found.append(part.measures.measure(feature, "EPSG:4490", "red_line")))
    thread.start()
    assert reading.wait(20)
    start = time.perf_counter()
    QgsProject.instance().setDirty(True)
    settings.CHANGES.written.emit()
    assert time.perf_counter() - start < 0.5
    go.set()
    thread.join(20)
    assert found[0].distance_m > 900


def test_labels_drawn_in_a_render_thread_bear_the_figure(layer_set):
    """The label is drawn only if the function answers in the thread of the renderer, where it gets geometry as well."""
    from qgis.core import (
        QgsMapRendererParallelJob,
        QgsMapSettings,
        QgsPalLayerSettings,
        QgsVectorLayerSimpleLabeling,
    )
    from qgis.PyQt.QtCore import QEventLoop, QSize
    from qgis.PyQt.QtGui import QColor

    layer = layer_of([SITE])
    layer.renderer().symbol().setColor(QColor("white"))
    layer.renderer().symbol().symbolLayer(0).setStrokeColor(QColor("white"))

    def dark(text):
        label = QgsPalLayerSettings()
        label.fieldName, label.isExpression, label.placement = text, True, label.Placement.OverPoint
        layer.setLabeling(QgsVectorLayerSimpleLabeling(label))
        layer.setLabelsEnabled(True)
        settings = QgsMapSettings()
        settings.setLayers([layer])
        settings.setDestinationCrs(layer.crs())
        settings.setExtent(layer.extent())
        settings.setOutputSize(QSize(300, 300))
        job, loop = QgsMapRendererParallelJob(settings), QEventLoop()
        job.finished.connect(loop.quit)
        job.start()
        if job.isActive():
            loop.exec()
        image = job.renderedImage()
        return sum(QColor(image.pixel(x, y)).lightness() < 90 for x in range(300) for y in range(300))

    assert dark("if(ecoredline_overlap('red_line') > 500000, 'XXXXXX', '')") > 50
    assert dark("if(ecoredline_overlap('red_line') > 5000000, 'XXXXXX', '')") == 0

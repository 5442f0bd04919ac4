"""QGIS features become frames without loss, and files are read by path only where that means the same."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
import shapely
from ecoredline.layers.errors import Cancelled
from ecoredline.layers.progress import Progress


@pytest.fixture
def frames(qgis):
    from ecoredline.processing.algorithms import frames

    return frames


def memory(kind: str, features: list[tuple[str | None, list]], fields: str = "名称:string(50)"):
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    declared = "&".join(f"field={field}" for field in fields.split("&"))
    layer = QgsVectorLayer(f"{kind}?crs=EPSG:4490&{declared}", "sites", "memory")
    assert layer.isValid()
    rows = []
    for wkt, values in features:
        feature = QgsFeature(layer.fields())
        if wkt is not None:
            feature.setGeometry(QgsGeometry.fromWkt(wkt))
        feature.setAttributes(values)
        rows.append(feature)
    assert layer.dataProvider().addFeatures(rows)[0]
    return layer


def test_polygons_with_holes_and_chinese_text_survive(frames):
    outer = "106 29, 106.1 29, 106.1 29.1, 106 29.1, 106 29"
    ring = f"MultiPolygon ((({outer}),(106.02 29.02, 106.04 29.02, 106.04 29.04, 106.02 29.02)))"
    frame = frames.frame_of(memory("MultiPolygon", [(ring, ["江边地块"])]), Progress())
    assert frame.crs.to_epsg() == 4490
    assert frame["名称"].tolist() == ["江边地块"]
    assert frame.geometry.iloc[0].equals_exact(shapely.from_wkt(ring), 0)


def test_measures_go_and_arcs_become_chords(frames):
    frame = frames.frame_of(memory("LineStringZM", [("LineStringZM (106 29 5 1, 106.1 29 6 2)", ["a"])]), Progress())
    assert shapely.get_coordinates(frame.geometry.iloc[0], include_z=True).tolist() == [[106, 29, 5], [106.1, 29, 6]]
    arc = "CurvePolygon (CompoundCurve (CircularString (0 0, 1 1, 2 0), (2 0, 0 0)))"
    curved = frames.frame_of(memory("CurvePolygon", [(arc, ["b"])]), Progress()).geometry.iloc[0]
    assert curved.geom_type == "Polygon"
    assert curved.area == pytest.approx(np.pi / 2, rel=1e-3)


def test_null_values_null_geometry_and_invalid_rings_arrive_as_they_are(frames):
    from qgis.PyQt.QtCore import QDate

    bowtie = "Polygon ((0 0, 1 1, 1 0, 0 1, 0 0))"
    rows = [(None, [None, None, None]), (bowtie, ["x", QDate(2026, 11, 1), 7])]
    frame = frames.frame_of(memory("Polygon", rows, "name:string&day:date&n:integer"), Progress())
    assert frame.geometry.iloc[0] is None
    assert not frame.geometry.iloc[1].is_valid
    assert frame["name"].tolist() == [None, "x"]
    assert frame["day"].tolist() == [None, dt.date(2026, 11, 1)]
    assert frame["n"].iloc[1] == 7


def test_more_than_one_chunk_keeps_order_and_reports(frames):
    count = 2 * frames.CHUNK + 3
    layer = memory("Point", [(f"Point ({i} 0)", [str(i)]) for i in range(count)])
    shares = []
    frame = frames.frame_of(layer, Progress(lambda share, _text: shares.append(share)))
    assert frame["名称"].tolist() == [str(i) for i in range(count)]
    assert shapely.get_x(frame.geometry.to_numpy()).tolist() == list(range(count))
    assert shares[-1] == 1
    assert len(shares) == 3


def test_reading_stops_when_cancelled(frames):
    layer = memory("Point", [("Point (0 0)", ["a"])])
    with pytest.raises(Cancelled):
        frames.frame_of(layer, Progress(cancelled=lambda: True))


def test_empty_layer_and_layer_without_attributes(frames):
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    assert len(frames.frame_of(memory("Polygon", []), Progress())) == 0
    bare = QgsVectorLayer("Point?crs=EPSG:4490", "bare", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromWkt("Point (1 2)"))
    bare.dataProvider().addFeatures([feature])
    assert frames.frame_of(bare, Progress()).geometry.iloc[0].equals(shapely.Point(1, 2))


def test_table_without_geometry_is_a_plain_frame(frames):
    table = frames.frame_of(memory("NoGeometry", [(None, ["是"])]), Progress())
    assert "geometry" not in table.columns
    assert table["名称"].tolist() == ["是"]


def test_no_crs_stays_no_crs(frames):
    from qgis.core import QgsCoordinateReferenceSystem

    layer = memory("Point", [("Point (0 0)", ["a"])])
    layer.setCrs(QgsCoordinateReferenceSystem())
    assert frames.frame_of(layer, Progress()).crs is None


@pytest.fixture
def file_layer(frames, tmp_path):
    import geopandas
    from qgis.core import QgsVectorLayer

    path = tmp_path / "地块.gpkg"
    made = geopandas.GeoDataFrame({"a": ["1", "2"]}, geometry=shapely.points([106, 107], 29), crs="EPSG:4490")
    made.to_file(path, layer="first")
    made.to_file(path, layer="sites")
    return QgsVectorLayer(f"{path}|layername=sites", "sites", "ogr"), path


def test_plain_file_is_read_by_path(frames, file_layer):
    layer, path = file_layer
    assert frames.plain_file(layer) == (str(path), "sites")


def test_open_edits_filters_joins_and_other_crs_forbid_the_path(frames, file_layer):
    from qgis.core import QgsCoordinateReferenceSystem, QgsField, QgsVectorLayer
    from qgis.PyQt.QtCore import QMetaType

    def fresh():
        return QgsVectorLayer(file_layer[0].source(), "sites", "ogr")

    edited = fresh()
    edited.startEditing()
    assert frames.plain_file(edited) is None
    edited.rollBack()
    filtered = fresh()
    assert filtered.setSubsetString("a = '1'")
    assert frames.plain_file(filtered) is None
    moved = fresh()
    moved.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    assert frames.plain_file(moved) is None
    widened = fresh()
    widened.addExpressionField("'x'", QgsField("b", QMetaType.Type.QString))
    assert frames.plain_file(widened) is None
    assert frames.plain_file(memory("Point", [])) is None
    assert frames.plain_file(fresh()) is not None


def test_selected_features_only_are_read_as_such(frames, file_layer, provider):
    from qgis.core import QgsProcessingContext, QgsProcessingFeatureSourceDefinition, QgsProject

    layer, _ = file_layer
    project = QgsProject()
    project.addMapLayer(layer, False)
    layer.selectByExpression("a = '2'")
    context = QgsProcessingContext()
    context.setProject(project)
    algorithm = provider.algorithm("screenprojects").create()
    whole = frames.read(algorithm, {"SITES": layer.id()}, "SITES", context, Progress())
    chosen = QgsProcessingFeatureSourceDefinition(layer.id(), True)
    part = frames.read(algorithm, {"SITES": chosen}, "SITES", context, Progress())
    assert whole["a"].tolist() == ["1", "2"]
    assert part["a"].tolist() == ["2"]
    project.removeAllMapLayers()

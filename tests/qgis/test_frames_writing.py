"""Frames become layers and files, and a file bears its final name only when it is whole."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from ecoredline.layers.errors import Cancelled, EcoRedlineError
from ecoredline.layers.progress import Progress


@pytest.fixture
def frames(qgis):
    from ecoredline.processing.algorithms import frames

    return frames


@pytest.fixture
def screen(provider):
    return provider.algorithm("screenprojects").create()


@pytest.fixture
def context(qgis):
    from qgis.core import QgsProcessingContext

    return QgsProcessingContext()


def sites(count: int = 3) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame(
        {
            "site_id": [f"地块{i}" for i in range(count)],
            "n": np.arange(count),
            "share": [np.nan, *np.linspace(0, 1, count - 1)],
            "note": [None, *["x"] * (count - 1)],
        },
        geometry=shapely.box(106 + np.arange(count) / 1000, 29, 106.0005 + np.arange(count) / 1000, 29.001),
        crs="EPSG:4490",
    )


def test_every_value_and_geometry_arrives_in_the_file(frames, screen, context, tmp_path):
    path = tmp_path / "结论.gpkg"
    made = sites(frames.CHUNK + 2)
    assert frames.write(screen, {"VERDICTS": str(path)}, "VERDICTS", context, made, Progress()) == str(path)
    read = geopandas.read_file(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["结论.gpkg"]
    assert read.crs.to_epsg() == 4490
    assert read["site_id"].tolist() == made["site_id"].tolist()
    assert read["n"].tolist() == made["n"].tolist()
    np.testing.assert_array_equal(read["share"], made["share"])
    assert read["note"].iloc[0] is None
    assert set(read.geom_type) == {"MultiPolygon"}
    single = shapely.get_geometry(read.geometry.to_numpy(), 0)
    assert shapely.equals_exact(single, made.geometry.to_numpy(), 0).all()


def test_table_is_written_without_geometry(frames, screen, context, tmp_path):
    path = tmp_path / "findings.csv"
    table = pd.DataFrame({"site_id": ["a", "b"], "distance_m": [1.5, np.nan], "borderline": [True, False]})
    frames.write(screen, {"FINDINGS": str(path)}, "FINDINGS", context, table, Progress())
    assert pd.read_csv(path)["distance_m"].tolist()[0] == 1.5
    assert [entry.name for entry in tmp_path.iterdir() if entry.suffix != ".csvt"] == ["findings.csv"]


def test_empty_frames_make_empty_layers(frames, screen, context, tmp_path):
    path = tmp_path / "none.gpkg"
    frames.write(screen, {"VERDICTS": str(path)}, "VERDICTS", context, sites(3).iloc[:0], Progress())
    assert len(geopandas.read_file(path)) == 0


def test_mixed_kinds_share_one_layer(frames, screen, context, tmp_path):
    path = tmp_path / "mixed.gpkg"
    mixed = geopandas.GeoDataFrame(
        {"site_id": ["p", "l", "a"]},
        geometry=[shapely.Point(1, 2), shapely.LineString([(0, 0), (1, 1)]), shapely.box(0, 0, 1, 1)],
        crs="EPSG:4490",
    )
    frames.write(screen, {"VERDICTS": str(path)}, "VERDICTS", context, mixed, Progress())
    assert geopandas.read_file(path).geom_type.tolist() == ["Point", "LineString", "Polygon"]


def test_memory_output_holds_the_features(frames, screen, context):
    place = frames.write(screen, {"VERDICTS": "TEMPORARY_OUTPUT"}, "VERDICTS", context, sites(), Progress())
    layer = context.takeResultLayer(place)
    assert layer.featureCount() == 3
    assert layer.crs().authid() == "EPSG:4490"


def test_skipped_output_is_none(frames, screen, context):
    assert frames.write(screen, {}, "VERDICTS", context, sites(), Progress()) is None


def test_cancel_leaves_the_old_file_and_nothing_else(frames, screen, context, tmp_path):
    path = tmp_path / "old.gpkg"
    frames.write(screen, {"VERDICTS": str(path)}, "VERDICTS", context, sites(3), Progress())
    before = path.read_bytes()
    calls = iter([False, True, True])
    with pytest.raises(Cancelled):
        frames.write(
            screen,
            {"VERDICTS": str(path)},
            "VERDICTS",
            context,
            sites(frames.CHUNK + 1),
            Progress(cancelled=lambda: next(calls)),
        )
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["old.gpkg"]


def test_a_place_that_cannot_be_written_is_named(frames, screen, context, tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(EcoRedlineError) as caught:
        frames.write(screen, {"VERDICTS": str(blocked / "x.gpkg")}, "VERDICTS", context, sites(), Progress())
    assert "x.gpkg" in caught.value.message.en
    assert caught.value.remedy.zh


def test_layer_to_load_is_named_grouped_and_styled_under_its_final_name(frames, screen, context, tmp_path):
    from ecoredline.layers.texts import Text
    from ecoredline.processing.algorithms.styling import GROUP, dress
    from qgis.core import QgsProcessingOutputLayerDefinition, QgsProject

    project = QgsProject()
    context.setProject(project)
    path = tmp_path / "verdicts.gpkg"
    wanted = QgsProcessingOutputLayerDefinition(str(path), project)
    place = frames.write(screen, {"VERDICTS": wanted}, "VERDICTS", context, sites(), Progress())
    styler = dress(context, place, Text("初筛结论", "Verdicts"), "sites")
    assert list(context.layersToLoadOnCompletion()) == [str(path)]
    details = context.layerToLoadOnCompletionDetails(place)
    assert details.name in ("初筛结论", "Verdicts")
    assert details.groupName in GROUP
    assert details.postProcessor() is styler


@pytest.mark.parametrize(
    ("kind", "symbol"), [("MultiPolygon", "fill"), ("MultiLineString", "line"), ("Point", "marker")]
)
def test_verdicts_are_styled_by_verdict_for_each_kind_of_geometry(qgis, context, feedback, kind, symbol):
    from ecoredline.processing.algorithms.styling import Styler
    from ecoredline.processing.engine.words import Verdict
    from qgis.core import QgsSymbol, QgsVectorLayer

    layer = QgsVectorLayer(f"{kind}?crs=EPSG:4490&field=verdict:string&field=completeness:string", "v", "memory")
    Styler("sites").postProcessLayer(layer, context, feedback)
    categories = layer.renderer().categories()
    assert {category.value() for category in categories} >= {verdict.value for verdict in Verdict}
    assert {QgsSymbol.symbolTypeToString(category.symbol().type()).lower() for category in categories} == {symbol}


def test_rings_are_styled_by_distance(qgis, context, feedback):
    from ecoredline.processing.algorithms.styling import Styler
    from qgis.core import QgsVectorLayer

    layer = QgsVectorLayer("MultiPolygon?crs=EPSG:4490&field=outer_m:double", "v", "memory")
    Styler("bank_rings").postProcessLayer(layer, context, feedback)
    assert [category.value() for category in layer.renderer().categories()][:3] == [1000, 3000, 5000]

"""Which features a page shows."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely
from ecoredline.layers.layerset import LayerSet, LayerSource
from ecoredline.processing.maps.catalogue import Template, template
from ecoredline.processing.maps.errors import MapError
from ecoredline.processing.maps.layers_for_map import LayerStore, of_dimension, shown_layers, style_of
from shapely.geometry import GeometryCollection, LineString, Point, Polygon, box

AREA = box(106.40, 29.40, 106.42, 29.42)
OVERVIEW = template("overview")


def source(role: str, *geometries, **columns) -> LayerSource:
    frame = gpd.GeoDataFrame(columns, geometry=list(geometries), crs=4490)
    return LayerSource(role, role, frame=frame, vintage=date(2024, 1, 1))


def shown(*sources: LayerSource, overlap_only=None, area=AREA):
    layers = shown_layers(LayerStore(LayerSet("t", sources)), OVERVIEW, area, overlap_only)
    return {(layer.role, layer.kind): layer for layer in layers}


def test_only_what_lies_in_the_frame_is_shown():
    inside, outside = box(106.41, 29.41, 106.411, 29.411), box(106.5, 29.5, 106.6, 29.6)
    layers = shown(source("red_line", inside, outside, HXBM=["A", "B"]), source("wetland", outside))
    assert set(layers) == {("red_line", "polygon")}
    assert list(layers["red_line", "polygon"].features["feature_id"]) == ["A"]


def test_features_are_cut_a_little_beyond_the_frame():
    layers = shown(source("red_line", box(106.3, 29.3, 106.5, 29.5)))
    cut = layers["red_line", "polygon"].features.geometry.iloc[0]
    assert cut.contains(AREA)
    assert cut.within(box(106.399, 29.399, 106.421, 29.421))


def test_a_district_is_shown_where_its_outline_is():
    around = box(106.3, 29.3, 106.5, 29.5)
    assert not shown(source("district", around))
    assert set(shown(source("district", around), area=box(106.29, 29.4, 106.42, 29.42))) == {("district", "polygon")}


def test_with_secrecy_controlled_layers_end_at_the_site():
    site = box(106.409, 29.409, 106.411, 29.411)
    layers = shown(
        source("red_line", box(106.41, 29.3, 106.5, 29.5)),
        source("compliant_park", box(106.41, 29.3, 106.5, 29.5)),
        overlap_only=site,
    )
    assert layers["red_line", "polygon"].features.geometry.iloc[0].within(site.buffer(1e-12))
    assert not layers["compliant_park", "polygon"].features.geometry.iloc[0].within(site)


def test_lines_and_areas_of_one_role_are_apart_and_in_order():
    layers = shown(
        source("bank_line", LineString([(106.3, 29.41), (106.5, 29.41)]), river_class=["干流"], bank_def=["临水线"]),
        source("bank_line", box(106.3, 29.405, 106.5, 29.41), river_class=["干流"], bank_def=["临水线"]),
        source("control_unit", box(106.3, 29.3, 106.5, 29.5), HJZHGKDYBM=["ZH50010010001"]),
        source("forest_land", box(106.3, 29.3, 106.5, 29.5)),
    )
    assert list(layers) == [
        ("control_unit", "polygon"),
        ("forest_land", "polygon"),
        ("bank_line", "polygon"),
        ("bank_line", "line"),
    ]
    assert layers["bank_line", "polygon"].style.name == "bank_line_polygon.qml"
    assert layers["forest_land", "polygon"].style.name == "forest_land.qml"


def test_a_store_reads_a_source_again_only_for_more_ground(monkeypatch):
    from ecoredline.processing.maps import layers_for_map

    asked = []
    real = layers_for_map.read_layer
    monkeypatch.setattr(layers_for_map, "read_layer", lambda *a, **k: asked.append(k["bbox"]) or real(*a, **k))
    store = LayerStore(LayerSet("t", (source("red_line", box(106, 29, 107, 30)),)))
    store.touching(0, (106.1, 29.1, 106.2, 29.2))
    store.touching(0, (106.15, 29.15, 106.16, 29.16))
    assert len(asked) == 1
    store.touching(0, (106.3, 29.3, 106.4, 29.4))
    assert asked[1] == pytest.approx((105.8, 28.8, 106.7, 29.7))
    store.touching(0, (106.5, 29.5, 106.6, 29.6))
    assert len(asked) == 2


def test_parts_of_one_dimension():
    mixed = GeometryCollection([Point(0, 0), LineString([(0, 0), (1, 1)]), box(0, 0, 1, 1)])
    geometries = np.array([mixed, Point(3, 3), Polygon()], dtype=object)
    assert [g.geom_type for g in of_dimension(geometries, 2)] == ["MultiPolygon"] * 3
    assert shapely.area(of_dimension(geometries, 2)).tolist() == [1, 0, 0]
    assert shapely.get_num_geometries(of_dimension(geometries, 0)).tolist() == [1, 1, 0]


def test_every_role_has_a_style_that_exists():
    from ecoredline.layers.role import roles

    for role_id, role in roles().items():
        styles = [style_of(role_id, kind) for kind in role.geometry]
        assert all(style.is_file() and style.stem.startswith(role_id) for style in styles), role_id


def test_an_unknown_template_is_refused_with_those_there_are():
    with pytest.raises(MapError) as caught:
        template("no such")
    assert "overview" in caught.value.remedy.zh


def test_a_role_that_is_not_ordered_lies_above_the_first_where_the_rest_is_drawn():
    page = Template("t", OVERVIEW.title, "", ("control_unit", "red_line"), rest=True, omit=("basin",))
    assert page.rank("control_unit") < page.rank("wetland")
    assert page.shows("wetland")
    assert not page.shows("basin")
    assert not Template("t", OVERVIEW.title, "", ("control_unit",)).shows("wetland")


def test_the_small_map_shows_the_districts_of_the_frame_and_marks_a_tiny_frame():
    from ecoredline.processing.maps.extent import frame_for, project
    from ecoredline.processing.maps.inset import inset_layers, inset_view

    around, other = box(106.3, 29.3, 106.6, 29.5), box(107.3, 29.3, 107.6, 29.5)
    store = LayerStore(
        LayerSet("t", (source("district", around, other, XZQMC=["甲（虚构）", "乙"]), source("red_line", AREA)))
    )
    frame = frame_for(box(106.41, 29.41, 106.4101, 29.4101), np.empty((0, 2)), (192, 136))
    view = inset_view(store, frame, (68, 37))
    assert view.title == "在甲（虚构）的位置"
    assert box(*view.bounds).contains(project(around, frame.epsg).envelope)
    assert not box(*view.bounds).intersects(project(other, frame.epsg))
    roles = [layer.role for layer in inset_layers(store, view, frame.epsg, secrecy=False)]
    assert roles == ["red_line", "district", ""]
    assert [layer.role for layer in inset_layers(store, view, frame.epsg, secrecy=True)] == ["district", ""]
    large = frame_for(box(106.35, 29.35, 106.45, 29.45), np.empty((0, 2)), (192, 136))
    assert inset_view(store, large, (68, 37)).marker is None


def test_without_a_district_the_small_map_shows_the_surroundings():
    from ecoredline.processing.maps.extent import frame_for
    from ecoredline.processing.maps.inset import AROUND, inset_view

    frame = frame_for(box(106.41, 29.41, 106.4101, 29.4101), np.empty((0, 2)), (192, 136))
    view = inset_view(LayerStore(LayerSet("t", ())), frame, (68, 37))
    assert view.bounds[3] - view.bounds[1] == pytest.approx(AROUND * (frame.bounds[3] - frame.bounds[1]))

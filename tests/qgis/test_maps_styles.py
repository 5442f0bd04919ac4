"""Styles load, know every spelling of their role, and keep to one font and one look of verdicts."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import LineString, Point, box

STYLES = Path(__file__).resolve().parents[2] / "styles"
SHAPES = {"polygon": box(106, 29, 107, 30), "line": LineString([(106, 29), (107, 30)]), "point": Point(106, 29)}
BASE = {
    "red_line": "polygon", "bank_line": "line", "distance": "line", "limit_ring": "line", "site_locator": "point",
    "corners": "point", "outfall": "point", "risk_source": "point", "mine_site": "point", "sensitive_receptor": "point",
}  # fmt: skip
CATEGORISED = [
    ("control_unit", "polygon", "class"),
    ("water_source", "polygon", "level"),
    ("protected_area", "polygon", "zone"),
    ("bank_line", "polygon", "river_class"),
    ("bank_function_zone", "polygon", "zone"),
    ("wetland", "polygon", "grade"),
    ("four_hills", "polygon", "class"),
    ("scenic_area", "polygon", "zone"),
    ("noise_zone", "polygon", "class"),
    ("no_burn_zone", "polygon", "class"),
    ("soil_loss_zone", "polygon", "zone"),
]
FAMILIES = {"Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "SimHei"}


def kind_of(style: Path) -> str:
    ending = style.stem.rsplit("_", 1)[-1]
    return BASE.get(style.stem, ending if ending in SHAPES else "polygon")


def layer_of(kind: str, **columns: str):
    from ecoredline.processing.maps.memory import to_layer

    return to_layer(
        gpd.GeoDataFrame({k: [v] for k, v in columns.items()}, geometry=[SHAPES[kind]], crs=4490), kind, "t"
    )


def styled(kind: str, style: Path, **columns: str):
    from ecoredline.processing.maps.styling import apply_style

    layer = layer_of(kind, **columns)
    apply_style(layer, style, "Noto Sans CJK SC")
    return layer


@pytest.mark.parametrize("style", sorted(STYLES.glob("*.qml")), ids=lambda path: path.stem)
def test_a_style_draws_a_feature_that_has_nothing_but_a_shape(qgis, style):
    from ecoredline.processing.maps.styling import symbols_drawn

    if style.stem.startswith("sites"):
        assert symbols_drawn(styled(kind_of(style), style, site_id="1", verdict="prohibited", completeness="complete"))
        assert not symbols_drawn(styled(kind_of(style), style, site_id="1", verdict="no such"))
    else:
        assert symbols_drawn(styled(kind_of(style), style, name="x"))


@pytest.mark.parametrize(("role_id", "kind", "field"), CATEGORISED)
def test_every_spelling_and_official_column_of_a_role_finds_its_category(qgis, role_id, kind, field):
    from ecoredline.layers.role import role
    from ecoredline.processing.maps.layers_for_map import style_of
    from qgis.core import QgsVectorLayer

    spec = role(role_id).fields[field]
    fresh = QgsVectorLayer("MultiPolygon?crs=EPSG:4490", "t", "memory")
    fresh.loadNamedStyle(str(style_of(role_id, kind)))
    labels = {category.value(): category.label() for category in fresh.renderer().categories()}
    for spelling, value in spec.values.items():
        layer = styled(kind, style_of(role_id, kind), **{field: spelling})
        assert [category.label() for category in layer.renderer().categories()] == [labels[value]], spelling
    for column in spec.aliases:
        spelling, value = next(iter(spec.values.items()))
        layer = styled(kind, style_of(role_id, kind), **{column: spelling})
        assert [category.label() for category in layer.renderer().categories()] == [labels[value]], column


def test_bank_lines_are_told_apart_by_definition_and_class(qgis):
    from ecoredline.processing.maps.styling import legend_names

    style = STYLES / "bank_line.qml"
    told = {
        ("mainstem", "临水线"): "干流岸线",
        ("mainstem", "河道中心线"): "河道中心线",
        ("tributary", "河道管理范围线"): "河道管理范围线",
        ("tributary", "其他"): "支流岸线",
    }
    for (river_class, bank_def), label in told.items():
        assert legend_names(styled("line", style, river_class=river_class, bank_def=bank_def)) == [label]


def test_every_text_names_a_simplified_chinese_family():
    for path in [*STYLES.glob("*.qml"), *(STYLES / "maps").glob("*.qpt")]:
        text = path.read_text("utf-8")
        families = set(re.findall(r'<text-style[^>]*fontFamily="([^"]*)"', text))
        assert families <= FAMILIES, path.name


@pytest.mark.parametrize("name", ["sites", "sites_line", "sites_point"])
def test_sites_have_the_colours_of_the_papers(qgis, name):
    from qgis.core import QgsVectorLayer

    looks = tomllib.loads((STYLES / "verdicts.toml").read_text("utf-8"))
    uri = {"polygon": "MultiPolygon", "line": "MultiLineString", "point": "MultiPoint"}[kind_of(STYLES / f"{name}.qml")]
    layer = QgsVectorLayer(f"{uri}?crs=EPSG:4490", "t", "memory")
    layer.loadNamedStyle(str(STYLES / f"{name}.qml"))
    renderer = layer.renderer()
    assert {category.value() for category in renderer.categories()} == set(looks)
    for category in renderer.categories():
        colours = {
            colour.name().upper()
            for part in category.symbol().symbolLayers()
            for colour in (part.color(), part.strokeColor())
        }
        assert looks[category.value()]["colour"].upper() in colours, category.value()


def test_a_line_is_seen_whole_whatever_the_pattern_of_its_verdict(qgis):
    """A stretch shorter than a gap of the pattern must not vanish."""
    from qgis.core import QgsVectorLayer
    from qgis.PyQt.QtCore import Qt

    looks = tomllib.loads((STYLES / "verdicts.toml").read_text("utf-8"))
    layer = QgsVectorLayer("MultiLineString?crs=EPSG:4490", "t", "memory")
    layer.loadNamedStyle(str(STYLES / "sites_line.qml"))
    for category in layer.renderer().categories():
        whole = [
            part.color().name().upper()
            for part in category.symbol().symbolLayers()
            if part.penStyle() == Qt.PenStyle.SolidLine and not part.useCustomDashPattern()
        ]
        assert looks[category.value()]["colour"].upper() in whole, category.value()


def test_a_clear_site_that_was_not_wholly_checked_has_its_own_look(qgis):
    from ecoredline.processing.maps.styling import legend_names

    style = STYLES / "sites.qml"
    whole = styled("polygon", style, site_id="1", verdict="clear", completeness="complete")
    partly = styled("polygon", style, site_id="1", verdict="clear", completeness="partial")
    assert legend_names(whole) == ["项目地块（未触及）"]
    assert legend_names(partly) == ["项目地块（已核查部分未触及）"]


def test_a_broken_style_is_named(qgis, tmp_path):
    from ecoredline.processing.maps.errors import MapError

    bad = tmp_path / "bad.qml"
    bad.write_text("no style", "utf-8")
    with pytest.raises(MapError, match=r"bad\.qml"):
        styled("polygon", bad)

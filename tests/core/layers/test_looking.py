"""Sources that cannot play their role are known before they are read."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely
from ecoredline.layers.looking import look_at
from ecoredline.layers.sources import LayerSource


@pytest.fixture
def source(tmp_path):
    frame = gpd.GeoDataFrame({"HXBM": ["a"]}, geometry=[shapely.box(106.4, 29.4, 106.5, 29.5)], crs="EPSG:4490")
    frame.to_file(tmp_path / "a.gpkg", layer="red", driver="GPKG")
    frame.to_crs("EPSG:4610").to_file(tmp_path / "old.gpkg", layer="red", driver="GPKG")
    frame.iloc[:0].to_file(tmp_path / "empty.gpkg", layer="red", driver="GPKG")
    return LayerSource("red_line", str(tmp_path / "a.gpkg"), "red")


def test_a_good_source_has_nothing_against_it(source):
    assert look_at(source) is None


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"source": "gone.gpkg"}, "gone.gpkg"),
        ({"layer": "green"}, "green"),
        ({"fields": {"code": "ABC"}}, "ABC"),
        ({"source": "old.gpkg"}, "CGCS2000"),
        ({"source": "empty.gpkg"}, "没有要素"),
        ({"role": "control_unit"}, "code"),
    ],
)
def test_what_is_wrong_is_named(source, tmp_path, change, word):
    if "source" in change:
        change = {"source": str(tmp_path / change["source"])}
    error = look_at(replace(source, **change))
    assert error is not None
    assert word in error.message.zh
    assert error.remedy.zh

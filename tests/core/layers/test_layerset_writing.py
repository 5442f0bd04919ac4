"""A layer set that is written is read back as the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import geopandas as gpd
import pytest
from ecoredline.layers.errors import LayerSetError
from ecoredline.layers.layerset import load
from ecoredline.layers.layerset_writing import text_of, write
from ecoredline.layers.sources import Absence, AccessList, LayerSet, LayerSource


def whole(folder) -> LayerSet:
    return LayerSet(
        '甲 "引号" \\ 反斜杠',
        (
            LayerSource(
                "red_line", str(folder / "数据" / "红线.gpkg"), "STBHHX", "HXLX = '一类'", date(2024, 3, 19),
                date(2027, 1, 1), 5.0, "statutory", {"code": "HX 编码", "name": 'HX"MC'},
            ),
            LayerSource(
                "bank_line", "/far/away/bank.shp", None, accuracy_assumed=True, values={"river_class": "mainstem"},
                crs="EPSG:4490", encoding="GB18030", spellings={"river_class": {"大江": "mainstem"}},
            ),
        ),
        (
            Absence("wetland", "absent_confirmed", "某局", "调查\n报告", date(2026, 9, 1), date(2027, 9, 1)),
            Absence("forest_land", "not_held"),
        ),
        "default",
        AccessList(str(folder / "list.csv"), None, {"unit_code": "单元"}),
    )  # fmt: skip


def test_what_is_written_is_read_back(tmp_path):
    layer_set = whole(tmp_path)
    path = write(layer_set, tmp_path / "set.toml")
    assert replace(load(path), path=None) == layer_set


def test_paths_beside_the_file_are_relative_so_that_the_folder_can_move(tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    text = write(whole(here), here / "set.toml").read_text(encoding="utf-8")
    assert str(here) not in text
    assert "/far/away/bank.shp" in text
    here.rename(there)
    assert load(there / "set.toml").sources[0].source == str(there / "数据" / "红线.gpkg")


def test_without_a_folder_paths_are_absolute(tmp_path):
    assert str(tmp_path / "数据" / "红线.gpkg") in text_of(whole(tmp_path))


def test_a_layer_in_memory_is_refused_and_nothing_written(tmp_path):
    frame = gpd.GeoDataFrame(geometry=[], crs=4490)
    layer_set = LayerSet("a", (LayerSource("red_line", "memory", frame=frame),))
    with pytest.raises(LayerSetError, match="red_line"):
        write(layer_set, tmp_path / "set.toml")
    assert list(tmp_path.iterdir()) == []

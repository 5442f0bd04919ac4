"""Areas to restore: what is not filled says restoration, what is filled stays; shares as the screening has them."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pytest
import shapely
from ecoredline.layers.errors import SitesError
from ecoredline.layers.layerset import LayerSet, LayerSource
from ecoredline.processing.engine import screen
from ecoredline.processing.engine.restoration import priority, restoration_sites, screening_indicators

BOX = shapely.box(106.50, 29.40, 106.51, 29.41)


def frame(rows, geometries=None):
    return gpd.GeoDataFrame(rows, geometry=geometries or [BOX] * len(rows), crs="EPSG:4490")


def test_what_is_not_filled_says_restoration_and_what_is_filled_stays():
    given = frame(
        [{"建设性质": None, "名称": "甲"}, {"建设性质": "新建;生态修复", "名称": "乙"}, {"建设性质": "", "名称": "丙"}]
    )
    out = restoration_sites(given, "修复地块")
    assert out["建设性质"].tolist() == ["生态修复", "新建;生态修复", "生态修复"]
    assert out["is_restoration"].tolist() == [True] * 3
    # The input is left alone.
    assert given["建设性质"].tolist()[0] is None and "is_restoration" not in given


def test_without_any_column_both_are_added():
    out = restoration_sites(frame([{}]), "x")
    assert (out["nature"].tolist(), out["is_restoration"].tolist()) == (["生态修复"], [True])


@pytest.mark.parametrize("word", ["否", False, 0])
def test_a_site_that_says_no_is_refused_by_row(word):
    with pytest.raises(SitesError) as error:
        restoration_sites(frame([{"是否生态修复项目": "是"}, {"是否生态修复项目": word}]), "x")
    assert "2" in str(error.value.message)
    assert "筛查项目地块" in error.value.remedy.zh


def source(role, shapes):
    return LayerSource(
        role, "memory", None, "", date(2025, 1, 1), None, 5.0, "statutory", {}, {},
        gpd.GeoDataFrame({"名称": ["a"] * len(shapes)}, geometry=shapes, crs="EPSG:4490"),
    )  # fmt: skip


def test_shares_count_overlapping_features_once_and_may_be_weighed(tmp_path):
    half = shapely.box(106.50, 29.40, 106.505, 29.41)
    layers = LayerSet("x", (source("red_line", [half, half]),), ())
    beyond = shapely.box(106.6, 29.40, 106.61, 29.41)
    given = restoration_sites(frame([{"site_id": "A"}, {"site_id": "B"}], [BOX, beyond]), "x")
    found = screening_indicators(screen(given, layers, as_of=date(2026, 11, 1)))
    # Only roles that are loaded are told: nothing that was not looked at reads as 0.
    assert set(found["indicator"]) == {"red_line_share"}
    values = found.set_index("site_id")["value"]
    assert values["A"] == pytest.approx(0.5, abs=1e-6)
    assert values["B"] == 0.0
    weights = tmp_path / "weights.toml"
    weights.write_text(
        'name = "x"\n[[criterion]]\nid = "red"\ntitle = "红线"\ntitle_en = "red"\nindicator = "red_line_share"\n'
        'date = ""\nweight = 1.0\nlow = 0.0\nhigh = 1.0\n',
        encoding="utf-8",
    )
    ranked = priority(found, weights)
    assert ranked["site_id"].tolist() == ["A", "B"]
    assert ranked["score"].tolist() == pytest.approx([0.5, 0.0], abs=1e-6)

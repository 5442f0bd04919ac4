"""Wetlands, drawdown zone, bank function zones, receptors, mines and bank uses lie where their names say."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from ecoredline.layers.sites import read
from ecoredline.processing.engine import screen

GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)


def metres(line) -> float:
    return float(GEOD.geometry_length(line))


def square_metres(area) -> float:
    return abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(area))[0])


def share(part, whole) -> float:
    return part.intersection(whole).area / part.area


@pytest.fixture(scope="module")
def areas(sample):
    intake = read(sample.restoration)
    assert intake.diagnosis.empty
    return intake.sites.set_index("site_id")


@pytest.fixture(scope="module")
def uses(sample):
    return gpd.read_file(sample.bank_uses)


@pytest.fixture(scope="module")
def water(layers):
    banks = layers["bank_line"].frame
    pairs = [banks[banks["river"] == river].set_index("side").geometry for river in banks["river"].unique()]
    return shapely.union_all(
        [shapely.Polygon([*pair["left"].coords, *pair["right"].coords[::-1]]).buffer(0) for pair in pairs]
    )


def test_wetlands_are_of_every_grade_and_only_the_gas_pipe_meets_one(sample, layers):
    wetlands = layers["SD"].frame
    assert set(wetlands["grade"]) == {"national", "provincial", "general"}
    assert wetlands["code"].is_unique
    sites = read(sample.sites).sites
    met = {site for site, g in zip(sites["site_id"], sites.geometry, strict=True) if wetlands.intersects(g).any()}
    assert met == {"XG-52"}
    assert wetlands[wetlands.intersects(sites.set_index("site_id").geometry["XG-52"])]["grade"].tolist() == ["general"]


def test_the_drawdown_zone_lies_on_both_sides_of_the_waters_edge(layers):
    zone = layers["XLQ"].frame
    banks = layers["bank_line"].frame
    main = banks[banks["river_class"] == "mainstem"].set_index("side").geometry
    water = shapely.Polygon([*main["left"].coords, *main["right"].coords[::-1]])
    assert len(zone) == 2
    for strip in zone.geometry:
        assert 0.4 < share(strip, water) < 0.95
        assert 20.0 < square_metres(strip) / 12_000.0 < 90.0


def test_function_zones_divide_the_strip_beyond_the_water(layers, water):
    zones = layers["AXGNQ"].frame
    assert set(zones["zone"]) == {"protection", "reserved", "controlled", "development"}
    assert set(zones["side"]) == {"left", "right"}
    assert zones["code"].is_unique
    for n, zone in enumerate(zones.geometry):
        assert square_metres(zone.intersection(water)) < 1.0
        assert all(zone.intersection(other).area == 0.0 for other in zones.geometry[n + 1 :])
    # Whatever a station's zone is, it has one: the strip has no gap where two zones meet.
    for _, bank in zones.groupby(["river", "side"]):
        whole = shapely.union_all(bank.geometry.to_numpy())
        big = [part for part in shapely.get_parts(whole) if square_metres(part) > 100.0]
        assert len(big) <= len(bank)


def test_receptors_stand_apart_from_sites_and_say_how_many_people(sample, layers):
    receptors = layers["HJBHMB"].frame
    assert {"学校", "医院", "居民点", "养老院"} == set(receptors["category"])
    assert receptors["people"].between(100, 7000).all()
    assert set(receptors.geom_type) == {"Point", "Polygon"}
    assert not shapely.intersects(receptors.geometry.union_all(), read(sample.sites).sites.geometry.union_all())
    assert layers["XZQ"].frame.set_index("code").geometry["500199"].contains(receptors.geometry).all()


def test_mines_are_listed_to_do_done_and_green(layers, areas):
    mines = layers["KS"].frame
    assert set(mines["status"]) == {"to_do", "done", "green_mine"}
    listed = mines.set_index("name").geometry
    for name, area in areas[areas["kind"] == "矿山"].set_index("name").geometry.items():
        assert listed[name].equals(area)
    reaches = layers["XFQ"].frame
    assert set(reaches["name"]) == set(areas["name"][areas["kind"] == "岸线"])


def test_areas_lie_in_what_is_to_be_weighed(layers, areas):
    red = layers["STBHHX"].frame.geometry.union_all()
    reserve = layers["ZRBHD"].frame.set_index("code").geometry
    source = layers["YYSSYBHQ"].frame.set_index("level").geometry
    at = areas.geometry
    assert red.contains(at["XF-01"])
    assert 0.2 < share(at["XF-02"], red) < 0.8
    assert reserve["BHD500199003"].contains(at["XF-03"])
    assert reserve["BHD500199002"].contains(at["XF-06"])
    assert reserve["BHD500199001"].contains(at["XF-07"])
    assert layers["YJJBNTBHTB"].frame.contains(at["XF-08"]).sum() == 1
    assert share(at["XF-09"], layers["HDGLFW"].frame.geometry.union_all()) > 0.95
    assert share(at["XF-09"], layers["XLQ"].frame.geometry.union_all()) > 0.2
    assert at["XF-10"].intersects(layers["HDGLFW"].frame.geometry.union_all())
    assert share(at["XF-11"], source["level1"]) > 0.5
    assert layers["SD"].frame.intersects(at["XF-12"]).any()
    assert square_metres(at["XF-13"]) < 25.0
    assert 0.3 < share(at["XF-14"], layers["XZQ"].frame.set_index("code").geometry["500199"]) < 0.7
    assert len(at["XF-15"].interiors) == 1
    assert set(areas["nature"]) == {"生态修复"}


def test_bank_uses_run_along_their_bank_and_some_overlap(layers, uses):
    banks = layers["bank_line"].frame
    spelt = {"left": "左岸", "right": "右岸"}
    edges = {(r, spelt[s]): g for r, s, g in zip(banks["river"], banks["side"], banks.geometry, strict=True)}
    assert uses["编码"].is_unique
    assert set(uses["利用类型"]) == {"码头", "仓储", "工业", "城镇生活", "农业", "自然", "已修复"}
    assert uses["投资万元"].notna().any() and uses["投资万元"].isna().any()
    for river, side, line in zip(uses["HLMC"], uses["AB"], uses.geometry, strict=True):
        away = shapely.distance(shapely.points(shapely.get_coordinates(line)), edges[river, side])
        assert np.max(away) < 15.0 / 96_000.0
    lengths = uses.geometry.map(metres)
    assert lengths.min() > 50.0 and lengths.sum() > 30_000.0


def test_new_layers_add_a_wetland_to_one_site_and_a_question_to_one_point(sample):
    """A point without a footprint is judged by point only on every layer; nothing else meets a later layer."""
    later = {"wetland", "drawdown_zone", "bank_function_zone", "eco_space", "sensitive_receptor", "mine_site"}
    findings = screen(sample.sites, sample.layer_set, as_of=date(2026, 11, 1)).findings
    mine = findings[findings["role"].isin(later)]
    assert set(mine["site_id"]) == {"XG-51", "XG-52"}
    fired = mine[mine["outcome"] == "fired"]
    assert set(zip(fired["site_id"], fired["rule_id"], fired["verdict"], strict=True)) == {
        ("XG-52", "PA-06", "needs_review"),
        ("XG-52", "PA-06-AVOID", "needs_review"),
    }
    assert set(mine[mine["outcome"] != "fired"]["site_id"]) == {"XG-51"}

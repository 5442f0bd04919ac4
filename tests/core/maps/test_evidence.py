"""What findings add to a map."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from ecoredline.layers.layerset import LayerSet, LayerSource
from ecoredline.processing.engine import tables
from ecoredline.processing.maps.catalogue import template
from ecoredline.processing.maps.evidence import evidence, points_to_see, shortest_lines
from ecoredline.processing.maps.extent import frame_for
from ecoredline.processing.maps.layers_for_map import LayerStore
from ecoredline.processing.maps.rings import rings
from pyproj import Geod
from shapely.geometry import LineString, box

OVERVIEW, BANK, RED = template("overview"), template("bank_distance"), template("red_line")
CGCS2000 = Geod(a=6378137.0, rf=298.257222101)
SITE = box(106.410, 29.410, 106.411, 29.411)
RIVER = LineString([(106.3, 29.405), (106.5, 29.405)])
PAIR = {"site_lon": 106.4105, "site_lat": 29.410, "feature_lon": 106.4105, "feature_lat": 29.405}
METRES = CGCS2000.inv(106.4105, 29.410, 106.4105, 29.405)[2]


def store() -> LayerStore:
    bank = gpd.GeoDataFrame(
        {"AXBM": ["L1", "L2", "T"], "river": ["虚江", "虚江", "虚溪"], "river_class": ["干流", "干流", "支流"]}
        | {"bank_def": ["临水线"] * 3},
        geometry=[RIVER, LineString([(106.5, 29.405), (106.6, 29.405)]), LineString([(106.3, 29.42), (106.5, 29.42)])],
        crs=4490,
    )
    red = gpd.GeoDataFrame({"HXBM": ["R"]}, geometry=[box(106.405, 29.405, 106.42, 29.42)], crs=4490)
    return LayerStore(
        LayerSet("t", (LayerSource("bank_line", "b", frame=bank), LayerSource("red_line", "r", frame=red)))
    )


def found(findings: list[dict], facts: list[dict]):
    rows = [{"site_id": "S", "outcome": "fired", "limit_m": np.nan, **row} for row in findings]
    pairs = [{"site_id": "S", **row} for row in facts]
    return evidence("S", SITE, tables.FINDINGS.frame(pd.DataFrame(rows)), tables.FACTS.frame(pd.DataFrame(pairs)))


def bank_finding(verdict="prohibited", feature_id="L1", distance=METRES, **more):
    row = {"role": "bank_line", "feature_id": feature_id, "distance_m": distance}
    return {**row, "verdict": verdict, "limit_m": 1000.0, **more}, {**row, **PAIR}


def test_the_shortest_line_runs_between_the_nearest_points_and_carries_its_length():
    finding, fact = bank_finding()
    lines = shortest_lines(found([finding], [fact]), OVERVIEW, secrecy=False)
    assert list(lines["name"]) == [f"{METRES:.2f} m"]
    assert lines.geometry.iloc[0].coords[:] == [(106.4105, 29.410), (106.4105, 29.405)]


def test_of_a_role_the_worst_finding_gets_the_line():
    worse, fact = bank_finding()
    milder, other = bank_finding("notice", "T", 10.0)
    lines = shortest_lines(found([milder, worse], [fact, other]), OVERVIEW, secrecy=False)
    assert list(lines["name"]) == [f"{METRES:.2f} m"]


def test_to_a_river_that_the_site_stands_in_no_line_is_drawn():
    inside, fact = bank_finding(distance=0.0)
    apart, other = bank_finding("prohibited", "T", 10.0)
    assert not len(shortest_lines(found([apart, inside], [fact, other]), OVERVIEW, secrecy=False))


def test_a_touched_river_keeps_the_line_away_without_a_nearest_pair_too():
    inside, fact = bank_finding(distance=0.0)
    apart, other = bank_finding("prohibited", "T", 10.0)
    pairless = {**fact, **dict.fromkeys(PAIR, np.nan)}
    assert not len(shortest_lines(found([apart, inside], [pairless, other]), OVERVIEW, secrecy=False))


def test_a_centre_line_says_that_half_the_width_was_taken_off():
    finding, fact = bank_finding(distance=METRES - 200)
    lines = shortest_lines(found([finding], [fact]), OVERVIEW, secrecy=False)
    assert lines["name"].iloc[0] == f"{METRES - 200:.2f} m（已扣除半河宽）"


def test_with_secrecy_no_line_leads_to_a_controlled_feature():
    row = {"role": "red_line", "feature_id": "R", "distance_m": METRES}
    evidence_ = found([{**row, "verdict": "notice"}], [{**row, **PAIR}])
    assert len(shortest_lines(evidence_, OVERVIEW, secrecy=False)) == 1
    assert len(shortest_lines(evidence_, OVERVIEW, secrecy=True)) == 0


def test_a_ring_lies_at_its_limit_from_all_lines_of_the_river():
    finding, fact = bank_finding()
    evidence_ = found([finding], [fact])
    frame = frame_for(SITE, np.array([(106.4105, 29.395)]), (192, 136))
    drawn = rings(evidence_, OVERVIEW, store(), frame, secrecy=False)
    assert list(drawn["name"]) == ["虚江临水线 1 km"]
    points = shapely.get_coordinates(drawn.geometry.iloc[0])
    north = points[points[:, 1] > 29.405]
    assert len(north)
    away = CGCS2000.inv(north[:, 0], north[:, 1], north[:, 0], np.full(len(north), 29.405))[2]
    assert away == pytest.approx(1000, abs=1.0)


def test_without_a_limit_there_is_no_ring():
    finding, fact = bank_finding()
    frame = frame_for(SITE, np.empty((0, 2)), (192, 136))
    assert not len(rings(found([{**finding, "limit_m": np.nan}], [fact]), OVERVIEW, store(), frame, secrecy=False))


def test_points_to_see_are_the_features_of_findings():
    finding, fact = bank_finding()
    assert points_to_see(found([finding], [fact]), store(), OVERVIEW).tolist() == [[106.4105, 29.405]]


def test_inside_a_feature_its_outline_is_to_be_seen():
    row = {"role": "red_line", "feature_id": "R", "distance_m": 0.0}
    points = points_to_see(found([{**row, "verdict": "prohibited"}], [{**row, **PAIR}]), store(), OVERVIEW)
    assert shapely.distance(shapely.Point(points[0]), box(106.405, 29.405, 106.42, 29.42).exterior) < 1e-6


def test_with_no_finding_the_nearest_feature_is_to_be_seen():
    _, near = bank_finding()
    far = {**near, "feature_id": "T", "distance_m": METRES + 1, "feature_lat": 29.42}
    assert points_to_see(found([], [far, near]), store(), OVERVIEW).tolist() == [[106.4105, 29.405]]


def test_nothing_known_nothing_to_see():
    assert points_to_see(found([], []), store(), OVERVIEW).shape == (0, 2)


def test_a_map_about_a_role_looks_for_its_features_within_reach_and_always_for_the_nearest():
    _, near = bank_finding()
    far = {**near, "feature_id": "T", "distance_m": 5000.0, "feature_lat": 29.42}
    other = {**near, "role": "red_line", "feature_id": "R", "distance_m": 10.0, "feature_lat": 29.41}
    both = found([], [near, far, other])
    assert points_to_see(both, store(), BANK).tolist() == [[106.4105, 29.405]]
    assert points_to_see(found([], [far, other]), store(), BANK).tolist() == [[106.4105, 29.42]]
    assert list(shortest_lines(both, BANK, False)["name"]) == [f"{METRES:.2f} m"]


def test_a_length_on_the_bank_map_never_rounds_onto_its_distance():
    _, fact = bank_finding(distance=1000.001)
    assert list(shortest_lines(found([], [fact]), BANK, False)["name"]) == ["1000.001 m"]
    close = {**fact, "distance_m": 999.9996}
    assert list(shortest_lines(found([], [close]), BANK, False)["name"]) == ["999.9996 m"]


def test_the_bank_map_draws_one_and_three_kilometres_by_class():
    frame = frame_for(SITE, np.array([(106.4105, 29.37)]), (192, 136))
    bank = gpd.GeoDataFrame(
        {"AXBM": ["L", "T"], "river": ["虚江", "虚溪"], "river_class": ["干流", "支流"], "bank_def": ["临水线"] * 2},
        geometry=[RIVER, LineString([(106.3, 29.40), (106.5, 29.40)])],
        crs=4490,
    )
    layers = LayerStore(LayerSet("t", (LayerSource("bank_line", "b", frame=bank),)))
    assert sorted(rings(found([], []), BANK, layers, frame, False)["name"]) == [
        "虚江临水线 1 km", "虚江临水线 3 km", "虚溪临水线 1 km",
    ]  # fmt: skip


def test_with_secrecy_the_frame_does_not_tell_where_a_controlled_feature_lies():
    row = {"role": "red_line", "feature_id": "R", "distance_m": METRES, **PAIR}
    assert len(points_to_see(found([], [row]), store(), RED, secrecy=False)) == 1
    assert not len(points_to_see(found([], [row]), store(), RED, secrecy=True))
    inside = {**row, "distance_m": 0.0}
    assert not len(points_to_see(found([], [inside]), store(), RED, secrecy=True))

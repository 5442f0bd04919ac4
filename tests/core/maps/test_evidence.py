"""What findings add to a map."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from ecoredline.layers.layerset import LayerSet, LayerSource
from ecoredline.processing.engine import tables
from ecoredline.processing.maps.evidence import evidence, limit_rings, points_to_see, shortest_lines
from ecoredline.processing.maps.extent import frame_for
from ecoredline.processing.maps.layers_for_map import LayerStore
from pyproj import Geod
from shapely.geometry import LineString, box

CGCS2000 = Geod(a=6378137.0, rf=298.257222101)
SITE = box(106.410, 29.410, 106.411, 29.411)
BANK = LineString([(106.3, 29.405), (106.5, 29.405)])
PAIR = {"site_lon": 106.4105, "site_lat": 29.410, "feature_lon": 106.4105, "feature_lat": 29.405}
METRES = CGCS2000.inv(106.4105, 29.410, 106.4105, 29.405)[2]


def store() -> LayerStore:
    bank = gpd.GeoDataFrame(
        {"AXBM": ["L1", "L2", "T"], "river": ["虚江", "虚江", "虚溪"], "river_class": ["干流", "干流", "支流"]}
        | {"bank_def": ["临水线"] * 3},
        geometry=[BANK, LineString([(106.5, 29.405), (106.6, 29.405)]), LineString([(106.3, 29.42), (106.5, 29.42)])],
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
    lines = shortest_lines(found([finding], [fact]), secrecy=False)
    assert list(lines["name"]) == [f"{METRES:.2f} m"]
    assert lines.geometry.iloc[0].coords[:] == [(106.4105, 29.410), (106.4105, 29.405)]


def test_of_a_role_the_worst_finding_gets_the_line():
    worse, fact = bank_finding()
    milder, other = bank_finding("notice", "T", 10.0)
    lines = shortest_lines(found([milder, worse], [fact, other]), secrecy=False)
    assert list(lines["name"]) == [f"{METRES:.2f} m"]


def test_to_a_river_that_the_site_stands_in_no_line_is_drawn():
    inside, fact = bank_finding(distance=0.0)
    apart, other = bank_finding("prohibited", "T", 10.0)
    assert not len(shortest_lines(found([apart, inside], [fact, other]), secrecy=False))


def test_a_touched_river_keeps_the_line_away_without_a_nearest_pair_too():
    inside, fact = bank_finding(distance=0.0)
    apart, other = bank_finding("prohibited", "T", 10.0)
    pairless = {**fact, **dict.fromkeys(PAIR, np.nan)}
    assert not len(shortest_lines(found([apart, inside], [pairless, other]), secrecy=False))


def test_a_centre_line_says_that_half_the_width_was_taken_off():
    finding, fact = bank_finding(distance=METRES - 200)
    lines = shortest_lines(found([finding], [fact]), secrecy=False)
    assert lines["name"].iloc[0] == f"{METRES - 200:.2f} m（已扣除半河宽）"


def test_with_secrecy_no_line_leads_to_a_controlled_feature():
    row = {"role": "red_line", "feature_id": "R", "distance_m": METRES}
    evidence_ = found([{**row, "verdict": "notice"}], [{**row, **PAIR}])
    assert len(shortest_lines(evidence_, secrecy=False)) == 1
    assert len(shortest_lines(evidence_, secrecy=True)) == 0


def test_a_ring_lies_at_its_limit_from_all_lines_of_the_river():
    finding, fact = bank_finding()
    evidence_ = found([finding], [fact])
    frame = frame_for(SITE, np.array([(106.4105, 29.395)]), (192, 136))
    rings = limit_rings(evidence_, store(), frame, secrecy=False)
    assert list(rings["name"]) == ["虚江临水线 1 km"]
    points = shapely.get_coordinates(rings.geometry.iloc[0])
    north = points[points[:, 1] > 29.405]
    assert len(north)
    away = CGCS2000.inv(north[:, 0], north[:, 1], north[:, 0], np.full(len(north), 29.405))[2]
    assert away == pytest.approx(1000, abs=1.0)


def test_without_a_limit_there_is_no_ring():
    finding, fact = bank_finding()
    frame = frame_for(SITE, np.empty((0, 2)), (192, 136))
    assert not len(limit_rings(found([{**finding, "limit_m": np.nan}], [fact]), store(), frame, secrecy=False))


def test_points_to_see_are_the_features_of_findings():
    finding, fact = bank_finding()
    assert points_to_see(found([finding], [fact]), store()).tolist() == [[106.4105, 29.405]]


def test_inside_a_feature_its_outline_is_to_be_seen():
    row = {"role": "red_line", "feature_id": "R", "distance_m": 0.0}
    points = points_to_see(found([{**row, "verdict": "prohibited"}], [{**row, **PAIR}]), store())
    assert shapely.distance(shapely.Point(points[0]), box(106.405, 29.405, 106.42, 29.42).exterior) < 1e-6


def test_with_no_finding_the_nearest_feature_is_to_be_seen():
    _, near = bank_finding()
    far = {**near, "feature_id": "T", "distance_m": METRES + 1, "feature_lat": 29.42}
    assert points_to_see(found([], [far, near]), store()).tolist() == [[106.4105, 29.405]]


def test_nothing_known_nothing_to_see():
    assert points_to_see(found([], []), store()).shape == (0, 2)

"""Sites of the sample lie where their names and the verdict table say. Distances by pyproj from brute force."""

from __future__ import annotations

import csv
import re
import tomllib

import numpy as np
import pyproj
import pytest
import shapely
from ecoredline.layers.sample import sites as placed_sites
from ecoredline.layers.sample.board import Board, PlacingError
from ecoredline.layers.sample.placing import pole
from ecoredline.layers.sites import read
from ecoredline.processing.engine.words import CONDITION_OPEN, Certainty, Completeness, Verdict

GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)
SPECS = {spec["id"]: spec for spec in tomllib.loads(placed_sites.FILE.read_text(encoding="utf-8"))["site"]}
BY_BANK = sorted(id_ for id_, spec in SPECS.items() if "bank" in spec["place"])
RIVERS = {
    "mainstem": "虚江（虚构）",
    "major": "虚陵江（虚构）",
    "north_brook": "虚溪河（虚构）",
    "south_brook": "构溪河（虚构）",
}


@pytest.fixture(scope="module")
def sites(sample):
    intake = read(sample.sites)
    assert intake.diagnosis.empty
    return intake.sites.set_index("site_id")


def metres(site, lines) -> float:
    """Least geodesic distance: every metre of both outlines near the closest approach, each against each."""
    a = shapely.get_coordinates(shapely.segmentize(site, 1e-5))
    b = shapely.get_coordinates(shapely.segmentize(shapely.union_all(lines), 1e-5))
    b = b[np.hypot(*(b - a.mean(axis=0)).T) < 0.06]
    if len(b) == 0:
        return np.inf
    near = np.hypot(b[:, None, 0] - a[None, ::8, 0], 1.15 * (b[:, None, 1] - a[None, ::8, 1]))
    b = b[near.min(axis=1) < near.min() * 1.05 + 2e-4]
    grid = np.broadcast_arrays(a[:, None, 0], a[:, None, 1], b[None, :, 0], b[None, :, 1])
    return float(GEOD.inv(*(part.ravel() for part in grid))[2].min())


@pytest.mark.parametrize("site_id", BY_BANK)
def test_distance_to_the_bank_is_exact(sites, layers, site_id):
    where = SPECS[site_id]["place"]
    banks = layers["bank_line"].frame
    found = metres(sites.geometry[site_id], banks.geometry[banks["river"] == RIVERS[where["bank"]]].to_numpy())
    # Stations about 1 m apart on both outlines miss the true minimum by at most 0.5 mm at these distances.
    assert found == pytest.approx(where["m"], abs=0.01)


@pytest.mark.parametrize("site_id", [i for i in BY_BANK if SPECS[i]["place"].get("off", {}).get("*")])
def test_no_other_river_is_within_a_kilometre(sites, layers, site_id):
    banks = layers["bank_line"].frame
    others = banks.geometry[banks["river"] != RIVERS[SPECS[site_id]["place"]["bank"]]]
    assert metres(sites.geometry[site_id], others.to_numpy()) > 1100.0


def test_bank_definitions_disagree_about_one_site(sites, layers):
    second = metres(sites.geometry["XG-18"], layers["bank_range"].frame.geometry.to_numpy())
    assert 900.0 < second < 990.0


def test_tailings_ponds_know_mainstem_from_tributaries(sites, layers):
    banks = layers["bank_line"].frame
    main = banks.geometry[banks["river_class"] == "mainstem"].to_numpy()
    major = banks.geometry[banks["river_class"] == "major_tributary"].to_numpy()
    for site_id in ("XG-11", "XG-12"):
        assert metres(sites.geometry[site_id], main) > 3050.0
    assert metres(sites.geometry["XG-12"], major) > 1050.0
    assert metres(sites.geometry["XG-08"], major) > 1050.0


def test_red_line_is_shared_cut_by_slivers_and_entered(sites, layers):
    red = layers["STBHHX"].frame.geometry.union_all()

    def overlap(site_id: str) -> float:
        shared = sites.geometry[site_id].intersection(red)
        return abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(shared))[0]) if shared.area else 0.0

    assert sites.geometry["XG-35"].touches(red)
    assert sites.geometry["XG-35"].intersection(red).length > 3e-4
    assert 0.1 < overlap("XG-36") < 0.9
    assert 10.0 < overlap("XG-37") < 60.0
    assert overlap("XG-38") > 400.0
    for site_id in ("XG-30", "XG-31", "XG-32", "XG-33"):
        assert red.contains(sites.geometry[site_id])
    assert sites.geometry["XG-34"].crosses(red)


def test_a_hole_spares_the_red_line(sites, layers):
    ring = sites.geometry["XG-39"]
    red = layers["STBHHX"].frame.geometry
    assert not red.intersects(ring).any()
    assert red.within(shapely.Polygon(ring.exterior)).sum() == 1
    assert shapely.distance(ring, red.union_all()) > 20.0 / 111_000.0


def test_protected_areas_hold_what_is_said_to_be_in_them(sites, layers):
    source = layers["YYSSYBHQ"].frame.set_index("level").geometry
    areas = layers["ZRBHD"].frame.set_index("code").geometry
    farmland = layers["YJJBNTBHTB"].frame.geometry
    for level, ids in {"level1": (24, 25, 26), "level2": (23, 27), "quasi": (28, 29)}.items():
        assert all(source[level].contains(sites.geometry[f"XG-{n}"]) for n in ids)
    for code, n in (("BHD500199001", 40), ("BHD500199002", 41), ("BHD500199003", 42)):
        assert areas[code].contains(sites.geometry[f"XG-{n}"])
    for n in (43, 44, 45):
        assert farmland.contains(sites.geometry[f"XG-{n}"]).sum() == 1
    assert layers["YJJBNT_SY"].frame.contains(sites.geometry["XG-46"]).sum() == 1
    assert layers["HGYQ_HG"].frame.contains(sites.geometry["XG-55"]).all()
    assert not layers["HGYQ_HG"].frame.intersects(sites.geometry["XG-56"]).any()


def test_sites_said_to_be_clear_touch_no_protected_area(sites, layers, verdict_table):
    with verdict_table.open(encoding="utf-8") as file:
        clear = [row["site_id"] for row in csv.DictReader(file) if row["verdict"] == "clear"]
    for name in ("STBHHX", "STBHHX_LQ", "YYSSYBHQ", "ZRBHD", "YJJBNTBHTB", "YJJBNT_SY"):
        touched = {i for i in clear if layers[name].frame.intersects(sites.geometry[i]).any()}
        assert touched == ({"XG-23"} if name == "YYSSYBHQ" else set()), name
    units = layers["ZHGKDY"].frame
    assert {i for i in clear if units.intersects(sites.geometry[i]).sum() != 1} == set()


def test_units_are_those_that_the_reasons_name(sites, layers):
    units = layers["ZHGKDY"].frame.set_index("code").geometry
    met = {i: set(units.index[units.intersects(g)].str[-4:]) for i, g in sites.geometry.items()}
    kind = {i: set(units.index[units.intersects(g)].str[8]) for i, g in sites.geometry.items()}
    assert met["XG-47"] == {"0002"} and kind["XG-47"] == {"2"}
    assert met["XG-49"] == {"0003"} and kind["XG-49"] == {"2"}
    assert met["XG-60"] == {"0004"} and kind["XG-60"] == {"2"}
    assert met["XG-52"] == {"0001", "0002"}
    assert len(met["XG-53"]) == 3
    # No other site lies in the unit whose list nobody can compute.
    assert [i for i, g in sites.geometry.items() if units["ZH50019920003"].intersects(g)] == ["XG-49"]


def test_one_site_leaves_the_district(sites, layers):
    district = layers["XZQ"].frame.set_index("code").geometry
    outside = [i for i, g in sites.geometry.items() if not district["500199"].covers(g)]
    assert outside == ["XG-21"]
    beyond = sites.geometry["XG-21"].difference(district["500199"])
    # The two districts share the border; where the site crosses it, the cut is rounded.
    assert beyond.difference(district["500198"]).area < 1e-9 * beyond.area
    assert 0.2 < beyond.area / sites.geometry["XG-21"].area < 0.8


def test_forms_of_geometry_and_the_seam(sites):
    kinds = sites.geometry.geom_type
    assert {"Polygon", "MultiPolygon", "Point", "LineString"} == set(kinds)
    assert any(len(g.interiors) for g in sites.geometry[kinds == "Polygon"])
    points = sites[kinds == "Point"]
    assert sorted(points["footprint_m"].isna()) == [False, False, True]
    parts = shapely.get_parts(sites.geometry["XG-54"])
    assert {part.centroid.x < 106.5 for part in parts} == {True, False}
    assert (sites.geometry.bounds["maxx"] < 106.5).any() and (sites.geometry.bounds["minx"] > 106.5).any()
    assert (sites["project_id"] == "XM-01").sum() == 3


def test_segments_run_over_the_whole_line(sites):
    lines = sites[sites.geometry.geom_type == "LineString"]
    for text, line in zip(lines["segments"], lines.geometry, strict=True):
        ends = [int(n) for n in re.findall(r"-(\d+) ", str(text))]
        assert ends[-1] == pytest.approx(GEOD.geometry_length(line), abs=1.5)


def test_the_table_names_every_site_and_every_word(sites, verdict_table):
    with verdict_table.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["site_id"] for row in rows] == list(sites.index)
    assert len(rows) >= 32
    assert {row["verdict"] for row in rows} == {v.value for v in Verdict}
    assert {row["completeness"] for row in rows} == {c.value for c in Completeness}
    assert {row["certainty"] for row in rows} == {c.value for c in Certainty}
    assert {row["condition"] for row in rows} == {"", CONDITION_OPEN}
    assert all(len(row["reason"]) > 15 for row in rows)


def test_a_site_without_ground_is_named():
    with pytest.raises(PlacingError, match="XG-99"):
        pole(shapely.box(0, 0, 10, 10), "XG-99", 20.0)
    assert issubclass(PlacingError, Exception) and Board.__doc__

"""One geometry measured to a role: the figures of a screening, and the words where there are none."""

from __future__ import annotations

import os

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from ecoredline.layers.errors import EcoRedlineError, LayerSetError
from ecoredline.processing.engine import screen
from ecoredline.processing.engine.measuring import REACH_M, Measured, Measuring, frame_of

GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)
SQUARE = shapely.box(106.50, 29.50, 106.52, 29.52)
TOML = """name = "t"
[[layer]]
role = "red_line"
source = "红线.gpkg"
fields = { code = "HXBM", name = "HXMC" }
[[absent]]
role = "wetland"
state = "absent_confirmed"
by = "某局"
basis = "函"
date = %s
[[absent]]
role = "scenic_area"
state = "not_held"
"""


def write_layer(folder, shapes, names=("一段",)):
    codes = [f"HX{i}" for i in range(len(shapes))]
    frame = gpd.GeoDataFrame({"HXBM": codes, "HXMC": list(names)}, geometry=list(shapes), crs="EPSG:4490")
    frame.to_file(folder / "红线.gpkg", layer="红线")


@pytest.fixture
def layer_set(tmp_path):
    write_layer(tmp_path, [SQUARE])
    path = tmp_path / "区.toml"
    path.write_text(TOML % np.datetime64("today"), encoding="utf-8")
    return path


def test_distance_is_geodesic_and_zero_inside(layer_set):
    measuring = Measuring(layer_set)
    point = shapely.Point(106.53, 29.51)
    expected = GEOD.inv(106.53, 29.51, 106.52, 29.51)[2]  # due west; the meridian is met within a hair of this latitude
    found = measuring.measure(frame_of(point, "EPSG:4490"), "red_line")
    assert found.distance_m == pytest.approx(expected, abs=0.01)
    assert (found.feature_id, found.feature_name, found.overlap_m2) == ("HX0", "一段", 0.0)
    assert measuring.measure(frame_of(shapely.Point(106.51, 29.51), "EPSG:4490"), "red_line").distance_m == 0.0


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4326", "EPSG:4544", "EPSG:4524", "EPSG:3857"])
def test_any_crs_gives_the_same(layer_set, crs):
    site = shapely.box(106.515, 29.505, 106.525, 29.515)
    moved = gpd.GeoSeries([shapely.segmentize(site, 0.0005)], crs="EPSG:4490").to_crs(crs).iloc[0]
    found = Measuring(layer_set).measure(frame_of(moved, crs), "red_line")
    part = shapely.box(106.515, 29.505, 106.52, 29.515)
    area = abs(GEOD.geometry_area_perimeter(shapely.segmentize(part, 1e-5))[0])
    assert found.overlap_m2 == pytest.approx(area, rel=1e-6)
    assert found.distance_m == 0.0


def test_overlapping_features_are_not_counted_twice_and_the_greater_gives_its_name(layer_set):
    write_layer(layer_set.parent, [SQUARE, shapely.box(106.50, 29.50, 106.505, 29.52)], ["一段", "二段"])
    site = shapely.box(106.50, 29.50, 106.51, 29.51)
    found = Measuring(layer_set).measure(frame_of(site, "EPSG:4490"), "red_line")
    whole = abs(GEOD.geometry_area_perimeter(shapely.segmentize(site, 1e-5))[0])
    assert found.overlap_m2 == pytest.approx(whole, rel=1e-8)
    assert found.feature_name == "一段"


@pytest.mark.parametrize(("lon", "near"), [(106.52 + 0.1025, True), (106.52 + 0.1040, False)])
def test_beyond_the_reach_nothing_is_told(layer_set, lon, near):
    distance = GEOD.inv(lon, 29.51, 106.52, 29.51)[2]
    assert (distance <= REACH_M) == near
    found = Measuring(layer_set).measure(frame_of(shapely.Point(lon, 29.51), "EPSG:4490"), "red_line")
    assert (found.distance_m is not None) == near
    assert near or found == Measured()


def test_a_footprint_counts_as_the_engine_counts_it(layer_set):
    point = shapely.Point(106.53, 29.51)
    bare, wide = (
        Measuring(layer_set).measure(frame_of(point, "EPSG:4490", a), "red_line") for a in ({}, {"占地半径": 100})
    )
    assert bare.distance_m - wide.distance_m == pytest.approx(100, abs=0.05)  # the disc has corners


def test_said_to_be_absent_is_nothing_and_not_held_is_no_answer(layer_set):
    measuring, frame = Measuring(layer_set), frame_of(SQUARE, "EPSG:4490")
    assert measuring.measure(frame, "wetland") == Measured()
    for role in ("scenic_area", "bank_line"):
        with pytest.raises(LayerSetError, match=role):
            measuring.measure(frame, role)
    with pytest.raises(LayerSetError, match="red_lime"):
        measuring.measure(frame, "red_lime")


def test_absence_that_has_run_out_is_no_answer(layer_set):
    layer_set.write_text(TOML % "2020-01-01", encoding="utf-8")
    with pytest.raises(LayerSetError, match="wetland"):
        Measuring(layer_set).measure(frame_of(SQUARE, "EPSG:4490"), "wetland")


def test_geometry_without_crs_is_refused(layer_set):
    with pytest.raises(EcoRedlineError):
        Measuring(layer_set).measure(frame_of(SQUARE, None), "red_line")


def test_changed_files_are_read_again(layer_set):
    measuring, frame = Measuring(layer_set), frame_of(shapely.Point(106.6, 29.51), "EPSG:4490")
    first = measuring.measure(frame, "red_line").distance_m
    held = measuring.sources("red_line")
    assert measuring.sources("red_line") is held
    write_layer(layer_set.parent, [shapely.box(106.59, 29.5, 106.61, 29.52)])
    os.utime(layer_set.parent / "红线.gpkg", (1, 1))
    assert measuring.measure(frame, "red_line").distance_m == 0.0 < first


DISTRICT = """name = "t"
[[layer]]
role = "red_line"
source = "红线.gpkg"
fields = { code = "HXBM", name = "HXMC" }
[[layer]]
role = "bank_line"
source = "岸线.gpkg"
fields = { river = "河", bank_def = "定义", half_width_m = "半宽" }
values = { river_class = "mainstem" }
[[layer]]
role = "district"
source = "区.gpkg"
"""


def scattered(rng, n, kind):
    """Return shapes here and there in a box of some 10 km."""
    out = []
    for lon, lat in rng.uniform((106.45, 29.45), (106.55, 29.55), (n, 2)):
        size = rng.uniform(0.002, 0.02, 2)
        corners = np.array([lon, lat]) + size * rng.uniform(-1, 1, (4, 2))
        shape = shapely.convex_hull(shapely.multipoints(corners)) if kind == "polygon" else shapely.linestrings(corners)
        out.append(shape if kind != "point" else shapely.Point(lon, lat))
    return out


def test_figures_are_those_of_a_screening(tmp_path):
    rng = np.random.default_rng(6)
    write_layer(tmp_path, scattered(rng, 12, "polygon"), [f"第{i}段" for i in range(12)])
    rivers = {"河": ["甲", "甲", "乙", "丙"], "定义": ["临水线", "河道中心线", "河道中心线", "临水线"]}
    banks = gpd.GeoDataFrame(
        rivers | {"半宽": [None, 150.0, 40.0, None]}, geometry=scattered(rng, 4, "line"), crs="EPSG:4490"
    )
    banks.to_file(tmp_path / "岸线.gpkg")
    whole = gpd.GeoDataFrame({"name": ["区"]}, geometry=[shapely.box(106.3, 29.3, 106.7, 29.7)], crs="EPSG:4490")
    whole.to_file(tmp_path / "区.gpkg")
    (tmp_path / "区.toml").write_text(DISTRICT, encoding="utf-8")
    shapes = [shape for kind in ("polygon", "line", "point") for shape in scattered(rng, 12, kind)]
    sites = gpd.GeoDataFrame({"site_id": [f"S{i}" for i in range(36)]}, geometry=shapes, crs="EPSG:4490")
    screening = screen(sites, tmp_path / "区.toml")
    measuring, compared, met = Measuring(tmp_path / "区.toml"), 0, 0
    for role in ("red_line", "bank_line"):
        facts = screening.facts[screening.facts["role"] == role]
        totals = screening.roles[screening.roles["role"] == role].set_index("site_id")
        for row, site_id in enumerate(sites["site_id"]):
            found = measuring.measure(sites.iloc[[row]], role)
            own = facts[facts["site_id"] == site_id]
            if len(own):
                compared += 1
                assert found.distance_m == pytest.approx(own["distance_m"].min(), abs=1e-6), (site_id, role)
            if site_id in totals.index:
                met += 1
                for name in ("overlap_m2", "length_m"):
                    assert getattr(found, name) == pytest.approx(totals[name][site_id], abs=1e-6), (site_id, role)
            else:
                assert (found.overlap_m2, found.length_m) == (0.0, 0.0)
    assert compared > 50 and met > 15

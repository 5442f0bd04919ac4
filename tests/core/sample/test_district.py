"""The invented district: its figures, its fit, its names. Areas and distances by pyproj, not by the product."""

from __future__ import annotations

import re
import tomllib
from datetime import date

import geopandas as gpd
import numpy as np
import pyogrio
import pyproj
import pytest
import shapely
from ecoredline.layers import layerset
from ecoredline.layers.errors import EcoRedlineError
from ecoredline.layers.profile import load_profile
from ecoredline.layers.progress import Progress
from ecoredline.layers.sample import land, make, rasters
from ecoredline.layers.sample.make import _confirmed, _drawn

GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)


def km2(geometries) -> float:
    """Area on the ellipsoid; edges under 110 m, so geodesic and straight edges differ by less than 1 m² in all."""
    return sum(abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(g))[0]) for g in geometries) / 1e6


def test_figures_are_those_of_the_plan(layers):
    district = layers["XZQ"].frame.set_index("code").geometry
    assert km2([district["500199"]]) == pytest.approx(102.80, abs=0.005)
    assert km2(layers["STBHHX"].frame.geometry) == pytest.approx(9.27, abs=0.005)
    units = layers["ZHGKDY"].frame
    assert sorted(units["class"]) == ["1"] * 4 + ["2"] * 4
    assert km2(units.geometry) == pytest.approx(km2([district["500199"]]), abs=1e-6)
    assert 0.15 < km2(units.geometry[units["class"] == "1"]) / 102.8 < 0.30


def test_units_cover_the_district_without_gap_or_overlap(layers):
    district = layers["XZQ"].frame.set_index("code").geometry["500199"]
    units = layers["ZHGKDY"].frame.geometry.to_numpy()
    # Every border vertex is a vertex of both sides: no sliver can open, whatever computes with it.
    assert shapely.coverage_is_valid(units)
    whole = shapely.coverage_union_all(units)
    assert whole.symmetric_difference(district).area == 0.0
    for n, unit in enumerate(units):
        assert max((unit.intersection(other).area for other in units[n + 1 :]), default=0.0) == 0.0


def test_red_line_lies_in_priority_units_up_to_their_border(layers):
    units = layers["ZHGKDY"].frame
    red = layers["STBHHX"].frame.geometry.union_all()
    keys = units.geometry[units["class"] == "2"].union_all()
    assert keys.intersection(red).area == 0.0
    # The border is one line: key units begin exactly where the red line ends.
    assert red.boundary.intersection(keys.boundary).length > 0.3 * red.boundary.length


def test_neighbour_begins_where_the_district_ends(layers):
    own, beyond = layers["XZQ"].frame.set_index("code").geometry[["500199", "500198"]]
    assert own.touches(beyond)
    assert own.boundary.intersection(beyond.boundary).length > 0.1
    strip = layers["STBHHX_LQ"].frame.geometry
    assert strip.intersects(beyond).all()
    # This layer is projected, so its border moves by rounding only.
    assert sum(km2([part]) for part in shapely.get_parts(strip.intersection(own).to_numpy()) if part.area) < 1e-5


def test_all_geometries_are_valid_and_need_no_repair(layers):
    for name, layer in layers.items():
        assert shapely.is_valid(layer.frame.geometry.to_numpy()).all(), name
        assert layer.repairs.empty, name
    vertices = sum(shapely.get_num_coordinates(layer.frame.geometry.to_numpy()).sum() for layer in layers.values())
    assert 5_000 < vertices < 60_000


def test_most_layers_are_geographic_and_two_projected_ones_lie_in_both_zones(sample):
    systems = {
        name: pyogrio.read_info(sample.layers, layer=name)["crs"] for name, _ in pyogrio.list_layers(sample.layers)
    }
    assert systems["YJJBNTBHTB"] == "EPSG:4524"
    assert systems["STBHHX_LQ"] == "EPSG:4523"
    assert sum(crs == "EPSG:4490" for crs in systems.values()) > len(systems) / 2


def test_it_straddles_the_seam(layers):
    west, _, east, _ = layers["XZQ"].frame.set_index("code").geometry["500199"].bounds
    assert west < 106.46 < 106.54 < east


def test_rivers_have_two_banks_and_the_classes_of_the_law(layers):
    banks = layers["bank_line"].frame
    assert sorted(banks.groupby("river")["river_class"].first()) == [
        "mainstem",
        "major_tributary",
        "tributary",
        "tributary",
    ]
    assert all(sorted(sides) == ["left", "right"] for _, sides in banks.groupby("river")["side"])
    assert set(banks["bank_def"]) == {"临水线"}
    second = layers["bank_range"].frame
    assert set(second["bank_def"]) == {"河道管理范围线"}
    assert set(second["river"]) < set(banks["river"])
    main = banks[banks["river_class"] == "mainstem"].set_index("side").geometry
    water = shapely.Polygon([*main["left"].coords, *main["right"].coords[::-1]])
    district = layers["XZQ"].frame.set_index("code").geometry["500199"]
    # The river runs through and leaves land on both banks.
    assert water.is_valid
    land_parts = [g for g in shapely.get_parts(district.difference(water)) if km2([g]) > 1.0]
    assert len(land_parts) == 2


def test_water_source_levels_nest_as_rings(layers):
    source = layers["YYSSYBHQ"].frame.set_index("level").geometry
    assert set(source.index) == {"level1", "level2", "quasi"}
    assert source["level1"].intersection(source["level2"]).area == 0.0
    filled = shapely.union(source["level1"], source["level2"])
    assert filled.touches(source["quasi"])
    assert source["level1"].boundary.intersection(source["level2"]).length > 0
    assert km2([source["level1"]]) < km2([source["level2"]])


def test_reserve_has_a_core_inside_a_general_zone(layers):
    areas = layers["ZRBHD"].frame
    core = areas[areas["zone"] == "core"].geometry.iloc[0]
    general = areas[(areas["zone"] == "general") & (areas["category"] == "nature_reserve")].geometry.iloc[0]
    assert shapely.Polygon(general.exterior).contains(core)
    assert core.intersection(general).area == 0.0
    assert set(areas["scheme"]) == {"2026"}
    assert "nature_park" in set(areas["category"])


def test_codes_follow_the_scheme(layers):
    assert all(re.fullmatch(r"ZH500199[12]000[1-4]", code) for code in layers["ZHGKDY"].frame["code"])
    assert all(re.fullmatch(r"YS500199[123]\d\d\d{4}", code) for code in layers["YSGKFQ"].frame["code"])


def test_it_says_everywhere_that_it_is_invented(sample, layers):
    for name, layer in layers.items():
        if name == "LY":
            # Packs find the basin by its name; its remark says it.
            assert set(gpd.read_file(sample.layers, layer="LY")["REMARK"]) == {"虚构范围"}
        else:
            assert layer.frame["name"].str.contains("虚构|邻区西山（虚构）").all(), name
    assert gpd.read_file(sample.sites)["name"].str.contains("虚构").all()
    listed = (sample.layer_set.parent / "access_list.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert all("（虚构条目）" in line for line in listed)
    for path in (sample.layer_set, sample.layer_set_partial):
        assert "虚构" in tomllib.loads(path.read_text(encoding="utf-8"))["name"]


def test_layer_set_answers_for_every_role_of_the_profile(sample):
    whole, partial = layerset.load(sample.layer_set), layerset.load(sample.layer_set_partial)
    profile = load_profile(None)
    for role in (*profile.required, *profile.optional):
        said = whole.absence(role)
        assert bool(whole.of(role)) != bool(said), role
        if said:
            assert said.state == "absent_confirmed"
            assert said.day <= date(2026, 11, 1) <= said.valid_to
    assert all(whole.of(role) for role in profile.required)
    assert [a.role for a in partial.absences if a.state == "not_held"] == ["forest_land", "soil_loss_zone"]
    assert [s.role for s in partial.sources] == [s.role for s in whole.sources]


@pytest.mark.parametrize(
    "day", [date(2026, 1, 5), date(2026, 9, 25), date(2026, 11, 1), date(2027, 9, 20), date(2031, 5, 5)]
)
def test_confirmation_is_valid_on_the_day_of_use(day):
    assert 0 <= (day - _confirmed(day)).days < 365


def test_the_same_seed_gives_the_same_district(sample, layers, tmp_path):
    drawn = _drawn(2026, Progress())
    frames = {layer.name: layer.frame for layer in drawn.layers}
    for name in ("ZHGKDY", "STBHHX", "bank_line", "YYSSYBHQ", "HGYQ_HG", "SD", "AXGNQ", "HJBHMB"):
        # The file promotes a polygon beside multipolygons to one; every coordinate is the same number.
        written = shapely.get_coordinates(layers[name].frame.geometry.to_numpy())
        assert np.array_equal(shapely.get_coordinates(frames[name].geometry.to_numpy()), written), name
    for frame, path in (
        (drawn.sites, sample.sites),
        (drawn.restoration, sample.restoration),
        (drawn.bank_uses, sample.bank_uses),
    ):
        assert frame.geometry.geom_equals_exact(gpd.read_file(path).geometry, 0.0).all(), path.name
    rasterio = pytest.importorskip("rasterio")
    rasters.write(tmp_path, drawn.ground, 2026)
    for path in sample.rasters.dem.parent.glob("*.tif"):
        with rasterio.open(path) as one, rasterio.open(tmp_path / path.name) as other:
            assert np.array_equal(one.read(), other.read()), path.name


def test_another_seed_gives_another_district():
    one, other = (land._district(np.random.default_rng(seed))[0] for seed in (2026, 7))
    assert one.area == pytest.approx(other.area, rel=1e-9)
    assert one.symmetric_difference(other).area > 1e6


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(EcoRedlineError) as error:
        make(tmp_path / "file" / "below")
    assert "below" in str(error.value.message)
    assert error.value.remedy.zh


def test_files_are_of_a_version_that_every_supported_qgis_opens_in_silence(sample):
    for path in (sample.layers, sample.sites, sample.restoration, sample.bank_uses):
        assert int.from_bytes(path.read_bytes()[60:64], "big") == 10_300, path.name

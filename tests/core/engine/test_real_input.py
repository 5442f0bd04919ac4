"""The 110 real power plants against the real Yangtze centre line.

Skipped, saying so, where the folder with the real data is not at hand.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from ecoredline.processing.engine import Screening, screen

DATA = Path(__file__).parents[4] / "shared" / "data"
RIVERS = DATA / "rivers" / "ne10m_yangtze_and_tributaries.geojson"
PLANTS = DATA / "sites" / "wri_power_plants_upper_yangtze_box.csv"
AS_OF = date(2026, 11, 1)
# An oracle of its own: another ellipsoid (WGS84 differs by 0.1 mm in the axis), another way of searching.
GEOD = pyproj.Geod(ellps="WGS84")

pytestmark = pytest.mark.skipif(
    not (RIVERS.is_file() and PLANTS.is_file()), reason="real data not at hand: shared/data/rivers and sites"
)


@pytest.fixture(scope="module")
def plants() -> gpd.GeoDataFrame:
    table = pd.read_csv(PLANTS)
    return gpd.GeoDataFrame(
        {"site_id": table["Power Plant ID"].astype(str), "name": table["Name"], "industry": "D4412"},
        geometry=gpd.points_from_xy(table["Longitude"], table["Latitude"]),
        crs="EPSG:4326",
    ).drop_duplicates("site_id")


@pytest.fixture(scope="module")
def layer_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real")
    profile = folder / "banks_only.toml"
    others = ("control_unit", "red_line", "water_source", "protected_area", "permanent_farmland", "district")
    dropped = "\n".join(f'[[dropped]]\nrole = "{role}"\nreason = "仅核对岸线距离"' for role in others)
    profile.write_text(
        'id = "banks_only"\nrequired = ["bank_line"]\noptional = []\n'
        f'[name]\nzh = "仅岸线"\nen = "banks only"\n{dropped}\n',
        encoding="utf-8",
    )
    path = folder / "rivers.toml"
    path.write_text(
        f"""
name = "Natural Earth 1:10M"
profile = "banks_only.toml"
[[layer]]
role = "bank_line"
source = "{RIVERS}"
accuracy_m = 500.0
authority = "indicative"
fields = {{ river = "name_en", river_class = "name" }}
values = {{ bank_def = "河道中心线" }}
[layer.spellings.river_class]
"Chang Jiang" = "mainstem"
"Jinsha" = "mainstem"
"Jialing" = "major_tributary"
"Wu" = "major_tributary"
"Min" = "major_tributary"
"Dadu" = "major_tributary"
"Tuo" = "major_tributary"
""",
        encoding="utf-8",
    )
    return path


def existing(plants: gpd.GeoDataFrame, layer_set: Path) -> Screening:
    return screen(plants.assign(nature="现有"), layer_set, as_of=AS_OF)


@pytest.fixture(scope="module")
def as_built(plants: gpd.GeoDataFrame, layer_set: Path) -> Screening:
    return existing(plants, layer_set)


@pytest.fixture(scope="module")
def what_if(plants: gpd.GeoDataFrame, layer_set: Path) -> Screening:
    return screen(plants.assign(nature="新建", industry="C2614"), layer_set, as_of=AS_OF)


def geodesic_distance(point: shapely.Point, line: shapely.Geometry) -> float:
    """Least geodesic distance to a line straight in lon/lat: dense sampling, then golden section about the least."""
    best = np.inf
    for part in shapely.get_parts(line):
        xy = shapely.get_coordinates(shapely.segmentize(part, 0.0005))
        near = np.hypot((xy[:, 0] - point.x) * 0.87, xy[:, 1] - point.y) < 0.3
        if not near.any():
            continue
        xy = xy[np.flatnonzero(near)[0] : np.flatnonzero(near)[-1] + 1]
        ones = np.ones(len(xy))
        distance = GEOD.inv(point.x * ones, point.y * ones, xy[:, 0], xy[:, 1])[2]
        for i in np.argsort(distance)[:4]:
            for j in (i - 1, i):
                if 0 <= j < len(xy) - 1:
                    best = min(best, _golden(point, xy[j], xy[j + 1]))
    return best


def _golden(point: shapely.Point, a: np.ndarray, b: np.ndarray) -> float:
    ratio = (np.sqrt(5) - 1) / 2

    def at(t: float) -> float:
        x, y = a + t * (b - a)
        return float(GEOD.inv(point.x, point.y, x, y)[2])

    low, high = 0.0, 1.0
    for _ in range(60):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if at(left) < at(right):
            high = right
        else:
            low = left
    return at((low + high) / 2)


def test_twenty_distances_are_those_of_an_independent_geodesic(plants, as_built):
    rivers = gpd.read_file(RIVERS)
    facts = as_built.facts.sort_values("distance_m").drop_duplicates("site_id")
    assert len(facts) >= 20, "fewer plants within 10 km of a river than the data hold"
    by_id = plants.set_index("site_id").geometry
    for fact in facts.head(20).itertuples():
        expected = min(geodesic_distance(by_id[fact.site_id], line) for line in rivers.geometry)
        assert fact.distance_m == pytest.approx(expected, abs=1e-3), fact.site_id


def test_every_plant_within_ten_kilometres_has_a_fact(plants, as_built):
    rivers = gpd.read_file(RIVERS).geometry
    for plant in plants.itertuples():
        if min(geodesic_distance(plant.geometry, line) for line in rivers) < 9_999:
            assert plant.site_id in set(as_built.facts["site_id"]), plant.site_id


def test_no_plant_near_a_limit_is_firmly_clear(what_if):
    nearest = what_if.facts.groupby("site_id")["distance_m"].min()
    near = nearest.index[nearest < 2_500]
    verdicts = what_if.verdicts.set_index("site_id").loc[near]
    assert len(near) > 0
    assert not ((verdicts["verdict"] == "clear") & (verdicts["certainty"] == "firm")).any()
    judged = what_if.verdicts[what_if.verdicts["verdict"] != "undetermined"]
    assert set(judged["certainty"]) <= {"indicative", "borderline"}


def test_a_centre_line_never_prohibits(what_if):
    assert "prohibited" not in set(what_if.verdicts["verdict"])
    fired = what_if.findings[(what_if.findings["rule_id"] == "YZ-01") & (what_if.findings["distance_m"] <= 1_000)]
    assert len(fired) > 0
    assert set(fired["verdict"]) <= {"needs_review", "undetermined"}


def test_an_existing_plant_meets_no_ban_on_building(as_built):
    bans = as_built.findings["rule_id"].str.match(r"YZ-0[1-6]")
    assert not bans.any()


def test_an_existing_plant_by_the_river_is_not_firmly_clear_either(as_built):
    near = as_built.facts["site_id"].unique()
    verdicts = as_built.verdicts.set_index("site_id").loc[near]
    assert len(near) > 0
    assert not ((verdicts["verdict"] == "clear") & (verdicts["certainty"] == "firm")).any()


def test_a_basin_that_is_not_loaded_is_a_gap_with_its_cure(what_if):
    row = what_if.gaps[what_if.gaps["roles"].str.contains("basin")]
    assert len(row) == 1
    assert "加载" in row["cure"].iloc[0]
    assert row["n_sites"].iloc[0] > 0

"""Sites: headings of every kind, types, ids, geometry; what is not understood is said."""

import copy
import math
import os
from datetime import date
from hashlib import sha256

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from ecoredline.layers.errors import SitesError
from ecoredline.layers.site_columns import site_columns
from ecoredline.layers.sites import normalise, read

SQUARE = shapely.box(106.49, 29.40, 106.50, 29.41)
HOLED = shapely.Polygon(SQUARE.exterior.coords, [[(106.492, 29.402), (106.494, 29.402), (106.494, 29.404)]])
SHAPES = [
    HOLED,
    shapely.Point(106.5, 29.5),
    shapely.LineString([(106.5, 29.5), (106.51, 29.5)]),
    shapely.MultiPoint([(106, 29), (107, 30)]),
]


def frame(**columns: object) -> gpd.GeoDataFrame:
    n = len(next(iter(columns.values()))) if columns else len(SHAPES)
    return gpd.GeoDataFrame(columns, geometry=(SHAPES * n)[:n], crs=4490)


def refused(given: gpd.GeoDataFrame) -> str:
    with pytest.raises(SitesError) as caught:
        normalise(given, "sites.gpkg")
    assert "sites.gpkg" in caught.value.message.zh
    return " | ".join((caught.value.message.en, caught.value.cause.en, caught.value.remedy.en))


def problems(sites: gpd.GeoDataFrame) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.problem) for each in sites.attrs["diagnosis"]]


def test_every_column_of_rules_is_declared_with_its_kind():
    kinds = {column.name: column.kind for column in site_columns()}
    flags = [
        "is_chemical",
        "is_chemical_park",
        "is_tailings_pond",
        "is_slag_pond",
        "is_phosphogypsum_pond",
        "is_industrial_park",
        "is_linear",
        "applies_for_land",
        "limited_activity",
        "national_major_project",
        "discharges_pollutants",
        "heavy_polluter",
        "burns_high_pollution_fuel",
        "has_outfall",
        "may_pollute_soil",
        "is_waste_facility",
        "is_livestock_farm",
        "is_sand_mining",
        "is_mining",
        "is_water_supply",
        "capacity_grows",
        "safety_upgrade",
        "chemical_reaction",
    ]
    assert {kinds[name] for name in flags} == {"flag"}
    assert {kinds[name] for name in ("accuracy_m", "footprint_m", "area_m2")} == {"quantity"}
    assert {kinds[name] for name in ("accepted_on", "decided_on")} == {"date"}
    assert {kinds[name] for name in ("raw_materials", "products", "land_use", "project_id", "stake_start")} == {"text"}
    assert (kinds["nature"], kinds["industry"], kinds["segments"]) == ("nature", "industry", "segments")


def test_no_heading_belongs_to_two_columns():
    from ecoredline.layers.columns import plain

    owner = {}
    for column in site_columns():
        for word in {plain(word) for word in (column.name, column.text.zh, *column.aliases)}:
            assert owner.setdefault(word, column.name) == column.name


def test_chinese_headings_are_recognised_and_typed():
    sites = normalise(
        frame(
            地块编号=["A", "B"],
            项目名称=["甲", None],
            建设性质=["新建（迁建）", "改扩建"],
            国民经济行业类别=["C2614 有机化学原料制造", 4411],
            尾矿库=["是", "否"],
            是否化工项目=[None, True],
            受理日=["2026年3月1日", pd.Timestamp("2026-04-02")],
            占地面积=["1,200.5", 7],
            分段=["0-1200 桥梁;1200-3400 隧道", None],
            备注=["x", "y"],
        ),
        "s",
    )
    a, b = sites.iloc[0], sites.iloc[1]
    assert sites["site_id"].tolist() == ["A", "B"]
    assert (a["nature"], b["nature"]) == ("新建", "改建;扩建")
    assert (a["industry"], b["industry"]) == ("C2614", "D4411")
    assert (a["is_tailings_pond"], b["is_tailings_pond"]) == (True, False)
    assert (a["is_chemical"], b["is_chemical"]) == (None, True)
    assert (a["accepted_on"], b["accepted_on"]) == (date(2026, 3, 1), date(2026, 4, 2))
    assert (a["area_m2"], b["area_m2"]) == (1200.5, 7.0)
    assert a["segments"] == "0-1200 桥梁;1200-3400 隧道"
    assert sites["备注"].tolist() == ["x", "y"]
    assert (b["name"], a["land_use"], a["chemical_reaction"]) == (None, None, None)
    assert math.isnan(a["footprint_m"])
    assert {column.name for column in site_columns()} <= set(sites.columns)
    assert problems(sites) == []


def test_what_is_not_understood_is_unknown_and_said():
    sites = normalise(
        frame(
            nature=["新建;待定", None],
            industry=["化工", "26"],
            is_mining=["也许", ""],
            accepted_on=["去年", None],
            accuracy_m=[-1, 2],
        ),
        "s",
    )
    assert sites.loc[0, ["nature", "industry", "is_mining", "accepted_on"]].tolist() == [None] * 4
    assert math.isnan(sites["accuracy_m"][0])
    assert sites["accuracy_m"][1] == 2.0
    assert {each[1] for each in problems(sites)} == {"nature", "industry", "is_mining", "accepted_on", "accuracy_m"}
    assert {each[0] for each in problems(sites)} == {1}


def test_ids_are_given_or_counted_never_repeated_or_empty():
    assert normalise(frame(), "s")["site_id"].tolist() == ["1", "2", "3", "4"]
    assert normalise(frame(site_id=[7.0, 8.0]), "s")["site_id"].tolist() == ["7", "8"]
    said = refused(frame(site_id=["a", "b", "a", "c", "b"]))
    assert "1 (a), 2 (b), 3 (a), 5 (b)" in said
    assert "4 (c)" not in said
    assert "rows 2" in refused(frame(site_id=["a", " "]))
    assert "there is no site" in refused(frame().iloc[:0])


def test_two_columns_for_one_field_are_refused():
    said = refused(frame(name=["a"], 项目名称=["b"]))
    assert "name, 项目名称" in said


def test_points_lines_multiparts_and_holes_stay():
    sites = normalise(frame(), "s")
    assert sites.geometry.geom_type.tolist() == ["Polygon", "Point", "LineString", "MultiPoint"]
    assert len(sites.geometry[0].interiors) == 1


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (None, "no geometry in rows 2 (2)"),
        (shapely.Polygon(), "no geometry in rows 2 (2)"),
        (shapely.Point(0, 0), "no geometry in rows 2 (2)"),
        (shapely.Point(106, np.nan), "NaN or infinite, features: 2 (2)"),
        (shapely.LineString([(106, 29), (106, np.inf)]), "NaN or infinite"),
        (shapely.GeometryCollection([SQUARE]), "geometry collection"),
        (shapely.Polygon([(106, 29), (107, 29), (106, 29)]), "without area"),
        (shapely.LineString([(106, 29), (106, 29)]), "without area or length"),
    ],
)
def test_geometry_that_cannot_be_judged_names_its_row(shape, words):
    given = frame(site_id=["1", "2", "3"])
    given["geometry"] = gpd.GeoSeries([SQUARE, shape, SQUARE], crs=4490)
    assert words in refused(given)


def test_an_invalid_polygon_is_repaired_on_a_copy_and_said():
    bow = shapely.Polygon([(106.5, 29.5), (106.51, 29.51), (106.51, 29.5), (106.5, 29.51)])
    given = gpd.GeoDataFrame({"site_id": ["x"]}, geometry=[bow], crs=4490)
    sites = normalise(given, "s")
    assert sites.geometry.is_valid.all()
    assert not given.geometry.is_valid.all()
    assert problems(sites) == [(1, "geometry", "repaired")]
    assert "→" in sites.attrs["diagnosis"][0].value


def test_digests_are_of_what_came():
    given = frame().to_crs(4524)
    sites = normalise(given, "s")
    assert [sha256(shapely.to_wkb(shape, byte_order=1)).digest() for shape in given.geometry] == list(
        sites.attrs["digests"]
    )
    assert sites.crs.to_epsg() == 4490
    assert sites.geometry[1].x == pytest.approx(106.5, abs=1e-9)
    assert copy.deepcopy(sites.attrs)["digests"] is sites.attrs["digests"]  # a filter of 200,000 rows copies nothing
    assert len(pd.concat([sites, sites])) == 8


def test_sites_without_a_crs_or_in_an_old_datum_are_refused():
    assert "no CRS" in refused(frame().set_crs(None, allow_override=True))
    assert "Beijing 1954" in refused(frame().set_crs(4214, allow_override=True))


def test_sites_that_were_normalised_stay_as_they_are():
    once = normalise(
        frame(nature=["迁建", "现有"], industry=["2614", None], 尾矿库=["是", "?"], 受理日=["2026-01-02", None]), "s"
    )
    twice = normalise(once, "s")
    assert twice.equals(once)
    # what nobody has filled in since is told again
    assert problems(twice) == problems(once) == [(2, "is_tailings_pond", "unknown_flag")]


# ---------------------------------------------------------------- files


def test_a_file_is_read_with_its_diagnosis(tmp_path):
    frame(地块编号=["A", "B"], 建设性质=["新建", "乱写"]).to_file(tmp_path / "s.gpkg")
    intake = read(tmp_path / "s.gpkg")
    assert intake.sites["site_id"].tolist() == ["A", "B"]
    assert intake.diagnosis["problem"].tolist() == ["unknown_nature"]
    assert intake.candidates.empty
    assert intake.datasets["features"].tolist() == [2]


def test_a_file_with_several_layers_asks_which(tmp_path):
    for layer in ("a", "b"):
        frame(site_id=[layer]).to_file(tmp_path / "s.gpkg", layer=layer)
    intake = read(tmp_path / "s.gpkg")
    assert intake.sites.empty
    assert intake.diagnosis["problem"].tolist() == ["several_datasets"]
    assert intake.datasets["dataset"].tolist() == ["a", "b"]
    assert read(tmp_path / "s.gpkg", dataset="b").sites["site_id"].tolist() == ["b"]
    with pytest.raises(SitesError):
        read(tmp_path / "s.gpkg", dataset="c")


def test_a_file_without_a_crs_offers_candidates_and_takes_the_choice(tmp_path):
    given = gpd.GeoDataFrame({"地块编号": ["甲", "乙"]}, geometry=[SQUARE, HOLED], crs=4490)
    given.to_crs(4544).to_file(tmp_path / "s.shp", encoding="GBK")
    os.remove(tmp_path / "s.prj")
    os.remove(tmp_path / "s.cpg")
    intake = read(tmp_path / "s.shp")
    assert intake.sites.empty
    assert intake.candidates["crs"].tolist()[:2] == ["EPSG:4544", "EPSG:4545"]
    assert intake.candidates.geometry[0].contains(shapely.Point(106.495, 29.405))
    assert not intake.candidates.geometry[1].contains(shapely.Point(106.495, 29.405))
    chosen = read(tmp_path / "s.shp", crs="EPSG:4544")
    assert chosen.sites["site_id"].tolist() == ["甲", "乙"]
    assert chosen.diagnosis["problem"].tolist() == ["encoding", "overlap"]
    assert chosen.sites.geometry[0].area == pytest.approx(SQUARE.area, rel=1e-5)


def test_files_that_hold_no_sites(tmp_path):
    with pytest.raises(SitesError, match=r"none\.gpkg"):
        read(tmp_path / "none.gpkg")
    (tmp_path / "t.gpkg").write_text("x")
    with pytest.raises(SitesError, match=r"t\.gpkg"):
        read(tmp_path / "t.gpkg")
    frame(site_id=["a"]).iloc[:0].to_file(tmp_path / "e.gpkg")
    with pytest.raises(SitesError) as caught:
        read(tmp_path / "e.gpkg")
    assert "no site" in caught.value.message.en


def test_what_cannot_be_read_stands_beside_the_site():
    given = frame(
        建设性质=["新见", "新建", None], 行业代码=["化工", "C2614", "2；3"], 是否化工项目=["是", "也许", "否"]
    )
    sites = normalise(given, "sites.gpkg")
    assert sites["unread"].tolist() == ["建设性质=新见；行业代码=化工", "是否化工项目=也许", "行业代码=2;3"]
    assert normalise(frame(建设性质=["新建"]), "sites.gpkg")["unread"].tolist() == [None]


def test_what_was_unread_before_stays_until_it_is_filled_in():
    once = normalise(frame(建设性质=["新见", "新见"], 备注=["a", "b"], 行业代码=["化工", "化工"]), "sites.gpkg")
    later = gpd.GeoDataFrame(pd.DataFrame(once), geometry="geometry", crs=4490)
    later.attrs = {}
    later["nature"] = [None, "新建"]
    again = normalise(later, "sites.gpkg")
    assert again["unread"].tolist() == ["建设性质=新见；行业代码=化工", "行业代码=化工"]
    assert problems(again) == [(1, "industry", "unknown_industry"), (1, "nature", "unknown_nature"),
                               (2, "industry", "unknown_industry")]  # fmt: skip
    assert list(again.columns).count("unread") == 1
    # a column of that name with another meaning is not taken for it
    assert normalise(frame(unread=[3]), "sites.gpkg")["unread"].tolist() == [None]

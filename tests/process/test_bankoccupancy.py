"""Bank occupancy inside the executable of QGIS: tables and chart whole, or refused with nothing left."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    folder = tmp_path_factory.mktemp("occupancy")
    bank = shapely.LineString([(106.5, 29.40), (106.5, 29.42)])
    gpd.GeoDataFrame(
        {"HLMC": ["虚江"], "HLLB": ["干流"], "AB": ["左岸"], "岸线定义": ["临水线"]}, geometry=[bank], crs="EPSG:4490"
    ).to_file(folder / "岸线.gpkg")
    quay = shapely.LineString([(106.4999, 29.405), (106.4999, 29.41)])
    gpd.GeoDataFrame({"利用类型": ["码头"]}, geometry=[quay], crs="EPSG:4490").to_file(folder / "利用.gpkg")
    gpd.GeoDataFrame({"利用类型": ["赛马场"]}, geometry=[quay], crs="EPSG:4490").to_file(folder / "不明.gpkg")
    return folder


def test_tables_and_chart_are_written(run, sources, tmp_path):
    done = run(
        "bankoccupancy",
        BANKS=sources / "岸线.gpkg",
        USES=sources / "利用.gpkg",
        SEGMENTS=tmp_path / "桩号.gpkg",
        SUMMARY=tmp_path / "统计.csv",
        CHART=tmp_path / "带状图.png",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["桩号.gpkg", "统计.csv", "带状图.png"])
    segments = gpd.read_file(tmp_path / "桩号.gpkg")
    assert segments["use"].tolist() == ["unstated", "wharf", "unstated"]
    total = pd.read_csv(tmp_path / "统计.csv").iloc[0]
    assert segments["length_m"].sum() == pytest.approx(total["length_m"], abs=1e-6)
    assert (tmp_path / "带状图.png").read_bytes()[:4] == b"\x89PNG"


def test_an_unknown_use_is_refused_and_leaves_nothing(run, sources, tmp_path):
    done = run(
        "bankoccupancy", BANKS=sources / "岸线.gpkg", USES=sources / "不明.gpkg", SEGMENTS=tmp_path / "桩号.gpkg"
    )
    assert done.returncode != 0
    assert "赛马场" in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []

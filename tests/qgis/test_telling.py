"""screenprojects and screenrestoration say in their log what of the sites they could not read."""

from __future__ import annotations

import pytest

TOML = """name = "试验"
[[layer]]
role = "red_line"
source = "red.gpkg"
authority = "statutory"
"""


def made(folder, n=1, word="新见"):
    import geopandas as gpd
    import shapely

    box = shapely.box(106.5, 29.4, 106.51, 29.41)
    gpd.GeoDataFrame({"HXBM": ["A"]}, geometry=[box], crs="EPSG:4490").to_file(folder / "red.gpkg")
    (folder / "set.toml").write_text(TOML, encoding="utf-8")
    shapes = [shapely.box(106.50 + 1e-4 * i, 29.402, 106.50005 + 1e-4 * i, 29.40205) for i in range(n)]
    sites = {"地块编号": [f"K{i}" for i in range(n)], "建设性质": [word] * n, "行业代码": ["化工"] * n}
    gpd.GeoDataFrame(sites, geometry=shapes, crs="EPSG:4490").to_file(folder / "sites.gpkg")


def said(provider, algorithm, folder, sites):
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    feedback = QgsProcessingFeedback(False)
    given = {"SITES": sites, "LAYER_SET": str(folder / "set.toml"), "DOSSIER": str(folder / "dossier")}
    provider.algorithm(algorithm).create().processAlgorithm(given, QgsProcessingContext(), feedback)
    return feedback.textLog()


@pytest.mark.parametrize("algorithm", ["screenprojects", "screenrestoration"])
def test_a_word_that_is_not_understood_is_said(provider, tmp_path, algorithm):
    made(tmp_path)
    log = said(provider, algorithm, tmp_path, str(tmp_path / "sites.gpkg"))
    for word in ("K0", "新见", "化工", "unread"):
        assert word in log
    import pyogrio

    kept = pyogrio.read_dataframe(tmp_path / "dossier" / "dossier.gpkg", layer="sites")
    assert kept["unread"].tolist() == ["建设性质=新见；行业代码=化工"]


def test_many_are_said_up_to_fifty_and_counted(provider, tmp_path):
    from qgis.core import QgsVectorLayer

    made(tmp_path, 40)
    layer = QgsVectorLayer(str(tmp_path / "sites.gpkg"), "sites", "ogr")
    layer.setSubsetString("fid > 0")  # no plain file: it comes as a frame
    log = said(provider, "screenprojects", tmp_path, layer)
    assert sum("化工" in line or "新见" in line for line in log.splitlines()) == 50
    assert "80" in log and "30" in log


def test_what_is_understood_is_not_spoken_of(provider, tmp_path):
    made(tmp_path, word="新建")
    import geopandas as gpd

    sites = gpd.read_file(tmp_path / "sites.gpkg")
    sites["行业代码"] = "C2614"
    sites.to_file(tmp_path / "sites.gpkg")
    assert "unread" not in said(provider, "screenprojects", tmp_path, str(tmp_path / "sites.gpkg"))

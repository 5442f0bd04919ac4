"""screenrestoration without rasterio: the screening stands, the ranking is left out, and the log says how to get it."""

from __future__ import annotations

import sys

import pytest

TOML = """name = "试验"
[[layer]]
role = "red_line"
source = "red.gpkg"
vintage = 2025-01-01
accuracy_m = 5.0
authority = "statutory"
"""


@pytest.fixture
def inputs(tmp_path):
    import geopandas as gpd
    import numpy as np
    import rasterio
    import shapely

    gpd.GeoDataFrame({"名称": ["红线"]}, geometry=[shapely.box(106.5, 29.4, 106.505, 29.41)], crs="EPSG:4490").to_file(
        tmp_path / "red.gpkg"
    )
    (tmp_path / "set.toml").write_text(TOML, encoding="utf-8")
    box = shapely.box(106.503, 29.402, 106.507, 29.406)
    gpd.GeoDataFrame({"地块编号": ["K1"], "修复措施": ["植树覆绿"]}, geometry=[box], crs="EPSG:4490").to_file(
        tmp_path / "areas.gpkg"
    )
    grid = rasterio.transform.from_origin(106.5, 29.41, 0.0002, 0.0002)
    heights = np.tile(np.arange(50, dtype="float32"), (50, 1))
    with rasterio.open(
        tmp_path / "dem.tif", "w", driver="GTiff", width=50, height=50, count=1, dtype="float32", crs="EPSG:4490",
        transform=grid,
    ) as file:  # fmt: skip
        file.write(heights, 1)
    return tmp_path


def run(provider, inputs, out, **more):
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    feedback = QgsProcessingFeedback(False)
    found = (
        provider.algorithm("screenrestoration")
        .create()
        .processAlgorithm(
            {
                "SITES": str(inputs / "areas.gpkg"),
                "LAYER_SET": str(inputs / "set.toml"),
                "DEM": str(inputs / "dem.tif"),
                "VERDICTS": str(out / "verdicts.gpkg"),
                "INDICATORS": str(out / "indicators.csv"),
                "PRIORITY": str(out / "priority.csv"),
                "DOSSIER": str(out / "dossier"),
                **more,
            },
            QgsProcessingContext(),
            feedback,
        )
    )
    return found, feedback.textLog()


def test_figures_and_ranking(provider, inputs, tmp_path):
    import pandas as pd

    run(provider, inputs, tmp_path / "out")
    table = pd.read_csv(tmp_path / "out" / "indicators.csv").set_index("indicator")
    # One metre of height per cell of 0.0002° of longitude: 19.43 m on the ground at 29.404° N.
    assert table.at["slope_mean", "value"] == pytest.approx(2.946, abs=0.01)
    assert table.at["slope_mean", "covered_share"] == pytest.approx(1.0)
    assert table.at["red_line_share", "value"] == pytest.approx(0.5, abs=1e-6)
    ranked = pd.read_csv(tmp_path / "out" / "priority.csv")
    assert ranked["site_id"].tolist() == ["K1"]
    assert "missing" in ranked and ranked["verdict_zh"].notna().all()


def test_without_rasterio_the_screening_stands_and_says_the_remedy(provider, inputs, tmp_path, monkeypatch):
    import pandas as pd

    monkeypatch.setitem(sys.modules, "rasterio", None)
    found, said = run(provider, inputs, tmp_path / "out")
    assert "rasterio" in said and "pip install rasterio" in said
    assert "PRIORITY" not in found and not (tmp_path / "out" / "priority.csv").exists()
    assert (tmp_path / "out" / "verdicts.gpkg").exists()
    table = pd.read_csv(tmp_path / "out" / "indicators.csv")
    assert set(table["indicator"]) == {"red_line_share"}


@pytest.mark.parametrize("broken", ["DEM", "IMAGES", "WEIGHTS"])
def test_what_cannot_be_read_is_said_before_anything_is_written(provider, inputs, tmp_path, broken):
    import rasterio
    from qgis.core import QgsProcessingException

    (inputs / "broken.toml").write_text("no toml", encoding="utf-8")
    with rasterio.open(
        inputs / "two.tif", "w", driver="GTiff", width=2, height=2, count=2, dtype="uint8", crs="EPSG:4490",
        transform=rasterio.transform.from_origin(106.5, 29.41, 0.1, 0.1),
    ):  # fmt: skip
        pass
    given = inputs / ("two.tif" if broken == "DEM" else "broken.toml")
    with pytest.raises(QgsProcessingException, match=given.name):
        run(provider, inputs, tmp_path / "out", **{broken: str(given)})
    assert not (tmp_path / "out").exists()


def test_weights_without_a_raster_are_said_to_be_unused(provider, inputs, tmp_path):
    found, told = run(provider, inputs, tmp_path / "out", DEM=None)
    assert "PRIORITY" not in found
    assert "weights were not used" in told

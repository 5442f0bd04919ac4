"""The rasters of the sample: small, repeatable, with mines that recover and loss inside the red line."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from ecoredline.layers.images import load_images
from ecoredline.layers.sample import SampleDistrict
from ecoredline.processing.engine.restoration import indicators, priority, watch

rasterio = pytest.importorskip("rasterio")


@pytest.fixture(scope="module")
def table(sample: SampleDistrict) -> pd.DataFrame:
    assert sample.rasters is not None
    areas = gpd.read_file(sample.restoration)
    return indicators(areas, sample.rasters.dem, sample.rasters.images, sample.rasters.land_cover)


def column(table: pd.DataFrame, indicator: str, date: str = "") -> pd.Series:
    rows = table[(table["indicator"] == indicator) & (table["date"] == date)]
    return rows.set_index("site_id")["value"]


def test_they_are_small_and_say_what_they_are(sample: SampleDistrict) -> None:
    assert sample.rasters is not None
    folder = sample.rasters.dem.parent
    assert sum(path.stat().st_size for path in folder.glob("*.tif")) < 4e6
    for path in folder.glob("*.tif"):
        with rasterio.open(path) as raster:
            assert "虚构" in raster.tags()["NOTE"]
    assert [image.day.year for image in load_images(sample.rasters.images).images] == [2020, 2023, 2026]


def test_mines_recover_as_their_state_says(sample: SampleDistrict, table: pd.DataFrame) -> None:
    states = gpd.read_file(sample.restoration).set_index("site_id")
    mines = states.index[(states["kind"] == "矿山") & (states.geometry.to_crs("EPSG:4524").area > 1000)]
    first, last = column(table, "fvc_mean", "2020-07-18"), column(table, "fvc_mean", "2026-07-15")
    for site in mines:
        done = states.loc[site, "restoration_state"] != "待治理"
        assert (last[site] - first[site] > 0.2) == done, site
        gain = column(table, "ndvi_gain_share", "2020-07-18/2026-07-15")[site]
        assert gain > 0.8 if done else gain < 0.1, site


def test_quarries_are_steep_and_the_first_to_be_restored(table: pd.DataFrame) -> None:
    steep = column(table, "slope_over25_share")
    assert steep["XF-01"] > 0.3 and steep["XF-12"] < 0.2
    ranked = priority(table).set_index("site_id")
    assert ranked.loc["XF-01", "rank"] < ranked.loc["XF-03", "rank"]


def test_a_cloud_hides_part_of_a_mine_and_the_smallest_area_is_told(table: pd.DataFrame) -> None:
    shares = table[(table["indicator"] == "fvc_mean")].set_index(["date", "site_id"])["covered_share"]
    assert 0.0 < shares["2023-07-22", "XF-03"] < 0.9
    assert shares["2026-07-15"].min() == pytest.approx(1.0)
    assert np.isfinite(column(table, "fvc_mean", "2026-07-15")["XF-13"])


def test_the_loss_inside_the_red_line_is_found_and_nothing_else(sample: SampleDistrict) -> None:
    assert sample.rasters is not None
    found = watch(sample.layer_set, sample.rasters.images, 1000.0)
    red = found[found["role"] == "red_line"]
    assert len(red) == 3, "three discs are larger than the least area, the fourth is smaller"
    want = np.pi * np.array([95.0, 60.0, 34.0]) ** 2
    assert red["area_m2"].to_numpy() == pytest.approx(want, rel=0.15)
    assert (red["unit_code"] != "").all() and (found["status"] == "待核查").all()


def test_without_rasterio_the_rest_is_made(tmp_path: Path) -> None:
    """Tried in a child in which the import fails."""
    script = """
        import sys
        sys.modules["rasterio"] = None
        from pathlib import Path
        from ecoredline.layers.errors import MissingLibraryError
        from ecoredline.layers.sample import make
        from ecoredline.processing.engine.restoration import indicators, priority, watch
        said = []
        from ecoredline.layers.progress import Progress
        made = make(Path(sys.argv[1]), progress=Progress(lambda share, text: said.append(text)))
        assert made.rasters is None and made.sites.exists() and made.layer_set.exists()
        assert any(text and "rasterio" in text.zh for text in said)
        import geopandas as gpd
        areas = gpd.read_file(made.restoration)
        for call in (
            lambda: indicators(areas, "dem.tif"),
            lambda: watch(made.layer_set, [("2020-01-01", "a.tif", "b.tif"), ("2021-01-01", "a.tif", "b.tif")]),
        ):
            try:
                call()
            except MissingLibraryError as error:
                assert "rasterio" in error.message.zh and "pip install rasterio" in error.remedy.en
            else:
                raise AssertionError("no error")
        from ecoredline.processing.engine import screen
        assert len(screen(made.sites, made.layer_set).verdicts)
    """
    found = [str(Path(__file__).absolute().parents[3] / "build" / "dev"), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, found))}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)],
        env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr

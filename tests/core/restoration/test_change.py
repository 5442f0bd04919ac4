"""Noise of stable ground, and what counts as changed against it."""

from __future__ import annotations

import numpy as np
import pytest
from ecoredline.processing.engine.restoration import indicators
from ecoredline.processing.engine.restoration.change import FLOOR, Z_99, noise_of
from small_rasters import Maker, areas, value

WEST, NORTH, N = 500_000.0, 3_260_000.0, 150


@pytest.mark.parametrize("sigma", [0.02, 0.05, 0.1])
@pytest.mark.parametrize("changed", [0.0, 0.1, 0.25])
def test_noise_is_that_of_the_ground_that_did_not_change(sigma: float, changed: float) -> None:
    rng = np.random.default_rng(1)
    difference = rng.normal(0.03, sigma, 40_000)
    difference[: int(changed * 40_000)] -= 0.6
    difference[-50:] = np.nan
    found = noise_of(difference)
    assert found.shift == pytest.approx(0.03, abs=0.1 * sigma)
    assert found.sigma == pytest.approx(sigma, rel=0.06)


def test_without_noise_the_floor_holds_and_without_ground_nothing_is_known() -> None:
    assert noise_of(np.zeros(1000)).sigma == FLOOR
    assert not noise_of(np.zeros(99)).known and not noise_of(np.full(5, np.nan)).known


def _images(raster: Maker, after: np.ndarray, before: np.ndarray) -> list[tuple[str, tuple[str, int], tuple[str, int]]]:
    out = []
    for day, ndvi in (("2020-07-01", before), ("2023-07-01", after)):
        path = raster(day, np.stack((1 - ndvi, 1 + ndvi)))
        out.append((day, (path, 1), (path, 2)))
    return out


def test_one_unchanged_cell_in_a_hundred_is_mistaken(raster: Maker) -> None:
    rng = np.random.default_rng(4)
    before, after = (0.5 + rng.normal(0, 0.03, (N, N)) for _ in "ab")
    table = indicators(areas((WEST, NORTH - 1500, WEST + 1500, NORTH)), images=_images(raster, after, before))
    mistaken = value(table, "ndvi_loss_share") + value(table, "ndvi_gain_share")
    assert mistaken == pytest.approx(0.01, abs=0.003)


@pytest.mark.parametrize(("fall", "lost"), [(0.9, 0.0), (1.1, 1.0)])
def test_both_sides_of_the_threshold(raster: Maker, fall: float, lost: float) -> None:
    before, after = np.full((N, N), 0.5), np.full((N, N), 0.52)
    after[10:20, 10:20] = 0.52 - fall * Z_99 * FLOOR
    where = areas((WEST + 100, NORTH - 200, WEST + 200, NORTH - 100))
    table = indicators(where, images=_images(raster, after, before))
    assert value(table, "ndvi_loss_share") == lost and value(table, "ndvi_gain_share") == 0.0
    assert value(table, "ndvi_stable_change") == pytest.approx(0.02)
    assert value(table, "ndvi_threshold") == pytest.approx(Z_99 * FLOOR)


def test_three_dates_have_a_trend_and_the_whole_interval(raster: Maker) -> None:
    images = []
    for year, ndvi in ((2020, 0.2), (2022, 0.4), (2026, 0.8)):
        path = raster(str(year), np.stack((np.full((20, 20), 1 - ndvi), np.full((20, 20), 1 + ndvi))))
        images.append((f"{year}-07-01", (path, 1), (path, 2)))
    table = indicators(areas((WEST, NORTH - 200, WEST + 200, NORTH)), images=images, ends=(0.0, 1.0))
    assert value(table, "fvc_trend") == pytest.approx(0.1, rel=1e-3)
    changes = table[table["indicator"] == "fvc_change"].set_index("date")["value"].round(6).to_dict()
    assert changes == {"2020-07-01/2022-07-01": 0.2, "2022-07-01/2026-07-01": 0.4, "2020-07-01/2026-07-01": 0.6}


def test_different_seasons_are_said(raster: Maker) -> None:
    path = raster("i", np.stack((np.full((20, 20), 0.5), np.full((20, 20), 1.5))))
    images = [("2020-07-01", (path, 1), (path, 2)), ("2020-11-01", (path, 1), (path, 2))]
    table = indicators(areas((WEST, NORTH - 200, WEST + 200, NORTH)), images=images)
    assert any("季节" in note.zh for note in table.attrs["notes"])


def test_a_large_image_is_sampled_in_full_resolution(raster: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Overviews hold means of cells, whose noise is smaller; a threshold from them would cry wolf."""
    import rasterio
    from ecoredline.processing.engine.restoration import vegetation

    monkeypatch.setattr(vegetation, "SAMPLE", 120)
    rng = np.random.default_rng(8)
    images = _images(raster, *(0.5 + rng.normal(0, 0.05, (600, 600)) for _ in "ab"))
    for _, (path, _), _ in images:
        with rasterio.open(path, "r+") as out:
            out.build_overviews([2, 4, 8], rasterio.enums.Resampling.average)
    table = indicators(areas((WEST, NORTH - 200, WEST + 200, NORTH)), images=images)
    assert value(table, "ndvi_threshold") == pytest.approx(Z_99 * 0.05 * np.sqrt(2), rel=0.05)

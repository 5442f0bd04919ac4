"""Image sets: what is read, and every slip named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from ecoredline.layers.errors import EcoRedlineError, SourceError
from ecoredline.layers.images import image_set, load_images

GOOD = """
name = "t"
ndvi_soil = 0.05
ndvi_vegetation = 0.8
[[image]]
date = 2024-07-01
red = { path = "b.tif", band = 3 }
nir = { path = "b.tif", band = "nir" }
scale = 0.0001
offset = -0.1
nodata = 0
clouds = { path = "qa.tif", bits = [3, 4] }
sun_azimuth = 120
sun_elevation = 60
[[image]]
date = "2020-07-01"
red = "r.tif"
nir = "n.tif"
note = "旧"
"""


def test_what_is_read(tmp_path: Path) -> None:
    (tmp_path / "i.toml").write_text(GOOD, encoding="utf-8")
    found = load_images(tmp_path / "i.toml")
    old, new = found.images
    assert (old.day, old.note, old.red.band, old.clouds) == (date(2020, 7, 1), "旧", None, None)
    assert (new.red.band, new.nir.band, new.red.scale, new.nir.offset, new.red.nodata) == (3, "nir", 1e-4, -0.1, 0.0)
    assert new.red.path == str(tmp_path / "b.tif") and new.clouds is not None and new.clouds.bits == (3, 4)
    assert (found.ndvi_soil, found.ndvi_vegetation, new.sun_elevation) == (0.05, 0.8, 60.0)
    assert image_set(tmp_path / "i.toml") == found and image_set(found) is found


@pytest.mark.parametrize(
    ("was", "now", "named"),
    [
        ("date = 2024-07-01", "date = 2020-07-01", "2020-07-01"),
        ("date = 2024-07-01", 'date = "July"', "date"),
        ("date = 2024-07-01\n", "", "date"),
        ("band = 3", "band = 0", "band"),
        ("band = 3", "band = true", "band"),
        ('path = "b.tif", band = 3', "band = 3", "path"),
        ("scale = 0.0001", "scale = 0", "scale"),
        ("scale = 0.0001", "scael = 1", "scael"),
        ("bits = [3, 4]", "values = [-1]", "values"),
        ("bits = [3, 4]", "bits = [3], values = [1]", "bits"),
        ("sun_azimuth = 120\n", "", "sun_azimuth"),
        ("sun_elevation = 60", "sun_elevation = 0", "sun_elevation"),
        ("ndvi_soil = 0.05\n", "", "ndvi_soil"),
        ("ndvi_soil = 0.05", "ndvi_soil = 0.9", "ndvi_soil"),
        ('red = "r.tif"\n', "", "red"),
    ],
)
def test_slips_are_named(tmp_path: Path, was: str, now: str, named: str) -> None:
    assert was in GOOD
    (tmp_path / "i.toml").write_text(GOOD.replace(was, now, 1), encoding="utf-8")
    with pytest.raises(EcoRedlineError) as refused:
        load_images(tmp_path / "i.toml")
    assert named in str(refused.value)


def test_an_empty_set_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "i.toml").write_text('name = "t"', encoding="utf-8")
    with pytest.raises(SourceError):
        load_images(tmp_path / "i.toml")
    with pytest.raises(SourceError):
        load_images(tmp_path / "gone.toml")

"""Every odd and broken file ends in sites, in a question, or in an error that names file, place and remedy."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from ecoredline.layers.errors import EcoRedlineError
from ecoredline.layers.sites import read

DATA = Path(os.environ.get("ECOREDLINE_DATA", Path(__file__).absolute().parents[4] / "shared" / "data"))
UPLOADS = sorted(path for path in (DATA / "uploads").rglob("*") if path.is_file())

# sites and features left out, of files whose content was counted by hand
COUNTED = {
    "addresses.kml": (2, 13),
    "gxmultitrack.kml": (3, 0),
    "multigeometry_discrete.kml": (2, 0),
    "geometrycollection_nested.geojson": (2, 0),
    "multiple_problems.geojson": (1, 3),
    "featurecollection_changed_semantics.geojson": (3, 0),
    "test_gpkg_nulls.gpkg": (3, 1),
    "zero-len-line.zip": (2, 1),
    "utf.zip": (2, 0),
    "codepage.zip": (2, 0),
}


def test_the_corpus_is_there():
    if not UPLOADS:
        pytest.skip(f"no uploads under {DATA} (set ECOREDLINE_DATA)")
    assert len(UPLOADS) > 80


@pytest.mark.filterwarnings("ignore:Measured")
@pytest.mark.parametrize("path", UPLOADS, ids=lambda path: path.name)
def test_no_crash_no_hang_no_silent_loss(path: Path):
    before = path.read_bytes()
    start = time.monotonic()
    try:
        intake = read(path)
        if intake.sites.empty and len(intake.datasets) > 1:
            intake = read(path, dataset=intake.datasets["dataset"].iloc[-1])
    except EcoRedlineError as error:
        assert path.stem in error.message.zh
        assert path.stem in error.message.en
        assert error.remedy.zh
        assert error.remedy.en
        return
    finally:
        assert time.monotonic() - start < 30
        assert path.read_bytes() == before
    if intake.sites.empty:
        assert len(intake.candidates) > 1
        return
    assert intake.sites.geometry.is_valid.all()
    assert intake.sites.crs.to_epsg() == 4490
    if path.name in COUNTED:
        assert (len(intake.sites), len(intake.left_out)) == COUNTED[path.name]
    count = int(intake.datasets["features"].iloc[0])
    split = int((intake.diagnosis["problem"] == "split").sum())
    if count >= 0 and len(intake.datasets) == 1 and path.suffix not in (".kml", ".geojson") and not split:
        assert len(intake.sites) + len(intake.left_out) == count


def test_latin_texts_of_a_shapefile_are_read_when_told(data):
    told = read(data / "uploads" / "shp_pyshp" / "latin1.shp", crs="EPSG:4490", encoding="latin1")
    assert "Ñandú" in told.sites.drop(columns="geometry").astype(str).to_numpy().ravel().tolist()


def test_a_code_page_of_middle_europe_is_read_by_its_cpg(data):
    base = data / "uploads" / "shp_shapefilejs"
    texts = read(base / "codepage.shp").sites.drop(columns="geometry").astype(str).to_numpy().ravel().tolist()
    assert any("ęóś" in text or "š" in text or "ą" in text or "ł" in text or "ö" in text for text in texts), texts

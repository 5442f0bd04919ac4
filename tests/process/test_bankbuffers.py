"""Rings drawn inside the executable of QGIS: exit status, a WKB round trip, a whole file."""

from __future__ import annotations

import geopandas
import numpy as np
import pyproj
import pytest
import shapely

BANK = shapely.LineString([(106.49, 29.0), (106.5, 29.02), (106.52, 29.03)])


@pytest.fixture(scope="module")
def banks(tmp_path_factory):
    path = tmp_path_factory.mktemp("banks") / "岸线.gpkg"
    geopandas.GeoDataFrame({"河流": ["虚构江"]}, geometry=[BANK], crs="EPSG:4490").to_file(path)
    return path


def test_rings_are_written_and_lie_at_their_distances(run, banks, tmp_path):
    out = tmp_path / "环带.gpkg"
    done = run("bankbuffers", INPUT=banks, DISTANCES="3000;1000", OUTPUT=out)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [entry.name for entry in tmp_path.iterdir()] == [out.name]
    rings = geopandas.read_file(out)
    assert rings["outer_m"].tolist() == [1000, 3000]
    assert rings["inner_m"].tolist() == [0, 1000]
    assert rings["河流"].tolist() == ["虚构江"] * 2
    geod = pyproj.Geod(a=6378137.0, rf=298.257222101)
    fine = shapely.get_coordinates(shapely.segmentize(BANK, 1e-5))
    near, far = rings.geometry
    outline = shapely.get_coordinates(shapely.get_exterior_ring(shapely.get_geometry(near, 0)))[::20]
    for lon, lat in outline:
        _, _, distances = geod.inv(np.full(len(fine), lon), np.full(len(fine), lat), fine[:, 0], fine[:, 1])
        assert np.min(distances) == pytest.approx(1000, abs=0.1)
    assert near.intersection(far).area < 1e-12


def test_a_wrong_distance_is_refused_and_leaves_nothing(run, banks, tmp_path):
    done = run("bankbuffers", INPUT=banks, DISTANCES="one kilometre", OUTPUT=tmp_path / "x.gpkg")
    assert done.returncode != 0
    assert "one kilometre" in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


def test_without_the_guard_it_runs_soundly_or_says_the_remedy(run, banks, tmp_path):
    done = run("bankbuffers", guard=False, INPUT=banks, OUTPUT=tmp_path / "x.gpkg")
    if done.returncode == 0:  # the system's own libraries, one GEOS for both
        assert len(geopandas.read_file(tmp_path / "x.gpkg")) == 3
    else:
        assert ".ci/guard" in done.stdout + done.stderr
        assert list(tmp_path.iterdir()) == []

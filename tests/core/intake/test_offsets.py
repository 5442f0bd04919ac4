"""GCJ-02 and BD-09 against published values in both directions, and the size of the shift in Chongqing."""

from __future__ import annotations

import csv

import numpy as np
import pyproj
import pytest
from ecoredline.layers.intake import offsets
from hypothesis import given
from hypothesis import strategies as st

GEOD = pyproj.Geod(ellps="WGS84")


@pytest.fixture(scope="module")
def vectors(data):
    path = data / "oracles" / "gcj02_bd09_vectors.csv"
    if not path.is_file():
        pytest.skip("no gcj02_bd09_vectors.csv")
    with path.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    names = [f"{system}_{axis}" for system in ("wgs84", "gcj02", "bd09") for axis in ("lon", "lat")]
    table = {name: np.array([float(row[name] or "nan") for row in rows]) for name in [*names, "tolerance_deg"]}
    # eviltransform writes π where everyone else writes π·3000/180 in BD-09; see the test of that variant below
    return table | {"variant": np.array([row["source"].startswith("eviltransform") for row in rows])}


@pytest.mark.parametrize(
    ("change", "came", "wanted"),
    [
        (offsets.to_gcj02, "wgs84", "gcj02"),
        (offsets.to_bd09, "wgs84", "bd09"),
        (offsets.from_gcj02, "gcj02", "wgs84"),
        (offsets.from_bd09, "bd09", "wgs84"),
    ],
)
def test_published_vectors_within_their_tolerance(vectors, change, came, wanted):
    lon, lat, x, y = (vectors[f"{s}_{a}"] for s in (came, wanted) for a in ("lon", "lat"))
    there = np.isfinite(lon + lat + x + y) & ~(vectors["variant"] & ("bd09" in (came, wanted)))
    assert there.sum() > 300
    found = change(lon[there], lat[there])
    tolerance = vectors["tolerance_deg"][there]
    assert (np.abs(found[0] - x[there]) <= tolerance).all()
    assert (np.abs(found[1] - y[there]) <= tolerance).all()


def test_the_two_vectors_of_another_formula_are_explained_by_it(vectors, monkeypatch):
    rows = vectors["variant"] & np.isfinite(vectors["bd09_lon"])
    assert rows.sum() == 2
    monkeypatch.setattr(offsets, "_BD_TURN", np.pi)
    x, y = offsets.from_bd09(vectors["bd09_lon"][rows], vectors["bd09_lat"][rows])
    # what is left is the one step that the other library takes towards the inverse of GCJ-02
    assert np.abs(x - vectors["wgs84_lon"][rows]).max() < 2e-5
    assert np.abs(y - vectors["wgs84_lat"][rows]).max() < 2e-5


@pytest.mark.parametrize(("lon", "lat", "metres"), [(106.48, 29.48, 480), (108.4, 30.8, 506), (109.9, 31.1, 527)])
def test_the_shift_in_chongqing_has_the_size_that_the_facts_say(lon, lat, metres):
    x, y = offsets.to_gcj02(np.array([lon]), np.array([lat]))
    assert GEOD.inv(lon, lat, x[0], y[0])[2] == pytest.approx(metres, abs=8)
    x, y = offsets.to_bd09(np.array([lon]), np.array([lat]))
    assert 1030 < GEOD.inv(lon, lat, x[0], y[0])[2] < 1150


@given(st.floats(105.2, 110.3), st.floats(28.1, 32.3))
def test_there_and_back_agree_to_a_tenth_of_a_millimetre(lon, lat):
    for there, back in ((offsets.to_gcj02, offsets.from_gcj02), (offsets.to_bd09, offsets.from_bd09)):
        x, y = back(*there(np.array([lon]), np.array([lat])))
        assert abs(x[0] - lon) < 1e-9
        assert abs(y[0] - lat) < 1e-9


def test_outside_of_china_nothing_is_shifted():
    assert offsets.to_gcj02(np.array([2.35]), np.array([48.85])) == (2.35, 48.85)

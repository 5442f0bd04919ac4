"""Coordinate systems: nothing is guessed, nothing of an old datum taken, a projection undone to a millimetre."""

import math

import numpy as np
import pyproj
import pytest
import shapely
from ecoredline.layers.coordinates import accept, box_in, likely_systems, says_nothing, to_lonlat
from ecoredline.layers.errors import SourceError

A, F = 6378137.0, 1 / 298.257222101
ZONE_36 = (36_350_000.0, 3_250_000.0, 36_360_000.0, 3_260_000.0)
DEGREES = (106.0, 29.0, 107.0, 30.0)
ESRI_GK = (
    'PROJCS["CGCS2000_3_Degree_GK_Zone_36",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
    'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
    'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",36500000.0],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",108.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def gauss(lon: float, lat: float, centre: float, false_easting: float) -> tuple[float, float]:
    """Gauss-Krüger by the classical series in powers of the longitude (not the way PROJ does it)."""
    e2 = F * (2 - F)
    ep2 = e2 / (1 - e2)
    b, dl = math.radians(lat), math.radians(lon - centre)
    steps = np.linspace(0.0, b, 2001)
    arc = np.trapezoid if hasattr(np, "trapezoid") else np.trapz
    curvature = A * (1 - e2) / (1 - e2 * np.sin(steps) ** 2) ** 1.5
    fine = (4 * arc(curvature, steps) - arc(curvature[::2], steps[::2])) / 3
    n = A / math.sqrt(1 - e2 * math.sin(b) ** 2)
    t, eta2, m = math.tan(b), ep2 * math.cos(b) ** 2, dl * math.cos(b)
    x = fine + n * t * (
        m**2 / 2
        + (5 - t**2 + 9 * eta2 + 4 * eta2**2) * m**4 / 24
        + (61 - 58 * t**2 + t**4 + 270 * eta2 - 330 * eta2 * t**2) * m**6 / 720
    )
    y = n * (m + (1 - t**2 + eta2) * m**3 / 6 + (5 - 18 * t**2 + t**4 + 14 * eta2 - 58 * eta2 * t**2) * m**5 / 120)
    return false_easting + y, x


@pytest.mark.parametrize(
    ("code", "centre", "east"),
    [("EPSG:4524", 108.0, 36_500_000.0), ("EPSG:4544", 105.0, 500_000.0), (ESRI_GK, 108.0, 36_500_000.0)],
)
def test_a_projection_is_undone_as_the_series_says(code, centre, east):
    places = [(106.48, 29.45), (106.52, 29.51), (106.6, 30.1)]
    points = np.array([shapely.Point(gauss(*place, centre, east)) for place in places], dtype=object)
    back = to_lonlat(points, accept(code, None, tuple(shapely.total_bounds(points)), "f", SourceError))
    found = shapely.get_coordinates(back)
    assert np.abs(found - places).max() < 1e-8  # 1 mm
    assert (found[:, 0] > 100).all()  # longitude first, although the EPSG axis order is northing, easting


def test_long_edges_of_a_projection_get_vertices_and_short_ones_none():
    crs = pyproj.CRS("EPSG:4524")
    x, y = 36_354_000.0, 3_254_000.0
    lines = np.array(
        [shapely.LineString([(x, y), (x + 199, y)]), shapely.LineString([(x, y), (x + 1000, y)])], dtype=object
    )
    moved = to_lonlat(lines, crs)
    assert shapely.get_num_coordinates(moved).tolist() == [2, 6]
    assert shapely.get_num_coordinates(to_lonlat(lines, pyproj.CRS("EPSG:4490"))).tolist() == [2, 2]


def test_wgs84_is_taken_as_cgcs2000_unchanged():
    point = np.array([shapely.Point(106.5, 29.5)], dtype=object)
    for code in ("EPSG:4326", "OGC:CRS84", "EPSG:4490", "EPSG:4979", "EPSG:4480"):
        moved = to_lonlat(point, accept(code, None, DEGREES, "f", SourceError))
        assert shapely.get_coordinates(moved).tolist() == [[106.5, 29.5]], code


@pytest.mark.parametrize(
    ("bounds", "codes", "swapped"),
    [
        (DEGREES, ["EPSG:4490"], False),
        ((29.0, 106.0, 30.0, 107.0), ["EPSG:4490"], True),
        ((35_650_000.0, 3.25e6, 35_660_000.0, 3.26e6), ["EPSG:4523"], False),
        (ZONE_36, ["EPSG:4524"], False),
        ((3.25e6, 36_350_000.0, 3.26e6, 36_360_000.0), ["EPSG:4524"], True),
        ((37_350_000.0, 3.25e6, 37_360_000.0, 3.26e6), ["EPSG:4525"], False),
        ((18_550_000.0, 3.25e6, 18_560_000.0, 3.26e6), ["EPSG:4496"], False),
        ((350_000.0, 3.25e6, 360_000.0, 3.26e6), ["EPSG:4544", "EPSG:4545", "EPSG:4546"], False),
        ((11.85e6, 3.43e6, 11.86e6, 3.44e6), ["EPSG:3857"], False),
        ((1.0, 2.0, 3.0, 4.0), [], False),
        ((math.nan,) * 4, [], False),
    ],
)
def test_systems_are_told_by_the_size_of_the_coordinates(bounds, codes, swapped):
    found = likely_systems(bounds)
    assert [system.crs for system in found] == codes
    assert all(system.swapped == swapped for system in found)


def test_no_crs_is_an_error_that_lists_the_likely_ones_and_how_to_say_it():
    with pytest.raises(SourceError) as caught:
        accept(None, None, ZONE_36, "/data/banks.shp", SourceError)
    assert "/data/banks.shp" in caught.value.message.zh
    assert "EPSG:4524" in caught.value.cause.zh
    assert 'crs = "EPSG:' in caught.value.remedy.zh
    assert accept(None, "EPSG:4524", ZONE_36, "f", SourceError).to_epsg() == 4524


def test_a_local_system_says_nothing_and_may_be_declared():
    local = 'LOCAL_CS["site grid",UNIT["metre",1]]'
    assert says_nothing(local)
    assert says_nothing(None)
    assert not says_nothing("EPSG:4490")
    assert accept(local, "EPSG:4524", ZONE_36, "f", SourceError).to_epsg() == 4524


def test_a_declared_system_never_overrides_the_one_of_the_data():
    assert accept("EPSG:4524", "EPSG:4524", ZONE_36, "f", SourceError).to_epsg() == 4524
    assert accept(ESRI_GK, "EPSG:4524", ZONE_36, "f", SourceError).is_projected
    with pytest.raises(SourceError) as caught:
        accept("EPSG:4490", "EPSG:4524", DEGREES, "f", SourceError)
    assert "EPSG:4524" in caught.value.message.en
    with pytest.raises(SourceError):
        accept("EPSG:4524", "EPSG:4523", ZONE_36, "f", SourceError)


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("EPSG:4610", "Xian 1980"),
        ("EPSG:2360", "Xian 1980"),
        ("EPSG:4214", "Beijing 1954"),
        ("EPSG:4555", "New Beijing"),
        ("EPSG:4269", "NAD83"),
    ],
)
def test_other_datums_are_refused_with_the_remedy(code, word):
    with pytest.raises(SourceError) as caught:
        accept(code, None, DEGREES if pyproj.CRS(code).is_geographic else ZONE_36, "f", SourceError)
    assert word in caught.value.message.en
    assert "EPSG:4490" in caught.value.remedy.en


@pytest.mark.parametrize(
    ("code", "bounds"),
    [
        ("EPSG:4490", ZONE_36),
        ("EPSG:4490", (29.0, 106.0, 30.0, 107.0)),
        ("EPSG:4524", (350_000.0, 3.25e6, 360_000.0, 3.26e6)),
        ("EPSG:4544", ZONE_36),
        ("EPSG:4524", (3.25e6, 36_350_000.0, 3.26e6, 36_360_000.0)),
        ("EPSG:4524", DEGREES),
        ("nonsense", DEGREES),
    ],
)
def test_coordinates_that_cannot_be_in_their_system_are_refused(code, bounds):
    with pytest.raises(SourceError) as caught:
        accept(code, None, bounds, "f.shp", SourceError)
    assert "f.shp" in caught.value.message.en


@pytest.mark.parametrize("code", ["EPSG:4524", "EPSG:4544", "EPSG:3857", "EPSG:4490", "EPSG:32648"])
def test_a_box_holds_every_place_of_the_box_it_stands_for(code):
    crs = pyproj.CRS(code)
    rng = np.random.default_rng(7)
    forward = pyproj.Transformer.from_crs("EPSG:4490", crs, always_xy=True)
    for size in (1e-4, 0.05, 3.0):
        west, south = 105.0 + rng.random() * 2, 28.0 + rng.random()
        left, low, right, high = box_in(crs, (west, south, west + size, south + size))
        side = np.linspace(0, size, 500)
        for lon, lat in (
            (west + side, south + 0 * side),
            (west + side, south + size + 0 * side),
            (west + 0 * side, south + side),
        ):
            x, y = forward.transform(lon, lat)
            assert left < np.min(x) and np.max(x) < right
            assert low < np.min(y) and np.max(y) < high

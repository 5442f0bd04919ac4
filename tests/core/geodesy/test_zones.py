"""Zones against the EPSG database that PROJ ships."""

from __future__ import annotations

import numpy as np
import pytest
from ecoredline.layers.geodesy.zones import Zone, zone_numbers, zone_of, zone_of_epsg
from pyproj import CRS


@pytest.mark.parametrize("number", range(25, 46))
def test_numbers_are_those_of_the_epsg_database(number):
    zone = Zone(number)
    for code, easting in ((zone.epsg_prefixed, number * 1_000_000 + 500_000), (zone.epsg_plain, 500_000)):
        crs = CRS.from_epsg(code)
        parameters = {p.name: p.value for p in crs.coordinate_operation.params}
        assert crs.geodetic_crs.to_epsg() == 4490
        assert parameters["Longitude of natural origin"] == zone.meridian
        assert parameters["False easting"] == easting
        assert crs.axis_info[0].direction == "north"
        assert zone_of_epsg(code) == zone


@pytest.mark.parametrize(
    ("lon", "number"), [(106.4999999, 35), (106.5, 36), (106.5000001, 36), (103.5, 35), (109.4999, 36), (109.5, 37)]
)
def test_a_seam_belongs_to_the_zone_east_of_it(lon, number):
    zone = zone_of(lon)
    assert zone.number == number
    assert zone.west <= lon < zone.east


def test_numbers_of_the_facts():
    assert [Zone(n).epsg_prefixed for n in (35, 36, 37)] == [4523, 4524, 4525]
    assert [Zone(n).epsg_plain for n in (35, 36, 37)] == [4544, 4545, 4546]


@pytest.mark.parametrize("lon", [73.4999, 136.5, float("nan"), -106.0])
def test_outside_there_is_no_zone(lon):
    with pytest.raises(ValueError, match="no 3-degree zone"):
        zone_of(lon)


def test_arrays_and_foreign_numbers():
    assert zone_numbers(np.array([73.5, 106.5, 136.4999, 73.4, np.nan])).tolist() == [25, 36, 45, 0, 0]
    assert [zone_of_epsg(code) for code in (4490, 4512, 4555, 3857, 4497)] == [None] * 5

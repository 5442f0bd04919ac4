"""The layer of rings: order, attributes, kinds of input, and what is refused."""

from __future__ import annotations

import geopandas
import numpy as np
import pytest
import shapely
from ecoredline.layers.errors import Cancelled, SourceError
from ecoredline.layers.progress import Progress


@pytest.fixture
def rings(qgis):
    from ecoredline.processing.algorithms.rings import rings

    return rings


def banks(*shapes, crs="EPSG:4490") -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame({"river": [f"r{i}" for i in range(len(shapes))]}, geometry=list(shapes), crs=crs)


LINE = shapely.LineString([(106.5, 29.0), (106.52, 29.01)])


def test_rings_of_a_feature_meet_without_overlap_and_fill_the_buffer(rings):
    drawn = rings(banks(LINE), [1000.0, 3000.0], Progress())
    near, far = drawn.geometry
    assert near.intersection(far).area < 1e-14
    assert near.contains(LINE)
    assert not far.intersects(LINE)
    assert drawn["inner_m"].tolist() == [0, 1000]


def test_a_strip_is_not_covered_by_its_own_ring(rings):
    strip = shapely.box(106.5, 29.0, 106.51, 29.01)
    (ring,) = rings(banks(strip), [1000.0], Progress()).geometry
    assert ring.intersection(strip).area < 1e-14


def test_attributes_and_rows_follow_each_ring_and_empty_geometry_is_left_out(rings):
    drawn = rings(banks(LINE, None, shapely.Polygon(), LINE), [500.0, 1000.0], Progress())
    assert drawn["river"].tolist() == ["r0", "r3", "r0", "r3"]
    assert drawn["source_row"].tolist() == [1, 4, 1, 4]
    assert drawn["outer_m"].tolist() == [500, 500, 1000, 1000]


def test_a_projected_layer_gives_the_same_rings(rings):
    (plain,) = rings(banks(shapely.segmentize(LINE, 0.0005)), [1000.0], Progress()).geometry
    projected = banks(shapely.segmentize(LINE, 0.0005)).to_crs("EPSG:4523")
    (same,) = rings(projected, [1000.0], Progress()).geometry
    assert shapely.hausdorff_distance(plain, same) < 1e-6


def test_nothing_in_gives_nothing_out(rings):
    drawn = rings(banks(LINE).iloc[:0], [1000.0], Progress())
    assert len(drawn) == 0
    assert "outer_m" in drawn


@pytest.mark.parametrize("crs", [None, "EPSG:2381"])
def test_no_crs_and_old_datums_are_refused(rings, crs):
    with pytest.raises(SourceError) as caught:
        rings(banks(LINE, crs=crs), [1000.0], Progress())
    assert caught.value.remedy.zh


def test_cancel_is_heard(rings):
    with pytest.raises(Cancelled):
        rings(banks(LINE), [1000.0], Progress(cancelled=lambda: True))


@pytest.mark.parametrize(
    ("text", "values"), [("1000;3000;5000", [1000, 3000, 5000]), ("3000；1000;3000;", [1000, 3000]), ("0.5", [0.5])]
)
def test_distances_are_sorted_and_unique(qgis, text, values):
    from ecoredline.processing.algorithms.bankbuffers import distances_of

    np.testing.assert_array_equal(distances_of(text), values)


@pytest.mark.parametrize("text", ["", ";", "0", "-5;10", "1 km", "20001", "nan", "inf"])
def test_senseless_distances_are_refused(qgis, text):
    from ecoredline.processing.algorithms.bankbuffers import distances_of
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException):
        distances_of(text)

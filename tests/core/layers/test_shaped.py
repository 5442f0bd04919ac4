"""A table without shapes is refused in words wherever shapes are needed."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from ecoredline.layers.errors import SitesError, SourceError
from ecoredline.processing.engine.occupancy import occupancy
from ecoredline.processing.engine.restoration import indicators, restoration_sites
from shapely.geometry import LineString, Polygon

TABLE = pd.DataFrame({"site_id": ["A"], "x": [106.5], "y": [29.5]})
CRS = "EPSG:4490"


@pytest.mark.parametrize("frame", [TABLE, gpd.GeoDataFrame(TABLE), TABLE.iloc[:0]])
def test_a_table_is_no_area(frame: Any) -> None:
    with pytest.raises(SitesError, match="without shapes"):
        restoration_sites(frame, "areas")
    with pytest.raises(SitesError, match="without shapes"):
        indicators(frame)
    with pytest.raises(SourceError, match="without shapes"):
        occupancy(frame, frame)


def test_a_layer_without_features_is_refused_as_such() -> None:
    empty = gpd.GeoDataFrame({"site_id": []}, geometry=[], crs=CRS)
    with pytest.raises(SitesError, match="no area"):
        indicators(empty)
    with pytest.raises(SourceError, match="empty"):
        occupancy(empty, empty)


@pytest.mark.parametrize(
    "bow", [[(0, 0), (2, 2), (2, 0), (0, 2)], [(0, 0), (0, 3), (3, 3), (3, 0), (1, 0), (2, 2), (1, 2), (2, 0)]]
)
def test_an_extent_that_crosses_itself_is_taken_apart(bow: list[tuple[float, float]]) -> None:
    bank = gpd.GeoDataFrame({"name": ["虚构岸线"]}, geometry=[LineString([(106.5, 29.5), (106.51, 29.5)])], crs=CRS)
    uses = gpd.GeoDataFrame({"use": []}, geometry=[], crs=CRS)
    shape = Polygon([(106.5 + 0.01 * x, 29.49 + 0.01 * y) for x, y in bow])
    extent = gpd.GeoDataFrame({"name": ["范围"] * 2}, geometry=[shape, shape], crs=CRS)
    assert occupancy(bank, uses, extent=extent).summary.iloc[0]["length_m"] > 0.0


def test_an_extent_without_any_bank_is_refused() -> None:
    bank = gpd.GeoDataFrame({"name": ["虚构岸线"]}, geometry=[LineString([(106.5, 29.5), (106.51, 29.5)])], crs=CRS)
    uses = gpd.GeoDataFrame({"use": []}, geometry=[], crs=CRS)
    extent = gpd.GeoDataFrame(geometry=[Polygon([(107, 29), (107.1, 29), (107.1, 29.1)])], crs=CRS)
    with pytest.raises(SourceError, match="extent"):
        occupancy(bank, uses, extent=extent)


def test_a_bank_that_nothing_uses_is_natural_bank() -> None:
    bank = gpd.GeoDataFrame({"name": ["虚构岸线"]}, geometry=[LineString([(106.5, 29.5), (106.51, 29.5)])], crs=CRS)
    uses = gpd.GeoDataFrame({"use": []}, geometry=[], crs=CRS)
    found = occupancy(bank, uses)
    assert len(found.segments) == 1
    assert found.summary.iloc[0]["developed_m"] == 0.0

"""The strip chart: bands as long as the table says, every text escaped, figures those of the summary."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import geopandas as gpd
import pytest
import shapely
from ecoredline.processing.engine.occupancy import occupancy
from ecoredline.processing.engine.occupancy.uses import uses
from ecoredline.processing.engine.words import DISCLAIMER, NEVER_SAID
from ecoredline.processing.report.strip_chart import LEFT, WIDTH, strip_chart

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def counted():
    bank = shapely.LineString([(106.5, 29.40), (106.5, 29.42), (106.51, 29.43)])
    quay = shapely.LineString([(106.4999, 29.405), (106.4999, 29.409)])
    yard = shapely.LineString([(106.4999, 29.412), (106.4999, 29.42)])
    banks = gpd.GeoDataFrame(
        [{"river": "甲<江>&", "river_class": "mainstem", "side": "left"}], geometry=[bank], crs="EPSG:4490"
    )
    used = gpd.GeoDataFrame(
        [{"use": "wharf", "name": '<script>alert("x")</script>'}, {"use": "storage", "name": "堆场" * 30}],
        geometry=[quay, yard],
        crs="EPSG:4490",
    )
    return occupancy(banks, used)


def test_bands_are_as_long_as_the_table_says(counted):
    page = ET.fromstring(strip_chart(counted.segments, counted.summary))
    colours = {use.colour: use.id for use in uses()}
    widths = {}
    for band in page.iter(f"{SVG}rect"):
        if band.get("fill") in colours and float(band.get("width")) != 22.0:
            widths[colours[band.get("fill")]] = widths.get(colours[band.get("fill")], 0.0) + float(band.get("width"))
    whole = counted.summary.iloc[0]["length_m"]
    for use in ("wharf", "storage", "unstated"):
        share = counted.summary.iloc[0][f"{use}_m"] / whole
        assert widths[use] / sum(widths.values()) == pytest.approx(share, abs=1e-4)
    assert max(float(r.get("x")) + float(r.get("width")) for r in page.iter(f"{SVG}rect") if r.get("x")) <= WIDTH
    assert min(float(r.get("x")) for r in page.iter(f"{SVG}rect") if r.get("x")) >= LEFT


def test_texts_are_escaped_and_say_the_figures(counted):
    svg = strip_chart(counted.segments, counted.summary)
    assert "<script" not in svg
    words = "".join(ET.fromstring(svg).itertext())
    assert "甲<江>&左岸" in words
    total = counted.summary.iloc[0]
    assert f"{total['wharf_storage_m'] / 1000:.3f} km" in words
    assert DISCLAIMER in words
    assert not any(word in words.replace(DISCLAIMER, "") for word in NEVER_SAID)

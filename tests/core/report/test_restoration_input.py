"""What sheets of before and after are refused for, and how their figures read."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from ecoredline.layers.errors import SitesError
from ecoredline.processing.report.restoration_input import checked_path, need_areas
from ecoredline.processing.report.restoration_page import shown
from shapely import LineString, box


def test_sites_without_an_area_are_named() -> None:
    sites = gpd.GeoDataFrame({"site_id": ["A", "B"]}, geometry=[box(0, 0, 1, 1), LineString([(0, 0), (1, 1)])])
    need_areas(sites.iloc[:1])
    with pytest.raises(SitesError, match="B") as caught:
        need_areas(sites)
    assert "A" not in caught.value.message.zh


@pytest.mark.parametrize(("name", "ending", "held"), [("a.DOCX", ".docx", True), ("a.pdf", ".docx", False)])
def test_a_file_name_of_another_kind_is_refused(name: str, ending: str, held: bool) -> None:
    if held:
        assert checked_path(Path(name), ending) == Path(name)
    else:
        with pytest.raises(SitesError, match=r"a\.pdf"):
            checked_path(Path(name), ending)


def test_zero_has_no_minus() -> None:
    assert "-" not in shown("slope_mean", -0.04) and "-0.1" in shown("slope_mean", -0.06)
    assert "-" not in shown("fvc_change", -0.0004) and "-" in shown("fvc_change", -0.0006)

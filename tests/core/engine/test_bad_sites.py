"""Bad sites: each an error that names the rows and the remedy, or a repair on a copy."""

from __future__ import annotations

import importlib
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from ecoredline.layers.errors import (
    EcoRedlineError,
    SitesError,
)
from ecoredline.layers.layerset import LayerSet
from ecoredline.processing.engine import screen
from shapely import Point, Polygon, box
from small_runs import GROUND, layer, one, pack, profile, rule, run, sites

AREA, INSIDE = GROUND.box(0, 0, 1000, 1000), GROUND.box(400, 400, 500, 500)


BOW_TIE = Polygon([(106.50, 29.50), (106.51, 29.51), (106.51, 29.50), (106.50, 29.51)])


NAN = Polygon([(106.5, 29.5), (np.nan, 29.5), (106.51, 29.51)])


def refused(kind: type[EcoRedlineError], *words: str, **inputs: Any) -> EcoRedlineError:
    """Run what must be refused; the error names the words and a remedy in both languages."""
    where = inputs.pop("where", INSIDE)
    layers = inputs.pop("layers", [layer("red_line", AREA)])
    with pytest.raises(kind) as told:
        run(where, layers, rule(), **inputs)
    error = told.value
    assert error.remedy.zh and error.remedy.en
    for word in words:
        assert word in f"{error.message.zh} {error.cause.zh} {error.message.en}", (word, error.message.zh)
    return error


def write(
    folder: Path, geometry: list[Any], crs: str | None = "EPSG:4490", name: str = "data.gpkg", **data: Any
) -> Path:
    frame = gpd.GeoDataFrame(data or {"code": ["A"] * len(geometry)}, geometry=geometry, crs=crs)
    pyogrio.write_dataframe(frame, folder / name, geometry_type="Unknown", driver="GPKG")
    return folder / name


def layer_set_in_memory() -> LayerSet:
    return LayerSet("small", (layer("red_line", AREA),))


def test_a_repeated_site_id_names_the_rows() -> None:
    refused(SitesError, "甲", "1", "3", where=sites((INSIDE, {"site_id": "甲"}), INSIDE, (INSIDE, {"site_id": "甲"})))


def test_an_empty_site_id_names_the_row() -> None:
    refused(SitesError, "2", where=sites(INSIDE, (INSIDE, {"site_id": None})))


def test_sites_without_a_crs() -> None:
    refused(SitesError, where=sites(INSIDE).set_crs(None, allow_override=True))


def test_a_file_of_sites_without_a_crs_names_it(tmp_path: Path) -> None:
    path = write(tmp_path, [INSIDE], crs=None, name="sites.gpkg")
    with pytest.raises(SitesError, match=r"sites\.gpkg"):
        screen(path, layer_set_in_memory(), (pack(rule()),), profile=profile())


@pytest.mark.parametrize("name", ["nowhere.gpkg", "broken.gpkg", "broken.shp"])
def test_a_file_of_sites_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    if name.startswith("broken"):
        (tmp_path / name).write_bytes(b"not a file")
    with pytest.raises(SitesError, match=name):
        screen(tmp_path / name, layer_set_in_memory(), (pack(rule()),), profile=profile())


def test_no_site_at_all() -> None:
    refused(SitesError, where=sites(INSIDE).iloc[:0])


def test_a_site_without_geometry_names_the_row() -> None:
    refused(SitesError, "S1", where=sites(INSIDE, (None, {})))


def test_a_site_with_nan_names_the_row() -> None:
    refused(SitesError, "S1", where=sites(INSIDE, NAN))


def test_a_collection_as_a_site_names_the_row() -> None:
    mixed = shapely.GeometryCollection([Point(106.5, 29.5), box(106.5, 29.5, 106.51, 29.51)])
    refused(SitesError, "S1", where=sites(INSIDE, mixed))


def test_an_invalid_site_is_repaired_on_a_copy() -> None:
    frame = sites(BOW_TIE)
    wkb = shapely.to_wkb(frame.geometry.iloc[0])
    result = run(frame, [layer("red_line", box(106.49, 29.49, 106.52, 29.52))], rule())
    assert one(result.findings)["overlap_share"] == pytest.approx(1, abs=1e-9)
    assert shapely.to_wkb(frame.geometry.iloc[0]) == wkb


def test_a_frame_with_chinese_headers() -> None:
    frame = gpd.GeoDataFrame(
        {
            "地块编号": ["甲-1"],
            "项目名称": ["虚构化工项目"],
            "建设性质": ["迁建"],
            "国民经济行业代码": ["2614"],
            "是否化工项目": ["是"],
            "地块精度": ["2.5"],
            "受理日": ["2026年9月1日"],
            "建设单位": ["虚构公司"],
        },
        geometry=[INSIDE],
        crs="EPSG:4490",
    )
    result = run(frame, [layer("red_line", AREA)], rule())
    site = one(result.sites)
    assert (site["site_id"], site["name"], site["nature"], site["industry"]) == (
        "甲-1", "虚构化工项目", "新建", "C2614",
    )  # fmt: skip
    assert (site["is_chemical"], site["accuracy_m"], site["accepted_on"]) == (True, 2.5, date(2026, 9, 1))
    assert site["建设单位"] == "虚构公司"
    assert one(result.verdicts)["name"] == "虚构化工项目"


def test_two_headers_for_one_column_are_refused() -> None:
    refused(SitesError, "nature", where=sites((INSIDE, {"nature": "新建", "建设性质": "改建"})))


def test_more_sites_than_memory_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.import_module("ecoredline.processing.engine.screen"), "MOST_IN_MEMORY", 1)
    refused(SitesError, "2", where=sites(INSIDE, INSIDE))

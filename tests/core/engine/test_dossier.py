"""The dossier: every table and every type comes back as it was written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from ecoredline.layers.errors import DossierError
from ecoredline.processing.engine import Screening, open_dossier, write_dossier
from ecoredline.processing.engine.tables import TABLES
from ecoredline.processing.rules.model import ExceptionClause
from pandas.testing import assert_frame_equal
from small_runs import GROUND, answers, layer, pack, rule, run

AREA = GROUND.box(0, 0, 1000, 1000)


@pytest.fixture(autouse=True, scope="module")
def no_waiting_for_the_disk() -> Iterator[None]:
    """SQLite waits for the disk after every table, which these tests of content have no use for."""
    pyogrio.set_gdal_config_options({"OGR_SQLITE_SYNCHRONOUS": "OFF"})
    yield
    pyogrio.set_gdal_config_options({"OGR_SQLITE_SYNCHRONOUS": None})


SITES = [
    (GROUND.box(400, 400, 500, 500), {"nature": "新建;扩建", "accepted_on": "2026-03-01", "limited_activity": True}),
    (
        shapely.difference(GROUND.box(-80, -60, 200, 150), GROUND.box(0, 0, 40, 40)),
        {"name": "带孔，“引号”\n换行", "accuracy_m": 2.5, "limited_activity": False, "备注": "甲,乙;丙"},
    ),
    (GROUND.line((-300, 500), (1300, 520)), {"site_id": "007", "project_id": "P1", "造价": 12.5}),
    (GROUND.point(5000, 5000), {"site_id": "S 4/五", "footprint_m": 12.0, "件数": 3}),
]


OPEN = ExceptionClause("limited", "是否属于有限人为活动？", "limited_activity", "needs_review")


def screened(**more: Any) -> Screening:
    layers = [
        layer("red_line", (AREA, {"name": "虚构红线"}), vintage=date(2024, 3, 19)),
        layer("bank_line", GROUND.line((-900, -3000), (-900, 3000))),
        layer("control_unit", (GROUND.box(-3000, -3000, 3000, 3000), {"name": "虚构单元", "space": "禁止新建化工。"})),
    ]
    rules = [
        rule(exceptions=[OPEN]),
        rule("T-02", layer="bank_line", place="within_m", value=1000),
        rule("T-03", layer="wetland"),
        rule("CU-02", layer="control_unit", access_list=True),
    ]
    given = answers(("S1", "T-01", "limited", "否"))
    return run(SITES, layers, pack(*rules), required=("control_unit", "red_line"), optional=("wetland",),
               **{"answers": given, **more})  # fmt: skip


@pytest.fixture(scope="module", params=["whole", "in chunks"])
def written(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> tuple[Screening, Screening]:
    """Return a run in memory and its dossier, written from memory or chunk by chunk by another run."""
    folder = tmp_path_factory.mktemp("dossier") / "卷宗 1"
    screening = screened()
    if request.param == "whole":
        write_dossier(screening, folder)
    else:
        screened(out=folder)
    return screening, open_dossier(folder)


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its rows in an order of their own: chunks follow the ground, not the file."""
    frame = pd.DataFrame(table)
    keys = frame.drop(columns="geometry", errors="ignore").astype(str)
    return frame.loc[keys.sort_values(list(keys.columns)).index].reset_index(drop=True)


NAMES = [table.name for table in TABLES]


def test_no_table_of_the_example_is_empty_but_the_reviews(written: tuple[Screening, Screening]) -> None:
    assert [name for name in NAMES if written[0].read(name).empty] == ["reviews"]


@pytest.mark.parametrize("name", NAMES)
def test_every_table_comes_back(written: tuple[Screening, Screening], name: str) -> None:
    before, after = (in_order(screening.read(name)) for screening in written)
    assert_frame_equal(after, before, check_exact=False, rtol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_every_column_has_the_kind_it_is_declared_with(written: tuple[Screening, Screening], name: str) -> None:
    table = next(table for table in TABLES if table.name == name)
    for screening in written:
        frame = screening.read(name)
        assert list(frame.columns) == table.names + (["geometry"] if table.geometry else [])
        for column in table.columns:
            kinds = {"text": "O", "date": "O", "int": "i", "float": "f", "bool": "b"}
            assert frame[column.name].dtype.kind == kinds[column.kind], column.name
            if column.kind == "text":
                assert all(isinstance(value, str) for value in frame[column.name]), column.name


def test_sites_come_back_with_all_their_attributes(written: tuple[Screening, Screening]) -> None:
    before, after = (screening.sites.set_index("site_id", drop=False).sort_index() for screening in written)
    assert list(after.columns) == list(before.columns)
    assert after.crs == before.crs
    assert shapely.equals_exact(after.geometry.to_numpy(), before.geometry.to_numpy()).all()
    for name in ("site_id", "nature", "name", "limited_activity", "备注"):
        given = [None if pd.isna(value) else value for value in before[name]]
        assert after[name].tolist() == given, name
    for name in ("accuracy_m", "footprint_m", "造价", "件数"):
        assert pd.to_numeric(after[name]).to_numpy() == pytest.approx(
            pd.to_numeric(before[name]).to_numpy(), nan_ok=True
        )


def test_days_of_sites_come_back_as_days(written: tuple[Screening, Screening]) -> None:
    sites = written[1].sites.set_index("site_id")
    assert sites["accepted_on"].to_dict() == {"S0": date(2026, 3, 1), "S1": None, "007": None, "S 4/五": None}


def test_outcomes_settings_and_seal_come_back(written: tuple[Screening, Screening]) -> None:
    before, after = written
    for site_id in before.verdicts["site_id"]:
        assert_frame_equal(after.outcomes(site_id), before.outcomes(site_id))
    given = json.loads(json.dumps(dict(before.settings)))
    assert dict(after.settings) | {"made_at": None} == given | {"made_at": None}
    assert after.seal.number == before.seal.number
    assert after.seal.parts == json.loads(json.dumps(dict(before.seal.parts)))


def test_an_unknown_site_is_named(written: tuple[Screening, Screening]) -> None:
    for screening in written:
        with pytest.raises(DossierError, match="S-none"):
            screening.outcomes("S-none")


def test_the_overlap_cannot_be_asked_of_a_dossier_without_layers(written: tuple[Screening, Screening]) -> None:
    with pytest.raises(DossierError):
        written[1].overlap("S0", "red_line", "F0")


def test_a_run_that_finds_nothing_comes_back(tmp_path: Path) -> None:
    before = run(GROUND.box(5000, 0, 5050, 50), [layer("red_line", AREA)], rule(), out=tmp_path / "d")
    after = open_dossier(tmp_path / "d")
    for name in NAMES:
        assert_frame_equal(pd.DataFrame(after.read(name)), pd.DataFrame(before.read(name)))


def test_any_gis_can_read_the_layers(written: tuple[Screening, Screening], tmp_path: Path) -> None:
    write_dossier(written[0], tmp_path / "d")
    names = set(pyogrio.list_layers(tmp_path / "d" / "dossier.gpkg")[:, 0])
    assert {"sites", *NAMES} <= names
    verdicts = gpd.read_file(tmp_path / "d" / "dossier.gpkg", layer="verdicts")
    assert verdicts.crs.to_epsg() == 4490


@pytest.mark.parametrize("column", ["fid", "FID", "geom", "ogc_fid", "Verdict", "index"])
def test_any_column_of_the_sites_is_carried_through(tmp_path: Path, column: str) -> None:
    site = (GROUND.box(400, 400, 500, 500), {column: "甲-1"})
    run(site, [layer("red_line", AREA)], rule(), out=tmp_path / "d")
    assert open_dossier(tmp_path / "d").sites[column].tolist() == ["甲-1"]


def test_columns_that_differ_in_case_alone_are_carried_through(tmp_path: Path) -> None:
    site = (GROUND.box(400, 400, 500, 500), {"Remark": "甲", "REMARK": "乙"})
    run(site, [layer("red_line", AREA)], rule(), out=tmp_path / "d")
    assert open_dossier(tmp_path / "d").sites.iloc[0][["Remark", "REMARK"]].tolist() == ["甲", "乙"]

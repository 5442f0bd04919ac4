"""What could not be read of sites is counted and kept whatever way the sites come; other sites are as before."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from ecoredline.processing.engine import Screening, open_dossier, screen
from ecoredline.processing.engine.dossier.tally import NOTICED
from ecoredline.processing.engine.proof.verify import verify_seal
from ecoredline.processing.report.project import project_entries
from small_runs import AS_OF

LAYER_SET = """name = "虚构"
[[layer]]
role = "red_line"
source = "红线.gpkg"
authority = "statutory"
"""
BOW = shapely.Polygon([(106.51, 29.51), (106.512, 29.512), (106.512, 29.51), (106.51, 29.512)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("data")
    red = gpd.GeoDataFrame({"HXBM": ["HX1"]}, geometry=[shapely.box(106.5, 29.5, 106.52, 29.52)], crs="EPSG:4490")
    red.to_file(home / "红线.gpkg")
    (home / "区.toml").write_text(LAYER_SET, encoding="utf-8")
    return home


def sites(n: int = 2, **columns: Any) -> gpd.GeoDataFrame:
    shapes = [shapely.box(106.505 + 1e-4 * i, 29.505, 106.50505 + 1e-4 * i, 29.50505) for i in range(n)]
    return gpd.GeoDataFrame({"编号": [f"S{i}" for i in range(n)], **columns}, geometry=shapes, crs="EPSG:4490")


def ran(folder: Path, given: gpd.GeoDataFrame | Path, **more: Any) -> Screening:
    return screen(given, folder / "区.toml", as_of=AS_OF, **more)


def test_a_file_and_a_frame_are_told_alike(folder: Path, tmp_path: Path) -> None:
    given = sites(建设性质=["新见", "新建"], 行业代码=["化工", "C2614"])
    given.to_file(tmp_path / "s.gpkg")
    by_frame, by_path = ran(folder, given), ran(folder, tmp_path / "s.gpkg", out=tmp_path / "d")
    assert by_frame.seal.number == by_path.seal.number
    for made in (by_frame, by_path, open_dossier(tmp_path / "d")):
        assert made.sites["unread"].tolist() == ["建设性质=新见；行业代码=化工", None]
        assert made.settings["n_noticed"] == 2
        told = [each[:5] for each in made.settings["noticed"]]
        assert told == [
            [1, "S0", "industry", "化工", "unknown_industry"], [1, "S0", "nature", "新见", "unknown_nature"],
        ]  # fmt: skip
    assert verify_seal(tmp_path / "d", folder / "区.toml").confirmed
    assert verify_seal(tmp_path / "d", folder / "区.toml", sites=tmp_path / "s.gpkg").confirmed


def test_a_paper_prints_what_was_written(folder: Path) -> None:
    one = ran(folder, sites(建设性质=["新见", "新建"])).sites
    printed = [
        {e.label.zh: e.value for e in project_entries(dict(row.drop("geometry")), row.geometry)}
        for _, row in one.iterrows()
    ]
    assert printed[0]["无法识别的填写"] == "建设性质=新见"
    assert "无法识别的填写" not in printed[1] and "unread" not in {**printed[0], **printed[1]}


def test_the_seal_depends_on_it_only_where_something_is_unread(folder: Path) -> None:
    clean, empty, wrong = (ran(folder, sites(建设性质=[word, "新建"])) for word in ("新建", None, "新见"))
    assert len({made.seal.number for made in (clean, empty, wrong)}) == 3
    assert ran(folder, sites(建设性质=[None, "新建"], unread=[None, ""])).seal.number == empty.seal.number


def test_many_are_counted_and_the_first_kept_over_chunks(folder: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(importlib.import_module("ecoredline.processing.engine.screen"), "CHUNK", 30)
    given = sites(100, 建设性质=["新见"] * 100)
    given.to_file(tmp_path / "s.gpkg")
    for made in (ran(folder, given), ran(folder, tmp_path / "s.gpkg", out=tmp_path / "d", workers=2)):
        assert made.settings["n_noticed"] == 100
        assert len({each[1] for each in made.settings["noticed"]}) == NOTICED
        assert made.sites["unread"].notna().all()


def test_a_repaired_shape_is_told_and_is_no_unread_word(folder: Path) -> None:
    made = ran(folder, gpd.GeoDataFrame({"编号": ["B"]}, geometry=[BOW], crs="EPSG:4490"))
    assert [each[1:3] for each in made.settings["noticed"]] == [["B", "geometry"]]
    assert made.sites["unread"].tolist() == [None]

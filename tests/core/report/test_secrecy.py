"""With secrecy the papers tell of controlled layers only yes or no, the area and the unit code."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from ecoredline.processing.report import export
from ecoredline.processing.report.source import collect
from ecoredline.processing.report.values import HIDDEN_PATH, without_paths

SECRETS = (
    "红线斑块甲",
    "RL-0007",
    "虚构水源地乙",
    "WS-3",
    "虚构重点单元",
    "srv",
    "secret",
    "district.gpkg",
    "red_line_layer",
    "line.shp",
    "plan.dwg",
)
COORDINATES = re.compile(r"10[56]\.\d{2,}|29\.4\d|29\.49|10[56]°\d|°[EN]|东经|北纬")


def _everything(folder: Path) -> dict[str, str]:
    texts = {}
    for path in (path for path in folder.rglob("*") if path.is_file() and "open" not in path.relative_to(folder).parts):
        if path.suffix in (".docx", ".xlsx"):
            with zipfile.ZipFile(path) as archive:
                names = [n for n in archive.namelist() if n.endswith((".xml", ".rels"))]
                texts[str(path.relative_to(folder))] = "\n".join(archive.read(n).decode("utf-8") for n in names)
        else:
            texts[str(path.relative_to(folder))] = path.read_text(encoding="utf-8")
    return texts


@pytest.fixture
def secret(screening: Any, tmp_path: Path) -> dict[str, str]:
    export(screening, tmp_path, secrecy=True)
    return _everything(tmp_path)


def test_names_ids_and_paths_are_nowhere(screening: Any, tmp_path: Path, secret: dict[str, str]) -> None:
    (tmp_path / "open").mkdir()
    export(screening, tmp_path / "open")
    told = "".join(_everything(tmp_path / "open").values())
    for word in SECRETS:
        assert word in told, f"{word}: the test could not fail"
        assert not [name for name, text in secret.items() if word in text], word


def test_coordinates_are_nowhere(screening: Any, tmp_path: Path, secret: dict[str, str]) -> None:
    (tmp_path / "open").mkdir()
    export(screening, tmp_path / "open")
    assert all(COORDINATES.search(text) for name, text in _everything(tmp_path / "open").items() if "xlsx" not in name)
    for name, text in secret.items():
        assert not COORDINATES.search(text), (name, COORDINATES.search(text))
    assert '<svg id="map"' not in secret["index.html"] and 'class="chart"' in secret["index.html"]


def test_the_columns_a_user_carried_along_are_left_out(secret: dict[str, str]) -> None:
    assert not [name for name, text in secret.items() if "建设单位" in text or "@虚构公司" in text]


def test_area_yes_and_unit_code_stay(screening: Any, secret: dict[str, str]) -> None:
    source = collect(screening, secrecy=True)
    red = source.findings[source.findings["role"] == "red_line"].iloc[0]
    assert (red["overlap_m2"], red["feature_id"], red["relation"], red["note"]) == (0.9996, "", "", "")
    assert red[["overlap_share", "length_m", "distance_m", "margin_m", "bearing_deg"]].isna().all()
    unit = source.findings[source.findings["role"] == "control_unit"].iloc[0]
    assert unit["feature_id"] == "ZH50010420001" and unit["feature_name"] == ""
    assert "ZH50010420001" in secret["A-01.docx"] and "小于 1 m²" in secret["A-01.docx"]


def test_where_a_line_meets_a_controlled_layer_is_nowhere(
    screening: Any, tmp_path: Path, secret: dict[str, str]
) -> None:
    (tmp_path / "open").mkdir()
    export(screening, tmp_path / "open")
    told = "".join(text for name, text in _everything(tmp_path / "open").items() if "xlsx" not in name)
    hidden = "".join(secret.values())
    for place in ("K1+234.50", "K4+969", "120.50 m"):
        assert place in told and place not in hidden, place
    assert "K0+777.70" in hidden, "a bank line is open"
    assert "1234.5" not in hidden and "4969" not in hidden


def test_no_paper_tells_of_the_office_in_its_properties(secret: dict[str, str], tmp_path: Path) -> None:
    for path in (path for path in tmp_path.rglob("*") if path.suffix in (".docx", ".xlsx")):
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            core = archive.read("docProps/core.xml").decode()
            app = archive.read("docProps/app.xml").decode()
        people = re.findall(r"<(?:dc:creator|cp:lastModifiedBy)[^>]*>([^<]*)<", core)
        assert people and set(people) == {"EcoRedline"}, path.name
        assert not re.search("Company|Manager|HyperlinkBase|<Template>", app), path.name
        assert not [name for name in names if "thumbnail" in name or "custom.xml" in name or "printerSettings" in name]
        assert str(tmp_path) not in core + app and "/work" not in core + app


def test_open_layers_are_told_in_full(secret: dict[str, str]) -> None:
    assert "长江左岸" in secret["A-01.docx"] and "小于 1000 m" in secret["A-01.docx"]


def test_a_role_that_no_layer_declares_counts_as_controlled(screening: Any) -> None:
    screening.layers = screening.layers[screening.layers["role"] != "bank_line"]
    source = collect(screening, secrecy=True)
    bank = source.findings[source.findings["role"] == "bank_line"]
    assert (bank["feature_name"] == "").all() and bank["distance_m"].isna().all()


def test_the_run_itself_is_not_changed(screening: Any) -> None:
    before = {name: getattr(screening, name).copy() for name in ("findings", "facts", "units", "layers", "sites")}
    collect(screening, secrecy=True)
    for name, frame in before.items():
        assert frame.equals(getattr(screening, name)), name


def test_maps_are_not_taken_in(screening: Any, tmp_path: Path) -> None:
    (tmp_path / "A-01-overview.png").write_bytes(b"whatever it shows")
    export(screening, tmp_path / "out", formats=("docx",), maps=tmp_path, secrecy=True)
    with zipfile.ZipFile(tmp_path / "out" / "A-01.docx") as archive:
        assert not [name for name in archive.namelist() if name.endswith(".png")]
        assert "受控数据模式下不附图" in archive.read("word/document.xml").decode()


@pytest.mark.parametrize(
    "path",
    [
        "/srv/data/红线.gpkg",
        "C:\\数据\\红线.shp",
        "\\\\server\\share\\a",
        "red_line.gpkg|layername=red",
        "../x/y",
        "~/data/x",
        "file:///a/b",
        "postgresql://user@host/db",
        "dbname='eco' host=10.0.0.1",
        "数据/红线.gdb",
        "district.GeoJSON",
    ],
)
def test_paths_are_taken_out_of_text(path: str) -> None:
    for text in (path, f"读自 {path}", f"读自{path}，已修复", f"（{path}）"):
        cut = without_paths(text)
        assert HIDDEN_PATH in cut
        assert not re.search(r"gpkg|shp|server|layername|data|user|10\.0|gdb|GeoJSON|/a|x/y", cut), cut


@pytest.mark.parametrize(
    "text",
    ["2026/11/24", "m³/s", "和/或", "占 1/3", "《长江保护法》第二十六条", "ZH50010420001", "5 m；派生"],
)
def test_plain_text_stays(text: str) -> None:
    assert without_paths(text) == text

"""The 110 real power plants against the real Yangtze centre line, through `make process`.

Skipped, saying so, where the folder with the real data is not at hand.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import geopandas
import pandas
import pyogrio
import pytest

ROOT = Path(__file__).absolute().parents[2]
DATA = ROOT.parent / "shared" / "data"
RIVERS = DATA / "rivers" / "ne10m_yangtze_and_tributaries.geojson"
PLANTS = DATA / "sites" / "wri_power_plants_upper_yangtze_box.csv"
BANS = r"YZ-0[1-6]"
LAYER_SET = """
name = "Natural Earth 1:10M"
profile = "banks_only.toml"
[[layer]]
role = "bank_line"
source = "{source}"
accuracy_m = 500.0
authority = "indicative"
fields = {{ river = "name_en", river_class = "name" }}
values = {{ bank_def = "河道中心线" }}
[layer.spellings.river_class]
"Chang Jiang" = "mainstem"
"Jinsha" = "mainstem"
"Jialing" = "major_tributary"
"Wu" = "major_tributary"
"Min" = "major_tributary"
"Dadu" = "major_tributary"
"Tuo" = "major_tributary"
"""
OTHERS = ("control_unit", "red_line", "water_source", "protected_area", "permanent_farmland", "district")

pytestmark = pytest.mark.skipif(
    not (RIVERS.is_file() and PLANTS.is_file()),
    reason="real data not at hand: shared/data/rivers and shared/data/sites",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("real")
    dropped = "\n".join(f'[[dropped]]\nrole = "{role}"\nreason = "仅核对岸线距离"' for role in OTHERS)
    names = '[name]\nzh = "仅岸线"\nen = "banks only"\n'
    head = 'id = "banks_only"\nrequired = ["bank_line"]\noptional = []\n'
    (folder / "banks_only.toml").write_text(head + names + dropped, encoding="utf-8")
    (folder / "rivers.toml").write_text(LAYER_SET.format(source=RIVERS), encoding="utf-8")
    return folder


def plants(path: Path, **attributes: str) -> Path:
    table = pandas.read_csv(PLANTS)
    columns = {"site_id": table["Power Plant ID"].astype(str), "name": table["Name"], **attributes}
    places = geopandas.points_from_xy(table["Longitude"], table["Latitude"])
    frame = geopandas.GeoDataFrame(columns, geometry=places, crs="EPSG:4326")
    frame.to_file(path, VERSION="1.3")
    return path


def screened(folder: Path, name: str, sites: Path) -> tuple[pandas.DataFrame, pandas.DataFrame]:
    out = {key: folder / f"{name}-{key.lower()}.gpkg" for key in ("VERDICTS", "FINDINGS")}
    words = [f"SITES={sites}", f"LAYER_SET={folder / 'rivers.toml'}", "AS_OF=2026-11-01", f"DOSSIER={folder / name}"]
    words += [f"{key}={path}" for key, path in out.items()]
    command = ["make", "-s", "-C", str(ROOT), "process", f"ARGS=run ecoredline:screenprojects -- {' '.join(words)}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "Warning 1" not in said
    return tuple(pyogrio.read_dataframe(path, read_geometry=False) for path in out.values())


def test_plants_as_built_meet_no_ban_on_building(folder):
    verdicts, findings = screened(folder, "built", plants(folder / "built.gpkg", nature="现有", industry="D4412"))
    assert len(verdicts) == len(pandas.read_csv(PLANTS)) == 110
    assert not findings["rule_id"].str.match(BANS).any()
    assert "prohibited" not in set(verdicts["verdict"])


def test_as_new_chemical_plants_some_are_near_and_none_is_firmly_clear_or_prohibited(folder):
    verdicts, findings = screened(folder, "new", plants(folder / "new.gpkg", nature="新建", industry="C2614"))
    assert len(verdicts) == 110
    near = findings[findings["rule_id"].str.match(BANS) & (findings["distance_m"] <= 1_000)]
    assert len(near), "no plant within 1 km of the centre line"
    assert set(near["verdict"]) <= {"needs_review", "undetermined"}
    assert "prohibited" not in set(verdicts["verdict"]), "a centre line is indicative"
    close = verdicts[verdicts["site_id"].isin(findings.loc[findings["distance_m"] < 1_500, "site_id"])]
    assert not ((close["verdict"] == "clear") & (close["certainty"] == "firm")).any()

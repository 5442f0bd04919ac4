"""The seal of a dossier, untouched and tampered with: what was changed is named, and nothing else."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from ecoredline.layers.errors import DossierError
from ecoredline.layers.sample import make
from ecoredline.processing.engine import screen, verify_seal
from ecoredline.processing.engine.proof.verify import Verification
from ecoredline.processing.rules.packs import load_pack, load_packs, shipped_folder

CHOSEN = ["XG-01", "XG-04", "XG-05", "XG-11", "XG-20", "XG-34"]
AS_OF = date(2026, 11, 1)
MILLIMETRE = 1e-8  # degrees of latitude, 1.1 mm on the ground


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a sample, some of its sites, answers, packs and a dossier of them."""
    home = tmp_path_factory.mktemp("base")
    sample = make(home / "sample")
    sites = pyogrio.read_dataframe(sample.sites)
    sites[sites["site_id"].isin(CHOSEN)].to_file(home / "sites.gpkg", layer="sites")
    probe = screen(home / "sites.gpkg", sample.layer_set, as_of=AS_OF)
    asked = probe.findings[probe.findings["condition"] == "exception_open"].iloc[0]
    answer = {
        "site_id": [asked["site_id"]], "rule_id": [asked["rule_id"]], "question": [_exception(asked["rule_id"])],
        "answer": ["否"], "who": ["张三"], "when": ["2026-10-01"], "why": ["现场核实"],
    }  # fmt: skip
    pd.DataFrame(answer).to_csv(home / "answers.csv", index=False)
    screen(home / "sites.gpkg", sample.layer_set, as_of=AS_OF, answers=home / "answers.csv", out=home / "dossier")
    return home


def _exception(rule_id: str) -> str:
    rules = {rule.id: rule for pack in load_packs(cases=False) for rule in pack.rules}
    return rules[rule_id].exceptions[0].id


@pytest.fixture
def case(base: Path, tmp_path: Path) -> Path:
    """A copy of it all that a test may spoil."""
    shutil.copytree(base, tmp_path / "case")
    return tmp_path / "case"


def check(case: Path, **more: object) -> Verification:
    return verify_seal(case / "dossier", case / "sample" / "district.toml", **more)  # type: ignore[arg-type]


def named(checked: Verification) -> list[tuple[str, str]]:
    """Return what counts against the seal, as pairs of part and item."""
    rows = checked.differences[checked.differences["counts"]]
    return sorted(set(zip(rows["part"], rows["item"], strict=True)))


def change(case: Path, statement: str, *values: object) -> None:
    database = sqlite3.connect(case / "dossier" / "dossier.gpkg")
    for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
        database.create_function(name, 1, lambda _shape: 0)
    with database:
        assert database.execute(statement, values).rowcount == 1
    database.close()


def nudged(path: Path, layer: str, row: int) -> None:
    """Move one vertex of one feature of a layer by a millimetre, in place."""
    frame = pyogrio.read_dataframe(path, layer=layer, fid_as_index=True)
    shape = frame.geometry.iloc[row]
    xy = shapely.get_coordinates(shape)
    xy[1, 1] += MILLIMETRE
    frame.loc[frame.index[row], "geometry"] = shapely.set_coordinates(shape, xy)
    pyogrio.write_dataframe(frame, path, layer=layer)


def test_untouched_it_is_confirmed(base: Path) -> None:
    checked = check(base)
    assert checked.confirmed
    assert checked.sealed == checked.computed == json.loads((base / "dossier" / "seal.json").read_text())["number"]
    assert not checked.differences["counts"].any()


def test_with_the_sites_as_handed_in_it_is_confirmed(base: Path) -> None:
    assert check(base, sites=base / "sites.gpkg").confirmed


def test_a_dossier_moved_elsewhere_is_confirmed(case: Path) -> None:
    (case / "dossier").rename(case / "卷宗 二")
    assert verify_seal(case / "卷宗 二", case / "sample" / "district.toml").confirmed


def test_sites_that_came_in_metres_are_confirmed(base: Path, case: Path) -> None:
    projected = gpd.read_file(base / "sites.gpkg").to_crs(4545)
    screen(projected, case / "sample" / "district.toml", as_of=AS_OF, out=case / "metres")
    assert verify_seal(case / "metres", case / "sample" / "district.toml").confirmed
    (case / "metres").rename(case / "dossier2")
    shutil.rmtree(case / "dossier")
    (case / "dossier2").rename(case / "dossier")
    nudged(case / "dossier" / "dossier.gpkg", "sites", 1)
    assert ("site", CHOSEN[1]) in named(check(case))


def test_a_vertex_of_a_kept_site_moved_by_a_millimetre(case: Path) -> None:
    nudged(case / "dossier" / "dossier.gpkg", "sites", 0)
    checked = check(case)
    assert not checked.confirmed
    assert ("site", CHOSEN[0]) in named(checked)
    assert not [item for part, item in named(checked) if part == "site" and item != CHOSEN[0]]


def test_an_attribute_of_a_kept_site(case: Path) -> None:
    change(case, "UPDATE sites SET nature = '改建' WHERE site_id = ?", CHOSEN[2])
    assert ("site", CHOSEN[2]) in named(check(case))


def test_a_vertex_of_a_site_handed_in_moved_by_a_millimetre(case: Path) -> None:
    nudged(case / "sites.gpkg", "sites", 3)
    checked = check(case, sites=case / "sites.gpkg")
    assert not checked.confirmed
    assert [item for part, item in named(checked) if part == "site"] == [CHOSEN[3]]


def test_a_site_left_out_of_what_was_handed_in(case: Path) -> None:
    gpd.read_file(case / "sites.gpkg").iloc[1:].to_file(case / "fewer.gpkg", layer="sites")
    assert ("site", CHOSEN[0]) in named(check(case, sites=case / "fewer.gpkg"))


def test_a_vertex_of_a_layer_moved_by_a_millimetre(case: Path) -> None:
    nudged(case / "sample" / "district.gpkg", "STBHHX", 0)
    checked = check(case)
    assert not checked.confirmed
    layers = [item for part, item in named(checked) if part == "layer"]
    assert len(layers) == 1
    assert "STBHHX" in layers[0]


def test_a_date_of_a_layer(case: Path) -> None:
    file = case / "sample" / "district.toml"
    text = file.read_text(encoding="utf-8")
    assert "vintage = 2024-03-19" in text
    file.write_text(text.replace("vintage = 2024-03-19", "vintage = 2024-03-20", 1), encoding="utf-8")
    checked = check(case)
    rows = checked.differences[checked.differences["part"] == "layer"]
    assert rows[["sealed", "now"]].to_numpy().tolist() == [["2024-03-19", "2024-03-20"]]


def test_a_clause_in_the_kept_law(case: Path) -> None:
    statement = "UPDATE law SET text = replace(text, ?, ?) WHERE pack = 'yangtze_protection_law'"
    change(case, statement, "第二十六条第二款", "第二十六条第三款")
    checked = check(case)
    assert not checked.confirmed
    laws = checked.differences[(checked.differences["part"] == "law") & checked.differences["counts"]]
    assert "YZ-01" in laws["item"].tolist()
    assert "clause" in laws["field"].tolist()


def test_kept_law_that_is_no_pack_any_more(case: Path) -> None:
    change(case, "UPDATE law SET text = '[[rule' WHERE pack LIKE 'yangtze%'")
    assert "yangtze_protection_law" in [item for part, item in named(check(case)) if part == "law"]


def other_law(case: Path, old: str, new: str) -> Path:
    folder = case / "packs"
    shutil.copytree(shipped_folder(), folder, ignore=shutil.ignore_patterns("*.cases.toml"))
    file = folder / "yangtze_protection_law.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_a_date_of_a_rule_in_packs_given(case: Path) -> None:
    folder = other_law(case, "in_force_from = 2021-03-01", "in_force_from = 2021-03-02")
    pack = load_pack(folder / "yangtze_protection_law.toml", cases=False)
    laws = [item for part, item in named(check(case, packs=folder)) if part == "law"]
    assert "YZ-01" in laws
    assert set(laws) <= {pack.id, *(rule.id for rule in pack.rules)}


def test_law_that_moved_on_since_is_told_beside_and_does_not_count(case: Path) -> None:
    folder = other_law(case, "第二十六条第二款", "第二十六条第九款")
    screen(case / "sites.gpkg", case / "sample" / "district.toml", folder, as_of=AS_OF, out=case / "old")
    checked = verify_seal(case / "old", case / "sample" / "district.toml")
    assert checked.confirmed
    beside = checked.differences
    assert len(beside)
    assert beside["sealed"].str.contains("第九款").any()
    assert not beside["counts"].any()


def test_a_pack_that_is_nowhere_is_said(case: Path) -> None:
    change(case, "UPDATE law SET text = '', pack = 'gone' WHERE pack LIKE 'yangtze%'")
    seal = json.loads((case / "dossier" / "seal.json").read_text())
    seal["parts"]["packs"]["gone"] = seal["parts"]["packs"].pop("yangtze_protection_law")
    (case / "dossier" / "seal.json").write_text(json.dumps(seal))
    with pytest.raises(DossierError, match="gone"):
        check(case)


@pytest.mark.parametrize("column", ["answer", "who", "why"])
def test_an_answer(case: Path, column: str) -> None:
    change(case, f'UPDATE answers SET "{column}" = ?', "是" if column == "answer" else "李四")
    checked = check(case)
    assert [part for part, _ in named(checked) if part == "answer"] == ["answer"]
    assert not checked.confirmed


TAMPERED: dict[str, tuple[str, str]] = {
    "distance": ("UPDATE findings SET distance_m = distance_m + 0.002 WHERE fid = {n}", "distance"),
    "verdict": ("UPDATE findings SET verdict = 'clear' WHERE fid = {n}", "verdict"),
    "row": ("DELETE FROM findings WHERE fid = {n}", "row"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_cell_of_an_output(case: Path, what: str) -> None:
    statement, field = TAMPERED[what]
    findings = pyogrio.read_dataframe(case / "dossier" / "dossier.gpkg", layer="findings", fid_as_index=True)
    n = findings.index[findings["distance_m"] > 1][0]
    change(case, statement.format(n=n))
    checked = check(case)
    rows = checked.differences[checked.differences["counts"]]
    assert rows["part"].unique().tolist() == ["result"]
    assert findings.loc[n, "site_id"] in rows["item"].iloc[0]
    assert findings.loc[n, "rule_id"] in rows["item"].iloc[0]
    assert field in rows["field"].iloc[0]
    assert checked.sealed == checked.computed


def test_less_than_a_millimetre_is_the_same_figure(case: Path) -> None:
    findings = pyogrio.read_dataframe(case / "dossier" / "dossier.gpkg", layer="findings", fid_as_index=True)
    n = findings.index[findings["distance_m"] > 1][0]
    change(case, f"UPDATE findings SET distance_m = distance_m + 0.0005 WHERE fid = {n}")
    assert check(case).confirmed


@pytest.mark.parametrize(
    ("table", "cell"),
    [
        ("verdicts", "verdict_zh = '未触及'"),
        ("units", "unit_name = '改'"),
        ("rules", "text = '改'"),
        ("facts", "depth_m = 99"),
        ("outcomes", "codes = 'F' || substr(codes, 2)"),
        ("layers", "accuracy_m = 77"),
    ],
)
def test_a_cell_of_any_table(case: Path, table: str, cell: str) -> None:
    change(case, f"UPDATE {table} SET {cell} WHERE fid = 2")
    checked = check(case)
    assert [part for part, _ in named(checked)] == ["result"]
    assert not checked.confirmed


def spoil(name: str, edit: Callable[[dict], None]) -> Callable[[Path], None]:  # type: ignore[type-arg]
    def done(case: Path) -> None:
        file = case / "dossier" / name
        content = json.loads(file.read_text(encoding="utf-8"))
        edit(content)
        file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    return done


@pytest.mark.parametrize(
    ("spoiled", "part"),
    [
        (spoil("seal.json", lambda c: c.update(number="0000-0000-0000-0000")), "seal"),
        (spoil("seal.json", lambda c: c["parts"]["settings"].update(strict=True)), "seal"),
        (spoil("seal.json", lambda c: c["beside"]["figures"]["YZ-01"].update(distance_m=1.0)), "result"),
        (spoil("settings.json", lambda c: c.update(as_of="2026-11-02")), "setting"),
        (spoil("settings.json", lambda c: c["required"].pop()), "check profile"),
    ],
)
def test_the_seal_and_the_settings(case: Path, spoiled: Callable[[Path], None], part: str) -> None:
    spoiled(case)
    checked = check(case)
    assert not checked.confirmed
    assert part in [name for name, _ in named(checked)]


def test_other_software_is_told_beside(case: Path) -> None:
    spoil("seal.json", lambda c: c["beside"].update(shapely="1.0"))(case)
    checked = check(case)
    assert checked.confirmed
    assert checked.differences[["part", "item", "sealed"]].to_numpy().tolist() == [["software", "shapely", "1.0"]]


def test_a_dossier_without_a_table_is_refused(case: Path) -> None:
    database = sqlite3.connect(case / "dossier" / "dossier.gpkg")
    with database:
        database.execute("DROP TABLE findings")
        database.execute("DELETE FROM gpkg_contents WHERE table_name = 'findings'")
    database.close()
    with pytest.raises(DossierError, match="dossier"):
        check(case)


def test_settings_of_another_kind_are_refused(case: Path) -> None:
    (case / "dossier" / "settings.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DossierError, match="profile"):
        check(case)


@pytest.mark.parametrize("text", ["[]", "{}", '"x"', "{"])
def test_a_seal_that_is_none_is_refused(case: Path, text: str) -> None:
    (case / "dossier" / "seal.json").write_text(text, encoding="utf-8")
    with pytest.raises(DossierError, match="damaged"):
        check(case)


def test_nothing_is_changed(case: Path) -> None:
    before = {path: path.read_bytes() for path in sorted(case.rglob("*")) if path.is_file()}
    check(case)
    assert {path: path.read_bytes() for path in sorted(case.rglob("*")) if path.is_file()} == before

"""A bureau's own folder: packs replaced, added, switched off; what it does is told, and nothing is lost in silence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from ecoredline.layers.errors import RulePackError
from ecoredline.layers.layerset import Absence, LayerSet, LayerSource
from ecoredline.processing.engine import screen
from ecoredline.processing.engine.judging.packcheck import CASE, REFUSED, REMARK, check_packs
from ecoredline.processing.rules import packs
from ecoredline.processing.rules.bureau import pack_set

SHIPPED = packs.shipped_folder()
OFF = """
[[off]]
rule = "YZ-08"
reason = "本市条例已修订"
by = "某区生态环境局"
date = 2026-11-24
"""
OWN = """
[pack]
id = "own_rules"
title = "某区自备规则"
issuer = "某区生态环境局"
legal_nature = "规范性文件"
counties = ["500104"]

[[rule]]
id = "QX-01"
clause = "（自备）"
status = "partial"
department = "生态环境"
layer = "red_line"
place = { within_m = 200 }
verdict = "notice"

[[case]]
rule = "QX-01"
name = "inside"
on = 2026-11-24
site = "POLYGON ((106.5 29.4, 106.501 29.4, 106.501 29.401, 106.5 29.401, 106.5 29.4))"
feature = "POLYGON ((106.4 29.3, 106.6 29.3, 106.6 29.5, 106.4 29.5, 106.4 29.3))"
layer = { authority = "statutory" }
expect = { outcome = "fired", verdict = "notice" }
"""


def folder(path: Path, manifest: str, **files: str) -> Path:
    (path / "packs.toml").write_text(manifest, encoding="utf-8")
    for name, text in files.items():
        (path / f"{name}.toml").write_text(text, encoding="utf-8")
    return path


def test_without_a_manifest_a_folder_stands_alone_and_nothing_is_what_ships(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    assert [pack.id for pack in pack_set(tmp_path).packs] == ["own_rules"]
    assert {pack.id for pack in pack_set().packs} == {pack.id for pack in packs.load_packs(cases=False)}


def test_packs_are_added_and_rules_switched_off_with_a_reason(tmp_path: Path) -> None:
    found = pack_set(folder(tmp_path, "shipped = true\n" + OFF, own=OWN))
    rules = {rule.id: rule for pack in found.packs for rule in pack.rules}
    assert "QX-01" in rules and "RL-04" in rules
    off = rules["YZ-08"]
    assert off.status == "hold" and "本市条例已修订" in off.off and "2026-11-24" in off.off
    assert rules["YZ-08-RIVER"].status == "partial" and not rules["YZ-08-RIVER"].off
    told = {(remark.pack, remark.rule) for remark in found.remarks}
    assert told == {("own_rules", ""), ("chongqing_water_regulation", "YZ-08")}
    plain = {pack.id: pack.digest for pack in packs.load_packs(cases=False)}
    changed = {pack.id for pack in found.packs if pack.digest != plain.get(pack.id)}
    assert changed == {"own_rules", "chongqing_water_regulation"}


def test_a_run_tells_what_is_switched_off_and_what_an_absent_area_leaves_open(tmp_path: Path) -> None:
    day = date(2026, 11, 24)
    county = gpd.GeoDataFrame(
        {"code": ["500199"], "name": ["虚构"]}, geometry=[shapely.box(106, 29, 107, 30)], crs="EPSG:4490"
    )
    site = gpd.GeoDataFrame(
        {"site_id": ["A"], "nature": ["新建"], "industry": ["C2511"]},
        geometry=[shapely.box(106.5, 29.4, 106.501, 29.401)],
        crs="EPSG:4490",
    )
    layer_set = LayerSet(
        "试验",
        (LayerSource("district", "memory", accuracy_m=1.0, authority="statutory", frame=county),),
        (Absence("urban_boundary", "absent_confirmed", "某局", "试验", date(2026, 9, 1), date(2027, 8, 31)),),
    )
    home = folder(tmp_path, "shipped = true\n" + OFF)
    gaps = screen(site, layer_set, packs=home, as_of=day).gaps
    off = gaps[gaps["rule_ids"] == "YZ-08"]
    assert list(off["n_sites"]) == [1] and "本市条例已修订" in off["cause"].iloc[0]
    held = gaps[gaps["cause"].str.startswith("待核文本")]
    assert "YZ-11" in held["rule_ids"].iloc[0] and "YZ-08" not in held["rule_ids"].iloc[0].split(";")
    absent = gaps[gaps["roles"] == "urban_boundary"]
    assert list(absent["rule_ids"]) == ["TL-01-2026"]


def test_a_pack_of_the_same_id_replaces_and_lost_rules_are_named(tmp_path: Path) -> None:
    text = (SHIPPED / "forest_law.toml").read_text(encoding="utf-8")
    short = text[: text.index('[[rule]]\nid = "FO-01-DIG"')]
    found = pack_set(folder(tmp_path, "shipped = true\n", forest_law=short))
    assert [pack.path.parent for pack in found.packs if pack.id == "forest_law"] == [tmp_path]
    assert [(remark.rule, remark.text.zh) for remark in found.remarks] == [
        ("", "以 forest_law.toml 取代随附的同名规则包"),
        ("FO-01-DIG", "取代后不再有此条"),
    ]


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        (OFF.replace('"YZ-08"', '"YZ-99"'), "YZ-99"),
        (OFF.replace('reason = "本市条例已修订"\n', ""), "reason"),
        (OFF.replace("date = 2026-11-24\n", ""), "date"),
        (OFF + "colour = 1\n", "colour"),
        ("shipped = 'yes'\n", "shipped"),
    ],
)
def test_a_wrong_manifest_is_refused(tmp_path: Path, manifest: str, words: str) -> None:
    with pytest.raises(RulePackError, match=words):
        pack_set(folder(tmp_path, "shipped = true\n" * (not manifest.startswith("shipped")) + manifest))


def test_a_rule_id_that_ships_is_refused_in_another_pack(tmp_path: Path) -> None:
    with pytest.raises(RulePackError, match="RL-04"):
        pack_set(folder(tmp_path, "shipped = true\n", own=OWN.replace("QX-01", "RL-04")))


def test_what_ships_has_no_issue() -> None:
    assert check_packs().empty


def test_a_good_folder_gives_remarks_alone(tmp_path: Path) -> None:
    issues = check_packs(folder(tmp_path, "shipped = true\n" + OFF, own=OWN))
    assert set(issues["kind"]) == {REMARK}


def test_issues_name_file_and_line_and_one_wrong_pack_hides_no_other(tmp_path: Path) -> None:
    bad = OWN.replace('id = "own_rules"', 'id = "bad_rules"').replace('layer = "red_line"', 'layer = "red_lines"')
    wrong = OWN.replace('verdict = "notice" }', 'verdict = "restricted" }')
    folder(tmp_path, "", bad=bad, wrong=wrong)
    issues = check_packs(tmp_path).set_index("kind")
    refused, case = issues.loc[REFUSED], issues.loc[CASE]
    assert refused["file"].endswith("bad.toml") and "red_line" in refused["zh"]
    assert bad.splitlines()[refused["line"] - 1] == 'layer = "red_lines"'
    assert case["file"].endswith("wrong.toml") and case["rule"] == "QX-01"
    assert wrong.splitlines()[case["line"] - 1] == "[[case]]"


def test_an_empty_folder_is_an_issue(tmp_path: Path) -> None:
    assert list(check_packs(tmp_path)["kind"]) == [REFUSED]


def test_a_refusal_names_the_missing_key_and_a_line(tmp_path: Path) -> None:
    texts = {
        "a": 'title = "x"\n',
        "b": '# c\n\n[pack]\ntitle = "x"\n',
        "c": '[pack]\nid = "c"\ntitle = \n',
        "d": "[pack]\nid = [\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    issues = check_packs(tmp_path)
    assert issues["kind"].tolist() == [REFUSED] * 4
    assert issues["line"].tolist() == [1, 3, 3, 2]
    assert "缺少必填的键“id”" in issues["zh"][0] and "键 id：缺少" in issues["zh"][1]
    assert "required key 'id' is missing" in issues["en"][1]

"""Layer sets and check profiles: what is said is what is loaded, and every slip is named."""

import pickle
from datetime import date
from pathlib import Path

import pytest
from ecoredline.layers.errors import EcoRedlineError, LayerSetError, SourceError
from ecoredline.layers.layerset import load
from ecoredline.layers.profile import load_profile
from ecoredline.layers.role import roles

GOOD = """
name = "示范区 2026"
profile = "default"
[[layer]]
role = "red_line"
source = "district.gpkg"
layer = "red_line"
where = "HXLX = '陆域' AND JB = 1"
vintage = 2024-03-19
valid_to = "2027-01-01"
accuracy_m = 5.0
authority = "statutory"
fields = { code = "HXBM", name = "HXMC" }
[[layer]]
role = "bank_line"
source = "sub/banks.shp"
values = { bank_def = "中心线", half_width_m = 120 }
spellings = { river_class = { "大河" = "mainstem" } }
crs = "EPSG:4524"
encoding = "GBK"
[[absent]]
role = "wetland"
state = "absent_confirmed"
by = "某局"
basis = "某文"
date = 2024-02-29
[[absent]]
role = "scenic_area"
state = "not_held"
[access_list]
source = "list.xlsx"
fields = { unit_code = "单元" }
"""


def put(folder: Path, text: str) -> Path:
    file = folder / "set.toml"
    file.write_text(text, encoding="utf-8")
    return file


def said(error: EcoRedlineError) -> str:
    return " ".join((error.message.en, error.cause.en))


def test_everything_said_is_loaded(tmp_path):
    file = put(tmp_path, GOOD)
    layers = load(file)
    red, bank = layers.sources
    assert (layers.name, layers.profile, layers.path) == ("示范区 2026", "default", file)
    assert red.source == str(tmp_path / "district.gpkg")
    assert (red.vintage, red.valid_to) == (date(2024, 3, 19), date(2027, 1, 1))
    assert (red.accuracy_m, red.accuracy_assumed, red.authority) == (5.0, False, "statutory")
    assert red.fields == {"code": "HXBM", "name": "HXMC"}
    assert (bank.accuracy_m, bank.accuracy_assumed, bank.authority) == (10.0, True, "derived")
    assert bank.values == {"bank_def": "河道中心线", "half_width_m": 120.0}
    assert (bank.crs, bank.encoding) == ("EPSG:4524", "GBK")
    assert bank.spellings == {"river_class": {"大河": "mainstem"}}
    assert layers.of("red_line") == (red,)
    assert layers.of("wetland") == ()
    assert layers.access_list is not None
    assert layers.access_list.source == str(tmp_path / "list.xlsx")


def test_a_confirmed_absence_holds_one_year_at_most(tmp_path):
    layers = load(put(tmp_path, GOOD))
    confirmed = layers.absence("wetland")
    assert confirmed is not None
    assert (confirmed.state, confirmed.valid_to) == ("absent_confirmed", date(2025, 2, 28))
    not_held = layers.absence("scenic_area")
    assert not_held is not None
    assert not_held.state == "not_held"
    assert layers.absence("red_line") is None
    ok = GOOD.replace("date = 2024-02-29", "date = 2024-03-01\nvalid_to = 2025-03-01")
    assert load(put(tmp_path, ok)).absence("wetland").valid_to == date(2025, 3, 1)
    with pytest.raises(LayerSetError, match="valid_to"):
        load(put(tmp_path, ok.replace("2025-03-01", "2025-03-02")))


def test_a_layer_set_crosses_to_another_process(tmp_path):
    layers = load(put(tmp_path, GOOD))
    assert pickle.loads(pickle.dumps(layers)) == layers


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('role = "red_line"', 'role = "redline"', ["redline"]),
        ('layer = "red_line"', 'table = "red_line"', ["[[layer]] 1", "table"]),
        ('authority = "statutory"', 'authority = "official"', ["authority", "official"]),
        ("accuracy_m = 5.0", "accuracy_m = -1", ["accuracy_m", "-1"]),
        ("accuracy_m = 5.0", "accuracy_m = nan", ["accuracy_m", "nan"]),
        ("accuracy_m = 5.0", "accuracy_m = true", ["accuracy_m"]),
        ("vintage = 2024-03-19", 'vintage = "spring"', ["vintage", "spring"]),
        ("vintage = 2024-03-19", "vintage = 2027-01-02", ["valid_to"]),
        ('code = "HXBM"', 'kode = "HXBM"', ["kode"]),
        ('bank_def = "中心线"', 'bank_def = "随便"', ["bank_def", "随便"]),
        ("half_width_m = 120", 'half_width_m = "wide"', ["half_width_m"]),
        ('"大河" = "mainstem"', '"大河" = "stem"', ["大河", "stem"]),
        ("values = {", 'fields = { bank_def = "X" }\nvalues = {', ["bank_def"]),
        ("where = \"HXLX = '陆域' AND JB = 1\"", 'where = "HXLX LIKE 1"', ["HXLX LIKE 1"]),
        ('by = "某局"\n', "", ["wetland", "by"]),
        ('basis = "某文"\n', "", ["wetland", "basis"]),
        ("date = 2024-02-29\n", "", ["wetland", "date"]),
        ('state = "not_held"', 'state = "unknown"', ["scenic_area", "unknown"]),
        ('role = "scenic_area"', 'role = "red_line"', ["red_line"]),
        ('role = "scenic_area"', 'role = "wetland"', ["wetland"]),
        ('unit_code = "单元"', 'code = "单元"', ["[access_list]", "code"]),
        ('name = "示范区 2026"', 'nam = "示范区 2026"', ["nam"]),
        ('source = "district.gpkg"', 'source = ""', ["source"]),
    ],
)
def test_every_slip_is_refused_with_file_and_key(tmp_path, old, new, named):
    assert old in GOOD
    with pytest.raises(LayerSetError) as caught:
        load(put(tmp_path, GOOD.replace(old, new, 1)))
    for word in named:
        assert word in said(caught.value)
    assert caught.value.remedy.en
    assert caught.value.remedy.zh


def test_broken_toml_names_the_line(tmp_path):
    with pytest.raises(LayerSetError) as caught:
        load(put(tmp_path, 'name = "x"\n[[layer]]\nrole = red_line\n'))
    assert "line 3" in caught.value.cause.en
    assert "set.toml" in caught.value.message.en


def test_the_same_source_twice_is_refused(tmp_path):
    block = '[[layer]]\nrole = "red_line"\nsource = "a.gpkg"\nwhere = "a = %d"\n'
    assert len(load(put(tmp_path, block % 1 + block % 2)).sources) == 2
    with pytest.raises(LayerSetError):
        load(put(tmp_path, block % 1 + block % 1))


def test_files_that_are_no_layer_set(tmp_path):
    with pytest.raises(LayerSetError, match=r"none\.toml"):
        load(tmp_path / "none.toml")
    with pytest.raises(LayerSetError):
        load(tmp_path)
    (tmp_path / "gbk.toml").write_bytes('name = "示范区"'.encode("gbk"))
    with pytest.raises(LayerSetError) as caught:
        load(tmp_path / "gbk.toml")
    assert "UTF-8" in caught.value.message.en
    with pytest.raises(LayerSetError) as caught:
        load(put(tmp_path, 'name = "x"'))
    assert "[[layer]]" in caught.value.message.en


@pytest.mark.parametrize("source", ["PG:dbname=x", "host=a dbname=b", "postgresql://u@h/d", "user=me host=x"])
def test_databases_are_refused_for_now(tmp_path, source):
    with pytest.raises(SourceError) as caught:
        load(put(tmp_path, f'[[layer]]\nrole = "red_line"\nsource = "{source}"\n'))
    assert "GeoPackage" in caught.value.remedy.en


def test_the_default_profile():
    profile = load_profile()
    assert set(profile.required) == {
        "control_unit", "red_line", "bank_line", "water_source", "protected_area", "permanent_farmland", "district",
    }  # fmt: skip
    assert not set(profile.required) & set(profile.optional)
    assert {"wetland", "scenic_area", "chemical_park"} <= set(profile.optional)
    assert not {"district", "basin", "mine_site", "restoration_area", "land_use"} & set(profile.optional)
    assert set(profile.required) | set(profile.optional) <= set(roles())
    assert load_profile("default") == profile


PROFILE = """id = "mine"
required = ["control_unit", "red_line", "bank_line", "water_source", "protected_area", "district"]
optional = ["wetland"]
[[dropped]]
role = "permanent_farmland"
reason = "建成区内无耕地"
[name]
zh = "矿山"
en = "mines"
"""


def test_a_profile_that_drops_a_role_gives_a_reason(tmp_path):
    file = put(tmp_path, PROFILE)
    profile = load_profile(file)
    assert profile.dropped == (("permanent_farmland", "建成区内无耕地"),)
    assert profile.optional == ("wetland",)
    for old, new in [
        ('reason = "建成区内无耕地"\n', ""),
        ('[[dropped]]\nrole = "permanent_farmland"\nreason = "建成区内无耕地"\n', ""),
        ('optional = ["wetland"]', 'optional = ["red_line"]'),
        ('optional = ["wetland"]', 'optional = ["wetlands"]'),
    ]:
        assert old in PROFILE
        with pytest.raises(LayerSetError):
            load_profile(put(tmp_path, PROFILE.replace(old, new)))


def test_an_unknown_profile_names_those_there_are():
    with pytest.raises(LayerSetError) as caught:
        load_profile("defalt")
    assert "default" in caught.value.remedy.en


def test_a_profile_path_is_relative_to_the_layer_set(tmp_path):
    (tmp_path / "p.toml").write_text(PROFILE, encoding="utf-8")
    layers = load(put(tmp_path, GOOD.replace('profile = "default"', 'profile = "p.toml"')))
    assert load_profile(layers.profile).id == "mine"

"""Roles: every one of the contract, each spelling with one meaning, a wrong file refused."""

import pytest
from ecoredline.layers.errors import LayerSetError
from ecoredline.layers.role import FieldSpec, load_role, role, roles

CONTRACT = [
    "red_line",
    "control_unit",
    "element_zone",
    "bank_line",
    "river_mgmt_range",
    "bank_function_zone",
    "water_source",
    "protected_area",
    "wetland",
    "scenic_area",
    "permanent_farmland",
    "farmland_concentrated",
    "priority_farmland",
    "strict_control_farmland",
    "urban_boundary",
    "compliant_park",
    "chemical_park",
    "no_burn_zone",
    "contaminated_plot",
    "four_hills",
    "livestock_ban",
    "noise_zone",
    "water_control_unit",
    "drawdown_zone",
    "soil_loss_zone",
    "soil_loss_severe",
    "slope_ban",
    "geohazard_zone",
    "forest_land",
    "groundwater_zone",
    "sensitive_receptor",
    "outfall",
    "risk_source",
    "eco_space",
    "mine_site",
    "restoration_area",
    "district",
    "basin",
    "land_use",
    "sand_ban_zone",
    "industrial_park",
    "bank_protection_range",
    "built_up_area",
]


def test_every_role_of_the_contract_is_there_named_in_both_languages():
    assert set(CONTRACT) <= set(roles())
    for each in roles().values():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in each.name.zh), each.id
        assert each.name.en.isascii(), each.id
        assert "code" in each.fields, each.id
        assert "name" in each.fields, each.id


def test_only_control_units_cover_and_exclude():
    assert [each.id for each in roles().values() if each.cover] == ["control_unit"]
    assert [each.id for each in roles().values() if each.exclusive] == ["control_unit"]


@pytest.mark.parametrize(
    ("id_", "field", "spelling", "value"),
    [
        ("bank_line", "river_class", "干流", "mainstem"),
        ("bank_line", "river_class", "重要支流", "major_tributary"),
        ("bank_line", "river_class", "一级支流", "tributary"),
        ("bank_line", "bank_def", "中心线", "河道中心线"),
        ("bank_line", "bank_def", "临水线", "临水线"),
        ("bank_line", "side", "左岸", "left"),
        ("water_source", "level", "一级保护区", "level1"),
        ("water_source", "level", "Ⅱ级", "level2"),
        ("water_source", "level", "准保护区", "quasi"),
        ("control_unit", "class", "重点管控单元", "2"),
        ("control_unit", "class", "３", "3"),
        ("protected_area", "zone", "核心区", "core"),
        ("protected_area", "zone", "一般控制区", "general"),
        ("protected_area", "zone", "buffer", "buffer"),
    ],
)
def test_spellings_of_sources_have_their_meaning(id_, field, spelling, value):
    assert role(id_).fields[field].canonical(spelling) == value


def test_an_unknown_spelling_has_none():
    assert role("bank_line").fields["river_class"].canonical("四类") is None
    assert role("water_source").fields["level"].canonical("") is None


def test_a_field_without_words_takes_any_text_and_spellings_of_the_layer_set_win():
    assert FieldSpec("name").canonical("缙云山") == "缙云山"
    assert role("protected_area").fields["zone"].canonical("保育区", {"保育区": "general"}) == "general"


def test_an_unknown_role_names_those_nearest():
    with pytest.raises(LayerSetError) as caught:
        role("redline")
    assert "redline" in caught.value.message.en
    assert "red_line" in caught.value.remedy.en


GOOD = 'id = "moor"\ngeometry = ["polygon"]\n[name]\nzh = "沼泽"\nen = "moor"\n[fields.code]\naliases = ["A"]\n'


def test_a_new_role_needs_no_more_than_a_file(tmp_path):
    file = tmp_path / "moor.toml"
    file.write_text(GOOD, encoding="utf-8")
    assert load_role(file).name.zh == "沼泽"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (GOOD.replace('"polygon"', '"area"'), "geometry"),
        (GOOD.replace('id = "moor"', 'id = "fen"'), "id"),
        (GOOD + 'colour = "red"\n', "colour"),
        (GOOD + '[fields.name]\naliases = ["a"]\n', "'a'"),
        ('nearest_by = ["river"]\n' + GOOD, "nearest_by"),
        (GOOD.replace('zh = "沼泽"\n', ""), "zh"),
        (GOOD + "oops\n", "line"),
    ],
)
def test_a_wrong_role_file_is_refused_with_its_name_and_key(tmp_path, text, named):
    file = tmp_path / "moor.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LayerSetError) as caught:
        load_role(file)
    said = f"{caught.value.message.en} {caught.value.cause.en}"
    assert str(file) in said
    assert named in said
    assert caught.value.remedy.zh


def test_fields_and_values_have_chinese_names():
    assert all(not spec.title.isascii() for each in roles().values() for spec in each.fields.values())
    zone = role("element_zone").fields["class"]
    assert (zone.title, zone.word("2"), zone.word("no such")) == ("管控分区类型", "重点", "no such")

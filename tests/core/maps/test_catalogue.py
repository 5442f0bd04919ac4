"""The catalogue: what is shipped, and every slip that a bureau's own may have."""

from __future__ import annotations

import pytest
from ecoredline.processing.engine.words import NEVER_SAID
from ecoredline.processing.maps.catalogue import FOLDER, sheet, sheets, template, templates
from ecoredline.processing.maps.catalogue_reading import read_catalogue
from ecoredline.processing.maps.errors import MapError

ROW = """
[[sheet]]
id = "s"
file = "s.qpt"
title = { zh = "幅", en = "sheet" }
[[template]]
id = "t"
title = { zh = "图", en = "map" }
subject = "图"
order = ["red_line"]
"""


def read(tmp_path, text):
    (tmp_path / "s.qpt").write_text("", "utf-8")
    (tmp_path / "c.toml").write_text(text, "utf-8")
    return read_catalogue(tmp_path / "c.toml")


def test_the_seven_maps_on_four_sheets_are_shipped():
    assert list(sheets()) == ["a4_landscape", "a4_portrait", "a3_landscape", "a3_portrait"]
    assert [page.title.zh for page in templates().values()] == [
        "综合叠加图", "地理位置图", "与生态保护红线位置关系图", "与环境管控单元位置关系图",
        "与长江岸线 1 km/3 km 位置关系图", "与水源保护区及自然保护地位置关系图", "环境保护目标分布图",
    ]  # fmt: skip
    assert {path.name for path in FOLDER.glob("*.qpt")} == {entry.path.name for entry in sheets().values()}
    for page in templates().values():
        assert {"legend", "corners"} <= set(page.blocks)
        assert set(page.about) <= {name.split(":")[0] for name in page.order}
        assert not [word for word in NEVER_SAID if word in page.title.zh + page.subject]


def test_a_map_can_be_added_by_data_alone(tmp_path):
    own = read(tmp_path, ROW + 'rings = [{ role = "", distances_m = [200], name = "厂界外" }]\n')[1]["t"]
    assert own.shows("red_line")
    assert not own.shows("wetland")
    assert own.rings[0].distances_m == (200.0,)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('blocks = ["legnd"]', "blocks"),
        ('colour = "red"', "colour"),
        ('about = ["red_lines"]', "red_lines"),
        ('extent = { rule = "all" }', "extent.rule"),
        ("extent = { reach_m = 0 }", "extent"),
        ('rings = [{ role = "", distances_m = [30000] }]', "distances_m"),
        ('rings = [{ role = "no such", distances_m = [30] }]', "no such"),
        ("lines = true2", "c.toml"),
        ('omit = "basin"', "omit"),
    ],
)
def test_a_slip_is_refused_by_its_key(tmp_path, line, said):
    with pytest.raises(MapError) as caught:
        read(tmp_path, ROW + line + "\n")
    assert said in str(caught.value)


def test_a_missing_file_and_an_id_used_twice_are_refused(tmp_path):
    with pytest.raises(MapError, match=r"gone\.qpt"):
        read(tmp_path, ROW.replace("s.qpt", "gone.qpt"))
    with pytest.raises(MapError, match="'s'"):
        read(tmp_path, ROW + ROW.split("[[template]]")[0])


@pytest.mark.parametrize("ask", [template, sheet])
def test_what_does_not_exist_is_refused_with_what_there_is(ask):
    with pytest.raises(MapError) as caught:
        ask("no such")
    assert "overview" in caught.value.remedy.zh or "a4_landscape" in caught.value.remedy.zh

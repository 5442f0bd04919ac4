"""人工复核意见 stands beside the computed verdict, outside the seal."""

from __future__ import annotations

from datetime import datetime

import geopandas as gpd
import pytest
import shapely
from ecoredline.layers.errors import DossierError
from ecoredline.layers.sources import LayerSet, LayerSource
from ecoredline.processing.engine import open_dossier, screen, write_dossier
from ecoredline.processing.engine.dossier.asking import asked, open_columns
from ecoredline.processing.engine.dossier.reviewing import add_review
from ecoredline.processing.rules.bureau import pack_set
from ecoredline.processing.rules.predicates import All, Any_, Declared, Flag, Nature, Not, Quantity


@pytest.fixture(scope="module")
def screening():
    red = gpd.GeoDataFrame({"HXBM": ["H1"]}, geometry=[shapely.box(106.5, 29.49, 106.52, 29.52)], crs="EPSG:4490")
    sites = gpd.GeoDataFrame(
        {"site_id": ["a", "b"], "nature": [None, "新建"], "industry": [None, "C2614"]},
        geometry=[shapely.box(106.495, 29.495, 106.505, 29.505), shapely.box(106.3, 29.3, 106.31, 29.31)],
        crs="EPSG:4490",
    )
    return screen(sites, LayerSet("t", (LayerSource("red_line", "red", frame=red),)))


@pytest.fixture
def dossier(screening, tmp_path):
    write_dossier(screening, tmp_path / "d")
    return tmp_path / "d"


def test_a_review_leaves_verdict_and_seal_as_they_are(dossier):
    before = open_dossier(dossier)
    computed = before.verdicts.set_index("site_id").loc["a", "verdict"]
    reviews = add_review(dossier, "a", "needs_review", " 现场踏勘 ", "李四", datetime(2026, 11, 24, 12, 0, 5))
    assert reviews.to_dict("records") == [
        {
            "site_id": "a",
            "verdict": computed,
            "reviewed_verdict": "needs_review",
            "reason": "现场踏勘",
            "who": "李四",
            "when": "2026-11-24 12:00:05",
        }
    ]
    after = open_dossier(dossier)
    assert after.seal.number == before.seal.number
    assert after.verdicts.set_index("site_id").loc["a", "verdict"] == computed


def test_a_second_review_stands_after_the_first(dossier):
    add_review(dossier, "a", "needs_review", "一", "甲")
    add_review(dossier, "b", "clear", "二", "乙")
    assert open_dossier(dossier).reviews["reason"].tolist() == ["一", "二"]


@pytest.mark.parametrize(
    ("site", "verdict", "reason", "who", "word"),
    [
        ("z", "clear", "r", "w", "z"),
        ("a", "fine", "r", "w", "fine"),
        ("a", "clear", "  ", "w", "理由"),
        ("a", "clear", "r", "", "复核人"),
    ],
)
def test_what_is_not_whole_is_refused_and_nothing_written(dossier, site, verdict, reason, who, word):
    with pytest.raises(DossierError) as refused:
        add_review(dossier, site, verdict, reason, who)
    assert word in refused.value.message.zh
    assert len(open_dossier(dossier).reviews) == 0


def test_the_form_asks_for_what_the_open_rules_hang_on(screening):
    rules = {rule.id: rule for pack in pack_set(None).packs for rule in pack.rules}
    open_site, filled = asked(screening, "a", rules), asked(screening, "b", rules)
    assert "nature" in open_site.columns
    assert "nature" not in filled.columns
    assert "industry" not in filled.columns
    assert all(rules[rule_id].project is not None for ids in open_site.columns.values() for rule_id in ids)


@pytest.mark.parametrize(
    ("predicate", "values", "wanted"),
    [
        (None, {}, ()),
        (Nature(("新建",)), {"nature": None}, ("nature",)),
        (Nature(("新建",)), {"nature": "扩建"}, ()),
        (All((Nature(("新建",)), Flag("is_chemical"))), {"nature": "扩建", "is_chemical": None}, ()),
        (All((Nature(("新建",)), Flag("is_chemical"))), {"nature": "新建", "is_chemical": None}, ("is_chemical",)),
        (Any_((Nature(("新建",)), Flag("is_chemical"))), {"nature": "新建", "is_chemical": None}, ()),
        (Not(Flag("is_chemical")), {"is_chemical": None}, ("is_chemical",)),
        (Declared("is_chemical"), {"is_chemical": None}, ()),
        (Any_((Declared("is_mining"), Quantity("coal_t", ">", 1.0))), {"coal_t": None, "is_mining": None}, ("coal_t",)),
    ],
)
def test_only_columns_that_can_settle_a_rule_are_asked_for(predicate, values, wanted):
    site = gpd.GeoDataFrame({name: [value] for name, value in values.items()}, geometry=[shapely.Point(106.5, 29.5)])
    assert open_columns(predicate, site) == wanted

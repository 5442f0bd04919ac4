"""Clause texts word for word against the texts of law, where those are at hand."""

from __future__ import annotations

import re

import pytest
from ecoredline.processing.rules import packs
from ecoredline.processing.rules.model import Rule
from laws import FILES, LAWS, articles, cited

pytestmark = pytest.mark.skipif(not LAWS.is_dir(), reason=f"no texts of law at {LAWS}; see ECOREDLINE_FACTS")

PACKS = packs.load_packs(cases=False)
LAW_RULES = [(pack.id, rule) for pack in PACKS if pack.id in FILES for rule in pack.rules]
# Texts that are not in the folder: what is quoted from them cannot be checked here. The seeds are checked below.
NOT_CHECKABLE = {
    "red_line_notice",
    "nature_reserve_regulation_2026",
    "negative_list_2022",
    "chongqing_water_regulation",
    "bank_industry_policy_2018",
    "four_hills_plan",
    "mine_restoration_2019",
}
SEEDS = {
    "nanan_scheme": "000",
    "banan_draft": "001",
    "yuzhou_opinion": "002",
    "dadukou_plan": "003",
    "chongqing_industry_notice": "004",
}


@pytest.mark.parametrize(("pack_id", "rule"), LAW_RULES, ids=lambda v: v.id if isinstance(v, Rule) else v)
def test_the_text_stands_in_the_named_paragraph(pack_id: str, rule: Rule) -> None:
    assert rule.text
    assert rule.text in cited(FILES[pack_id], rule.clause)
    article = rule.clause[: rule.clause.index("条") + 1]
    whole = "".join(lead + "".join(items) for lead, items in articles(FILES[pack_id])[article])
    for exception in rule.exceptions:
        assert exception.text in whole


def test_a_text_with_one_other_character_would_be_noticed() -> None:
    good = "禁止在长江干支流岸线一公里范围内新建、扩建化工园区和化工项目。"
    assert good == cited("长江保护法", "第二十六条第二款")
    assert good.replace("新建、扩建", "新建、改建") not in cited("长江保护法", "第二十六条第二款")
    with pytest.raises(AssertionError, match="several paragraphs"):
        cited("长江保护法", "第二十六条")


def test_items_are_told_from_paragraphs() -> None:
    assert cited("畜禽规模养殖污染防治条例", "第十一条第（二）项").endswith("(二)自然保护区的核心区和缓冲区；")
    assert "第四款" in next(rule.clause for _, rule in LAW_RULES if rule.id == "PA-06")


def test_every_pack_is_checked_or_said_not_to_be_checkable() -> None:
    assert {pack.id for pack in PACKS} == set(FILES) | NOT_CHECKABLE | set(SEEDS)


@pytest.mark.parametrize("pack_id", SEEDS)
def test_what_is_quoted_from_a_seed_stands_in_it(pack_id: str) -> None:
    folder = LAWS.parents[1] / "seeds"
    if not folder.is_dir():
        pytest.skip("no seeds beside the laws")
    (path,) = folder.glob(f"{SEEDS[pack_id]}_*.txt")
    text = re.sub(r"\s", "", path.read_text(encoding="utf-8"))
    pack = next(pack for pack in PACKS if pack.id == pack_id)
    for rule in pack.rules:
        assert rule.text and re.sub(r"\s", "", rule.text) in text, rule.id
        assert "条" not in rule.clause.replace("无条号", "")


def test_no_article_is_named_where_the_text_was_not_read() -> None:
    facts = (LAWS.parent / "regulations.md").read_text(encoding="utf-8")
    for pack in PACKS:
        if pack.id not in NOT_CHECKABLE:
            continue
        for rule in pack.rules:
            for number in re.findall(r"第[一二三四五六七八九十百]+条", rule.clause):
                arabic = {"第二十六条": "26", "第二十七条": "27"}[number]
                assert f"art. {arabic}" in facts or f"830号 {arabic}" in facts, rule.id

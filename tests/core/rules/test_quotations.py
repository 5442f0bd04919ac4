"""Clause texts word for word against the texts of law, where those are at hand."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from ecoredline.processing.rules import packs
from ecoredline.processing.rules.model import Rule

ROOT = Path(__file__).absolute().parents[3]
LAWS = Path(os.environ.get("ECOREDLINE_LAWS", ROOT.parent / "shared" / "facts" / "laws"))
FILES = {
    "yangtze_protection_law": "长江保护法",
    "ecological_code": "生态环境法典",
    "water_pollution_law": "水污染防治法",
    "land_administration_law": "土地管理法",
    "nature_reserve_regulation_2017": "自然保护区条例",
}
ARTICLE = re.compile(r"^(第[一二三四五六七八九十百千零]+条)")
CLAUSE = re.compile(r"(第[一二三四五六七八九十百千零]+条)(?:第([一二三四五六七八九十])款)?")
NUMBERS = "一二三四五六七八九十"

pytestmark = pytest.mark.skipif(
    not LAWS.is_dir(), reason=f"no texts of law at {LAWS}; name their folder in ECOREDLINE_LAWS"
)


def articles(name: str) -> dict[str, list[str]]:
    """Return the paragraphs of each article of a law."""
    (path,) = LAWS.glob(f"{name}(*.md")
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for raw in path.read_text(encoding="utf-8").splitlines():
        line = raw.replace("*", "").strip(" \u3000\xa0\t")
        if raw.startswith("#"):
            current = []
        if not line or raw.startswith("#"):
            continue
        if start := ARTICLE.match(line):
            current = found.setdefault(start[1], [])
            line = line[start.end() :].strip(" \u3000\xa0\t")
        current.append(line)
    return found


LAW_RULES = [(pack.id, rule) for pack in packs.load_packs() if pack.id in FILES for rule in pack.rules]


@pytest.mark.parametrize(("pack_id", "rule"), LAW_RULES, ids=lambda v: v.id if isinstance(v, Rule) else v)
def test_the_text_stands_in_the_named_paragraph(pack_id: str, rule: Rule) -> None:
    clause = CLAUSE.fullmatch(rule.clause)
    assert clause, rule.clause
    paragraphs = articles(FILES[pack_id])[clause[1]]
    if clause[2]:
        assert rule.text in paragraphs[NUMBERS.index(clause[2])]
    else:
        assert len(paragraphs) == 1, "an article of several paragraphs is cited by paragraph"
        assert rule.text in paragraphs[0]
    for exception in rule.exceptions:
        assert exception.text in "".join(paragraphs)


def test_a_text_with_one_other_character_would_be_noticed() -> None:
    paragraphs = articles("长江保护法")["第二十六条"]
    good = "禁止在长江干支流岸线一公里范围内新建、扩建化工园区和化工项目。"
    assert good == paragraphs[1]
    assert good.replace("新建、扩建", "新建、改建") not in paragraphs[1]


def test_every_read_law_is_checked() -> None:
    unread = {"red_line_notice", "nature_reserve_regulation_2026", "negative_list_2022", "chongqing_water_regulation"}
    assert {pack.id for pack in packs.load_packs()} == set(FILES) | unread

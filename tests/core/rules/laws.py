"""The texts of law beside the repository, where they are at hand: articles, paragraphs (款) and items (项)."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

FACTS = Path(os.environ.get("ECOREDLINE_FACTS", Path(__file__).absolute().parents[4] / "shared" / "facts"))
LAWS = FACTS / "laws"
# Packs whose text is in the folder.
FILES = {
    "yangtze_protection_law": "长江保护法",
    "ecological_code": "生态环境法典",
    "water_pollution_law": "水污染防治法",
    "land_administration_law": "土地管理法",
    "nature_reserve_regulation_2017": "自然保护区条例",
    "soil_pollution_law": "土壤污染防治法",
    "solid_waste_law": "固体废物污染环境防治法",
    "air_pollution_law": "大气污染防治法",
    "eia_law": "环境影响评价法",
    "wetland_protection_law": "湿地保护法",
    "farmland_regulation": "基本农田保护条例",
    "soil_water_law": "水土保持法",
    "chongqing_soil_water_measures": "重庆市实施《水土保持法》办法",
    "forest_law": "森林法",
    "scenic_area_regulation": "风景名胜区条例",
    "river_regulation": "河道管理条例",
    "livestock_regulation": "畜禽规模养殖污染防治条例",
    "mineral_resources_law": "矿产资源法",
}
ARTICLE = re.compile(r"^(第[一二三四五六七八九十百千零]+条)")
ITEM = re.compile(r"^[（(][一二三四五六七八九十]+[）)]")
CLAUSE = re.compile(
    r"(第[一二三四五六七八九十百千零]+条)(?:第([一二三四五六七八九十])款)?(?:第（([一二三四五六七八九十])）项)?"
)
NUMBERS = "一二三四五六七八九十"


@cache
def articles(name: str) -> dict[str, list[tuple[str, list[str]]]]:
    """Return the paragraphs of each article of a law, each with its items."""
    (path,) = LAWS.glob(f"{name}(*.md")
    found: dict[str, list[tuple[str, list[str]]]] = {}
    current: list[tuple[str, list[str]]] = []
    for raw in path.read_text(encoding="utf-8").splitlines():
        line = raw.replace("*", "").strip(" \u3000\xa0\t")
        if raw.startswith("#"):
            current = []
        if not line or raw.startswith("#"):
            continue
        if start := ARTICLE.match(line):
            current = found.setdefault(start[1], [])
            line = line[start.end() :].strip(" \u3000\xa0\t")
        if ITEM.match(line) and current:
            current[-1][1].append(line)
        else:
            current.append((line, []))
    return found


def cited(name: str, clause: str) -> str:
    """Return the words that a clause names: a paragraph, or its opening words and one item."""
    found = CLAUSE.fullmatch(clause)
    if found is None:
        raise AssertionError(f"{clause} is no clause")
    article, paragraph, item = found.groups()
    paragraphs = articles(name)[article]
    if paragraph is None and len(paragraphs) > 1:
        raise AssertionError(f"{article} has several paragraphs and is cited without one")
    lead, items = paragraphs[NUMBERS.index(paragraph) if paragraph else 0]
    return lead + (items[NUMBERS.index(item)] if item else "")

"""What the note on a finding can say. Tables and papers hold the Chinese; an English window shows the gloss."""

from __future__ import annotations

import re

from ....layers.texts import Text

BORDERS_TOUCH = Text("边界相接", "The borders touch.")
BORDERS_COINCIDE = Text("边界重合待核", "The borders coincide; to be checked.")
NEAR_LIMIT = Text(
    "临界：与限值或边界之差小于数据精度", "Borderline: nearer to the limit or border than the data are accurate."
)
IN_THE_WATER = Text("涉水", "In the water.")
DEFINITIONS_DIFFER = Text(
    "不同岸线定义下结论不同，须核定岸线起算位置",
    "The verdict differs by the definition of the bank; where it counts from is to be settled.",
)
POINT_ONLY = Text(
    "仅按点位初筛，请补充项目范围或占地半径",
    "Judged by a bare point; give the site's outline or its radius.",
)
CENTRE_LINE = Text("按河道中心线计，未计半河宽", "Measured from the river's centre line, half its width not taken off.")
ONE_BANK = Text(
    "只有一侧岸线，是否涉水不明", "Only one bank is at hand; whether the site lies in the water is unknown."
)
CLASS_NOT_FILLED = Text(
    "要素的类别字段为空，须补充后判定", "The feature's class is not filled in; it cannot be judged before it is."
)
ATTRIBUTE_MISSING = Text(
    "项目属性未填，须补充后判定", "An attribute of the project is not filled in; it cannot be judged before it is."
)
SCOPE_NOT_KNOWN = Text(
    "适用范围（县区或流域）无法确定", "Whether the rule applies here (county or basin) cannot be told."
)
FIXED = (
    BORDERS_TOUCH, BORDERS_COINCIDE, NEAR_LIMIT, IN_THE_WATER, DEFINITIONS_DIFFER, POINT_ONLY, CENTRE_LINE, ONE_BANK,
    CLASS_NOT_FILLED, ATTRIBUTE_MISSING, SCOPE_NOT_KNOWN,
)  # fmt: skip
UNITS = ("个点", "m", "m²")  # of a point, a line, an area
_ENGLISH = {text.zh: text.en for text in FIXED}
_BESIDE = re.compile(r"(.+)（([^（）]+)）")
_UNCOVERED = re.compile(r"地块有 ([\d.]+) (个点|m²|m)未被环境管控单元覆盖(?:；所涉行政区：(.+))?")
_BY_PERSON = re.compile(r"准入清单有 (\d+) 条管控要求须由人逐条对照")


def beside(note: str, text: Text) -> str:
    """Return a note with another one beside it in brackets."""
    return f"{note}（{text.zh}）" if note else text.zh


def uncovered(size: str, dimension: int, districts: list[str]) -> str:
    """Return the note on what no control unit covers: a length or area in figures, its unit, and where it lies."""
    where = f"；所涉行政区：{'、'.join(districts)}" if districts else ""
    return f"地块有 {size} {UNITS[dimension]}未被环境管控单元覆盖{where}"


def by_person(count: int) -> str:
    """Return the note on items of an access list that only a person can compare."""
    return f"准入清单有 {count} 条管控要求须由人逐条对照"


def in_english(note: str) -> str:
    """Return the English gloss of a note; what is quoted from a list stays as it is."""
    if note in _ENGLISH:
        return _ENGLISH[note]
    if (two := _BESIDE.fullmatch(note)) and two[2] in _ENGLISH:
        return f"{in_english(two[1])} {_ENGLISH[two[2]]}"
    if open_ := _UNCOVERED.fullmatch(note):
        unit = {"个点": "point"}.get(open_[2], open_[2])
        return f"{open_[1]} {unit} of the site lie in no control unit." + (f" District: {open_[3]}" if open_[3] else "")
    if listed := _BY_PERSON.fullmatch(note):
        return f"{listed[1]} requirements of the access list are to be compared by a person, one by one."
    return note

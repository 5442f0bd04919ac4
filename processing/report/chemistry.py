"""化工项目的判定依据: what is declared of a project that may be chemical, and which set of industry codes it is in.

The law does not define 化工项目; the sets of codes are those of the rule pack of the Yangtze Protection Law.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ...layers.texts import Text
from .model import Entry
from .project import written
from .values import parts, shown

_PACK = Path(__file__).resolve().parents[1] / "rules" / "shipped" / "yangtze_protection_law.toml"
DECLARED, UNKNOWN = "（申报）", "未填，待补充"
_SETS = {
    "core_codes": "核心类：行业代码属石油、煤炭加工或者化学原料和化学制品制造",
    "perfume_codes": "核心类：行业代码属香料、香精制造",
    "mixing_codes": "视是否发生化学反应而定：发生的按核心类，单纯混合或者分装的按边缘类",
    "grey_codes": "边缘类：行业代码可能涉及化工，须论证",
    "asked_codes": "非化工行业代码，但涉及油品、危险化学品的储运或者公用工程，须询问是否为化工项目的组成部分",
}


def chemistry_entries(attributes: Mapping[str, Any], park: str) -> tuple[Entry, ...]:
    """Return the evidence of a project that is or may be chemical; empty for any other.

    Parameters
    ----------
    attributes : mapping
        Of the site.
    park : str
        What is known of the site's place in a chemical park.
    """
    codes = parts(shown(attributes.get("industry")))
    found = dict.fromkeys(name for code in codes for name in _SETS if _in(code, _code_sets()[name]))
    declared = shown(attributes.get("is_chemical"))
    if not found and declared != "是" and shown(attributes.get("is_chemical_park")) != "是":
        return ()
    return (
        Entry(Text("行业代码", "industry"), _told(attributes, "industry")),
        Entry(Text("申报为化工项目", "declared chemical"), _told(attributes, "is_chemical")),
        Entry(Text("主要原料", "raw materials"), _told(attributes, "raw_materials")),
        Entry(Text("产品", "products"), _told(attributes, "products")),
        Entry(Text("是否有化学反应", "chemical reaction"), _told(attributes, "chemical_reaction")),
        Entry(Text("是否在化工园区", "in a chemical park"), park),
        Entry(Text("适用代码集", "set of codes"), _set_words(list(found), attributes), wide=True),
    )


def _told(attributes: Mapping[str, Any], name: str) -> str:
    text = written(attributes, name)
    return text + DECLARED if text else UNKNOWN


def _set_words(found: list[str], attributes: Mapping[str, Any]) -> str:
    said = [_SETS[name] for name in found]
    declared, reacts = (shown(attributes.get(name)) for name in ("is_chemical", "chemical_reaction"))
    if "mixing_codes" in found and reacts:
        said = ["核心类：申报发生化学反应" if reacts == "是" else "边缘类：申报不发生化学反应，仅混合或者分装"]
    if declared == "是":
        said.append("申报为化工项目，按核心类")
    elif declared == "否" and found:
        said.append("申报为非化工项目，与行业代码不一致的须说明理由，按边缘类论证")
    return "；".join(said) or "行业代码未填，无法对照"


@cache
def _code_sets() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    with _PACK.open("rb") as file:
        defined = tomllib.load(file)["define"]
    return {name: (tuple(defined[name]["industry"]), tuple(defined[name].get("except", ()))) for name in _SETS}


def _in(code: str, codes: tuple[tuple[str, ...], tuple[str, ...]]) -> bool:
    return code.startswith(codes[0]) and not code.startswith(codes[1] or ("\0",))

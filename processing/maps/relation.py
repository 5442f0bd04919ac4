"""How the site lies to what the map is about, in words and figures of the dossier."""

from __future__ import annotations

import pandas as pd

from ...layers.role import role
from ..engine.words import RELATION_TEXTS, Relation
from .catalogue import Template
from .evidence import Evidence, about, limits_of
from .labels import compass, metres, square_metres

HEADINGS = ("名称", "位置关系")
UNKNOWN = "所列图层范围内未检出"


def relation_rows(found: Evidence, template: Template, secrecy: bool, most: int) -> list[tuple[str, str]]:
    """Return the rows of the table: what, and how the site lies to it; worst or nearest first.

    With secrecy a controlled role is told by its name (a control unit by its code), the overlap and its area alone.

    Parameters
    ----------
    most : int
        How many rows there is room for; the last then says how many are left out.
    """
    facts = about(found, template, secrecy)
    facts = facts[~((facts["role"] == "district") & (facts["distance_m"] == 0))]
    rows = [_row(fact, found, template, secrecy) for fact in facts.itertuples()]
    if secrecy:
        told = {role(name).name.zh for name in facts["role"]}
        hidden = [role_id for role_id in template.about if role(role_id).controlled]
        rows += [(role(i).name.zh, "不重叠") for i in hidden if role(i).name.zh not in told]
    rows = list(dict.fromkeys(rows))
    if not rows:
        return [(" / ".join(role(name).name.zh for name in template.about) or "各图层", UNKNOWN)]
    if len(rows) > most:
        return [*rows[: most - 1], ("其余", f"{len(rows) - most + 1} 处，见筛查文书")]
    return rows


def _row(fact: pd.Series, found: Evidence, template: Template, secrecy: bool) -> tuple[str, str]:
    spec = role(fact.role)
    hidden = secrecy and spec.controlled
    name = (fact.feature_id if fact.role == "control_unit" else "") if hidden else fact.feature_name
    if hidden:
        how = f"重叠 {square_metres(fact.overlap_m2)}" if fact.overlap_m2 > 0 else "有重叠"
        return name or spec.name.zh, how
    return name or f"{spec.name.zh} {fact.feature_id}", _how(fact, limits_of(found, template, fact.role))


def _how(fact: pd.Series, limits_m: tuple[float, ...]) -> str:
    words = RELATION_TEXTS[Relation(fact.relation)].zh if fact.relation else ""
    if fact.distance_m > 0:
        return f"{compass(fact.bearing_deg)} {metres(fact.distance_m, *limits_m)}".strip()
    if fact.overlap_m2 > 0:
        return f"{words} {square_metres(fact.overlap_m2)}（{_share(fact.overlap_share)}）"
    if fact.length_m > 0:
        return f"{words} {metres(fact.length_m)}"
    return words or "重叠"


def _share(share: float) -> str:
    if share >= 1:
        return "100%"
    shown = f"{share:.2%}"
    return shown if shown not in ("0.00%", "100.00%") else ("<0.01%" if share < 0.5 else ">99.99%")

"""How the site lies to what the map is about, in words and figures of the dossier."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ...layers.role import role
from ..engine.words import RELATION_TEXTS, ROLE_STATE_TEXTS, Relation, RoleState
from .catalogue import Template
from .evidence import Evidence, about, limits_of
from .labels import compass, metres, square_metres

HEADINGS = ("名称", "位置关系")
NOTHING = "规则检索距离内未见"


def relation_rows(
    found: Evidence, template: Template, secrecy: bool, most: int, states: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return the rows of the table: what, and how the site lies to it; worst or nearest first.

    With secrecy a controlled role is told by its name (a control unit by its code), the overlap and its area alone.

    Parameters
    ----------
    most : int
        How many rows there is room for; one then says how many are left out.
    states : mapping
        How each role could be checked; one that is not there was not.
    """
    facts = about(found, template, secrecy)
    facts = facts[~((facts["role"] == "district") & (facts["distance_m"] == 0))]
    rows = [_row(fact, found, template, secrecy) for fact in facts.itertuples()]
    if secrecy:
        told = {role(name).name.zh for name in facts["role"]}
        hidden = [role_id for role_id in template.about if role(role_id).controlled]
        rows += [(role(i).name.zh, "不重叠") for i in hidden if role(i).name.zh not in told]
    rows = list(dict.fromkeys(rows))
    blind = _not_checked(template, states)
    checked = [
        role(name).name.zh for name in template.about if not any(role(name).name.zh in words for words, _ in blind)
    ]
    if not rows and (checked or not template.about):
        rows = [("、".join(checked) or "各图层", NOTHING)]
    room = max(most - len(blind), 2)
    if len(rows) > room:
        rows = [*rows[: room - 1], ("其余", f"{len(rows) - room + 1} 处，见筛查文书")]
    return [*rows, *blind]


def _not_checked(template: Template, states: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return a row for what the map is about and could not be checked: it must not read as not there."""
    known = (RoleState.LOADED, RoleState.ABSENT_CONFIRMED)
    found = [(role(name).name.zh, states.get(name, RoleState.NOT_HELD)) for name in template.about]
    blind = [
        (name, f"未核查（{ROLE_STATE_TEXTS[RoleState(state)].zh}）") for name, state in found if state not in known
    ]
    if len(blind) > 1 and len({how for _, how in blind}) == 1:
        return [("、".join(name for name, _ in blind), blind[0][1])]
    return blind


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

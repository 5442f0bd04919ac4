"""What was not checked: for the run, grouped by what cures it, and for one site only what concerns that site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..engine.judging import reasons
from ..engine.words import RoleState, Verdict
from .finding_names import RULE_NAMES
from .model import GapGroup
from .roles import role_name
from .source import Checks, Source
from .values import parts, records

THESE = "下列"
OF_THE_SITE = ("项目信息、位置精度等尚待补充", "按（一）补正清单和（二）会商单补充后重新筛查")
_OF_A_GAP = frozenset(reason.text.zh for reason in (*reasons.OF_THE_RUN, reasons.SCOPE_OPEN))


def run_gaps(source: Source) -> tuple[GapGroup, ...]:
    """Return the gaps of the run, each with the number of sites that it concerns."""
    return _grouped(source, source.gaps.assign(items=0))


class SiteGaps:
    """The open matters of one site at a time; sites with the same ones share them."""

    def __init__(self, source: Source) -> None:
        self._source = source
        layers = source.layers
        self._missing = set(layers.loc[layers["state"] == RoleState.NOT_HELD, "role"])
        self._required = set(layers.loc[layers["required"].astype(bool), "role"])
        self._judged = set(source.rules["role"])
        self._gaps = [(row, parts(row.roles), parts(row.rule_ids)) for row in records(source.gaps)]
        self._known: dict[Any, tuple[GapGroup, ...]] = {}

    def of(self, checks: Checks, met: set[str], findings: pd.DataFrame) -> tuple[GapGroup, ...]:
        """Return what was not checked for a site, with the number of items, which add up to its undetermined ones.

        Parameters
        ----------
        checks : mapping
            Outcome and why per rule of the site.
        met : set of str
            Roles that the site meets.
        findings : DataFrame
            `tables.FINDINGS` of the site.
        """
        open_ = {rule_id for rule_id, (_, why) in checks.items() if why in _OF_A_GAP}
        rows: list[tuple[int, tuple[str, ...], int]] = []
        for place, (_, roles, rule_ids) in enumerate(self._gaps):
            mine = tuple(rule_id for rule_id in rule_ids if rule_id in open_)
            number = len(mine)
            if not mine and not rule_ids:
                number = sum(self._unspoken(role, met) for role in roles)
            if mine or number or self._of_all(rule_ids, roles):
                rows.append((place, mine, number))
        told = {rule_id for _, mine, _ in rows for rule_id in mine}
        rest = Counter(
            row.rule_id for row in records(findings) if row.verdict == Verdict.UNDETERMINED and row.rule_id not in told
        )
        key = tuple(rows), tuple(sorted(rest.items()))
        if key not in self._known:
            self._known[key] = (*self._told(rows), *self._of_the_site(rest))
        return self._known[key]

    def _unspoken(self, role: str, met: set[str]) -> bool:
        """Tell whether a role of which no rule speaks counts as an open item of the site."""
        return role not in self._judged and (role in self._missing or role in met)

    def _of_all(self, rule_ids: list[str], roles: list[str]) -> bool:
        """Tell whether a gap without an open rule concerns every site: a required layer, data of another time."""
        if any(role in self._missing for role in roles):
            return any(role in self._required for role in roles)
        return not rule_ids and all(role in self._judged for role in roles)

    def _told(self, rows: list[tuple[int, tuple[str, ...], int]]) -> tuple[GapGroup, ...]:
        table = self._source.gaps.iloc[[place for place, _, _ in rows]]
        ids = [";".join(mine) for _, mine, _ in rows]
        return _grouped(self._source, table.assign(rule_ids=ids, items=[number for _, _, number in rows]))

    def _of_the_site(self, rest: Mapping[str, int]) -> tuple[GapGroup, ...]:
        if not rest:
            return ()
        cause, cure = OF_THE_SITE
        names = "、".join(RULE_NAMES.get(rule_id, rule_id) for rule_id in rest)
        return (GapGroup(cure, (cause,), "", names, "1", str(sum(rest.values()))),)


def _grouped(source: Source, table: pd.DataFrame) -> tuple[GapGroup, ...]:
    """Group gaps by their cure; cures that differ by the name of a layer only are one with several layers."""
    names = ["、".join(role_name(source.layers, role) for role in parts(text)) for text in table["roles"]]
    often = table["cure"].duplicated(keep=False)
    titles = dict(zip(source.rules["rule_id"], source.rules["pack_title"], strict=True))
    listed_cures = zip(table["cure"], names, often, strict=True)
    cures = [cure if shared else _general(cure, name, THESE) for cure, name, shared in listed_cures]
    groups = []
    for cure, group in table.assign(cure=cures, name=names).groupby("cure", sort=False):
        shared = group["cure"].ne(table.loc[group.index, "cure"]).any() and len(group) > 1
        listed = zip(group["cause"], group["name"], strict=True)
        rules = list(dict.fromkeys(rule for text in group["rule_ids"] for rule in parts(text)))
        groups.append(
            GapGroup(
                cure=str(cure) if shared else str(table.loc[group.index[0], "cure"]),
                causes=tuple(dict.fromkeys(_general(cause, name, "") if shared else cause for cause, name in listed)),
                roles="、".join(dict.fromkeys(name for name in group["name"] if name)),
                rules=_by_title(rules, titles),
                sites=str(int(group["n_sites"].max())),
                items=str(int(group["items"].sum())),
            )
        )
    return tuple(groups)


def _by_title(rules: list[str], titles: Mapping[str, str]) -> str:
    """Return rules as a list, after the title of the text that holds them."""
    held: dict[str, list[str]] = {}
    for rule in rules:
        held.setdefault(titles.get(rule, ""), []).append(rule)
    return "；".join((f"《{title}》" if title else "") + "、".join(ids) for title, ids in held.items())


def _general(text: str, name: str, instead: str) -> str:
    """Return a text about one layer as a text about several."""
    return text.replace(name, instead).removesuffix("：") if name else text

"""The access list items by unit, each with what it asks of a project."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ...rules.predicates import All, Industry, Nature, Predicate

EVERY_UNIT = "*"


@dataclass(frozen=True)
class Item:
    """One item: what it asks (None where only a person can tell), its verdict and its words."""

    predicate: Predicate | None
    verdict: str
    words: str


class AccessBook:
    """Access list items, found by unit code.

    Parameters
    ----------
    table : DataFrame
        As `layers.access_list.read_access_list` gives it.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table
        self._by_code: dict[str, list[Item]] = {}
        for row in table.itertuples(index=False):
            item = Item(
                item_predicate(str(row.industry), str(row.nature)),
                str(row.verdict),
                f"{row.dimension}：{row.requirement}",
            )
            self._by_code.setdefault(str(row.unit_code), []).append(item)

    def items(self, unit_code: str) -> list[Item]:
        """Return the items that hold in a unit: its own, its county's (six digits of its code) and everybody's."""
        return [item for key in (unit_code, unit_code[2:8], EVERY_UNIT) for item in self._by_code.get(key, ())]


def item_predicate(industry: str, nature: str) -> Predicate | None:
    """Return what a list item asks of a project, None where only a person can tell."""
    parts: list[Predicate] = []
    if nature:
        parts.append(Nature(_words(nature)))
    if industry:
        parts.append(Industry(_words(industry)))
    return All(tuple(parts)) if parts else None


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("；", ";").replace("、", ";").split(";") if word.strip())

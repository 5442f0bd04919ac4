"""The rules of all packs compiled once: what is asked of them at every screening is worked out here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...rules.model import Pack, Rule
from ...rules.predicates import All, Any_, Not, Predicate
from .scope import in_force


class Law:
    """Rules in the order in which outcomes are held.

    Equal predicates of different rules are one object, so that each is evaluated once.

    Parameters
    ----------
    packs : tuple of Pack

    Attributes
    ----------
    rules : tuple of (Rule, Pack)
    roles : tuple of str
        The roles that rules speak of, in their order.
    of_role : dict of str to list of int
        The positions of the rules of a role.
    ids, layers : ndarray of object, shape (n_rules,)
        The id of each rule, and its role.
    """

    def __init__(self, packs: tuple[Pack, ...]) -> None:
        self.packs = packs
        known: dict[Predicate, Predicate] = {}
        self.rules: tuple[tuple[Rule, Pack], ...] = tuple(
            (replace(rule, project=_shared(rule.project, known)), pack) for pack in packs for rule in pack.rules
        )
        self.ids: NDArray[np.object_] = np.array([rule.id for rule, _ in self.rules], dtype=object)
        self.layers: NDArray[np.object_] = np.array([rule.layer for rule, _ in self.rules], dtype=object)
        self.of_role: dict[str, list[int]] = {}
        for position, (rule, _) in enumerate(self.rules):
            self.of_role.setdefault(rule.layer, []).append(position)
        self.roles = tuple(self.of_role)
        self._tables: dict[str, pd.DataFrame] = {}
        self._in_force: dict[date, NDArray[np.bool_]] = {}
        self._limits = {
            role_id: max(
                (r.place.value or 0.0 for r in (self.rules[i][0] for i in at) if r.place.kind == "within_m"),
                default=0.0,
            )
            for role_id, at in self.of_role.items()
        }

    def once(self, name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Return a table that depends on the law alone, made when it is first asked for."""
        if name not in self._tables:
            self._tables[name] = make()
        return self._tables[name].copy()

    def in_force(self, day: date) -> NDArray[np.bool_]:
        """Return which rules hold on a day."""
        if day not in self._in_force:
            self._in_force[day] = np.array([in_force(rule, pack, day) for rule, pack in self.rules], dtype=bool)
        return self._in_force[day]

    def limit_m(self, role_id: str) -> float:
        """Return the greatest distance within which a rule asks for a role, m."""
        return self._limits.get(role_id, 0.0)


def _shared(predicate: Predicate | None, known: dict[Predicate, Predicate]) -> Predicate | None:
    """Return the one object that stands for all equal predicates, parts included."""
    if predicate is None or predicate in known:
        return None if predicate is None else known[predicate]
    made = predicate
    if isinstance(predicate, All | Any_):
        made = replace(predicate, parts=tuple(part for part in (_shared(p, known) for p in predicate.parts) if part))
    elif isinstance(predicate, Not):
        made = replace(predicate, part=_shared(predicate.part, known) or predicate.part)
    known[predicate] = made
    return made

"""Which role a layer may play, by its name and its columns: a guess for a person to confirm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from .columns import plain
from .role import Role, roles

_NAME, _NAME_INSIDE, _FIELD, _SHORTEST = 4.0, 2.0, 1.0, 3
_COMMON = 4  # a column that so many roles know tells none of them


@dataclass(frozen=True)
class Guess:
    """A role that a layer may play; `score` orders guesses, and says nothing alone."""

    role: str
    score: float


def guess(name: str, columns: Sequence[str], geometry: str) -> tuple[Guess, ...]:
    """Return the roles that fit a layer, the likeliest first; none where nothing speaks for any.

    Parameters
    ----------
    name : str
        Of the layer, as people see it.
    columns : sequence of str
        Its columns.
    geometry : str
        ``point``, ``line`` or ``polygon``.

    Notes
    -----
    A role is named only where the layer's name speaks for it, or where the columns hold its own required
    fields and two of its fields at least; columns such as 编码 and 名称 alone fit nearly every role.
    """
    there = {plain(column) for column in columns}
    found = [Guess(role.id, score) for role in roles().values() if (score := _score(role, name, there, geometry)) > 0]
    return tuple(sorted(found, key=lambda one: (-one.score, one.role)))


def _score(role: Role, name: str, there: set[str], geometry: str) -> float:
    if geometry not in role.geometry:
        return 0.0
    own, title = plain(name), {plain(word) for word in (role.id, *role.layer_names, role.name.zh)}
    if own in title:
        by_name = _NAME
    elif any(len(word) >= _SHORTEST and word in own for word in title):
        by_name = _NAME_INSIDE
    else:
        by_name = 0.0
    special = {name: spec for name, spec in role.fields.items() if _specific(spec.name, spec.aliases, there)}
    needed = [spec for spec in role.fields.values() if spec.required]
    complete = bool(needed) and all(spec.name in special for spec in needed)
    if not by_name and not (complete and len(special) > 1):
        return 0.0
    return by_name + _FIELD * len(special) / max(len(role.fields), 1)


def _specific(name: str, aliases: Sequence[str], there: set[str]) -> bool:
    return bool(there & {plain(word) for word in (name, *aliases)} - _common())


@cache
def _common() -> frozenset[str]:
    """Return the column names that many roles know, such as 编码 and 名称."""
    known = Counter(
        word
        for role in roles().values()
        for word in {plain(word) for spec in role.fields.values() for word in (spec.name, *spec.aliases)}
    )
    return frozenset(word for word, n in known.items() if n >= _COMMON)

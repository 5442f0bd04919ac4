"""The words that a pack may use: roles with their fields, and the flag, quantity and date columns of sites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ...layers.project_words import measures
from ...layers.role import Role, roles
from ...layers.site_columns import site_columns


@dataclass(frozen=True)
class Vocabulary:
    """What the layers room declares, as far as a rule may name it."""

    roles: Mapping[str, Role]
    flags: frozenset[str]
    quantities: frozenset[str]
    dates: frozenset[str]
    columns: frozenset[str]
    measures: tuple[str, ...]


@cache
def vocabulary() -> Vocabulary:
    """Return the declared words, read once."""
    columns = site_columns()
    return Vocabulary(
        roles=roles(),
        flags=frozenset(column.name for column in columns if column.kind == "flag"),
        quantities=frozenset(column.name for column in columns if column.kind == "quantity"),
        dates=frozenset(column.name for column in columns if column.kind == "date"),
        columns=frozenset(column.name for column in columns),
        measures=measures(),
    )

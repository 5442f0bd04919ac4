"""From the statements of the seeds and the rows of the rule table to the rules that carry them: `traces.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .refusal import Where
from .table import Table

FILE = Path(__file__).with_name("traces.toml")


@dataclass(frozen=True)
class Trace:
    """Where a statement went.

    Attributes
    ----------
    id : str
        Of the statement or row.
    quote : str
        Its words; empty for a row.
    rules : tuple of str
        Ids without the year of a version: those that carry it.
    reason : str
        Why none does.
    differs : str
        Where statement and law part.
    """

    id: str
    quote: str
    rules: tuple[str, ...]
    reason: str
    differs: str

    def carried_by(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return those of the rule ids that carry it: every version of each rule named."""
        return tuple(id_ for id_ in ids if any(is_version(id_, name) for name in self.rules))


def is_version(rule_id: str, name: str) -> bool:
    """Whether a rule is the named one, of whatever year, or what remains of it after its term."""
    rest = rule_id.removeprefix(name)
    return rule_id.startswith(name) and (rest == "" or rest[1:].isdigit() or rest == "-AFTER")


@cache
def traces() -> tuple[tuple[Trace, ...], tuple[Trace, ...]]:
    """Return the traces of the statements, and those of the rows that no rule carries."""
    with FILE.open("rb") as file:
        root = Table(tomllib.load(file), Where(FILE))
    statements = _read(Table(root.raw("statements"), Where(FILE, "[statements]")))
    rows = _read(Table(root.raw("rows"), Where(FILE, "[rows]")))
    root.finish()
    return statements, rows


def _read(table: Table) -> tuple[Trace, ...]:
    found = []
    for name in table.names():
        entry = Table(table.raw(name), table.where.on(name))
        found.append(
            Trace(name, entry.text("quote"), entry.texts("rules"), entry.text("reason"), entry.text("differs"))
        )
        entry.finish()
    return tuple(found)

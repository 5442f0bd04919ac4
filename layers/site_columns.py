"""The columns of sites that have a meaning, declared in site_fields.toml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .declarations import check_keys, load_toml, table_of, text_of, texts_of, wrong_value
from .texts import Text

FILE = Path(__file__).parent / "site_fields.toml"
KINDS = ("text", "nature", "industry", "measures", "segments", "quantity", "date", "flag")


@dataclass(frozen=True)
class SiteColumn:
    """One column of sites.

    Attributes
    ----------
    name : str
        Its name in the engine, and in rules for flags and quantities.
    kind : str
        ``text``, ``nature``, ``industry``, ``measures``, ``segments``, ``quantity`` (float), ``date`` or ``flag``.
    aliases : tuple of str
        Headings by which it is recognised, besides its own name and `text`.
    text : Text
        Its name for people.
    """

    name: str
    kind: str
    aliases: tuple[str, ...]
    text: Text


@cache
def site_columns() -> tuple[SiteColumn, ...]:
    """Return every site column that has a meaning, in order."""
    table = load_toml(FILE)
    found = []
    for name in table:
        entry, where = table_of(table, name, str(FILE)), f"{FILE} [{name}]"
        check_keys(entry, ("kind", "aliases", "zh", "en"), where)
        kind = text_of(entry, "kind", where)
        if kind not in KINDS:
            raise wrong_value(where, "kind", kind, Text(" | ".join(KINDS), " | ".join(KINDS)))
        text = Text(text_of(entry, "zh", where), text_of(entry, "en", where))
        found.append(SiteColumn(name, kind, texts_of(entry, "aliases", where), text))
    return tuple(found)

"""The uses of banks, declared in uses.toml: which is stronger, which counts as developed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ....layers.columns import plain
from ....layers.declarations import check_keys, flag_of, load_toml, tables_of, text_of, texts_of
from ....layers.texts import Text

FILE = Path(__file__).with_name("uses.toml")
_KEYS = ("id", "zh", "en", "words", "developed", "wharf_storage", "colour")


@dataclass(frozen=True)
class Use:
    """One use of the bank.

    Attributes
    ----------
    id : str
    text : Text
    words : tuple of str
        Spellings in sources besides `text` and `id`.
    developed, wharf_storage : bool
        Whether it counts as developed bank, and as bank taken by wharves and storage.
    colour : str
        Of the strip chart, ``#rrggbb``.
    """

    id: str
    text: Text
    words: tuple[str, ...]
    developed: bool
    wharf_storage: bool
    colour: str


@cache
def uses() -> tuple[Use, ...]:
    """Return the uses, strongest first; the last is what no use of the input covers."""
    where = str(FILE)
    found = []
    for entry in tables_of(load_toml(FILE), "use", where):
        check_keys(entry, _KEYS, where)
        found.append(
            Use(
                text_of(entry, "id", where),
                Text(text_of(entry, "zh", where), text_of(entry, "en", where)),
                texts_of(entry, "words", where),
                flag_of(entry, "developed", where, False),
                flag_of(entry, "wharf_storage", where, False),
                text_of(entry, "colour", where),
            )
        )
    return tuple(found)


@cache
def _by_word() -> dict[str, int]:
    return {plain(word): rank for rank, use in enumerate(uses()) for word in (use.id, *use.text, *use.words)}


def rank_of(text: str) -> int | None:
    """Return the rank of the use that a word means, 0 for the strongest, or None."""
    return _by_word().get(plain(text))

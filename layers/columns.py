"""Columns of sources recognised by their names."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

from .errors import EcoRedlineError
from .texts import Text


def plain(name: str) -> str:
    """Return a name as it is compared: full-width folded, without white space, in lower case.

    Public exports carry headings that end in a line break.
    """
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def match_columns(
    wanted: Mapping[str, Iterable[str]],
    columns: Sequence[str],
    where: str,
    fail: type[EcoRedlineError],
    remedy: Callable[[str, str], Text],
) -> dict[str, str]:
    """Return the column found for each wanted field; fields without one are left out.

    Parameters
    ----------
    wanted : mapping of str to iterable of str
        Aliases per field; the name of the field is one of them.
    columns : sequence of str
        The columns there are.
    where : str
        File and layer, for the message.
    fail : type of EcoRedlineError
        What is raised when several columns match one field.
    remedy : callable
        Takes the field and one of its columns, returns what to do about the choice.
    """
    by_name: dict[str, list[str]] = {}
    for column in columns:
        by_name.setdefault(plain(column), []).append(column)
    found = {}
    for field, aliases in wanted.items():
        names = dict.fromkeys(plain(alias) for alias in (field, *aliases))
        hits = [column for name in names for column in by_name.get(name, ())]
        if len(hits) > 1:
            listed = ", ".join(hits)
            raise fail(
                Text(
                    f"{where}：字段 {field} 有多个列可对应：{listed}",
                    f"{where}: several columns match {field}: {listed}",
                ),
                Text(
                    "同一字段只能对应一列，程序不替您选择。",
                    "One field takes one column, and the choice is not guessed.",
                ),
                remedy(field, hits[0]),
            )
        if hits:
            found[field] = hits[0]
    return found


def find_column(name: str, columns: Sequence[str]) -> str | None:
    """Return the column of that name: as written, else the only one that reads the same."""
    if name in columns:
        return name
    same = [column for column in columns if plain(column) == plain(name)]
    return same[0] if len(same) == 1 else None

"""The one way in which a pack is refused: file, rule, key, reason, remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ...layers.errors import RulePackError
from ...layers.texts import EMPTY, Text
from .lines import line_of


@dataclass(frozen=True)
class Where:
    """A spot in a pack: the file, the table or rule within it, the key; and which of the tables of a heading it is."""

    path: Path
    item: str = ""
    key: str = ""
    heading: str = ""
    nth: int = 0

    def at(self, item: str) -> Where:
        """Return the spot of that table or rule in the same file."""
        return replace(self, item=item, key="")

    def on(self, key: str) -> Where:
        """Return the spot of that key within this one."""
        return replace(self, key=f"{self.key}.{key}" if self.key else key)

    def under(self, heading: str, nth: int = 0) -> Where:
        """Return the spot of the nth table of that heading."""
        return replace(self, heading=heading, nth=nth)

    @property
    def line(self) -> int | None:
        """The line in the file, from 1, where it can be told."""
        return line_of(self.path, self.heading, self.nth, self.key)


class PackRefusedError(RulePackError):
    """A rule pack is wrong, at this spot."""

    def __init__(self, where: Where, message: Text, cause: Text, remedy: Text) -> None:
        super().__init__(message, cause, remedy)
        self.where = where


def refusal(where: Where, reason: Text, remedy: Text = EMPTY) -> RulePackError:
    """Return the error that refuses a pack at that spot.

    Parameters
    ----------
    where : Where
        File, rule or table, and key.
    reason : Text
        What is wrong there.
    remedy : Text, optional
        What to change.

    Returns
    -------
    RulePackError
        To be raised by the caller, so that the flow is seen where it ends.
    """
    zh = f"规则包 {where.path.name} 未采用"
    en = f"Rule pack {where.path.name} is refused"
    if where.item:
        zh, en = f"{zh}：{where.item}", f"{en}: {where.item}"
    if where.key:
        zh, en = f"{zh}，键 {where.key}", f"{en}, key {where.key}"
    line = where.line
    zh_line, en_line = (f"，第 {line} 行", f", line {line}") if line else ("", "")
    cause = Text(f"{reason.zh}（文件 {where.path}{zh_line}）", f"{reason.en} (file {where.path}{en_line})")
    return PackRefusedError(where, Text(zh, en), cause, remedy)


def unknown_word(where: Where, word: object, known: Iterable[str], what: Text) -> RulePackError:
    """Return the refusal of a word that is not in a closed list, naming close ones."""
    names = sorted(known)
    close = difflib.get_close_matches(str(word), names, n=3) or names
    return refusal(
        where,
        Text(f"未知的{what.zh}“{word}”", f"unknown {what.en} {word!r}"),
        Text(f"可用的有：{'、'.join(close)}", f"Use one of: {', '.join(close)}"),
    )

"""A TOML table read strictly: every key is asked for by name and type, and none is left over."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TypeVar

from ...layers.texts import EMPTY, Text
from .refusal import Where, refusal, unknown_word

Kind = TypeVar("Kind")

TYPE_NAMES: dict[type, Text] = {
    str: Text("文字", "text"),
    bool: Text("true 或 false", "true or false"),
    date: Text("日期（如 2021-03-01，不加引号）", "a date (2021-03-01, without quotes)"),
    list: Text("数组", "an array"),
    dict: Text("表", "a table"),
    float: Text("数", "a number"),
}


class Table:
    """One TOML table with the spot it stands at.

    Parameters
    ----------
    data : object
        What the TOML parser gave for it; anything but a table is refused.
    where : Where
        Its spot, named in every refusal.
    """

    def __init__(self, data: object, where: Where) -> None:
        if not isinstance(data, dict):
            raise refusal(where, _wrong(TYPE_NAMES[dict], data))
        self.where = where
        self._left: dict[str, object] = dict(data)

    def has(self, key: str) -> bool:
        """Whether the key is there and not yet taken."""
        return key in self._left

    def names(self) -> list[str]:
        """Return the keys not yet taken."""
        return list(self._left)

    def raw(self, key: str) -> object:
        """Take the value as it is; None where the key is missing."""
        return self._left.pop(key, None)

    def text(self, key: str, *, required: bool = False) -> str:
        """Take a text without outer blanks; empty where it may be missing."""
        value = (self._take(key, str, required) or "").strip()
        if required and not value:
            raise refusal(self.where.on(key), Text("不能为空", "must not be empty"))
        return value

    def word(self, key: str, known: Iterable[str], what: Text, *, required: bool = True) -> str:
        """Take one word of a closed list; empty where it may be missing."""
        value = self.text(key, required=required)
        known = tuple(known)
        if value and value not in known:
            raise unknown_word(self.where.on(key), value, known, what)
        return value

    def flag(self, key: str) -> bool:
        """Take true or false; false where the key is missing."""
        return bool(self._take(key, bool, required=False))

    def day(self, key: str) -> date | None:
        """Take a date; None where the key is missing. A date with a time is refused."""
        value = self._take(key, date, required=False)
        if isinstance(value, datetime):
            raise refusal(self.where.on(key), _wrong(TYPE_NAMES[date], value))
        return value

    def number(self, key: str) -> float:
        """Take a finite number."""
        return number(self.raw(key), self.where.on(key))

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """Take an array of texts, none empty, none twice."""
        return texts(self._take(key, list, required) or [], self.where.on(key))

    def tables(self, key: str) -> list[object]:
        """Take an array; empty where the key is missing."""
        return self._take(key, list, required=False) or []

    def words(self, key: str) -> Text:
        """Take a user text: plain Chinese, or a table of ``zh`` and ``en``."""
        if not self.has(key):
            return EMPTY
        value = self.raw(key)
        if isinstance(value, str):
            return Text(value, value)
        table = Table(value, self.where.on(key))
        both = Text(table.text("zh", required=True), table.text("en", required=True))
        table.finish()
        return both

    def mapping(self, key: str) -> Mapping[str, object]:
        """Take a table whose keys the caller checks; empty where it is missing."""
        return self._take(key, dict, required=False) or {}

    def mapping_left(self) -> dict[str, object]:
        """Take all that is left as it is."""
        left, self._left = self._left, {}
        return left

    def finish(self) -> None:
        """Refuse the table if a key was never asked for."""
        for key in self._left:
            raise refusal(
                self.where.on(key),
                Text("未知的键", "unknown key"),
                Text("删去该键或改正拼写。", "Remove the key or correct its spelling."),
            )

    def _take(self, key: str, kind: type[Kind], required: bool) -> Kind | None:
        if key not in self._left:
            if required:
                raise refusal(
                    self.where.on(key),
                    Text(f"缺少必填的键“{key}”", f"the required key {key!r} is missing"),
                    Text(f"在该处补上 {key} = …。", f"Add {key} = … there."),
                )
            return None
        value = self._left.pop(key)
        if not isinstance(value, kind):
            raise refusal(self.where.on(key), _wrong(TYPE_NAMES[kind], value))
        return value


def number(value: object, where: Where) -> float:
    """Return a finite number, or refuse what is not one (true and false are not numbers)."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise refusal(where, _wrong(TYPE_NAMES[float], value))
    return float(value)


def texts(values: object, where: Where) -> tuple[str, ...]:
    """Return an array of texts as a tuple, or refuse an empty, repeated or other entry."""
    if not isinstance(values, list):
        raise refusal(where, _wrong(TYPE_NAMES[list], values))
    for value in values:
        if not isinstance(value, str) or not value.strip():
            raise refusal(where, _wrong(Text("非空的文字", "texts that are not empty"), value))
    if len(set(values)) < len(values):
        raise refusal(where, Text("同一值出现两次", "a value stands there twice"))
    return tuple(values)


def _wrong(expected: Text, value: object) -> Text:
    shown = str(value)[:60]
    return Text(f"应为{expected.zh}，现为“{shown}”", f"expected {expected.en}, found {shown!r}")

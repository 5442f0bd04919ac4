"""What a table is: columns with kinds, headings and units, and how arrays become one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...layers.texts import Text

Kind = Literal["text", "int", "float", "bool", "date"]
DTYPES: dict[Kind, str] = {"text": "object", "int": "int64", "float": "float64", "bool": "bool", "date": "object"}


@dataclass(frozen=True)
class Column:
    """One column: its name, kind, heading in both languages and unit."""

    name: str
    kind: Kind
    heading: Text
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """One table: its name in the dossier, its title and its columns in order."""

    name: str
    title: Text
    columns: tuple[Column, ...]
    geometry: bool = False

    @property
    def names(self) -> list[str]:
        """Column names in order, without the geometry."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)

    def empty(self) -> pd.DataFrame:
        """Return the table without rows, its columns typed."""
        return self._blank.copy()

    @cached_property
    def _blank(self) -> pd.DataFrame:
        return pd.DataFrame({c.name: np.empty(0, dtype=DTYPES[c.kind]) for c in self.columns})

    def frame(self, data: Mapping[str, Iterable[object]] | pd.DataFrame) -> pd.DataFrame:
        """Return the data as this table: all columns, in order, typed.

        A column that is missing is filled with nothing (empty text, NaN, 0, False).
        """
        arrays = not isinstance(data, pd.DataFrame) and all(isinstance(values, np.ndarray) for values in data.values())
        given = data if arrays else pd.DataFrame(data)
        n = len(next(iter(data.values()), ())) if arrays else len(given)  # type: ignore[operator, arg-type]
        return pd.DataFrame({c.name: _typed(c, given.get(c.name), n) for c in self.columns})

    def joined(self, parts: Sequence[Mapping[str, NDArray[Any]]]) -> pd.DataFrame:
        """Return the rows of all parts, given as arrays of the same columns, as this table."""
        filled = [part for part in parts if len(next(iter(part.values())))]
        if not filled:
            return self.empty()
        if len(filled) == 1:
            return self.frame(filled[0])
        return self.frame({name: np.concatenate([part[name] for part in filled]) for name in filled[0]})


def _typed(column: Column, values: Any, n: int) -> NDArray[np.generic]:
    """Return the values of a column as an array of its type, filled with nothing where there are none."""
    kind = np.dtype(DTYPES[column.kind])
    if values is None:
        return np.full(n, {"text": "", "int": 0, "float": np.nan, "bool": False, "date": None}[column.kind], kind)
    typed = np.asarray(values).astype(kind, copy=False)
    if column.kind == "text" and (missing := pd.isna(typed)).any():
        typed = np.where(missing, "", typed)
    return typed


def text(name: str, zh: str, en: str) -> Column:
    """Return a column of text with its heading in both languages."""
    return Column(name, "text", Text(zh, en))


def number(name: str, zh: str, en: str, unit: str = "") -> Column:
    """Return a column of numbers with its heading in both languages and its unit."""
    return Column(name, "float", Text(zh, en), unit)

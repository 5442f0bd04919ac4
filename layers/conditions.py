"""The ``where`` of a layer set: column = literal terms joined by AND, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .columns import find_column
from .errors import LayerSetError, SourceError
from .texts import Text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

_TERM = re.compile(
    r"""\s*(?:"(?P<quoted>[^"\\]+)"|(?P<bare>[^\W\d]\w*))      # column
        \s*=\s*
        (?:'(?P<text>(?:[^'\\]|'')*)'|(?P<number>[+-]?\d+(?:\.\d+)?))  # literal
        \s*(?P<more>\bAND\b|$)""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Term:
    """One comparison: a column and the literal that it must equal."""

    column: str
    literal: str | float


def parse_where(where: str, place: str = "where") -> tuple[Term, ...]:
    """Return the terms of a filter such as ``river = '长江' AND class = 1``.

    Parameters
    ----------
    where : str
        The filter; empty for none.
    place : str
        File and layer, for the message.

    Raises
    ------
    LayerSetError
        The text is anything but column = literal terms joined by AND.
    """
    terms: list[Term] = []
    at, more = 0, bool(where.strip())
    while more:
        found = _TERM.match(where, at)
        if found is None:
            raise LayerSetError(
                Text(f"{place}：筛选条件 {where!r} 不能使用", f"{place}: the filter {where!r} cannot be used"),
                Text(
                    f"自 {where[at:].strip()[:40]!r} 起不是“列 = 常量”",
                    f"from {where[at:].strip()[:40]!r} on it is not column = literal",
                ),
                Text(
                    "只接受以 AND 连接的“列 = 常量”，如 HLMC = '长江' AND JB = 1；其他筛选请先在数据中完成。",
                    "Only column = literal terms joined by AND, such as HLMC = '长江' AND JB = 1; "
                    "filter otherwise in the data.",
                ),
            )
        literal = float(found["number"]) if found["number"] else found["text"].replace("''", "'")
        terms.append(Term(found["quoted"] or found["bare"], literal))
        at, more = found.end(), bool(found["more"])
    return tuple(terms)


def resolve(terms: Sequence[Term], columns: Sequence[str], place: str) -> tuple[Term, ...]:
    """Return the terms with the columns as the source spells them.

    Raises
    ------
    SourceError
        A column is not there.
    """
    found = []
    for term in terms:
        column = find_column(term.column, columns)
        if column is None or '"' in column or "\\" in column:
            listed = ", ".join(columns)
            raise SourceError(
                Text(
                    f"{place}：筛选条件中的列 {term.column!r} 不存在",
                    f"{place}: no column {term.column!r} to filter by",
                ),
                Text(f"现有的列：{listed}", f"Columns there are: {listed}"),
                Text("请改正图层配置中的 where。", "Correct where in the layer set."),
            )
        found.append(Term(column, term.literal))
    return tuple(found)


def attribute_filter(terms: Sequence[Term]) -> str:
    """Return resolved terms as an OGR attribute filter, quoted."""
    return " AND ".join(
        f'"{term.column}" = '
        + (f"{term.literal:.15g}" if isinstance(term.literal, float) else "'" + term.literal.replace("'", "''") + "'")
        for term in terms
    )


def mask(terms: Sequence[Term], frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows of a frame in memory meet all resolved terms."""
    import numpy as np  # only where a frame is there already: a layer set is read when QGIS starts
    import pandas as pd

    keep = np.ones(len(frame), dtype=bool)
    for term in terms:
        column = frame[term.column]
        if isinstance(term.literal, float):
            keep &= (pd.to_numeric(column, errors="coerce") == term.literal).to_numpy(dtype=bool)
        else:
            keep &= (column.astype("string") == term.literal).fillna(False).to_numpy(dtype=bool)
    return keep

"""What was written for a site and could not be read, kept beside it: an empty value would not tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .noticed import Noticed
from .site_columns import SiteColumn, site_columns
from .texts import Text
from .values import as_text

UNREAD = "unread"
UNREAD_TEXT = Text("无法识别的填写", "written and not understood")
_BETWEEN, _IS = "；", "="


def unread_words(noticed: Sequence[Noticed], n: int) -> NDArray[np.object_]:
    """Return per site what could not be read, like ``建设性质=新见；行业代码=化工``; None where all was.

    Parameters
    ----------
    noticed : sequence of Noticed
        Those of a column, rows counted from 1.
    n : int
        Number of sites.
    """
    titles = {column.name: column.text.zh for column in site_columns()}
    place = {name: at for at, name in enumerate(titles)}
    told: dict[int, list[str]] = {}
    for each in sorted((each for each in noticed if each.column in place), key=lambda each: place[each.column]):
        said = f"{titles[each.column]}{_IS}{each.value.replace(_BETWEEN, ';')}"
        told.setdefault(each.row, []).append(said)
    return np.array([_BETWEEN.join(told[row]) if row in told else None for row in range(1, n + 1)], dtype=object)


def unread_before(
    frame: pd.DataFrame,
    ids: NDArray[np.object_],
    data: Mapping[str, object],
    texts: Mapping[str, Text],
    noticed: Sequence[Noticed],
) -> list[Noticed]:
    """Return what an earlier reading of the same sites left unread and nobody has filled in since.

    Parameters
    ----------
    frame : DataFrame
        As it came; without a column `UNREAD` there is nothing.
    ids : ndarray of object
    data : mapping
        The site columns as they are read now.
    texts : mapping
        What is said of a value that cannot be read, by the kind of its column.
    noticed : sequence of Noticed
        What is unread now, which is not told twice.
    """
    if UNREAD not in frame:
        return []
    by_title = {column.text.zh: column for column in site_columns()}
    now = {(each.row, each.column) for each in noticed}
    out = []
    for i, words in enumerate(as_text(frame[UNREAD].to_numpy())):
        for column, value in _entries(words or "", by_title):
            if (i + 1, column.name) not in now and _is_empty(data[column.name], i):
                kind = column.kind
                said = texts[kind]
                out.append(Noticed(i + 1, str(ids[i]), column.name, value, f"unknown_{kind}", said.zh, said.en))
    return out


def _entries(words: str, by_title: Mapping[str, SiteColumn]) -> list[tuple[SiteColumn, str]]:
    pairs = (entry.partition(_IS) for entry in words.split(_BETWEEN))
    return [(by_title[title], value) for title, _, value in pairs if title in by_title and value]


def _is_empty(values: object, i: int) -> bool:
    assert isinstance(values, np.ndarray)
    return bool(pd.isna(values[i]))

"""What a check of a seal finds: one row per thing that is not as it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

import pandas as pd

from ....layers.texts import Text
from .tables import DIFFERENCES


class Subject(Enum):
    """What can differ."""

    SEAL = Text("数据校验码", "seal")
    SITE = Text("地块", "site")
    LAYER = Text("图层", "layer")
    LAW = Text("规则", "law")
    PROFILE = Text("核查清单", "check profile")
    ACCESS_LIST = Text("准入清单", "access list")
    ANSWER = Text("答复", "answer")
    SETTING = Text("设置", "setting")
    RESULT = Text("成果", "result")
    SOFTWARE = Text("软件", "software")


@dataclass(frozen=True)
class Difference:
    """One difference.

    Attributes
    ----------
    part : Subject
    item : str
        Which site, layer, rule, answer or row.
    field : Text or str
        What of it.
    sealed, now : object
        The values when sealed and now.
    counts : bool
        False for what is told beside: versions of software, and law that has moved on since.
    """

    part: Subject
    item: str
    field: Text | str
    sealed: object
    now: object
    counts: bool = True


def differences_table(found: Iterable[Difference]) -> pd.DataFrame:
    """Return the differences as a table of `tables.DIFFERENCES`, in the language in use."""
    rows = [
        {
            "part": str(each.part.value),
            "item": each.item,
            "field": str(each.field),
            "sealed": str(each.sealed),
            "now": str(each.now),
            "counts": each.counts,
        }
        for each in found
    ]
    return DIFFERENCES.frame(pd.DataFrame(rows)) if rows else DIFFERENCES.empty()

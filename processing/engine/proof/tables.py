"""The table of what a re-run found otherwise."""

from __future__ import annotations

from ....layers.texts import Text
from ..table import Column, Table, text

DIFFERENCES = Table(
    "differences",
    Text("校验差异", "Differences"),
    (
        text("part", "类别", "part"),
        text("item", "对象", "item"),
        text("field", "内容", "field"),
        text("sealed", "封存时", "when sealed"),
        text("now", "现在", "now"),
        Column("counts", "bool", Text("影响校验", "counts against the seal")),
    ),
)

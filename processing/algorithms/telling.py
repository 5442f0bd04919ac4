"""What was noticed about the sites of a run, said in the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.core import QgsProcessingFeedback

from ...layers.noticed import Noticed
from ...layers.site_columns import site_columns
from ...layers.texts import Text

LONGEST = 80  # characters of a value; the sites table of the dossier holds it whole


def tell_noticed(settings: Mapping[str, Any], feedback: QgsProcessingFeedback) -> None:
    """Warn of values that could not be read and of shapes that were repaired: the first by name, all by number.

    Parameters
    ----------
    settings : mapping
        Of the screening.
    """
    n, first = int(settings["n_noticed"]), [Noticed(*each) for each in settings["noticed"]]
    if not n:
        return
    titles = {column.name: column.text for column in site_columns()} | {"geometry": Text("图形", "geometry")}
    for each in first:
        title = titles.get(each.column, Text(each.column, each.column))
        value = each.value if len(each.value) <= LONGEST else f"{each.value[:LONGEST]}…"
        zh, en = f"{each.site_id}：{title.zh}“{value}”：{each.zh}", f"{each.site_id}: {title.en} {value!r}: {each.en}"
        feedback.pushWarning(str(Text(zh, en)))
    named, more = len(first), n - len(first)
    rest = Text(f"（此处列出 {named} 处，其余 {more} 处未列）", f" ({more} not listed here)") if more else Text("", "")
    feedback.pushWarning(
        str(
            Text(
                f"地块中共有 {n} 处未能照填写读取或经修复{rest.zh}；未能识别的填写保存在卷宗地块表的 unread 列",
                f"{n} values or shapes of sites were not taken as they stand{rest.en}; words that were not understood "
                f"are kept in column unread of the dossier's sites",
            )
        )
    )

"""Whether data of a role has given way to other data on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from .sources import LayerSource
from .texts import EMPTY, Text


def superseded(source: LayerSource, of_role: Iterable[LayerSource], day: date) -> Text:
    """Return in words why a source is superseded on a day, or nothing.

    Parameters
    ----------
    of_role : iterable of LayerSource
        All sources of its role that are loaded, itself among them.
    day : date
        The day whose data apply; a vintage after it supersedes nothing yet.
    """
    if source.valid_to is not None and source.valid_to < day:
        last = source.valid_to
        return Text(f"数据有效期至 {last}，早于基准日", f"valid until {last}, before the reference day")
    newer = [other.vintage for other in of_role if other.vintage is not None and other.vintage <= day]
    if source.vintage is not None and newer and max(newer) > source.vintage:
        return Text(
            f"数据时点 {source.vintage}，另已加载 {max(newer)} 的数据",
            f"of {source.vintage}; data of {max(newer)} are loaded",
        )
    return EMPTY

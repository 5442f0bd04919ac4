"""What a user chooses of a paper: the name of the report it serves, and how far environmental targets are listed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...layers.errors import DossierError
from ...layers.texts import Text

REPORT_NAMES = ("环境影响报告表", "生态环境影响报告表")
CODE_FROM = "2026-08-15"  # 生态环境法典 in force: its 95 and 96 name the 生态环境影响报告表
DEFAULT_RADII_M = (500.0, 1000.0, 2500.0)


@dataclass(frozen=True)
class Options:
    """Choices for the papers of a run.

    Attributes
    ----------
    report_name : str
        One of `REPORT_NAMES`; empty takes the one of the law in force on the day of the run.
    radii_m : tuple of float
        Rings about the site, m, ascending, within which environmental targets are listed.
    """

    report_name: str = ""
    radii_m: tuple[float, ...] = DEFAULT_RADII_M

    def report_on(self, as_of: str) -> str:
        """Return the name of the report for a run of that day, ``YYYY-MM-DD``."""
        return self.report_name or REPORT_NAMES[as_of >= CODE_FROM]


def radii_of(text: str) -> tuple[float, ...]:
    """Return radii written as ``500;1000``, ascending.

    Raises
    ------
    DossierError
        If a part is no number above 0.
    """
    found = []
    for part in text.replace("；", ";").replace("，", ";").replace(",", ";").split(";"):
        if not part.strip():
            continue
        try:
            radius = float(part)
        except ValueError:
            radius = math.nan
        if not (math.isfinite(radius) and radius > 0):
            raise DossierError(
                Text(
                    f"环境保护目标半径 {part.strip()!r} 不是大于 0 的米数",
                    f"The radius {part.strip()!r} is no number of metres",
                ),
                remedy=Text("请写作 500;1000;2500。", "Write it as 500;1000;2500."),
            )
        found.append(radius)
    return tuple(sorted(set(found))) or DEFAULT_RADII_M

"""How a site stands to the red line, in the four states that land approval tells apart."""

from __future__ import annotations

from .figures import area, metres
from .model import RedLinePaper

STATES = ("不位于红线内", "穿越跨越但不申请用地", "有限人为活动（申报）", "国家重大项目（申报）")
_PLAIN = {"有限人为活动（申报）": "有限人为活动", "国家重大项目（申报）": "国家重大项目"}
INSIDE = "位于红线内"
NOTES = {
    INSIDE: "位于生态保护红线内，未申报属于上列后三种情形；属于的须提供省级人民政府或者有关主管部门的文件。",
    "有限人为活动（申报）": "情形为申报值，须提供省级人民政府的有关文件。",
    "国家重大项目（申报）": "情形为申报值，须提供列入国家重大项目和不可避让论证的文件。",
    "穿越跨越但不申请用地": "须说明红线内不设永久用地，并附施工方式。",
    "与红线边界相接或重合": "与红线边界相接，或者重合面积不足 1 m²，是否占用以勘界成果核实为准。",
    "临近红线，在数据精度范围内": "与红线的距离在数据精度范围内，以勘界成果核实为准。",
    "未核查": "生态保护红线图层未取得，四种情形均不能勾选。",
}


def red_line_paper(state: str, overlap_m2: float, length_m: float, controlled: bool) -> RedLinePaper:
    """Return the block of a site.

    Parameters
    ----------
    state : str
        `redline_state` of `tables.VERDICTS`.
    overlap_m2, length_m : float
        How much of the site lies inside; 0 or NaN where nothing does.
    controlled : bool
        Whether the length may not be told.
    """
    size = area(overlap_m2) if overlap_m2 > 0 else ""
    if not size and length_m > 0 and not controlled:
        size = metres(length_m)
    states = tuple((state == name, _PLAIN.get(name, name)) for name in STATES)
    return RedLinePaper(
        state or "未核查", states, size or ("—" if state != "未核查" else "未核查"), NOTES.get(state, "")
    )

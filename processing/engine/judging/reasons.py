"""Why a rule came to its outcome for a site: one character each, so that all outcomes of a run stay small."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ....layers.texts import Text
from ..words import Outcome


@dataclass(frozen=True, eq=False)
class Reason:
    """One way in which a rule comes to an outcome."""

    code: str
    outcome: Outcome
    text: Text


FIRED = Reason("F", Outcome.FIRED, Text("触发", "fired"))
TOUCHED = Reason("T", Outcome.FIRED, Text("边界相接", "the borders touch"))
NOT_YET = Reason("-", Outcome.NOT_IN_FORCE, Text("基准日不在施行期内", "not in force on the day"))
OUT_OF_SCOPE = Reason("s", Outcome.NOT_IN_FORCE, Text("不在适用范围（县区或流域）", "outside its county or basin"))
NOT_CONCERNED = Reason("c", Outcome.PROJECT_NOT_CONCERNED, Text("项目类型不涉及", "the project is not concerned"))
NOT_TOUCHED = Reason("n", Outcome.PLACE_NOT_TOUCHED, Text("位置不涉及", "the place is not touched"))
ABSENT = Reason("a", Outcome.PLACE_NOT_TOUCHED, Text("本辖区无此类要素", "confirmed absent"))
ON_HOLD = Reason("h", Outcome.UNDETERMINED, Text("待核文本", "the text has yet to be read"))
ROLE_OPEN = Reason("r", Outcome.UNDETERMINED, Text("所需图层未取得", "the layer is not held"))
SCOPE_OPEN = Reason("x", Outcome.UNDETERMINED, Text("适用范围无法确定", "the scope cannot be told"))
CORE_OPEN = Reason("i", Outcome.UNDETERMINED, Text("建设性质或行业代码未填", "nature or industry is missing"))
PROJECT_OPEN = Reason("p", Outcome.UNDETERMINED, Text("项目属性未填", "an attribute of the project is missing"))
FIELD_OPEN = Reason("f", Outcome.UNDETERMINED, Text("要素的类别字段为空", "the feature's class is not filled"))
IN_BAND = Reason("b", Outcome.UNDETERMINED, Text("临界", "within the band of accuracy"))
POINT_ONLY = Reason("t", Outcome.UNDETERMINED, Text("仅按点位初筛", "judged by a bare point"))
BY_PERSON = Reason("m", Outcome.UNDETERMINED, Text("清单条目须由人对照", "list items that a person must compare"))
LIST_OPEN = Reason("l", Outcome.UNDETERMINED, Text("单元准入清单未取得", "the unit's access list is not held"))
COVER_OPEN = Reason("g", Outcome.UNDETERMINED, Text("地块有部分未被管控单元覆盖", "part of the site lies in no unit"))

REASONS = (
    FIRED, TOUCHED, NOT_YET, OUT_OF_SCOPE, NOT_CONCERNED, NOT_TOUCHED, ABSENT, ON_HOLD, ROLE_OPEN, SCOPE_OPEN,
    CORE_OPEN, PROJECT_OPEN, FIELD_OPEN, IN_BAND, POINT_ONLY, BY_PERSON, LIST_OPEN, COVER_OPEN,
)  # fmt: skip
BY_CODE = {reason.code: reason for reason in REASONS}
# Not judged by the tool, though a verdict (needs_review) says so: the site is at most partly checked.
LEFT_TO_A_PERSON = (POINT_ONLY, BY_PERSON)
# Open for a cause of the run, the same for every site: told once, in the gaps.
OF_THE_RUN = (ON_HOLD, ROLE_OPEN, LIST_OPEN)


BYTES = {reason: np.uint8(ord(reason.code)) for reason in REASONS}


def byte(reason: Reason) -> np.uint8:
    """Return the code of a reason as it stands in arrays."""
    return BYTES[reason]


def is_one_of(codes: NDArray[np.uint8], reasons: tuple[Reason, ...]) -> NDArray[np.bool_]:
    """Tell where an array of codes has one of these reasons."""
    return np.asarray(_members(reasons)[codes])


@cache
def _members(reasons: tuple[Reason, ...]) -> NDArray[np.bool_]:
    """Return which of all bytes are codes of these reasons."""
    members = np.zeros(256, dtype=bool)
    members[[BYTES[reason] for reason in reasons]] = True
    return members

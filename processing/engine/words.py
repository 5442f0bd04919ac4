"""The words of every output, with their order: verdicts, completeness, certainty, outcomes, relations."""

from __future__ import annotations

from enum import StrEnum

from ...layers.texts import Text


class Verdict(StrEnum):
    """What a finding or a site comes to, worst first."""

    PROHIBITED = "prohibited"
    UNDETERMINED = "undetermined"
    NEEDS_REVIEW = "needs_review"
    RESTRICTED = "restricted"
    NOTICE = "notice"
    CLEAR = "clear"

    @property
    def rank(self) -> int:
        """0 for the worst, 5 for `CLEAR`."""
        return VERDICT_ORDER.index(self)

    @property
    def text(self) -> Text:
        """The word printed."""
        return VERDICT_TEXTS[self]


VERDICT_ORDER: tuple[Verdict, ...] = tuple(Verdict)
VERDICT_TEXTS = {
    Verdict.PROHIBITED: Text("触及禁止", "prohibited"),
    Verdict.UNDETERMINED: Text("未判定", "undetermined"),
    Verdict.NEEDS_REVIEW: Text("需论证", "needs review"),
    Verdict.RESTRICTED: Text("触及限制", "restricted"),
    Verdict.NOTICE: Text("提示", "notice"),
    Verdict.CLEAR: Text("未触及", "clear"),
}


class Completeness(StrEnum):
    """How much of what must be checked was checked."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    INSUFFICIENT = "insufficient"


COMPLETENESS_TEXTS = {
    Completeness.COMPLETE: Text("完整", "complete"),
    Completeness.PARTIAL: Text("部分", "partial"),
    Completeness.INSUFFICIENT: Text("不足", "insufficient"),
}


class Certainty(StrEnum):
    """How near to flipping a result is, given the accuracy of the data."""

    FIRM = "firm"
    BORDERLINE = "borderline"
    INDICATIVE = "indicative"


CERTAINTY_TEXTS = {
    Certainty.FIRM: Text("明确", "firm"),
    Certainty.BORDERLINE: Text("临界", "borderline"),
    Certainty.INDICATIVE: Text("示意", "indicative"),
}


class Outcome(StrEnum):
    """The five answers of one rule for one site."""

    FIRED = "fired"
    PLACE_NOT_TOUCHED = "place_not_touched"
    PROJECT_NOT_CONCERNED = "project_not_concerned"
    NOT_IN_FORCE = "not_in_force"
    UNDETERMINED = "undetermined"


OUTCOME_TEXTS = {
    Outcome.FIRED: Text("触发", "fired"),
    Outcome.PLACE_NOT_TOUCHED: Text("位置不涉及", "place not touched"),
    Outcome.PROJECT_NOT_CONCERNED: Text("项目类型不涉及", "project not concerned"),
    Outcome.NOT_IN_FORCE: Text("基准日未施行或不在适用范围", "not in force or out of scope"),
    Outcome.UNDETERMINED: Text("未判定", "undetermined"),
}


class Relation(StrEnum):
    """How a site lies to a feature."""

    INSIDE = "inside"
    CONTAINS = "contains"
    OVERLAPS = "overlaps"
    CROSSES = "crosses"
    TOUCHES = "touches"
    NEAR = "near"


RELATION_TEXTS = {
    Relation.INSIDE: Text("位于其内", "inside"),
    Relation.CONTAINS: Text("包含", "contains"),
    Relation.OVERLAPS: Text("部分重叠", "overlaps"),
    Relation.CROSSES: Text("穿越", "crosses"),
    Relation.TOUCHES: Text("边界相接", "touches"),
    Relation.NEAR: Text("邻近", "near"),
}


class RoleState(StrEnum):
    """Whether a role could be checked."""

    LOADED = "loaded"
    ABSENT_CONFIRMED = "absent_confirmed"
    NOT_HELD = "not_held"
    UNUSABLE = "unusable"


ROLE_STATE_TEXTS = {
    RoleState.LOADED: Text("已加载", "loaded"),
    RoleState.ABSENT_CONFIRMED: Text("本辖区无此类要素", "confirmed absent"),
    RoleState.NOT_HELD: Text("未取得", "not held"),
    RoleState.UNUSABLE: Text("不可用", "unusable"),
}

CONDITION_OPEN = "exception_open"
CONDITION_OPEN_TEXT = Text("例外待核", "exception open")

DISCLAIMER = (
    "本表由辅助工具根据所列数据生成，供环评编制和审批人员初步筛查参考，"
    "不作为行政许可、用地审批或行政处罚的依据；以主管部门公布的法定边界和书面意见为准。"
)
PAPER_TITLE = "建设项目生态环境准入初步筛查意见表"
SEAL_LABEL = "数据校验码（非印章）"
NEVER_SAID = (
    "准予", "同意", "批准", "不予批准", "通过", "不通过", "合格", "合法", "违法",
    "认定", "鉴定", "证明", "批复", "审查意见", "选址意见", "无影响", "完全符合",
)  # fmt: skip


def verdict_words(verdict: str, completeness: str, unchecked: int, condition: str = "") -> str:
    """Return the Chinese words printed for a site's verdict.

    Parameters
    ----------
    verdict, completeness : str
        Values of `Verdict` and `Completeness`.
    unchecked : int
        How many rules stayed open; named beside a clear that is not complete.
    condition : str
        ``exception_open`` or empty.
    """
    words = VERDICT_TEXTS[Verdict(verdict)].zh
    if verdict == Verdict.CLEAR and completeness != Completeness.COMPLETE:
        return f"已核查部分未触及（另有 {unchecked} 项未核查）"
    if condition == CONDITION_OPEN:
        return f"{words}，{CONDITION_OPEN_TEXT.zh}"
    return words

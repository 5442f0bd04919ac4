"""`checkrules`: rule packs read, held against their golden cases, and what a folder changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
)

from ...layers.progress import Progress
from ...layers.texts import Text
from .base import SCREENING, Algorithm

if TYPE_CHECKING:
    import pandas as pd

FOLDER = QgsProcessingParameterFile.Behavior.Folder
SHOWN = 50


class CheckRules(Algorithm):
    """Lists what is wrong with the packs of a folder, with file and line."""

    ID = "checkrules"
    TITLE = Text("检查规则包", "Check rule packs")
    GROUP = SCREENING
    HELP = Text(
        "读取文件夹中的规则包（留空检查随附的规则包），逐一核对写法、角色、列名和日期，并运行其中的例子。"
        "每个问题给出文件、行号和理由。文件夹中有 packs.toml 时，另列出取代、增加和停用了哪些规则。\n"
        "类别：refused 规则包未采用；case 例子与引擎所得不同；remark 说明。",
        "Reads the packs of a folder (left empty: those shipped), checks their spelling, roles, columns and dates, "
        "and runs their golden cases. Each issue names file, line and reason. Where the folder holds packs.toml, "
        "what it replaces, adds and switches off is listed as well.\n"
        "Kinds: refused, the pack is not taken; case, an example comes out otherwise; remark.",
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        folder, issues = str(Text("规则包文件夹", "Folder of rule packs")), str(Text("问题", "Issues"))
        table = QgsProcessing.SourceType.TypeVector
        self.addParameter(QgsProcessingParameterFile("RULE_PACKS", folder, FOLDER, optional=True))
        self.addParameter(QgsProcessingParameterFeatureSink("ISSUES", issues, table))

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        progress: Progress,
    ) -> dict[str, Any]:
        """Check the packs and write the issues."""
        from ..engine.judging.packcheck import check_packs
        from . import frames

        issues = check_packs(self.path(parameters, "RULE_PACKS", context), progress.part(0.0, 0.9))
        for row in issues.head(SHOWN).itertuples():
            place = f"{row.file}:{row.line}" if row.line else row.file
            feedback.pushInfo(f"{row.kind}  {place}  {row.rule}  {Text(row.zh, row.en)}")
        self._sum_up(issues, feedback)
        return {"ISSUES": frames.write(self, parameters, "ISSUES", context, issues, progress.part(0.9, 1.0))}

    def _sum_up(self, issues: pd.DataFrame, feedback: QgsProcessingFeedback) -> None:
        """Say last how many packs are refused, so that a long list does not hide it."""
        refused, cases = (int((issues["kind"] == kind).sum()) for kind in ("refused", "case"))
        said = Text(
            f"未采用的规则包 {refused} 个，与引擎所得不同的例子 {cases} 个",
            f"Packs refused: {refused}; examples that come out otherwise: {cases}",
        )
        (feedback.pushWarning if refused or cases else feedback.pushInfo)(str(said))

"""`exportreport`: a dossier as Word papers, one Excel book and one HTML page."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
)

from ...layers.errors import EcoRedlineError
from ...layers.progress import Progress
from ...layers.texts import Text
from .base import PAPERS, Algorithm

FILE = QgsProcessingParameterFile.Behavior.File
FOLDER = QgsProcessingParameterFile.Behavior.Folder
FORMATS = ("docx", "xlsx", "html")

OWN_TEMPLATE = EcoRedlineError(
    Text("本版本不接受自备的 Word 模板", "This version takes no Word template of your own"),
    remedy=Text("请将“Word 模板”留空后重新运行。", "Leave “Word template” empty and run again."),
)


class ExportReport(Algorithm):
    """Writes the papers of a screening."""

    ID = "exportreport"
    TITLE = Text("导出筛查文书", "Export papers")
    GROUP = PAPERS
    HELP = Text(
        "由筛查卷宗生成文书：每个地块一份 Word 初步筛查意见表，全部地块一本 Excel 和一页离线 HTML，"
        "均印有同一数据校验码。附图文件夹：由“导出附图”以 PNG 格式导出的文件夹，放入 Word 的附图部分。",
        "Writes the papers of a dossier: one Word paper per site, one Excel book and one offline HTML page for all, "
        "each with the same seal number. Maps: a folder written by “Export maps” as PNG, placed into the Word papers.",
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        docx = str(Text("Word 模板 (*.docx)", "Word templates (*.docx)"))
        self.addParameter(QgsProcessingParameterFile("DOSSIER", str(Text("筛查卷宗", "Dossier")), FOLDER))
        self.addParameter(
            QgsProcessingParameterEnum(
                "FORMATS", str(Text("格式", "Formats")), FORMATS, True, list(FORMATS), usesStaticStrings=True
            )
        )
        template = str(Text("Word 模板", "Word template"))
        self.addParameter(QgsProcessingParameterFile("TEMPLATE", template, FILE, optional=True, fileFilter=docx))
        self.addParameter(
            QgsProcessingParameterFile("MAPS", str(Text("附图文件夹", "Folder of maps")), FOLDER, optional=True)
        )
        secrecy = str(Text("按涉密要求隐去坐标", "Leave out coordinates for secrecy"))
        self.addParameter(QgsProcessingParameterBoolean("SECRECY", secrecy, defaultValue=False))
        self.addParameter(QgsProcessingParameterFolderDestination("FOLDER", str(Text("输出文件夹", "Folder"))))

    def run(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        progress: Progress,
    ) -> dict[str, Any]:
        """Write the papers."""
        from ..engine import open_dossier
        from ..report import export

        if self.path(parameters, "TEMPLATE", context) is not None:
            raise OWN_TEMPLATE
        folder = self.path(parameters, "FOLDER", context)
        written = export(
            open_dossier(self.path(parameters, "DOSSIER", context)),
            folder,
            formats=tuple(self.parameterAsEnumStrings(parameters, "FORMATS", context)),
            maps=self.path(parameters, "MAPS", context),
            secrecy=self.parameterAsBoolean(parameters, "SECRECY", context),
            progress=progress,
        )
        feedback.pushInfo(str(Text(f"已写入 {len(written)} 个文件", f"{len(written)} files written")))
        return {"FOLDER": str(folder)}

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
    QgsProcessingParameterString,
)

from ...layers.progress import Progress
from ...layers.texts import Text
from .base import PAPERS, Algorithm

FILE = QgsProcessingParameterFile.Behavior.File
FOLDER = QgsProcessingParameterFile.Behavior.Folder
FORMATS = ("docx", "xlsx", "html")

AUTO = "auto"
REPORT_NAMES = (AUTO, "环境影响报告表", "生态环境影响报告表")  # of report/options.py, not loaded at the start of QGIS
RADII = "500;1000;2500"


class ExportReport(Algorithm):
    """Writes the papers of a screening."""

    ID = "exportreport"
    TITLE = Text("导出筛查文书", "Export papers")
    GROUP = PAPERS
    HELP = Text(
        "由筛查卷宗生成文书：每个地块一份 Word 初步筛查意见表和一份分区管控符合性分析（初稿），全部地块一本 Excel "
        "和一页离线 HTML，均印有同一数据校验码。附图文件夹：由“导出附图”以 PNG 格式从同一卷宗导出的文件夹，放入 Word "
        "的附图部分；出自另一卷宗的不予采用。Word 模板：复制随插件提供的模板（processing/report/word_templates，"
        "说明见其中 README.md）修改后选用，此时只按该模板输出。环境保护目标半径：以分号分隔的米数。",
        "Writes the papers of a dossier: two Word papers per site (first screening, conformity draft), one Excel book "
        "and one offline HTML page for all, each with the same seal number. Maps: a folder written by “Export maps” as "
        "PNG from the same dossier, placed into the Word papers; those of another dossier are refused. Word template: "
        "a changed copy of a template that comes with the plugin (processing/report/word_templates, told in its "
        "README.md); then only that one is filled. Radii: metres joined by semicolons, within which environmental "
        "targets are listed.",
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
        name = str(Text("所服务报告表的名称（auto：按基准日）", "Name of the report (auto: by the day of the run)"))
        self.addParameter(
            QgsProcessingParameterEnum("REPORT_NAME", name, REPORT_NAMES, False, AUTO, True, usesStaticStrings=True)
        )
        radii = str(Text("环境保护目标半径（m）", "Radii for environmental targets (m)"))
        self.addParameter(QgsProcessingParameterString("RADII", radii, RADII, optional=True))
        one_file = str(Text("全部地块写入一个 Word 文件", "All sites in one Word file"))
        self.addParameter(QgsProcessingParameterBoolean("ONE_FILE", one_file, defaultValue=False))
        secrecy = str(Text("受控数据模式", "Controlled-data mode"))
        self.addParameter(QgsProcessingParameterBoolean("SECRECY", secrecy, defaultValue=False))
        self.addParameter(QgsProcessingParameterFolderDestination("FOLDER", str(Text("输出文件夹", "Folder"))))

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        progress: Progress,
    ) -> dict[str, Any]:
        """Write the papers."""
        from ..engine import open_dossier
        from ..report import export
        from ..report.options import Options, radii_of

        folder = self.path(parameters, "FOLDER", context)
        report_name = self.parameterAsEnumString(parameters, "REPORT_NAME", context)
        written = export(
            open_dossier(self.path(parameters, "DOSSIER", context)),
            folder,
            formats=tuple(self.parameterAsEnumStrings(parameters, "FORMATS", context)),
            maps=self.path(parameters, "MAPS", context),
            secrecy=self.parameterAsBoolean(parameters, "SECRECY", context),
            progress=progress,
            template=self.path(parameters, "TEMPLATE", context),
            options=Options(
                "" if report_name == AUTO else report_name,
                radii_of(self.parameterAsString(parameters, "RADII", context) or RADII),
            ),
            one_file=self.parameterAsBoolean(parameters, "ONE_FILE", context),
            tell=lambda note: feedback.pushWarning(str(note)),
        )
        feedback.pushInfo(str(Text(f"已写入 {len(written)} 个文件", f"{len(written)} files written")))
        return {"FOLDER": str(folder)}

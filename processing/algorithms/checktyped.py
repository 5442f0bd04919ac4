"""`checktyped`: what a person typed of units, areas and distances beside what was computed."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
)

from ...layers.progress import Progress
from ...layers.texts import Text
from .base import PAPERS, Algorithm

FILE = QgsProcessingParameterFile.Behavior.File
FOLDER = QgsProcessingParameterFile.Behavior.Folder
DOUBLE = QgsProcessingParameterNumber.Type.Double
SHOWN = 30


class CheckTyped(Algorithm):
    """Compares a typed table, or the columns carried with the sites, with the dossier."""

    ID = "checktyped"
    TITLE = Text("核对填报数值", "Check typed figures")
    GROUP = PAPERS
    HELP = Text(
        "读取填报表（xlsx、docx 或 csv；不指定时读取随地块带入的属性列和申报面积）中的管控单元编码、面积、长度和距离，"
        "与卷宗中的计算值逐项比对。识别 m²、公顷、亩、km²、m、km；单位写在数值后或标题括号内。"
        "容差为填报值末位的一半，加面积的百分比（至少 1 m²）或距离的米数；与计算值分处规定距离两侧的一律列为不一致。"
        "表中每一行都有交代：匹配不到地块、识读不了或者没有可比对内容的，逐行列出。"
        "docx 中没有地块编号的表格按上文地块比对，末尾另列全文是否列全管控单元。",
        "Reads unit codes, areas, lengths and distances of a typed table (xlsx, docx or csv; without one, the columns "
        "carried with the sites and their declared area) and lays each beside the dossier's. Units m², 公顷, 亩, km², "
        "m and km are known, after the number or in brackets in the heading. Tolerance: half of the last typed digit, "
        "plus a share of the area (at least 1 m²) or metres of a distance; on the other side of a legal distance "
        "always differs. Every row is accounted for: what has no site, cannot be read or holds nothing to compare "
        "is listed. Tables of a docx that name no site speak of the one named above; whether the whole paper names "
        "every unit stands at the end.",
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        tables = str(Text("填报表 (*.xlsx *.docx *.csv)", "Typed tables (*.xlsx *.docx *.csv)"))
        self.addParameter(QgsProcessingParameterFile("DOSSIER", str(Text("筛查卷宗", "Dossier")), FOLDER))
        self.addParameter(
            QgsProcessingParameterFile(
                "INPUT", str(Text("填报表", "Typed table")), FILE, optional=True, fileFilter=tables
            )
        )
        area = str(Text("面积和长度容差（%）", "Tolerance of areas and lengths (%)"))
        distance = str(Text("距离容差（m）", "Tolerance of distances (m)"))
        self.addParameter(QgsProcessingParameterNumber("AREA_TOLERANCE", area, DOUBLE, 0.5, minValue=0.0))
        self.addParameter(QgsProcessingParameterNumber("DISTANCE_TOLERANCE", distance, DOUBLE, 1.0, minValue=0.0))
        secrecy = str(Text("受控数据模式", "Controlled-data mode"))
        self.addParameter(QgsProcessingParameterBoolean("SECRECY", secrecy, defaultValue=False))
        output, table = str(Text("核对结果", "Comparison")), QgsProcessing.SourceType.TypeVector
        self.addParameter(QgsProcessingParameterFeatureSink("OUTPUT", output, table))
        self.addOutput(QgsProcessingOutputNumber("N_DIFFERENT", str(Text("不一致项数", "Items that differ"))))
        self.addOutput(QgsProcessingOutputNumber("N_OPEN", str(Text("未能比对项数", "Items not compared"))))

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        progress: Progress,
    ) -> dict[str, Any]:
        """Compare and write the table."""
        from ..engine import open_dossier
        from ..report.typed import Tolerances, check_typed
        from ..report.typed.compare import AGREES, DIFFERS
        from . import frames

        tolerances = Tolerances(
            area_share=self.parameterAsDouble(parameters, "AREA_TOLERANCE", context) / 100,
            distance_m=self.parameterAsDouble(parameters, "DISTANCE_TOLERANCE", context),
        )
        dossier = open_dossier(self.path(parameters, "DOSSIER", context))
        secrecy = self.parameterAsBoolean(parameters, "SECRECY", context)
        found = check_typed(dossier, self.path(parameters, "INPUT", context), tolerances, secrecy)
        progress.step(0.9)
        different = found[found["result"] == DIFFERS.zh]
        n_open = len(found) - len(different) - int((found["result"] == AGREES.zh).sum())
        for row in different.head(SHOWN).itertuples():
            feedback.pushInfo(f"{row.place}  {row.site_id}  {row.item}: {row.typed} ≠ {row.computed}  {row.note}")
        told = Text(
            f"比对 {len(found)} 项，不一致 {len(different)} 项，未能比对 {n_open} 项",
            f"{len(found)} items, {len(different)} differ, {n_open} could not be compared",
        )
        feedback.pushInfo(str(told))
        written = frames.write(self, parameters, "OUTPUT", context, found, progress.part(0.9, 1.0))
        return {"OUTPUT": written, "N_DIFFERENT": len(different), "N_OPEN": n_open}

"""`bankoccupancy`: bank length by use, by linear referencing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ...layers.errors import SourceError
from ...layers.files import whole_file
from ...layers.progress import Progress
from ...layers.texts import Text
from .base import RESTORATION, Algorithm
from .styling import dress

LINE = QgsProcessing.SourceType.TypeVectorLine
POLYGON = QgsProcessing.SourceType.TypeVectorPolygon
OPTIONAL = {
    "ZONES": Text("岸线功能区", "Bank function zones"),
    "REACHES": Text("岸段", "Reaches"),
    "EXTENT": Text("统计范围", "Extent"),
}
OUTPUTS = {"SEGMENTS": Text("岸线桩号表", "Chainage of banks"), "SUMMARY": Text("岸线利用统计", "Summary of banks")}


class BankOccupancy(Algorithm):
    """Counts every metre of bank once, by use."""

    ID = "bankoccupancy"
    TITLE = Text("岸线利用统计", "Bank length by use")
    GROUP = RESTORATION
    HELP = Text(
        "沿岸线按里程（椭球面长度）统计各类利用占用的长度：码头、仓储、工业、城镇生活、已修复、农业、自然；"
        "没有利用数据的记为未填，不当作自然岸线。重叠处按此顺序只计一次，其余利用列在“重叠的其他利用”中；"
        "河口（支流两岸端点之间）不计入。\n"
        "岸线：线图层，列同图层角色 bank_line，岛屿为单独的闭合线；利用：线或面图层，须有“利用类型”列，"
        "可有河流、岸别、名称、投资万元；可另给岸线功能区、岸段、统计范围（面）。\n"
        "岸线定义：图层含多种岸线定义（如临水边界线、河道管理范围线）时填写按哪一种统计，"
        "未注明定义的岸线一并计入；图层中没有所填定义时不作统计并列出已有的定义；只有一种定义时可留空。\n"
        "结果：桩号表、统计表（岸线总长、主航道岸线长度、已开发岸线、码头及仓储占用岸线、每公里投资），"
        "以及带状图（SVG 或 PNG）。",
        "Counts along the banks, on the ellipsoid, how much each use takes: wharf, storage, industry, urban, restored, "
        "farmland, natural; what no use covers is unstated, never taken for natural. Where uses overlap a "
        "stretch counts once, for the one named first; the mouth of another river (between the ends of its banks) is "
        "not counted.\n"
        "Banks: lines, columns as of role bank_line, islands as closed lines of their own; uses: lines or polygons "
        "with a column `use`, and river, side, name, investment where known; function zones, reaches and extent "
        "(polygons) as you like.\n"
        "Bank definition: which lines count where the layer holds several (water's edge, management range); lines "
        "without one count with them. One that no line has is refused and those that are there are named; "
        "leave it empty where there is only one.\n"
        "Results: the chainage table, the summary, and a strip chart (SVG or PNG).",
    )
    _styler: object = None

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        self.addParameter(QgsProcessingParameterFeatureSource("BANKS", str(Text("岸线", "Banks")), [LINE]))
        self.addParameter(
            QgsProcessingParameterFeatureSource("USES", str(Text("岸线利用", "Uses of the bank")), [LINE, POLYGON])
        )
        for name, text in OPTIONAL.items():
            self.addParameter(QgsProcessingParameterFeatureSource(name, str(text), [POLYGON], optional=True))
        self.addParameter(
            QgsProcessingParameterString("BANK_DEF", str(Text("岸线定义", "Bank definition")), optional=True)
        )
        farthest = QgsProcessingParameterNumber(
            "MAX_DISTANCE",
            str(Text("利用距岸线最远（米）", "A use stands no farther than (m)")),
            QgsProcessingParameterNumber.Type.Double,
            300.0,
            minValue=0.0,
        )
        farthest.setFlags(farthest.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
        self.addParameter(farthest)
        for name, text in OUTPUTS.items():
            kind = LINE if name == "SEGMENTS" else QgsProcessing.SourceType.TypeVector
            self.addParameter(QgsProcessingParameterFeatureSink(name, str(text), kind, optional=True))
        self.addParameter(
            QgsProcessingParameterFileDestination(
                "CHART",
                str(Text("带状图", "Strip chart")),
                "SVG (*.svg);;PNG (*.png)",
                optional=True,
                createByDefault=False,
            )
        )

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        progress: Progress,
    ) -> dict[str, Any]:
        """Count, and write tables and chart."""
        from ..engine.occupancy import occupancy
        from ..report.strip_chart import strip_chart
        from . import frames

        read = {
            name: frames.read(self, parameters, name, context, progress.part(0.05 * n, 0.05 * n + 0.05))
            for n, name in enumerate(("BANKS", "USES", *OPTIONAL))
            if parameters.get(name) not in (None, "")
        }
        found = occupancy(
            read["BANKS"],
            read["USES"],
            zones=read.get("ZONES"),
            reaches=read.get("REACHES"),
            extent=read.get("EXTENT"),
            bank_def=self.parameterAsString(parameters, "BANK_DEF", context),
            reach_m=self.parameterAsDouble(parameters, "MAX_DISTANCE", context),
            progress=progress.part(0.25, 0.9),
        )
        outputs: dict[str, Any] = {}
        for name, table in (("SEGMENTS", found.segments), ("SUMMARY", found.summary)):
            outputs[name] = frames.write(self, parameters, name, context, table, progress.part(0.9, 1))
            if outputs[name] is not None:
                style = "bank_uses" if name == "SEGMENTS" else None
                self._styler = dress(context, outputs[name], OUTPUTS[name], style) or self._styler
        chart = self.path(parameters, "CHART", context)
        if chart is not None:
            draw(strip_chart(found.segments, found.summary), chart)
            outputs["CHART"] = str(chart)
        total = found.summary.iloc[0]
        feedback.pushInfo(
            str(
                Text(
                    f"岸线总长 {total['length_m']:.3f} m，已开发 {total['developed_m']:.3f} m，"
                    f"码头及仓储 {total['wharf_storage_m']:.3f} m",
                    f"Bank {total['length_m']:.3f} m, developed {total['developed_m']:.3f} m, "
                    f"wharves and storage {total['wharf_storage_m']:.3f} m",
                )
            )
        )
        return outputs


def draw(svg: str, path: Path) -> None:
    """Write a chart as SVG, or as PNG of twice its size; the file bears its name only when whole."""
    with whole_file(path) as part:
        if path.suffix.lower() == ".svg":
            part.write_text(svg, encoding="utf-8")
        elif not _painted(svg, part):
            raise SourceError(
                Text(f"无法绘制 {path}", f"Cannot draw {path}"),
                remedy=Text("请改用 .svg。", "Take .svg instead."),
            )


def _painted(svg: str, path: Path) -> bool:
    """Paint an SVG into a PNG."""
    from qgis.PyQt.QtCore import QByteArray, QRectF
    from qgis.PyQt.QtGui import QColor, QImage, QPainter
    from qgis.PyQt.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(QByteArray(svg.encode("utf-8")))
    if not renderer.isValid():
        return False
    image = QImage(renderer.defaultSize() * 2, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    return bool(image.save(str(path), "PNG"))

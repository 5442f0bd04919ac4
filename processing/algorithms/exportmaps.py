"""`exportmaps`: one map per site and template, by the layouts of QGIS."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ...layers.progress import Progress
from ...layers.texts import Text
from ..maps.catalogue import sheets, templates
from .base import PAPERS, Algorithm

FILE = QgsProcessingParameterFile.Behavior.File
FOLDER = QgsProcessingParameterFile.Behavior.Folder
FORMATS = ("pdf", "png", "atlas")


class ExportMaps(Algorithm):
    """Draws the maps of a screening."""

    ID = "exportmaps"
    TITLE = Text("导出附图", "Export maps")
    GROUP = PAPERS
    HELP = Text(
        "由筛查卷宗和图层配置绘制附图，每个地块每种模板一页，文件名为“地块编号-模板”；也可合订为一个 PDF"
        "（atlas，每册不超过 500 页）。结论与数值取自卷宗，图层仅用于绘图；"
        "图层配置的角色、图层名、时点、有效期、精度或性质与卷宗不一致的，不绘图；要素此后是否变动由“复核数据校验码”核对。"
        "比例尺为 0 时自动取整。每页绘成后自检，"
        "有问题的页上有标注，全部结果列于 map_check.json。中断后以相同参数重新运行，从中断处继续。"
        "PNG 格式的附图可放入 Word 文书。",
        "Draws maps from a dossier and its layer set: one page per site and template, named <site_id>-<template>, "
        "or all bound into one PDF (atlas, volumes of 500 pages). Verdicts and figures come from the dossier, the "
        "layers only serve drawing. A layer set whose roles, layers, vintages, validity, accuracy or nature differ "
        "from the dossier's is refused; whether features changed since, verifyseal tells. Scale 0 takes a round one "
        "that fits. Every page is checked as it was drawn; one with a fault has it written across, and map_check.json "
        "lists everything. A run that was stopped goes on where it was when it is run again alike. "
        "PNG maps go into the Word papers.",
    )

    def flags(self) -> Qgis.ProcessingAlgorithmFlags:
        """Stay in the main thread: layouts and their projects belong there."""
        return super().flags() | Qgis.ProcessingAlgorithmFlag.NoThreading

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        toml = str(Text("图层配置 (*.toml)", "Layer sets (*.toml)"))
        self.addParameter(QgsProcessingParameterFile("DOSSIER", str(Text("筛查卷宗", "Dossier")), FOLDER))
        self.addParameter(
            QgsProcessingParameterFile("LAYER_SET", str(Text("图层配置", "Layer set")), FILE, fileFilter=toml)
        )
        self._choice("TEMPLATES", Text("模板", "Templates"), list(templates()), several=True)
        self._choice("FORMAT", Text("格式", "Format"), list(FORMATS))
        resolution = str(Text("分辨率（dpi）", "Resolution (dpi)"))
        self.addParameter(QgsProcessingParameterNumber("DPI", resolution, defaultValue=300, minValue=50, maxValue=1200))
        secrecy = str(Text("涉密方式：受控图层只示与地块重叠的部分", "Secrecy: of controlled layers only the overlap"))
        self.addParameter(QgsProcessingParameterBoolean("SECRECY", secrecy, defaultValue=False))
        self._choice("SHEET", Text("图幅", "Sheet"), list(sheets()))
        scale = str(Text("固定比例尺分母（0 为自动）", "Fixed scale, denominator (0: automatic)"))
        self.addParameter(QgsProcessingParameterNumber("SCALE", scale, defaultValue=0, minValue=0, maxValue=1_000_000))
        maker = str(Text("制图单位", "Made by"))
        self.addParameter(QgsProcessingParameterString("MAKER", maker, "", optional=True))
        sites = str(Text("地块编号（分号分隔，空为全部）", "Site ids, with semicolons between (empty: all)"))
        self.addParameter(QgsProcessingParameterString("SITES", sites, "", optional=True))
        self.addParameter(QgsProcessingParameterFolderDestination("FOLDER", str(Text("输出文件夹", "Folder"))))

    def _choice(self, name: str, title: Text, offered: list[str], several: bool = False) -> None:
        first: Any = [offered[0]] if several else offered[0]
        self.addParameter(QgsProcessingParameterEnum(name, str(title), offered, several, first, usesStaticStrings=True))

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        progress: Progress,
    ) -> dict[str, Any]:
        """Draw the maps."""
        from ...layers.layerset import load
        from ..engine import open_dossier
        from ..maps import export_maps
        from ..maps.results import PageResult

        def told(result: PageResult) -> None:
            for issue in result.issues:
                words = f"{result.site_id}-{result.template}: {issue.text}"
                (feedback.pushWarning if issue.fault else feedback.pushInfo)(words)

        folder = self.path(parameters, "FOLDER", context)
        asked = self.parameterAsString(parameters, "SITES", context).replace("；", ";").split(";")
        sites = [site.strip() for site in asked if site.strip()]
        written = export_maps(
            open_dossier(self.path(parameters, "DOSSIER", context)),
            load(self.path(parameters, "LAYER_SET", context)),
            folder,
            templates=tuple(self.parameterAsEnumStrings(parameters, "TEMPLATES", context)),
            format=self.parameterAsEnumString(parameters, "FORMAT", context),
            dpi=self.parameterAsInt(parameters, "DPI", context),
            secrecy=self.parameterAsBoolean(parameters, "SECRECY", context),
            site_ids=sites or None,
            progress=progress,
            sheet_id=self.parameterAsEnumString(parameters, "SHEET", context),
            scale=self.parameterAsInt(parameters, "SCALE", context),
            maker=self.parameterAsString(parameters, "MAKER", context),
            told=told,
        )
        feedback.pushInfo(str(Text(f"已写出 {len(written)} 个文件", f"{len(written)} files written")))
        return {"FOLDER": str(folder)}

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
)

from ...layers.progress import Progress
from ...layers.texts import Text
from ..maps.catalogue import templates
from .base import PAPERS, Algorithm

FILE = QgsProcessingParameterFile.Behavior.File
FOLDER = QgsProcessingParameterFile.Behavior.Folder
FORMATS = ("pdf", "png")


class ExportMaps(Algorithm):
    """Draws the maps of a screening."""

    ID = "exportmaps"
    TITLE = Text("导出附图", "Export maps")
    GROUP = PAPERS
    HELP = Text(
        "由筛查卷宗和图层配置绘制附图，每个地块每种模板一页，文件名为“地块编号-模板”。结论与数值取自卷宗，图层仅用于绘图。"
        "PNG 格式的附图可放入 Word 文书。",
        "Draws maps from a dossier and its layer set: one page per site and template, named <site_id>-<template>. "
        "Verdicts and figures come from the dossier, the layers only serve drawing. PNG maps go into "
        "the Word papers.",
    )

    def flags(self) -> Qgis.ProcessingAlgorithmFlags:
        """Stay in the main thread: layouts and their projects belong there."""
        return super().flags() | Qgis.ProcessingAlgorithmFlag.NoThreading

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        toml = str(Text("图层配置 (*.toml)", "Layer sets (*.toml)"))
        offered = list(templates())
        self.addParameter(QgsProcessingParameterFile("DOSSIER", str(Text("筛查卷宗", "Dossier")), FOLDER))
        self.addParameter(
            QgsProcessingParameterFile("LAYER_SET", str(Text("图层配置", "Layer set")), FILE, fileFilter=toml)
        )
        self.addParameter(
            QgsProcessingParameterEnum(
                "TEMPLATES", str(Text("模板", "Templates")), offered, True, [offered[0]], usesStaticStrings=True
            )
        )
        self.addParameter(
            QgsProcessingParameterEnum(
                "FORMAT", str(Text("格式", "Format")), FORMATS, False, FORMATS[0], usesStaticStrings=True
            )
        )
        resolution = str(Text("分辨率（dpi）", "Resolution (dpi)"))
        self.addParameter(QgsProcessingParameterNumber("DPI", resolution, defaultValue=300, minValue=50, maxValue=1200))
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
        """Draw the maps."""
        from ...layers.layerset import load
        from ..engine import open_dossier
        from ..maps import export_maps

        folder = self.path(parameters, "FOLDER", context)
        written = export_maps(
            open_dossier(self.path(parameters, "DOSSIER", context)),
            load(self.path(parameters, "LAYER_SET", context)),
            folder,
            templates=tuple(self.parameterAsEnumStrings(parameters, "TEMPLATES", context)),
            format=self.parameterAsEnumString(parameters, "FORMAT", context),
            dpi=self.parameterAsInt(parameters, "DPI", context),
            secrecy=self.parameterAsBoolean(parameters, "SECRECY", context),
            progress=progress,
        )
        feedback.pushInfo(str(Text(f"已绘制 {len(written)} 幅", f"{len(written)} maps drawn")))
        return {"FOLDER": str(folder)}

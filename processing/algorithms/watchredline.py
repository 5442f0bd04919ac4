"""`watchredline`: vegetation loss inside the red line between two dates, as a list for verification in the field."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
)

from ...layers.progress import Progress
from ...layers.texts import Text
from .base import RESTORATION, Algorithm
from .styling import dress

FILE = QgsProcessingParameterFile.Behavior.File
POLYGON = QgsProcessing.SourceType.TypeVectorPolygon


class WatchRedLine(Algorithm):
    """Finds patches of vegetation loss and new bare ground."""

    ID = "watchredline"
    TITLE = Text("生态保护红线变化监测", "Watch the red line")
    GROUP = RESTORATION
    HELP = Text(
        "比较影像清单中最后两个日期，列出生态保护红线和生态空间内植被显著减少或新增裸露的图斑，"
        "附所在管控单元、最近自然保护地及其分区和距离，供现场核查和销号。\n"
        "显著：NDVI 的下降超出稳定地面的噪声（99%）。云和影像范围外的部分未作比较，面积比例在日志中说明。\n"
        "图斑只是线索：收割、水位变化、云影也会使 NDVI 下降，须经现场核查。",
        "Compares the last two dates of an image set and lists patches inside the red line and the ecological space "
        "where vegetation fell or bare ground is new, with control unit, nearest protected area, its zone and "
        "distance, for verification in the field.\n"
        "Significant is a fall of NDVI beyond the noise of stable ground (99 %). What clouds hide or the images do "
        "not reach is not compared; the log says how much.\n"
        "A patch is a lead only: harvest, water level and cloud shadow lower NDVI too; go and look.",
    )
    _styler: object = None

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        layer_sets = str(Text("图层配置 (*.toml)", "Layer sets (*.toml)"))
        image_sets = str(Text("影像清单 (*.toml)", "Image sets (*.toml)"))
        self.addParameter(
            QgsProcessingParameterFile("LAYER_SET", str(Text("图层配置", "Layer set")), FILE, fileFilter=layer_sets)
        )
        self.addParameter(
            QgsProcessingParameterFile("IMAGES", str(Text("影像清单", "Image set")), FILE, fileFilter=image_sets)
        )
        self.addParameter(
            QgsProcessingParameterNumber(
                "MIN_AREA",
                str(Text("最小图斑面积（平方米）", "Least area of a patch (m²)")),
                QgsProcessingParameterNumber.Type.Double,
                defaultValue=1000.0,
                minValue=0.0,
            )
        )
        self.addParameter(QgsProcessingParameterFeatureSink("PATCHES", str(Text("变化图斑", "Patches")), POLYGON))

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        progress: Progress,
    ) -> dict[str, Any]:
        """Find the patches and write them."""
        from ..engine.restoration import watch
        from . import frames

        patches = watch(
            self.path(parameters, "LAYER_SET", context),
            self.path(parameters, "IMAGES", context),
            self.parameterAsDouble(parameters, "MIN_AREA", context),
            progress.part(0.0, 0.9),
        )
        for note in patches.attrs["notes"]:
            feedback.pushInfo(str(note))
        feedback.pushInfo(str(Text(f"待核查图斑 {len(patches)} 个", f"{len(patches)} patches to be verified")))
        destination = frames.write(self, parameters, "PATCHES", context, patches, progress.part(0.9, 1.0))
        if destination is not None:
            self._styler = dress(context, destination, Text("待核查图斑", "Patches to verify"), "patches")
        return {"PATCHES": destination}

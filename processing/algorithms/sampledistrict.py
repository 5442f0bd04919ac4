"""`sampledistrict`: makes the invented district with its sites."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
)

from ...layers.progress import Progress
from ...layers.texts import Text
from .base import SAMPLE, Algorithm


class SampleDistrictAlgorithm(Algorithm):
    """Writes layer set, layers, sites and answers of a district that does not exist."""

    ID = "sampledistrict"
    TITLE = Text("生成示范区（虚构）", "Make the sample district (invented)")
    GROUP = SAMPLE
    HELP = Text(
        "在所选文件夹中生成一个虚构的示范区：图层配置、各图层、项目地块、修复地块、岸线利用、"
        "高程和三个日期的影像（需 rasterio）。同一系统上同一种子总得到同一数据，可用来试用筛查。"
        "其中没有任何真实边界，不得用于实际工作。",
        "Makes an invented district in the folder: layer set, layers, sites, restoration areas, bank uses, "
        "heights and images of three dates (with rasterio). On one system a seed always gives the same data, to try a "
        "screening with. Nothing in it is a real boundary; none of it may serve real work.",
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        seed = QgsProcessingParameterNumber("SEED", str(Text("随机种子", "Seed")), defaultValue=2026, minValue=0)
        self.addParameter(QgsProcessingParameterFolderDestination("FOLDER", str(Text("输出文件夹", "Folder"))))
        self.addParameter(seed)
        self.addOutput(QgsProcessingOutputFile("LAYER_SET", str(Text("图层配置", "Layer set"))))
        self.addOutput(QgsProcessingOutputFile("LAYERS", str(Text("图层", "Layers"))))
        self.addOutput(QgsProcessingOutputFile("SITES", str(Text("项目地块", "Sites"))))
        self.addOutput(QgsProcessingOutputFile("RESTORATION", str(Text("修复地块", "Restoration areas"))))
        self.addOutput(QgsProcessingOutputFile("BANK_USES", str(Text("岸线利用", "Bank uses"))))
        self.addOutput(QgsProcessingOutputFile("DEM", str(Text("高程", "Heights"))))
        self.addOutput(QgsProcessingOutputFile("IMAGES", str(Text("影像清单", "Image set"))))
        self.addOutput(QgsProcessingOutputFile("LAND_COVER", str(Text("土地覆盖", "Land cover"))))
        self.addOutput(QgsProcessingOutputFile("ANSWERS", str(Text("答复", "Answers"))))

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        progress: Progress,
    ) -> dict[str, Any]:
        """Make the district."""
        from ...layers.sample import make

        folder = self.path(parameters, "FOLDER", context)
        made = make(folder, seed=self.parameterAsInt(parameters, "SEED", context), progress=progress)
        return {
            "FOLDER": str(folder),
            "LAYER_SET": str(made.layer_set),
            "LAYERS": str(made.layers),
            "SITES": str(made.sites),
            "RESTORATION": str(made.restoration),
            "DEM": str(made.rasters.dem) if made.rasters else None,
            "IMAGES": str(made.rasters.images) if made.rasters else None,
            "LAND_COVER": str(made.rasters.land_cover) if made.rasters else None,
            "BANK_USES": str(made.bank_uses),
            "ANSWERS": str(made.answers) if made.answers else None,
        }

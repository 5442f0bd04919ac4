"""`importsites`: any upload as sites, with a table of what was noticed."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
)

from ...layers.errors import SitesError
from ...layers.progress import Progress
from ...layers.texts import Text
from .base import SCREENING, Algorithm
from .styling import dress

FORMATS = ("auto", "vector", "kml", "geojson", "dxf", "txt", "csv", "xlsx", "zip")


class ImportSites(Algorithm):
    """Reads an upload of any kind into sites in EPSG:4490."""

    ID = "importsites"
    TITLE = Text("导入项目地块", "Import project sites")
    GROUP = SCREENING
    HELP = Text(
        "读取申请人提交的任意文件：Shapefile、GeoPackage、GeoJSON、FileGDB、KML/KMZ/ovkml、DXF、CSV/XLSX 坐标表、"
        "界址点 TXT，或它们的压缩包，转为 EPSG:4490 的地块，并列出发现的问题。\n"
        "坐标系：文件未说明且无法判定时，算法列出候选并停止，请从中选一个填入（如 EPSG:4524、EPSG:4524+yx、GCJ-02）。"
        "选 GCJ-02 或 BD-09 时反算偏移坐标，成果注明“偏移坐标反算，不得作为界址依据”。\n"
        "图层：文件有多个图层、工作表或文件时填写其名称。",
        "Reads whatever an applicant sent: shapefile, GeoPackage, GeoJSON, FileGDB, KML/KMZ/ovkml, DXF, tables of "
        "coordinates as CSV or XLSX, 界址点 TXT, or a zip of these, as sites in EPSG:4490, with a table of what was "
        "noticed.\nCRS: where neither the file nor evidence tells it, the candidates are listed and nothing "
        "is read; give one of them (like EPSG:4524, EPSG:4524+yx, GCJ-02). GCJ-02 and BD-09 turn shifted "
        "coordinates back, and the sites say that they may not serve as a border.\n"
        "Dataset: the layer, sheet or file to read, where there are several.",
    )
    _styler: object = None

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        vector, table = QgsProcessing.SourceType.TypeVectorAnyGeometry, QgsProcessing.SourceType.TypeVector
        form, crs = str(Text("格式", "Format")), str(Text("坐标系", "CRS"))
        sites, diagnosis = str(Text("项目地块", "Project sites")), str(Text("导入诊断", "Diagnosis"))
        dataset = str(Text("图层（有多个时）", "Dataset (where there are several)"))
        self.addParameter(QgsProcessingParameterFile("INPUT", str(Text("文件", "File"))))
        self.addParameter(
            QgsProcessingParameterEnum("FORMAT", form, FORMATS, defaultValue="auto", usesStaticStrings=True)
        )
        self.addParameter(QgsProcessingParameterString("CRS", crs, optional=True))
        self.addParameter(QgsProcessingParameterString("DATASET", dataset, optional=True))
        self.addParameter(QgsProcessingParameterFeatureSink("OUTPUT", sites, vector))
        self.addParameter(QgsProcessingParameterFeatureSink("DIAGNOSIS", diagnosis, table, optional=True))

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        progress: Progress,
    ) -> dict[str, Any]:
        """Read the upload and write sites and diagnosis."""
        from ...layers.sites import read
        from . import frames

        source = self.parameterAsString(parameters, "INPUT", context)
        intake = read(
            source,
            self.parameterAsString(parameters, "CRS", context) or None,
            self.parameterAsString(parameters, "DATASET", context) or None,
            form=self.parameterAsString(parameters, "FORMAT", context) or "auto",
            progress=progress.part(0.0, 0.8),
        )
        rows = intake.diagnosis
        for zh, en in zip(rows["zh"].head(20), rows["en"].head(20), strict=True):
            feedback.pushInfo(str(Text(zh, en)))
        if intake.sites.empty:
            last = rows.iloc[-1]
            raise SitesError(
                Text(f"{source}：须由您选择", f"{source}: you have to choose"),
                Text(f"{last['zh']} {last['value']}", f"{last['en']} {last['value']}"),
                Text("请填写坐标系或图层后重新运行。", "Fill in CRS or DATASET and run again."),
            )
        outputs = {
            "OUTPUT": frames.write(self, parameters, "OUTPUT", context, intake.sites, progress.part(0.8, 0.95)),
            "DIAGNOSIS": frames.write(self, parameters, "DIAGNOSIS", context, rows, progress.part(0.95, 1.0)),
        }
        if outputs["OUTPUT"] is not None:
            self._styler = dress(context, outputs["OUTPUT"], Text("项目地块", "Project sites"), None)
        return outputs

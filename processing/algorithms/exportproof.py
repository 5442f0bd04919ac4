"""`exportproof`: sheets of before and after for areas to be restored, and the table of figures for acceptance."""

from __future__ import annotations

from itertools import chain
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterRasterLayer,
)

from ...layers.progress import Progress
from ...layers.texts import Text
from .base import RESTORATION, Algorithm
from .styling import dress

FILE = QgsProcessingParameterFile.Behavior.File
POLYGON = QgsProcessing.SourceType.TypeVectorPolygon
TABLE = QgsProcessing.SourceType.TypeVector


class ExportProof(Algorithm):
    """Writes a Word page per area and a table of all."""

    ID = "exportproof"
    TITLE = Text("导出修复前后对比表", "Export sheets of before and after")
    GROUP = RESTORATION
    HELP = Text(
        "对每个修复地块比较影像清单的第一个和最后一个日期：两期影像、变化图、覆盖度分布、各级面积、各时相趋势，"
        "以及数据能说明和不能说明什么，每地块一页（Word，可另出 PDF）；另出一张数据表供验收参考。\n"
        "影像只反映绿色植被覆盖，须与现场核查一并使用。",
        "Compares the first and the last date of an image set for every area: both images, a map of change, the "
        "distribution of cover, areas by class, the trend over all dates, and what the data can and cannot show, a "
        "page each (Word, PDF too if wanted); and one table of figures for acceptance.\n"
        "Images show green cover only; use them together with a look in the field.",
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        image_sets = str(Text("影像清单 (*.toml)", "Image sets (*.toml)"))
        sheets, pdf = str(Text("对比表", "Sheets")), str(Text("对比表 PDF", "Sheets as PDF"))
        for parameter in (
            QgsProcessingParameterFeatureSource("SITES", str(Text("修复地块", "Restoration areas")), [POLYGON]),
            QgsProcessingParameterFile("IMAGES", str(Text("影像清单", "Image set")), FILE, fileFilter=image_sets),
            QgsProcessingParameterRasterLayer("DEM", str(Text("数字高程模型", "DEM")), optional=True),
            QgsProcessingParameterFileDestination("SHEETS", sheets, "Word (*.docx)"),
            QgsProcessingParameterFileDestination("PDF", pdf, "PDF (*.pdf)", optional=True, createByDefault=False),
            QgsProcessingParameterFeatureSink("ACCEPTANCE", str(Text("数据表", "Table")), TABLE, optional=True),
        ):
            self.addParameter(parameter)

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        progress: Progress,
    ) -> dict[str, Any]:
        """Measure, draw and write."""
        from ...layers.site_table import find_columns
        from ..engine.restoration.proof import acceptance, proofs
        from ..report.restoration_html import notes_html, page_html
        from ..report.restoration_input import checked_path, need_areas
        from ..report.restoration_page import TITLE, page_of
        from ..report.restoration_sheet import write_sheets
        from . import frames
        from .printing import print_pages

        path = checked_path(self.path(parameters, "SHEETS", context), ".docx")
        pdf = self.path(parameters, "PDF", context)
        if pdf is not None:
            checked_path(pdf, ".pdf")
        areas = frames.read(self, parameters, "SITES", context, progress.part(0.0, 0.05))
        need_areas(areas)
        images = self.path(parameters, "IMAGES", context)
        figures = acceptance(areas, images, self.raster(parameters, "DEM", context), None, progress.part(0.05, 0.6))
        for note in figures.attrs["notes"]:
            feedback.pushInfo(str(note))
        columns = find_columns([str(name) for name in areas.columns if name != areas.geometry.name], "SITES")
        named = areas[columns["name"]].fillna("").astype(str) if "name" in columns else [""] * len(areas)
        names = dict(zip(figures["site_id"], named, strict=True))
        notes = figures.attrs["notes"]
        drawn = proofs(areas, images, figures, None, progress.part(0.6, 0.8))
        outputs: dict[str, Any] = {"SHEETS": str(write_sheets(path, drawn, names, notes))}
        if pdf is not None:
            # Drawn again: pages are never all held at once.
            again = proofs(areas, images, figures, None, progress.part(0.8, 0.95))
            pages = (page_html(page_of(proof, names.get(proof.site_id, ""))) for proof in again)
            outputs["PDF"] = str(print_pages(pdf, chain(pages, [notes_html(notes)]), TITLE))
        destination = frames.write(self, parameters, "ACCEPTANCE", context, figures, progress.part(0.95, 1.0))
        if destination is not None:
            dress(context, destination, Text("修复成效数据", "Figures of restoration"))
            outputs["ACCEPTANCE"] = destination
        return outputs

"""`bankbuffers`: geodesic rings around bank lines."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterString,
)

from ...layers.progress import Progress
from ...layers.texts import Text
from .base import SCREENING, Algorithm
from .styling import dress


class BankBuffers(Algorithm):
    """Draws, for every feature and distance, the ring between this distance and the one before it."""

    ID = "bankbuffers"
    TITLE = Text("岸线缓冲环", "Rings around banks")
    GROUP = SCREENING
    HELP = Text(
        "按大地线距离绘制岸线（线或面）外的环带，默认 1、3、5 公里；每个要素、每个距离一条记录，"
        "环带从上一距离起算。与投影坐标系和平面距离无关。仅供看图，筛查结论由“筛查项目地块”按精确距离给出。",
        "Draws rings at geodesic distances around bank lines or strips, by default 1, 3 and 5 km: one record "
        "per feature and distance, each ring starting at the distance before it. No projection enters. "
        "The rings are for the eye; verdicts come from exact distances in “Screen project sites”.",
    )
    _styler: object = None

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        kinds = [QgsProcessing.SourceType.TypeVectorLine, QgsProcessing.SourceType.TypeVectorPolygon]
        distances = str(Text("距离（米，以分号分隔）", "Distances (metres, separated by semicolons)"))
        self.addParameter(QgsProcessingParameterFeatureSource("INPUT", str(Text("岸线", "Banks")), kinds))
        self.addParameter(QgsProcessingParameterString("DISTANCES", distances, defaultValue="1000;3000;5000"))
        self.addParameter(
            QgsProcessingParameterFeatureSink(
                "OUTPUT", str(Text("环带", "Rings")), QgsProcessing.SourceType.TypeVectorPolygon
            )
        )

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        progress: Progress,
    ) -> dict[str, Any]:
        """Draw the rings."""
        from . import frames
        from .rings import rings

        distances = distances_of(self.parameterAsString(parameters, "DISTANCES", context))
        banks = frames.read(self, parameters, "INPUT", context, progress.part(0, 0.1))
        drawn = rings(banks, distances, progress.part(0.1, 0.9))
        destination = frames.write(self, parameters, "OUTPUT", context, drawn, progress.part(0.9, 1))
        if destination is not None:
            self._styler = dress(context, destination, Text("岸线环带", "Rings around banks"), "bank_rings")
        return {"OUTPUT": destination}


def distances_of(text: str) -> list[float]:
    """Return the distances of a text like ``1000;3000``, rising and without repeats."""
    try:
        values = sorted({float(part) for part in text.replace("；", ";").split(";") if part.strip()})
    except ValueError:
        values = []
    if not values or not all(0 < value <= 20_000 for value in values):
        raise QgsProcessingException(
            str(
                Text(
                    f"距离“{text}”无法识别：请写 0 至 20000 米之间、以分号分隔的数，如 1000;3000;5000",
                    f"Distances “{text}” are not understood: write metres between 0 and 20000, like 1000;3000;5000",
                )
            )
        )
    return values

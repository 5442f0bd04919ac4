"""`screenrestoration`: mine and bank areas over the layers of a layer set, with what rasters say and a ranking."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ...layers.errors import MissingLibraryError
from ...layers.progress import Progress
from ...layers.texts import Text
from .base import RESTORATION, Algorithm
from .styling import dress
from .telling import tell_noticed

POLYGON = QgsProcessing.SourceType.TypeVectorPolygon
TABLE = QgsProcessing.SourceType.TypeVector
FILE = QgsProcessingParameterFile.Behavior.File
FOLDER = QgsProcessingParameterFile.Behavior.Folder
OUTPUTS = {
    "VERDICTS": Text("修复筛查结论", "Verdicts on restoration areas"),
    "FINDINGS": Text("发现", "Findings"),
    "INDICATORS": Text("修复指标", "Indicators"),
    "PRIORITY": Text("修复优先次序", "Priority"),
}
PARTLY = 0.999
UNRANKED = Text(
    "没有可用的 DEM、影像或地表覆盖，未排优先次序，权重文件未用到",
    "Without a DEM, images or land cover there is no ranking, and the weights were not used",
)


class ScreenRestoration(Algorithm):
    """Screens mines and reaches of bank to be restored, measures them on rasters and ranks them."""

    ID = "screenrestoration"
    TITLE = Text("筛查修复地块", "Screen restoration areas")
    GROUP = RESTORATION
    HELP = Text(
        "对矿山、岸线等修复地块：与“筛查项目地块”相同的全部空间事实，加上关于修复的条文——红线内须说明依据的修复规划，"
        "河道管理范围内的植树、回填，消落区的施肥用药，水源地、湿地、自然保护地、永久基本农田对措施的限制，"
        "回填材料是否为固体废物，是否外运或销售土石料，废弃露天矿山十公里任务，名录中的治理状态。\n"
        "地块列：修复措施（回填覆土、植树覆绿、消除隐患、平整场地、撒播草籽、岸坡整治、湿地恢复、码头退出，可多项），"
        "治理状态，是否废弃露天矿山修复等；建设性质留空按“生态修复”计，含建筑物的另填，如“新建;生态修复”。\n"
        "给出 DEM、影像清单、地表覆盖时计算指标（每个数值注明所依据的面积比例），并按权重排出优先次序，"
        "得分等于各部分之和；权重文件可自备。指标和名次仅供安排次序，不作为结论。",
        "For mines, banks and other areas to be restored: all facts of “Screen project sites”, and the clauses on "
        "restoration: the plan to cite inside the red line, planting and fill in the river range, fertiliser in the "
        "drawdown zone, limits of water sources, wetlands, reserves and permanent farmland on the measures, whether "
        "the fill is waste, whether rock is taken away or sold, the ten-kilometre task, the state of a mine.\n"
        "Columns: measures (several allowed), state, abandoned mine and so on; an empty nature counts as restoration, "
        "a scheme with buildings says so, as in 新建;生态修复.\n"
        "With a DEM, an image set or land cover it adds indicators, each with the share of the area it stands on, and "
        "a ranking by weights in which every score is the sum of its parts. Indicators and ranks order the work; they "
        "decide nothing.",
    )
    _styler: object = None

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        toml = "(*.toml)"
        for parameter in (
            QgsProcessingParameterFeatureSource("SITES", str(Text("修复地块", "Restoration areas")), [POLYGON]),
            QgsProcessingParameterFile(
                "LAYER_SET", str(Text("图层配置", "Layer set")), FILE, fileFilter=f"TOML {toml}"
            ),
            QgsProcessingParameterDateTime(
                "AS_OF", str(Text("基准日", "Reference day")), QgsProcessingParameterDateTime.Type.Date, optional=True
            ),
            QgsProcessingParameterFeatureSource("ANSWERS", str(Text("答复", "Answers")), [TABLE], optional=True),
            QgsProcessingParameterRasterLayer("DEM", str(Text("数字高程模型", "DEM")), optional=True),
            QgsProcessingParameterFile(
                "IMAGES", str(Text("影像清单", "Image set")), FILE, optional=True, fileFilter=f"TOML {toml}"
            ),
            QgsProcessingParameterRasterLayer("LAND_COVER", str(Text("地表覆盖", "Land cover")), optional=True),
        ):
            self.addParameter(parameter)
        for parameter in (
            QgsProcessingParameterFile(
                "WEIGHTS", str(Text("优先次序权重", "Weights")), FILE, optional=True, fileFilter=f"TOML {toml}"
            ),
            QgsProcessingParameterString(
                "PROFILE", str(Text("核查清单（编号或文件）", "Check profile (id or file)")), optional=True
            ),
            QgsProcessingParameterFile(
                "RULE_PACKS", str(Text("规则包文件夹", "Folder of rule packs")), FOLDER, optional=True
            ),
        ):
            parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
            self.addParameter(parameter)
        for name, title in OUTPUTS.items():
            kind = POLYGON if name == "VERDICTS" else TABLE
            self.addParameter(QgsProcessingParameterFeatureSink(name, str(title), kind, optional=True))
        self.addParameter(QgsProcessingParameterFolderDestination("DOSSIER", str(Text("筛查卷宗", "Dossier"))))

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        progress: Progress,
    ) -> dict[str, Any]:
        """Screen, measure, rank and write."""
        import pandas as pd

        from ..engine import screen
        from ..engine.restoration import indicators, load_weights, priority, restoration_sites, screening_indicators
        from . import frames

        # Before the screening, so that a run that cannot be finished leaves no dossier.
        rasters = self._rasters(parameters, context, feedback)
        weights = load_weights(self.path(parameters, "WEIGHTS", context))
        areas = frames.read(self, parameters, "SITES", context, progress.part(0, 0.03))
        answers = None
        if parameters.get("ANSWERS") not in (None, ""):
            answers = frames.read(self, parameters, "ANSWERS", context, progress.part(0.03, 0.05))
        dossier = self.path(parameters, "DOSSIER", context)
        screening = screen(
            restoration_sites(areas, str(Text("修复地块", "Restoration areas"))),
            self.path(parameters, "LAYER_SET", context),
            packs=self.path(parameters, "RULE_PACKS", context),
            profile=self.parameterAsString(parameters, "PROFILE", context) or None,
            as_of=self.day(parameters, "AS_OF", context),
            answers=answers,
            progress=progress.part(0.05, 0.5),
            out=dossier,
        )
        tell_noticed(screening.settings, feedback)
        tables: dict[str, Any] = {"VERDICTS": screening.verdicts, "FINDINGS": screening.findings}
        measured = [screening_indicators(screening)]
        if rasters:
            found = indicators(screening.verdicts, **rasters, progress=progress.part(0.5, 0.9))
            _tell(found, feedback)
            measured.insert(0, found)
            tables["PRIORITY"] = _known(priority(pd.concat(measured, ignore_index=True), weights), screening)
        elif parameters.get("PRIORITY") not in (None, "") or parameters.get("WEIGHTS") not in (None, ""):
            feedback.pushWarning(str(UNRANKED))
        tables["INDICATORS"] = pd.concat(measured, ignore_index=True)
        outputs = self._written(parameters, context, tables, progress.part(0.9, 1))
        feedback.pushInfo(str(Text(f"数据校验码 {screening.seal.number}", f"Seal {screening.seal.number}")))
        return {**outputs, "DOSSIER": str(dossier)}

    def _rasters(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Return the rasters given, each of which opens; none where the library for them is absent."""
        from ..engine.restoration import check_sources

        named = {
            "dem": self.raster(parameters, "DEM", context),
            "images": self.path(parameters, "IMAGES", context),
            "land_cover": self.raster(parameters, "LAND_COVER", context),
        }
        given = {name: value for name, value in named.items() if value is not None}
        try:
            check_sources(**given)
        except MissingLibraryError as error:
            feedback.pushWarning(str(error))
            return {}
        return given

    def _written(
        self, parameters: dict[str, Any], context: QgsProcessingContext, tables: dict[str, Any], progress: Progress
    ) -> dict[str, Any]:
        """Write what was asked for and could be made; name and style what QGIS will load."""
        from . import frames

        outputs: dict[str, Any] = {}
        for name, title in OUTPUTS.items():
            if name not in tables:
                continue
            outputs[name] = frames.write(self, parameters, name, context, tables[name], progress)
            if outputs[name] is not None:
                styler = dress(context, outputs[name], title, "sites" if name == "VERDICTS" else None)
                self._styler = styler or self._styler
        return outputs


def _known(ranked: Any, screening: Any) -> Any:
    """Return a ranking with what else tells a planner where to begin: name, state and verdict."""
    named = screening.verdicts[["site_id", "name", "verdict_zh"]]
    states = screening.sites[["site_id", "restoration_state"]]
    return ranked.merge(named, how="left", on="site_id").merge(states, how="left", on="site_id")


def _tell(found: Any, feedback: QgsProcessingFeedback) -> None:
    """Say what was assumed, and on how much of an area its figures stand where that is not the whole."""
    for note in found.attrs["notes"]:
        feedback.pushInfo(str(note))
    least = found.groupby("site_id", sort=False)["covered_share"].min()
    for site, share in least[least < PARTLY].items():
        said = f"{share:.1%}"
        feedback.pushInfo(
            str(
                Text(
                    f"{site}：部分指标只依据 {said} 的面积", f"{site}: some indicators stand on {said} of the area only"
                )
            )
        )

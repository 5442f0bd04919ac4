"""`screenprojects`: sites and layers in, judged and citable answers out."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ...layers.progress import Progress
from ...layers.texts import Text
from .base import SCREENING, Algorithm
from .styling import dress
from .telling import tell_noticed

FILE = QgsProcessingParameterFile.Behavior.File
FOLDER = QgsProcessingParameterFile.Behavior.Folder
ANY = QgsProcessing.SourceType.TypeVectorAnyGeometry
TABLE = QgsProcessing.SourceType.TypeVector
OUTPUTS = {
    "VERDICTS": Text("初筛结论", "Verdicts"),
    "FINDINGS": Text("筛查发现", "Findings"),
    "UNITS": Text("环境管控单元", "Control units"),
}

ALONE = Text(
    "在 QGIS 内由一个进程的多个线程完成，WORKERS 不另起进程。结果相同，仅速度不同。",
    "Inside QGIS the threads of one process do the work, whatever WORKERS says. The result is the same, only the "
    "speed differs.",
)


class ScreenProjects(Algorithm):
    """Screens project sites over the layers of a layer set."""

    ID = "screenprojects"
    TITLE = Text("筛查项目地块", "Screen project sites")
    GROUP = SCREENING
    HELP = Text(
        "把项目地块与图层配置中的各图层叠加，逐条给出触及的条款、重叠面积、距离、依据和未能判定的事项。\n"
        "项目地块：任意矢量图层，列名可用中文（建设性质、行业代码等）；图层配置：说明各图层角色的 TOML 文件；"
        "基准日：所依据法律和数据的日期，留空为今天；严格：任何未决事项均作未判定；答复：例外问题的答复表；"
        "预处理图层文件夹：留存切分好的图层（仅本人可读），数据不变时下次不必重读；图层属受控数据，请选本机可靠位置。\n"
        "结果为初筛意见，不作为行政许可、用地审批或行政处罚的依据。",
        "Lays project sites over the layers of a layer set and gives, clause by clause, what is touched, with overlap, "
        "distance and source, and what could not be judged.\n"
        "Sites: any vector layer, Chinese headers too; layer set: the TOML file that says which layer plays "
        "which role; reference day: whose law and data apply, today if left empty; strict: "
        "every open question leaves the site undetermined; answers: a table of answers to exception questions; "
        "folder of prepared layers: keeps layers cut and ready, readable by you alone, so that the next run need "
        "not read them again while they stay the same; layers are controlled data, so choose a safe place.\n"
        "The result is a first screening, never an administrative act.",
    )
    _styler: object = None

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        toml = str(Text("图层配置 (*.toml)", "Layer sets (*.toml)"))
        for parameter in (
            QgsProcessingParameterFeatureSource("SITES", str(Text("项目地块", "Project sites")), [ANY]),
            QgsProcessingParameterFile("LAYER_SET", str(Text("图层配置", "Layer set")), FILE, fileFilter=toml),
            QgsProcessingParameterDateTime(
                "AS_OF", str(Text("基准日", "Reference day")), QgsProcessingParameterDateTime.Type.Date, optional=True
            ),
            QgsProcessingParameterFeatureSource("ANSWERS", str(Text("答复", "Answers")), [TABLE], optional=True),
            QgsProcessingParameterBoolean("STRICT", str(Text("严格", "Strict")), defaultValue=False),
        ):
            self.addParameter(parameter)
        for parameter in (
            QgsProcessingParameterString(
                "PROFILE", str(Text("核查清单（编号或文件）", "Check profile (id or file)")), optional=True
            ),
            QgsProcessingParameterFile(
                "RULE_PACKS", str(Text("规则包文件夹", "Folder of rule packs")), FOLDER, optional=True
            ),
            QgsProcessingParameterNumber(
                "WORKERS", str(Text("并行进程数", "Worker processes")), defaultValue=1, minValue=1
            ),
            QgsProcessingParameterFile(
                "PREPARED", str(Text("预处理图层文件夹", "Folder of prepared layers")), FOLDER, optional=True
            ),
        ):
            parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
            self.addParameter(parameter)
        for name, title in OUTPUTS.items():
            kind = ANY if name == "VERDICTS" else TABLE
            self.addParameter(QgsProcessingParameterFeatureSink(name, str(title), kind, optional=True))
        self.addParameter(QgsProcessingParameterFolderDestination("DOSSIER", str(Text("筛查卷宗", "Dossier"))))

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        progress: Progress,
    ) -> dict[str, Any]:
        """Screen the sites and write tables and dossier."""
        from ..engine import screen
        from . import frames

        sites = frames.path_or_frame(self, parameters, "SITES", context, progress.part(0, 0.05))
        answers = None
        if parameters.get("ANSWERS") not in (None, ""):
            answers = frames.read(self, parameters, "ANSWERS", context, progress.part(0.05, 0.05))
        if self.parameterAsInt(parameters, "WORKERS", context) > 1:
            feedback.pushInfo(str(ALONE))
        dossier = self.path(parameters, "DOSSIER", context)
        screening = screen(
            sites,
            self.path(parameters, "LAYER_SET", context),
            packs=self.path(parameters, "RULE_PACKS", context),
            profile=self.parameterAsString(parameters, "PROFILE", context) or None,
            as_of=self.day(parameters, "AS_OF", context),
            strict=self.parameterAsBoolean(parameters, "STRICT", context),
            answers=answers,
            prepared=self.path(parameters, "PREPARED", context),
            workers=self.parameterAsInt(parameters, "WORKERS", context),
            progress=progress.part(0.05, 0.85),
            out=dossier,
        )
        tell_noticed(screening.settings, feedback)
        outputs: dict[str, Any] = {}
        for name in OUTPUTS:
            outputs[name] = None
            if parameters.get(name) not in (None, ""):  # a table is read back only where it is asked for
                table = getattr(screening, name.lower())
                outputs[name] = frames.write(self, parameters, name, context, table, progress.part(0.9, 1))
        self._dress(outputs, context)
        feedback.pushInfo(str(Text(f"数据校验码 {screening.seal.number}", f"Seal {screening.seal.number}")))
        return {**outputs, "DOSSIER": str(dossier)}

    def _dress(self, outputs: dict[str, Any], context: QgsProcessingContext) -> None:
        """Name, group and style what QGIS will load."""
        for name, title in OUTPUTS.items():
            if outputs[name] is not None:
                styler = dress(context, outputs[name], title, "sites" if name == "VERDICTS" else None)
                self._styler = styler or self._styler

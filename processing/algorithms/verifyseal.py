"""`verifyseal`: a dossier judged again, and everything that is not as it was sealed."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputBoolean,
    QgsProcessingOutputString,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
)

from ...layers.progress import Progress
from ...layers.texts import Text
from .base import PAPERS, Algorithm

FILE = QgsProcessingParameterFile.Behavior.File
FOLDER = QgsProcessingParameterFile.Behavior.Folder
ANY_VECTOR = [QgsProcessing.SourceType.TypeVectorAnyGeometry]
SHOWN = 50

AGREES = Text(
    "一致：由卷宗中的地块、原规则和所给图层重新计算，所得数据校验码与封存时相同。",
    "It agrees: judged again from the dossier's sites, its law and the layers given, the number is that of the seal.",
)
DIFFERS = Text(
    "不一致：下列内容与封存时不同。请核对图层和文件的版本；如有意更改，请重新筛查并换发文书。",
    "It does not agree: what is listed is not as it was sealed. Check the versions of layers and files; after an "
    "intended change, screen again and issue new papers.",
)


class VerifySeal(Algorithm):
    """Judges a dossier again and compares."""

    ID = "verifyseal"
    TITLE = Text("复核数据校验码", "Check a seal")
    GROUP = PAPERS
    PREFILLED = ("LAYER_SET",)  # the law is that of the dossier unless packs are given
    HELP = Text(
        "用卷宗中保存的地块、答复和规则包原文，对所给图层重新筛查，与封存的数据校验码及每张表逐格比较"
        "（1 毫米、0.001 平方米或十亿分之一以内视为相同），列出不同之处：地块、图层、规则、核查清单、准入清单、答复、"
        "设置或成果。软件版本和此后变化的规则另列，不影响校验。卷宗和图层均不改动。\n"
        "地块（可选）：当时提交的地块图层，逐一与卷宗比对。规则包（可选）：不用卷宗中的原文，而用指定文件夹的规则包。",
        "Screens the dossier's sites again over the layers given, by the rule packs that the dossier keeps word for "
        "word and its answers, and compares the seal and every cell of every table (equal within 1 mm, 0.001 m² or "
        "1e-9). It lists what differs: site, layer, law, check profile, access list, answer, setting or result. "
        "Versions of software, and law that has changed since, stand beside and do not count. Nothing is changed.\n"
        "Sites (optional): the layer handed in then, compared site by site. Rule packs (optional): judge by those of "
        "a folder instead of the dossier's own.",
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        toml = str(Text("图层配置 (*.toml)", "Layer sets (*.toml)"))
        layers, dossier = str(Text("图层配置", "Layer set")), str(Text("筛查卷宗", "Dossier"))
        packs, sites = (
            str(Text("规则包文件夹", "Folder of rule packs")),
            str(Text("当时提交的地块", "Sites as handed in")),
        )
        differences, table = str(Text("差异", "Differences")), QgsProcessing.SourceType.TypeVector
        self.addParameter(QgsProcessingParameterFile("DOSSIER", dossier, FOLDER))
        self.addParameter(QgsProcessingParameterFile("LAYER_SET", layers, FILE, fileFilter=toml))
        self.addParameter(QgsProcessingParameterFile("RULE_PACKS", packs, FOLDER, optional=True))
        self.addParameter(QgsProcessingParameterFeatureSource("SITES", sites, ANY_VECTOR, optional=True))
        self.addParameter(QgsProcessingParameterFeatureSink("DIFFERENCES", differences, table))
        self.addOutput(QgsProcessingOutputBoolean("CONFIRMED", str(Text("是否一致", "Agrees"))))
        self.addOutput(QgsProcessingOutputString("NUMBER", str(Text("重新计算的数据校验码", "Number of the re-run"))))

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        progress: Progress,
    ) -> dict[str, Any]:
        """Judge again, compare, and write the differences."""
        from ..engine import verify_seal
        from . import frames

        given = parameters.get("SITES") not in (None, "")
        checked = verify_seal(
            self.path(parameters, "DOSSIER", context),
            self.path(parameters, "LAYER_SET", context),
            packs=self.path(parameters, "RULE_PACKS", context),
            sites=frames.path_or_frame(self, parameters, "SITES", context, progress.part(0.0, 0.1)) if given else None,
            progress=progress.part(0.1, 0.9),
        )
        for row in checked.differences.head(SHOWN).itertuples():
            feedback.pushInfo(f"{row.part}  {row.item}  {row.field}: {row.sealed} → {row.now}")
        if checked.confirmed:
            feedback.pushInfo(f"{checked.sealed}  {AGREES}")
        else:
            feedback.pushWarning(f"{checked.sealed} → {checked.computed}  {DIFFERS}")
        written = frames.write(self, parameters, "DIFFERENCES", context, checked.differences, progress.part(0.9, 1.0))
        return {"DIFFERENCES": written, "CONFIRMED": checked.confirmed, "NUMBER": checked.computed}

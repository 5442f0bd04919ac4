"""What all algorithms share: group, icon, help, the way errors and progress cross into Processing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
)
from qgis.PyQt.QtGui import QIcon

from ...layers.errors import EcoRedlineError
from ...layers.progress import Progress
from ...layers.texts import Text, language
from .defaults import DEFAULTS
from .own_thread import in_own_thread
from .runtime import probe

ROOT = Path(__file__).parent.parent.parent
ICON = ROOT / "styles" / "icon.svg"
HELP_PAGES = ROOT / "plugin" / "help"
SAMPLE = ("sample", Text("示范数据", "Sample data"))
SCREENING = ("screening", Text("筛查", "Screening"))
RESTORATION = ("restoration", Text("生态修复", "Restoration"))
PAPERS = ("papers", Text("文书与附图", "Papers and maps"))


def progress_of(feedback: QgsProcessingFeedback) -> Progress:
    """Return the progress of the core that reports to the feedback and stops when the user cancels there."""

    def report(share: float, text: Text | None) -> None:
        feedback.setProgress(100 * share)
        if text is not None:
            feedback.setProgressText(str(text))

    return Progress(report, feedback.isCanceled)


class Algorithm(QgsProcessingAlgorithm):
    """Base of the algorithms: a subclass declares texts and parameters and implements `work`."""

    ID: ClassVar[str]
    TITLE: ClassVar[Text]
    HELP: ClassVar[Text]
    GROUP: ClassVar[tuple[str, Text]]
    PREFILLED: ClassVar[tuple[str, ...]] = ("LAYER_SET", "PROFILE", "RULE_PACKS", "SECRECY")

    def addParameter(self, definition: QgsProcessingParameterDefinition, createOutput: bool = True) -> bool:
        """Add a parameter, prefilled with what the user chose for all projects."""
        if definition.name() in self.PREFILLED:
            chosen = DEFAULTS.value(definition.name())
            if chosen is not None:
                definition.setDefaultValue(chosen)
        return super().addParameter(definition, createOutput)

    def createInstance(self) -> QgsProcessingAlgorithm:
        """Return a new algorithm of the same kind."""
        return type(self)()

    def name(self) -> str:
        """Return the second half of the id."""
        return self.ID

    def displayName(self) -> str:
        """Return the title in the toolbox."""
        return str(self.TITLE)

    def group(self) -> str:
        """Return the group's title."""
        return str(self.GROUP[1])

    def groupId(self) -> str:
        """Return the group's id."""
        return self.GROUP[0]

    def icon(self) -> QIcon:
        """Return the icon in the toolbox."""
        return QIcon(str(ICON))

    def tags(self) -> list[str]:
        """Return the title in both languages, so that a search finds either."""
        return [*self.TITLE.en.lower().split(), self.TITLE.zh]

    def shortHelpString(self) -> str:
        """Return the help beside the parameters."""
        return str(self.HELP)

    def helpUrl(self) -> str:
        """Return the place in the offline help that the Help button opens."""
        return f"{(HELP_PAGES / f'{language()}.html').as_uri()}#{self.ID}"

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Run, and turn an error of the product into one that Processing shows."""
        try:
            probe()
            return in_own_thread(lambda: self.work(parameters, context, feedback, progress_of(feedback)))
        except EcoRedlineError as error:
            raise QgsProcessingException(str(error)) from error

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        progress: Progress,
    ) -> dict[str, Any]:
        """Do the work and return the outputs by name."""
        raise NotImplementedError

    def path(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> Path | None:
        """Return a file or folder parameter, or None where it was left empty."""
        text = self.parameterAsString(parameters, name, context)
        return Path(text) if text else None

    def raster(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> Path | None:
        """Return the file of a raster parameter, or None where it was left empty."""
        if parameters.get(name) in (None, ""):
            return None
        layer = self.parameterAsRasterLayer(parameters, name, context)
        path = Path(layer.source()) if layer is not None else None
        if path is None or not path.is_file():
            raise QgsProcessingException(
                str(Text(f"{name}：须为本机的栅格文件", f"{name}: has to be a raster file of this machine"))
            )
        return path

    def day(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> date | None:
        """Return a date parameter, or None where it was left empty."""
        if parameters.get(name) in (None, ""):
            return None
        moment = self.parameterAsDateTime(parameters, name, context)
        if not moment.isValid():
            raise QgsProcessingException(
                str(Text(f"{name}：日期应写作 2026-11-01", f"{name}: write the date like 2026-11-01"))
            )
        return moment.date().toPyDate()

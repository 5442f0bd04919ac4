"""The provider `ecoredline` of QGIS Processing."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .bankbuffers import BankBuffers
from .bankoccupancy import BankOccupancy
from .base import ICON
from .checkrules import CheckRules
from .checktyped import CheckTyped
from .exportmaps import ExportMaps
from .exportproof import ExportProof
from .exportreport import ExportReport
from .importsites import ImportSites
from .sampledistrict import SampleDistrictAlgorithm
from .screenprojects import ScreenProjects
from .screenrestoration import ScreenRestoration
from .verifyseal import VerifySeal
from .watchredline import WatchRedLine

ALGORITHMS = (
    SampleDistrictAlgorithm,
    ImportSites,
    ScreenProjects,
    ScreenRestoration,
    CheckRules,
    BankBuffers,
    BankOccupancy,
    WatchRedLine,
    ExportProof,
    ExportReport,
    CheckTyped,
    ExportMaps,
    VerifySeal,
)


class EcoRedlineProvider(QgsProcessingProvider):
    """Offers every algorithm of the plugin."""

    def id(self) -> str:
        """Return the first half of every algorithm's id."""
        return "ecoredline"

    def name(self) -> str:
        """Return the name shown in the toolbox."""
        return "EcoRedline 生态红线筛查"

    def icon(self) -> QIcon:
        """Return the icon shown in the toolbox."""
        return QIcon(str(ICON))

    def loadAlgorithms(self) -> None:
        """Add the algorithms; none of them loads a heavy library before it runs."""
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())

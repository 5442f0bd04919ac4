"""The plugin as QGIS sees it: it wires, and takes every wire out again."""

from __future__ import annotations

from pathlib import Path

from qgis.core import Qgis, QgsApplication
from qgis.gui import QgisInterface
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from ..layers import texts
from ..layers.texts import Text
from ..processing.algorithms.provider import EcoRedlineProvider
from .messages import Messages

ICON = Path(__file__).parent.parent / "styles" / "icon.svg"
MENU = "EcoRedline 生态红线筛查"
SCREEN = "ecoredline:screenprojects"


class EcoRedlinePlugin:
    """Adds the provider, a menu entry and a toolbar button.

    Parameters
    ----------
    iface : QgisInterface or None
        None under `qgis_process`, which has no window.
    """

    def __init__(self, iface: QgisInterface | None) -> None:
        self.iface = iface
        self.provider: EcoRedlineProvider | None = None
        self.action: QAction | None = None

    def initProcessing(self) -> None:
        """Choose the language and add the provider; `qgis_process` calls nothing else."""
        texts.use(QgsApplication.locale())
        self.provider = EcoRedlineProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self) -> None:
        """Add everything that the window shows."""
        self.initProcessing()
        title = str(Text("筛查项目地块…", "Screen project sites…"))
        self.action = QAction(QIcon(str(ICON)), title, self.iface.mainWindow())
        self.action.setObjectName("ecoredline_screenprojects")
        self.action.triggered.connect(self.screen)
        self.iface.addPluginToMenu(MENU, self.action)
        self.iface.addToolBarIcon(self.action)

    def unload(self) -> None:
        """Take out what `initGui` and `initProcessing` added."""
        if self.action is not None:
            self.iface.removeToolBarIcon(self.action)
            self.iface.removePluginMenu(MENU, self.action)
            self.action.deleteLater()
            self.action = None
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None

    def screen(self) -> None:
        """Open the dialog of `screenprojects`."""
        from qgis import processing

        if QgsApplication.processingRegistry().algorithmById(SCREEN) is None:
            Messages(self.iface).show(
                Text("无法打开筛查对话框", "The screening dialog cannot be opened"),
                Text("“处理”工具箱中没有 EcoRedline。", "The Processing toolbox does not hold EcoRedline."),
                Text(
                    "请在“插件”中启用“Processing”，在“设置”→“选项”→“处理”中激活 EcoRedline 后重试。",
                    "Enable the Processing plugin, and EcoRedline under Settings → Options → Processing.",
                ),
                Qgis.MessageLevel.Critical,
            )
            return
        processing.execAlgorithmDialog(SCREEN)

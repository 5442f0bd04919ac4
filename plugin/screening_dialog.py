"""The part that opens the dialog of `screenprojects`: many sites in one run."""

from __future__ import annotations

from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from ..layers.texts import Text
from .desk import ICON, MENU, Desk

SCREEN = "ecoredline:screenprojects"


class ScreeningDialog:
    """A menu entry for the dialog of the algorithm."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.action: QAction | None = None

    def load(self) -> None:
        """Add the menu entry."""
        title = str(Text("批量筛查项目地块…", "Screen many project sites…"))
        self.action = QAction(QIcon(str(ICON)), title, self.desk.iface.mainWindow())
        self.action.setObjectName("ecoredline_screenprojects")
        self.action.triggered.connect(self.open)
        self.desk.iface.addPluginToMenu(MENU, self.action)

    def unload(self) -> None:
        """Take the menu entry out."""
        if self.action is not None:
            self.desk.iface.removePluginMenu(MENU, self.action)
            self.action.deleteLater()
            self.action = None

    def open(self) -> None:
        """Open the dialog of `screenprojects`."""
        from qgis import processing

        if QgsApplication.processingRegistry().algorithmById(SCREEN) is None:
            self.desk.messages.show(
                Text("无法打开筛查对话框", "The screening dialog cannot be opened"),
                Text("“数据处理”工具箱中没有 EcoRedline。", "The Processing toolbox does not hold EcoRedline."),
                Text(
                    "请在“插件”中启用“Processing”，在“设置”→“选项”→“数据处理”中激活 EcoRedline 后重试。",
                    "Enable the Processing plugin, and EcoRedline under Settings → Options → Processing.",
                ),
                Qgis.MessageLevel.Critical,
            )
            return
        processing.execAlgorithmDialog(SCREEN)

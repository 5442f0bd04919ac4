"""Lines for files and folders, each of their inner controls named for screen readers."""

from __future__ import annotations

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtWidgets import QToolButton

from ..layers.texts import Text


def name_controls(widget: QgsFileWidget, name: Text) -> None:
    """Name the line, its dialog and the buttons beside it after what is chosen there."""
    browse = Text(f"浏览：{name.zh}", f"Browse: {name.en}")
    widget.setDialogTitle(str(name))
    widget.setAccessibleName(str(name))
    widget.lineEdit().setAccessibleName(str(name))
    for button in widget.findChildren(QToolButton):
        button.setAccessibleName(str(browse))
        button.setToolTip(str(browse))
    widget.setFocusProxy(widget.lineEdit())

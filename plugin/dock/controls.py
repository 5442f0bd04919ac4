"""Controls of the dock, each with a name for screen readers and a hint."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsApplication
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from ...layers.texts import EMPTY, Text


def named(widget: QWidget, name: str, text: Text, tip: Text = EMPTY) -> QWidget:
    """Give a control its object name, its name for screen readers and its hint."""
    widget.setObjectName(f"ecoredline_{name}")
    widget.setAccessibleName(str(text))
    if str(tip):
        widget.setToolTip(str(tip))
        widget.setAccessibleDescription(str(tip))
    return widget


def icon(name: str) -> QIcon:
    """Return an icon of the theme of QGIS, which follows dark themes."""
    return QgsApplication.getThemeIcon(name)


def button(name: str, text: Text, pressed: Callable[[], None], tip: Text = EMPTY, theme_icon: str = "") -> QPushButton:
    """Return a push button."""
    made = QPushButton(str(text))
    if theme_icon:
        made.setIcon(icon(theme_icon))
    named(made, name, text, tip)
    made.clicked.connect(lambda _checked=False: pressed())
    return made


def tool(name: str, text: Text, theme_icon: str, checkable: bool = False, tip: Text = EMPTY) -> QToolButton:
    """Return a tool button that shows its text beside its icon."""
    from qgis.PyQt.QtCore import Qt

    made = QToolButton()
    made.setText(str(text))
    made.setIcon(icon(theme_icon))
    made.setCheckable(checkable)
    made.setAutoRaise(False)
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    named(made, name, text, tip)
    return made


def words(text: str, name: str = "", heavy: bool = False) -> QLabel:
    """Return a label that wraps and whose text can be selected by mouse and keyboard."""
    from qgis.PyQt.QtCore import Qt

    made = QLabel(text)
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if heavy:
        font = made.font()
        font.setBold(True)
        made.setFont(font)
    if name:
        made.setObjectName(f"ecoredline_{name}")
    return made


def dialog_buttons(dialog: QDialog, accept: Text = EMPTY) -> QDialogButtonBox:
    """Return buttons that end a dialog, in the language of the product: its own word and 取消, or 关闭 alone."""
    box = QDialogButtonBox()
    if str(accept):
        done = box.addButton(str(accept), QDialogButtonBox.ButtonRole.AcceptRole)
        named(done, "accept", accept)
        stop = Text("取消", "Cancel")
    else:
        stop = Text("关闭", "Close")
    named(box.addButton(str(stop), QDialogButtonBox.ButtonRole.RejectRole), "reject", stop)
    box.accepted.connect(dialog.accept)
    box.rejected.connect(dialog.reject)
    return box


def accept_button(box: QDialogButtonBox) -> QPushButton:
    """Return the button that accepts."""
    return next(b for b in box.buttons() if box.buttonRole(b) == QDialogButtonBox.ButtonRole.AcceptRole)

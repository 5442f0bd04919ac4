"""What a person without a mouse, or without sight, misses in a widget."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QScrollBar,
    QTabBar,
    QTabWidget,
    QTextEdit,
    QWidget,
)

CONTROLS = (
    QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit,
    QProgressBar, QTextEdit,
)  # fmt: skip
# whose inner widgets are theirs: named by the outer one, reached by its keys
WHOLE = (QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QTabBar)


def controls(root: QWidget) -> list[QWidget]:
    """Return the controls below a widget, those in folded pages included, without what is inside another control."""
    return [
        each for each in root.findChildren(QWidget)
        if isinstance(each, CONTROLS) and not isinstance(each, QHeaderView | QScrollBar) and not _inside(each, root)
    ]  # fmt: skip


def _inside(widget: QWidget, root: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None and parent is not root:
        if isinstance(parent, WHOLE):
            return True
        parent = parent.parentWidget()
    return False


def name_of(control: QWidget, root: QWidget) -> str:
    """Return what a screen reader says: the accessible name, the text of a button, or that of the label before it."""
    if control.accessibleName():
        return control.accessibleName()
    if isinstance(control, QAbstractButton):
        return control.text().replace("&", "")
    parent = control.parentWidget()
    if isinstance(parent, QTabWidget):
        return parent.accessibleName()
    labels = (each for each in root.findChildren(QLabel) if each.buddy() is control)
    return next((each.text() for each in labels), "")


def faults(root: QWidget) -> list[str]:
    """Return the controls that have no name, or that no key reaches."""
    found = []
    for each in controls(root):
        about = f"{type(each).__name__} {each.objectName() or '?'} in {type(each.parentWidget()).__name__}"
        if not any(sign.isalpha() for sign in name_of(each, root)):
            found.append(f"no name: {about}")
        if not isinstance(each, QProgressBar) and not _reached(each):
            found.append(f"no key reaches: {about}")
    return found


def _reached(control: QWidget) -> bool:
    return bool(control.focusPolicy() & Qt.FocusPolicy.TabFocus) or isinstance(control.parentWidget(), QTabBar)

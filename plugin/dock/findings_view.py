"""The findings of one site, grouped by verdict; the chosen one is told in full."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QBrush, QColor, QKeyEvent, QPalette
from qgis.PyQt.QtWidgets import QSplitter, QTextBrowser, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from ...layers.texts import Text
from .controls import named
from .finding_text import finding_html
from .told import Finding, SiteTold

FINDING = Qt.ItemDataRole.UserRole
NONE = Text("没有发现。未核查的事项见“待补充”。", "No finding. What was not checked stands under “To complete”.")


class _Tree(QTreeWidget):
    """A tree that tells when a person walks to an item by the keyboard, not when it chooses one by itself."""

    walked = pyqtSignal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell of the item that the key led to, or that Return was pressed on."""
        before = self.currentItem()
        super().keyPressEvent(event)
        pressed = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if self.currentItem() is not None and (pressed or self.currentItem() is not before):
            self.walked.emit(self.currentItem())


class FindingsView(QWidget):
    """A tree of findings above the text of the one that is chosen.

    Signals
    -------
    chosen
        With a `Finding`: show it on the map.
    """

    chosen = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.findings: tuple[Finding, ...] = ()
        self.tree = _Tree()
        named(
            self.tree,
            "findings",
            Text("筛查发现", "Findings"),
            Text("选中一条即在地图上显示", "Choose one to see it on the map"),
        )
        self.tree.setHeaderHidden(True)
        self.tree.setWordWrap(True)
        self.tree.setColumnCount(1)
        self.tree.setIndentation(14)
        self.tree.currentItemChanged.connect(self._describe)
        self.tree.walked.connect(self._tell)
        self.tree.itemClicked.connect(lambda item, _column: self._tell(item))
        self.text = QTextBrowser()
        named(self.text, "finding_text", Text("条文与数值", "Clause and figures"))
        self.text.setOpenExternalLinks(False)
        self.text.setTabChangesFocus(True)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.tree)
        splitter.addWidget(self.text)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def show_site(self, site: SiteTold | None) -> None:
        """Fill in the findings of a site; the one that was chosen stays so, without moving the map."""
        before = self.current()
        self.tree.blockSignals(True)
        self.tree.clear()
        self.findings = site.findings if site else ()
        self._fill(site)
        again = next((item for item in self._items() if _same(item.data(0, FINDING), before)), None)
        if again is not None:
            self.tree.setCurrentItem(again)
        self.tree.blockSignals(False)
        self._describe()

    def current(self) -> Finding | None:
        """Return the finding that is chosen."""
        item = self.tree.currentItem()
        return item.data(0, FINDING) if item is not None else None

    def _items(self) -> list[QTreeWidgetItem]:
        tops = [self.tree.topLevelItem(i) for i in range(self.tree.topLevelItemCount())]
        return [top.child(i) for top in tops for i in range(top.childCount())]

    def _fill(self, site: SiteTold | None) -> None:
        if site is None:
            return
        if not site.findings:
            self.tree.addTopLevelItem(QTreeWidgetItem([str(NONE)]))
            return
        from ...processing.engine.words import VERDICT_TEXTS, Verdict
        from ...processing.report.palette import looks

        groups: dict[str, list[Finding]] = {}
        for finding in site.findings:
            groups.setdefault(finding.verdict, []).append(finding)
        dark = self.palette().color(QPalette.ColorRole.Base).lightness() < 128
        for verdict, found in groups.items():
            look = looks()[verdict]
            top = QTreeWidgetItem([f"{look.symbol} {VERDICT_TEXTS[Verdict(verdict)]}（{len(found)}）"])
            font = top.font(0)
            font.setBold(True)
            top.setFont(0, font)
            colour = QColor(look.colour)
            top.setForeground(0, QBrush(QColor(look.fill) if dark else colour))
            self.tree.addTopLevelItem(top)
            for finding in found:
                child = QTreeWidgetItem([_line(finding)])
                child.setData(0, FINDING, finding)
                child.setToolTip(0, finding.law)
                child.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{finding.words}：{_line(finding)}")
                top.addChild(child)
            top.setExpanded(True)

    def _tell(self, item: QTreeWidgetItem) -> None:
        finding = item.data(0, FINDING)
        if finding is not None:
            self.chosen.emit(finding)

    def _describe(self, *_: object) -> None:
        finding = self.current()
        self.text.setHtml(finding_html(finding) if finding is not None else "")


def _line(finding: Finding) -> str:
    head = finding.citation or finding.rule_id
    measured = next((value for label, value in finding.figures if label.zh == "重叠面积"), "")
    if not measured:
        measured = next((value for label, value in finding.figures if label.zh == "距离"), "")
    open_ = f" · {Text('例外待核', 'exception open')}" if finding.condition else ""
    return f"{head}\n{finding.role_name} {finding.subject}  {measured}{open_}".rstrip()


def _same(one: Finding | None, other: Finding | None) -> bool:
    if one is None or other is None:
        return False
    return (one.rule_id, one.role, one.feature_id) == (other.rule_id, other.role, other.feature_id)

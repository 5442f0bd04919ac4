"""Two runs side by side: the verdict of each site in both, and the findings that only one of them has."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import (
    QDialog,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...layers.texts import Text
from .controls import dialog_buttons, named, words
from .told import RunTold, SiteTold

TITLE = Text("两次筛查并排比较", "Two runs side by side")
SAME = Text("发现相同", "the same findings")
MISSING = "—"


def difference(older: SiteTold | None, newer: SiteTold | None) -> str:
    """Return which findings only one of two results has, or came to another verdict in it."""
    sides = [{(f.rule_id, f.feature_id): f for f in (site.findings if site else ())} for site in (older, newer)]
    lines = []
    for key in dict.fromkeys([*sides[0], *sides[1]]):
        one, other = (side.get(key) for side in sides)
        if one is not None and other is not None and one.verdict == other.verdict and one.condition == other.condition:
            continue
        shown = other or one
        before, after = (str(each.words) if each is not None else MISSING for each in (one, other))
        lines.append(f"{shown.citation or shown.rule_id} {shown.subject}：{before} → {after}")
    return "\n".join(lines)


class CompareDialog(QDialog):
    """A table of sites with both verdicts."""

    def __init__(self, older: RunTold, newer: RunTold, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ecoredline_compare_dialog")
        self.setWindowTitle(str(TITLE))
        self.resize(900, 520)
        layout = QVBoxLayout(self)
        self.table = QTreeWidget()
        named(self.table, "comparison", TITLE)
        heads = (str(Text("地块", "Site")), _head(older), _head(newer), str(Text("差异", "Difference")))
        self.table.setHeaderLabels(heads)
        self.table.setRootIsDecorated(False)
        self.table.setWordWrap(True)
        for site_id in dict.fromkeys([*older.sites, *newer.sites]):
            one, other = older.sites.get(site_id), newer.sites.get(site_id)
            differs = difference(one, other)
            item = QTreeWidgetItem([site_id, _cell(one), _cell(other), differs or str(SAME)])
            item.setToolTip(3, differs)
            self.table.addTopLevelItem(item)
        header = self.table.header()
        for column in range(3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        layout.addWidget(self.table, 1)
        note = Text("数据校验码（非印章）", "Seal number (no stamp)")
        layout.addWidget(words(f"{note}：{older.seal[:16]}… / {newer.seal[:16]}…"))
        layout.addWidget(dialog_buttons(self))


def _head(run: RunTold) -> str:
    return f"{run.made_at[:16].replace('T', ' ')} · {Text('基准日', 'as of')} {run.as_of}"


def _cell(site: SiteTold | None) -> str:
    if site is None:
        return MISSING
    from ...processing.report.palette import looks

    return f"{looks()[site.look].symbol} {site.words}"

"""Every rule with its outcome of the five for one site, and why."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...layers.texts import Text
from .controls import dialog_buttons, named, words
from .told import RunTold, SiteTold

TITLE = Text("逐条规则结果", "All rules")
EVERY = Text("全部结果", "all outcomes")
OUTCOME = Qt.ItemDataRole.UserRole
Row = tuple[str, str, str, Text, Text, str]  # rule, citation, outcome, its words, why, wording


def outcome_rows(run: RunTold, site_id: str) -> tuple[Row, ...]:
    """Return the rows of the table, taken from the screening inside a task."""
    from ...processing.engine.words import OUTCOME_TEXTS, Outcome

    outcomes = run.screening.outcomes(site_id)
    laws = run.screening.rules.set_index("rule_id")
    return tuple(
        (
            str(row.rule_id),
            str(laws.at[row.rule_id, "citation"]),
            str(row.outcome),
            OUTCOME_TEXTS[Outcome(row.outcome)],
            Text(str(row.why), str(row.why_en)),
            str(laws.at[row.rule_id, "text"]),
        )
        for row in outcomes.itertuples(index=False)
    )


class OutcomesDialog(QDialog):
    """A table that can be filtered by outcome and searched."""

    def __init__(self, site: SiteTold, rows: Sequence[Row], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ecoredline_outcomes_dialog")
        self.setWindowTitle(f"{TITLE} · {site.site_id}")
        self.resize(820, 560)
        layout, row = QVBoxLayout(self), QHBoxLayout()
        self.filter, self.find = QComboBox(), QLineEdit()
        named(self.filter, "outcome_filter", Text("结果", "Outcome"))
        named(self.find, "outcome_find", Text("查找", "Find"))
        self.find.setPlaceholderText(str(Text("查找条文、编号…", "Find a clause or id…")))
        self.find.setClearButtonEnabled(True)
        self.filter.addItem(f"{EVERY}（{len(rows)}）", "")
        for outcome in dict.fromkeys(one[2] for one in rows):
            same = [one for one in rows if one[2] == outcome]
            self.filter.addItem(f"{same[0][3]}（{len(same)}）", outcome)
        row.addWidget(self.filter)
        row.addWidget(self.find, 1)
        layout.addLayout(row)
        self.table = QTreeWidget()
        named(self.table, "outcomes", TITLE)
        heads = (Text("规则", "Rule"), Text("条文", "Clause"), Text("结果", "Outcome"), Text("原因", "Why"))
        self.table.setHeaderLabels(list(map(str, heads)))
        self.table.setRootIsDecorated(False)
        self.table.setAlternatingRowColors(True)
        for rule_id, citation, outcome, told, why, wording in rows:
            item = QTreeWidgetItem([rule_id, citation, str(told), str(why)])
            item.setData(0, OUTCOME, outcome)
            item.setToolTip(1, wording)
            item.setData(1, OUTCOME, wording)
            self.table.addTopLevelItem(item)
        header = self.table.header()
        header.setStretchLastSection(False)
        for column in (0, 2, 3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        layout.addWidget(self.table, 1)
        self.wording = words("", "outcome_wording")
        layout.addWidget(self.wording)
        layout.addWidget(dialog_buttons(self))
        self.filter.currentIndexChanged.connect(self._filter)
        self.find.textChanged.connect(self._filter)
        self.table.currentItemChanged.connect(self._tell)

    def _filter(self, *_: object) -> None:
        outcome, text = self.filter.currentData(), self.find.text().strip().casefold()
        for i in range(self.table.topLevelItemCount()):
            item = self.table.topLevelItem(i)
            told = " ".join(item.text(c) for c in range(4)).casefold() + str(item.data(1, OUTCOME)).casefold()
            item.setHidden(bool(outcome and item.data(0, OUTCOME) != outcome) or text not in told)

    def _tell(self, item: QTreeWidgetItem | None, *_: object) -> None:
        self.wording.setText(str(item.data(1, OUTCOME)) if item is not None else "")

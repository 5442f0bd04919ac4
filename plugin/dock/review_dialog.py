"""人工复核意见: what a person makes of the computed verdict, which stays beside it."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from ...layers.texts import Text
from .controls import accept_button, dialog_buttons, named, words
from .persons import remember_person, remembered_person
from .told import SiteTold

TITLE = Text("人工复核意见", "Review by a person")
KEPT = Text(
    "计算结论保留不变，复核意见记在旁边，并随本次筛查一同留存。",
    "The computed verdict stays as it is; the review stands beside it and is kept with the run.",
)


class ReviewDialog(QDialog):
    """Reviewed verdict, reason and name; all three are needed."""

    def __init__(self, site: SiteTold, parent: QWidget | None = None) -> None:
        from ...processing.engine.words import VERDICT_TEXTS, Verdict

        super().__init__(parent)
        self.setObjectName("ecoredline_review_dialog")
        self.setWindowTitle(f"{TITLE} · {site.site_id}")
        self.setMinimumWidth(460)
        layout, form = QVBoxLayout(self), QFormLayout()
        layout.addWidget(words(f"{Text('计算结论', 'Computed verdict')}：{site.words}", heavy=True))
        layout.addWidget(words(str(KEPT)))
        self.verdict = QComboBox()
        for verdict in Verdict:
            self.verdict.addItem(str(VERDICT_TEXTS[verdict]), verdict.value)
        self.verdict.setCurrentIndex(self.verdict.findData(site.verdict))
        self.reason = QPlainTextEdit()
        self.reason.setTabChangesFocus(True)
        self.reason.setMaximumHeight(110)
        self.who = QLineEdit(remembered_person())
        for label, field, name in (
            (Text("复核结论", "Reviewed verdict"), self.verdict, "verdict"),
            (Text("理由", "Reason"), self.reason, "reason"),
            (Text("复核人", "Reviewer"), self.who, "who"),
        ):
            named(field, f"review_{name}", label)
            form.addRow(str(label), field)
        layout.addLayout(form)
        self.buttons = dialog_buttons(self, Text("写入", "Write"))
        layout.addWidget(self.buttons)
        self.reason.textChanged.connect(self._allow)
        self.who.textChanged.connect(self._allow)
        self._allow()

    def _allow(self, *_: object) -> None:
        ready = bool(self.reason.toPlainText().strip()) and bool(self.who.text().strip())
        accept_button(self.buttons).setEnabled(ready)

    def given(self) -> tuple[str, str, str]:
        """Return reviewed verdict, reason and name."""
        remember_person(self.who.text().strip())
        return str(self.verdict.currentData()), self.reason.toPlainText().strip(), self.who.text().strip()

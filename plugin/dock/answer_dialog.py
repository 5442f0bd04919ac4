"""A question of a rule put to a person, who answers with name, day and reason."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ...layers.texts import Text
from .controls import accept_button, dialog_buttons, named, words
from .persons import remember_person, remembered_person

if TYPE_CHECKING:
    from ...processing.engine.dossier.asking import Question

TITLE = Text("回答问题", "Answer a question")
CHOICES = ((Text("是", "Yes"), "是"), (Text("否", "No"), "否"), (Text("撤回答复", "Withdraw the answer"), ""))


class AnswerDialog(QDialog):
    """Yes or no, who, why; the day is that of the answer."""

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ecoredline_answer")
        self.setWindowTitle(f"{TITLE} · {question.rule_id}")
        self.setMinimumWidth(460)
        layout = QVBoxLayout(self)
        layout.addWidget(words(str(question.text), heavy=True))
        row, self.group = QHBoxLayout(), QButtonGroup(self)
        for n, (text, _) in enumerate(CHOICES):
            choice = QRadioButton(str(text))
            named(choice, f"answer_{n}", text)
            self.group.addButton(choice, n)
            row.addWidget(choice)
        row.addStretch(1)
        layout.addLayout(row)
        form = QFormLayout()
        self.who = QLineEdit(remembered_person())
        self.why = QPlainTextEdit()
        self.why.setTabChangesFocus(True)
        self.why.setMaximumHeight(90)
        for label, field, name in ((Text("答复人", "Who"), self.who, "who"), (Text("理由", "Why"), self.why, "why")):
            named(field, f"answer_{name}", label)
            form.addRow(str(label), field)
        layout.addLayout(form)
        self.buttons = dialog_buttons(self, Text("记下答复", "Note the answer"))
        layout.addWidget(self.buttons)
        self.group.idToggled.connect(self._allow)
        self.who.textChanged.connect(self._allow)
        self._allow()

    def _allow(self, *_: object) -> None:
        ready = self.group.checkedId() >= 0 and bool(self.who.text().strip())
        accept_button(self.buttons).setEnabled(ready)

    def given(self) -> dict[str, str]:
        """Return answer, who, when and why."""
        remember_person(self.who.text().strip())
        return {
            "answer": CHOICES[self.group.checkedId()][1],
            "who": self.who.text().strip(),
            "when": datetime.now().isoformat(sep=" ", timespec="minutes"),
            "why": self.why.toPlainText().strip(),
        }

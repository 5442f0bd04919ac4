"""What stayed open at one site, grouped by the one thing that cures it, each with the button that does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QShowEvent
from qgis.PyQt.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ...layers.role import role
from ...layers.site_columns import site_columns
from ...layers.texts import Text
from .controls import button, words
from .told import Gap, RunTold, SiteTold

NOTHING = Text("没有待补充的事项。", "Nothing is left to complete.")
LAYERS = Text("补充图层", "Add layers")
ANSWERS = Text("回答问题", "Answer questions")
FACTS = Text("填写项目信息", "Fill in the project")
OTHERS = Text("其他", "Other matters")
ANSWER = Text("回答…", "Answer…")


@dataclass(frozen=True)
class Card:
    """One open point: under which heading, what it is, and what cures it where the dock can."""

    heading: Text
    text: str
    key: str = ""
    act: Text | None = None
    do: Callable[[], None] | None = None


class OpenPoints(QScrollArea):
    """Cards, one per cure; their widgets are made only once they are looked at.

    Signals
    -------
    role_wanted
        Choose a layer for the role.
    fill_wanted
        Fill in a column of the site.
    answer_wanted
        Answer a `Question` of engine/dossier/asking.py.
    """

    role_wanted = pyqtSignal(str)
    fill_wanted = pyqtSignal(str)
    answer_wanted = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: tuple[Card, ...] = ()
        self._built = False
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(str(Text("待补充的事项", "To complete")))

    def show_site(self, run: RunTold | None, site: SiteTold | None) -> None:
        """Take in what is open at a site."""
        self.cards, self._built = (), False
        if run is not None and site is not None:
            self.cards = (*self._facts(site), *self._questions(site), *self._gaps(run), *_rest(site))
        if self.isVisible():
            self._build()

    def showEvent(self, event: QShowEvent) -> None:
        """Make the widgets when they are first seen."""
        super().showEvent(event)
        if not self._built:
            self._build()

    def _build(self) -> None:
        self._built = True
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(2, 4, 6, 4)
        heading = None
        for card in self.cards:
            if card.heading is not heading:
                heading = card.heading
                layout.addWidget(words(str(heading), heavy=True))
            layout.addWidget(words(card.text))
            if card.act is not None and card.do is not None:
                made = button(f"cure_{card.key}", card.act, card.do)
                made.setAccessibleDescription(card.text)
                layout.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)
        if not self.cards:
            layout.addWidget(words(str(NOTHING)))
        layout.addStretch(1)
        self.setWidget(inner)

    def _facts(self, site: SiteTold) -> Iterator[Card]:
        names = {column.name: column.text for column in site_columns()}
        for name, ids in (site.asked.columns if site.asked else {}).items():
            label = names.get(name, Text(name, name))
            text = Text(f"{label.zh}：{len(ids)} 条规则待判", f"{label.en}: {len(ids)} rule(s) wait for it")
            act = Text(f"填写{label.zh}", f"Fill in {label.en}")
            yield Card(FACTS, str(text), f"fill_{name}", act, lambda name=name: self.fill_wanted.emit(name))

    def _questions(self, site: SiteTold) -> Iterator[Card]:
        for n, question in enumerate(site.asked.questions if site.asked else (), 1):
            text = f"{question.rule_id}：{question.text}"
            yield Card(ANSWERS, text, f"answer_{n}", ANSWER, lambda one=question: self.answer_wanted.emit(one))

    def _gaps(self, run: RunTold) -> Iterator[Card]:
        for gap in run.gaps:
            n = len(gap.rule_ids)
            tail = Text(f"（{n} 条规则待判）", f" ({n} rule(s) wait for it)") if n else ""
            if not _by_layer(gap):
                continue
            for role_id in gap.roles:
                name = role(role_id).name
                act = Text(f"选择{name.zh}…", f"Choose {name.en}…")
                do = lambda one=role_id: self.role_wanted.emit(one)  # noqa: E731
                yield Card(LAYERS, f"{gap.cause}{tail}", f"role_{role_id}", act, do)
        for gap in run.gaps:
            if not _by_layer(gap):
                yield Card(OTHERS, f"{gap.cause}\n{gap.cure}")


def _rest(site: SiteTold) -> Iterator[Card]:
    """Yield findings that are open for a cause of the site which neither a column nor an answer cures."""
    settled = {id_ for ids in site.asked.columns.values() for id_ in ids} if site.asked else set()
    for finding in site.findings:
        if finding.verdict == "undetermined" and finding.rule_id not in settled and finding.note.zh:
            yield Card(OTHERS, f"{finding.citation or finding.rule_id}：{finding.note}")


def _by_layer(gap: Gap) -> bool:
    """Tell whether a layer cures it; a text that is not read yet names roles too, but no layer helps."""
    return bool(gap.roles) and "图层" in gap.cure.zh

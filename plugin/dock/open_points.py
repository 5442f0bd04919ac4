"""What stayed open at one site, grouped by the one thing that cures it, each with the button that does it."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import Qt, pyqtSignal
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


class OpenPoints(QScrollArea):
    """Cards, one per cure.

    Signals
    -------
    role_wanted
        Choose a layer for the role.
    fill_wanted
        Fill in a column of the site.
    answer_wanted
        Answer a `Question` of engine/asking.py.
    """

    role_wanted = pyqtSignal(str)
    fill_wanted = pyqtSignal(str)
    answer_wanted = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = 0
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(str(Text("待补充的事项", "To complete")))

    def show_site(self, run: RunTold | None, site: SiteTold | None) -> None:
        """Fill in what is open at a site."""
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(2, 4, 6, 4)
        self.count = 0
        if run is not None and site is not None:
            self._facts(layout, site)
            self._questions(layout, site)
            self._gaps(layout, run)
            self._rest(layout, site)
        if not self.count:
            layout.addWidget(words(str(NOTHING)))
        layout.addStretch(1)
        self.setWidget(inner)

    def _card(
        self,
        layout: QVBoxLayout,
        text: str,
        act: Text | None = None,
        do: Callable[[], None] | None = None,
        key: str = "",
    ) -> None:
        self.count += 1
        layout.addWidget(words(text))
        if act is not None and do is not None:
            row = button(f"cure_{key or self.count}", act, do)
            row.setAccessibleDescription(text)
            layout.addWidget(row, 0, Qt.AlignmentFlag.AlignLeft)

    def _facts(self, layout: QVBoxLayout, site: SiteTold) -> None:
        if site.asked is None or not site.asked.columns:
            return
        layout.addWidget(words(str(FACTS), heavy=True))
        names = {column.name: column.text for column in site_columns()}
        for name, ids in site.asked.columns.items():
            label = names.get(name, Text(name, name))
            text = Text(f"{label.zh}：{len(ids)} 条规则待判", f"{label.en}: {len(ids)} rules wait for it")
            act = Text(f"填写{label.zh}", f"Fill in {label.en}")
            self._card(layout, str(text), act, lambda name=name: self.fill_wanted.emit(name), f"fill_{name}")

    def _questions(self, layout: QVBoxLayout, site: SiteTold) -> None:
        if site.asked is None or not site.asked.questions:
            return
        layout.addWidget(words(str(ANSWERS), heavy=True))
        for n, question in enumerate(site.asked.questions, 1):
            text = f"{question.rule_id}：{question.text}"
            act = Text("回答…", "Answer…")
            self._card(layout, text, act, lambda one=question: self.answer_wanted.emit(one), f"answer_{n}")

    def _gaps(self, layout: QVBoxLayout, run: RunTold) -> None:
        with_role = [gap for gap in run.gaps if gap.roles and _by_layer(gap)]
        if with_role:
            layout.addWidget(words(str(LAYERS), heavy=True))
        for gap in with_role:
            for role_id in gap.roles:
                name = role(role_id).name
                n = len(gap.rule_ids)
                tail = Text(f"（{n} 条规则待判）", f" ({n} rules wait for it)") if n else ""
                act = Text(f"选择{name.zh}…", f"Choose {name.en}…")
                self._card(
                    layout, f"{gap.cause}{tail}", act, lambda one=role_id: self.role_wanted.emit(one), f"role_{role_id}"
                )
        rest = [gap for gap in run.gaps if gap not in with_role]
        if rest:
            layout.addWidget(words(str(OTHERS), heavy=True))
        for gap in rest:
            self._card(layout, f"{gap.cause}\n{gap.cure}")

    def _rest(self, layout: QVBoxLayout, site: SiteTold) -> None:
        """Add findings that are open for a cause of the site which neither a column nor an answer cures."""
        settled = {id_ for ids in site.asked.columns.values() for id_ in ids} if site.asked else set()
        for finding in site.findings:
            if finding.verdict == "undetermined" and finding.rule_id not in settled and finding.note:
                self._card(layout, f"{finding.citation or finding.rule_id}：{finding.note}")


def _by_layer(gap: Gap) -> bool:
    """Tell whether a layer cures it; a text that is not read yet names roles too, but no layer helps."""
    return "图层" in gap.cure

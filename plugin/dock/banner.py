"""The banner: verdict and completeness of the site in view, by colour, symbol and word."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ...layers.texts import Text
from .controls import words
from .told import RunTold, SiteTold

COMPLETE = {
    "complete": Text("完整：应查图层均已核查", "complete: all layers were checked"),
    "partial": Text("部分：尚有选查事项未核查", "partial: optional matters are unchecked"),
    "insufficient": Text("不足：必查图层或必要信息缺失", "insufficient: required layers or facts are missing"),
}
NOTE = Text("初筛意见，不作为许可依据", "A first screening, no administrative act")


class Banner(QFrame):
    """Two lines on a ground in the colour of the verdict.

    Attributes
    ----------
    look : str
        Key of `report.palette.looks`, or empty while nothing is shown.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = ""
        self.setObjectName("ecoredline_banner")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.symbol = QLabel(self)
        self.symbol.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.title = words("", "banner_title", heavy=True)
        self.below = words("", "banner_below")
        self.small = words("", "banner_small")
        lines = QVBoxLayout()
        lines.setSpacing(2)
        for line in (self.title, self.below, self.small):
            lines.addWidget(line)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 8, 10, 8)
        row.addWidget(self.symbol, 0)
        row.addLayout(lines, 1)
        for label, step in ((self.symbol, 6), (self.title, 4)):
            font = label.font()
            font.setPointSizeF(font.pointSizeF() + step)
            label.setFont(font)
        self.clear(
            Text("尚无结果", "No result yet"), Text("请先选定图层并绘制地块。", "Choose layers and draw a site.")
        )

    def clear(self, title: Text, below: Text) -> None:
        """Show that there is no verdict, and why."""
        self.look = ""
        self.symbol.setText("")
        self._say(str(title), str(below), "")
        self._paint("", "")

    def wait(self) -> None:
        """Show that a new verdict is on its way: the one before is no longer valid, and reads so."""
        self.small.setText(str(Text("正在重算…", "Screening again…")))

    def show_site(self, run: RunTold, site: SiteTold) -> None:
        """Show the verdict of a site."""
        from ...processing.report.palette import looks

        look = looks()[site.look]
        self.look = site.look
        self.symbol.setText(look.symbol)
        certain = f" · {Text('确定性', 'certainty')}：{site.certainty}" if str(site.certainty) else ""
        below = f"{COMPLETE[site.completeness]}{certain}"
        if site.project_id and site.project_verdict != site.verdict:
            below += "\n" + _project(site)
        below += "".join(f"\n{line}" for line in (*_days(site), *_reviews(site)))
        self._say(str(site.words), below, f"{Text('基准日', 'as of')} {run.as_of} · {NOTE}")
        self._paint(look.colour, look.fill)

    def _say(self, title: str, below: str, small: str) -> None:
        self.title.setText(title)
        self.below.setText(below)
        self.small.setText(small)
        self.small.setVisible(bool(small))
        self.setAccessibleName("。".join(part for part in (title, below, small) if part))

    def _paint(self, colour: str, fill: str) -> None:
        """Paint ground and text; both come from styles/verdicts.toml, so they read in dark themes too."""
        ground = f"background: {fill}; border-left: 6px solid {colour};" if fill else "border: 1px solid palette(mid);"
        text = f"color: {colour};" if colour else ""
        plain = "border: none; background: transparent;"
        self.setStyleSheet(
            f"#ecoredline_banner {{ {ground} border-radius: 3px; }} #ecoredline_banner QLabel {{ {plain} {text} }}"
        )


def _project(site: SiteTold) -> str:
    from ...processing.engine.words import VERDICT_TEXTS, Verdict

    whole = VERDICT_TEXTS[Verdict(site.project_verdict)]
    return str(Text(f"项目 {site.project_id} 整体：{whole.zh}", f"project {site.project_id} as a whole: {whole.en}"))


def _days(site: SiteTold) -> list[str]:
    """Return the verdicts on the days of acceptance and decision, with the rules that differ."""
    from ...processing.engine.words import VERDICT_TEXTS, Verdict

    names = {"accepted_on": Text("受理日", "accepted on"), "decided_on": Text("审批日", "decided on")}
    lines = []
    for basis, day, verdict, differing in site.days:
        if basis in names:
            differ = f"（{Text('结果不同', 'other outcome')}：{differing}）" if differing else ""
            lines.append(f"{names[basis]} {day}：{VERDICT_TEXTS[Verdict(verdict)]}{differ}")
    return lines


def _reviews(site: SiteTold) -> list[str]:
    """Return the reviews, each beside the computed verdict that stands above."""
    from ...processing.engine.words import VERDICT_TEXTS, Verdict

    head = Text("人工复核意见", "review")
    return [
        f"{head}：{VERDICT_TEXTS[Verdict(one['reviewed_verdict'])]} · {one['who']} {one['when'][:10]} · {one['reason']}"
        for one in site.reviews
    ]

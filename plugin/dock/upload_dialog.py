"""Paste coordinates or open a file: what is in it, in which coordinate system, and what was noticed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QPlainTextEdit,
    QVBoxLayout,
)

from ...layers.errors import EcoRedlineError
from ...layers.progress import Progress
from ...layers.texts import Text
from ...processing.algorithms.site_values import values_of_frame
from .candidate_marks import CandidateMarks
from .controls import accept_button, button, dialog_buttons, named, words

if TYPE_CHECKING:
    from .conduct import Conduct

TITLE_PASTE = Text("粘贴坐标", "Paste coordinates")
TITLE_FILE = Text("打开地块文件", "Open a file of sites")
READ = Text("读取", "Read")
READING = Text("读取地块", "Reading sites")
EXAMPLE = Text(
    "界址点 TXT、坐标表、WKT、GeoJSON 或 KML 文本",
    "boundary point TXT, a table of coordinates, WKT, GeoJSON or KML",
)
CHOOSE_CRS = Text(
    "坐标系不明确，请从可能的坐标系中选择（各自的位置已标在地图上）：",
    "The coordinate system is not clear; choose one (the map shows where each would lie):",
)
CHOOSE_DATASET = Text("文件有多个图层，请选择：", "There are several layers; choose one:")
FOUND = Text("个地块", "sites")
FILES = Text(
    "地块文件 (*.shp *.gpkg *.geojson *.json *.kml *.kmz *.ovkml *.dxf *.csv *.xlsx *.txt *.zip);;所有文件 (*)",
    "Files of sites (*.shp *.gpkg *.geojson *.json *.kml *.kmz *.ovkml *.dxf *.csv *.xlsx *.txt *.zip);;All files (*)",
)


@dataclass(frozen=True)
class Read:
    """What an upload gave, as plain values."""

    rows: tuple[tuple[bytes, dict[str, object]], ...]
    noticed: tuple[Text, ...]
    candidates: tuple[tuple[str, float, str, bytes], ...]
    datasets: tuple[str, ...]


class UploadDialog(QDialog):
    """Reads a text or a file in a task, asks what is not clear, and holds the sites in `rows`.

    Parameters
    ----------
    conduct : Conduct
    path : str or None
        None: a text is pasted. Otherwise a file, which `choose_file` asks for where it is empty.
    """

    def __init__(self, conduct: Conduct, path: str | None) -> None:
        super().__init__(conduct.panel.window())
        self.conduct, self.path = conduct, path
        self.rows: tuple[tuple[bytes, dict[str, object]], ...] = ()
        self.marks = CandidateMarks(conduct.desk.iface.mapCanvas())
        self._over = False
        self.finished.connect(self._end)
        self.setObjectName("ecoredline_upload")
        self.setWindowTitle(str(TITLE_PASTE if path is None else TITLE_FILE))
        self.resize(560, 420)
        layout = QVBoxLayout(self)
        self.text = QPlainTextEdit()
        named(self.text, "pasted", TITLE_PASTE)
        self.text.setPlaceholderText(str(EXAMPLE))
        self.text.setTabChangesFocus(True)
        self.text.setVisible(path is None)
        self.text.textChanged.connect(self._reset)
        self.name = words(path or "", "upload_name")
        self.name.setVisible(path is not None)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.name)
        form = QFormLayout()
        self.datasets, self.crs = QComboBox(), QComboBox()
        named(self.datasets, "dataset", CHOOSE_DATASET)
        named(self.crs, "crs", CHOOSE_CRS)
        self.labels = (words(str(CHOOSE_DATASET)), words(str(CHOOSE_CRS)))
        for label, box in zip(self.labels, (self.datasets, self.crs), strict=True):
            form.addRow(label)
            form.addRow(box)
            box.activated.connect(lambda _index: self.read())
        self.crs.highlighted.connect(lambda index: self.marks.point_out(index - 1))  # before them: please choose
        layout.addLayout(form)
        self.said = words("", "upload_said")
        layout.addWidget(self.said)
        if path is not None:
            layout.addStretch(1)
        self.buttons = dialog_buttons(self, Text("作为地块", "Take as sites"))
        self.buttons.addButton(button("read", READ, self.read), QDialogButtonBox.ButtonRole.ActionRole)
        layout.addWidget(self.buttons)
        self._reset()

    def choose_file(self) -> bool:
        """Ask for the file and read it; False where the user gave none."""
        path, _ = QFileDialog.getOpenFileName(self.conduct.panel, str(TITLE_FILE), "", str(FILES))
        self.path = path
        self.name.setText(path)
        if path:
            self.read()
        return bool(path)

    def read(self) -> None:
        """Read with what has been chosen so far."""
        text, path = self.text.toPlainText(), self.path
        crs, dataset = self.crs.currentData() or None, self.datasets.currentData() or None
        self.said.setText(f"{READING}…")
        accept_button(self.buttons).setEnabled(False)
        self.conduct.works.start(
            READING, lambda progress: _read(text, path, crs, dataset, progress), self._done, self._failed
        )

    def _reset(self) -> None:
        self.rows = ()
        for box in (self.datasets, self.crs):
            box.clear()
        self.marks.clear(back=True)
        self._show_choices()
        self.said.setText("")
        accept_button(self.buttons).setEnabled(False)

    def _show_choices(self) -> None:
        for label, box in zip(self.labels, (self.datasets, self.crs), strict=True):
            label.setVisible(box.count() > 0)
            box.setVisible(box.count() > 0)

    def _end(self, result: int) -> None:
        self._over = True
        self.marks.clear(back=result != QDialog.DialogCode.Accepted)

    def _done(self, read: Read) -> None:
        if self._over:
            return
        self.rows = read.rows
        if len(read.datasets) > 1 and not self.datasets.count():
            self._offer(self.datasets, [(name, name) for name in read.datasets])
        if not read.rows and read.candidates and not self.crs.count():
            rows = enumerate(read.candidates, 1)
            self._offer(self.crs, [(f"{n}  {told}（{score:.0%}）", word) for n, (word, score, told, _) in rows])
            self.marks.show([(word, score, extent) for word, score, _, extent in read.candidates])
            self._make_way()
        self._show_choices()
        lines = [f"{len(read.rows)} {FOUND}", *(str(one) for one in read.noticed[:12])]
        self.said.setText("\n".join(lines))
        accept_button(self.buttons).setEnabled(bool(read.rows))

    def _make_way(self) -> None:
        """Stand over the dock, so that the candidates on the map are in view."""
        frame = self.conduct.panel.window().frameGeometry()
        self.move(max(frame.left(), frame.right() - self.width()), frame.center().y() - self.height() // 2)

    def _offer(self, box: QComboBox, rows: list[tuple[str, str]]) -> None:
        box.addItem(str(Text("请选择…", "Choose…")), "")
        for shown, word in rows:
            box.addItem(shown, word)

    def _failed(self, error: EcoRedlineError) -> None:
        self.said.setText(str(error))


def _read(text: str, path: str | None, crs: str | None, dataset: str | None, progress: Progress) -> Read:
    from ...layers import sites

    if path is None:
        intake = sites.read_text(text, crs, progress=progress)
    else:
        intake = sites.read(path, crs, dataset, progress=progress)
    told = [Text(str(zh), str(en)) for zh, en in zip(intake.diagnosis["zh"], intake.diagnosis["en"], strict=True)]
    found = intake.candidates
    reasons = (Text(zh, en) for zh, en in zip(found["reasons"], found["reasons_en"], strict=True))
    return Read(
        values_of_frame(intake.sites) if len(intake.sites) else (),
        tuple(dict.fromkeys(told)),
        tuple(zip(found["crs"], found["score"], map(str, reasons), found.geometry.to_wkb(), strict=True)),
        tuple(map(str, intake.datasets["dataset"])),
    )

"""The page of options: what holds for all projects."""

from __future__ import annotations

from pathlib import Path

from qgis.gui import QgsFileWidget, QgsOptionsPageWidget
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QFormLayout, QLabel, QWidget

from ...layers import profile
from ...layers.errors import EcoRedlineError
from ...layers.layerset import load
from ...layers.texts import Text
from ...processing.engine.kernel import library
from .. import settings
from ..file_field import name_controls

UNITS = {
    "m2": Text("平方米（m²）", "square metres (m²)"),
    "ha": Text("公顷", "hectares (公顷)"),
    "mu": Text("亩", "mu (亩)"),
}
OTHER = "\x00file"
SMALL = 0.9
TOML = Text("TOML 文件 (*.toml)", "TOML files (*.toml)")

LAYER_SET = Text("默认图层配置", "Default layer set")
PROFILE = Text("核查清单", "Check profile")
PROFILE_FILE = Text("核查清单文件", "File of the check profile")
PACKS = Text("规则包文件夹", "Folder of rule packs")
ACCURACY = Text("手绘地块精度", "Accuracy of drawn sites")
AREAS = Text("面积单位", "Unit of areas")
OUTPUT = Text("成果文件夹", "Folder for results")
LOOPS = Text("加速库", "Compiled loops")
SECRECY = Text("文书和附图默认按涉密要求隐去受控数据", "Papers and maps hide controlled data by default")

LAYER_SET_HINT = Text("工程自己选定的图层配置优先于此。", "A layer set chosen in the project goes before this one.")
PACKS_HINT = Text("留空使用随附的规则包。", "Left empty, the packs shipped are used.")
ACCURACY_HINT = Text(
    "手绘或粘贴的地块按此精度判定临界；勘测定界成果填 0。",
    "Drawn or pasted sites are judged with this accuracy; 0 for surveyed ones.",
)
LOOPS_USED = Text("使用中", "In use")
LOOPS_MISSING = Text(
    "未安装：结果相同，批量筛查较慢。安装方法见 README。",
    "Not installed: results are the same, many sites take longer. README says how to add them.",
)
SECRECY_HINT = Text(
    "受控图层只列是否触及、面积和单元编码；文书不附图，附图不标坐标。",
    "Of controlled layers only touch, area and unit code are told; papers bear no maps, maps no coordinates.",
)


class OptionsPage(QgsOptionsPageWidget):
    """Shows the settings, and writes them when the dialog is accepted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ecoredline_options")
        self.layer_set = _file(LAYER_SET, QgsFileWidget.StorageMode.GetFile, str(TOML))
        self.profile = QComboBox()
        self.profile_file = _file(PROFILE_FILE, QgsFileWidget.StorageMode.GetFile, str(TOML))
        self.packs = _file(PACKS, QgsFileWidget.StorageMode.GetDirectory)
        self.accuracy = QDoubleSpinBox()
        self.units = QComboBox()
        self.output = _file(OUTPUT, QgsFileWidget.StorageMode.GetDirectory)
        self.secrecy = QCheckBox(str(SECRECY))
        self.loops = QLabel(str(LOOPS_USED if library.kernel() else LOOPS_MISSING))
        self.problem = QLabel()
        self._arrange()
        self._fill(settings.read())
        self.profile.currentIndexChanged.connect(self._follow_profile)
        self.layer_set.fileChanged.connect(self._check)
        self.profile_file.fileChanged.connect(self._check)
        self.packs.fileChanged.connect(self._check)
        self._follow_profile()

    def apply(self) -> None:
        """Write what is shown; QGIS calls this when the dialog is accepted."""
        settings.write(self.shown())

    def shown(self) -> settings.Settings:
        """Return the settings as they stand on the page."""
        chosen = self.profile.currentData()
        return settings.Settings(
            layer_set=self.layer_set.filePath(),
            profile=self.profile_file.filePath() if chosen == OTHER else chosen,
            packs=self.packs.filePath(),
            accuracy_m=self.accuracy.value(),
            units=self.units.currentData(),
            output=self.output.filePath(),
            secrecy=self.secrecy.isChecked(),
        )

    def _arrange(self) -> None:
        form = QFormLayout(self)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.accuracy.setRange(0.0, 1000.0)
        self.accuracy.setDecimals(2)
        self.accuracy.setSuffix(" m")
        self.problem.setWordWrap(True)
        self.problem.setObjectName("ecoredline_options_problem")
        self.problem.setAccessibleName(str(Text("提示", "Remark")))
        _row(form, LAYER_SET, self.layer_set, LAYER_SET_HINT)
        _row(form, PROFILE, self.profile)
        _row(form, PROFILE_FILE, self.profile_file)
        _row(form, PACKS, self.packs, PACKS_HINT)
        _row(form, ACCURACY, self.accuracy, ACCURACY_HINT)
        _row(form, AREAS, self.units)
        _row(form, OUTPUT, self.output)
        self.secrecy.setAccessibleName(str(SECRECY))
        self.secrecy.setToolTip(str(SECRECY_HINT))
        form.addRow(self.secrecy)
        form.addRow(_hint(SECRECY_HINT))
        self.loops.setWordWrap(True)
        _row(form, LOOPS, self.loops)
        form.addRow(self.problem)

    def _fill(self, stored: settings.Settings) -> None:
        self.profile.addItem(str(Text("按图层配置", "As the layer set says")), "")
        for path in sorted(profile.FOLDER.glob("*.toml")):
            self.profile.addItem(str(profile.load_profile(path.stem).name), path.stem)
        self.profile.addItem(str(Text("其他文件…", "Another file…")), OTHER)
        place = self.profile.findData(stored.profile)
        self.profile.setCurrentIndex(place if place >= 0 else self.profile.findData(OTHER))
        for unit, name in UNITS.items():
            self.units.addItem(str(name), unit)
        self.units.setCurrentIndex(self.units.findData(stored.units))
        self.layer_set.setFilePath(stored.layer_set)
        self.profile_file.setFilePath("" if place >= 0 else stored.profile)
        self.packs.setFilePath(stored.packs)
        self.accuracy.setValue(stored.accuracy_m)
        self.output.setFilePath(stored.output)
        self.secrecy.setChecked(stored.secrecy)

    def _follow_profile(self, *_: object) -> None:
        """Ask for a file only where the profile is one."""
        form = self.layout()
        other = self.profile.currentData() == OTHER
        self.profile_file.setVisible(other)
        form.labelForField(self.profile_file).setVisible(other)
        self._check()

    def _check(self, *_: object) -> None:
        """Say at once what is wrong with a file that was chosen."""
        shown = self.shown()
        try:
            if shown.layer_set:
                load(Path(shown.layer_set))
            if shown.profile:
                profile.load_profile(shown.profile)
            if shown.packs:
                from ...processing.rules.bureau import pack_set

                pack_set(shown.packs)
        except EcoRedlineError as error:
            self.problem.setText(f"⚠ {error}")
            return
        self.problem.setText("")


def _file(name: Text, mode: QgsFileWidget.StorageMode, kinds: str = "") -> QgsFileWidget:
    """Return a line for a file or folder, each of its controls named."""
    widget = QgsFileWidget()
    widget.setStorageMode(mode)
    widget.setFilter(kinds)
    name_controls(widget, name)
    return widget


def _row(form: QFormLayout, name: Text, field: QWidget, hint: Text | None = None) -> None:
    label = QLabel(str(name))
    label.setBuddy(field)
    field.setAccessibleName(str(name))
    form.addRow(label, field)
    if hint is not None:
        field.setToolTip(str(hint))
        form.addRow("", _hint(hint))


def _hint(text: Text) -> QLabel:
    label = QLabel(str(text))
    label.setWordWrap(True)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * SMALL)
    label.setFont(font)
    return label

"""Which source plays a role: a layer of the QGIS project or a file, its vintage, accuracy, authority and fields."""

from __future__ import annotations

from datetime import date

from qgis.core import Qgis, QgsProject, QgsProviderRegistry, QgsVectorLayer
from qgis.gui import QgsDateEdit, QgsFileWidget
from qgis.PyQt.QtCore import QDate
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QGroupBox,
    QVBoxLayout,
    QWidget,
)

from ...layers.role import role
from ...layers.role_guess import guess
from ...layers.sources import ASSUMED_ACCURACY_M, LayerSource
from ...layers.texts import Text
from ..file_field import name_controls
from ..site_layers import KINDS, PROPERTY
from .controls import accept_button, dialog_buttons, named, words
from .role_states import AUTHORITIES

AUTO = Text("按别名自动识别", "recognised by alias")
NOT_GIVEN = Text("未注明", "not given")
NO_FILE = Text(
    "该图层不是文件（或有未保存的编辑、筛选），请先导出为 GeoPackage。",
    "This layer is no plain file, or has open edits or a filter; export it to a GeoPackage first.",
)
FILE = Text("文件…", "File…")


def project_layers() -> list[QgsVectorLayer]:
    """Return the vector layers of the project that may play a role: all but the sites and results of the plugin."""
    layers = [layer for layer in QgsProject.instance().mapLayers().values() if isinstance(layer, QgsVectorLayer)]
    kept = [layer for layer in layers if layer.isSpatial() and not layer.customProperty(PROPERTY)]
    return sorted(kept, key=lambda layer: layer.name())


def place_of(layer: QgsVectorLayer) -> tuple[str, str | None] | None:
    """Return file and layer of a plain file, else None."""
    if layer.providerType() != "ogr" or layer.isEditable() or layer.subsetString():
        return None
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    return (parts["path"], parts.get("layerName") or None) if parts.get("path") else None


class RoleDialog(QDialog):
    """The form of one role."""

    def __init__(self, role_id: str, before: LayerSource | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.role, self.before = role(role_id), before
        self.setObjectName("ecoredline_role_dialog")
        self.setWindowTitle(str(self.role.name))
        self.setMinimumWidth(480)
        layout, form = QVBoxLayout(self), QFormLayout()
        self.layers, self.file, self.sub = QComboBox(), QgsFileWidget(), QComboBox()
        self.vintage, self.valid_to = _day_field(), _day_field()
        self.accuracy, self.authority = QDoubleSpinBox(), QComboBox()
        self.accuracy.setRange(0.0, 10_000.0)
        self.accuracy.setDecimals(1)
        self.accuracy.setSuffix(" m")
        self.accuracy.setSpecialValueText(f"{NOT_GIVEN}（{ASSUMED_ACCURACY_M:g} m）")
        for key, text in AUTHORITIES.items():
            self.authority.addItem(str(text), key)
        self.authority.setCurrentIndex(1)
        self.more = QCheckBox(str(Text("保留已有来源，增加这一个", "Keep the sources there are and add this one")))
        rows = (
            (Text("图层", "Layer"), self.layers, "role_layer"),
            (Text("文件", "File"), self.file, "role_file"),
            (Text("文件中的图层", "Layer in the file"), self.sub, "role_sub"),
            (Text("数据时点", "Vintage"), self.vintage, "role_vintage"),
            (Text("有效期至", "Valid to"), self.valid_to, "role_valid_to"),
            (Text("精度", "Accuracy"), self.accuracy, "role_accuracy"),
            (Text("数据性质", "Authority"), self.authority, "role_authority"),
        )
        for label, field, name in rows:
            named(field, name, label)
            form.addRow(str(label), field)
        name_controls(self.file, Text("文件", "File"))
        layout.addLayout(form)
        self.fields_box = QGroupBox(str(Text("字段", "Fields")))
        self.fields = QFormLayout(self.fields_box)
        self.combos: dict[str, QComboBox] = {}
        layout.addWidget(self.fields_box)
        self.more.setVisible(before is not None)
        layout.addWidget(self.more)
        self.said = words("", "role_said")
        layout.addWidget(self.said)
        self.buttons = dialog_buttons(self, Text("采用", "Take"))
        layout.addWidget(self.buttons)
        self._offer_layers()
        self._fill(before)
        self.layers.currentIndexChanged.connect(self._source_changed)
        self.file.fileChanged.connect(self._file_changed)
        self.sub.currentIndexChanged.connect(self._columns_changed)
        self._source_changed()

    def _offer_layers(self) -> None:
        """Offer the layers of the project, those that look like the role first, then a file."""
        found = []
        for layer in project_layers():
            kind = KINDS.get(layer.geometryType(), "")
            guessed = guess(layer.name(), layer.fields().names(), kind)
            score = next((one.score for one in guessed if one.role == self.role.id), 0.0)
            if kind in self.role.geometry:
                found.append((-score, layer.name(), layer.id()))
        for score, name, id_ in sorted(found):
            mark = f" ← {Text('疑似', 'likely')}" if score < 0 else ""
            self.layers.addItem(f"{name}{mark}", id_)
        self.layers.addItem(str(FILE), "")

    def _fill(self, before: LayerSource | None) -> None:
        if before is None:
            return
        self.layers.setCurrentIndex(self.layers.count() - 1)
        self.file.setFilePath(before.source)
        self._offer_sub(before.layer)
        _set_day(self.vintage, before.vintage)
        _set_day(self.valid_to, before.valid_to)
        self.accuracy.setValue(0.0 if before.accuracy_assumed else before.accuracy_m)
        self.authority.setCurrentIndex(self.authority.findData(before.authority))

    def _source_changed(self, *_: object) -> None:
        by_file = not self.layers.currentData()
        self.file.setEnabled(by_file)
        self.sub.setEnabled(by_file)
        self._columns_changed()

    def _file_changed(self, *_: object) -> None:
        self._offer_sub(None)
        self._columns_changed()

    def _offer_sub(self, chosen: str | None) -> None:
        self.sub.clear()
        for each in QgsProviderRegistry.instance().querySublayers(self.file.filePath()):
            if each.type() == Qgis.LayerType.Vector:
                self.sub.addItem(each.name(), each.uri())
        if chosen:
            self.sub.setCurrentIndex(max(self.sub.findText(chosen), 0))

    def _layer(self) -> QgsVectorLayer | None:
        if id_ := self.layers.currentData():
            return QgsProject.instance().mapLayer(id_)
        uri = self.sub.currentData()
        layer = QgsVectorLayer(uri, "source", "ogr") if uri else None
        return layer if layer is not None and layer.isValid() else None

    def _columns_changed(self, *_: object) -> None:
        layer = self._layer()
        while self.fields.rowCount():
            self.fields.removeRow(0)
        self.combos.clear()
        columns = layer.fields().names() if layer is not None else []
        for name, spec in self.role.fields.items():
            combo = QComboBox()
            combo.addItem(str(AUTO), "")
            for column in columns:
                combo.addItem(column, column)
            if self.before is not None:
                combo.setCurrentIndex(max(combo.findData(self.before.fields.get(name, "")), 0))
            must = " *" if spec.required else ""
            named(combo, f"role_field_{name}", Text(f"字段 {spec.title}", f"field {name}"))
            self.fields.addRow(f"{spec.title}（{name}）{must}", combo)
            self.combos[name] = combo
        usable = layer is not None and place_of(layer) is not None
        accept_button(self.buttons).setEnabled(usable)
        self.said.setText("" if usable or layer is None else str(NO_FILE))
        self.fields_box.setVisible(bool(self.combos))

    def source(self) -> LayerSource:
        """Return what was chosen."""
        place = place_of(self._layer())
        accuracy = self.accuracy.value()
        same = self.before is not None and place is not None and self.before.source == place[0]
        return LayerSource(
            self.role.id,
            place[0],
            place[1],
            vintage=_day(self.vintage),
            valid_to=_day(self.valid_to),
            accuracy_m=accuracy or ASSUMED_ACCURACY_M,
            authority=str(self.authority.currentData()),
            fields={name: str(combo.currentData()) for name, combo in self.combos.items() if combo.currentData()},
            values=self.before.values if same else {},
            accuracy_assumed=accuracy == 0,
        )


def _day_field() -> QgsDateEdit:
    edit = QgsDateEdit()
    edit.setAllowNull(True)
    edit.setNullRepresentation(str(NOT_GIVEN))
    edit.setDisplayFormat("yyyy-MM-dd")
    edit.clear()
    return edit


def _set_day(edit: QgsDateEdit, day: date | None) -> None:
    if day is not None:
        edit.setDate(QDate(day.year, day.month, day.day))


def _day(edit: QgsDateEdit) -> date | None:
    return None if edit.isNull() or not edit.date().isValid() else edit.date().toPyDate()

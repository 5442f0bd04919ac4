"""What step 1 does: make the sample, look at sources, put layers on the map, give roles their sources."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qgis.PyQt.QtWidgets import QDialog

from ...layers.errors import EcoRedlineError
from ...layers.progress import Progress
from ...layers.sources import Absence, LayerSet, LayerSource
from ...layers.texts import Text
from ..layer_tree import show_layer_set
from ..runs import home
from .absent_dialog import AbsentDialog
from .guess_dialog import GuessDialog
from .panel import LAYERS, SITE
from .role_dialog import RoleDialog
from .told import RunTold

if TYPE_CHECKING:
    from ...layers.sample.make import SampleDistrict
    from .conduct import Conduct

MAKE_SAMPLE = Text("生成虚构示范区", "Making the invented district")
NEW = Text("新图层配置", "New layer set")
CHECK = Text("核对图层", "Looking at the layers")


class LayerWork:
    """Acts on the layer set of the workspace."""

    def __init__(self, conduct: Conduct) -> None:
        self.conduct = conduct
        step = conduct.panel.layers
        step.sample_wanted.connect(self.try_sample)
        step.show_wanted.connect(self.show_on_map)
        step.guess_wanted.connect(self.recognise)
        step.choose_wanted.connect(self.choose_source)
        step.absent_wanted.connect(self.confirm_absent)
        step.not_held_wanted.connect(self.drop)
        conduct.workspace.layers_changed.connect(self.check)

    def try_sample(self) -> None:
        """Make the invented district in the user's folder, load its layer set and its layers."""
        folder = home() / "sample"

        def made(sample: SampleDistrict) -> None:
            if self.conduct.workspace.open_layer_set(sample.layer_set):
                self.show_on_map()
                self.conduct.panel.go(SITE)

        self.conduct.works.start(MAKE_SAMPLE, lambda progress: _sample(folder, progress), made)

    def show_on_map(self) -> None:
        """Add the layers of the layer set to the map, below what stands there, in the styles of the product."""
        layer_set = self.conduct.workspace.layer_set
        if layer_set is not None:
            missing = show_layer_set(self.conduct.desk.iface, layer_set)
            if missing:
                listed = "、".join(missing)
                self.conduct.desk.messages.show(
                    Text("有图层未能加到地图上", "Some layers could not be put on the map"),
                    Text(f"无法打开：{listed}", f"Cannot be opened: {listed}"),
                    Text("请在“图层”中核对来源。", "Check their sources under “Layers”."),
                )

    def check(self) -> None:
        """Look at every source without reading it, and mark those that cannot be used."""
        layer_set = self.conduct.workspace.layer_set
        if layer_set is None:
            self.conduct.panel.layers.checked = {}
            return
        self.conduct.works.start(
            CHECK, lambda progress: _look(layer_set, progress), self._checked, self._not_checked, quiet=True
        )

    def _checked(self, trouble: dict[str, Text]) -> None:
        step = self.conduct.panel.layers
        if step.checked != trouble:
            step.checked = trouble
            step.refresh()

    def _not_checked(self, error: EcoRedlineError) -> None:
        self.conduct.desk.messages.error(error)

    def choose(self, role_id: str) -> None:
        """Lead to the choice of a layer for a role."""
        self.conduct.panel.go(LAYERS)
        self.conduct.panel.layers.choose_role(role_id)
        self.choose_source(role_id)

    def _set(self) -> LayerSet:
        return self.conduct.workspace.layer_set or LayerSet(str(NEW))

    def choose_source(self, role_id: str) -> None:
        """Ask which source plays a role."""
        layer_set = self._set()
        before = layer_set.of(role_id)
        dialog = RoleDialog(role_id, before[0] if before else None, self.conduct.panel.window())
        if dialog.exec() == QDialog.DialogCode.Accepted:
            kept = before if dialog.more.isChecked() else ()
            self._put(role_id, (*kept, dialog.source()), None)

    def confirm_absent(self, role_id: str) -> None:
        """Ask who confirms that the district has nothing of a role."""
        dialog = AbsentDialog(role_id, self._set().absence(role_id), self.conduct.panel.window())
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._put(role_id, (), dialog.absence())

    def drop(self, role_id: str) -> None:
        """Say that no data of a role is held."""
        self._put(role_id, (), Absence(role_id, "not_held"))

    def recognise(self) -> None:
        """Show which layers of the project look like roles, and take those that a person ticks."""
        dialog = GuessDialog(self.conduct.panel.window())
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        layer_set = self._set()
        for source in dialog.sources():
            others = [one for one in layer_set.sources if one.label != source.label or one.role != source.role]
            absences = tuple(one for one in layer_set.absences if one.role != source.role)
            layer_set = replace(layer_set, sources=(*others, source), absences=absences)
        self.conduct.workspace.change_layer_set(layer_set)

    def _put(self, role_id: str, sources: tuple[LayerSource, ...], absence: Absence | None) -> None:
        layer_set = self._set()
        kept = tuple(source for source in layer_set.sources if source.role != role_id)
        absences = tuple(one for one in layer_set.absences if one.role != role_id)
        changed = replace(
            layer_set, sources=(*kept, *sources), absences=(*absences, absence) if absence is not None else absences
        )
        self.conduct.workspace.change_layer_set(changed)

    def show_rules(self, run: RunTold) -> None:
        """Tell the table which rules each role serves."""
        by_role: dict[str, list[str]] = {}
        for rule in run.rules.values():
            by_role.setdefault(rule.layer, []).append(rule.id)
        self.conduct.panel.layers.rules_of = {name: tuple(ids) for name, ids in by_role.items()}


def _sample(folder: object, progress: Progress) -> SampleDistrict:
    from ...layers.sample.make import make

    return make(folder, progress=progress)


def _look(layer_set: LayerSet, progress: Progress) -> dict[str, Text]:
    from ...layers.looking import look_at

    trouble: dict[str, Text] = {}
    for n, source in enumerate(layer_set.sources):
        progress.step(n / len(layer_set.sources))
        error = look_at(source)
        if error is not None:
            trouble[source.role] = error.message
    return trouble

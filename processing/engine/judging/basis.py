"""What a run rests on: layers made ready, law, profile, answers and the day."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from ....layers.errors import RulePackError
from ....layers.layerset import LayerSet, load
from ....layers.profile import CheckProfile, load_profile
from ....layers.progress import Progress
from ....layers.reading import read_access_list, read_layer
from ....layers.role import Role, role
from ....layers.sources import LayerSource
from ....layers.texts import Text
from ...rules.bureau import pack_set
from ...rules.model import Pack, Rule
from ..memory import give_back
from ..prepared.layer import PreparedLayer, prepare
from ..prepared.reach import Box
from ..prepared.shelf import Shelf
from ..prepared.whereabouts import Sought, Whereabouts
from ..prepared.whole import Used
from ..threads import in_order
from ..words import RoleState
from .access_book import AccessBook
from .answers import AnswerBook
from .law import Law

EVERYWHERE = -180.0, -90.0, 180.0, 90.0

Made = TypeVar("Made")


@dataclass(frozen=True)
class Basis:
    """Everything that the verdicts of one run depend on, besides the sites."""

    layer_set: LayerSet
    profile: CheckProfile
    law: Law
    layers: tuple[PreparedLayer, ...]
    access: AccessBook
    answers: AnswerBook
    as_of: date
    strict: bool
    box: Box | None = None
    kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What `once` made; bases that differ in answers, strictness and box alone may share it."""

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """Return what depends on layer set, profile, law, layers, access list and day alone, made when first asked."""
        if name not in self.kept:
            self.kept[name] = make()
        made: Made = self.kept[name]
        return made

    @cached_property
    def used(self) -> tuple[Used, ...]:
        """The features of each layer that the run rests on: those near the box of all its sites."""
        return tuple(layer.used(self.box) for layer in self.layers)

    @property
    def packs(self) -> tuple[Pack, ...]:
        """The packs."""
        return self.law.packs

    @property
    def rules(self) -> tuple[tuple[Rule, Pack], ...]:
        """Every rule of every pack, in the order in which outcomes are held."""
        return self.law.rules

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        """Every role that is loaded, in the profile, or asked for by a rule."""
        ids = [layer.data.role.id for layer in self.layers]
        ids += [*self.profile.required, *self.profile.optional, *self.law.roles]
        return tuple(role(id_) for id_ in dict.fromkeys(ids))

    @property
    def judged_roles(self) -> tuple[str, ...]:
        """Roles that at least one rule speaks of."""
        return self.law.roles

    def of(self, role_id: str) -> tuple[PreparedLayer, ...]:
        """Return the layers of a role."""
        return tuple(layer for layer in self.layers if layer.data.role.id == role_id)

    def state(self, role_id: str) -> RoleState:
        """Return whether a role can be checked on the day of the run."""
        return self.once(f"state of {role_id}", lambda: self._state(role_id))

    def _state(self, role_id: str) -> RoleState:
        if self.of(role_id):
            return RoleState.LOADED
        absence = self.layer_set.absence(role_id)
        if absence is None or absence.state != RoleState.ABSENT_CONFIRMED:
            return RoleState.NOT_HELD
        last = absence.valid_to or (absence.day + timedelta(days=366) if absence.day else self.as_of)
        expired = self.as_of > last
        return RoleState.NOT_HELD if expired else RoleState.ABSENT_CONFIRMED

    def required(self, role_id: str) -> bool:
        """Return whether the profile requires a role."""
        return role_id in self.profile.required

    def asked_m(self, role_id: str) -> float:
        """Return the greatest distance that a rule, or the role itself, asks of a role."""
        return _asked_m(self.law, role_id)


def load_basis(
    layer_set: LayerSet | str | Path,
    packs: tuple[Pack, ...] | str | Path | None,
    profile: CheckProfile | str | Path | None,
    answers: pd.DataFrame | None,
    as_of: date | None,
    strict: bool,
    box: Box | None,
    progress: Progress,
    prepared: str | Path | None = None,
    where: Whereabouts | None = None,
) -> Basis:
    """Read and prepare what a run rests on.

    Parameters
    ----------
    packs : tuple of Pack, folder or None
        None takes the packs shipped.
    box : tuple or None
        West, south, east, north in EPSG:4490 degrees: only features near it are made ready.
    prepared : path, optional
        Folder to keep prepared layers in.
    where : Whereabouts, optional
        Where the sites lie: the layers are cut there alone, and made ready again for whoever is elsewhere.

    Raises
    ------
    LayerSetError, SourceError, RulePackError, PreparedFolderError
        Something is wrong; the error names it and the remedy.
    """
    loaded = load_set(layer_set)
    rules = load_law(packs)
    shelf = None if prepared is None else Shelf(prepared)

    def seek(role_id: str) -> Sought | None:
        return Sought.of(where, _asked_m(rules, role_id))

    layers, units = _layers(loaded.sources, shelf, box, seek, progress)
    access = access_of(loaded, units)
    chosen = profile if isinstance(profile, CheckProfile) else load_profile(profile or loaded.profile)
    day = as_of or date.today()
    return Basis(loaded, chosen, rules, tuple(layers), access, AnswerBook(answers), day, strict, box)


def _asked_m(law: Law, role_id: str) -> float:
    return max(role(role_id).reach_m, law.limit_m(role_id))


def _layers(
    sources: tuple[LayerSource, ...],
    shelf: Shelf | None,
    box: Box | None,
    seek: Callable[[str], Sought | None],
    progress: Progress,
) -> tuple[list[PreparedLayer], list[pd.DataFrame]]:
    """Read and prepare the sources, several at a time, and return them with the fields of all control units."""
    # Who waits is told by this thread alone; the others only ask whether to stop.
    quiet = Progress(cancelled=progress.cancelled)

    def made(source: LayerSource) -> tuple[PreparedLayer, pd.DataFrame | None]:
        is_unit, sought = source.role == "control_unit", seek(source.role)
        if shelf is not None:
            kept = shelf.layer(source, quiet)
            return kept.once(box or EVERYWHERE, sought), kept.attributes if is_unit else None
        # All of it: a feature without geometry lies in no box, and would be lost in silence.
        data = read_layer(source, None, quiet)
        return prepare(data, box, sought), data.features.table() if is_unit else None

    layers: list[PreparedLayer] = []
    units: list[pd.DataFrame] = []
    give_back()  # each thread has a heap of its own: what an earlier run freed in one does not serve another
    with closing(in_order(made, sources)) as results:
        for n, source in enumerate(sources):
            name = role(source.role).name
            progress.step(n / len(sources), Text(f"读取图层：{name.zh}", f"Reading layer: {name.en}"))
            layer, table = next(results)
            progress.step((n + 1) / len(sources))
            give_back()
            layers.append(layer)
            units += [] if table is None else [table]
    return layers, units


def load_set(layer_set: LayerSet | str | Path) -> LayerSet:
    """Return a layer set that may be given as a file."""
    return layer_set if isinstance(layer_set, LayerSet) else load(Path(layer_set))


def load_law(packs: tuple[Pack, ...] | str | Path | None) -> Law:
    """Return the law of packs that may be given as a folder; None takes those shipped.

    Raises
    ------
    RulePackError
        A pack is wrong, or two share a rule id.
    """
    law = packs if isinstance(packs, tuple) else pack_set(packs).packs
    _refuse_shared_ids(law)
    return Law(law)


def access_of(layer_set: LayerSet, units: list[pd.DataFrame]) -> AccessBook:
    """Return the access list of all features of the control units, whatever the box of the run."""
    return AccessBook(read_access_list(layer_set, pd.concat(units) if units else pd.DataFrame()))


def _refuse_shared_ids(packs: tuple[Pack, ...]) -> None:
    ids = [rule.id for pack in packs for rule in pack.rules]
    shared = sorted({id_ for id_ in ids if ids.count(id_) > 1})
    if shared:
        listed = "、".join(shared)
        raise RulePackError(
            Text(f"规则编号重复：{listed}", f"Rule ids are used twice: {listed}"),
            remedy=Text("每条规则的编号在所有规则包中唯一，请加后缀。", "An id is unique; append a suffix."),
        )
